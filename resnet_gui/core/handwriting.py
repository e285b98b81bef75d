"""Digits as pen strokes written by rule, nothing recorded and nothing learned from recordings.

Each digit has several ways to be written (ALLOGRAPHS). A sample picks one, mixes its poses, and then goes wrong as
hands do: points wobble, strokes miss each other, corners round off, the whole leans, bends and trembles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.strokes import Stroke

SEED = 2015  # of everything in the shipped file
GRID = 256  # points are rounded to so many steps of a box: the last bits of sine and root differ between machines

Points = NDArray[np.float64]  # shape (points, 2)


@dataclass(frozen=True)
class Pose:
    """One shape of an allograph: its strokes' control points, and which of them are corners."""

    strokes: tuple[Points, ...]
    corners: tuple[NDArray[np.bool_], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `x,y x,y! / x,y ...`: a box of 100 by 100 with y down, `!` after a corner, `/` where the pen lifts."""
        strokes = [stroke.split() for stroke in text.split("/")]
        return cls(
            tuple(np.array([point.rstrip("!").split(",") for point in stroke], np.float64) for stroke in strokes),
            tuple(np.array([point.endswith("!") for point in stroke]) for stroke in strokes),
        )


@dataclass(frozen=True)
class Allograph:
    """One way to write a digit. Its poses have the same points; writers do something in between."""

    weight: float  # how common it is among the ways of its digit
    poses: tuple[Pose, ...]


def _way(weight: float, *poses: str) -> Allograph:
    return Allograph(weight, tuple(Pose.parse(pose) for pose in poses))


ALLOGRAPHS: tuple[tuple[Allograph, ...], ...] = (
    (  # 0
        _way(  # closed or nearly: round, narrow, open at the top, an end inside, begun at the left, flat
            6.0,
            "50,0 20,14 8,50 20,86 50,100 80,86 92,50 80,14 50,0",
            "50,0 35,16 28,50 34,84 50,100 66,84 72,50 65,16 50,0",
            "58,4 25,12 10,50 22,88 52,100 84,82 90,46 80,12 66,-6",
            "68,14 38,2 12,38 18,84 50,100 82,82 90,44 70,8 36,10",
            "26,4 14,26 10,58 26,92 56,98 84,76 88,42 70,10 30,-2",
            "54,20 14,24 -4,50 14,78 50,84 86,76 104,48 86,24 44,18",
            "90,26 60,0 22,12 6,52 30,92 66,96 92,66 90,30 70,8",
        ),
        _way(  # open at the left
            0.5,
            "14,30 34,4 66,0 90,24 84,66 52,98 22,92 10,74",
            "26,36 30,10 58,-2 84,14 86,54 64,92 34,98 16,84",
            "8,44 18,14 48,0 80,14 90,50 72,88 40,100 14,86",
        ),
        _way(  # slashed: from top right to bottom left, inside, short, long, level
            2.8,
            "50,0 20,14 8,50 20,86 50,100 80,86 92,50 80,14 50,0 / 88,2 50,50 12,98",
            "50,0 33,16 24,50 32,84 50,100 68,84 76,50 67,16 50,0 / 66,26 50,50 32,76",
            "56,2 26,12 12,50 24,86 52,100 80,86 88,50 76,12 50,0 / 110,-10 50,48 -6,110",
            "50,0 20,14 8,50 20,86 50,100 80,86 92,50 80,14 50,0 / 112,44 50,50 -10,60",
            "50,0 33,16 24,50 32,84 50,100 68,84 76,50 67,16 50,0 / 54,-12 48,50 44,110",
            "50,4 28,18 18,50 28,82 50,96 72,82 82,50 72,18 50,4 / 122,34 50,52 -14,74",
            "50,8 38,22 32,50 38,78 50,92 62,78 68,50 62,22 50,8 / 104,-4 50,50 -4,104",
        ),
        _way(  # barred: the slash lies level, across a narrow or a wide zero
            1.2,
            "50,0 33,16 26,50 33,84 50,100 67,84 74,50 67,16 50,0 / -8,52 50,50 108,48",
            "54,2 24,14 10,50 24,86 50,100 78,86 90,50 78,14 48,0 / 0,60 50,52 106,42",
            "50,6 38,20 34,50 38,80 50,94 62,80 66,50 62,20 50,6 / -14,48 50,50 116,54",
        ),
        _way(  # slashed the other way
            0.5,
            "50,0 22,14 10,50 22,86 50,100 78,86 90,50 78,14 50,0 / 10,6 50,50 92,96",
            "52,2 34,16 26,50 34,84 50,98 66,84 74,50 66,16 50,2 / 6,-4 48,50 96,106",
        ),
        _way(  # slashed in one stroke
            0.6,
            "50,0 20,14 8,50 20,86 50,100 80,86 92,50 80,14 50,0! 78,8! 50,50 16,94",
            "50,6 20,16 12,50 22,84 48,94 74,86 84,50 76,16 56,4! 100,-6! 50,50 4,106",
        ),
    ),
    (  # 1
        _way(5.0, "50,0 50,50 50,100", "54,0 48,50 50,100", "46,0 52,50 48,100"),
        _way(  # a hook at the top, a tail at the foot
            0.4,
            "34,14 48,0 54,8 50,40 46,76 52,98 70,90",
            "44,10 52,0 52,30 48,70 50,96 62,100 74,88",
        ),
        _way(  # flag: short, long, as long as the stem, level
            3.8,
            "34,20 50,0! 50,50 50,100",
            "10,42 54,0! 52,50 50,100",
            "26,14 50,2! 50,50 50,100",
            "6,84 56,0! 54,50 52,100",
            "2,46 56,0! 56,50 56,100",
            "14,26 60,-2! 48,50 34,100",
            "8,34 60,2! 58,50 56,100",
        ),
        _way(  # flag and base
            2.0,
            "28,24 50,0! 50,50 50,100 / 20,100 50,100 80,100",
            "12,36 52,0! 51,50 50,100 / 0,98 50,100 96,98",
            "22,14 50,4! 50,50 50,100 / 16,102 50,100 84,96",
            "8,40 60,0! 50,50 38,100 / -8,100 38,100 90,96",
        ),
        _way(0.3, "50,0 50,50 50,100 / 20,100 50,100 82,98"),
        _way(  # the same in one stroke, the base in both directions or to the right alone
            0.7,
            "24,26 52,0! 50,50 48,98! 20,100! 50,100 84,98",
            "48,6 52,0! 50,50 48,98! 56,100! 66,98 84,94",
            "10,38 60,0! 50,50 38,98! 8,100! 46,100 92,96",
        ),
    ),
    (  # 2
        _way(  # an acute angle at the foot
            3.0,
            "14,24 34,3 64,2 82,20 74,46 44,74 8,100! 50,98 94,98",
            "8,16 36,0 70,4 78,26 62,52 36,78 10,98! 44,92 96,100",
            "26,34 14,18 44,0 82,14 80,42 48,72 6,96! 46,100 92,90",
            "18,10 44,0 74,8 80,28 70,54 48,78 18,94! 40,88 72,88",
            "38,22 14,26 20,4 60,-2 78,20 58,58 22,96! 50,92 86,84",
        ),
        _way(  # a loop at the foot: big, small, with a short or a long tail
            3.0,
            "14,24 36,3 66,2 80,22 68,52 38,84 14,98 4,86 20,78 48,90 72,100 96,90",
            "10,18 40,0 74,6 78,30 60,58 40,82 24,96 14,90 24,80 46,90 70,98 94,96",
            "22,30 30,4 62,0 84,20 74,54 44,88 18,100 0,84 18,68 46,84 76,98 104,84",
            "20,20 42,0 72,4 78,32 66,64 46,90 26,98 20,86 34,78 54,84 70,90 84,86",
            "30,14 52,0 76,8 78,34 64,64 40,92 14,100 0,90 10,78 40,86 80,102 122,108",
            "6,44 14,10 52,-4 76,18 68,56 40,90 10,100 -4,80 22,62 52,80 76,90 104,92",
            "22,20 44,-2 72,8 76,32 64,60 44,86 20,100 6,92 20,82 46,92 68,94 88,80",
        ),
        _way(  # z-like
            0.8,
            "8,6 46,2 84,6! 48,52 6,98! 50,98 92,98",
            "16,14 44,4 80,4! 46,50 12,96! 46,94 96,100",
        ),
        _way(  # a round foot, without a point
            1.0,
            "14,26 34,2 68,2 84,24 70,54 44,80 26,96 40,98 92,98",
            "10,16 44,0 80,12 78,38 52,68 24,88 16,98 46,98 98,94",
            "24,10 48,0 74,14 72,40 54,66 36,84 32,96 50,98 82,86",
        ),
    ),
    (  # 3
        _way(  # two bowls that meet in a point
            4.0,
            "14,14 42,0 76,12 72,36 40,48! 76,56 88,76 66,98 34,100 6,86",
            "8,8 44,0 80,16 68,38 34,46! 72,52 84,76 60,96 30,100 4,94",
            "24,10 46,2 66,12 62,30 42,40! 78,50 92,74 70,98 36,100 10,84",
            "10,26 34,0 78,4 82,36 50,54! 74,58 80,74 66,92 38,100 16,94",
            "30,4 50,0 68,10 66,30 48,44! 64,52 72,74 54,94 30,100 6,104",
            "10,12 40,0 74,6 68,28 44,42! 60,50 68,64 58,80 40,92 18,104",
        ),
        _way(  # shallow waist, without a point
            1.8,
            "14,14 46,0 78,14 70,36 54,48 76,60 86,78 64,98 34,100 6,88",
            "10,6 54,2 80,16 74,36 62,48 78,64 80,82 58,98 30,100 4,98",
            "22,8 50,0 70,14 64,34 56,46 66,60 68,80 46,98 22,100 0,92",
        ),
        _way(  # a small loop at the waist
            1.2,
            "14,14 44,0 78,14 70,36 46,50 36,46 46,40 78,56 86,78 62,98 34,100 6,86",
            "12,10 46,0 76,14 66,38 38,52 30,44 42,40 76,54 90,78 64,100 34,100 8,88",
            "26,8 50,0 72,14 66,34 44,54 34,58 40,46 66,54 78,76 56,98 28,102 0,94",
        ),
        _way(  # flat-topped
            1.2,
            "12,2 46,2 84,2! 62,22 42,42! 76,50 86,74 62,98 32,100 6,86",
            "8,6 42,4 78,2! 58,24 36,40! 74,48 84,76 56,98 28,100 4,92",
            "16,10 44,4 72,4! 60,24 50,44! 68,50 74,72 52,96 28,102 8,98",
        ),
    ),
    (  # 4
        _way(  # open: an L or a curve, crossed by a long or short stem
            4.0,
            "26,0 18,30 8,60! 50,60 96,58 / 72,8 70,54 68,100",
            "18,4 12,30 12,54! 44,58 88,54 / 80,0 76,50 70,100",
            "34,0 22,28 6,56! 44,62 100,54 / 70,24 66,60 60,104",
            "44,0 24,34 4,70! 50,70 98,66 / 56,40 52,70 48,100",
        ),
        _way(  # open and round, like a u with a stem
            2.0,
            "18,2 12,28 22,50 54,50 78,36 / 82,0 78,50 74,100",
            "24,0 8,34 26,54 60,48 84,30 / 88,0 76,44 64,100",
        ),
        _way(  # the same in one stroke
            1.2,
            "20,0 12,34 24,52 60,46 82,2! 78,50 74,100",
            "14,8 10,34 30,52 64,42 84,0! 76,50 66,100",
        ),
        _way(  # closed, stem apart
            1.0,
            "66,0 36,34 4,68! 50,68 98,68 / 66,0 66,50 66,100",
            "62,4 36,32 8,60! 48,60 92,58 / 68,0 66,50 62,104",
        ),
        _way(  # closed in one stroke
            1.2,
            "64,4 36,30 6,58! 40,60 92,58! 84,58! 66,2! 66,50 64,100",
            "70,2 40,26 10,50! 40,54 74,44! 74,40! 76,4! 70,50 62,100",
        ),
        _way(  # closed, begun with the bar
            0.6,
            "90,56 48,62 6,62! 38,30 68,0! 66,50 62,100",
            "98,66 50,66 4,66! 40,30 64,0! 64,50 64,100",
        ),
    ),
    (  # 5
        _way(  # the hat is a stroke of its own
            3.0,
            "34,2 30,22 26,42! 56,36 84,56 80,84 48,100 8,90 / 34,2 62,2 92,0",
            "26,6 24,26 20,46! 52,36 78,54 78,84 44,100 6,96 / 30,8 60,2 100,-6",
            "38,4 32,24 30,40! 58,42 76,60 72,86 44,100 16,90 / 44,6 66,4 96,4",
            "30,14 26,30 24,46! 54,40 74,60 70,86 46,100 14,94 / 46,0 74,-6 106,-14",
        ),
        _way(  # one stroke from the hat's right end
            3.0,
            "90,2 62,3 34,4! 30,22 26,42! 56,36 84,56 80,84 48,100 8,90",
            "80,0 54,2 28,6! 24,26 22,46! 54,40 76,58 74,86 42,100 8,96",
            "100,0 70,6 42,10! 36,26 30,44! 60,44 80,62 74,86 44,100 4,90",
            "64,0 50,2 36,4! 28,18 18,36! 58,34 92,52 88,80 54,100 14,84",
        ),
        _way(  # round, like an s
            1.8,
            "86,4 56,2 32,14 36,36 62,48 78,66 70,90 40,100 8,92",
            "96,2 62,4 40,16 36,34 58,50 68,68 58,90 34,100 4,98",
            "70,4 56,0 38,10 34,36 60,44 84,62 78,88 50,102 14,88",
        ),
    ),
    (  # 6
        _way(  # the loop closes on the stem: curved, straight and slanting stems, big and small loops
            5.0,
            "70,0 40,20 18,54 20,84 46,100 76,88 80,66 54,54 22,70",
            "48,0 32,26 20,56 22,86 50,100 76,90 80,72 56,60 24,76",
            "84,4 46,16 12,50 14,84 44,100 76,86 80,62 50,48 14,64",
            "36,0 26,30 18,60 24,90 54,100 82,86 80,64 54,58 26,80",
            "60,0 30,24 6,56 14,90 56,100 98,84 92,54 50,46 16,76",
            "90,-10 50,28 22,66 26,90 48,100 66,92 68,78 52,72 26,86",
            "26,10 10,34 6,66 24,94 60,98 92,78 86,50 48,40 12,60",
            "40,0 26,28 18,58 26,88 44,100 56,88 54,72 40,68 24,84",
            "44,0 20,34 4,74 18,98 60,98 96,76 84,60 46,64 8,92",
        ),
        _way(  # the loop ends inside, or crosses the stem
            2.2,
            "68,0 38,22 16,58 24,90 52,98 74,82 66,64 46,64 36,80",
            "62,0 38,22 18,56 18,86 48,100 78,86 74,62 44,56 6,76",
            "52,0 28,26 12,60 26,94 62,98 86,72 70,48 46,58 40,82",
            "22,4 6,34 12,72 44,98 80,86 96,54 78,38 52,58 44,94",
            "30,-6 14,30 14,68 36,96 66,94 84,70 74,52 54,60 46,90",
        ),
        _way(  # begun with a small hook or wave
            0.8,
            "10,14 30,4 28,30 16,64 28,94 60,98 80,76 62,56 26,74",
            "84,18 68,0 36,16 14,56 24,92 54,100 80,82 66,60 22,72",
        ),
    ),
    (  # 7
        _way(  # plain: sharp corner, straight or curved stem, wide or narrow
            4.0,
            "8,4 46,3 86,2! 64,48 44,100",
            "6,10 46,6 90,0! 58,46 48,100",
            "14,2 46,6 82,6! 66,50 30,100",
            "22,14 46,10 72,4! 66,50 54,100",
            "-4,10 40,6 92,6! 78,44 74,100",
        ),
        _way(  # round corner
            1.4,
            "8,12 40,2 76,4 82,20 62,56 48,100",
            "6,6 42,8 80,2 84,14 58,50 36,100",
            "16,20 34,2 66,0 78,20 68,58 62,100",
        ),
        _way(  # serif at the left, or a wave
            1.4,
            "10,24 12,4! 46,5 86,4! 62,48 44,100",
            "6,18 14,4! 46,8 86,2! 64,52 50,100",
            "14,30 20,0! 44,10 90,-6! 64,48 46,100",
            "4,36 14,10! 44,20 88,4! 70,48 52,100",
        ),
        _way(  # crossed
            2.0,
            "8,4 46,3 86,2! 64,48 44,100 / 34,52 56,50 80,48",
            "8,10 46,4 90,2! 62,46 36,100 / 24,58 54,50 88,42",
            "16,4 44,6 78,4! 62,48 54,100 / 18,50 56,52 96,50",
        ),
        _way(  # serif and crossed
            1.2,
            "10,22 12,4! 46,5 86,4! 62,48 44,100 / 32,52 56,50 82,48",
            "8,28 18,4! 46,8 84,0! 66,46 40,100 / 22,46 58,54 96,46",
            "8,40 10,10! 44,16 92,2! 68,50 38,100 / 26,54 58,50 98,44",
        ),
        _way(  # a curl at the left
            0.5,
            "30,26 8,22 10,4 40,4 88,2! 66,48 46,100",
            "12,32 4,14 20,2 48,10 92,4! 72,50 60,100",
        ),
        _way(  # a curl at the left, crossed
            0.9,
            "14,34 4,18 16,4 44,12 88,4! 66,48 44,100 / 32,52 58,50 86,48",
            "30,24 10,30 4,12 30,4 92,2! 64,50 36,100 / 20,56 54,50 90,42",
            "34,22 8,24 12,2 52,8 90,0! 66,46 40,100 / 26,50 56,48 90,44",
        ),
    ),
    (  # 8
        _way(  # one s-shaped stroke that returns
            4.0,
            "76,14 50,0 24,16 32,38 52,48 76,64 78,88 50,100 22,86 26,64 50,48 72,34 78,12",
            "84,10 56,0 30,14 34,36 52,50 70,66 70,88 46,100 18,88 26,66 50,50 72,32 88,4",
            "70,22 56,2 28,10 24,32 48,48 74,64 80,86 54,100 24,92 20,70 44,52 68,36 66,10",
            "66,12 50,0 36,14 38,32 50,42 80,60 84,86 50,100 16,84 18,60 48,42 62,28 62,6",
            "84,14 50,-2 14,20 28,48 52,60 66,74 64,90 48,98 34,90 36,74 52,58 78,42 82,10",
            "62,14 50,0 36,16 38,38 50,50 62,66 64,88 50,100 36,86 38,64 50,50 62,34 64,12",
        ),
        _way(  # a straight back-stroke, often open at the top
            1.8,
            "72,10 44,2 18,18 30,38 54,52 74,68 70,92 40,100 18,86 34,66 62,40 92,6",
            "62,2 36,0 14,16 26,36 56,54 76,74 62,96 34,98 18,82 38,60 60,40 80,16",
            "90,14 64,0 38,12 40,34 54,52 60,70 50,92 28,100 12,86 30,66 66,38 104,16",
            "96,2 62,2 32,14 34,34 48,50 48,74 34,92 16,100 16,86 38,62 68,34 102,-2",
        ),
        _way(  # two circles
            1.4,
            "50,0 28,12 28,36 50,48 72,36 72,12 50,0 / 50,48 24,60 20,84 50,100 80,84 76,60 50,48",
            "48,2 26,14 30,36 52,44 70,34 70,14 50,0 / 46,46 16,60 18,88 50,100 80,86 78,58 52,44",
        ),
        _way(  # begun at the waist
            1.0,
            "50,48 26,34 28,10 52,0 74,12 70,34 48,50 22,64 22,88 50,100 78,86 74,62 50,48",
            "46,46 24,30 30,8 56,0 78,14 66,36 44,54 20,70 26,92 52,100 76,84 68,60 44,44",
        ),
        _way(  # open at the foot
            0.3,
            "18,98 34,74 52,50 72,26 64,4 42,0 30,18 48,48 68,74 84,100",
            "22,86 28,70 46,50 66,24 62,4 46,2 34,20 50,48 70,76 58,102",
        ),
    ),
    (  # 9
        _way(  # loop and straight stem
            4.0,
            "78,12 48,0 20,16 20,40 46,52 72,36 80,8! 78,50 74,100",
            "76,18 54,2 26,8 16,34 38,48 66,36 80,12! 72,52 58,100",
            "70,6 42,0 16,20 22,44 50,48 74,30 80,2! 80,50 80,100",
            "82,10 40,0 4,22 8,54 42,64 74,42 84,6! 84,54 84,100",
            "66,12 54,0 38,12 36,30 48,36 60,28 68,8! 64,50 60,100",
            "86,14 48,0 8,26 8,62 44,74 76,50 88,6! 88,60 88,100",
            "72,6 40,4 2,36 14,62 44,54 68,30 76,2! 64,52 46,104",
        ),
        _way(  # the loop runs on into a curved stem
            2.4,
            "80,20 54,0 22,14 20,40 46,50 74,34 80,22 76,60 58,100",
            "70,26 66,6 36,2 18,28 36,50 66,38 76,16 70,60 40,100",
            "84,26 58,2 24,8 14,36 42,48 72,36 84,24 84,60 72,100",
        ),
        _way(  # hooked tail
            2.0,
            "78,14 50,0 22,16 20,40 46,52 74,38 80,14! 80,52 72,86 44,100 12,88",
            "76,10 48,0 20,18 24,42 48,48 72,32 78,8! 76,50 64,90 38,100 14,94",
            "64,14 46,0 28,12 28,34 44,40 62,28 68,8! 74,44 72,84 46,102 6,96",
            "74,4 44,6 26,26 32,48 54,50 72,34 76,6! 72,44 60,82 36,96 2,80",
            "60,18 50,2 32,10 28,32 46,38 58,24 66,12! 72,40 70,84 42,102 12,84",
        ),
        _way(  # open at the top, like a g or a y
            0.9,
            "76,6 44,2 14,10 10,40 40,48 78,42 78,6! 78,50 76,100",
            "84,4 46,2 18,14 20,36 50,42 84,32 86,0! 80,50 72,100",
            "54,0 34,4 18,18 20,40 46,48 70,32 82,10! 72,54 58,100",
            "92,10 52,2 20,16 14,36 34,46 58,40 76,24! 66,58 52,100",
        ),
        _way(  # circle and stem
            0.8,
            "62,4 34,4 16,24 28,46 54,44 70,24 62,4 / 74,2 74,50 70,100",
            "50,0 24,10 20,36 46,48 70,36 72,12 50,0 / 72,20 70,60 60,100",
        ),
    ),
)


# How far hands stray; lengths in units of the 100 by 100 box. Standard deviations unless a range is named.
WOBBLE = 4.5  # of each control point
MISPLACED = 3.5  # each stroke as a whole
RESIZED = 0.09  # each stroke, relative
OVERSHOT = 0.2  # the ends of a stroke, as a share of the way to the next control point
TREMOR = 1.1  # of smooth noise along the stroke
TREMOR_WAVE = 12.0  # length of the shortest wave
WIDTH = 0.28  # relative, of the logarithm
SLANT = (0.14, 0.33)  # mean and deviation, as a share of the height; most hands lean to the right
ROTATION = 0.10  # radians
BENT = 0.10  # coefficients of the quadratic terms of the warp
ROUNDING = (0.5, 5.0)  # range of the smoothing along the stroke
SPACING = (2.0, 14.0)  # range between points: tablets and mice differ
PEN = (0.07, 0.17)  # range of its width as a share of the box
STEP = 1.0  # between points while the stroke is formed


def write(digit: int, rng: np.random.Generator) -> list[Stroke]:
    """Strokes of one handwritten `digit`: float32 (points, 2), x to the right, y down, about 1 high.

    Raises ValueError unless `digit` is from 0 to 9.
    """
    if digit not in range(10):
        raise ValueError(f"A digit is a whole number from 0 to 9; got {digit!r}.")
    ways = ALLOGRAPHS[digit]
    weights = np.array([way.weight for way in ways])
    return write_way(ways[rng.choice(len(ways), p=weights / weights.sum())], rng)


def write_way(way: Allograph, rng: np.random.Generator) -> list[Stroke]:
    """Strokes of something written in one `way`, with all that goes wrong: as `write` gives them."""
    shares = rng.dirichlet(np.full(len(way.poses), 0.8))
    rounding, spacing = rng.uniform(*ROUNDING), rng.uniform(*SPACING)
    strokes = []
    for number, corners in enumerate(way.poses[0].corners):
        points = sum(share * pose.strokes[number] for share, pose in zip(shares, way.poses, strict=True))
        curve = _curve(_stray(np.asarray(points), rng), corners)
        strokes.append(_thin(_smooth(curve + _tremor(len(curve), rng), rounding), spacing))
    return [(np.rint(stroke * GRID) / GRID).astype(np.float32) for stroke in _lean(strokes, rng)]


def _stray(points: Points, rng: np.random.Generator) -> Points:
    """Control points of a stroke, each a little off, the stroke misplaced and resized, its ends short or too long."""
    points = points + rng.normal(0, WOBBLE, points.shape)
    first, last = OVERSHOT * rng.normal(size=2)
    points[0] += first * (points[0] - points[1])
    points[-1] += last * (points[-1] - points[-2])
    centre = points.mean(axis=0)
    moved: Points = (points - centre) * (1 + RESIZED * rng.normal(size=2)) + centre + rng.normal(0, MISPLACED, 2)
    return moved


def _curve(points: Points, corners: NDArray[np.bool_]) -> Points:
    """A curve through `points`, smooth but at the corners, with points about STEP apart."""
    ends = [0, *np.flatnonzero(corners[1:-1]) + 1, len(points) - 1]
    pieces = [_spline(points[first : last + 1]) for first, last in pairwise(ends)]
    curve = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    even = np.linspace(0, length[-1], max(2, round(length[-1] / STEP)))
    return np.stack([np.interp(even, length, axis) for axis in curve.T], axis=1)


def _spline(points: Points) -> Points:
    """The centripetal Catmull-Rom spline through `points` (Yuksel, Schaefer and Keyser 2011): no cusps, no loops."""
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(points, axis=0).T) + 1e-9))])
    order: Literal[1, 2] = 2 if len(points) > 2 else 1
    slopes = np.stack([np.gradient(axis, knots, edge_order=order) for axis in points.T], axis=1)
    at = np.linspace(0, knots[-1], 12 * (len(points) - 1) + 1)
    i = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(points) - 2)
    width = (knots[i + 1] - knots[i])[:, None]
    t = (at - knots[i])[:, None] / width
    start, end = points[i], points[i + 1]
    curve: Points = (
        (1 + 2 * t) * (1 - t) ** 2 * start + t**2 * (3 - 2 * t) * end
        + width * t * (1 - t) * ((1 - t) * slopes[i] - t * slopes[i + 1])
    )  # fmt: skip
    return curve


def _tremor(count: int, rng: np.random.Generator) -> Points:
    """Smooth noise for `count` points of a stroke."""
    knots = rng.normal(0, TREMOR, (2 + int(count * STEP / TREMOR_WAVE), 2))
    at = np.linspace(0, len(knots) - 1, count)
    return np.stack([np.interp(at, np.arange(len(knots)), axis) for axis in knots.T], axis=1)


def _smooth(curve: Points, width: float) -> Points:
    """`curve` with its corners rounded by a bell of `width`; the ends stay where they are."""
    reach = min(int(2.5 * width / STEP), len(curve) - 1)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * STEP / width) ** 2)
    before, after = 2 * curve[0] - curve[reach:0:-1], 2 * curve[-1] - curve[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, curve, after])
    return np.stack([np.convolve(axis, bell / bell.sum(), "valid") for axis in padded.T], axis=1)


def _thin(curve: Points, spacing: float) -> Points:
    """Of the points of `curve` those about `spacing` apart, both ends included."""
    count = 2 + round(len(curve) * STEP / spacing)
    return curve[np.linspace(0, len(curve) - 1, count).round().astype(np.intp)]


def _lean(strokes: Sequence[Points], rng: np.random.Generator) -> list[Points]:
    """`strokes` in a box about 1 high: made wider or narrower, slanted, rotated and bent, all parts together."""
    width = np.exp(WIDTH * rng.normal())
    turn, slant = rng.normal(0, ROTATION), rng.normal(*SLANT)
    warp = rng.normal(0, BENT, (3, 2))
    leaning = []
    for stroke in strokes:
        x, y = stroke.T / 50 - 1  # both from -1 to 1
        flat = np.stack([x, y], axis=1) + np.stack([x * x, x * y, y * y], axis=1) @ warp
        x, y = flat[:, 0] * width - slant * flat[:, 1], flat[:, 1]
        leaning.append(np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1) / 2)
    return leaning
