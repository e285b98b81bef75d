"""The panel as a user meets it: buttons, keys, slider, labels."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.reading import Reading
from resnet_gui.core.strokes import PEN, to_image
from resnet_gui.ui.drawing_panel import LABEL_HINT, DrawingPanel
from resnet_gui.ui.keyboard_pen import HELP
from resnet_gui.ui.theme import DARK, LIGHT, stylesheet

# Said by the offscreen platform of any window that has a smallest size.
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(DrawingPanel(widget))
    widget.resize(300, 620)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    return widget


@pytest.fixture
def panel(window):
    return window.findChild(DrawingPanel)


def dot(panel, x=60, y=60):
    QTest.mouseClick(panel.canvas, LEFT, NO_KEY, QPoint(x, y))


def button(panel, name):
    return panel.findChild(QPushButton, name)


def count(panel):
    return len(panel.canvas.strokes)


def test_drawing_is_passed_on(panel, qtbot):
    with qtbot.waitSignal(panel.drawn) as caught:
        dot(panel)
    (drawing,) = caught.args
    assert [stroke.shape for stroke in drawing.strokes] == [(1, 2)]


def test_buttons_undo_redo_and_clear(panel):
    undo, redo, clear = (button(panel, name) for name in ("undoButton", "redoButton", "clearButton"))
    assert not any(tool.isEnabled() for tool in (undo, redo, clear))
    dot(panel)
    dot(panel, 90, 90)
    assert undo.isEnabled()
    assert clear.isEnabled()
    QTest.mouseClick(undo, LEFT)
    assert count(panel) == 1
    QTest.mouseClick(redo, LEFT)
    assert count(panel) == 2
    assert not redo.isEnabled()
    QTest.mouseClick(clear, LEFT)
    assert count(panel) == 0
    assert not clear.isEnabled()
    QTest.mouseClick(undo, LEFT)
    assert count(panel) == 2


def test_keys_work_wherever_the_focus_is(window, panel):
    elsewhere = QCheckBox("elsewhere", window)
    window.layout().addWidget(elsewhere)
    dot(panel)
    dot(panel, 90, 90)
    elsewhere.setFocus()
    QTest.keyClick(elsewhere, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert count(panel) == 1
    QTest.keyClick(elsewhere, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert count(panel) == 2
    QTest.keyClick(elsewhere, Qt.Key.Key_Delete)
    assert count(panel) == 0


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox])
def test_fields_keep_their_keys(window, panel, qtbot, kind):
    field = kind(window)
    window.layout().addWidget(field)
    dot(panel)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "12")
    for key, modifier in (
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Delete, NO_KEY),
        (Qt.Key.Key_Backspace, NO_KEY),
    ):
        QTest.keyClick(field, key, modifier)
    assert count(panel) == 1


def test_the_slider_sets_the_pen(panel, qtbot):
    slider = panel.findChild(QSlider, "penWidthSlider")
    assert slider.value() == round(100 * PEN)
    dot(panel)
    slider.setFocus()
    with qtbot.waitSignal(panel.drawn) as caught:
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert caught.args[0].pen == pytest.approx(PEN + 0.01)
    assert panel.canvas.pen_width == pytest.approx(PEN + 0.01)


def test_a_reading_shows_image_and_verdict_and_nothing_takes_both_away(panel):
    image = to_image([np.array([(0.0, 0.0), (1.0, 1.0)])])
    panel.show_reading(Reading("starter", "starter", image, np.eye(10, dtype=np.float32)[4]))
    assert panel.prediction.verdict == 4
    assert panel.network_image.image is not None
    panel.show_nothing("Nothing to read yet")
    assert panel.prediction.verdict is None
    assert panel.prediction.text == "Nothing to read yet"
    assert panel.network_image.image is None


def test_a_long_reader_name_is_elided_with_all_of_it_in_the_tooltip(panel, qapp):
    name = "3 stages of 27 blocks, full pre-activation, projection shortcuts, width 64"
    panel.show_reader(name, "run 20250101-120000")
    qapp.processEvents()
    label = panel.findChild(QLabel, "readerLabel")
    assert label.text() == f"Read by {name}"
    assert label.shown.endswith("…")
    assert name in label.toolTip()
    assert "run 20250101-120000" in label.toolTip()
    assert panel.width() == 300


def test_every_control_explains_itself(panel):
    controls = [*panel.findChildren(QAbstractButton), panel.pen_slider, panel.canvas, panel.prediction]
    controls += [panel.network_image, panel.reader_label]
    for control in controls:
        assert control.accessibleName(), control
        assert control.toolTip(), control
    assert "Ctrl+Z" in button(panel, "undoButton").toolTip()
    assert "Ctrl+Shift+Z" in button(panel, "redoButton").toolTip()
    assert "Del" in button(panel, "clearButton").toolTip()


def test_tab_reaches_all_controls(panel, qtbot):
    dot(panel)
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    reached = set()
    for _ in range(8):
        focused = panel.window().focusWidget()
        reached.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    tools = {"brushButton", "eraserButton", "undoButton", "clearButton", "pictureButton", "penWidthSlider"}
    assert {"drawingCanvas", "myDigitsButton"} | tools <= reached


def test_fits_a_small_window_and_grows(window, panel, qapp):
    assert panel.minimumSizeHint().width() <= 300
    assert panel.minimumSizeHint().height() <= 620
    small = panel.canvas.width()
    window.resize(500, 1000)
    qapp.processEvents()
    assert panel.canvas.width() > small + 150
    assert panel.canvas.height() <= panel.canvas.width() + 4  # no empty bands above and below the paper


def test_a_low_window_gets_a_smaller_canvas_and_no_scroll_bar(window, panel, qapp):
    area = QScrollArea(window, widgetResizable=True)
    window.layout().addWidget(area)
    area.setWidget(panel)
    window.resize(320, panel.minimumSizeHint().height() + 10)
    qapp.processEvents()
    assert not area.verticalScrollBar().isVisible()
    assert panel.canvas.height() < 200


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_paints_in_both_schemes(panel, window, colors):
    window.setStyleSheet(stylesheet(colors))
    panel.set_colors(colors)
    dot(panel)
    shot = window.grab().toImage()
    spot = panel.canvas.mapTo(window, QPoint(panel.canvas.width() // 3, 20)) * shot.devicePixelRatio()
    assert shot.pixelColor(spot).name() == colors.paper


def test_a_used_up_undo_gives_the_focus_to_the_canvas(panel):
    dot(panel)
    panel.undo_button.setFocus()
    panel.undo_button.click()
    assert not panel.undo_button.isEnabled()
    assert panel.canvas.hasFocus()


def test_brush_and_eraser_are_chosen_by_button_and_by_key(panel, qtbot):
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    dot(panel)
    QTest.mouseClick(button(panel, "eraserButton"), LEFT)
    assert not button(panel, "brushButton").isChecked()
    dot(panel)
    assert count(panel) == 0
    QTest.keyClick(panel.canvas, Qt.Key.Key_B)
    assert button(panel, "brushButton").isChecked()
    QTest.mouseClick(button(panel, "brushButton"), LEFT)
    assert button(panel, "brushButton").isChecked()
    dot(panel)
    assert count(panel) == 1
    QTest.keyClick(panel.canvas, Qt.Key.Key_E)
    assert button(panel, "eraserButton").isChecked()


def test_tool_keys_and_paste_are_the_panels_alone(window, panel, qtbot):
    elsewhere = QCheckBox("elsewhere", window)
    window.layout().addWidget(elsewhere)
    elsewhere.setFocus()
    qtbot.waitUntil(elsewhere.hasFocus)
    QGuiApplication.clipboard().setText("seven")
    refused = []
    panel.refused.connect(refused.append)
    QTest.keyClick(elsewhere, Qt.Key.Key_E)
    QTest.keyClick(elsewhere, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert panel.brush_button.isChecked()
    assert refused == []
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert refused[0].startswith("That is text")


def test_a_copied_image_is_pasted(panel, qtbot):
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    panel.canvas.setFocus()
    with qtbot.waitSignal(panel.picture_given) as caught:
        QTest.keyClick(panel.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert QImage.fromData(caught.args[0]).size() == image.size()


def test_a_chosen_file_is_a_picture_given(panel, qtbot, monkeypatch, tmp_path):
    chosen = [str(tmp_path / "seven.png"), ""]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (chosen.pop(0), ""))
    given = []
    panel.picture_given.connect(given.append)
    for _ in range(2):  # the second time nothing is chosen
        QTest.mouseClick(button(panel, "pictureButton"), LEFT)
    assert given == [tmp_path / "seven.png"]


def test_digits_are_labelled_by_key_and_shown_on_demand(panel, qtbot):
    dot(panel)
    panel.canvas.setFocus()
    with qtbot.waitSignal(panel.labelled) as caught:
        QTest.keyClick(panel.canvas, Qt.Key.Key_4)
    assert caught.args == [4]
    with qtbot.waitSignal(panel.my_digits_wanted):
        QTest.mouseClick(button(panel, "myDigitsButton"), LEFT)


def test_help_is_there_while_the_keyboard_draws(panel, qtbot):
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    height = panel.canvas.height()
    QTest.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert panel.hint_label.text() == HELP
    assert panel.canvas.height() == height
    panel.pen_slider.setFocus()
    assert panel.hint_label.text() == LABEL_HINT
    assert panel.digits_button.isVisible()
