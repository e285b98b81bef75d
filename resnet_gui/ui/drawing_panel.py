"""The drawing side of the window: canvas and pen, what the network sees of it, and what it says."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
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
from resnet_gui.ui.drawing_canvas import THICKEST, THINNEST, DrawingCanvas
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.prediction_view import NetworkImageView, PredictionView
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

UNDO_KEYS = ("Ctrl+Z",)
REDO_KEYS = ("Ctrl+Shift+Z", "Ctrl+Y")
CLEAR_KEYS = ("Delete", "Backspace")
MARGIN = 2 * SPACING
ICON = 16.0  # pixels, the square that icons are drawn in
BUTTON = QSize(38, 32)
PREDICTION_TALLEST = 260  # pixels; beyond that bars do not read better


class DrawingPanel(QFrame):
    """Puts canvas, pen and prediction together; shows and reports, decides nothing.

    Signals:
        drawn(object): the whole Drawing, whenever it changed.
        starter_wanted(): the network that came with the app is to read again.
    """

    drawn = Signal(object)
    starter_wanted = Signal()

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
        # Elsewhere in the window Delete is for other things.
        self.clear_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.undo_button = self._button("undoButton", self.undo_action, _arrow(), "Take back the last stroke")
        self.redo_button = self._button("redoButton", self.redo_action, _arrow(True), "Bring back the undone stroke")
        self.clear_button = self._button("clearButton", self.clear_action, _bin(), "Wipe the canvas clean")
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
        self._lay_out()
        self.canvas.drawn.connect(self._take_drawing)
        self.canvas.history_changed.connect(self._take_history)
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
        for child in (self.canvas, self.network_image, self.prediction, *self.findChildren(_Painted)):
            child.set_colors(colors)
        for button in (self.undo_button, self.redo_button, self.clear_button):
            button.set_colors(colors)
        self.pen_slider.setStyleSheet(_slider_style(colors))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas square in a high panel: the prediction gets what is left."""
        super().resizeEvent(event)
        self.canvas.setMaximumHeight(max(self.canvas.minimumSizeHint().height(), self.width() - 2 * MARGIN))

    @Slot(object)
    def _take_drawing(self, drawing: Drawing) -> None:
        self.clear_action.setEnabled(not drawing.empty)
        self.drawn.emit(drawing)

    @Slot(bool, bool)
    def _take_history(self, can_undo: bool, can_redo: bool) -> None:
        self.undo_action.setEnabled(can_undo)
        self.redo_action.setEnabled(can_redo)

    @Slot(int)
    def _take_pen(self, hundredths: int) -> None:
        self.canvas.set_pen_width(hundredths / 100)

    def _lay_out(self) -> None:
        title = QLabel("Draw", self)
        title.setProperty("role", "title")
        tools = QHBoxLayout()
        tools.setSpacing(SPACING // 2)
        for button in (self.undo_button, self.redo_button, self.clear_button):
            tools.addWidget(button)
        tools.addSpacing(SPACING)
        tools.addWidget(_Dot(4.0, self))
        tools.addWidget(self.pen_slider, 1)
        tools.addWidget(_Dot(12.0, self))
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
        layout.addWidget(title)
        layout.addWidget(self.canvas, 3)
        layout.addLayout(tools)
        layout.addSpacing(SPACING // 2)
        layout.addLayout(seen)
        layout.addSpacing(SPACING // 2)
        self.prediction.setMaximumHeight(PREDICTION_TALLEST)
        layout.addWidget(self.prediction, 1)
        layout.addStretch(0)

    def _action(self, text: str, keys: tuple[str, ...], slot: Callable[[], None]) -> QAction:
        """An action for the whole window; fields that are typed into keep these keys to themselves."""
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setEnabled(False)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def _button(self, name: str, action: QAction, icon: QPainterPath, tip: str) -> "_IconButton":
        button = _IconButton(icon, self)
        button.setObjectName(name)
        button.setAccessibleName(action.text())
        button.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}).")
        button.setEnabled(action.isEnabled())
        button.clicked.connect(action.trigger)
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


class _Painted(QWidget):
    """Something painted in the colours of the scheme."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = LIGHT

    def set_colors(self, colors: Colors) -> None:
        self._colors = colors
        self.update()


class _Dot(_Painted):
    """A dot as thick as a pen: the meaning of the slider's end."""

    def __init__(self, diameter: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._diameter = diameter
        self.setFixedSize(14, 14)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.muted))
        painter.drawEllipse(QRectF(self.rect()).center(), self._diameter / 2, self._diameter / 2)
        painter.end()


class _IconButton(QPushButton):
    """A button with an icon drawn as a line: sharp at any scale, and in no need of an icon font."""

    def __init__(self, icon: QPainterPath, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._colors = LIGHT
        self.setFixedSize(BUTTON)

    def set_colors(self, colors: Colors) -> None:
        self._colors = colors
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        color = QColor(self._colors.text)
        color.setAlphaF(1.0 if self.isEnabled() else 0.35)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - ICON) / 2, (self.height() - ICON) / 2)
        painter.strokePath(self._icon, QPen(color, 1.6, Qt.PenStyle.SolidLine, cap, join))
        painter.end()


def _arrow(mirrored: bool = False) -> QPainterPath:
    """An arrow that turns back, or forth."""

    def at(x: float, y: float) -> QPointF:
        return QPointF(ICON - x if mirrored else x, y)

    path = QPainterPath(at(5.5, 2.0))
    path.lineTo(at(2.0, 5.5))
    path.lineTo(at(5.5, 9.0))
    path.moveTo(at(2.0, 5.5))
    path.lineTo(at(9.5, 5.5))
    path.cubicTo(at(15.2, 5.5), at(15.2, 13.5), at(9.5, 13.5))
    path.lineTo(at(6.0, 13.5))
    return path


def _bin() -> QPainterPath:
    """A waste bin."""
    path = QPainterPath()
    for line in (
        ((2.5, 4.2), (13.5, 4.2)),
        ((5.8, 4.0), (5.8, 2.0), (10.2, 2.0), (10.2, 4.0)),
        ((3.8, 4.2), (4.5, 14.0), (11.5, 14.0), (12.2, 4.2)),
        ((6.6, 7.0), (6.8, 11.2)),
        ((9.4, 7.0), (9.2, 11.2)),
    ):
        path.moveTo(*line[0])
        for point in line[1:]:
            path.lineTo(*point)
    return path


def _slider_style(c: Colors) -> str:
    return f"""
QSlider {{ background: transparent; min-height: 22px; }}
QSlider::groove:horizontal {{ background: {c.border}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {c.surface}; border: 2px solid {c.accent}; width: 12px; margin: -6px 0; border-radius: 8px;
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {c.accent}; }}
"""
