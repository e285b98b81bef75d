"""Picture files of all kinds: the same digit, however it comes."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from resnet_gui.core.errors import PictureError
from resnet_gui.core.library import Library
from resnet_gui.core.strokes import to_image
from resnet_gui.engine.pictures import cut_out, read_picture
from resnet_gui.engine.prediction import load_reader

SEVEN = [(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)]


def seven(width, height, paper=255, ink=0, pen=0.08, mode="L"):
    """A seven drawn with a thick line somewhere on a larger page."""
    picture = Image.new(mode, (width, height), paper)
    side = 0.6 * min(width, height)
    points = [(0.15 * width + side * x, 0.2 * height + side * y) for x, y in SEVEN]
    ImageDraw.Draw(picture).line(points, fill=ink, width=max(1, round(pen * side)), joint="curve")
    return picture


def saved(picture, path):
    picture.save(path)
    return path


def content(picture, form="PNG"):
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    return load_reader(Library(tmp_path_factory.mktemp("home")), "starter")


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("dark on light", seven(400, 300)),
        ("light on dark", seven(400, 300, paper=0, ink=255)),
        ("pale", seven(300, 300, paper=200, ink=150)),
        ("tiny", seven(24, 24, pen=0.12)),
        ("huge", seven(3000, 2000)),
        ("thin pen", seven(900, 900, pen=0.004)),
        ("colours", seven(300, 300, paper=(250, 240, 200), ink=(20, 30, 160), mode="RGB")),
        ("transparent with dark ink", seven(300, 300, paper=(0, 0, 0, 0), ink=(0, 0, 0, 255), mode="RGBA")),
        ("transparent with light ink", seven(300, 300, paper=(0, 0, 0, 0), ink=(255, 255, 255, 255), mode="RGBA")),
        ("16 bits", seven(300, 300, paper=60000, ink=1000, mode="I;16")),
        ("palette", seven(300, 300).convert("P")),
        ("one bit", seven(300, 300).convert("1")),
    ],
)
def test_the_starter_reads_a_seven_however_it_comes(tmp_path, starter, name, picture):
    image = read_picture(saved(picture, tmp_path / "seven.png"))
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255
    assert starter.read(image).digit == 7, name


def test_noise_and_shadow_of_a_photo_are_paper(tmp_path, starter):
    rng = np.random.default_rng(0)
    pixels = np.asarray(seven(600, 400, paper=190, ink=50), np.float64)
    shaded = pixels * np.linspace(0.85, 1.0, 600) + rng.normal(0, 4, pixels.shape)
    image = read_picture(saved(Image.fromarray(shaded.clip(0, 255).astype(np.uint8)), tmp_path / "photo.jpg"))
    assert starter.read(image).digit == 7


def test_an_image_like_mnists_is_taken_as_it_is(tmp_path):
    image = to_image([np.array(SEVEN)])
    np.testing.assert_array_equal(read_picture(saved(Image.fromarray(image), tmp_path / "x.png")), image)
    np.testing.assert_array_equal(read_picture(saved(Image.fromarray(255 - image), tmp_path / "y.png")), image)


def test_a_lying_photo_is_turned_as_its_camera_says(tmp_path, starter):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise
    seven(300, 400).rotate(90, expand=True).save(tmp_path / "photo.jpg", exif=exif)
    assert starter.read(read_picture(tmp_path / "photo.jpg")).digit == 7


@pytest.mark.parametrize("color", [0, 128, 255])
def test_a_blank_picture_is_refused(tmp_path, color):
    with pytest.raises(PictureError, match="nothing that stands out"):
        read_picture(saved(Image.new("L", (50, 50), color), tmp_path / "blank.png"))


def test_a_speck_is_no_digit(tmp_path):
    picture = Image.new("L", (50, 50), 255)
    picture.putpixel((3, 40), 0)
    with pytest.raises(PictureError, match="nothing that stands out"):
        read_picture(saved(picture, tmp_path / "dot.png"))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (8, 8), (3, 40)])
@pytest.mark.parametrize("mode", ["L", "RGBA", "1", "P", "I;16", "LA"])
def test_pictures_without_room_are_an_image_or_refused(tmp_path, size, mode):
    picture = Image.new(mode, size, 1 if mode == "1" else (255, 255) if mode == "LA" else 255)
    picture.putpixel((size[0] - 1, size[1] - 1), (0, 255) if mode == "LA" else 0)
    try:
        image = read_picture(saved(picture, tmp_path / "line.png"))
    except PictureError:
        return
    assert image.shape == (28, 28)
    assert image.max() == 255


def test_what_is_in_a_file_can_be_given_instead_of_its_path(tmp_path):
    path = saved(seven(300, 300), tmp_path / "seven.png")
    np.testing.assert_array_equal(cut_out(path.read_bytes()).image, read_picture(path))


def test_the_larger_cut_out_is_framed_as_the_image_is():
    cut = cut_out(content(seven(400, 300)))
    assert cut.ink.shape == (280, 280)
    assert cut.ink.max() == 255
    shrunk = cut.ink.reshape(28, 10, 28, 10).mean(axis=(1, 3))
    np.testing.assert_allclose(shrunk * (255 / shrunk.max()), cut.image, atol=1)


def test_several_digits_are_not_read_as_one():
    row = np.concatenate([np.asarray(seven(300, 400)), np.asarray(seven(300, 400))], axis=1)
    with pytest.raises(PictureError, match="several digits"):
        cut_out(content(Image.fromarray(row)))


def test_a_digit_of_several_strokes_is_one(starter):
    picture = Image.new("L", (400, 400), 240)
    draw = ImageDraw.Draw(picture)
    draw.line([(150, 90), (140, 190), (220, 180), (260, 240), (220, 310), (130, 300)], fill=30, width=22, joint="curve")
    draw.line([(180, 85), (280, 75)], fill=30, width=22)  # the hat, apart
    assert starter.read(cut_out(content(picture)).image).digit == 5


def test_nothing_is_no_picture():
    with pytest.raises(PictureError, match="The picture is empty"):
        cut_out(b"")


FORMATS = ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"]


@pytest.mark.parametrize("form", FORMATS)
def test_formats_are_told_by_what_is_in_them(tmp_path, starter, form):
    (tmp_path / "seven.txt").write_bytes(content(seven(300, 300), form))
    assert starter.read(read_picture(tmp_path / "seven.txt")).digit == 7


@pytest.mark.parametrize("form", FORMATS)
def test_damaged_files_are_read_or_refused_in_a_sentence(form):
    whole = content(seven(120, 90), form)
    rng = np.random.default_rng(1)
    damaged = [whole[: int(len(whole) * share)] for share in (0.02, 0.1, 0.3, 0.6, 0.9, 0.99)]
    for _ in range(20):
        noisy = np.frombuffer(whole, np.uint8).copy()
        noisy[rng.integers(0, len(noisy), 6)] = rng.integers(0, 256, 6)
        damaged.append(noisy.tobytes())
    for data in damaged:
        try:
            said = f"The picture of {cut_out(data).image.shape}"
        except PictureError as error:
            said = str(error)
        assert said.startswith("The picture ")
        assert said.isprintable()


@pytest.mark.parametrize("length", [1, 10, 1000, 100_000])
def test_random_bytes_are_no_picture(length):
    with pytest.raises(PictureError, match="is no picture"):
        cut_out(np.random.default_rng(length).bytes(length))


def test_the_first_picture_of_an_animation_is_read(starter):
    file = io.BytesIO()
    seven(200, 200).save(file, "GIF", save_all=True, append_images=[Image.new("L", (200, 200), k) for k in (9, 99)])
    assert starter.read(cut_out(file.getvalue()).image).digit == 7


def test_print_colours_are_read(starter):
    assert starter.read(cut_out(content(seven(200, 200, mode="L").convert("CMYK"), "TIFF")).image).digit == 7


def test_what_is_no_picture_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("no picture", encoding="utf-8")
    with pytest.raises(PictureError, match="is no picture"):
        read_picture(path)
    assert path.read_text(encoding="utf-8") == "no picture"


def test_a_picture_that_was_cut_short_is_refused(tmp_path):
    whole = saved(seven(400, 400), tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PictureError, match=r"cut\.png"):
        read_picture(tmp_path / "cut.png")


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(PictureError, match="does not exist"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(PictureError, match="is no file"):
        read_picture(tmp_path)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(tmp_path):
    Image.new("1", (12_000, 9_000)).save(tmp_path / "bomb.png")
    with pytest.raises(PictureError, match="12000 x 9000"):
        read_picture(tmp_path / "bomb.png")


@pytest.mark.skipif("RESNET_GUI_DATA" not in os.environ, reason="RESNET_GUI_DATA names no folder with mnist.npz")
def test_enlarged_and_inverted_mnist_reads_nearly_as_well_as_mnist(tmp_path, starter):
    with np.load(Path(os.environ["RESNET_GUI_DATA"], "mnist.npz")) as data:
        images, labels = data["x_test"][:300], data["y_test"][:300]
    path, right = tmp_path / "digit.png", 0
    for image, label in zip(images, labels, strict=True):
        Image.fromarray(255 - image).resize((280, 280), Image.Resampling.BICUBIC).save(path)
        right += starter.read(read_picture(path)).digit == label
    assert right / len(images) > 0.96


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="is no file"):
        read_picture(tmp_path / "pipe.png")


def test_postscript_is_not_run(tmp_path):
    path = tmp_path / "loop.png"
    path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n{} loop\n")
    with pytest.raises(PictureError, match="is no picture"):
        read_picture(path)
