"""The curves follow runs that grow, survive runs that diverge, are read and clicked, and stay fast."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider, QToolButton

from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import CurveOptions, Plots, Quantity, Spread
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.mean_series import MeanSeries
from resnet_gui.core.run import Run
from resnet_gui.ui import theme
from resnet_gui.ui.curves_view import HINT, CurvesView


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


def flat_run(name, loss, seed=0, steps=1_000):
    run = Run(name, Experiment(recipe=Recipe(seed=seed)))
    grow(run, np.full(steps, loss))
    return run


def grow(run, losses):
    losses = np.asarray(losses, np.float32)
    seconds = 0.1 * (run.step + len(losses))
    run.apply(StepsEnded(run.id, run.step, losses, np.full(len(losses), 0.5, np.float32), 1.0, 1.0, seconds))


def compare(view, *runs):
    view.show_runs([Entry(run, f"net {run.id}", color) for color, run in enumerate(runs)])


def set_options(view, **changed):
    view.set_options(replace(view.options, **changed))


def series_of(view, number=0, plot=0):
    return view._curves[number].lines[plot].series


def box_of(view, plot=0):
    return view.plots[plot].getViewBox()


def zoom(view, low, high):
    box_of(view).sigRangeChangedManually.emit([True, True])  # as the wheel and the mouse do
    box_of(view).setXRange(low, high, padding=0)
    view.redraw()


def hint(view):
    return view.findChild(QLabel, "curvesHint")


def readout(view):
    return view.findChild(QLabel, "crosshairLabel")


def spot(view, x, y, plot=0):
    """The pixel of the canvas where these values are."""
    return view.canvas.mapFromScene(box_of(view, plot).mapViewToScene(QPointF(x, y)))


def move_mouse(view, place):
    QTest.qWait(15)  # pyqtgraph drops pointer moves that follow each other faster than 100 a second
    viewport, place = view.canvas.viewport(), QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, viewport.mapToGlobal(place), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def settle():
    for _ in range(5):  # painting is asked for in one turn of the loop and done in a later one
        QApplication.processEvents()


def on_screen(view):
    settle()
    return view.screen().grabWindow(view.winId()).toImage()


def test_empty_view_says_how_to_begin(view):
    assert hint(view).isVisible()
    assert hint(view).text() == HINT
    compare(view, make_run())
    assert not hint(view).isVisible()
    compare(view)
    assert hint(view).isVisible()


def test_curves_grow_with_the_run(view, qtbot):
    run = make_run(steps=100)
    compare(view, run)
    qtbot.waitUntil(lambda: len(series_of(view).raw[0]) == 100)
    grow(run, [1.0] * 50)
    view.run_changed("a")
    qtbot.waitUntil(lambda: len(series_of(view).raw[0]) == 150)
    assert series_of(view).raw[0][0] == 1
    assert box_of(view).viewRange()[0][1] >= 150


def test_nothing_is_drawn_if_nothing_grew(view):
    compare(view, make_run())
    before = series_of(view).raw
    view.redraw()
    assert series_of(view).raw is before


def test_hidden_view_does_not_redraw(view):
    view.hide()
    assert not view._timer.isActive()
    view.show()
    assert view._timer.isActive()


def test_runs_that_stay_keep_what_was_made_of_their_steps(view):
    first, second, third = (make_run(name, 5_000) for name in "abc")
    compare(view, first, second)
    kept = series_of(view, 1)
    compare(view, second, third)
    assert [key.name for key in view.keys] == ["net b", "net c"]
    assert series_of(view, 0) is kept
    compare(view, make_run("b", 5_000))
    assert series_of(view, 0) is not kept  # the same id, but another run


def test_a_run_that_is_taken_out_is_no_longer_drawn(view):
    compare(view, flat_run("a", 1.0), flat_run("b", 2.0))
    zoom(view, 1, 1_000)
    both = on_screen(view)
    compare(view, flat_run("a", 1.0))
    assert len(view.plots[0].lines.lines) == 1
    assert on_screen(view) != both
    assert box_of(view).viewRange()[0] == pytest.approx([1, 1_000])


def test_steps_that_were_taken_back_are_no_longer_drawn(view):
    run = make_run(steps=5_000)
    compare(view, run)
    run.history.rewind(100, 0)
    grow(run, np.full(4_900, 7.0))  # as long as before, but other values
    view.redraw()
    assert series_of(view).raw[3][-1] == 7


def test_validation_points_are_drawn(view):
    run = make_run()
    run.apply(EpochEnded("a", 0, 100, 0.9, 0.7))
    run.apply(EpochEnded("a", 1, 200, float("nan"), 0.8))
    run.apply(EpochEnded("a", 2, 300, None, None))
    compare(view, run)
    assert list(series_of(view).marks[0]) == [100]
    assert list(series_of(view, plot=1).marks[1]) == [70, 80]


def test_training_and_validation_can_be_shown_alone(view):
    run = make_run()
    run.apply(EpochEnded("a", 0, 100, 0.9, 0.7))
    compare(view, run)
    set_options(view, split="training")
    assert not len(series_of(view).marks[0])
    assert len(series_of(view).smooth[0])
    set_options(view, split="validation")
    assert len(series_of(view).marks[0]) == 1
    assert not len(series_of(view).smooth[0])
    assert not len(series_of(view).raw[0])


@pytest.mark.parametrize("worst", [np.inf, 1e30, 3.4e38, -3.4e38])
def test_losses_that_are_not_finite_or_huge_break_nothing(view, worst):
    for steps in (10, 3_000):
        run = make_run(steps=steps)
        grow(run, [worst, np.inf, -np.inf, np.nan, 1.0] * 20)
        compare(view, run)
        for log in (False, True):
            set_options(view, log_y=log)
            for span in range(8):
                set_options(view, smoothing=span)
                view.grab()
                low, high = box_of(view).viewRange()[1]
                assert np.isfinite([low, high]).all()
    assert high < 10
    alone = Run("b", Experiment())
    grow(alone, [np.nan] * 5)
    compare(view, alone)
    view.grab()


def test_a_view_of_the_largest_numbers_is_painted(view):
    run = Run("a", Experiment())
    grow(run, [3.4e38] * 3_000)
    compare(view, run)
    view.grab()


def test_zero_loss_is_drawn_on_a_logarithmic_axis(view):
    run = Run("a", Experiment())
    grow(run, [1.0, 0.1, 0.0, -1.0])
    compare(view, run)
    view.findChild(QAction, "logYAction").trigger()
    assert view.options.log_y
    assert series_of(view).raw[2] == pytest.approx([0, -1, -6, -6])
    assert not view.plots[1].getAxis("left").logMode  # of accuracies


def test_error_is_what_accuracy_lacks(view, qtbot):
    compare(view, make_run())
    combo = view.findChild(QComboBox, "plotsCombo")
    combo.setFocus()
    with qtbot.waitSignal(view.options_changed) as caught:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert caught.args == [view.options]
    assert view.options.plots is Plots.LOSS_AND_ERROR
    assert view.plots[1].quantity is Quantity.ERROR
    assert set(series_of(view, plot=1).raw[2]) == {50.0}
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert [plot.quantity for plot in view.plots] == [Quantity.LOSS]
    view.grab()
    for _ in range(2):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert [plot.quantity for plot in view.plots] == [Quantity.ERROR]
    assert "Error" in view.plots[0].getAxis("left").labelText
    assert view.plots[0].getAxis("bottom").labelText == "Training step"


def test_smoothing_goes_from_none_to_strong(view, qtbot):
    run = Run("a", Experiment())
    grow(run, 1 + np.random.default_rng(0).random(3_000))
    compare(view, run)
    slider = view.findChild(QSlider, "smoothingSlider")
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert view.options.span == 1
    assert not len(series_of(view).smooth[0])
    spreads = []
    while slider.value() < slider.maximum():
        qtbot.keyClick(slider, Qt.Key.Key_Right)
        places, values = series_of(view).smooth
        spreads.append(np.std(values[len(values) // 4 : -len(values) // 4]))
        assert (np.diff(places) > 0).all()
        assert places[-1] > 2_800  # however smooth, it goes on to the end
        assert len(series_of(view).raw[0])  # faint behind it
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] > 3 * spreads[-1]


@pytest.mark.parametrize(
    ("axis", "last", "title"),
    [("step", 1_000, "Step"), ("epoch", 4, "Epoch"), ("images", 64_000, "images seen"), ("time", 100, "s of training")],
)
def test_curves_are_drawn_and_read_over_every_axis(view, axis, last, title):
    run = make_run(steps=1_000, experiment=Experiment(recipe=Recipe(epochs=4)))
    run.total_steps = 1_000
    run.apply(EpochEnded("a", 1, 500, 1.2, 0.7))
    run.apply(RunEnded("a", Outcome.FINISHED, "finished", 1_000))
    compare(view, run)
    view.findChild(QAction, f"{axis}Action").trigger()
    series = series_of(view)
    assert series.raw[0][-1] == pytest.approx(last, rel=0.01)
    assert series.marks[0] == pytest.approx([last / 2])
    assert box_of(view).viewRange()[0][1] == pytest.approx(last * 1.015)
    view.grab()
    move_mouse(view, spot(view, last / 4, 1))
    assert title in readout(view).text()
    assert "net a" in readout(view).text()
    view.findChild(QAction, "logXAction").trigger()
    assert series.raw[0][-1] == pytest.approx(np.log10(last), abs=0.01)
    assert (np.diff(series.smooth[0]) > 0).all()
    assert box_of(view).viewRange()[0][1] == pytest.approx(np.log10(last), abs=0.1)
    view.grab()


def test_a_run_whose_epochs_are_unknown_is_left_out_of_the_axis_of_epochs(view):
    compare(view, make_run())
    set_options(view, axis="epoch")
    assert not len(series_of(view).raw[0])
    view.grab()


def test_crosshair_reads_every_shown_run(view):
    compare(view, flat_run("a", 1.0), flat_run("b", 2.0))
    view.grab()
    move_mouse(view, spot(view, 500, 1.5))
    text = readout(view).text()
    assert readout(view).isVisible()
    assert "Step 50" in text
    assert text.index("net b") < text.index("net a")  # as on the screen, the upper one first
    assert "50.0%" in text
    compare(view, flat_run("a", 1.0))
    assert not readout(view).isVisible()  # what it said is out of date
    move_mouse(view, spot(view, 560, 0.5))
    assert "net a" in readout(view).text()
    assert "net b" not in readout(view).text()
    QApplication.sendEvent(view.canvas.viewport(), QEvent(QEvent.Type.Leave))
    assert not readout(view).isVisible()


@pytest.mark.parametrize("size", [(1000, 700), (420, 330)])
def test_crosshair_of_many_runs_reads_the_nearest_and_stays_in_view(view, size):
    view.resize(*size)
    runs = [flat_run(str(number), 1 + number / 100) for number in range(50)]
    view.show_runs([Entry(run, f"<{run.id}> " + "long name " * 9, 0) for run in runs])
    settle()
    for x in (10, 500, 990):
        move_mouse(view, spot(view, x, 1.2))
        label = readout(view)
        assert view.canvas.rect().contains(label.geometry())
        shown = label.text().count("■")
        assert 1 <= shown <= 10
        assert f"and {50 - shown} more" in label.text()
        assert "&lt;20&gt;" in label.text()
        assert "&lt;49&gt;" not in label.text()


def test_a_click_reports_the_nearest_curve_and_a_drag_none(view, qtbot):
    compare(view, flat_run("a", 1.0), flat_run("b", 2.0))
    settle()
    viewport, clicked = view.canvas.viewport(), []
    view.run_clicked.connect(clicked.append)
    near, between = spot(view, 500, 2.0) + QPoint(0, 5), spot(view, 500, 1.5)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=near)
    assert clicked == ["b"]
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=between)
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=near)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=near)
    qtbot.mouseMove(viewport, near + QPoint(40, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=near + QPoint(40, 0))
    assert clicked == ["b"]
    set_options(view, smoothing=0)
    settle()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot(view, 500, 1.0))
    assert clicked == ["b", "a"]


def test_the_selected_run_is_drawn_stronger_and_the_others_fainter(view):
    compare(view, flat_run("a", 1.0), flat_run("b", 2.0))
    before = [curve.lines[0].smooth_pen for curve in view._curves]
    view.select("b")
    first, second = (curve.lines[0].smooth_pen for curve in view._curves)
    assert second.width() > before[1].width()
    assert second.color() == before[1].color()
    assert first.color().lightness() > before[0].color().lightness()
    assert view.findChild(QToolButton, "curve-b").isChecked()
    view.select("unknown")
    assert [curve.lines[0].smooth_pen for curve in view._curves] == before


def test_the_legend_names_the_curves_and_selects(view, qtbot):
    compare(view, flat_run("a", 1.0), flat_run("b", 2.0))
    button = view.findChild(QToolButton, "curve-b")
    assert button.text() == "net b"
    assert "seed 0" in button.toolTip()
    with qtbot.waitSignal(view.run_clicked) as caught:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert caught.args == ["b"]
    assert not button.isChecked()  # until whoever is told selects
    button.setFocus()
    with qtbot.waitSignal(view.run_clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_the_legend_of_fifty_runs_leaves_room_for_the_plots(view):
    view.resize(500, 460)
    compare(view, *(flat_run(str(number), 1.0, steps=10) for number in range(50)))
    settle()
    assert len(view.legend.findChildren(QToolButton)) == 50
    assert view.canvas.height() > view.height() / 2
    assert view.width() == 500
    last = view.findChild(QToolButton, "curve-49")
    last.setFocus()
    settle()
    assert last.visibleRegion().boundingRect().height() == last.height()  # the keyboard scrolls to it


def test_runs_of_several_seeds_become_a_mean_and_a_band(view, qtbot):
    runs = [flat_run("a", 1.0, seed=1), flat_run("b", 2.0, seed=2), flat_run("c", 3.0, seed=3, steps=500)]
    combo = view.findChild(QComboBox, "spreadCombo")
    compare(view, runs[0])
    assert not combo.isVisible()
    other = Run("d", Experiment(recipe=Recipe(batch_size=32)))
    grow(other, [1.5] * 100)
    compare(view, *runs, other)
    assert combo.isVisible()
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert view.options.spread is Spread.RANGE
    assert [key.name for key in view.keys] == ["net a: mean and range, 3 seeds", "net d"]
    assert "net c" in view.findChild(QToolButton, "curve-a").toolTip()
    series = series_of(view)
    assert isinstance(series, MeanSeries)
    places, mean = series.smooth
    assert mean[places < 480] == pytest.approx(2.0)
    assert mean[places > 520] == pytest.approx(1.5)  # of the two that go on
    assert places[-1] > 980
    assert series.band[1][0] == pytest.approx(1.0)
    assert series.band[2][0] == pytest.approx(3.0)
    view.grab()
    clicked = []
    view.run_clicked.connect(clicked.append)
    settle()
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, 300, 2.0))
    assert clicked == ["b"]  # of the runs behind the mean, the nearest
    view.select("c")
    assert view._curves[0].lines[0].selected
    move_mouse(view, spot(view, 300, 2.0))
    assert "net a: mean and range, 3 seeds" in readout(view).text()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert series_of(view).band[2][0] == pytest.approx(3.0)  # one deviation of 1, 2, 3
    view.grab()


def test_zooming_stops_following_until_fit_is_pressed(view, qtbot):
    run = make_run()
    compare(view, run)
    zoom(view, 10, 20)
    grow(run, [1.0] * 100)
    view.redraw()
    assert box_of(view).viewRange()[0] == pytest.approx([10, 20])
    qtbot.mouseClick(view.findChild(QPushButton, "fitButton"), Qt.MouseButton.LeftButton)
    assert box_of(view).viewRange()[0][1] >= 200


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK])
def test_runs_have_their_own_colours(view, colors):
    view.set_colors(colors)
    compare(view, make_run("a"), make_run("b"))
    assert [curve.lines[0].smooth_pen.color().name() for curve in view._curves] == list(colors.runs[:2])
    view.grab()


def test_incremental_smoothing_equals_smoothing_at_once(view):
    losses = np.random.default_rng(0).random(120).astype(np.float32)  # few enough for a point each
    run = Run("a", Experiment())
    compare(view, run)
    for start in range(0, 120, 7):
        grow(run, losses[start : start + 7])
        view.redraw()
    places, values = series_of(view).smooth
    expected = [losses[max(0, i - 24) : i + 1].mean() for i in range(120)]
    assert values[:120] == pytest.approx(expected, rel=1e-5)
    assert places[:120] == pytest.approx([i + 1 - min(i, 24) / 2 for i in range(120)])


@pytest.mark.parametrize("options", [CurveOptions(), CurveOptions(log_x=True), CurveOptions(axis="time", smoothing=6)])
def test_long_runs_are_drawn_with_few_points(view, options):
    compare(view, *(make_run(str(i), 100_000) for i in range(3)))
    view.set_options(options)
    for curve in view._curves:
        for line in curve.lines:
            assert 100 < len(line.series.raw[0]) < 4_000
            assert 50 < len(line.series.smooth[0]) < 1_000


@pytest.mark.parametrize("low", [-5.0, -0.8, 0.3])
def test_labels_of_a_logarithmic_axis_do_not_collide(view, low):
    set_options(view, log_y=True)
    axis = view.plots[0].getAxis("left")
    ((_, ticks),) = axis.tickValues(low, 0.4, 200)
    assert len(ticks) >= 2
    assert min(np.diff(ticks)) * 200 / (0.4 - low) > 15
    written = [float(text) for text in axis.tickStrings(ticks, 1.0, None)]
    assert written == pytest.approx(10 ** np.array(ticks), rel=0.01)


class Paints(QObject):
    """The parts of the plots that were painted."""

    def __init__(self, view):
        super().__init__(view)
        self.parts = []
        view.canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.parts.append(event.region().boundingRect())
        return False


@pytest.mark.parametrize("smoothing", [0, 3, 6])
@pytest.mark.parametrize("steps", [100, 3_000, 50_000])
def test_what_grows_looks_as_if_all_were_painted_anew(view, steps, smoothing):
    rng = np.random.default_rng(0)
    runs = [make_run("a", steps), make_run("b", steps // 2)]
    compare(view, *runs)
    set_options(view, smoothing=smoothing)
    for frame in range(20):
        for run in runs:
            grow(run, 1 + rng.random(1 + steps // 1000))
            if frame == 10:
                run.apply(EpochEnded(run.id, 0, run.step, 1.5, 0.6))
        view.redraw()
        grown = on_screen(view)
    view.canvas.viewport().update()
    assert on_screen(view) == grown


def test_growth_paints_the_end_of_a_curve_alone(view):
    run = make_run("a", 50_000)
    compare(view, run)
    settle()
    paints = Paints(view)
    grow(run, [1.0] * 10)
    view.redraw()
    settle()
    assert paints.parts
    assert max(part.width() for part in paints.parts) < view.canvas.viewport().width() / 5


def test_growth_out_of_view_paints_nothing(view):
    run = make_run("a", 5_000)
    compare(view, run)
    zoom(view, 1000, 2000)
    settle()
    paints = Paints(view)
    grow(run, [1.0] * 1000)
    view.redraw()
    settle()
    assert not paints.parts


def test_moving_the_view_a_little_makes_nothing_anew(view):
    compare(view, make_run("a", 50_000))
    zoom(view, 20_000, 21_000)
    before = series_of(view).smooth
    zoom(view, 20_003, 21_003)
    assert series_of(view).smooth is before


@pytest.mark.parametrize("steps", [1_000, 100_000])
def test_one_step_that_stands_out_is_seen(view, steps):
    losses = np.ones(steps)
    losses[steps // 2] = 0.2
    run = Run("a", Experiment())
    grow(run, losses)
    compare(view, run)
    image = on_screen(view)
    place = view.canvas.mapTo(view, spot(view, steps // 2 + 1, 0.5))
    colors = {image.pixelColor(place.x() + beside, place.y()).name() for beside in range(-2, 3)}
    assert colors == {theme.LIGHT.surface, view._curves[0].lines[0].raw_pen.color().name()}


def test_the_axis_moves_now_and_then_and_fits_in_the_end(view):
    run = make_run("a", 1_000)
    compare(view, run)
    ends = set()
    for _ in range(10):
        grow(run, [1.0])
        view.redraw()
        ends.add(box_of(view).viewRange()[0][1])
    assert len(ends) <= 2
    assert 1_010 < min(ends) < 1_100
    run.apply(RunEnded("a", Outcome.FINISHED, "finished", 1_010))
    view.redraw()
    assert box_of(view).viewRange()[0][1] == pytest.approx(1_010 * 1.015)


def test_of_very_many_epochs_the_best_and_the_worst_are_marked(view):
    run = make_run("a", 1_000)
    accuracies = np.random.default_rng(0).random(1_000)
    for epoch, accuracy in enumerate(accuracies):
        run.apply(EpochEnded("a", epoch, epoch + 1, 1.0, float(accuracy)))
    compare(view, run)
    steps, marks = series_of(view, plot=1).marks
    assert len(marks) <= 100
    assert (marks.min(), marks.max()) == pytest.approx((100 * accuracies.min(), 100 * accuracies.max()))
    assert (np.diff(steps) > 0).all()


@pytest.mark.parametrize("options", [CurveOptions(), CurveOptions(log_x=True, log_y=True), CurveOptions(axis="time")])
def test_one_can_zoom_out_as_far_as_one_likes(view, options):
    run = make_run()
    view.set_options(options)
    compare(view, run)
    grow(run, [1.0] * 100)
    view.redraw()
    box = box_of(view)
    box.sigRangeChangedManually.emit([True, True])
    for factor in (10, 0.1):
        for _ in range(60):  # far beyond what fits into a whole number
            box.scaleBy((factor, factor))
            view.redraw()
        view.grab()
    view.fit()
    low, high = box.viewRange()[0]
    assert -100 < low < high < 1000
