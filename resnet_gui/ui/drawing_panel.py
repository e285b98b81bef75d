"""The drawing side of the window: canvas and tools, what the network sees of it, and what it says."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence, QPainterPath, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.reading import Reading
from resnet_gui.core.strokes import PEN
from resnet_gui.ui.drawing_buttons import Dot, IconButton, Painted, arrow, eraser, pen, picture, waste_bin
from resnet_gui.ui.drawing_canvas import THICKEST, THINNEST, DrawingCanvas
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.keyboard_pen import HELP
from resnet_gui.ui.picture_drops import FILE_KINDS
from resnet_gui.ui.prediction_view import NetworkImageView, PredictionView
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

UNDO_KEYS = ("Ctrl+Z",)
REDO_KEYS = ("Ctrl+Shift+Z", "Ctrl+Y")
CLEAR_KEYS = ("Delete", "Backspace")
MARGIN = 2 * SPACING
LABEL_HINT = "Read wrong? Press its digit, 0–9, to keep it."
PREDICTION_TALLEST = 260  # pixels; beyond that bars do not read better


class DrawingPanel(QFrame):
    """Puts canvas, pen and prediction together; shows and reports, decides nothing.

    Signals:
        drawn(object): the whole Drawing, whenever it changed.
        starter_wanted(): the network that came with the app is to read again.
        labelled(int): the digit that what is drawn was meant to be.
        my_digits_wanted(): the kept digits are to be shown.
        picture_given(object): a picture of a digit was dropped, pasted or chosen: its Path, or the bytes of a PNG.
        refused(str): a sentence on something that was dropped or pasted and is no picture.
        told(str): what the keyboard's pen did, or why a key does nothing.
    """

    drawn = Signal(object)
    starter_wanted = Signal()
    labelled = Signal(int)
    my_digits_wanted = Signal()
    picture_given = Signal(object)
    refused = Signal(str)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("Draw")
        self.canvas = DrawingCanvas(self)
        self.network_image = NetworkImageView(self)
        self.prediction = PredictionView(self)
        self.undo_action = self._action("Undo", UNDO_KEYS, self.canvas.undo)
        self.redo_action = self._action("Redo", REDO_KEYS, self.canvas.redo)
        self.clear_action = self._action("Clear drawing", CLEAR_KEYS, self.canvas.clear)
        self.picture_action = self._action("Open picture", (), self._choose_picture, True)
        paste = self._action("Paste picture", ("Ctrl+V",), self._paste, True)
        self.brush_action, self.eraser_action = self._tools()
        for action in (self.clear_action, paste, self.brush_action, self.eraser_action):
            # Elsewhere in the window these keys are for other things.
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.brush_button = self._button("brushButton", self.brush_action, pen(), "Draw with the pen")
        self.eraser_button = self._button(
            "eraserButton", self.eraser_action, eraser(), "Erase; the right mouse button and a pen's other end do too"
        )
        self.undo_button = self._button("undoButton", self.undo_action, arrow(), "Take back the last change")
        self.redo_button = self._button("redoButton", self.redo_action, arrow(True), "Bring back what was undone")
        self.clear_button = self._button("clearButton", self.clear_action, waste_bin(), "Wipe the canvas clean")
        tip = "Open a picture of a digit; it can be dropped or pasted too"
        self.picture_button = self._button("pictureButton", self.picture_action, picture(), tip)
        self.pen_slider = self._pen_slider()
        self.reader_label = ElidedLabel("readerLabel", "The network that reads", self)
        self.detail_label = ElidedLabel("readerDetailLabel", "Where that network comes from", self)
        self.starter_button = QPushButton("Use starter", self)
        self.starter_button.setObjectName("starterButton")
        self.starter_button.setAccessibleName("Let the starter network read")
        self.starter_button.setToolTip(
            "Let the network that came with the app read again; it has learned all of MNIST."
        )
        self.starter_button.clicked.connect(self.starter_wanted)
        self.starter_button.hide()
        self.hint_label = _TwoLines(LABEL_HINT, self, objectName="drawingHintLabel", wordWrap=True)
        self.hint_label.setProperty("role", "muted")
        self.hint_label.setAccessibleName("What keys do here")
        self.digits_button = QPushButton("My digits…", self, objectName="myDigitsButton")
        self.digits_button.setAccessibleName("Show my digits")
        self.digits_button.setToolTip("Show the drawings that you have kept with the right digit.")
        self.digits_button.clicked.connect(self.my_digits_wanted)
        self._lay_out()
        self.canvas.drawn.connect(self._take_drawing)
        self.canvas.history_changed.connect(self._take_history)
        self.canvas.keyboard_changed.connect(self._show_help)
        self.canvas.labelled.connect(self.labelled)
        self.canvas.picture_given.connect(self.picture_given)
        self.canvas.refused.connect(self.refused)
        self.canvas.told.connect(self.told)
        self.show_reader("", "")
        self.set_colors(LIGHT)

    def show_reading(self, reading: Reading) -> None:
        """Show what a network saw and what it says."""
        self.network_image.show_image(reading.image)
        self.prediction.show_reading(reading)

    def show_nothing(self, text: str) -> None:
        """Show that there is no reading, and why."""
        self.network_image.show_nothing()
        self.prediction.show_nothing(text)

    @Slot(str, str)
    def show_reader(self, name: str, detail: str) -> None:
        """Say which network reads (`name`) and where it comes from (`detail`)."""
        whole = " · ".join(filter(None, (name, detail)))
        tip = f"This network reads your drawing: {whole}" if whole else "No network reads yet."
        self.reader_label.say(f"Read by {name}" if name else "No network reads yet", tip)
        self.detail_label.say(detail, tip)
        self.detail_label.setVisible(bool(detail))

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        painted = *self.findChildren(Painted), *self.findChildren(IconButton)
        for child in (self.canvas, self.network_image, self.prediction, *painted):
            child.set_colors(colors)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas square in a high panel: the prediction gets what is left."""
        super().resizeEvent(event)
        self.canvas.setMaximumHeight(max(self.canvas.minimumSizeHint().height(), self.width() - 2 * MARGIN))

    @Slot(object)
    def _take_drawing(self, drawing: Drawing) -> None:
        self.clear_action.setEnabled(not drawing.empty)
        self.drawn.emit(drawing)

    @Slot(bool)
    def _show_help(self, on: bool) -> None:
        self.hint_label.setText(HELP if on else LABEL_HINT)
        self.digits_button.setVisible(not on)

    @Slot(bool, bool)
    def _take_history(self, can_undo: bool, can_redo: bool) -> None:
        self.undo_action.setEnabled(can_undo)
        self.redo_action.setEnabled(can_redo)

    @Slot(int)
    def _take_pen(self, hundredths: int) -> None:
        self.canvas.set_pen_width(hundredths / 100)

    def _choose_picture(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a picture of a digit", "", FILE_KINDS)
        if path:
            self.picture_given.emit(Path(path))

    def _paste(self) -> None:
        self.canvas.take_picture(QGuiApplication.clipboard().mimeData())

    def _lay_out(self) -> None:
        title = QLabel("Draw", self)
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.setSpacing(SPACING // 2)
        top.addWidget(title, 1)
        for button in (self.undo_button, self.redo_button, self.clear_button, self.picture_button):
            top.addWidget(button)
        tools = QHBoxLayout()
        tools.setSpacing(SPACING // 2)
        for button in (self.brush_button, self.eraser_button):
            tools.addWidget(button)
        tools.addSpacing(SPACING)
        tools.addWidget(Dot(4.0, self))
        tools.addWidget(self.pen_slider, 1)
        tools.addWidget(Dot(12.0, self))
        keep = QHBoxLayout()
        keep.setSpacing(SPACING)
        keep.addWidget(self.hint_label, 1)
        keep.addWidget(self.digits_button)
        caption = QLabel("What the network sees", self)
        caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(SPACING // 2)
        for label in (caption, self.reader_label, self.detail_label):
            words.addWidget(label)
        words.addWidget(self.starter_button, 0, Qt.AlignmentFlag.AlignLeft)
        seen = QHBoxLayout()
        seen.setSpacing(SPACING + SPACING // 2)
        seen.addWidget(self.network_image)
        seen.addLayout(words, 1)
        seen.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 3)
        layout.addLayout(tools)
        layout.addLayout(keep)
        layout.addSpacing(SPACING // 2)
        layout.addLayout(seen)
        layout.addSpacing(SPACING // 2)
        self.prediction.setMaximumHeight(PREDICTION_TALLEST)
        layout.addWidget(self.prediction, 1)
        layout.addStretch(0)

    def _tools(self) -> tuple[QAction, QAction]:
        """Brush and eraser, of which one is chosen."""
        choice = QActionGroup(self)
        brush = self._action("Brush", ("B",), lambda: self.canvas.set_erasing(False), True)
        rubber = self._action("Eraser", ("E",), lambda: self.canvas.set_erasing(True), True)
        for action in (brush, rubber):
            action.setCheckable(True)
            choice.addAction(action)
        brush.setChecked(True)
        return brush, rubber

    def _action(self, text: str, keys: tuple[str, ...], slot: Callable[[], None], enabled: bool = False) -> QAction:
        """An action for the whole window; fields that are typed into keep these keys to themselves."""
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: slot())
        self.addAction(action)
        return action

    def _button(self, name: str, action: QAction, icon: QPainterPath, tip: str) -> IconButton:
        button = IconButton(icon, self)
        button.setObjectName(name)
        button.setAccessibleName(action.text())
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{tip} ({keys})." if keys else f"{tip}.")
        button.setEnabled(action.isEnabled())
        button.setCheckable(action.isCheckable())
        button.setChecked(action.isChecked())
        button.clicked.connect(action.trigger)
        button.clicked.connect(lambda: button.setChecked(action.isChecked()))  # a click would release a chosen tool
        action.toggled.connect(button.setChecked)
        action.enabledChanged.connect(lambda on: self._allow(button, on))
        return button

    def _allow(self, button: QPushButton, on: bool) -> None:
        """Switch `button`; else Qt would move the focus to its neighbour, which does something else."""
        if button.hasFocus() and not on:
            self.canvas.setFocus()
        button.setEnabled(on)

    def _pen_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("penWidthSlider")
        slider.setAccessibleName("Pen width in percent of the digit's size")
        slider.setToolTip("How thick the pen's line is, as a share of the digit's size.")
        slider.setRange(round(100 * THINNEST), round(100 * THICKEST))
        slider.setPageStep(3)
        slider.setValue(round(100 * PEN))
        slider.setMinimumWidth(60)
        slider.valueChanged.connect(self._take_pen)
        return slider


class _TwoLines(QLabel):
    """A label of two lines whatever it says: the layout does not jump."""

    def hasHeightForWidth(self) -> bool:
        """No: the panel would be scrolled in a low window, rather than have a smaller canvas."""
        return False

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(super().sizeHint().width(), 2 * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """Two lines."""
        return QSize(super().minimumSizeHint().width(), 2 * self.fontMetrics().lineSpacing())
