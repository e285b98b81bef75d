"""What is drawn of a run, and of the mean of several, in a window."""

import numpy as np
import pytest

from resnet_gui.core.curve_options import Axis, CurveOptions, Quantity
from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.mean_series import MeanSeries
from resnet_gui.core.ruler import Ruler
from resnet_gui.core.run import Run
from resnet_gui.core.series import Series
from resnet_gui.core.window import Window, pieces_of


def make_run(losses, seed=0, pace=0.1):
    run = Run(str(seed), Experiment(recipe=Recipe(seed=seed)))
    loss = np.asarray(losses, np.float32)
    run.apply(StepsEnded(run.id, 0, loss, np.clip(1 - loss / 4, 0, 1), 1.0, 1.0, pace * len(loss)))
    return run


def update(series, runs, options, low=None, high=None, pixels=600):
    ruler = Ruler(runs, options.axis, options.log_x)
    steps = series.steps
    ends = ruler.places(np.array([1.0, steps]))
    low = ends[0] if low is None else low
    window = Window(low, max(ends[1], low + 0.5) if high is None else high, pixels)
    return series.update(pieces_of(window, ruler, ruler.reach(steps), options.log_x), ruler, options)


@pytest.mark.parametrize("axis", list(Axis)[:1] + list(Axis)[2:])
@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize("smoothing", [0, 3, 7])
@pytest.mark.parametrize("steps", [1, 5, 300, 5_000, 200_000])
def test_every_extreme_is_drawn_in_order_and_with_few_points(axis, log_x, smoothing, steps):
    losses = np.random.default_rng(0).random(steps)
    losses[steps // 2] = 7
    run = make_run(losses)
    series = Series(run, Quantity.LOSS)
    update(series, [run], CurveOptions(axis=axis, log_x=log_x, smoothing=smoothing))
    left, right, low, high = series.raw
    assert high.max() == 7
    assert low.min() == losses.astype(np.float32).min()
    assert (np.diff(left) >= 0).all()
    assert (right >= left).all()
    assert len(left) < 1_500
    assert (np.diff(series.smooth[0]) >= 0).all()
    assert (len(series.smooth[0]) > 0) is (smoothing > 0)


@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize("smoothing", [1, 3, 4, 6, 7])
@pytest.mark.parametrize("steps", [400, 6_000, 100_000])
def test_a_smoothed_straight_line_is_that_line(log_x, smoothing, steps):
    slope = np.arange(1, steps + 1) / steps
    run = make_run(slope)
    series = Series(run, Quantity.LOSS)
    options = CurveOptions(log_x=log_x, smoothing=smoothing)
    for low, high in ((1, steps), (steps // 3, steps // 2), (steps // 2, 2 * steps)):
        ends = np.log10([low, high]) if log_x else [low, high]
        update(series, [run], options, *ends)
        places, values = series.smooth
        step = 10**places if log_x else places
        assert values == pytest.approx(step / steps, abs=2e-4)
        first, last = max(low, options.span), min(high, steps - options.span / 8)
        first, last = np.log10([first, last]) if log_x else (first, last)
        pixel = (ends[1] - ends[0]) / 600
        assert places[0] <= first + 9 * pixel
        assert places[-1] >= last - 9 * pixel


def test_steps_that_took_long_leave_the_order_as_it_is():
    run = Run("a", Experiment())
    for first, steps, end in ((0, 3, 30.0), (3, 1_000, 31.0), (1_003, 2, 90.0), (1_005, 90_000, 95.0)):
        ones = np.ones(steps, np.float32)
        run.apply(StepsEnded("a", first, ones, ones, 1.0, 1.0, end))
    for log_x in (False, True):
        series, options = Series(run, Quantity.LOSS), CurveOptions(axis="time", log_x=log_x)
        update(series, [run], options)
        assert (np.diff(series.raw[0]) >= 0).all()
        assert (np.diff(series.smooth[0]) >= 0).all()
        assert len(series.raw[0]) < 30_000
        ruler = Ruler([run], Axis.TIME, log_x)
        assert series.raw[1][-1] == pytest.approx(float(ruler.places(np.array([91_005.0]))[0]))


def test_growth_says_from_where_on_it_looks_different():
    run = make_run(np.ones(10_000))
    series, options = Series(run, Quantity.LOSS), CurveOptions()
    assert update(series, [run], options, 0, 20_000) == -np.inf
    assert update(series, [run], options, 0, 20_000) == np.inf
    ones = np.ones(10, np.float32)
    run.apply(StepsEnded(run.id, 10_000, ones, ones, 1.0, 1.0))
    assert 9_500 < update(series, [run], options, 0, 20_000) < 10_000
    run.apply(EpochEnded(run.id, 0, 5_000, 1.0, 0.5))
    assert update(series, [run], options, 0, 20_000) == -np.inf


def test_what_is_read_is_what_is_drawn():
    run = make_run(np.linspace(2, 1, 1_000))
    run.apply(EpochEnded(run.id, 0, 500, 1.75, 0.5))
    series = Series(run, Quantity.LOSS)
    update(series, [run], CurveOptions(log_y=True))
    training, validation = series.read(750.0)
    assert series.unshown(training) == pytest.approx(1.25, abs=0.01)
    assert series.unshown(validation) == pytest.approx(1.75)
    assert series.read(250.0)[1] is None  # no epoch has ended by then
    assert series.read(1_010.0) == (None, None)
    error = Series(run, Quantity.ERROR)
    update(error, [run], CurveOptions(smoothing=0))
    assert error.read(1.0)[0] == pytest.approx(50.0)


def test_the_range_worth_seeing_leaves_out_a_diverging_end():
    run = make_run([*np.linspace(2, 1, 1_000), 1e20, 1e30, 3.4e38])
    series = Series(run, Quantity.LOSS)
    update(series, [run], CurveOptions())
    low, top = series.extent()
    assert low == pytest.approx(1, abs=0.01)
    assert 2 <= top < 10
    empty = Series(Run("b", Experiment()), Quantity.LOSS).extent()
    assert empty[0] > empty[1]


def mean_of(runs, options, **window):
    series = MeanSeries([Series(run, Quantity.LOSS) for run in runs])
    update(series, runs, options, **window)
    return series


@pytest.mark.parametrize("smoothing", [0, 3, 7])
@pytest.mark.parametrize("axis", ["step", "images", "time"])
@pytest.mark.parametrize("log_x", [False, True])
def test_a_mean_goes_as_far_as_two_runs_do(smoothing, axis, log_x):
    lengths, levels = (10_000, 8_000, 3_000), (1.0, 2.0, 6.0)
    runs = [make_run(np.full(n, level), seed) for seed, (n, level) in enumerate(zip(lengths, levels, strict=True))]
    series = mean_of(runs, CurveOptions(smoothing=smoothing, axis=axis, log_x=log_x, spread="range"))
    assert series.steps == 8_000
    places, mean = series.smooth
    assert (np.diff(places) > 0).all()
    assert mean[0] == pytest.approx(3.0)
    assert mean[-1] == pytest.approx(1.5)
    assert set(np.round(mean, 3)) == {3.0, 1.5}
    assert set(series.band[1]) == {1.0}
    assert set(series.band[2]) == {6.0, 2.0}
    assert series.read(places[-1])[0] == pytest.approx(1.5)
    assert series.nearest(places[2], 5.0) is runs[2]


def test_a_window_where_one_run_has_ended_shows_the_mean_of_the_others():
    runs = [make_run(np.full(n, 1.0 + seed), seed) for seed, n in enumerate((10_000, 9_000, 300))]
    series = mean_of(runs, CurveOptions(spread="deviation"), low=5_000, high=6_000)
    assert set(series.smooth[1]) == {1.5}
    assert series.band[2] == pytest.approx(1.5 + np.sqrt(0.5))


def test_validation_of_several_seeds_has_a_mean_and_alone_a_band():
    runs = [make_run(np.ones(100), seed) for seed in range(2)]
    for run, figure in zip(runs, (1.0, 3.0), strict=True):
        run.apply(EpochEnded(run.id, 0, 50, figure, 0.5))
    runs[0].apply(EpochEnded(runs[0].id, 1, 100, 9.0, 0.5))  # which the other has not reached
    both = mean_of(runs, CurveOptions(spread="range"))
    assert (both.marks[0].tolist(), both.marks[1].tolist()) == ([50], [2])
    assert set(both.band[2]) == {1.0}  # of training
    alone = mean_of(runs, CurveOptions(spread="range", split="validation"))
    assert (alone.band[1].tolist(), alone.band[2].tolist()) == ([1], [3])


def test_the_mean_error_has_its_band_the_right_way_round():
    runs = [make_run(np.full(100, level), seed) for seed, level in enumerate((1.0, 3.0))]
    series = MeanSeries([Series(run, Quantity.ERROR) for run in runs])
    update(series, runs, CurveOptions(spread="range"))
    assert series.band[1][0] == pytest.approx(25)
    assert series.band[2][0] == pytest.approx(75)
    assert series.smooth[1][0] == pytest.approx(50)
