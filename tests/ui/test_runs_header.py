"""Columns are chosen, dragged, remembered, and restored."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QComboBox

from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run
from resnet_gui.ui.run_columns import COLUMN_OF, COLUMNS
from resnet_gui.ui.runs_table import RunsTable

NOTES, SEED, RATE, ACCURACY = (COLUMN_OF[key] for key in ("notes", "seed", "rate", "bestaccuracy"))


@pytest.fixture
def make_table(qtbot):
    def make():
        table = RunsTable()
        qtbot.addWidget(table)
        table.add_runs([Entry(Run(name, Experiment()), name, 0) for name in "ab"])
        return table

    return make


@pytest.fixture
def table(make_table):
    return make_table()


def toggle(qtbot, table, title):
    menu = table.view.header.menu
    menu.aboutToShow.emit()
    (item,) = menu.list.findItems(title, Qt.MatchFlag.MatchExactly)
    menu.list.setCurrentItem(item)
    qtbot.keyClick(menu.list, Qt.Key.Key_Space)
    return item


def shown(table):
    header = table.view.header
    order = [header.logicalIndex(place) for place in range(header.count())]
    return [COLUMNS[number].title for number in order if not header.isSectionHidden(number)]


def test_space_in_the_list_shows_and_hides_a_column(table, qtbot):
    assert "Notes" not in shown(table)
    item = toggle(qtbot, table, "Notes")
    assert "Notes" in shown(table)
    assert item.checkState() is Qt.CheckState.Checked
    toggle(qtbot, table, "Notes")
    assert "Notes" not in shown(table)


def test_click_in_the_list_shows_a_column(table, qtbot):
    columns = table.view.header.menu.list
    (item,) = columns.findItems("Order", Qt.MatchFlag.MatchExactly)
    columns.scrollToItem(item)
    qtbot.mouseClick(columns.viewport(), Qt.MouseButton.LeftButton, pos=columns.visualItemRect(item).center())
    assert "Order" in shown(table)


def test_ticks_and_names_cannot_be_hidden(table):
    columns = table.view.header.menu.list
    assert not columns.findItems("Name", Qt.MatchFlag.MatchExactly)
    assert not columns.findItems("Compared", Qt.MatchFlag.MatchExactly)


def test_what_differs_can_be_shown(table):
    menu = table.view.header.menu
    menu.aboutToShow.emit()
    assert not menu.differing.isEnabled()
    experiment = Experiment(recipe=replace(Recipe(), learning_rate=0.5))
    table.add_run(Entry(Run("c", experiment), "c", 0))
    table.set_ticked("abc")
    assert "Rate" not in shown(table)
    menu.aboutToShow.emit()
    menu.differing.trigger()
    assert "Rate" in shown(table)


def test_state_is_restored_in_another_table(make_table, qtbot):
    table, other = make_table(), make_table()
    header = table.view.header
    toggle(qtbot, table, "Notes")
    toggle(qtbot, table, "Blocks")
    header.moveSection(header.visualIndex(SEED), 2)
    header.resizeSection(SEED, 123)
    table.view.sortByColumn(ACCURACY, Qt.SortOrder.DescendingOrder)
    combo = table.findChild(QComboBox, "runsGroupCombo")
    combo.setCurrentIndex(combo.findText("By depth"))
    assert shown(other) != shown(table)
    assert other.restore(table.state())
    assert shown(other) == shown(table)
    assert shown(other)[2] == "Seed"
    assert other.view.header.sectionSize(SEED) == 123
    assert other.view.header.sortIndicatorSection() == ACCURACY
    assert other.view.header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
    assert other.findChild(QComboBox, "runsGroupCombo").currentText() == "By depth"
    assert other.state() == table.state()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b'{"columns": [["seed"]], "sort": "", "descending": false}',
        b'{"columns": [[[], 1, 1]], "sort": "", "descending": false}',
        b'{"columns": [["seed", 1e999, true]], "sort": "", "descending": false}',
        b"\xff\xfe",
    ],
)
def test_damaged_state_changes_nothing(table, damaged):
    before = table.state()
    assert not table.restore(QByteArray(damaged))
    assert table.state() == before


def test_state_of_another_version_is_taken_as_far_as_it_goes(table):
    state = b'{"columns": [["compared", 36, true], ["gone", 50, true], ["seed", 99999, true], ["name", 9, false]],'
    assert table.restore(QByteArray(state + b' "sort": "gone", "descending": true, "group": "gone"}'))
    assert shown(table)[:3] == ["Compared", "Seed", "Name"]
    assert table.view.header.sectionSize(SEED) <= 2000


def test_default_columns_come_back(table, qtbot):
    before = shown(table)
    toggle(qtbot, table, "Notes")
    header = table.view.header
    header.moveSection(header.visualIndex(SEED), 3)
    (defaults,) = [action for action in header.menu.actions() if action.text() == "Default columns"]
    defaults.trigger()
    assert shown(table) == before
