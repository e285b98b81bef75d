"""The table of runs shows, sorts and selects."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QTableView

from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run
from resnet_gui.ui import theme
from resnet_gui.ui.runs_table import COLUMNS, RunsTable

TITLES = [column.title for column in COLUMNS]

NAMES = ("ResNet-6", "ResNet-6 (2)")


@pytest.fixture
def table(qtbot):
    table = RunsTable()
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.tester = QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    table.show()
    qtbot.waitExposed(table)
    return table


def make_run(name, accuracy=None, preset="seed"):
    run = Run(name, PRESETS[preset].experiment)
    if accuracy is not None:
        values = np.ones(3, np.float32)
        run.apply(StepsEnded(name, 0, values, values, 2000.0, 1.0))
        run.apply(EpochEnded(name, 0, 3, 0.1, accuracy))
    return run


def cell(table, row, title):
    return table.view.model().index(row, TITLES.index(title))


def click(qtbot, table, row, double=False):
    viewport = table.view.viewport()
    place = table.view.visualRect(cell(table, row, "State")).center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    if double:
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def test_empty_table_shows_a_hint(table):
    hint = table.findChild(QLabel, "runsHint")
    assert hint.isVisible()
    table.add_run(make_run("a"), NAMES[0], 0)
    assert not hint.isVisible()


def test_row_shows_settings_and_results(table):
    table.add_run(make_run("a", 0.98765, "deep-plain"), "plain-50", 0)
    shown = {title: cell(table, 0, title).data() for title in TITLES}
    assert shown["Network"] == "plain-50"
    assert shown["Shortcut"] == "none"
    assert shown["Blocks"] == "24"
    assert shown["BN"] == "yes"
    assert shown["Rate"] == "0.001"
    assert shown["State"] == "training"
    assert shown["Best accuracy"] == "98.77%"
    assert shown["Images/s"] == "2,000"
    assert shown["Time"] == "–"
    assert isinstance(cell(table, 0, "Network").data(Qt.ItemDataRole.DecorationRole), QIcon)


def test_change_touches_one_row(table, qtbot):
    runs = [make_run("a"), make_run("b")]
    for run in runs:
        table.add_run(run, NAMES[0], 0)
    runs[1].apply(RunEnded("b", Outcome.FINISHED, "done", 9, 0.1, 0.99, 75.0, 1000.0))
    with qtbot.waitSignal(table.model.dataChanged) as signal:
        table.run_changed("b")
    assert {signal.args[0].row(), signal.args[1].row()} == {1}
    assert cell(table, 1, "State").data() == "finished"
    assert cell(table, 1, "Best accuracy").data() == "99.00%"
    assert cell(table, 1, "Time").data() == "1 min 15 s"
    table.run_changed("unknown")


def test_clicking_a_header_sorts_by_value(table, qtbot):
    for name, accuracy in (("a", 0.9), ("b", 0.98), ("c", None), ("d", 0.1)):
        table.add_run(make_run(name, accuracy), NAMES[0], 0)
    header = table.view.horizontalHeader()
    column = TITLES.index("Best accuracy")
    place = header.rect().topLeft()
    place.setX(header.sectionViewportPosition(column) + 20)
    place.setY(header.height() // 2)
    names = [table.view.model().index(row, 0).data(Qt.ItemDataRole.UserRole + 1) for row in range(4)]
    assert names == ["a", "b", "c", "d"]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    names = [table.view.model().index(row, 0).data(Qt.ItemDataRole.UserRole + 1) for row in range(4)]
    assert names in (["c", "d", "a", "b"], ["b", "a", "d", "c"])


def test_user_selection_is_reported_and_programmatic_is_not(table, qtbot):
    chosen = []
    table.run_selected.connect(chosen.append)
    table.add_run(make_run("a"), NAMES[0], 0)
    table.add_run(make_run("b"), NAMES[0], 0)
    table.select("b")
    assert (chosen, table.selected) == ([], "b")
    click(qtbot, table, 0)
    assert chosen == ["a"]
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert chosen == ["a", "b"]
    table.select("unknown")
    assert table.selected == ""


def test_double_click_and_return_ask_for_the_settings(table, qtbot):
    asked = []
    table.reuse_requested.connect(asked.append)
    table.add_run(make_run("a"), NAMES[0], 0)
    click(qtbot, table, 0, double=True)
    assert asked == ["a"]
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert asked == ["a", "a"]


def test_menu_offers_settings_and_details(table, qtbot):
    table.add_run(make_run("a"), NAMES[0], 0)
    reuse, details = table.view.actions()
    assert not reuse.isEnabled()
    click(qtbot, table, 0)
    assert reuse.isEnabled()
    with qtbot.waitSignal(table.details_requested) as signal:
        details.trigger()
    assert signal.args == ["a"]


def test_tooltip_tells_why_a_run_failed(table):
    run = make_run("a")
    run.apply(RunEnded("a", Outcome.FAILED, "Out of memory", 0, details="File <string>\nValueError: x < y"))
    table.add_run(run, NAMES[0], 0)
    tip = cell(table, 0, "State").data(Qt.ItemDataRole.ToolTipRole)
    assert "Out of memory" in tip
    assert "ValueError: x &lt; y" in tip


def test_colours_follow_the_scheme(table):
    run = make_run("a")
    run.apply(RunEnded("a", Outcome.FAILED, "Out of memory", 0))
    table.add_run(run, NAMES[0], 0)
    for colors in (theme.LIGHT, theme.DARK):
        table.set_colors(colors)
        assert cell(table, 0, "State").data(Qt.ItemDataRole.ForegroundRole).name() == colors.error
        table.grab()


def test_table_is_reached_and_left_by_keyboard(table):
    view = table.findChild(QTableView, "runsTable")
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert not view.tabKeyNavigation()


def test_same_run_twice_is_one_row(table):
    run = Run("a", Experiment())
    table.add_run(run, NAMES[0], 0)
    table.add_run(run, NAMES[0], 0)
    assert table.view.model().rowCount() == 1
