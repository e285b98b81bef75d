"""Small pictures in the runs table: a run's colour, and a shape for its state that needs no colour to be told."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from resnet_gui.core.run import State

SIDE = 16  # pixels
SCALE = 2.0  # of the pictures, for screens of many pixels


@lru_cache(maxsize=256)
def swatch(color: str, side: int = SIDE) -> QIcon:
    """A disc of `color`."""
    pixels, painter = _begin(color, side)
    painter.setPen(Qt.PenStyle.NoPen)
    margin = side * 3 / SIDE
    painter.drawEllipse(QRectF(margin, margin, side - 2 * margin, side - 2 * margin))
    return _end(pixels, painter)


@lru_cache(maxsize=256)
def state_icon(state: State, color: str) -> QIcon:
    """The shape of `state`: ring, disc, bars, tick, square, half disc or cross."""
    pixels, painter = _begin(color, SIDE)
    disc = QRectF(4, 4, 8, 8)
    outline = QPen(QColor(color), 1.6)
    match state:
        case State.QUEUED:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(outline)
            painter.drawEllipse(disc)
        case State.PREPARING | State.TRAINING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(5, 3), QPointF(13, 8), QPointF(5, 13)]))
        case State.PAUSED:
            painter.fillRect(QRectF(4.5, 4, 2.5, 8), QColor(color))
            painter.fillRect(QRectF(9, 4, 2.5, 8), QColor(color))
        case State.FINISHED:
            painter.setPen(QPen(QColor(color), 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(3.5, 8.5), QPointF(6.5, 11.5), QPointF(12.5, 4.5)]))
        case State.STOPPED:
            painter.fillRect(QRectF(4.5, 4.5, 7, 7), QColor(color))
        case State.INTERRUPTED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPie(disc, 90 * 16, 180 * 16)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(outline)
            painter.drawEllipse(disc)
        case State.DIVERGED | State.FAILED:
            painter.setPen(QPen(QColor(color), 1.8))
            painter.drawLine(QPointF(4.5, 4.5), QPointF(11.5, 11.5))
            painter.drawLine(QPointF(11.5, 4.5), QPointF(4.5, 11.5))
    return _end(pixels, painter)


def _begin(color: str, side: int) -> tuple[QPixmap, QPainter]:
    pixels = QPixmap(int(side * SCALE), int(side * SCALE))
    pixels.setDevicePixelRatio(SCALE)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    return pixels, painter


def _end(pixels: QPixmap, painter: QPainter) -> QIcon:
    painter.end()
    icon = QIcon(pixels)
    icon.addPixmap(pixels, QIcon.Mode.Selected)  # not tinted
    return icon
