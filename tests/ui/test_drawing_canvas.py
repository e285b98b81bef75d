"""The canvas with real mouse, tablet, touch and key events."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resnet_gui.core.gesture import LIGHTEST
from resnet_gui.core.strokes import PEN, to_image
from resnet_gui.ui.drawing_canvas import THICKEST, THINNEST, DrawingCanvas
from resnet_gui.ui.paper_view import ERASER
from resnet_gui.ui.theme import DARK, LIGHT

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
SIDE = 204  # pixels of the widget: a paper of 200


class Reports(QObject):
    """Remembers what a canvas said."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self.drawings, self.history, self.labels, self.told = [], [], [], []
        canvas.labelled.connect(self.labels.append)
        canvas.told.connect(self.told.append)
        canvas.drawn.connect(self.drawings.append)
        canvas.history_changed.connect(lambda undo, redo: self.history.append((undo, redo)))


@pytest.fixture
def canvas(qtbot):
    widget = DrawingCanvas()
    qtbot.addWidget(widget)
    widget.resize(SIDE, SIDE)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def reports(canvas):
    return Reports(canvas)


@pytest.fixture(scope="module")
def stylus(qapp):
    return QPointingDevice(
        "pen",
        4711,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position,
        1,
        2,
    )


@pytest.fixture(scope="module")
def pressing(qapp):
    """A pen that tells its pressure, and its eraser end."""
    kind, known = QPointingDevice.PointerType, QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    return [
        QPointingDevice("pressing", number, QInputDevice.DeviceType.Stylus, end, known, 1, 2)
        for number, end in ((4713, kind.Pen), (4714, kind.Eraser))
    ]


@pytest.fixture(scope="module")
def screen(qapp):
    return QTest.createTouchDevice()


def at(canvas, x, y):
    """Pixels of a place on the paper in shares of its side."""
    side = min(canvas.width(), canvas.height()) - 4
    return QPointF((canvas.width() - side) / 2 + x * side, (canvas.height() - side) / 2 + y * side)


def mouse(canvas, kind, x, y, button=NONE, buttons=LEFT):
    place = at(canvas, x, y)
    event = QMouseEvent(kind, place, canvas.mapToGlobal(place), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def draw(canvas, *points):
    mouse(canvas, PRESS, *points[0], LEFT)
    for point in points[1:]:
        mouse(canvas, MOVE, *point)
    mouse(canvas, RELEASE, *points[-1], LEFT, NONE)


def erase(canvas, *points):
    mouse(canvas, PRESS, *points[0], RIGHT, RIGHT)
    for point in points[1:]:
        mouse(canvas, MOVE, *point, NONE, RIGHT)
    mouse(canvas, RELEASE, *points[-1], RIGHT, NONE)


def pen(canvas, device, kind, x, y, button=NONE, buttons=LEFT, pressure=0.5):
    place = at(canvas, x, y)
    where = canvas.mapToGlobal(place)
    modifiers = Qt.KeyboardModifier.NoModifier
    event = QTabletEvent(kind, device, place, where, pressure, 0, 0, 0, 0, 0, modifiers, button, buttons)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event


def pixels(canvas):
    """Grey values of the widget as it looks now, (rows, columns)."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return np.array(image.constBits()).reshape(image.height(), image.bytesPerLine())[:, : image.width()].astype(int)


def is_ink(canvas, x, y):
    place = at(canvas, x, y) * canvas.devicePixelRatioF()
    return pixels(canvas)[int(place.y()), int(place.x())] < 128


def color_at(canvas, x, y):
    """The colour of the widget's pixel (x, y) on the screen."""
    ratio = canvas.devicePixelRatioF()
    return canvas.grab().toImage().pixelColor(int(x * ratio), int(y * ratio))


def test_mouse_draws_one_stroke_in_shares_of_the_paper(canvas, reports):
    draw(canvas, (0.25, 0.5), (0.5, 0.5), (0.75, 0.25))
    (stroke,) = canvas.strokes
    assert stroke.dtype == np.float32
    np.testing.assert_allclose(stroke, [(0.25, 0.5), (0.5, 0.5), (0.75, 0.25)], atol=1e-6)


def test_each_move_reports_the_drawing(canvas, reports):
    draw(canvas, (0.2, 0.2), (0.3, 0.3), (0.4, 0.4), (0.5, 0.5))
    assert [len(drawing.strokes[0]) for drawing in reports.drawings] == [1, 2, 3, 4]


def test_a_mouse_that_does_not_move_reports_nothing_new(canvas, reports):
    draw(canvas, (0.2, 0.2), (0.2, 0.2), (0.2, 0.2))
    assert len(reports.drawings) == 1


def test_reported_arrays_never_change(canvas, reports):
    points = [(0.1 + 0.004 * i, 0.5) for i in range(200)]
    mouse(canvas, PRESS, *points[0], LEFT)
    for point in points[1:100]:
        mouse(canvas, MOVE, *point)
    early = reports.drawings[-1].strokes[0]
    kept = early.copy()
    for point in points[100:]:
        mouse(canvas, MOVE, *point)
    np.testing.assert_array_equal(early, kept)
    with pytest.raises(ValueError, match="read-only"):
        early[0] = 0
    np.testing.assert_allclose(reports.drawings[-1].strokes[0], points, atol=1e-6)


def test_a_click_is_a_dot_that_can_be_seen_and_read(canvas):
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(102, 102))
    assert [len(stroke) for stroke in canvas.strokes] == [1]
    assert is_ink(canvas, 0.5, 0.5)
    assert to_image(canvas.strokes).any()


def test_the_drawing_grows_with_the_widget(canvas):
    draw(canvas, (0.25, 0.25), (0.25, 0.75))
    strokes = [stroke.copy() for stroke in canvas.strokes]
    assert is_ink(canvas, 0.25, 0.6)
    canvas.resize(500, 420)
    assert is_ink(canvas, 0.25, 0.6)
    assert not is_ink(canvas, 0.6, 0.6)
    np.testing.assert_array_equal(canvas.strokes, strokes)


def test_a_resize_in_the_middle_of_a_stroke_keeps_its_ink(canvas):
    mouse(canvas, PRESS, 0.1, 0.5, LEFT)
    for i in range(120):
        mouse(canvas, MOVE, 0.1 + i / 200, 0.5)
    canvas.resize(404, 404)
    assert is_ink(canvas, 0.15, 0.5)
    assert is_ink(canvas, 0.65, 0.5)


def test_other_buttons_draw_nothing(canvas, reports):
    middle = Qt.MouseButton.MiddleButton
    mouse(canvas, PRESS, 0.2, 0.2, middle, middle)
    mouse(canvas, MOVE, 0.4, 0.4, NONE, middle)
    mouse(canvas, RELEASE, 0.4, 0.4, middle, NONE)
    assert reports.drawings == []


def test_a_second_button_does_not_disturb_the_stroke(canvas):
    mouse(canvas, PRESS, 0.2, 0.2, LEFT, LEFT)
    mouse(canvas, PRESS, 0.3, 0.3, RIGHT, LEFT | RIGHT)
    mouse(canvas, MOVE, 0.4, 0.4, NONE, LEFT | RIGHT)
    mouse(canvas, RELEASE, 0.4, 0.4, RIGHT, LEFT)
    mouse(canvas, MOVE, 0.5, 0.5, NONE, LEFT)
    mouse(canvas, RELEASE, 0.5, 0.5, LEFT, NONE)
    assert [len(stroke) for stroke in canvas.strokes] == [3]


def test_a_double_click_is_two_dots(canvas):
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(60, 60))
    mouse(canvas, QEvent.Type.MouseButtonDblClick, 0.3, 0.3, LEFT, LEFT)
    mouse(canvas, RELEASE, 0.3, 0.3, LEFT, NONE)
    assert [len(stroke) for stroke in canvas.strokes] == [1, 1]


def test_ink_ends_at_the_edge_and_one_undo_takes_the_whole_gesture(canvas):
    draw(canvas, (0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8))
    first, second = canvas.strokes
    np.testing.assert_allclose(first, [(0.5, 0.5), (1.0, 0.5)], atol=1e-6)
    np.testing.assert_allclose(second, [(1.0, 0.8), (0.5, 0.8)], atol=1e-6)
    canvas.undo()
    assert canvas.strokes == []


def test_a_line_right_across_the_paper_leaves_ink(canvas):
    canvas.resize(404, 204)
    draw(canvas, (-0.4, 0.5), (1.4, 0.5))
    np.testing.assert_allclose(canvas.strokes, [[(0.0, 0.5), (1.0, 0.5)]], atol=1e-6)


def test_a_press_beside_the_paper_draws_nothing(canvas, reports):
    canvas.resize(404, 204)
    draw(canvas, (-0.3, 0.5), (-0.2, 0.9), (-0.2, 2.0))
    assert reports.drawings == []
    assert not canvas.can_undo


@pytest.mark.parametrize("loss", [QEvent.Type.UngrabMouse, QEvent.Type.WindowDeactivate])
def test_a_lost_grab_ends_the_stroke(canvas, loss):
    mouse(canvas, PRESS, 0.2, 0.2, LEFT)
    mouse(canvas, MOVE, 0.3, 0.3)
    QApplication.sendEvent(canvas, QEvent(loss))
    mouse(canvas, MOVE, 0.8, 0.8)
    assert [len(stroke) for stroke in canvas.strokes] == [2]
    assert canvas.can_undo


def test_a_lost_release_ends_the_stroke_at_the_next_move(canvas):
    mouse(canvas, PRESS, 0.2, 0.2, LEFT)
    mouse(canvas, MOVE, 0.8, 0.8, NONE, NONE)
    draw(canvas, (0.5, 0.5), (0.6, 0.6))
    assert [len(stroke) for stroke in canvas.strokes] == [1, 2]


def test_hiding_and_disabling_end_the_stroke(canvas):
    mouse(canvas, PRESS, 0.2, 0.2, LEFT)
    canvas.hide()
    assert canvas.can_undo
    canvas.show()
    mouse(canvas, PRESS, 0.4, 0.4, LEFT)
    canvas.setEnabled(False)
    assert len(canvas.strokes) == 2


def test_the_pen_draws_and_its_events_are_accepted(canvas, stylus):
    events = [
        pen(canvas, stylus, QEvent.Type.TabletPress, 0.2, 0.2, LEFT),
        pen(canvas, stylus, QEvent.Type.TabletMove, 0.4, 0.4),
        pen(canvas, stylus, QEvent.Type.TabletRelease, 0.6, 0.6, LEFT, NONE),
    ]
    pen(canvas, stylus, QEvent.Type.TabletMove, 0.7, 0.7, NONE, NONE)
    assert all(event.isAccepted() for event in events)
    np.testing.assert_allclose(canvas.strokes, [[(0.2, 0.2), (0.4, 0.4), (0.6, 0.6)]], atol=1e-6)


def test_mouse_events_beside_the_pen_do_not_double_the_stroke(canvas, stylus):
    pen(canvas, stylus, QEvent.Type.TabletPress, 0.2, 0.2, LEFT)
    mouse(canvas, PRESS, 0.2, 0.2, LEFT)
    pen(canvas, stylus, QEvent.Type.TabletMove, 0.4, 0.4)
    mouse(canvas, MOVE, 0.4, 0.4)
    mouse(canvas, RELEASE, 0.4, 0.4, LEFT, NONE)
    pen(canvas, stylus, QEvent.Type.TabletRelease, 0.4, 0.4, LEFT, NONE)
    assert [len(stroke) for stroke in canvas.strokes] == [2]


def test_a_pen_that_vanished_does_not_lock_the_mouse_out(canvas, stylus, monkeypatch):
    pen(canvas, stylus, QEvent.Type.TabletPress, 0.2, 0.2, LEFT)
    later = time.monotonic() + 10
    monkeypatch.setattr("resnet_gui.core.paper.monotonic", lambda: later)
    draw(canvas, (0.5, 0.5), (0.6, 0.6))
    assert [len(stroke) for stroke in canvas.strokes] == [1, 2]


def test_the_pens_side_button_draws_nothing(canvas, stylus, reports):
    pen(canvas, stylus, QEvent.Type.TabletPress, 0.2, 0.2, RIGHT, RIGHT)
    pen(canvas, stylus, QEvent.Type.TabletMove, 0.4, 0.4, NONE, RIGHT)
    pen(canvas, stylus, QEvent.Type.TabletRelease, 0.4, 0.4, RIGHT, NONE)
    assert reports.drawings == []


def test_pressure_makes_the_line_thick_and_thin(canvas, pressing):
    tip = pressing[0]
    pen(canvas, tip, QEvent.Type.TabletPress, 0.2, 0.5, LEFT, pressure=0.0)
    for i in range(61):
        pen(canvas, tip, QEvent.Type.TabletMove, 0.2 + 0.01 * i, 0.5, pressure=max(0, i - 20) / 40)
    pen(canvas, tip, QEvent.Type.TabletRelease, 0.8, 0.5, LEFT, NONE, pressure=0.0)
    (stroke,) = canvas.strokes
    assert stroke.shape == (61, 3)
    assert stroke[[0, -1], 2].tolist() == [np.float32(LIGHTEST), 1.0]

    def thickness(x):
        ink = pixels(canvas)[:, int(at(canvas, x, 0).x() * canvas.devicePixelRatioF())] < 128
        return ink[10:-10].sum() / canvas.devicePixelRatioF()

    whole = PEN * 20 / 28 * 200
    assert thickness(0.2) == pytest.approx(LIGHTEST * whole, abs=1.5)
    assert thickness(0.6) == pytest.approx(stroke[40, 2] * whole, abs=1.5)
    assert thickness(0.8) == pytest.approx(whole, abs=1.5)


def test_a_line_with_pressure_looks_the_same_bit_by_bit_and_at_once(canvas, pressing):
    tip = pressing[0]
    pen(canvas, tip, QEvent.Type.TabletPress, 0.1, 0.1, LEFT, pressure=0.1)
    for t in np.linspace(0, 6, 200):
        pressure = 0.5 + 0.5 * np.sin(3 * t)
        pen(canvas, tip, QEvent.Type.TabletMove, 0.5 + 0.3 * np.sin(t), 0.5 + 0.3 * np.cos(2 * t), pressure=pressure)
        canvas.repaint()
    live = pixels(canvas)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.WindowDeactivate))
    canvas.undo()
    canvas.redo()
    assert np.abs(pixels(canvas) - live).mean() < 1


def test_the_right_button_erases_and_its_circle_is_seen(canvas, reports):
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    mouse(canvas, PRESS, 0.5, 0.3, RIGHT, RIGHT)
    mouse(canvas, MOVE, 0.5, 0.7, NONE, RIGHT)
    assert len(canvas.strokes) == 2
    assert not is_ink(canvas, 0.5, 0.5)
    assert is_ink(canvas, 0.3, 0.5)
    assert color_at(canvas, *(at(canvas, 0.5 + ERASER, 0.7) - QPointF(0.5, 0)).toTuple()) == QColor(LIGHT.accent)
    mouse(canvas, RELEASE, 0.5, 0.7, RIGHT, NONE)
    assert LIGHT.accent not in color_at(canvas, *at(canvas, 0.5 + ERASER, 0.7).toTuple()).name()
    canvas.undo()
    assert len(canvas.strokes) == 1
    assert is_ink(canvas, 0.5, 0.5)
    canvas.redo()
    assert len(reports.drawings[-1].strokes) == 2


def test_no_ink_stays_where_the_erasers_circle_was(canvas):
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    draw(canvas, (0.5, 0.1), (0.5, 0.9))
    erase(canvas, (0.2, 0.5), (0.8, 0.5))
    image = pixels(canvas)
    height = len(image)
    band = image[int(0.47 * height) : int(0.53 * height), int(0.2 * height) : int(0.8 * height)]
    assert band.min() > 200
    assert is_ink(canvas, 0.5, 0.2)
    assert is_ink(canvas, 0.5, 0.8)


def test_what_is_left_looks_the_same_as_painted_anew(canvas, pressing):
    draw(canvas, *[(0.5 + 0.4 * np.sin(t), 0.5 + 0.4 * np.cos(1.3 * t)) for t in np.linspace(0, 25, 300)])
    pen(canvas, pressing[0], QEvent.Type.TabletPress, 0.2, 0.2, LEFT)
    pen(canvas, pressing[0], QEvent.Type.TabletMove, 0.8, 0.7, pressure=0.9)
    pen(canvas, pressing[0], QEvent.Type.TabletRelease, 0.8, 0.7, LEFT, NONE)
    canvas.repaint()
    erase(canvas, (0.2, 0.6), (0.5, 0.5), (0.6, 0.2), (0.61, 0.2))
    live = pixels(canvas)
    assert len(canvas.strokes) > 5
    canvas._ink.forget()
    assert np.abs(pixels(canvas) - live).mean() < 0.2  # of 255: edges alone


def test_the_chosen_eraser_erases_with_the_left_button_and_shows_where(canvas):
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    canvas.set_erasing(True)
    mouse(canvas, MOVE, 0.5, 0.2, NONE, NONE)
    edge = (at(canvas, 0.5 + ERASER, 0.2) - QPointF(0.5, 0)).toTuple()
    assert color_at(canvas, *edge) == QColor(LIGHT.accent)
    draw(canvas, (0.5, 0.5), (0.9, 0.5))
    (left,) = canvas.strokes
    assert left[:, 0].max() < 0.5
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert color_at(canvas, *edge) == QColor(LIGHT.paper)
    canvas.set_erasing(False)
    draw(canvas, (0.1, 0.8), (0.9, 0.8))
    assert len(canvas.strokes) == 2


def test_the_pens_eraser_end_erases_whatever_is_chosen(canvas, pressing):
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    pen(canvas, pressing[1], QEvent.Type.TabletPress, 0.5, 0.5, LEFT)
    pen(canvas, pressing[1], QEvent.Type.TabletRelease, 0.5, 0.5, LEFT, NONE)
    assert len(canvas.strokes) == 2


def test_a_cancelled_finger_that_erased_erased_nothing(canvas, screen):
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    canvas.set_erasing(True)
    QTest.touchEvent(canvas, screen).press(0, QPoint(100, 100), canvas).commit()
    assert len(canvas.strokes) == 2
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
    QTest.touchEvent(canvas, screen).release(0, QPoint(100, 100), canvas).commit()
    assert len(canvas.strokes) == 1
    assert not canvas.can_redo


def test_the_keyboards_pen_draws_and_says_where_it_is(canvas, reports):
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert reports.told == ["Pen up at 50, 27"]
    assert not reports.drawings
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert reports.told[1:] == ["Pen down at 50, 27", "Pen down at 50, 33", "Pen down at 48, 33"]
    assert canvas.accessibleDescription() == "Pen down at 48, 33. 1 stroke"
    np.testing.assert_allclose(canvas.strokes, [[(0.5, 0.27), (0.5, 0.33), (0.48, 0.33)]], atol=1e-6)
    assert color_at(canvas, *at(canvas, 0.48, 0.33).toTuple()) == QColor(LIGHT.accent)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.can_undo
    assert reports.told[-1] == "Pen up at 48, 33"
    canvas.undo()
    assert canvas.strokes == []


def test_escape_drops_the_keyboards_stroke_and_then_the_pen(canvas, reports):
    shown = []
    canvas.keyboard_changed.connect(shown.append)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Escape):
        QTest.keyClick(canvas, key)
    assert canvas.strokes == []
    assert not canvas.can_undo
    assert reports.told[-1] == "Stroke dropped. Pen up at 52, 25"
    assert shown == [True]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert shown == [True, False]
    assert canvas.accessibleDescription().startswith("Empty")


@pytest.mark.parametrize("end", ["enter", "undo", "mouse", "focus"])
def test_the_keyboards_stroke_ends_with_what_comes_next(canvas, end):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right):
        QTest.keyClick(canvas, key)
    if end == "enter":
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    elif end == "undo":
        canvas.undo()
        canvas.redo()
    elif end == "mouse":
        mouse(canvas, PRESS, 0.1, 0.9, LEFT)
        mouse(canvas, RELEASE, 0.1, 0.9, LEFT, NONE)
    else:
        QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert not canvas.keys.down
    assert len(canvas.strokes[0]) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert len(canvas.strokes) == (2 if end == "mouse" else 1)


def test_the_keyboard_erases_with_the_eraser(canvas, reports):
    draw(canvas, (0.1, 0.25), (0.9, 0.25))
    canvas.set_erasing(True)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert reports.told[-1] == "Eraser down at 50, 25"
    assert len(canvas.strokes) == 2


def test_a_digits_key_says_what_was_drawn(canvas, reports):
    QTest.keyClick(canvas, Qt.Key.Key_7)
    assert reports.labels == []
    assert reports.told == ["Draw a digit first."]
    mouse(canvas, PRESS, 0.2, 0.2, LEFT)
    mouse(canvas, MOVE, 0.6, 0.2)
    QTest.keyClick(canvas, Qt.Key.Key_7)
    QTest.keyClick(canvas, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert reports.labels == [7]
    canvas.clear()
    canvas.undo()
    assert len(canvas.strokes) == 1


def test_a_picture_is_shown_told_and_undone_and_is_no_digit_to_keep(canvas, reports):
    draw(canvas, (0.1, 0.1), (0.2, 0.1))
    ink, image = np.zeros((40, 40), np.uint8), np.full((28, 28), 9, np.uint8)
    ink[10:30, 10:30] = 255
    canvas.show_picture(ink, image)
    assert is_ink(canvas, 0.5, 0.5)
    assert not is_ink(canvas, 0.1, 0.1)
    drawing = reports.drawings[-1]
    assert drawing.strokes == ()
    np.testing.assert_array_equal(drawing.image(), image)
    assert canvas.accessibleDescription() == "A picture"
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert reports.labels == []
    assert "not pictures" in reports.told[-1]
    draw(canvas, (0.1, 0.9), (0.9, 0.9))
    assert not is_ink(canvas, 0.5, 0.5)
    assert reports.drawings[-1].picture is None
    canvas.undo()
    assert is_ink(canvas, 0.5, 0.5)
    canvas.undo()
    assert len(canvas.strokes) == 1


def drag(canvas, data):
    """Hold something over the canvas; whether it may be dropped."""
    place, action = QPoint(50, 50), Qt.DropAction.CopyAction
    event = QDragEnterEvent(place, action, data, LEFT, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def drop(canvas, data):
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def test_a_file_that_is_dropped_is_a_picture_given(canvas, tmp_path):
    given = []
    canvas.picture_given.connect(given.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "seven.png"))])
    before = pixels(canvas)
    assert drag(canvas, data)
    assert (pixels(canvas) != before).any()
    assert color_at(canvas, 102, 2) == QColor(LIGHT.accent)
    drop(canvas, data)
    assert given == [tmp_path / "seven.png"]
    np.testing.assert_array_equal(pixels(canvas), before)


def test_what_is_dragged_away_leaves_no_frame_and_other_things_are_not_taken(canvas):
    before = pixels(canvas)
    data = QMimeData()
    data.setData("application/x-rows", b"1")
    assert not drag(canvas, data)
    data.setText("seven")
    assert drag(canvas, data)
    QApplication.sendEvent(canvas, QDragLeaveEvent())
    np.testing.assert_array_equal(pixels(canvas), before)


def test_text_that_is_dropped_gets_a_sentence(canvas):
    refused = []
    canvas.refused.connect(refused.append)
    data = QMimeData()
    data.setText("seven")
    assert drag(canvas, data)
    drop(canvas, data)
    assert refused[0].startswith("That is text, not a picture")


def test_drawing_with_the_eraser_on_a_tiny_canvas_does_not_fail(canvas):
    canvas.setMinimumSize(0, 0)
    canvas.resize(5, 5)
    draw(canvas, (0.1, 0.5), (0.9, 0.5))
    erase(canvas, (0.5, 0.5), (0.6, 0.5))
    canvas.show_picture(np.full((3, 3), 255, np.uint8), np.zeros((28, 28), np.uint8))
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    canvas.repaint()


def test_one_finger_draws_and_others_rest(canvas, screen):
    place = lambda x, y: at(canvas, x, y).toPoint()  # noqa: E731
    QTest.touchEvent(canvas, screen).press(0, place(0.2, 0.2), canvas).commit()
    QTest.touchEvent(canvas, screen).stationary(0).press(1, place(0.9, 0.9), canvas).commit()
    QTest.touchEvent(canvas, screen).move(0, place(0.5, 0.5), canvas).move(1, place(0.8, 0.9), canvas).commit()
    QTest.touchEvent(canvas, screen).release(0, place(0.5, 0.5), canvas).stationary(1).commit()
    QTest.touchEvent(canvas, screen).release(1, place(0.8, 0.9), canvas).commit()
    np.testing.assert_allclose(canvas.strokes, [[(0.2, 0.2), (0.5, 0.5)]], atol=1e-6)
    assert canvas.can_undo


def test_a_cancelled_touch_leaves_no_ink(canvas, reports, screen):
    draw(canvas, (0.1, 0.1), (0.2, 0.1))
    QTest.touchEvent(canvas, screen).press(0, QPoint(100, 100), canvas).commit()
    assert len(canvas.strokes) == 2
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
    QTest.touchEvent(canvas, screen).release(0, QPoint(100, 100), canvas).commit()
    assert len(canvas.strokes) == 1
    assert len(reports.drawings[-1].strokes) == 1
    assert not is_ink(canvas, 0.5, 0.5)


def test_undo_and_redo_go_through_strokes_and_clearing(canvas, reports):
    draw(canvas, (0.2, 0.2), (0.3, 0.2))
    draw(canvas, (0.2, 0.5), (0.3, 0.5))
    canvas.clear()
    assert canvas.strokes == []
    canvas.undo()
    assert len(canvas.strokes) == 2
    canvas.undo()
    assert len(canvas.strokes) == 1
    canvas.redo()
    canvas.redo()
    assert canvas.strokes == []
    assert [len(drawing.strokes) for drawing in reports.drawings[-5:]] == [0, 2, 1, 2, 0]
    assert reports.history == [(True, False)] * 3 + [(True, True)] * 3 + [(True, False)]


def test_a_new_stroke_ends_what_could_be_redone(canvas):
    draw(canvas, (0.2, 0.2), (0.3, 0.2))
    canvas.undo()
    assert canvas.can_redo
    draw(canvas, (0.5, 0.2), (0.6, 0.2))
    assert not canvas.can_redo


def test_nothing_to_undo_redo_or_clear_says_nothing(canvas, reports):
    canvas.undo()
    canvas.redo()
    canvas.clear()
    assert reports.drawings == reports.history == []


def test_undo_in_the_middle_of_a_stroke_takes_that_stroke(canvas):
    draw(canvas, (0.2, 0.2), (0.3, 0.2))
    mouse(canvas, PRESS, 0.5, 0.5, LEFT)
    mouse(canvas, MOVE, 0.6, 0.6)
    canvas.undo()
    mouse(canvas, MOVE, 0.7, 0.7)
    mouse(canvas, RELEASE, 0.7, 0.7, LEFT, NONE)
    assert len(canvas.strokes) == 1


def test_undone_ink_is_gone_from_the_screen(canvas):
    draw(canvas, (0.2, 0.5), (0.8, 0.5))
    assert is_ink(canvas, 0.5, 0.5)
    canvas.undo()
    canvas.redo()
    assert is_ink(canvas, 0.5, 0.5)
    draw(canvas, (0.2, 0.8), (0.8, 0.8))
    canvas.undo()
    assert not is_ink(canvas, 0.5, 0.8)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_and_backspace_clear(canvas, key):
    draw(canvas, (0.2, 0.5), (0.8, 0.5))
    QTest.keyClick(canvas, key)
    assert canvas.strokes == []


def test_the_pen_width_changes_the_ink_and_is_bounded(canvas):
    assert canvas.pen_width == PEN
    draw(canvas, (0.2, 0.5), (0.8, 0.5))
    thickness = []
    for share in (0.0, 0.12, 9.0):
        canvas.set_pen_width(share)
        ratio = canvas.devicePixelRatioF()
        ink = pixels(canvas)[int(10 * ratio) : -int(10 * ratio), int(102 * ratio)] < 128
        thickness.append(ink.sum() / ratio)
    assert canvas.pen_width == THICKEST
    expected = [share * 20 / 28 * 200 for share in (THINNEST, 0.12, THICKEST)]
    np.testing.assert_allclose(thickness, expected, atol=1.5)


def test_colours_are_those_of_the_scheme(canvas):
    draw(canvas, (0.2, 0.5), (0.8, 0.5))
    for colors in (LIGHT, DARK):
        canvas.set_colors(colors)
        assert color_at(canvas, 102, 102) == QColor(colors.ink)
        assert color_at(canvas, 102, 30) == QColor(colors.paper)


def test_focus_is_visible(canvas, qtbot):
    canvas.activateWindow()
    canvas.clearFocus()
    before = pixels(canvas)
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    assert (pixels(canvas) != before).any()
    assert color_at(canvas, 102, 2) == QColor(LIGHT.accent)


def test_an_empty_paper_invites(canvas):
    height = len(pixels(canvas))
    middle = np.s_[height // 3 : 2 * height // 3, height // 20 : -height // 20]
    assert pixels(canvas)[middle].min() < 150
    draw(canvas, (0.1, 0.05), (0.9, 0.05))
    assert pixels(canvas)[middle].min() > 250


def test_ink_is_sharp_on_a_screen_with_a_fractional_ratio(canvas, monkeypatch):
    draw(canvas, (0.2, 0.5), (0.8, 0.5))
    assert is_ink(canvas, 0.5, 0.5)
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 1.25, raising=False)
    canvas.grab()
    assert canvas._ink._pixmap.width() == 250
    assert canvas._ink._pixmap.devicePixelRatioF() == 1.25


def test_ten_thousand_points_do_not_stall(canvas, reports):
    t = np.linspace(0, 300, 10_000)
    xs, ys = 0.5 + 0.4 * np.sin(t) * np.cos(0.13 * t), 0.5 + 0.4 * np.cos(1.1 * t)
    mouse(canvas, PRESS, xs[0], ys[0], LEFT)
    taken = [time.thread_time()]
    for moves in np.array_split(np.stack([xs, ys], axis=1)[1:], 10):
        for x, y in moves:
            mouse(canvas, MOVE, x, y)
        canvas.repaint()
        taken.append(time.thread_time())
    mouse(canvas, RELEASE, xs[-1], ys[-1], LEFT, NONE)
    first, last = np.diff(taken)[:5], np.diff(taken)[5:]
    assert np.median(last) < 3 * np.median(first)
    assert len(canvas.strokes[0]) == len(reports.drawings[-1].strokes[0]) == 10_000
    live = pixels(canvas)
    canvas.undo()
    canvas.redo()
    assert np.abs(pixels(canvas) - live).mean() < 0.5  # painted bit by bit or at once: the same ink


def test_a_widget_without_room_does_not_fail(canvas):
    canvas.setMinimumSize(0, 0)
    canvas.resize(1, 1)
    mouse(canvas, PRESS, 0.5, 0.5, LEFT)
    mouse(canvas, MOVE, 9.5, 0.5)
    canvas.repaint()


def test_screen_readers_learn_what_is_on_the_paper(canvas):
    assert canvas.objectName() == "drawingCanvas"
    assert canvas.accessibleName() == "Drawing canvas"
    assert canvas.toolTip()
    assert canvas.accessibleDescription().startswith("Empty")
    draw(canvas, (0.2, 0.2), (0.3, 0.3))
    assert canvas.accessibleDescription() == "1 stroke"
