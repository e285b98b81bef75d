"""Digits from the canvas to their own window and to the networks, in the whole window with the real engine."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton

from resnet_gui.core.errors import LibraryError
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.strokes import PEN
from resnet_gui.ui import shelf
from resnet_gui.ui.app import Explorer

LONG = 120_000  # ms; a limit for what must not hang, not a measurement
ONE = ((0.5, 0.2), (0.5, 0.5), (0.5, 0.8))
SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.5, 0.8))


@pytest.fixture
def explorer(qtbot, monkeypatch, tmp_path):
    from resnet_gui.engine.executor import LocalExecutor

    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(shelf, "example_runs", list)
    monkeypatch.setattr(LocalExecutor, "calibrate", lambda thread, precision: None)
    made = Explorer(QApplication.instance(), device="cpu")
    qtbot.addWidget(made.window)
    made.window.resize(1280, 900)
    made.start()
    qtbot.waitUntil(lambda: bool(made.workbench.device), timeout=LONG)
    yield made
    made.window.close()
    assert made.workbench.close(LONG / 1000)
    made.errands.finish()
    made.setParent(None)
    made.deleteLater()


@pytest.fixture
def canvas(explorer):
    return explorer.window.drawing.canvas


def draw(canvas, points):
    places = [QPoint(int(x * canvas.width()), int(y * canvas.height())) for x, y in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def test_a_drawing_and_its_key_make_a_digit_and_room_for_the_next(explorer, canvas, qtbot):
    digits = explorer.window.my_digits.shelf
    draw(canvas, SEVEN)
    with qtbot.waitSignal(digits.kept):
        QTest.keyClick(canvas, Qt.Key.Key_7)
    assert explorer.window.statusBar().currentMessage() == "Kept as a 7; your digits: 1"
    assert canvas.drawing.empty
    canvas.undo()  # it was a one after all
    with qtbot.waitSignal(digits.kept):
        QTest.keyClick(canvas, Qt.Key.Key_1)
    assert [sample.label for sample in MyDigits().all()] == [1]


def test_a_drawing_that_was_begun_meanwhile_stays(explorer, canvas, qtbot):
    draw(canvas, SEVEN)
    with qtbot.waitSignal(explorer.window.my_digits.shelf.kept):
        QTest.keyClick(canvas, Qt.Key.Key_7)
        draw(canvas, ONE)
    assert not canvas.drawing.empty


def test_a_drawing_that_cannot_be_kept_stays_and_the_window_says_why(explorer, canvas, monkeypatch, qtbot):
    def refuse(*arguments):
        raise LibraryError("The disk is full; make room.")

    monkeypatch.setattr(MyDigits, "add", refuse)
    draw(canvas, SEVEN)
    QTest.keyClick(canvas, Qt.Key.Key_7)
    qtbot.waitUntil(lambda: explorer.window.notice.text == "The disk is full; make room.")
    assert not canvas.drawing.empty


def test_the_starter_reads_them_in_their_own_window(explorer, qtbot):
    store = MyDigits()
    for label, points in ((1, ONE), (7, SEVEN), (3, [(x, y + 0.01) for x, y in ONE])):
        store.add(label, [np.array(points, np.float32)], PEN)
    wanted = []
    explorer.window.my_digits.training_wanted.connect(wanted.append)
    QTest.mouseClick(explorer.window.findChild(QPushButton, "myDigitsButton"), Qt.MouseButton.LeftButton)
    dialog = explorer.window.my_digits.dialog
    qtbot.waitUntil(lambda: len(explorer.window.my_digits.shelf.samples) == 3)
    QTest.mouseClick(dialog.findChild(QPushButton, "checkRunsButton"), Qt.MouseButton.LeftButton)
    networks = dialog.findChild(QListWidget, "myDigitsRuns")
    qtbot.waitUntil(lambda: "wrong" in networks.item(0).text(), timeout=LONG)
    assert networks.item(0).text() == "Starter network\n66.7% · 1 wrong"
    QTest.mouseClick(dialog.findChild(QPushButton, "trainOnMyDigitsButton"), Qt.MouseButton.LeftButton)
    assert wanted == ["starter"]
    explorer.choose_theme("dark")
    explorer.window.close()
    assert not dialog.isVisible()
