"""The digit's ink in a grey picture: what stands out from its surroundings, is drawn by a pen and is no line or sheet.

Light falls unevenly on paper, so ink is told by its contrast to the paper near it: the picture closed (opened for light
ink) by a window wider than the pen, a background as under Otsu's or Sauvola's thresholds. Unlike a mean, a closing
follows the steps at shadows and at the paper's edges. As neither the pen's width nor the ink's shade is known, several
windows and thresholds are tried, and the largest and strongest mark that may be a digit is taken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from resnet_gui.engine.marks import Marks, find_marks, rim

MOST_LOOKED_AT, LEAST_LOOKED_AT = 480, 96  # pixels of the longer side in which the digit is looked for
WINDOWS = (0.5, 0.2, 0.06, None)  # shares of the longer side, wider than the pen; None: all paper is as the border
PREFERENCE = 0.97  # for each window to the ones after it: a narrow one leaves holes in thick ink
LEVELS = (0.6, 0.4, 0.27, 0.18, 0.12, 0.08)  # contrasts that are tried as thresholds
DARKEST = 20.0  # of 255: differences in the darkest shades are noise
NOISY = 3.0  # of 255, standard deviation
CLEAR = 2.0  # times the noise, which is smoothed first: the least contrast of ink
MOST_MARKS = 20_000  # with more the threshold is below the noise
LOOKS = 3  # at the largest marks of each threshold

LEAST_EXTENT = 7  # pixels of those that are looked at
FLATTEST = 0.25  # height over width: a dash is no digit
PENS = (0.006, 0.36)  # width over the digit's extent
FULLEST = 0.8  # share of its box that a digit other than a 1 fills
SHEET = 0.65  # share of its box from which on a mark may be a sheet of paper, with the digit on it
HOLE = 0.22  # pen over extent from which on what is inside a mark is the hole of a 0 or 8
SAME_PAPER = 0.2  # share by which the shades of paper differ at most from one side of a line to the other
FRAMED, FRAME = 0.2, 0.15  # of the extent of a drawn box: size of a digit in it, and the most that its sides lean
CRISP = 0.95  # share of its outline where ink meets paper; the rest was cut by the window
EDGE = 0.4  # share of the ink's contrast that is an edge within a few pixels

NEAR, LEAST_PART = 0.2, 0.12  # of the digit's extent: gap to its other strokes, and their size
TALL, APART = 0.6, 0.08  # of the digit's height: from this height and gap on, a mark beside it is another digit
WORKING_EXTENT = 240  # pixels of the digit that is cut out

Gray = NDArray[np.uint8]  # shape (height, width)
Map = NDArray[np.float32]  # shape (height, width)
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, eq=False)
class _Found:
    """A mark that may be the digit."""

    marks: Marks
    number: int
    bright: bool  # whether the ink is brighter than the paper
    shades: Map
    paper: Map  # the shades without the ink
    around: Map  # contrast to ink that is a few pixels away
    reach: int  # so many
    strength: float  # contrast of the mark
    score: float

    @cached_property
    def box(self) -> Box:
        return _box(self.marks, self.number)

    @property
    def extent(self) -> int:
        return int(self.marks.extent[self.number])

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which pixels of the box belong to it."""
        left, top, right, bottom = self.box
        mask: NDArray[np.bool_] = self.marks.labels[top:bottom, left:right] == self.number
        return mask

    @property
    def is_blob(self) -> bool:
        """Whether it is as round as the hole in a 0."""
        return bool(self.marks.pen[self.number] > HOLE * self.extent)

    def is_sheet_under(self, other: "_Found") -> bool:
        """Whether this is the paper on which `other` is written, not a 0 or 8 of which `other` is the hole."""
        if self.bright == other.bright or other.is_blob or not _holds(self.box, other.box):
            return False
        if other.extent < LEAST_PART * self.extent:
            return False
        y, x = (-(-side // 8) for side in self.mask.shape)
        corners = self.mask[:y, :x], self.mask[:y, -x:], self.mask[-y:, :x], self.mask[-y:, -x:]
        return bool(self.marks.fill[self.number] > SHEET or all(corner.mean() > 0.3 for corner in corners))

    def is_frame_of(self, other: "_Found") -> bool:
        """Whether this is a box that is drawn around `other`."""
        if self.bright != other.bright or other.extent < FRAMED * self.extent or not _holds(self.box, other.box):
            return False
        mask = self.mask
        y, x = (round(FRAME * side) + 1 for side in mask.shape)
        sides = mask[:y].any(axis=0), mask[-y:].any(axis=0), mask[:, :x].any(axis=1), mask[:, -x:].any(axis=1)
        return not mask[y:-y, x:-x].any() and all(bool(side.mean() > 0.8) for side in sides)

    def is_hole_of(self, other: "_Found") -> bool:
        """Whether this is paper that `other` encloses, as a 0 does."""
        if self.bright == other.bright or not self.is_blob or not _holds(other.box, self.box):
            return False
        left, top, right, bottom = self.box
        shade, paper = (float(np.mean(a[top:bottom, left:right][self.mask])) for a in (self.shades, other.paper))
        return abs(shade - paper) < SAME_PAPER * paper

    def has_crisp(self, number: int) -> bool:
        """Whether the mark `number` ends where ink meets paper, not where the window ended."""
        left, top, right, bottom = _box(self.marks, number)
        room = self.reach + 1
        cut = np.s_[max(top - room, 0) : bottom + room, max(left - room, 0) : right + room]
        around = rim(_extreme(self.marks.labels[cut] == number, self.reach, np.maximum))
        around[[0, -1]] = around[:, [0, -1]] = False  # the picture's border
        return bool(around.any() and np.mean(self.around[cut][around] > EDGE * self.strength) >= CRISP)


def cut_digits(gray: Gray) -> list[Gray]:
    """The digits in the picture `gray`, each cut out: ink 255 on paper 0, about WORKING_EXTENT pixels large.

    Empty if nothing looks like a digit; several only where that is clear.
    """
    scale = min(max(1.0, LEAST_LOOKED_AT / max(gray.shape)), MOST_LOOKED_AT / max(gray.shape))
    picture = Image.fromarray(gray)
    small = np.asarray(picture.resize([max(3, round(side * scale)) for side in picture.size], _resampling(scale)))
    found = list(_candidates(small, reach=max(3, round(1.5 * scale))))
    found = [
        mark for mark in found if not any(mark.is_sheet_under(other) or mark.is_frame_of(other) for other in found)
    ]
    found = [mark for mark in found if not any(mark.is_hole_of(other) for other in found)]
    if not found:
        return []
    best = max(found, key=lambda mark: mark.score)
    cuts = [_cut(picture, best, parts) for parts in _grouped(best)]
    return [cut for cut in cuts if cut.any()]


def _candidates(gray: Gray, reach: int) -> Iterator[_Found]:
    """Marks of `gray` that may be a digit; edges of ink are at most `reach` pixels wide."""
    shades = gray.astype(np.float32)
    noise = _noise(shades)
    least = CLEAR * noise / (float(np.median(shades)) + DARKEST)
    if noise > NOISY:
        shades = np.asarray(Image.fromarray(gray).filter(ImageFilter.GaussianBlur(1)), np.float32)
    for bright in (False, True):
        around = _contrast(_extreme(shades, 2 * reach, np.maximum if bright else np.minimum), shades, bright)
        for rank, window in enumerate(WINDOWS):
            paper = _paper(shades, window, bright)
            contrast = _contrast(shades, paper, bright)
            for level in LEVELS:
                marks = find_marks(contrast > level)
                if len(marks.area) > MOST_MARKS:
                    break
                for number in _digit_like(marks):
                    left, top, right, bottom = _box(marks, number)
                    cut = np.s_[top:bottom, left:right]
                    mask = marks.labels[cut] == number
                    strength = float(np.percentile(contrast[cut][mask], 75))
                    if strength < least or level < EDGE * strength:  # fainter marks, such as ruled lines, hang on to it
                        continue
                    freedom = _freedom(mask, (left, top, right, bottom), gray.shape)
                    score = strength * marks.extent[number] * freedom * PREFERENCE**rank
                    found = _Found(marks, number, bright, shades, paper, around, reach, strength, float(score))
                    if freedom > 0 and found.has_crisp(number):
                        yield found


def _noise(shades: Map) -> float:
    """Standard deviation of the noise, told by how much neighbours in a row are bent."""
    bent = shades[:, 2:] - 2 * shades[:, 1:-1] + shades[:, :-2]
    return float(np.median(np.abs(bent))) / 0.6745 / 6**0.5


def _contrast(shades: Map, paper: Map, bright: bool) -> Map:
    """How much ink is on the paper, from 0 to 1, whatever the light: the share of the light that is missing."""
    light, dark = (shades, paper) if bright else (paper, shades)
    return (light - dark) / (light + np.float32(DARKEST))


def _paper(shades: Map, window: float | None, bright: bool) -> Map:
    """The shades without all that is darker (or brighter) than its surroundings and fits into the window."""
    if window is None:
        border = np.concatenate([shades[0], shades[-1], shades[:, 0], shades[:, -1]])
        return np.full_like(shades, np.median(border))
    first, second = (np.minimum, np.maximum) if bright else (np.maximum, np.minimum)
    reach = max(1, round(window * max(shades.shape) / 2))
    return _extreme(_extreme(shades, reach, first), reach, second)


def _extreme(values: NDArray[Any], reach: int, pick: Callable[..., NDArray[Any]]) -> NDArray[Any]:
    """The least or greatest value within the square of `reach` pixels to each side, by doubling the side."""
    for _ in range(2):
        padded = np.pad(values, ((reach, reach), (0, 0)), "edge")
        side = 1
        while side < 2 * reach + 1:
            step = min(side, 2 * reach + 1 - side)
            padded = pick(padded[:-step], padded[step:])
            side += step
        values = padded.T
    return values


def _digit_like(marks: Marks) -> list[int]:
    """The numbers of the largest marks that have the shape of a digit, or of a part of one."""
    pen = marks.pen / np.maximum(marks.extent, 1)
    good = (marks.extent >= LEAST_EXTENT) & (marks.height >= FLATTEST * marks.width)
    good &= (pen >= PENS[0]) & (pen <= PENS[1])
    good &= (marks.fill <= FULLEST) | (marks.width < 0.4 * marks.height)
    numbers = np.flatnonzero(good)
    return [int(number) for number in numbers[np.argsort(-marks.extent[numbers])][:LOOKS]]


def _freedom(mask: NDArray[np.bool_], box: Box, shape: tuple[int, ...]) -> float:
    """From 1, for a mark that keeps clear of the picture's border, to 0, for one that lies along it."""
    left, top, right, bottom = box
    sides = (
        (mask[:, 0], left == 0),
        (mask[0], top == 0),
        (mask[:, -1], right == shape[1]),
        (mask[-1], bottom == shape[0]),
    )
    touched = sum(int(side.sum()) for side, at_border in sides if at_border)
    return max(0.0, 1 - 2 * touched / sum(shape))


def _grouped(best: _Found) -> list[list[int]]:
    """The numbers of the marks of each digit, where one of them is `best`."""
    marks = best.marks
    box, pen = best.box, float(marks.pen[best.number])
    parts = {best.number}
    similar = (marks.extent >= LEAST_PART * best.extent) & (marks.extent <= 1.2 * best.extent)
    similar &= (marks.pen > 0.4 * pen) & (marks.pen < 2.5 * pen)
    others = {int(number) for number in np.flatnonzero(similar) if best.has_crisp(int(number))} - parts
    others = {other for other in others if not _holds(_box(marks, other), box)}
    digits = [
        other
        for other in others & set(_digit_like(marks))
        if marks.height[other] > TALL * (box[3] - box[1])
        and _gap(box, _box(marks, other))[0] > APART * (box[3] - box[1])
    ]
    if digits:
        return [[best.number], *([other] for other in digits)]
    while near := {n for n in others if max(_gap(box, _box(marks, n))) <= NEAR * max(box[2] - box[0], box[3] - box[1])}:
        for number in near:
            box = _union(box, _box(marks, number))
        parts |= near
        others -= near
    return [sorted(parts)]


def _box(marks: Marks, number: int) -> Box:
    return int(marks.left[number]), int(marks.top[number]), int(marks.right[number]), int(marks.bottom[number])


def _holds(one: Box, other: Box) -> bool:
    return _union(one, other) == one and one != other


def _gap(one: Box, other: Box) -> tuple[int, int]:
    """Pixels between two boxes, sideways and up or down; less than 0 where they overlap."""
    return max(one[0], other[0]) - min(one[2], other[2]), max(one[1], other[1]) - min(one[3], other[3])


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _cut(picture: Image.Image, found: _Found, parts: list[int]) -> Gray:
    """The ink of the marks `parts`, from the whole picture at the best resolution that is useful."""
    box = _box(found.marks, parts[0])
    for part in parts:
        box = _union(box, _box(found.marks, part))
    looked_at = found.paper.shape
    frame = [max(box[0] - 3, 0), max(box[1] - 3, 0), min(box[2] + 3, looked_at[1]), min(box[3] + 3, looked_at[0])]
    scale = WORKING_EXTENT / max(box[2] - box[0], box[3] - box[1])
    size = [round((frame[2] - frame[0]) * scale), round((frame[3] - frame[1]) * scale)]
    place = np.array(frame) * np.tile(np.array(picture.size) / looked_at[::-1], 2)
    finer = size[0] / (place[2] - place[0])
    shades = np.asarray(picture.resize(size, _resampling(finer), tuple(place)), np.float32)
    mine = np.isin(found.marks.labels, parts).astype(np.uint8) * 255
    near, paper = (
        np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR, tuple(frame)), np.float32)
        for values in (np.asarray(Image.fromarray(mine).filter(ImageFilter.MaxFilter(3))), found.paper)
    )
    share = _contrast(shades, paper, found.bright) / found.strength
    ink = np.clip((share - 0.3) / 0.45, 0, 1) * (near > 100)
    digit: Gray = (255 * ink).round().astype(np.uint8)
    return digit


def _resampling(scale: float) -> Image.Resampling:
    return Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
