"""The script of the experiment: shown, marked, copied and handed out for saving."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.script import script_of
from resnet_gui.ui.code_view import CodeView
from resnet_gui.ui.theme import DARK, LIGHT


@pytest.fixture
def view(qtbot):
    made = CodeView()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show_experiment(Experiment())
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_script_is_that_of_the_experiment(view):
    assert view.script == script_of(Experiment()).rstrip("\n") or view.script == script_of(Experiment())
    assert view.changed == set()
    assert view.findChild(QPlainTextEdit, "codeText").isReadOnly()


def test_the_lines_of_the_last_edit_are_marked(view):
    experiment = Experiment()
    view.show_experiment(replace(experiment, recipe=replace(experiment.recipe, epochs=7)))
    lines = view.script.splitlines()
    assert [lines[line] for line in sorted(view.changed)] == ["EPOCHS = 7"]
    marks = view.findChild(QPlainTextEdit, "codeText").extraSelections()
    assert [mark.cursor.block().text() for mark in marks] == ["EPOCHS = 7"]
    assert view.findChild(QLabel, "codeNote").text() == "The last edit changed 1 line."


def test_copy_and_save(view, qtbot):
    qtbot.mouseClick(view.findChild(QPushButton, "copyCodeButton"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == view.script
    with qtbot.waitSignal(view.save_requested) as caught:
        qtbot.mouseClick(view.findChild(QPushButton, "saveCodeButton"), Qt.MouseButton.LeftButton)
    assert caught.args == [view.script]


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_python_is_coloured_in_either_scheme(view, colors):
    view.set_colors(colors)
    view.show_experiment(PRESETS["resnet20"].experiment)
    document = view.findChild(QPlainTextEdit, "codeText").document()
    for block in (document.findBlockByNumber(line) for line in range(document.blockCount())):
        kinds = {span.format.foreground().color().name() for span in block.layout().formats()}
        if block.text().startswith("import "):
            assert kinds == {colors.accent}
        if block.text() == "Block:    y = ReLU(F(x) + x)":
            assert kinds == {colors.runs[2]}  # within the docstring
    view.grab()
