"""Runs that differ in their seed alone: who belongs together, and their mean and spread."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import Spread
from resnet_gui.core.experiment import Experiment

LEAST = 2  # runs that a mean is taken of

Floats = NDArray[np.floating[Any]]


def seed_groups(entries: Sequence[Entry]) -> list[tuple[Entry, ...]]:
    """The entries in groups whose experiments are equal but for the seed, in the order of their first ones."""
    groups: dict[Experiment, list[Entry]] = {}
    for entry in entries:
        experiment = entry.run.experiment
        groups.setdefault(replace(experiment, recipe=replace(experiment.recipe, seed=0)), []).append(entry)
    return [tuple(group) for group in groups.values()]


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
