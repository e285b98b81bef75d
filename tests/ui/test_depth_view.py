"""The depth chart shows what the compared runs say of depth, lives while they train, and leads to them."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QToolButton, QWidget

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.comparison import Entry
from resnet_gui.core.depth_chart import FIGURES
from resnet_gui.core.events import Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run
from resnet_gui.ui import theme
from resnet_gui.ui.depth_colors import color_of
from resnet_gui.ui.depth_plot import SHAPES
from resnet_gui.ui.depth_view import HINT, REDRAW_MS, DepthView


@pytest.fixture
def view(qtbot):
    view = DepthView()
    qtbot.addWidget(view)
    view.resize(800, 520)
    view.show()
    qtbot.waitExposed(view)
    return view


def entry(run_id, blocks=2, shortcut="identity", accuracy=0.9, losses=(1.0,), outcome=Outcome.FINISHED, **more):
    seed = more.pop("seed", 0)
    name = more.pop("name", f"run {run_id}")
    run = Run(run_id, Experiment(Architecture(blocks, shortcut=shortcut, **more), Recipe(seed=seed)))
    grow(run, losses)
    if outcome is not None:
        tested = accuracy if outcome is Outcome.FINISHED else None
        run.apply(RunEnded(run_id, outcome, "over", run.step, test_accuracy=tested))
    return Entry(run, name, 0)


def grow(run, losses):
    values = np.asarray(losses, np.float32)
    run.apply(StepsEnded(run.id, run.step, values, values / 10, 1.0, 1.0))


def lesson():
    return [
        entry("p2", 2, "none", 0.97, [0.2]),
        entry("p24", 24, "none", 0.3, [2.0]),
        entry("r2", 2, "identity", 0.975, [0.18]),
        entry("r24", 24, "identity", 0.98, [0.1]),
    ]


def child(view, kind, name):
    return view.findChild(kind, name)


def text(view, name):
    return child(view, QLabel, name).text().replace("\N{NO-BREAK SPACE}", " ")


def choose(view, combo, index):
    """As a user of the keyboard does."""
    box = child(view, QComboBox, combo)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(index):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentIndex() == index


def lines(view):
    return [[(mark.x, mark.y) for mark in line.marks] for line in view.canvas.plot.marks.lines]


def place_of(view, line, number):
    """Where a mark stands in the viewport."""
    return view.canvas.place_of(line, number)


def mouse(view, kind, place, button=Qt.MouseButton.NoButton):
    viewport = view.canvas.viewport()
    spot = QPointF(place)
    buttons = button if kind is QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, spot, viewport.mapToGlobal(spot), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def press(view, key):
    QTest.keyClick(view.canvas, key)


def readout(view):
    label = child(view, QLabel, "depthReadout")
    return label.text() if label.isVisible() else None


def test_empty_chart_says_what_to_do(view):
    hint = child(view, QLabel, "depthHint")
    assert hint.isVisible()
    assert hint.text() == HINT
    assert not child(view, QLabel, "depthSummary").isVisible()
    view.show_runs(lesson())
    assert not hint.isVisible()
    view.show_runs([])
    assert hint.isVisible()
    assert lines(view) == []


def test_plain_and_residual_networks_are_lines_over_their_layers(view):
    view.show_runs(lesson())
    plain, residual = lines(view)
    assert plain == [(6, pytest.approx(3)), (50, pytest.approx(70))]
    assert residual == [(6, pytest.approx(2.5)), (50, pytest.approx(2))]
    assert child(view, QWidget, "depthLegend").names == ["none (plain)", "identity"]
    assert text(view, "depthSummary").startswith("From 6 to 50 layers the plain nets’ test error rises from 3.00 % to ")


def test_figure_axis_and_scale_can_be_chosen(view, qtbot):
    view.show_runs(lesson())
    choose(view, "depthFigureCombo", 1)
    assert lines(view)[0] == [(6, pytest.approx(0.2)), (50, pytest.approx(2))]
    assert "training loss" in text(view, "depthSummary")
    choose(view, "depthAxisCombo", 1)
    assert [x for x, _ in lines(view)[0]] == [2, 24]
    assert view.canvas.plot.getAxis("bottom").labelText == "Residual blocks per stage"
    check = child(view, QCheckBox, "depthLogCheck")
    qtbot.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(8, check.height() // 2))
    low, high = view.canvas.plot.getViewBox().viewRange()[1]
    assert 10**low < 0.1 < 2 < 10**high


def test_every_figure_is_offered_with_its_explanation(view):
    box = child(view, QComboBox, "depthFigureCombo")
    assert [box.itemText(index).lower() for index in range(box.count())] == [f.name for f in FIGURES.values()]
    assert box.toolTip() == FIGURES["test_error"].help
    choose(view, "depthFigureCombo", 4)
    assert box.toolTip() == FIGURES["test_accuracy"].help


def test_what_the_user_chose_stays_when_other_runs_are_compared(view):
    choose(view, "depthFigureCombo", 1)
    child(view, QCheckBox, "depthLogCheck").click()
    view.show_runs(lesson())
    view.show_runs(lesson()[:2])
    assert view.figure is FIGURES["training_loss"]
    assert child(view, QCheckBox, "depthLogCheck").isChecked()
    assert len(lines(view)) == 1


def test_zero_stands_at_the_foot_of_a_logarithmic_axis(view):
    child(view, QCheckBox, "depthLogCheck").click()
    view.show_runs([entry("a", 2, accuracy=1.0), entry("b", 4, accuracy=0.99)])
    low, high = view.canvas.plot.getViewBox().viewRange()[1]
    heights = [place.y() for _, _, _, place in view.canvas.plot.marks.places()]
    assert low < heights[0] < heights[1] < high
    view.show_runs([entry("a", 2, accuracy=1.0)])
    view.grab()
    assert np.isfinite(view.canvas.plot.getViewBox().viewRange()).all()


@pytest.mark.parametrize("name", FIGURES)
def test_all_is_in_view(view, name):
    runs = [*lesson(), entry("d", 9, "A", outcome=Outcome.DIVERGED), entry("e", 9, "A", accuracy=0.1, losses=[7.0])]
    view.show_runs(runs)
    choose(view, "depthFigureCombo", list(FIGURES).index(name))
    area = view.canvas.plot.area()
    for line, _, mark, place in view.canvas.plot.marks.places():
        assert area.contains(view.canvas.plot.spot(place, line))
        if mark.cross:
            assert area.contains(view.canvas.plot.spot(QPointF(mark.x, view.canvas.plot.marks.top), line))
            assert view.canvas.plot.marks.top > (mark.y or 0)


def test_a_run_that_trains_moves_its_point(view, qtbot):
    live = entry("a", losses=[2.0], outcome=None)
    choose(view, "depthFigureCombo", 1)
    view.show_runs([live])
    assert lines(view) == [[(6, 2.0)]]
    assert view.canvas.plot.marks.lines[0].marks[0].hollow
    assert text(view, "depthNotes") == "Hollow: 1 run not trained to the end."
    grow(live.run, [1.0])
    assert lines(view) == [[(6, 2.0)]]
    view.run_changed("a")
    qtbot.waitUntil(lambda: lines(view) == [[(6, 1.5)]])
    live.run.apply(RunEnded("a", Outcome.FINISHED, "finished", 2, test_accuracy=0.5))
    view.run_changed("a")
    qtbot.waitUntil(lambda: not view.canvas.plot.marks.lines[0].marks[0].hollow)
    assert not child(view, QLabel, "depthNotes").isVisible()


def test_changes_are_drawn_a_few_times_a_second_and_only_where_there_are_any(view, monkeypatch):
    live = entry("a", losses=[2.0], outcome=None)
    choose(view, "depthFigureCombo", 1)
    view.show_runs([live])
    drawn = []
    show = view.canvas.plot.show_lines
    monkeypatch.setattr(view.canvas.plot, "show_lines", lambda *args, **more: (drawn.append(1), show(*args, **more)))
    for _ in range(30):
        grow(live.run, [1.0])
        view.run_changed("a")
    assert drawn == []  # a redraw waits for the timer
    assert view._timer.interval() == REDRAW_MS >= 200
    view.redraw()
    view.redraw()
    view.run_changed("a")  # says so, but did not grow
    view.run_changed("someone else")
    view.redraw()
    assert drawn == [1]


def test_hidden_chart_draws_when_it_is_shown(view):
    view.hide()
    assert not view._timer.isActive()
    view.show_runs(lesson())
    assert lines(view) == []
    view.show()
    assert len(lines(view)) == 2
    assert view._timer.isActive()


def test_nothing_has_no_axes(view):
    assert not view.canvas.plot.getAxis("left").isVisible()
    view.show_runs(lesson())
    assert view.canvas.plot.getAxis("left").isVisible()
    QApplication.processEvents()
    assert view.canvas.plot.area().left() > 40


def test_runs_without_the_figure_are_counted(view):
    waiting = [entry("a", outcome=None), entry("b", outcome=None)]
    view.show_runs(waiting)
    assert text(view, "depthHint") == "2 runs have no test error yet."
    assert child(view, QLabel, "depthHint").isVisible()
    view.show_runs([*waiting, *lesson()])
    assert text(view, "depthNotes") == "2 runs have no test error yet."
    assert child(view, QLabel, "depthNotes").isVisible()


def test_a_run_that_diverged_is_a_cross_at_the_top(view):
    view.show_runs([*lesson(), entry("d", 9, "none", outcome=Outcome.DIVERGED)])
    marks = view.canvas.plot.marks.lines[0].marks
    assert [(mark.x, mark.cross, mark.y is None) for mark in marks] == [
        (6, False, False), (20, True, True), (50, False, False),
    ]  # fmt: skip
    assert text(view, "depthNotes") == "1 run diverged: a cross at the top."
    image = view.canvas.grab().toImage()
    spot = place_of(view, 0, 1)
    color = QColor(color_of(Shortcut.NONE, theme.LIGHT))
    near = [image.pixelColor(spot.x() + d, spot.y() + d) for d in range(-4, 5)]
    assert any(abs(c.red() - color.red()) + abs(c.blue() - color.blue()) < 40 for c in near)


def test_pointing_at_a_point_reads_it(view):
    runs = [entry(str(seed), 9, accuracy=0.95 + seed / 100, seed=seed, name=f"<run> {seed}") for seed in range(3)]
    view.show_runs([*runs, entry("d", 9, outcome=Outcome.DIVERGED, seed=3)])
    mouse(view, QEvent.Type.MouseMove, place_of(view, 0, 0))
    read = readout(view)
    assert "identity: 20 layers" in read
    assert "9 blocks per stage" in read
    assert "test error 4.00 % ± 1.00 %, 3 seeds" in read
    assert "&lt;run&gt; 1: 4.00 %" in read
    assert "run d: diverged" in read
    mouse(view, QEvent.Type.MouseMove, place_of(view, 0, 0) + QPoint(0, 100))
    assert readout(view) is None


def test_one_seed_is_read_with_its_interval(view):
    view.show_runs([entry("a", accuracy=0.98)])
    mouse(view, QEvent.Type.MouseMove, place_of(view, 0, 0))
    assert "test error 2.00 % (95 %: 1.74 % to 2.29 %), one seed" in readout(view)
    QApplication.sendEvent(view.canvas.viewport(), QEvent(QEvent.Type.Leave))
    assert readout(view) is None


def test_a_readout_of_many_runs_with_long_names_stays_in_the_chart(view):
    view.resize(420, 420)
    runs = [entry(str(seed), 9, accuracy=0.9, seed=seed, name="long " * 30) for seed in range(12)]
    view.show_runs([*runs, entry("a", 2), entry("b", 24)])
    for number in range(3):
        mouse(view, QEvent.Type.MouseMove, place_of(view, 0, number))
        label = child(view, QLabel, "depthReadout")
        assert view.canvas.rect().contains(label.geometry())
        assert not label.geometry().contains(place_of(view, 0, number))
    mouse(view, QEvent.Type.MouseMove, place_of(view, 0, 1))
    assert "and 6 more" in readout(view)


def test_clicking_a_point_leads_to_its_best_run(view, qtbot):
    runs = [entry(str(seed), 9, accuracy=accuracy, seed=seed) for seed, accuracy in enumerate((0.9, 0.95, 0.92))]
    view.show_runs([*runs, entry("d", 24, outcome=Outcome.DIVERGED)])
    for number, run_id in enumerate(("1", "d")):
        place = place_of(view, 0, number)
        with qtbot.waitSignal(view.run_clicked) as clicked:
            for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
                mouse(view, kind, place, Qt.MouseButton.LeftButton)
        assert clicked.args == [run_id]
    with qtbot.assertNotEmitted(view.run_clicked):
        mouse(view, QEvent.Type.MouseButtonPress, place + QPoint(-60, 40), Qt.MouseButton.LeftButton)
        mouse(view, QEvent.Type.MouseButtonRelease, place, Qt.MouseButton.LeftButton)
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            mouse(view, kind, place + QPoint(-60, 40), Qt.MouseButton.LeftButton)


def test_points_are_reached_with_the_keyboard(view, qtbot):
    view.show_runs(lesson())
    view.canvas.setFocus()
    assert view.canvas.hasFocus()
    press(view, Qt.Key.Key_Right)
    assert "none (plain): 6 layers" in readout(view)
    press(view, Qt.Key.Key_Right)
    assert "none (plain): 50 layers" in readout(view)
    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_Down)
    assert "identity: 50 layers" in readout(view)
    with qtbot.waitSignal(view.run_clicked) as clicked:
        press(view, Qt.Key.Key_Return)
    assert clicked.args == ["r24"]
    press(view, Qt.Key.Key_Escape)
    assert readout(view) is None


def test_a_point_that_is_read_is_read_on_while_runs_train(view):
    live = entry("a", 4, losses=[2.0], outcome=None)
    choose(view, "depthFigureCombo", 1)
    view.show_runs([live, entry("b", 9)])
    press(view, Qt.Key.Key_Right)
    assert "training loss 2" in readout(view)
    grow(live.run, [1.0])
    view.run_changed("a")
    view.redraw()
    assert "training loss 1.5" in readout(view)
    view.show_runs([entry("c", 2)])
    assert readout(view) is None


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK])
def test_a_shortcut_has_the_same_colour_in_every_chart(view, colors):
    view.set_colors(colors)
    for runs in (lesson(), lesson()[2:]):
        view.show_runs(runs)
        assert view.canvas.plot.marks.lines[-1].look.color == colors.runs[0]
    view.show_runs(lesson()[:1])
    assert view.canvas.plot.marks.lines[0].look.color == colors.runs[1]
    view.grab()


def test_every_shortcut_has_a_colour():
    assert {color_of(shortcut, theme.DARK) for shortcut in Shortcut} == set(theme.DARK.runs)


def test_lines_of_one_colour_differ_in_style_and_mark(view):
    view.show_runs([entry(str(width), width=width) for width in (8, 16, 32, 64)])
    looks = [line.look for line in view.canvas.plot.marks.lines]
    assert len({look.color for look in looks}) == 1
    assert len({look.pen.style() for look in looks}) == 4
    assert [look.variant for look in looks] == list(range(len(SHAPES)))
    assert child(view, QWidget, "depthLegend").names[0] == "identity, width 8"


def test_lines_at_the_same_place_do_not_hide_each_other(view):
    view.show_runs([entry(kind, shortcut=kind) for kind in ("none", "identity", "A")])
    spots = [place_of(view, line, 0).x() for line in range(3)]
    assert spots[0] < spots[1] < spots[2]
    assert len({place_of(view, line, 0).y() for line in range(3)}) == 1


def test_many_lines_are_counted_in_the_legend(view):
    view.show_runs([entry(str(width), width=width) for width in range(1, 16)])
    legend = child(view, QWidget, "depthLegend")
    labels = [label for label in legend.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in labels] == ["and 3 more"]
    assert "width 15" in labels[0].toolTip()


def test_labels_of_depths_do_not_collide(view):
    view.resize(360, 400)
    view.show_runs([entry(str(blocks), blocks) for blocks in (*range(1, 30), 60)])
    axis = view.canvas.plot.getAxis("bottom")
    ((_, ticks),) = axis.tickValues(*axis.range, axis.width())
    spots = np.interp(ticks, axis.range, [0, axis.width()])
    assert (ticks[0], ticks[-1]) == (4, 122)
    assert 3 < len(ticks) < 12
    assert np.diff(spots).min() >= 30


def test_the_papers_curves_are_shown_beside_and_never_among_the_runs(view, qtbot):
    view.show_runs(lesson())
    before = lines(view)
    assert not view.help.isVisible()
    qtbot.mouseClick(child(view, QToolButton, "depthHelpButton"), Qt.MouseButton.LeftButton)
    assert view.help.isVisible()
    assert lines(view) == before
    he, *_ = view.help._plot.marks.lines
    assert [(mark.x, mark.y) for mark in he.marks] == [(20, 8.75), (32, 7.51), (44, 7.17), (56, 6.97), (110, 6.43)]
    assert "60&nbsp;%" in text(view, "depthHelpText")
    assert "CIFAR-10" in text(view, "depthHelpText")
    qtbot.mouseClick(child(view, QToolButton, "depthHelpButton"), Qt.MouseButton.LeftButton)
    assert not view.help.isVisible()


def test_everything_one_can_use_has_a_name_and_a_tooltip(view):
    for name in ("depthFigureCombo", "depthAxisCombo", "depthLogCheck", "depthHelpButton"):
        widget = child(view, QWidget, name)
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert child(view, QWidget, "depthPlot").accessibleDescription() == HINT
    view.show_runs(lesson())
    assert child(view, QWidget, "depthPlot").accessibleDescription() == text(view, "depthSummary")


def test_strange_values_break_nothing(view):
    cases = SimpleNamespace(
        nan=[entry("a", losses=[np.nan]), entry("b", 4, losses=[np.inf, 1.0])],
        none=[entry("a", losses=[], outcome=None)],
        stem=[entry("a", 0), entry("b", 0, "none")],
        huge=[entry("a", losses=[1e30]), entry("b", 4, losses=[1e-30])],
        equal=[entry("a", 2, losses=[0.0]), entry("b", 4, losses=[0.0])],
    )
    for runs in vars(cases).values():
        view.show_runs(runs)
        for index in range(len(FIGURES)):
            choose(view, "depthFigureCombo", index)
            for _ in range(2):
                child(view, QCheckBox, "depthLogCheck").click()
                view.grab()
                assert np.isfinite(view.canvas.plot.getViewBox().viewRange()).all()
