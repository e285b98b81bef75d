"""A line for each kind of network, a point for each depth, and nothing dropped without a word."""

import math

import numpy as np
import pytest

from resnet_gui.core import bundled, estimate
from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.bundled import TEST_IMAGES as DIGITS
from resnet_gui.core.comparison import Entry
from resnet_gui.core.depth_chart import FIGURES, Point, XAxis, depth_chart, difference
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe
from resnet_gui.core.run import TEST_IMAGES, Run, State
from resnet_gui.core.statistics import wilson_interval

ERROR, LOSS = FIGURES["test_error"], FIGURES["training_loss"]


def entry(run_id, accuracy=None, losses=(), outcome=Outcome.FINISHED, **changes):
    names = Architecture.__dataclass_fields__
    architecture = Architecture(**{name: value for name, value in changes.items() if name in names})
    recipe = Recipe(**{name: value for name, value in changes.items() if name not in names})
    run = Run(run_id, Experiment(architecture, recipe))
    if len(losses):
        values = np.asarray(losses, np.float32)
        run.apply(StepsEnded(run_id, 0, values, values / 10, 1.0, 1.0))
    if outcome is not None:
        run.apply(RunEnded(run_id, outcome, "over", len(losses), test_accuracy=accuracy))
    return Entry(run, run_id, 0)


def points(chart):
    return {series.label: [(p.blocks, p.value) for p in series.points] for series in chart.series}


def test_a_line_for_each_shortcut_and_a_point_for_each_depth_plain_first():
    entries = [
        entry("a", 0.98, blocks=9),
        entry("b", 0.97, blocks=2),
        entry("c", 0.4, blocks=9, shortcut="none"),
        entry("d", 0.96, blocks=2, shortcut="none"),
        entry("e", 0.9, blocks=2, shortcut="A"),
    ]
    chart = depth_chart(entries, ERROR)
    assert [series.label for series in chart.series] == ["none (plain)", "option A", "identity"]
    assert points(chart)["none (plain)"] == [(2, pytest.approx(4)), (9, pytest.approx(60))]
    assert points(chart)["identity"] == [(2, pytest.approx(3)), (9, pytest.approx(2))]
    assert chart.notes == ()
    deep = chart.series[0].points[1]
    assert (deep.x(XAxis.LAYERS), deep.x(XAxis.BLOCKS)) == (20, 9)


def test_depth_counts_all_stages_and_bottlenecks():
    chart = depth_chart([entry("a", 0.9, blocks=3, stages=3, block="bottleneck", batch_norm=True)], ERROR)
    assert chart.series[0].points[0].layers == 29


def test_seeds_are_averaged_with_their_standard_deviation():
    entries = [entry(str(seed), accuracy, seed=seed) for seed, accuracy in enumerate((0.98, 0.97, 0.96))]
    (point,) = depth_chart(entries, ERROR).series[0].points
    assert point.value == pytest.approx(3)
    assert (point.deviation, point.bar.low, point.bar.high) == pytest.approx((1, 2, 4))
    assert len(point.seeds) == 3
    assert point.entries == tuple(entries)


def test_the_same_seed_twice_is_one_seed():
    entries = [entry("a", 0.98), entry("b", 0.96)]
    (point,) = depth_chart(entries, ERROR).series[0].points
    assert point.seeds == pytest.approx((3,))
    assert point.deviation is None
    assert len(point.entries) == 2


@pytest.mark.parametrize(("dataset", "images"), [("mnist", 10_000), ("digits", 4_000)])
def test_one_seed_has_the_interval_of_its_test_images(dataset, images):
    (point,) = depth_chart([entry("a", 0.98, dataset=dataset)], ERROR).series[0].points
    expected = wilson_interval(0.02, images)
    assert (point.bar.low, point.bar.high) == pytest.approx((100 * expected.low, 100 * expected.high))
    (point,) = depth_chart([entry("a", 0.98, dataset=dataset)], FIGURES["test_accuracy"]).series[0].points
    assert (point.bar.low, point.bar.high) == pytest.approx((100 - 100 * expected.high, 100 - 100 * expected.low))


def test_the_number_of_test_images_is_known_for_every_data_set():
    assert set(TEST_IMAGES) == {name.test for name in DatasetName}
    assert TEST_IMAGES["digits"] == DIGITS
    assert bundled.SCRIBBLES == estimate.SCRIBBLES


def test_a_loss_of_one_seed_has_no_bar_and_of_two_it_has():
    one, two = entry("a", losses=[1.0]), entry("b", losses=[3.0], seed=1)
    assert depth_chart([one], LOSS).series[0].points[0].bar is None
    bar = depth_chart([one, two], LOSS).series[0].points[0].bar
    assert (bar.low, bar.high) == pytest.approx((2 - math.sqrt(2), 2 + math.sqrt(2)))


def test_bars_do_not_leave_what_is_possible():
    entries = [entry("a", 1.0, seed=0), entry("b", 0.0, seed=1)]
    bar = depth_chart(entries, ERROR).series[0].points[0].bar
    assert (bar.low, bar.high) == (0, 100)


def test_figures_are_read_from_a_run():
    run = entry("a", 0.9, losses=[50.0] * 30 + [2.0] * 19 + [math.nan]).run
    run.apply(EpochEnded("a", 0, 50, 0.3, 0.8))
    run.apply(EpochEnded("a", 1, 50, 0.3, 0.7))
    values = {name: figure.value(run) for name, figure in FIGURES.items()}
    expected = {
        "test_error": 10, "test_accuracy": 90, "training_loss": 2, "training_error": 80, "validation_error": 20,
    }  # fmt: skip
    assert values == pytest.approx(expected)
    assert all(figure.value(Run("b", Experiment())) is None for figure in FIGURES.values())


def test_what_else_differs_makes_lines_of_their_own():
    entries = [entry("a", 0.9, width=16), entry("b", 0.9, width=32), entry("c", 0.9, width=16, shortcut="none")]
    assert [series.label for series in depth_chart(entries, ERROR).series] == [
        "none (plain), width 16", "identity, width 16", "identity, width 32",
    ]  # fmt: skip
    assert depth_chart(entries, ERROR).series[1].variant == "width 16"


def test_runs_that_diverged_are_kept_apart_and_noted():
    entries = [
        entry("a", 0.9, [1.0], blocks=2),
        entry("b", None, [9.0], Outcome.DIVERGED, blocks=2, seed=1),
        entry("c", None, [9.0], Outcome.DIVERGED, blocks=4),
    ]
    for figure in (ERROR, LOSS):
        chart = depth_chart(entries, figure)
        shallow, deep = chart.series[0].points
        assert len(shallow.entries) == len(shallow.diverged) == 1
        assert (deep.value, deep.bar, deep.diverged) == (None, None, (entries[2],))
        assert chart.series[0].measured == (shallow,)
        assert chart.notes == ("2 runs diverged: crosses at the top.",)
    assert shallow.value == pytest.approx(1)
    assert deep.best(LOSS) is entries[2]


def test_runs_without_the_figure_are_counted():
    entries = [
        entry("a", outcome=None),
        entry("b", losses=[1.0], outcome=None),
        entry("c", losses=[1.0], outcome=Outcome.STOPPED),
        entry("d", outcome=Outcome.FAILED),
        entry("e", 0.9),
    ]
    waiting = Run("f", Experiment(), state=State.QUEUED)
    chart = depth_chart([*entries, Entry(waiting, "f", 0)], ERROR)
    assert chart.notes == ("3 runs have no test error yet.", "2 runs ended without a test error.")
    assert chart.series[0].points[0].entries == (entries[4],)
    assert depth_chart(entries[:1], ERROR).series == ()
    assert depth_chart(entries[:1], ERROR).notes == ("1 run has no test error yet.",)


def test_runs_that_are_not_finished_count_with_what_they_have():
    entries = [entry("a", losses=[1.0], outcome=None), entry("b", losses=[3.0], outcome=Outcome.STOPPED, seed=1)]
    chart = depth_chart(entries, LOSS)
    assert chart.series[0].points[0].value == 2
    assert not chart.series[0].points[0].finished
    assert chart.notes == ("Hollow: 2 runs not trained to the end.",)
    assert depth_chart([entry("a", 0.9)], ERROR).series[0].points[0].finished


def test_the_best_run_of_a_point_is_the_one_with_the_best_figure():
    entries = [entry("a", 0.9), entry("b", 0.95, seed=1), entry("c", 0.92, seed=2)]
    for name in ("test_error", "test_accuracy"):
        (point,) = depth_chart(entries, FIGURES[name]).series[0].points
        assert point.best(FIGURES[name]).name == "b"


def test_no_runs_make_an_empty_chart():
    chart = depth_chart([], ERROR)
    assert (chart.series, chart.notes) == ((), ())


def test_the_same_runs_make_the_same_chart():
    entries = [entry("a", 0.9), entry("b", 0.8, blocks=4, shortcut=Shortcut.NONE)]
    assert depth_chart(entries, ERROR) == depth_chart(entries, ERROR)


def point(entries, figure=ERROR) -> Point:
    return depth_chart(entries, figure).series[0].points[0]


@pytest.mark.parametrize("name", ["test_error", "test_accuracy"])
def test_single_runs_are_told_apart_by_the_test_images(name):
    figure = FIGURES[name]
    good, bad = point([entry("a", 0.98)], figure), point([entry("b", 0.96)], figure)
    told = difference(good, bad, figure, ("good", "bad"))
    assert told.sentence == "good is better by 2.0 points (95 %: 1.5 to 2.5)."
    assert told.evidence == "10,000 test images"


def test_groups_of_seeds_are_told_apart_by_their_spread():
    groups = [[entry(f"{base}{seed}", base + seed / 1000, seed=seed) for seed in range(3)] for base in (0.9, 0.95)]
    told = difference(*map(point, groups), ERROR)
    assert told.evidence == "3 seeds each"
    assert told.difference == pytest.approx(-0.05)
    assert told.shown


def test_where_nothing_is_known_of_chance_nothing_is_said():
    loss = point([entry("a", losses=[1.0])], LOSS)
    assert difference(loss, loss, LOSS) is None
    one, two = point([entry("a", 0.9)]), point([entry("a", 0.9), entry("b", 0.8, seed=1)])
    assert difference(one, two, ERROR) is None
    gone = point([entry("c", None, [1.0], Outcome.DIVERGED)])
    assert difference(gone, one, ERROR) is None


def test_values_are_written_as_they_are_read():
    assert (ERROR.text(0.456), ERROR.text(12.34), ERROR.text(99.12)) == ("0.46 %", "12.3 %", "99.12 %")
    assert (LOSS.text(0.2134), LOSS.text(1.9)) == ("0.213", "1.9")
