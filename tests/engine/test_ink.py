"""Digits in photos: what a phone, a scanner or a screen makes of strokes that the rasteriser draws as well.

`python tests/engine/test_ink.py 40` prints how many of 40 photos a condition the starter network reads, beside how many
of the same strokes as the rasteriser draws them: the most that the best cut can give.
"""

import io
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from resnet_gui.core.errors import PictureError
from resnet_gui.core.handwriting import write
from resnet_gui.core.library import Library
from resnet_gui.core.strokes import to_image
from resnet_gui.engine.pictures import cut_out
from resnet_gui.engine.prediction import load_reader


@dataclass(frozen=True)
class Scene:
    """How a photo is taken. Lengths are shares of the picture's height, shades and colours go from 0 to 1."""

    size: tuple[int, int] = (480, 640)  # width, height in pixels
    digit: tuple[float, float] = (0.3, 0.6)  # height, from and to
    pen: tuple[float, float] = (0.06, 0.14)  # width as a share of the digit's height
    ink: tuple[tuple[float, float, float], ...] = ((0.15, 0.15, 0.17),)  # one of these
    paper: tuple[float, float, float] = (0.9, 0.9, 0.88)
    tilt: float = 4.0  # degrees, most
    perspective: float = 0.0  # how far the corners of the paper move
    table: tuple[tuple[float, float, float], ...] = ()  # one of these is around the paper
    margin: float = 0.1  # of the table around the paper
    grain: float = 0.0  # of the table
    lines: tuple[float, float] | None = None  # distance and how faint the ruled lines are (1: as the paper)
    squared: bool = False
    light: float = 0.0  # how much darker the darkest corner is
    shadow: float = 0.0  # how much darker the shadow of a hand is
    blur: float = 0.0  # pixels
    noise: float = 0.0
    quality: int | None = None  # of JPEG
    specks: int = 0


PHONE = Scene(
    size=(900, 1200),
    digit=(0.15, 0.5),
    perspective=0.03,
    light=0.4,
    blur=1.0,
    noise=0.02,
    quality=75,
    ink=((0.12, 0.12, 0.14), (0.1, 0.15, 0.5)),
)

SCENES = {
    "scan": Scene(),
    "thin pen": Scene(pen=(0.015, 0.03)),
    "thick marker": Scene(pen=(0.15, 0.25), digit=(0.4, 0.8)),
    "small": Scene(size=(900, 1200), digit=(0.05, 0.09), pen=(0.06, 0.12)),
    "colours": Scene(ink=((0.8, 0.1, 0.1), (0.1, 0.2, 0.7), (0.1, 0.5, 0.2), (0.9, 0.5, 0.1), (0.55, 0.55, 0.55))),
    "light colours": Scene(ink=((0.95, 0.85, 0.1), (0.5, 0.85, 0.95), (1.0, 0.7, 0.75)), quality=85),
    "dark theme": Scene(paper=(0.12, 0.12, 0.14), ink=((0.9, 0.9, 0.9), (0.4, 0.7, 1.0)), tilt=0),
    "blackboard": Scene(paper=(0.15, 0.25, 0.2), ink=((0.8, 0.8, 0.8),), light=0.5, noise=0.03, quality=70),
    "uneven light": Scene(light=0.6, noise=0.01),
    "shadow edge": Scene(shadow=0.5, light=0.2, noise=0.01),
    "noise": Scene(noise=0.08, quality=60),
    "blurred": Scene(blur=4.0, pen=(0.08, 0.14)),
    "JPEG": Scene(quality=15),
    "ruled": Scene(lines=(0.06, 0.8)),
    "squared": Scene(lines=(0.035, 0.75), squared=True, noise=0.02, quality=80),
    "perspective": Scene(perspective=0.08, tilt=8),
    "dark table": Scene(perspective=0.05, table=((0.2, 0.15, 0.1), (0.05, 0.05, 0.05)), grain=0.02, digit=(0.2, 0.4)),
    "light table": Scene(perspective=0.05, table=((0.75, 0.6, 0.45), (0.6, 0.6, 0.62)), grain=0.03, digit=(0.2, 0.4)),
    "sticky note": Scene(
        perspective=0.03,
        table=((0.3, 0.2, 0.15), (0.1, 0.1, 0.1), (0.7, 0.7, 0.7)),
        margin=0.3,
        grain=0.02,
        paper=(0.95, 0.9, 0.5),
        digit=(0.3, 0.6),
    ),
    "specks": Scene(specks=25),
    "phone": PHONE,
    "phone, shadow": replace(PHONE, shadow=0.45),
    "phone, table": replace(
        PHONE, table=((0.45, 0.3, 0.2), (0.2, 0.2, 0.22)), grain=0.04, digit=(0.15, 0.4), shadow=0.2
    ),
    "phone, squared": replace(PHONE, lines=(0.04, 0.75), squared=True, shadow=0.3),
    "phone, ball pen": replace(PHONE, pen=(0.03, 0.06), digit=(0.08, 0.2)),
}


def drawn(strokes, size, height, pen, rng, tilt):
    """Coverage of ink, float (height, width) from 0 to 1, with the digit somewhere in a picture of `size`."""
    turn = np.deg2rad(rng.uniform(-tilt, tilt))
    turned = [stroke @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) for stroke in strokes]
    points = np.concatenate(turned)
    low, high = points.min(axis=0), points.max(axis=0)
    height = min(height, 0.75 * size[0])
    scale = 2 * height / max(high - low)  # drawn twice as large: ImageDraw has no anti-aliasing
    width = max(2, round(2 * height * pen))
    room = 2 * np.array(size) - (high - low) * scale - 2 * width
    place = width + room * rng.uniform(0.2, 0.8, 2)
    mask = Image.new("L", (2 * size[0], 2 * size[1]), 0)
    draw = ImageDraw.Draw(mask)
    for stroke in turned:
        xy = [tuple(point) for point in (stroke - low) * scale + place]
        draw.line(xy, fill=255, width=width, joint="curve")
        for x, y in (xy[0], xy[-1]):
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    return np.asarray(mask.reduce(2), np.float64) / 255


def take(scene, strokes, rng):
    """A photo of `strokes` as a picture file's bytes: PNG, or JPEG where the scene has a quality."""
    width, height = scene.size
    pen = rng.uniform(*scene.pen)
    ink = drawn(strokes, scene.size, height * rng.uniform(*scene.digit), pen, rng, scene.tilt)
    page = np.ones((height, width, 3)) * scene.paper
    rows, columns = np.mgrid[0:height, 0:width]
    if scene.lines:
        distance, faint = scene.lines
        step, thick = round(distance * height), max(1, height // 500)
        for places in (rows, columns) if scene.squared else (rows,):
            page[(places + step // 2) % step < thick] *= np.array([faint, (1 + 2 * faint) / 3, (1 + 3 * faint) / 4])
    for _ in range(scene.specks):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.5, 3)
        page[(columns - x) ** 2 + (rows - y) ** 2 < r * r] *= 0.3
    color = np.array(scene.ink[rng.integers(len(scene.ink))])
    page = page + ink[..., None] * (color - page)
    if scene.table or scene.perspective:
        page = laid(page, scene, rng)
    if scene.light:
        angle = rng.uniform(0, 2 * np.pi)
        along = (columns / width - 0.5) * np.cos(angle) + (rows / height - 0.5) * np.sin(angle)
        page = page * (1 - scene.light * (0.5 + along / 1.5))[..., None].clip(0, 1)
    if scene.shadow:
        angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.25, 0.25)
        along = (columns / width - 0.5) * np.cos(angle) + (rows / height - 0.5) * np.sin(angle) - offset
        page = page * (1 - scene.shadow / (1 + np.exp(-along / 0.012)))[..., None]
    picture = Image.fromarray((255 * page.clip(0, 1)).round().astype(np.uint8))
    if scene.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(scene.blur))
    if scene.noise:
        noisy = np.asarray(picture, np.float64) + rng.normal(0, 255 * scene.noise, (height, width, 1))
        noisy += rng.normal(0, 80 * scene.noise, (height, width, 3))
        picture = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    file = io.BytesIO()
    if scene.quality is None:
        picture.save(file, "PNG", compress_level=1)
    else:
        picture.save(file, "JPEG", quality=scene.quality)
    return file.getvalue()


def laid(page, scene, rng):
    """The page as a sheet that is seen at an angle, on a table if the scene has one."""
    height, width = page.shape[:2]
    edge = scene.margin if scene.table else -scene.perspective
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)
    moved = edge + (1 - 2 * edge) * corners + rng.uniform(-scene.perspective, scene.perspective, (4, 2))
    to, of = moved * (width, height), corners * (width, height)
    rows = [
        row
        for (x, y), (u, v) in zip(to, of, strict=True)
        for row in ([x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y])
    ]
    view = np.linalg.solve(np.array(rows), of.ravel())
    image = Image.fromarray((255 * page.clip(0, 1)).round().astype(np.uint8)).convert("RGBA")
    seen = image.transform(image.size, Image.Transform.PERSPECTIVE, view, Image.Resampling.BICUBIC)
    seen = np.asarray(seen, np.float64) / 255
    colors = scene.table or (scene.paper,)
    table = np.ones_like(page) * colors[rng.integers(len(colors))]
    if scene.grain:
        grain = rng.normal(0, 1, (height // 4, width // 40 + 2))
        wood = Image.fromarray(grain.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
        table = table * (1 + 2 * scene.grain * np.asarray(wood))[..., None]
    return seen[..., 3:] * seen[..., :3] + (1 - seen[..., 3:]) * table


def photos(name, count):
    """`count` photos of the scene `name`: strokes, digit and the picture file's bytes."""
    for number in range(count):
        rng = np.random.default_rng((7, number))
        strokes = write(number % 10, rng)
        yield number % 10, strokes, take(SCENES[name], strokes, rng)


def measure(reader, names, count):
    """For each scene: how many of `count` digits are read from strokes and from photos, how many photos are refused."""
    figures = {}
    for name in names:
        possible = right = refused = 0
        for digit, strokes, photo in photos(name, count):
            possible += reader.read(to_image(strokes)).digit == digit
            try:
                right += reader.read(cut_out(photo).image).digit == digit
            except PictureError:
                refused += 1
        figures[name] = possible, right, refused
    return figures


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    return load_reader(Library(tmp_path_factory.mktemp("home")), "starter")


def test_photos_are_read_as_well_as_the_strokes_themselves(starter):
    figures = measure(starter, SCENES, 3)
    possible, right, refused = np.sum(list(figures.values()), axis=0)
    assert refused == 0, figures
    assert right >= possible - 2, figures  # of 75


@pytest.mark.parametrize("name", ["scan", "uneven light", "noise", "ruled"])
def test_a_photo_of_empty_paper_is_refused(name):
    rng = np.random.default_rng(0)
    photo = take(replace(SCENES[name], ink=(SCENES[name].paper,), lines=None), write(3, rng), rng)
    with pytest.raises(PictureError, match="nothing that stands out"):
        cut_out(photo)


def test_a_digit_in_a_drawn_box_is_read_without_the_box(starter):
    rng = np.random.default_rng(2)
    page = 255 - 220 * drawn(write(2, rng), (300, 400), 180, 0.1, rng, 0)
    page[20:380, [20, 21, 278, 279]] = page[[20, 21, 378, 379], 20:280] = 40
    file = io.BytesIO()
    Image.fromarray(page.round().astype(np.uint8)).save(file, "PNG")
    assert starter.read(cut_out(file.getvalue()).image).digit == 2


if __name__ == "__main__":
    count = int(sys.argv[1])
    figures = measure(load_reader(Library(), "starter"), sys.argv[2:] or SCENES, count)
    for name, (possible, right, refused) in figures.items():
        print(f"{name:16} strokes {possible / count:6.1%}  photos {right / count:6.1%}  refused {refused / count:6.1%}")
    possible, right, refused = np.mean(list(figures.values()), axis=0) / count
    print(f"{'all':16} strokes {possible:6.1%}  photos {right:6.1%}  refused {refused:6.1%}")
