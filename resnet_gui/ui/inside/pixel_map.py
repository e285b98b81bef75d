"""One feature map, enlarged so that each value is a square that can be pointed at and picked."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.inside.signed import indices, number_text
from resnet_gui.ui.inside.signed_picture import image_of
from resnet_gui.ui.theme import LIGHT, Colors

SMALLEST, USUAL = 84, 190  # pixels along a side
STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}

Pixel = tuple[int, int]  # row, column


class PixelMap(QWidget):
    """A map, (height, width), with a pixel that a click or the arrow keys move, and a window drawn around others.

    Signals: `picked(int, int)`: row and column of the pixel that was moved to; `pointed(object)`: the one under the
    pointer, None for none.
    """

    picked = Signal(int, int)
    pointed = Signal(object)

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._values: NDArray[np.float32] | None = None
        self._pixels = np.zeros((1, 1), np.uint8)
        self._pixel: Pixel | None = None
        self._window: QRectF | None = None  # in pixels of the map
        self._pointed: Pixel | None = None

    def show_map(
        self,
        values: NDArray[np.float32] | None,
        limit: float,
        pixel: Pixel | None = None,
        window: tuple[int, int, int] | None = None,
    ) -> None:
        """Show `values`, full strength at `limit`; mark `pixel`, and the `window` of that top, left and size."""
        self._values, self._pixel = values, pixel
        self._window = None if window is None else QRectF(window[1], window[0], window[2], window[2])
        if values is not None:
            self._pixels = np.ascontiguousarray(indices(values, limit))
        self._describe()
        self.update()

    @property
    def pixel(self) -> Pixel | None:
        """The one that is picked."""
        return self._pixel

    def text_at(self, pixel: Pixel) -> str:
        """The value of a pixel in words, such as `row 3, column 12: 0.52`."""
        assert self._values is not None
        row, column = pixel
        return f"row {row + 1}, column {column + 1}: {number_text(float(self._values[row, column]))}"

    def place(self, row: int, column: int) -> QRectF:
        """Where a pixel of the map is painted."""
        area, side = self._area()
        return QRectF(area.left() + column * side, area.top() + row * side, side, side)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """Some pixels for each value."""
        return QSize(USUAL, USUAL)

    def minimumSizeHint(self) -> QSize:
        """Values can still be told apart."""
        return QSize(SMALLEST, SMALLEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The map, its frame, the window and the pixel."""
        if self._values is None:
            return
        painter = QPainter(self)
        area, side = self._area()
        painter.drawImage(area, image_of(self._pixels, self._colors))
        painter.setPen(QPen(QColor(self._colors.accent if self.hasFocus() else self._colors.border), 1))
        painter.drawRect(area)
        if self._window is not None:
            window = self._window
            corner = QPointF(area.left() + window.left() * side, area.top() + window.top() * side)
            self._frame(painter, QRectF(corner, window.size() * side))
        if self._pixel is not None:
            self._frame(painter, self.place(*self._pixel))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what is clicked."""
        self._pick(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is pointed at; with the button down, pick it."""
        pixel = self._at(event.position())
        if pixel != self._pointed:
            self._pointed = pixel
            self.pointed.emit(pixel)
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._pick(pixel)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._pointed = None
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move the pixel."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or self._values is None:
            super().keyPressEvent(event)
            return
        row, column = self._pixel or (0, 0)
        self._pick(
            (
                min(max(row + step[0], 0), self._values.shape[0] - 1),
                min(max(column + step[1], 0), self._values.shape[1] - 1),
            )
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show it."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it."""
        super().focusOutEvent(event)
        self.update()

    def _pick(self, pixel: Pixel | None) -> None:
        if pixel is not None and pixel != self._pixel:
            self._pixel = pixel
            self._describe()
            self.update()
            self.picked.emit(*pixel)

    def _describe(self) -> None:
        told = self._values is not None and self._pixel is not None
        self.setAccessibleDescription(self.text_at(self._pixel) if told and self._pixel else "")

    def _frame(self, painter: QPainter, area: QRectF) -> None:
        """A line that is seen on any colour."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colors.surface), 3))
        painter.drawRect(area)
        painter.setPen(QPen(QColor(self._colors.text), 1.5))
        painter.drawRect(area)

    def _area(self) -> tuple[QRectF, float]:
        """Where the map is, and pixels of the screen for each of its own."""
        rows, columns = (1, 1) if self._values is None else self._values.shape
        side = min((self.width() - 4) / columns, (self.height() - 4) / rows)
        return QRectF((self.width() - side * columns) / 2, 2, side * columns, side * rows), side

    def _at(self, place: QPointF) -> Pixel | None:
        if self._values is None:
            return None
        area, side = self._area()
        if not area.contains(place):
            return None
        row, column = int((place.y() - area.top()) / side), int((place.x() - area.left()) / side)
        return min(row, self._values.shape[0] - 1), min(column, self._values.shape[1] - 1)
