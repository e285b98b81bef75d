"""Which runs differ in their seed alone, and their mean and spread."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import Spread
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run
from resnet_gui.core.seeds import mean_and_band, seed_groups


def entry(name, seed, **recipe):
    return Entry(Run(name, Experiment(Architecture(), Recipe(seed=seed, **recipe))), name, 0)


def test_runs_that_differ_in_their_seed_alone_belong_together():
    entries = [entry("a", 0), entry("b", 0, batch_size=32), entry("c", 7), entry("d", 7, batch_size=32), entry("e", 0)]
    groups = [[each.name for each in group] for group in seed_groups(entries)]
    assert groups == [["a", "c", "e"], ["b", "d"]]
    assert seed_groups([]) == []


def test_a_band_goes_from_the_lowest_to_the_highest_or_one_deviation_to_both_sides():
    values = np.array([[1.0, 4.0], [2.0, 4.0], [6.0, 4.0]])
    mean, low, high = mean_and_band(values, Spread.RANGE)
    assert (mean.tolist(), low.tolist(), high.tolist()) == ([3, 4], [1, 4], [6, 4])
    mean, low, high = mean_and_band(values, Spread.DEVIATION)
    deviation = np.std(values, axis=0, ddof=1)
    assert low == pytest.approx(mean - deviation)
    assert high == pytest.approx(mean + deviation)


@pytest.mark.parametrize("spread", [Spread.RANGE, Spread.DEVIATION])
def test_a_mean_needs_two_values_that_are_finite(spread):
    values = np.array([[1.0, np.nan, np.inf, 1e308], [3.0, 2.0, np.nan, 1e308], [np.nan, np.nan, 2.0, 1e308]])
    mean, low, high = mean_and_band(values, spread)
    assert mean[0] == 2
    assert np.isnan(mean[1:3]).all()
    assert np.isnan(low[1:3]).all()
    assert np.isnan(high[1:3]).all()
