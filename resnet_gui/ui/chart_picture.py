"""A chart as a picture for papers and slides: PNG or SVG, in light colours, with the names of all curves above it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer
from PySide6.QtWidgets import QWidget

from resnet_gui.ui.curves_legend import Key
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

SCALE = 2  # pixels of a PNG for each pixel of the screen
MARGIN = 2 * SPACING
SWATCH = 11  # pixels across
FONT_SIZE = 13  # pixels


class Chart(Protocol):
    """A view with a chart."""

    canvas: QWidget  # what draws the chart itself, axes and their labels included
    colors: Colors  # what it is drawn in now

    @property
    def keys(self) -> Sequence[Key]:
        """The names and colours of what it shows."""

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme, at once."""


def svg_bytes(chart: Chart, title: str = "") -> bytes:
    """The chart as it is on the screen, in light colours, as an SVG. To be called in the GUI thread."""
    buffer = _buffer()
    with _light(chart):
        area = QRect(QPoint(0, 0), _size(chart))
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(chart.canvas.logicalDpiY())  # else letters would have another size than on the screen
        generator.setSize(area.size())
        generator.setViewBox(area)
        generator.setTitle(title)
        painter = QPainter(generator)
        painter.fillRect(area, QColor(LIGHT.surface))
        _paint(painter, chart)
    return buffer.data().data()


def png_bytes(chart: Chart) -> bytes:
    """The same as a PNG of twice as many pixels as on the screen. To be called in the GUI thread."""
    image = QImage(_size(chart) * SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(svg_bytes(chart)).render(painter)
    painter.end()
    buffer = _buffer()
    image.save(buffer, "PNG")
    return buffer.data().data()


@contextmanager
def _light(chart: Chart) -> Iterator[None]:
    """The chart in light colours while the block lasts; nobody sees it, for nothing is painted on the screen."""
    before = chart.colors
    chart.set_colors(LIGHT)
    try:
        yield
    finally:
        chart.set_colors(before)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _font() -> QFont:
    font = QFont()
    font.setPixelSize(FONT_SIZE)
    return font


def _size(chart: Chart) -> QSize:
    canvas = chart.canvas.size()
    return QSize(canvas.width() + 2 * MARGIN, canvas.height() + round(_legend_height(chart)) + 2 * MARGIN)


def _paint(painter: QPainter, chart: Chart) -> None:
    painter.save()  # what draws the chart would go on with the pen and the brush
    painter.setFont(_font())
    for key, place in _places(chart):
        swatch = QRectF(place.left(), place.center().y() - SWATCH / 2, SWATCH, SWATCH)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(key.color))
        painter.drawEllipse(swatch)
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(place.adjusted(SWATCH + SPACING / 2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, key.name)
    painter.restore()
    # Not the canvas' own method: pyqtgraph's takes other arguments.
    QWidget.render(chart.canvas, painter, QPoint(MARGIN, MARGIN + round(_legend_height(chart))))
    painter.end()


def _legend_height(chart: Chart) -> float:
    return max((place.bottom() for _, place in _places(chart)), default=MARGIN - SPACING) - MARGIN + SPACING


def _places(chart: Chart) -> list[tuple[Key, QRectF]]:
    """Where each name goes: in rows, wrapped like words."""
    metrics = QFontMetricsF(_font())
    row = metrics.height() + SPACING / 2
    at, places = QPointF(MARGIN, MARGIN), []
    end = MARGIN + chart.canvas.width()
    for key in chart.keys:
        name = metrics.elidedText(key.name, Qt.TextElideMode.ElideRight, chart.canvas.width() - SWATCH - SPACING)
        key = replace(key, name=name)
        width = SWATCH + SPACING / 2 + metrics.horizontalAdvance(key.name) + 2
        if at.x() > MARGIN and at.x() + width > end:
            at = QPointF(MARGIN, at.y() + row)
        places.append((key, QRectF(at.x(), at.y(), width, row)))
        at.setX(at.x() + width + 2 * SPACING)
    return places
