"""The table of runs shows, finds, sorts, groups, ticks, selects and asks."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QTableView

from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.ui import theme
from resnet_gui.ui.run_columns import COLUMNS
from resnet_gui.ui.runs_table import RunsTable

TITLES = [column.title for column in COLUMNS]
CHECK = Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def table(qtbot):
    table = RunsTable()
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.tester = QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    table.show()
    qtbot.waitExposed(table)
    return table


def make_run(run_id, accuracy=None, preset="seed", state=None, seed=0, **labels):
    experiment = PRESETS[preset].experiment
    experiment = replace(experiment, recipe=replace(experiment.recipe, seed=seed))
    run = Run(run_id, experiment, Labels(**labels))
    if accuracy is not None:
        values = np.ones(3, np.float32)
        run.apply(StepsEnded(run_id, 0, values, values, 2000.0, 1.0))
        run.apply(EpochEnded(run_id, 0, 3, 0.1, accuracy))
    run.state = state or run.state
    return run


def fill(table, *runs):
    table.add_runs([Entry(run, run.name, color) for color, run in enumerate(runs)])
    return runs


def cell(table, row, title):
    return table.view.model().index(row, TITLES.index(title))


def shown(table):
    """The ids of the runs in the rows; None for the lines of groups."""
    rows = range(table.view.model().rowCount())
    return [entry and entry.run.id for entry in map(table.model.entry_at, rows)]


def click(qtbot, table, row, title="State", modifier=Qt.KeyboardModifier.NoModifier, double=False):
    place = table.view.visualRect(cell(table, row, title)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    if double:
        qtbot.mouseDClick(table.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def click_header(qtbot, table, title):
    header = table.view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(TITLES.index(title)) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def search(qtbot, table, text):
    field = table.findChild(QLineEdit, "runsSearch")
    field.clear()
    qtbot.keyClicks(field, text)
    return field


def action(table, text):
    (found,) = [action for action in table.view.actions() if action.text() == text]
    return found


def test_empty_table_shows_a_hint_and_no_search(table):
    hint = table.findChild(QLabel, "runsHint")
    assert hint.isVisible()
    assert not table.findChild(QLineEdit, "runsSearch").isVisible()
    fill(table, make_run("a"))
    assert not hint.isVisible()
    assert table.findChild(QLineEdit, "runsSearch").isVisible()


def test_row_shows_settings_and_results(table):
    table.add_run(Entry(make_run("a", 0.98765, "deep-plain", tags=("deep", "lesson")), "plain-50 (2)", 0))
    texts = {title: cell(table, 0, title).data() for title in TITLES}
    assert texts["Name"] == "plain-50 (2)"
    assert texts["Shortcut"] == "none"
    assert texts["Depth"] == "50"
    assert texts["Blocks"] == "24"
    assert texts["BN"] == "yes"
    assert texts["Rate"] == "0.001"
    assert texts["State"] == "training"
    assert texts["Best accuracy"] == texts["Validation accuracy"] == "98.77%"
    assert texts["Test accuracy"] == "–"
    assert texts["Training loss"] == "1"
    assert texts["Images/s"] == "2,000"
    assert texts["Time"] == "–"
    assert texts["Tags"] == "deep, lesson"
    assert isinstance(cell(table, 0, "Name").data(Qt.ItemDataRole.DecorationRole), QIcon)


def test_change_touches_one_row(table, qtbot):
    runs = fill(table, make_run("a"), make_run("b"))
    assert cell(table, 1, "Best accuracy").data() == "–"
    runs[1].apply(RunEnded("b", Outcome.FINISHED, "done", 9, 0.1, 0.99, 75.0, 1000.0))
    with qtbot.waitSignal(table.model.dataChanged) as signal:
        table.run_changed("b")
    assert {signal.args[0].row(), signal.args[1].row()} == {1}
    assert cell(table, 1, "State").data() == "finished"
    assert cell(table, 1, "Best accuracy").data() == "99.00%"
    assert cell(table, 1, "Time").data() == "1 min 15 s"
    table.run_changed("unknown")


def test_training_and_example_are_told_in_the_state(table):
    run, example = make_run("a", 0.5), make_run("b", state=State.FINISHED)
    run.total_steps, example.example = 12, True
    fill(table, run, example)
    assert cell(table, 0, "State").data() == "training 25%"
    assert cell(table, 1, "State").data() == "finished · example"


def test_each_state_has_a_picture_of_its_own(table):
    fill(table, *[make_run(str(state), state=state) for state in State])
    pictures = {}
    for row, state in enumerate(State):
        icon = cell(table, row, "State").data(Qt.ItemDataRole.DecorationRole)
        pictures.setdefault(icon.pixmap(32, 32).toImage().constBits().tobytes(), []).append(state)
    together = [states for states in pictures.values() if len(states) > 1]
    assert together == [[State.PREPARING, State.TRAINING], [State.DIVERGED, State.FAILED]]


def test_clicking_a_header_sorts_by_value_with_unknown_ones_last(table, qtbot):
    fill(table, *[make_run(name, accuracy) for name, accuracy in (("a", 0.9), ("b", 0.98), ("c", None), ("d", 0.1))])
    assert shown(table) == ["a", "b", "c", "d"]
    click_header(qtbot, table, "Best accuracy")
    first = shown(table)
    click_header(qtbot, table, "Best accuracy")
    assert sorted([first, shown(table)]) == [["b", "a", "d", "c"], ["d", "a", "b", "c"]]
    click_header(qtbot, table, "Best accuracy")
    assert shown(table) == ["a", "b", "c", "d"]


def test_sorted_names_are_in_the_order_of_their_numbers(table, qtbot):
    fill(table, *[make_run(name, name=name) for name in ("net-110", "net-8", "Net-20")])
    click_header(qtbot, table, "Name")
    if shown(table)[0] == "net-110":
        click_header(qtbot, table, "Name")
    assert shown(table) == ["net-8", "Net-20", "net-110"]


def test_selection_survives_sorting_and_dragged_columns_too(table, qtbot):
    fill(table, *[make_run(name, accuracy) for name, accuracy in (("a", 0.1), ("b", 0.5), ("c", 0.9))])
    header = table.view.horizontalHeader()
    header.moveSection(header.visualIndex(TITLES.index("Seed")), 2)
    table.select("a")
    table.view.sortByColumn(TITLES.index("Best accuracy"), Qt.SortOrder.DescendingOrder)
    assert shown(table) == ["c", "b", "a"]
    assert table.selected == "a"
    assert header.visualIndex(TITLES.index("Seed")) == 2
    assert header.isSectionHidden(TITLES.index("Notes"))


def test_run_that_gets_better_moves_up_by_itself(table, qtbot):
    runs = fill(table, make_run("a", 0.5), make_run("b", 0.4))
    table.view.sortByColumn(TITLES.index("Best accuracy"), Qt.SortOrder.DescendingOrder)
    table.select("b")
    runs[1].apply(EpochEnded("b", 1, 6, 0.1, 0.9))
    table.run_changed("b")
    qtbot.waitUntil(lambda: shown(table) == ["b", "a"])
    assert table.selected == "b"


def test_user_selection_of_one_run_is_reported_and_programmatic_is_not(table, qtbot):
    chosen = []
    table.run_selected.connect(chosen.append)
    fill(table, make_run("a"), make_run("b"), make_run("c"))
    table.select("b")
    assert (chosen, table.selected) == ([], "b")
    click(qtbot, table, 0)
    assert chosen == ["a"]
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert chosen == ["a", "b"]
    click(qtbot, table, 2, modifier=Qt.KeyboardModifier.ControlModifier)
    assert (chosen, table.selected, table.selected_runs) == (["a", "b"], "", ("b", "c"))
    table.select("unknown")
    assert table.selected_runs == ()


def test_click_on_a_tick_ticks_and_selects_nothing(table, qtbot):
    ticks, chosen = [], []
    table.ticks_changed.connect(ticks.append)
    table.run_selected.connect(chosen.append)
    fill(table, make_run("a"), make_run("b"), make_run("c"))
    click(qtbot, table, 2, "Compared")
    click(qtbot, table, 0, "Compared")
    assert ticks == [("c",), ("a", "c")]
    assert (chosen, table.selected_runs) == ([], ())
    assert [cell(table, row, "Compared").data(CHECK) for row in range(3)] == [
        Qt.CheckState.Checked,
        Qt.CheckState.Unchecked,
        Qt.CheckState.Checked,
    ]
    click(qtbot, table, 0, "Compared", double=True)
    assert ticks[2:] == [("c",), ("a", "c")]


def test_space_ticks_the_selected_runs_and_unticks_them(table, qtbot):
    ticks = []
    table.ticks_changed.connect(ticks.append)
    fill(table, make_run("a"), make_run("b"), make_run("c"))
    click(qtbot, table, 0)
    click(qtbot, table, 1, modifier=Qt.KeyboardModifier.ShiftModifier)
    table.set_ticked(["b", "unknown"])
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    assert ticks == [("b",), ("a", "b"), ()]


def test_all_that_is_shown_is_ticked_beside_what_was(table, qtbot):
    fill(table, make_run("a"), make_run("b", preset="deep-plain"), make_run("c", preset="deep-plain"))
    table.set_ticked(["a"])
    search(qtbot, table, "shortcut:none")
    action(table, "Tick all shown").trigger()
    assert table.ticked == ("a", "b", "c")
    action(table, "Untick all").trigger()
    assert table.ticked == ()


def test_settings_that_differ_between_ticked_runs_are_marked(table):
    fill(table, make_run("a"), make_run("b", seed=3), make_run("c", preset="deep-plain"))
    table.set_ticked(["a", "b"])

    def marked():
        titles = [table.model.headerData(n, Qt.Orientation.Horizontal) for n in range(len(TITLES))]
        return {title.removesuffix(" •") for title in titles if title.endswith("•")}

    assert marked() == {"Seed"}
    table.set_ticked(["a", "b", "c"])
    assert {"Seed", "Shortcut", "Depth", "Blocks", "Width", "BN", "Head", "Stem stride"} == marked()
    table.set_ticked(["a"])
    assert marked() == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("deep", ["a", "c"]),
        ("DEEP plain", ["a"]),
        ("tag:lesson", ["b"]),
        ("blocks:2", ["b", "c"]),
        ("shortcut:none finished", ["a"]),
        ("state:stopped", ["c"]),
        ("strange: thing", ["c"]),
        ("mnist", ["a", "b", "c"]),
    ],
)
def test_search_finds_the_runs_with_all_words(table, qtbot, text, found):
    fill(
        table,
        make_run("a", preset="deep-plain", state=State.FINISHED, tags=("deep",)),
        make_run("b", tags=("lesson",)),
        make_run("c", state=State.STOPPED, name="Not deep", notes="A strange: thing"),
    )
    search(qtbot, table, text)
    assert shown(table) == found


def test_search_without_a_match_offers_to_clear_it(table, qtbot):
    fill(table, make_run("a"), make_run("b"))
    table.set_ticked(["a"])
    field = search(qtbot, table, "xyz")
    hint = table.findChild(QLabel, "runsHint")
    assert hint.isVisible()
    assert hint.text() == "No run matches “xyz”."
    qtbot.mouseClick(table.findChild(QPushButton, "runsClearFilterButton"), Qt.MouseButton.LeftButton)
    assert not hint.isVisible()
    assert (field.text(), shown(table), table.ticked) == ("", ["a", "b"], ("a",))
    search(qtbot, table, "xyz")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert shown(table) == ["a", "b"]


def test_selection_comes_through_a_search(table, qtbot):
    chosen = []
    fill(table, *[make_run(name, name=f"run {name}") for name in "abcd"])
    click(qtbot, table, 3)
    table.run_selected.connect(chosen.append)
    search(qtbot, table, "name:d")
    assert (shown(table), table.selected) == (["d"], "d")
    search(qtbot, table, "run")
    assert (table.selected, chosen) == ("d", [])


def test_control_f_searches_and_down_leaves_for_the_table(table, qtbot):
    fill(table, make_run("a"), make_run("b"))
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = table.findChild(QLineEdit, "runsSearch")
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert table.view.hasFocus()
    assert table.selected == "a"


def group_by(table, title):
    combo = table.findChild(QComboBox, "runsGroupCombo")
    combo.setCurrentIndex(combo.findText(title))


def test_groups_show_mean_and_deviation(table):
    fill(
        table,
        make_run("a", 0.9, seed=0),
        make_run("b", 0.5, "deep-plain"),
        make_run("c", 0.92, seed=1),
        make_run("d", seed=2),
    )
    group_by(table, "By shortcut")
    assert shown(table) == [None, "a", "c", "d", None, "b"]
    assert cell(table, 0, "Name").data() == "Shortcut identity: 3 runs · best accuracy of 2 91.00% ± 1.41%"
    assert cell(table, 4, "Name").data() == "Shortcut none: 1 run · best accuracy 50.00%"
    group_by(table, "No groups")
    assert shown(table) == ["a", "b", "c", "d"]


def test_runs_with_the_same_settings_but_for_the_seed_are_together(table):
    fill(table, make_run("a"), make_run("b", preset="deep"), make_run("c", seed=1), make_run("d", preset="deep-plain"))
    group_by(table, "Seeds together")
    assert shown(table) == [None, "d", None, "a", "c", None, "b"]
    titles = [table.model.group_at(row).title for row in (0, 2, 5)]
    assert titles[1].startswith("ResNet-6, shortcut identity, width 32, BN no")
    assert len(set(titles)) == 3


@pytest.mark.parametrize("title", ["By depth", "By data set", "By tags", "By day"])
def test_each_grouping_keeps_every_run(table, title):
    fill(table, make_run("a", tags=("x",)), make_run("b", preset="deep"), make_run("c", tags=("x",)))
    group_by(table, title)
    assert sorted(filter(None, shown(table))) == ["a", "b", "c"]
    assert shown(table)[0] is None


def test_group_is_closed_and_opened_by_mouse_and_keys(table, qtbot):
    fill(table, make_run("a"), make_run("b", preset="deep-plain"), make_run("c"))
    group_by(table, "By shortcut")
    click(qtbot, table, 0, "Name")
    assert shown(table) == [None, None, "b"]
    table.view.setCurrentIndex(cell(table, 0, "Name"))
    qtbot.keyClick(table.view, Qt.Key.Key_Right)
    assert shown(table) == [None, "a", "c", None, "b"]
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert shown(table) == [None, None, "b"]
    table.select("c")
    assert table.selected == "c"
    assert shown(table) == [None, "a", "c", None, "b"]


def test_group_is_ticked_as_one(table, qtbot):
    fill(table, make_run("a"), make_run("b", preset="deep-plain"), make_run("c"))
    group_by(table, "By shortcut")
    click(qtbot, table, 1, "Compared")
    assert cell(table, 0, "Compared").data(CHECK) == Qt.CheckState.PartiallyChecked
    click(qtbot, table, 0, "Compared")
    assert table.ticked == ("a", "c")
    table.view.setCurrentIndex(cell(table, 0, "Name"))
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    assert table.ticked == ()


def test_sorted_groups_come_as_their_best_runs_do(table):
    fill(table, make_run("a", 0.3), make_run("b", 0.9, "deep-plain"), make_run("c", 0.5))
    group_by(table, "By shortcut")
    table.view.sortByColumn(TITLES.index("Best accuracy"), Qt.SortOrder.DescendingOrder)
    assert shown(table) == [None, "b", None, "c", "a"]


def test_group_line_is_painted_across_the_columns(table, qtbot):
    fill(table, make_run("a"))
    group_by(table, "By depth")
    table.set_colors(theme.DARK)
    picture = table.view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    row = table.view.visualRect(cell(table, 0, "Best accuracy"))
    place = QPoint(row.right(), row.top() + 2) * ratio
    assert picture.pixelColor(place).name() == theme.DARK.raised


def rename(qtbot, table, name):
    qtbot.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit, "runNameEdit")
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.findChild(QLineEdit, "runNameEdit") is None)


def test_f2_asks_for_another_name_and_an_empty_one_gives_the_networks(table, qtbot):
    asked = []
    table.labels_changed.connect(asked.append)
    labels = Labels("Old", ("x",), "note", 3)
    (run,) = fill(table, make_run("a", name="Old", tags=("x",), notes="note", color=3))
    click(qtbot, table, 0)
    rename(qtbot, table, "  New one ")
    assert asked == [{"a": replace(labels, name="New one")}]
    assert run.labels == labels
    assert cell(table, 0, "Name").data() == "Old"
    rename(qtbot, table, "Old")
    assert len(asked) == 1
    rename(qtbot, table, "")
    assert asked[1:] == [{"a": replace(labels, name="")}]


def test_open_editor_survives_a_new_run_and_a_changed_one(table, qtbot):
    runs = fill(table, make_run("a", 0.1), make_run("b", 0.2))
    table.view.sortByColumn(TITLES.index("Best accuracy"), Qt.SortOrder.DescendingOrder)
    asked = []
    table.labels_changed.connect(asked.append)
    click(qtbot, table, 1)
    qtbot.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit, "runNameEdit")
    qtbot.keyClicks(editor, "typed")
    fill(table, make_run("c", 0.3))
    runs[0].apply(EpochEnded("a", 1, 6, 0.1, 0.9))
    table.run_changed("a")
    qtbot.waitUntil(lambda: shown(table) == ["a", "c", "b"])
    assert editor.text() == "typed"
    with qtbot.waitSignal(table.labels_changed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert [list(each) for each in asked] == [["a"]]


def test_new_name_and_colour_are_shown(table):
    run, _ = fill(table, make_run("a"), make_run("b"))
    table.set_colors(theme.LIGHT)
    before = cell(table, 0, "Name").data(Qt.ItemDataRole.DecorationRole)
    table.relabel(Entry(run, "Other", 3))
    assert cell(table, 0, "Name").data() == "Other"
    assert cell(table, 0, "Name").data(Qt.ItemDataRole.DecorationRole).cacheKey() != before.cacheKey()
    table.relabel(Entry(make_run("unknown"), "Other", 3))


def test_double_click_and_return_ask_for_the_settings(table, qtbot):
    asked = []
    table.reuse_requested.connect(asked.append)
    fill(table, make_run("a"))
    click(qtbot, table, 0, double=True)
    assert asked == ["a"]
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert asked == ["a", "a"]


def test_actions_fit_the_selection(table, qtbot):
    fill(table, make_run("a", state=State.STOPPED), make_run("b", state=State.FINISHED))
    one = [action(table, text) for text in ("Copy settings into the form", "Show details", "Rename", "Resume")]
    many = [action(table, text) for text in ("Labels…", "Tick or untick", "Export…", "Delete")]
    assert not any(each.isEnabled() for each in one + many)
    click(qtbot, table, 0)
    assert all(each.isEnabled() for each in one + many)
    click(qtbot, table, 1, modifier=Qt.KeyboardModifier.ControlModifier)
    assert [each.isEnabled() for each in one + many] == [False] * 4 + [True] * 4
    table.select("b")
    assert not action(table, "Resume").isEnabled()


def test_details_resume_and_export_are_asked_for(table, qtbot):
    fill(table, make_run("a", state=State.INTERRUPTED), make_run("b"))
    click(qtbot, table, 0)
    for signal, text, said in (
        (table.details_requested, "Show details", "a"),
        (table.resume_requested, "Resume", ("a",)),
        (table.export_requested, "Export…", ("a",)),
    ):
        with qtbot.waitSignal(signal) as caught:
            action(table, text).trigger()
        assert caught.args == [said]


def test_delete_key_asks_to_delete_the_selected_runs(table, qtbot):
    asked = []
    table.delete_requested.connect(asked.append)
    fill(table, *[make_run(name, state=State.FINISHED) for name in "abc"])
    table.set_ticked(["a", "c"])
    click(qtbot, table, 0)
    click(qtbot, table, 1, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert action(table, "Delete 2 runs").isEnabled()
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert asked == [("a", "b")]
    assert shown(table) == ["a", "b", "c"]
    with qtbot.waitSignal(table.ticks_changed) as ticks:
        table.remove_runs(["a", "b", "unknown"])
    assert (shown(table), ticks.args, table.selected_runs) == (["c"], [("c",)], ())


def test_run_in_training_cannot_be_deleted_until_it_ends(table, qtbot):
    asked, refused = [], []
    table.delete_requested.connect(asked.append)
    table.refused.connect(refused.append)
    (run,) = fill(table, make_run("a", 0.5))
    click(qtbot, table, 0)
    assert not action(table, "Cannot delete ResNet-6: stop its training first").isEnabled()
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert asked == []
    assert refused == ["Cannot delete ResNet-6: stop its training first."]
    run.apply(RunEnded("a", Outcome.STOPPED, "stopped", 3))
    table.run_changed("a")
    assert action(table, "Delete").isEnabled()


def test_removed_run_can_come_back(table):
    runs = fill(table, make_run("a"), make_run("b"))
    table.remove_runs(["a", "b"])
    assert table.findChild(QLabel, "runsHint").isVisible()
    fill(table, runs[1])
    fill(table, runs[0])
    assert shown(table) == ["a", "b"]
    assert not table.findChild(QLabel, "runsHint").isVisible()


def test_tooltip_tells_why_a_run_failed_and_what_was_noted(table):
    run = make_run("a", notes="Rate too high\nsee <paper>")
    run.apply(RunEnded("a", Outcome.FAILED, "Out of memory", 0, details="File <string>\nValueError: x < y"))
    fill(table, run)
    tip = cell(table, 0, "State").data(Qt.ItemDataRole.ToolTipRole)
    assert "Out of memory" in tip
    assert "ValueError: x &lt; y" in tip
    assert "Rate too high<br>see &lt;paper&gt;" in tip


def test_colours_follow_the_scheme(table):
    run = make_run("a")
    run.apply(RunEnded("a", Outcome.FAILED, "Out of memory", 0))
    fill(table, run)
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
    table.add_run(Entry(run, "first", 0))
    table.add_run(Entry(run, "second", 0))
    assert table.view.model().rowCount() == 1
    assert cell(table, 0, "Name").data() == "second"


def test_run_that_ends_leaves_a_search_for_training_ones(table, qtbot):
    (run,) = fill(table, make_run("a", 0.5))
    search(qtbot, table, "state:training")
    assert shown(table) == ["a"]
    run.apply(RunEnded("a", Outcome.STOPPED, "stopped", 3))
    table.run_changed("a")
    qtbot.waitUntil(lambda: shown(table) == [])
    assert table.findChild(QLabel, "runsHint").isVisible()


def test_count_tells_found_and_ticked_runs(table, qtbot):
    fill(table, make_run("a"), make_run("b", preset="deep-plain"))
    table.set_ticked(["a"])
    search(qtbot, table, "none")
    assert table.findChild(QLabel, "runsCount").text() == "1 of 2 runs · 1 ticked"


def test_thousand_runs_come_in_one_insertion(table, qtbot):
    inserted = []
    table.model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    fill(table, *[make_run(f"run{number}", seed=number) for number in range(1000)])
    assert inserted == [(0, 999)]
    search(qtbot, table, "seed:77")
    assert shown(table) == ["run77"]
