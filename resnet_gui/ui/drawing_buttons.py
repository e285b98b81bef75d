"""The buttons of the drawing tools: icons drawn as lines, sharp at any scale, and in no need of an icon font."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from resnet_gui.ui.theme import LIGHT, RADIUS, Colors

ICON = 16.0  # pixels, the square that icons are drawn in
BUTTON = QSize(38, 32)


class Painted(QWidget):
    """Something painted in the colours of the scheme."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = LIGHT

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()


class Dot(Painted):
    """A dot as thick as a pen: the meaning of the slider's end."""

    def __init__(self, diameter: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._diameter = diameter
        self.setFixedSize(14, 14)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.muted))
        painter.drawEllipse(QRectF(self.rect()).center(), self._diameter / 2, self._diameter / 2)
        painter.end()


class IconButton(QPushButton):
    """A button with an icon, framed in the accent's colour while it is checked."""

    def __init__(self, icon: QPainterPath, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._colors = LIGHT
        self.setFixedSize(BUTTON)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon over the empty button."""
        super().paintEvent(event)
        color = QColor(self._colors.accent if self.isChecked() else self._colors.text)
        color.setAlphaF(1.0 if self.isEnabled() else 0.35)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(QPen(color, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.translate((self.width() - ICON) / 2, (self.height() - ICON) / 2)
        painter.strokePath(self._icon, QPen(color, 1.6, Qt.PenStyle.SolidLine, cap, join))
        painter.end()


def arrow(mirrored: bool = False) -> QPainterPath:
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


def waste_bin() -> QPainterPath:
    """A waste bin."""
    return _lines(
        ((2.5, 4.2), (13.5, 4.2)),
        ((5.8, 4.0), (5.8, 2.0), (10.2, 2.0), (10.2, 4.0)),
        ((3.8, 4.2), (4.5, 14.0), (11.5, 14.0), (12.2, 4.2)),
        ((6.6, 7.0), (6.8, 11.2)),
        ((9.4, 7.0), (9.2, 11.2)),
    )


def pen() -> QPainterPath:
    """A pencil."""
    return _lines(
        ((2.0, 14.0), (3.0, 10.2), (11.4, 1.8), (14.2, 4.6), (5.8, 13.0), (2.0, 14.0)),
        ((9.6, 3.6), (12.4, 6.4)),
    )


def eraser() -> QPainterPath:
    """A rubber that has left a clean line."""
    return _lines(
        ((5.2, 13.6), (1.8, 10.2), (9.4, 2.6), (14.2, 7.4), (8.0, 13.6)),
        ((5.4, 6.6), (10.2, 11.4)),
        ((4.4, 13.6), (14.2, 13.6)),
    )


def picture() -> QPainterPath:
    """A picture of mountains, with the sun."""
    path = _lines(
        ((1.6, 2.6), (14.4, 2.6), (14.4, 13.4), (1.6, 13.4), (1.6, 2.6)),
        ((1.8, 11.4), (5.8, 7.4), (9.0, 10.6), (10.8, 8.8), (14.2, 12.0)),
    )
    path.addEllipse(QPointF(10.8, 5.8), 1.1, 1.1)
    return path


def _lines(*lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for first, *others in lines:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    return path
