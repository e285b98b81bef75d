"""Long curves in few values: the lowest, highest and mean of every 32, 64, 128, … steps, kept while a curve grows."""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.history import Curve

FIRST_BIN = 32  # steps; smaller bins are made when they are asked for, which is of few steps

Floats = NDArray[np.float32]


class _Level:
    """All whole bins of one size."""

    def __init__(self) -> None:
        self.low, self.high, self.mean = Curve(), Curve(), Curve()

    def take(self, finer: "_Level", new: slice) -> None:
        """Append what is new in the next finer level, two bins as one."""
        self.extend(finer.low.values[new], finer.high.values[new], finer.mean.values[new], by=2)

    def extend(self, low: Floats, high: Floats, mean: Floats, by: int) -> None:
        """Append values or finer bins, shape (n * by,), as n bins."""
        self.low.extend(reduce(np.fmin, low.reshape(-1, by).T))
        self.high.extend(reduce(np.fmax, high.reshape(-1, by).T))
        with np.errstate(over="ignore"):  # of a curve that diverges
            self.mean.extend(reduce(np.add, mean.reshape(-1, by).T) / np.float32(by))


class Bins:
    """What a curve looks like from afar, at a cost that depends on the number of bins alone.

    Sizes of bins are powers of two. A bin's extremes leave out what is not finite; its mean is NaN then.
    """

    def __init__(self, curve: Curve) -> None:
        self._curve, self._cuts = curve, curve.cuts
        self._levels = [_Level()]  # the n-th has bins of FIRST_BIN * 2**n steps

    def extremes(self, first: int, last: int, size: int) -> tuple[Floats, Floats]:
        """The lowest and the highest value of each bin of the steps `first` (a multiple of `size`) to `last`."""
        if size == 1:
            values = _clean(self._curve.values[first:last])
            return values, values
        level = self._level(size)
        low, high = (curve.values[first // size : last // size] for curve in (level.low, level.high))
        # The last bin is mostly still growing, and small ones are not kept.
        start = first + size * len(low)
        if start < last:
            values, starts = _clean(self._curve.values[start:last]), np.arange(0, last - start, size)
            low = np.concatenate([low, np.fmin.reduceat(values, starts)])
            high = np.concatenate([high, np.fmax.reduceat(values, starts)])
        return low, high

    def means(self, first: int, last: int, size: int) -> tuple[NDArray[np.floating[Any]], Floats]:
        """The middle and the mean of each whole bin, of FIRST_BIN steps or more, from `first` to `last`."""
        means = self._level(size).mean.values[first // size : last // size]
        return first + size * np.arange(len(means)) + (size + 1) / 2, means

    def _level(self, size: int) -> _Level:
        """The whole bins of `size` steps, up to date; none for sizes that are not kept."""
        self._extend()
        index = (size // FIRST_BIN).bit_length() - 1
        return self._levels[index] if 0 <= index < len(self._levels) else _Level()

    def _extend(self) -> None:
        """Take in what the curve grew by: each level from the one below, so that a step costs the same on average."""
        if self._curve.cuts != self._cuts:
            self._cuts, self._levels = self._curve.cuts, [_Level()]
        done, whole = FIRST_BIN * len(self._levels[0].low), len(self._curve) // FIRST_BIN * FIRST_BIN
        if done == whole:
            return
        values = _clean(self._curve.values[done:whole])
        self._levels[0].extend(values, values, values, by=FIRST_BIN)
        index = 1
        while len(finer := self._levels[index - 1].low) > 1:
            if index == len(self._levels):
                self._levels.append(_Level())
            coarser = self._levels[index]
            new = slice(2 * len(coarser.low), len(finer) // 2 * 2)
            if new.start == new.stop:
                return  # nor has a coarser level anything new
            coarser.take(self._levels[index - 1], new)
            index += 1


def _clean(values: Floats) -> Floats:
    """`values` with NaN for all that is not finite."""
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, np.float32(np.nan))
