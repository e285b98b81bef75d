"""The curves follow runs that grow, survive runs that diverge, and stay fast."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton

from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run
from resnet_gui.ui import theme
from resnet_gui.ui.curves_view import HINT, CurvesView, averaged, thinned

NAMES = ("ResNet-6", "ResNet-6 (2)")


@pytest.fixture
def view(qtbot):
    view = CurvesView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    return view


def make_run(name="a", steps=100, experiment=None):
    run = Run(name, experiment or Experiment())
    grow(run, np.linspace(2, 1, steps))
    return run


def grow(run, losses):
    losses = np.asarray(losses, np.float32)
    run.apply(StepsEnded(run.id, run.step, losses, np.full(len(losses), 0.5, np.float32), 1.0, 1.0))


def drawn_steps(view, run_id):
    return view._runs[run_id].loss.items[0].getData()[0]


def hint(view):
    return view.findChild(QLabel, "curvesHint")


def move_mouse(view, x, y):
    viewport = view._plots.viewport()
    place = QPointF(x, y)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, viewport.mapToGlobal(place), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def test_empty_view_says_how_to_begin(view):
    assert hint(view).isVisible()
    assert hint(view).text() == HINT
    view.add_run(make_run(), NAMES[0], 0)
    assert not hint(view).isVisible()


def test_curves_grow_with_the_run(view, qtbot):
    run = make_run(steps=100)
    view.add_run(run, NAMES[0], 0)
    qtbot.waitUntil(lambda: len(drawn_steps(view, "a")) == 100)
    grow(run, [1.0] * 50)
    qtbot.waitUntil(lambda: len(drawn_steps(view, "a")) == 150)
    assert drawn_steps(view, "a")[0] == 1
    assert view._loss.getViewBox().viewRange()[0][1] >= 150


def test_nothing_is_drawn_if_nothing_grew(view):
    view.add_run(make_run(), NAMES[0], 0)
    view.redraw()
    before = view._runs["a"].loss.items[0].xData
    view.redraw()
    assert view._runs["a"].loss.items[0].xData is before


def test_hidden_view_does_not_redraw(view):
    view.hide()
    assert not view._timer.isActive()
    view.show()
    assert view._timer.isActive()


def test_validation_points_are_drawn(view):
    run = make_run()
    run.apply(EpochEnded("a", 0, 100, 0.9, 0.7))
    run.apply(EpochEnded("a", 1, 200, float("nan"), 0.8))
    run.apply(EpochEnded("a", 2, 300, None, None))
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    assert list(view._runs["a"].loss.items[2].getData()[0]) == [100]
    assert list(view._runs["a"].accuracy.items[2].getData()[1]) == [70, 80]


def test_losses_that_are_not_finite_break_nothing(view):
    run = make_run()
    grow(run, [1e30, np.inf, -np.inf, np.nan, 1.0])
    view.add_run(run, NAMES[0], 0)
    for log in (False, True):
        view.findChild(QCheckBox, "logYCheck").setChecked(log)
        view.redraw()
        view.grab()
        low, high = view._loss.getViewBox().viewRange()[1]
        assert np.isfinite([low, high]).all()
        assert high < 10
    alone = Run("b", Experiment())
    grow(alone, [np.nan] * 5)
    view.add_run(alone, NAMES[1], 1)
    view.redraw()
    view.grab()


def test_zero_loss_is_drawn_on_a_logarithmic_axis(view, qtbot):
    run = Run("a", Experiment())
    grow(run, [1.0, 0.1, 0.0, -1.0])
    view.add_run(run, NAMES[0], 0)
    qtbot.mouseClick(view.findChild(QCheckBox, "logYCheck"), Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    view.redraw()
    assert view._runs["a"].loss.items[0].getData()[1] == pytest.approx([0, -1, -6, -6])


def test_legend_switches_runs_and_tells_equal_names_apart(view, qtbot):
    view.add_run(make_run("a"), NAMES[0], 0)
    view.add_run(make_run("b"), NAMES[1], 1)
    first, second = (view._runs[name].check for name in "ab")
    assert first.text() == "ResNet-6"
    assert second.text() == "ResNet-6 (2)"
    assert "seed 0" in first.toolTip()
    for shown in (False, True):
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=QPoint(8, first.height() // 2))
        assert view._runs["a"].loss.items[0].isVisible() is shown


def test_crosshair_reads_every_shown_run(view):
    view.add_run(make_run("a"), NAMES[0], 0)
    view.add_run(make_run("b", experiment=PRESETS["deep-plain"].experiment), "plain-50", 1)
    view.redraw()
    view.grab()
    place = view._loss.getViewBox().sceneBoundingRect().center()
    move_mouse(view, place.x(), place.y())
    label = view.findChild(QLabel, "crosshairLabel")
    assert label.isVisible()
    assert "ResNet-6" in label.text()
    assert "plain-50" in label.text()
    assert "50.0%" in label.text()
    view._runs["b"].check.click()
    QTest.qWait(20)  # pyqtgraph drops pointer moves that follow each other faster than 100 a second
    move_mouse(view, place.x() + 5, place.y())
    assert "plain-50" not in label.text()
    QApplication.sendEvent(view._plots.viewport(), QEvent(QEvent.Type.Leave))
    assert not label.isVisible()


def test_zooming_stops_following_until_fit_is_pressed(view, qtbot):
    run = make_run()
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    box = view._loss.getViewBox()
    box.sigRangeChangedManually.emit([True, True])
    box.setXRange(10, 20, padding=0)
    grow(run, [1.0] * 100)
    view.redraw()
    assert box.viewRange()[0] == pytest.approx([10, 20])
    qtbot.mouseClick(view.findChild(QPushButton, "fitButton"), Qt.MouseButton.LeftButton)
    assert box.viewRange()[0][1] >= 200


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK])
def test_runs_have_their_own_colours(view, colors):
    view.set_colors(colors)
    view.add_run(make_run("a"), NAMES[0], 0)
    view.add_run(make_run("b"), NAMES[1], 1)
    pens = [view._runs[name].loss.items[1].opts["pen"] for name in "ab"]
    assert [pen.color().name() for pen in pens] == list(colors.runs[:2])
    view.grab()


def test_thinning_keeps_every_peak():
    values = np.random.default_rng(0).random(1000).astype(np.float32)
    values[[3, 777]] = [9, -9]
    steps, drawn = thinned(values, 0, 1000, 64)
    assert len(drawn) == 32
    assert (drawn.max(), drawn.min()) == (9, -9)
    assert steps.min() >= 1
    assert (np.diff(steps) >= 0).all()


def test_averages_of_bins_are_means():
    steps, drawn = averaged(np.arange(10, dtype=np.float32), 0, 10, 4)
    assert drawn == pytest.approx([1.5, 5.5, 8.5])
    assert steps == pytest.approx([2.5, 6.5, 9.5])


def test_incremental_smoothing_equals_smoothing_at_once(view):
    losses = np.random.default_rng(0).random(300).astype(np.float32)
    run = Run("a", Experiment())
    view.add_run(run, NAMES[0], 0)
    for start in range(0, 300, 7):
        grow(run, losses[start : start + 7])
        view.redraw()
    line = view._runs["a"].loss
    expected = [losses[max(0, i - 24) : i + 1].mean() for i in range(300)]
    assert line._smooth.values == pytest.approx(expected, rel=1e-5)


def test_eight_long_runs_stay_responsive(view):
    runs = [make_run(str(i), 100_000) for i in range(8)]
    for run in runs:
        view.add_run(run, NAMES[0], 0)
    view.redraw()
    times = []
    for _ in range(5):
        grow(runs[0], [1.0] * 100)
        start = time.perf_counter()
        view.redraw()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05  # 3 ms on two cores of a server
    assert all(len(drawn_steps(view, run.id)) < 4000 for run in runs)


@pytest.mark.parametrize("low", [-5.0, -0.8])
def test_labels_of_a_logarithmic_axis_do_not_collide(view, low):
    view.findChild(QCheckBox, "logYCheck").setChecked(True)
    axis = view._loss.getAxis("left")
    ((_, ticks),) = axis.tickValues(low, 0.4, 200)
    assert len(ticks) >= 2
    assert min(np.diff(ticks)) * 200 / (0.4 - low) > 15
    assert axis.tickStrings(ticks, 1.0, None)[-1] in ("1", "2")
