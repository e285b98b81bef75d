"""Mean and spread of runs that differ in their seed alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.curve_options import Spread

LEAST = 2  # runs that a mean is taken of

Floats = NDArray[np.floating[Any]]


def mean_and_band(values: Floats, spread: Spread) -> tuple[Floats, Floats, Floats]:
    """Mean, lower and upper end of the band of each column of `values`, shape (runs, n), NaN where a run has none.

    NaN where fewer than two runs have a value. A deviation is that of the sample (divided by n - 1), for the runs
    are a few of many seeds.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    enough = count >= LEAST
    kept = np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.where(enough, kept.sum(axis=0) / count, np.nan)
        if spread is Spread.DEVIATION:
            squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
            deviation = np.sqrt(squares / (count - 1))
            return mean, mean - deviation, mean + deviation
    low = np.where(known, values, np.inf).min(axis=0)
    high = np.where(known, values, -np.inf).max(axis=0)
    return mean, np.where(enough, low, np.nan), np.where(enough, high, np.nan)
