"""The connected marks in a mask of ink, and what shape they have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # shape (height, width)
Numbers = NDArray[np.int64]  # shape (marks,)


@dataclass(frozen=True, eq=False)
class Marks:
    """The parts of a mask that hang together, by edges and corners. Boxes end before `right` and `bottom`."""

    labels: NDArray[np.int32]  # shape (height, width): number of the mark that a pixel belongs to, or -1
    left: Numbers
    top: Numbers
    right: Numbers
    bottom: Numbers
    area: Numbers
    edge: Numbers  # pixels that have a neighbour outside the mark

    @property
    def width(self) -> Numbers:
        """Columns from side to side."""
        return self.right - self.left

    @property
    def height(self) -> Numbers:
        """Rows from top to bottom."""
        return self.bottom - self.top

    @property
    def extent(self) -> Numbers:
        """The longer side of the box."""
        return np.maximum(self.width, self.height)

    @property
    def pen(self) -> NDArray[np.float64]:
        """Pixels across the line that the mark would be: twice its area over the length of its two edges."""
        return 2 * self.area / np.maximum(self.edge, 1)

    @property
    def fill(self) -> NDArray[np.float64]:
        """Share of the box that is inked."""
        return self.area / (self.width * self.height)


def find_marks(mask: Mask) -> Marks:
    """The connected marks of `mask`: the runs of each row, joined to the runs that they touch in the next row."""
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, start = np.nonzero(steps == 1)
    end = np.nonzero(steps == -1)[1]
    mark = _joined(*_touching(row, start, end, mask.shape[1] + 2), len(row))
    labels = np.full(mask.shape, -1, np.int32)
    labels[mask] = np.repeat(mark, end - start)
    count = int(mark.max(initial=-1)) + 1
    left, top = np.full(count, mask.shape[1]), np.full(count, mask.shape[0])
    right, bottom = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.minimum.at(left, mark, start)
    np.minimum.at(top, mark, row)
    np.maximum.at(right, mark, end)
    np.maximum.at(bottom, mark, row + 1)
    area = np.bincount(mark, end - start, count).astype(np.int64)
    edge = np.bincount(labels[rim(mask)], minlength=count)
    return Marks(labels, left, top, right, bottom, area, edge)


def rim(mask: Mask) -> Mask:
    """The pixels of `mask` that have a neighbour, above, below or beside them, which is outside."""
    around = np.pad(mask, 1)
    inside = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return mask & ~inside


def _touching(row: Numbers, start: Numbers, end: Numbers, wide: int) -> tuple[Numbers, Numbers]:
    """Pairs of runs that touch, the second in the row below; runs come in order and `wide` exceeds every column."""
    first = np.searchsorted(row * wide + end, (row + 1) * wide + start)
    after = np.searchsorted(row * wide + start, (row + 1) * wide + end, side="right")
    count = np.maximum(after - first, 0)
    upper = np.repeat(np.arange(len(row)), count)
    lower = np.arange(len(upper)) + np.repeat(first - (np.cumsum(count) - count), count)
    return upper, lower


def _joined(upper: Numbers, lower: Numbers, count: int) -> Numbers:
    """The number, from 0, of the part that each of `count` runs belongs to."""
    root = np.arange(count)
    while not np.array_equal(root[upper], root[lower]):
        least = np.minimum(root[upper], root[lower])
        for ends in (root[upper], root[lower], upper, lower):
            np.minimum.at(root, ends, least)
        root = root[root]
    return np.unique(root, return_inverse=True)[1]
