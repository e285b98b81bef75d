"""What one device draws between press and release, as lines that grow on a paper of side 1."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from resnet_gui.core.strokes import Stroke

LIGHTEST = 0.35  # width of a line without pressure, as a factor of the pen's

Point = tuple[float, ...]  # x, y in shares of the paper; with pressure also the factor of the pen's width
Line = tuple[Point, Point]


@dataclass(frozen=True)
class Pointer:
    """What draws: a mouse, the pen, one of the fingers, the keyboard. It `erases`, whatever tool is chosen."""

    device: str
    finger: int = 0
    erases: bool = False


def width_of(pressure: float) -> float:
    """The factor of the pen's width, LIGHTEST to 1, for a pressure of 0 to 1."""
    # People write with a third of a tablet's full pressure: the root gives them most of the width.
    return LIGHTEST + (1 - LIGHTEST) * sqrt(min(max(pressure, 0.0), 1.0))


class Gesture:
    """Several pieces if the device leaves the paper and comes back."""

    def __init__(self) -> None:
        self.last: Point | None = None  # where the device is, which may be off the paper
        self._pieces: list[_Piece] = []

    @property
    def strokes(self) -> list[Stroke]:
        """The lines so far, read-only: float32 (points, 2), or (points, 3) with pressure."""
        return [piece.points for piece in self._pieces]

    def go_to(self, point: Point) -> Line | None:
        """Follow the device; the line of new ink, if any."""
        before = self.last
        if before is not None and point[:2] == before[:2] and point[2:] <= before[2:]:
            return None  # pressing harder makes a dot thicker; letting go does not make it thinner
        self.last = point
        line = on_paper(before or point, point)
        if line is None:
            return None
        start, end = line
        if before is None or start != before:  # comes from off the paper
            self._pieces.append(_Piece(start))
        if start != end:
            self._pieces[-1].add(end)
        return line


class _Piece:
    """A growing line. Points are only ever added, so views of it stay as they are."""

    def __init__(self, start: Point) -> None:
        self._room = np.empty((64, len(start)), np.float32)
        self._room[0] = start
        self.size = 1

    @property
    def points(self) -> Stroke:
        view = self._room[: self.size]
        view.flags.writeable = False
        return view

    def add(self, point: Point) -> None:
        if self.size == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self.size] = point
        self.size += 1


def on_paper(start: Point, end: Point) -> Line | None:
    """The part of the line from `start` to `end` that lies in the unit square (Liang and Barsky, 1984)."""
    enter, leave = 0.0, 1.0
    for a, b in zip(start[:2], end[:2], strict=True):
        if a == b:
            if not 0.0 <= a <= 1.0:
                return None
            continue
        low, high = sorted(((0.0 - a) / (b - a), (1.0 - a) / (b - a)))
        enter, leave = max(enter, low), min(leave, high)
    if enter > leave:
        return None
    return (_between(start, end, enter) if enter > 0 else start), (_between(start, end, leave) if leave < 1 else end)


def _between(start: Point, end: Point, share: float) -> Point:
    return tuple(min(max(a + (b - a) * share, 0.0), 1.0) for a, b in zip(start, end, strict=True))
