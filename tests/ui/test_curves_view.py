"""The curves follow runs that grow, survive runs that diverge, and stay fast."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton

from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run
from resnet_gui.ui import theme
from resnet_gui.ui.curves_view import HINT, CurvesView

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
    return view._runs[run_id].loss.raw[0]


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
    before = drawn_steps(view, "a")
    view.redraw()
    assert drawn_steps(view, "a") is before


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
    assert list(view._runs["a"].loss.marks[0]) == [100]
    assert list(view._runs["a"].accuracy.marks[1]) == [70, 80]


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
    assert view._runs["a"].loss.raw[1] == pytest.approx([0, -1, -6, -6])


def test_legend_switches_runs_and_tells_equal_names_apart(view, qtbot):
    view.add_run(make_run("a"), NAMES[0], 0)
    view.add_run(make_run("b"), NAMES[1], 1)
    first, second = (view._runs[name].check for name in "ab")
    assert first.text() == "ResNet-6"
    assert second.text() == "ResNet-6 (2)"
    assert "seed 0" in first.toolTip()
    for shown in (False, True):
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=QPoint(8, first.height() // 2))
        assert view._runs["a"].loss.shown is shown


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
    pens = [view._runs[name].loss.smooth_pen for name in "ab"]
    assert [pen.color().name() for pen in pens] == list(colors.runs[:2])
    view.grab()


def test_incremental_smoothing_equals_smoothing_at_once(view):
    losses = np.random.default_rng(0).random(120).astype(np.float32)  # few enough for a point each
    run = Run("a", Experiment())
    view.add_run(run, NAMES[0], 0)
    for start in range(0, 120, 7):
        grow(run, losses[start : start + 7])
        view.redraw()
    line = view._runs["a"].loss
    expected = [losses[max(0, i - 24) : i + 1].mean() for i in range(120)]
    assert line.smooth[1] == pytest.approx(expected, rel=1e-5)
    assert line.smooth[0] == pytest.approx([i + 1 - min(i, 24) / 2 for i in range(120)])


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


class Paints(QObject):
    """The parts of the plots that were painted."""

    def __init__(self, view):
        super().__init__(view)
        self.parts = []
        view._plots.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.parts.append(event.region().boundingRect())
        return False


def settle():
    for _ in range(5):  # painting is asked for in one turn of the loop and done in a later one
        QApplication.processEvents()


def on_screen(view):
    settle()
    return view.screen().grabWindow(view.winId()).toImage()


@pytest.mark.parametrize("steps", [100, 3_000, 50_000])
def test_what_grows_looks_as_if_all_were_painted_anew(view, steps):
    rng = np.random.default_rng(0)
    runs = [make_run("a", steps), make_run("b", steps // 2)]
    for color, run in enumerate(runs):
        view.add_run(run, NAMES[color], color)
    for frame in range(20):
        for run in runs:
            grow(run, 1 + rng.random(1 + steps // 1000))
            if frame == 10:
                run.apply(EpochEnded(run.id, 0, run.step, 1.5, 0.6))
        view.redraw()
        grown = on_screen(view)
    view._plots.viewport().update()
    assert on_screen(view) == grown


def test_growth_paints_the_end_of_a_curve_alone(view):
    run = make_run("a", 50_000)
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    settle()
    paints = Paints(view)
    grow(run, [1.0] * 10)
    view.redraw()
    settle()
    assert paints.parts
    assert max(part.width() for part in paints.parts) < view._plots.viewport().width() / 5


def test_growth_out_of_view_paints_nothing(view):
    run = make_run("a", 5_000)
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    view._loss.getViewBox().sigRangeChangedManually.emit([True, True])
    view._loss.getViewBox().setXRange(1000, 2000, padding=0)
    view.redraw()
    settle()
    paints = Paints(view)
    grow(run, [1.0] * 1000)
    view.redraw()
    settle()
    assert not paints.parts


@pytest.mark.parametrize("steps", [1_000, 100_000])
def test_one_step_that_stands_out_is_seen(view, steps):
    losses = np.ones(steps)
    losses[steps // 2] = 0.2
    run = Run("a", Experiment())
    grow(run, losses)
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    image = on_screen(view)
    scene = view._loss.getViewBox().mapViewToScene(QPointF(steps // 2 + 1, 0.5))
    place = view._plots.mapTo(view, view._plots.mapFromScene(scene))
    colors = {image.pixelColor(place.x() + beside, place.y()).name() for beside in range(-2, 3)}
    assert colors == {theme.LIGHT.surface, view._runs["a"].loss.raw_pen.color().name()}


def test_the_axis_moves_now_and_then_and_fits_in_the_end(view):
    run = make_run("a", 1_000)
    view.add_run(run, NAMES[0], 0)
    ends = set()
    for _ in range(10):
        grow(run, [1.0])
        view.redraw()
        ends.add(view._loss.getViewBox().viewRange()[0][1])
    assert len(ends) <= 2
    assert 1_010 < min(ends) < 1_100
    run.apply(RunEnded("a", Outcome.FINISHED, "finished", 1_010))
    view.redraw()
    assert view._loss.getViewBox().viewRange()[0][1] == pytest.approx(1_010 * 1.015)


def test_of_very_many_epochs_the_best_and_the_worst_are_marked(view):
    run = make_run("a", 1_000)
    accuracies = np.random.default_rng(0).random(1_000)
    for epoch, accuracy in enumerate(accuracies):
        run.apply(EpochEnded("a", epoch, epoch + 1, 1.0, float(accuracy)))
    view.add_run(run, NAMES[0], 0)
    view.redraw()
    steps, marks = view._runs["a"].accuracy.marks
    assert len(marks) <= 100
    assert (marks.min(), marks.max()) == pytest.approx((100 * accuracies.min(), 100 * accuracies.max()))
    assert (np.diff(steps) > 0).all()


def test_one_can_zoom_out_as_far_as_one_likes(view):
    run = make_run()
    view.add_run(run, NAMES[0], 0)
    grow(run, [1.0] * 100)
    view.redraw()
    box = view._loss.getViewBox()
    box.sigRangeChangedManually.emit([True, True])
    for _ in range(60):  # far beyond what fits into a whole number
        box.scaleBy((10, 10))
        view.redraw()
    view.fit()
    view.redraw()
    low, high = box.viewRange()[0]
    assert -100 < low < high < 1000
