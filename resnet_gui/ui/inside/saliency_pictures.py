"""Pictures of what a network looks at: a tint over a drawing, and a row of small ones to choose from."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.ui.theme import LIGHT, Colors

LEAST = 110  # pixels along a side of a large picture
THUMB, GAP, LETTERS = 42, 6, 10  # pixels: a small picture, between two, and a number's height
FAINT = 0.3  # of the ink, under what is tinted


class TintedPicture(QWidget):
    """A drawing in faint ink under a tint whose strength is the magnitude. Shows only; has no signals."""

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._ink: NDArray[np.uint8] | None = None
        self._for: NDArray[np.float32] | None = None  # from -1 to 1
        self._smooth = False

    def show_tint(self, ink: NDArray[np.uint8], values: NDArray[np.float32] | None, smooth: bool = False) -> None:
        """`ink` is uint8 (28, 28); `values`, (28, 28) from -1 to 1, tint it: what is above 0 in one colour."""
        self._ink, self._for, self._smooth = ink, values, smooth
        self.update()

    def show_nothing(self) -> None:
        """Bare paper."""
        self._ink = self._for = None
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """As small as it gets: it takes what room there is."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Small."""
        return QSize(LEAST, LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than wide."""
        super().resizeEvent(event)
        self.setMaximumHeight(max(LEAST, self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square at the top left."""
        painter = QPainter(self)
        side = min(self.width(), self.height()) - 2
        paint_tinted(painter, QRectF(1, 1, side, side), self._colors, self._ink, self._for, self._smooth)
        painter.end()


class CamStrip(QWidget):
    """A small picture for each block; one can be chosen by mouse or arrow keys.

    Signals: `chosen(int)`: the user chose this block, counted from 0.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Grad-CAM of every block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._colors = LIGHT
        self._ink: NDArray[np.uint8] | None = None
        self._cams: tuple[NDArray[np.uint8], ...] = ()
        self.block = 0

    def show_cams(self, ink: NDArray[np.uint8], cams: tuple[NDArray[np.uint8], ...]) -> None:
        """Show these, uint8 (28, 28) each, over the drawing `ink`."""
        self._ink, self._cams = ink, cams
        self.setFixedSize(max(1, len(cams) * (THUMB + GAP) + 2), THUMB + LETTERS + 8)
        self.update()

    def choose(self, block: int) -> None:
        """Mark this block."""
        self.block = block
        self.update()

    def place_of(self, block: int) -> QRect:
        """Where its picture is."""
        return QRect(2 + block * (THUMB + GAP), 2, THUMB, THUMB)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, first and last."""
        last = len(self._cams) - 1
        steps = {Qt.Key.Key_Left: self.block - 1, Qt.Key.Key_Right: self.block + 1}
        wanted = (steps | {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}).get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(wanted, 0), last))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The one below the mouse."""
        block = int((event.position().x() - 2) // (THUMB + GAP))
        if 0 <= block < len(self._cams):
            self._choose(block)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only what is in view: there may be hundreds."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(LETTERS)
        painter.setFont(font)
        for block, cam in enumerate(self._cams):
            place = self.place_of(block)
            if not event.rect().intersects(place.adjusted(-3, -3, 3, LETTERS + 6)):
                continue
            paint_tinted(painter, QRectF(place), self._colors, self._ink, cam.astype(np.float32) / 255, True)
            wins = block == self.block
            painter.setPen(QColor(self._colors.text if wins else self._colors.muted))
            below = QRectF(place.x(), place.bottom() + 2, THUMB, LETTERS + 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(block + 1))
            if wins:
                painter.setPen(QPen(QColor(self._colors.accent), 3 if self.hasFocus() else 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(place).adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _choose(self, block: int) -> None:
        if block != self.block:
            self.choose(block)
            self.chosen.emit(block)


def tint_colors(colors: Colors) -> tuple[str, str]:
    """Of what speaks for a digit, and of what speaks against it."""
    return colors.runs[1], colors.runs[0]


def paint_tinted(
    painter: QPainter,
    place: QRectF,
    colors: Colors,
    ink: NDArray[np.uint8] | None,
    values: NDArray[np.float32] | None,
    smooth: bool,
) -> None:
    """Paint `ink`, uint8 (height, width), faintly on paper, and over it `values` from -1 to 1."""
    painter.fillRect(place, QColor(colors.paper))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    if ink is not None:
        painter.drawImage(place, _image(colors.ink, ink * FAINT))
    if values is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        for color, sign in zip(tint_colors(colors), (1, -1), strict=True):
            painter.drawImage(place, _image(color, np.clip(sign * values, 0, 1) * 255))
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)


def _image(color: str, strength: NDArray[np.floating]) -> QImage:
    """One colour, as opaque as `strength`, 0 to 255, says."""
    red, green, blue, _ = QColor(color).getRgb()
    opaque = np.round(strength).astype(np.uint32)
    pixels = opaque << 24 | np.uint32(red << 16 | green << 8 | blue)
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
