"""Which runs differ in their seed alone, and their mean and spread."""

import numpy as np
import pytest

from resnet_gui.core.curve_options import Spread
from resnet_gui.core.seeds import mean_and_band


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
