"""The dialog of labels edits one run, or what several have in common."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit, QToolButton

from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Labels, Run
from resnet_gui.ui.labels_dialog import LabelsDialog, tags_of
from resnet_gui.ui.runs_table import RunsTable


@pytest.fixture
def table(qtbot):
    table = RunsTable()
    qtbot.addWidget(table)
    table.asked = []
    table.labels_changed.connect(table.asked.append)
    table.show()
    return table


def open_labels(qtbot, table, *labels):
    """The dialog for runs with these labels, opened by its key."""
    runs = [Run(f"run{number}", Experiment(), each) for number, each in enumerate(labels)]
    table.add_runs([Entry(run, run.name, number) for number, run in enumerate(runs)])
    table.view.setFocus()
    table.view.selectAll()
    qtbot.keyClick(table.view, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    return table.findChild(LabelsDialog)


def write(qtbot, dialog, name, text):
    field = dialog.findChild(QLineEdit, name)
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)


def press(qtbot, dialog, name):
    qtbot.mouseClick(dialog.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def save(qtbot, dialog):
    (button,) = [b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "Save"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_all_labels_of_one_run_are_edited(table, qtbot):
    dialog = open_labels(qtbot, table, Labels("Old", ("deep",), "note", 2))
    assert dialog.windowTitle() == "Labels of Old"
    assert dialog.findChild(QToolButton, "labelsColor2").isChecked()
    write(qtbot, dialog, "labelsName", " New ")
    dialog.findChild(QLineEdit, "labelsTags").setText("lesson,  two  words,lesson,,")
    notes = dialog.findChild(QPlainTextEdit, "labelsNotes")
    notes.selectAll()
    qtbot.keyClicks(notes, "Better")
    press(qtbot, dialog, "labelsColor5")
    save(qtbot, dialog)
    assert table.asked == [{"run0": Labels("New", ("lesson", "two words"), "Better", 5)}]


def test_automatic_colour_takes_the_runs_own_away(table, qtbot):
    dialog = open_labels(qtbot, table, Labels(color=2))
    press(qtbot, dialog, "labelsColor1000")
    save(qtbot, dialog)
    assert table.asked == [{"run0": Labels()}]


def test_nothing_changed_is_nothing_asked(table, qtbot):
    dialog = open_labels(qtbot, table, Labels("Name", ("a", "b"), "note", 1))
    save(qtbot, dialog)
    assert table.asked == []
    assert not dialog.isVisible()


def test_cancelled_is_nothing_asked(table, qtbot):
    dialog = open_labels(qtbot, table, Labels())
    write(qtbot, dialog, "labelsName", "New")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert table.asked == []
    assert not dialog.isVisible()


def test_several_runs_keep_what_they_do_not_share(table, qtbot):
    dialog = open_labels(qtbot, table, Labels("A", ("deep", "x"), "note", 1), Labels("", ("y", "deep"), "", 3))
    assert dialog.windowTitle() == "Labels of 2 runs"
    assert not dialog.findChild(QLineEdit, "labelsName").isVisible()
    assert not dialog.findChild(QPlainTextEdit, "labelsNotes").isVisible()
    assert dialog.findChild(QLineEdit, "labelsTags").text() == "deep"
    write(qtbot, dialog, "labelsTags", "new")
    save(qtbot, dialog)
    assert table.asked == [{"run0": Labels("A", ("x", "new"), "note", 1), "run1": Labels("", ("y", "new"), "", 3)}]


def test_several_runs_get_one_colour(table, qtbot):
    dialog = open_labels(qtbot, table, Labels(color=1, tags=("x",)), Labels(color=4))
    press(qtbot, dialog, "labelsColor4")
    save(qtbot, dialog)
    assert table.asked == [{"run0": Labels(color=4, tags=("x",))}]


def test_last_tag_is_completed_from_those_in_use(table, qtbot):
    dialog = open_labels(qtbot, table, Labels(tags=("lesson",)), Labels())
    tags = dialog.findChild(QLineEdit, "labelsTags")
    tags.setText("deep, ")
    completer = tags.completer()
    completer.setCompletionPrefix("LES")
    assert completer.currentCompletion() == "deep, lesson"


def test_tags_are_told_apart_by_commas():
    assert tags_of(" a b , c,, a b,c ") == ("a b", "c")
    assert tags_of("") == ()
