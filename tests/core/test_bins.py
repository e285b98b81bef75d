"""Long curves in few values."""

import numpy as np
import pytest

from resnet_gui.core.bins import FIRST_BIN, Bins
from resnet_gui.core.history import Curve


def make_curve(values):
    curve = Curve()
    curve.extend(np.asarray(values, np.float32))
    return curve


@pytest.mark.parametrize("size", [1, 2, 16, FIRST_BIN, 128, 4096])
def test_bins_of_a_growing_curve_are_those_of_a_whole_one(size):
    values = np.random.default_rng(0).random(5000).astype(np.float32)
    curve = Curve()
    bins = Bins(curve)
    for start in range(0, 5000, 300):
        curve.extend(values[start : start + 300])
        for first in (0, size):
            parts = np.split(curve.values[first:], range(size, max(len(curve) - first, size), size))
            low, high = bins.extremes(first, len(curve), size)
            if len(curve) > first:
                np.testing.assert_array_equal(low, [part.min() for part in parts if len(part)])
                np.testing.assert_array_equal(high, [part.max() for part in parts if len(part)])


def test_no_peak_is_lost():
    values = np.zeros(100_000)
    values[[3, 77_777, 99_999]] = [9, -9, 5]
    low, high = Bins(make_curve(values)).extremes(0, 100_000, 128)
    assert len(low) == len(high) == 782
    assert list(np.flatnonzero(high)) == [0, 781]
    assert list(np.flatnonzero(low)) == [77_777 // 128]


def test_means_are_those_of_whole_bins():
    middles, means = Bins(make_curve(range(1, 151))).means(0, 150, 64)
    assert means == pytest.approx([32.5, 96.5])
    assert middles == pytest.approx(means)
    assert not len(Bins(make_curve(range(1, 11))).means(0, 10, 64)[1])


@pytest.mark.parametrize("size", [1, 2, FIRST_BIN, 128])
def test_values_that_were_taken_back_are_forgotten(size):
    curve = make_curve(np.zeros(1000))
    bins = Bins(curve)
    bins.extremes(0, 1000, size)
    curve.cut(100)
    curve.extend(np.ones(900, np.float32))
    low, high = bins.extremes(128, 1000, size)
    assert set(low) == set(high) == {1}


def test_what_is_not_finite_is_left_out_of_extremes():
    values = np.ones(100)
    values[:40] = np.nan
    values[50:60] = [np.inf, -np.inf] * 5
    low, high = Bins(make_curve(values)).extremes(0, 100, FIRST_BIN)
    np.testing.assert_array_equal(low, [np.nan, 1, 1, 1])
    np.testing.assert_array_equal(high, [np.nan, 1, 1, 1])


def test_values_whose_sum_is_too_large_break_nothing():
    low, high = Bins(make_curve([3e38] * 100)).extremes(0, 100, 64)
    assert low == pytest.approx([3e38] * 2)
    assert high == pytest.approx([3e38] * 2)
