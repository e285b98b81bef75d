"""The pen that keys move, in a time of the test's own."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from resnet_gui.ui import keyboard_pen
from resnet_gui.ui.keyboard_pen import FASTER, LONGEST_TICK, SPEED, START, STEP, KeyboardPen

NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def clock(monkeypatch):
    """Seconds, as the pen sees them."""
    now = [0.0]
    monkeypatch.setattr(keyboard_pen, "monotonic", lambda: now[0])
    return now


class Widget(QWidget):
    """Hands its keys to the pen; `passed` are those that it does not take."""

    def __init__(self):
        super().__init__()
        self.passed = []
        self.pen = KeyboardPen(self)

    def keyPressEvent(self, event):
        if not self.pen.take_press(event):
            self.passed.append(event.key())

    def keyReleaseEvent(self, event):
        self.pen.take_release(event)


@pytest.fixture
def widget(qtbot):
    made = Widget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def pen(widget, clock):
    made = widget.pen
    made.places = []
    made.moved.connect(lambda: made.places.append(made.place))
    made._timer.setInterval(10_000_000)  # the tests tick
    return made


def tick(pen, clock, seconds, times=1):
    for _ in range(times):
        clock[0] += seconds
        pen._timer.timeout.emit()


def gone(pen):
    return np.array(pen.place) - START


def test_a_tap_is_one_step_and_with_shift_a_longer_one(widget, pen):
    QTest.keyClick(widget, RIGHT)
    np.testing.assert_allclose(gone(pen), (STEP, 0))
    QTest.keyClick(widget, UP, SHIFT)
    np.testing.assert_allclose(gone(pen), (STEP, -FASTER * STEP))


def test_a_held_key_moves_evenly_whatever_the_keyboard_repeats(widget, pen, clock):
    QTest.keyPress(widget, DOWN)
    for _ in range(20):
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, DOWN, NONE, "", True))
        tick(pen, clock, 0.016)
    QTest.keyRelease(widget, DOWN)
    np.testing.assert_allclose(gone(pen), (0, 20 * 0.016 * SPEED))
    assert len(pen.places) == 20
    assert not pen._timer.isActive()


def test_two_keys_go_diagonally_as_fast_as_one(widget, pen, clock):
    QTest.keyPress(widget, DOWN)
    QTest.keyPress(widget, LEFT)
    tick(pen, clock, 0.016, 30)
    QTest.keyRelease(widget, LEFT)
    QTest.keyRelease(widget, DOWN)
    assert gone(pen)[0] == pytest.approx(-gone(pen)[1])
    assert np.hypot(*gone(pen)) == pytest.approx(30 * 0.016 * SPEED)


def test_opposite_keys_stand_still(widget, pen, clock):
    QTest.keyPress(widget, RIGHT)
    QTest.keyPress(widget, LEFT)
    tick(pen, clock, 0.016, 5)
    assert pen.places == []


def test_shift_quickens_a_key_that_is_held(widget, pen, clock):
    QTest.keyPress(widget, RIGHT)
    tick(pen, clock, 0.04)
    QTest.keyPress(widget, Qt.Key.Key_Shift)
    tick(pen, clock, 0.04)
    QTest.keyRelease(widget, Qt.Key.Key_Shift)
    tick(pen, clock, 0.04)
    np.testing.assert_allclose(np.diff([START[0], *(x for x, _ in pen.places)]) / 0.04 / SPEED, (1, FASTER, 1))


def test_after_a_pause_of_the_window_the_pen_does_not_jump(widget, pen, clock):
    QTest.keyPress(widget, RIGHT)
    tick(pen, clock, 5.0)
    np.testing.assert_allclose(gone(pen), (LONGEST_TICK * SPEED, 0))


def test_the_pen_stays_on_the_paper(widget, pen):
    for _ in range(30):
        QTest.keyClick(widget, UP, SHIFT)
    assert pen.place == (START[0], 0.0)


def test_keys_that_are_held_while_the_pen_is_put_away_are_let_go(widget, pen, clock):
    QTest.keyPress(widget, RIGHT)
    pen.put_away()
    assert not pen._timer.isActive()
    assert not pen.shown
    QTest.keyRelease(widget, RIGHT)
    np.testing.assert_allclose(gone(pen), (0, 0))


def test_keys_with_control_and_others_are_left_to_the_window(widget, pen):
    for key, modifier in ((RIGHT, CONTROL), (Qt.Key.Key_Return, NONE), (Qt.Key.Key_Escape, NONE), (Qt.Key.Key_5, NONE)):
        QTest.keyClick(widget, key, modifier)
    assert widget.passed[1:] == [RIGHT, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_5]
    assert not pen.shown
