"""Drawings that are no digits: what a network is to be unsure of, drawn by rule with the hand of `handwriting`.

What counts as no digit: letters that look like none (LETTERS), figures such as hearts and arrows (FIGURES), and
doodles (DOODLES): tangles, zigzags, spirals, waves, loops, grids, hatching and dots. A single line is a 1, a ring or a
box a 0, and letters such as O, I, l, S, Z, B, g, q, b, G, T and U pass for digits in somebody's hand: none of these
is here.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.handwriting import SEED, Allograph, Points, Pose, write_way
from resnet_gui.core.strokes import SIDE, Stroke, to_image

PEN = (0.06, 0.16)  # range of its width as a share of the box: thicker ones make blots of most drawings
STREAM = 2  # of SEED's random numbers; the digits have 0 and 1

# In the digits' box of 100 by 100, y down, with `!` after a corner and `/` where the pen lifts.
LETTERS: dict[str, str] = {
    "A": "4,100 27,50 50,0! 73,50 96,100 / 22,62 50,62 78,62",
    "E": "84,0 47,0 12,0! 12,50 12,100! 50,100 88,100 / 12,48 40,48 68,48",
    "F": "14,0 14,50 14,100 / 14,2 50,2 86,2 / 14,46 40,46 66,46",
    "H": "10,0 10,50 10,100 / 90,0 90,50 90,100 / 10,50 50,50 90,50",
    "K": "14,0 14,50 14,100 / 84,0 48,28 14,54! 50,76 90,100",
    "M": "4,100 10,50 16,0! 34,40 50,72! 66,40 84,0! 90,50 96,100",
    "N": "10,100 10,50 10,0! 50,50 90,100! 90,50 90,0",
    "R": "14,100 14,50 14,0! 60,0 84,22 60,48 16,52! 54,76 90,100",
    "W": "0,0 12,50 26,100! 38,60 50,24! 62,60 74,100! 88,50 100,0",
    "X": "8,0 50,50 92,100 / 92,0 50,50 8,100",
}
FIGURES: dict[str, str] = {
    "triangle": "50,4 25,50 0,94! 50,94 100,94! 75,50 52,6",
    "heart": "50,26! 34,4 8,8 4,38 26,70 50,98! 74,70 96,38 92,8 66,4 50,28",
    "star": "20,98 35,49 50,0! 65,49 80,98! 41,67 2,36! 50,36 98,36! 59,67 22,96",
    "plus": "50,0 50,50 50,100 / 0,50 50,50 100,50",
    "asterisk": "50,0 50,50 50,100 / 6,24 50,50 94,76 / 94,24 50,50 6,76",
    "arrow": "0,50 50,50 100,50 / 70,22 86,36 100,50! 86,64 70,78",
    "face": "50,0 16,14 2,50 16,86 50,100 84,86 98,50 84,14 50,0 / 32,30 32,36 33,42 / 68,30 68,36 67,42 "
    "/ 28,64 50,78 72,64",
    "envelope": "0,20 50,20 100,20! 100,52 100,84! 50,84 0,84! 0,52 0,20! 26,40 50,60! 74,40 100,20",
    "equals": "6,34 50,34 94,34 / 6,68 50,68 94,68",
}


def _tangle(rng: np.random.Generator) -> list[Points]:
    """One line this way and that."""
    return [rng.uniform(0, 100, (rng.integers(8, 16), 2))]


def _zigzag(rng: np.random.Generator) -> list[Points]:
    """Up and down with five turns and more."""
    count = int(rng.integers(6, 13))
    y = np.where(np.arange(count) % 2, 0.0, 100.0) + rng.normal(0, 10, count)
    return [np.stack([np.linspace(0, rng.uniform(90, 200), count), y], axis=1)]


def _spiral(rng: np.random.Generator) -> list[Points]:
    """Two turns and more around a middle, either way."""
    turns = rng.uniform(2.2, 4)
    angle = np.linspace(0, 2 * np.pi * turns, int(12 * turns)) * rng.choice([-1, 1]) + rng.uniform(0, 2 * np.pi)
    radius = np.linspace(rng.uniform(2, 8), 50, len(angle))
    return [50 + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)]


def _wave(rng: np.random.Generator) -> list[Points]:
    """Two periods and a half, and more."""
    phase = np.linspace(0, 2 * np.pi * rng.uniform(2.5, 4), 40) + rng.uniform(0, 2 * np.pi)
    return [np.stack([np.linspace(0, 100, 40), 50 + rng.uniform(15, 45) * np.sin(phase)], axis=1)]


def _loops(rng: np.random.Generator) -> list[Points]:
    """A row of three loops and more, like a pen that is tried out."""
    loops = int(rng.integers(3, 6))
    angle = np.linspace(0, 2 * np.pi * loops, 12 * loops)
    along, height = rng.uniform(28, 45) * angle / (2 * np.pi), rng.uniform(25, 50)
    return [np.stack([along - 20 * np.sin(angle), 50 - height * np.cos(angle)], axis=1)]


def _grid(rng: np.random.Generator) -> list[Points]:
    """Lines across lines, two of each and more."""
    return [*_parallels(int(rng.integers(2, 4)), rng), *_parallels(int(rng.integers(2, 4)), rng)[:, :, ::-1]]


def _hatching(rng: np.random.Generator) -> list[Points]:
    """Three lines and more side by side."""
    return list(_parallels(int(rng.integers(3, 7)), rng))


def _dots(rng: np.random.Generator) -> list[Points]:
    """Four dots and more."""
    return [at + rng.normal(0, 2, (3, 2)) for at in rng.uniform(0, 100, (rng.integers(4, 9), 2))]


DOODLES: dict[str, Callable[[np.random.Generator], list[Points]]] = {
    "tangle": _tangle,
    "zigzag": _zigzag,
    "spiral": _spiral,
    "wave": _wave,
    "loops": _loops,
    "grid": _grid,
    "hatching": _hatching,
    "dots": _dots,
}
SHARP = {"zigzag"}  # doodles with a corner at each point

GROUPS = (tuple(LETTERS), tuple(FIGURES), tuple(DOODLES))
KINDS = sum(GROUPS, ())


def scribble(kind: str, rng: np.random.Generator) -> list[Stroke]:
    """Strokes of one drawing of this kind, one of KINDS, as `handwriting.write` gives them.

    Raises ValueError for another kind.
    """
    if kind in DOODLES:
        turn = rng.uniform(0, 2 * np.pi)
        strokes = [_turned(points, turn) for points in DOODLES[kind](rng)]
        pose = Pose(tuple(strokes), tuple(np.full(len(points), kind in SHARP) for points in strokes))
    elif kind in LETTERS or kind in FIGURES:
        pose = Pose.parse((LETTERS | FIGURES)[kind])
    else:
        raise ValueError(f"A scribble is one of {', '.join(KINDS)}; got {kind!r}.")
    return write_way(Allograph(1.0, (pose,)), rng)


def draw_scribbles(first: int, count: int, seed: int = SEED) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Drawings `first` to `first + count - 1` of an endless series: images (count, 28, 28), and the kind of each.

    A drawing depends on seed and number alone. A third are letters, a third figures, a third doodles.
    """
    drawn = [draw_scribble(number, seed) for number in range(first, first + count)]
    images = np.array([image for image, _ in drawn], np.uint8).reshape(count, SIDE, SIDE)
    return images, tuple(kind for _, kind in drawn)


def draw_scribble(number: int, seed: int = SEED) -> tuple[NDArray[np.uint8], str]:
    """The drawing of this number: its image (28, 28) and its kind."""
    rng = np.random.default_rng((seed, STREAM, number))
    group = GROUPS[rng.integers(len(GROUPS))]
    kind = group[rng.integers(len(group))]
    return to_image(scribble(kind, rng), rng.uniform(*PEN)), kind


def _parallels(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Upright lines side by side, (count, 3 points, 2)."""
    at = np.linspace(15, 85, count) + rng.normal(0, 4, count)
    return np.stack([np.stack([np.full(3, place), np.linspace(0, 100, 3)], axis=1) for place in at])


def _turned(points: Points, turn: float) -> Points:
    """`points` turned by so many radians about the middle of the box."""
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    turned: Points = (points - 50) @ matrix + 50
    return turned
