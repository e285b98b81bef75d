"""The lines of a plot: raw values faint, smoothed ones strong, validation as joined dots, all painted by one item.

An item of pyqtgraph's own for each line takes a millisecond a frame for its bounds and signals, before it is drawn.
"""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray  # not public, but without it thousands of boxes become a Python list
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from resnet_gui.core.clipping import clipped
from resnet_gui.core.series import Series

RAW = 0.28  # share of the run's colour in its raw curve, over the background
ASIDE = 0.4  # the same in all curves but the selected one
BAND = 50  # opacity of 255
DOT = 9  # pixels across, with its edge

Floats = NDArray[np.float64]


class InView(pg.GraphicsObject):
    """What is drawn wherever the view is, and so needs no bounds of its own."""

    def viewRangeChanged(self, *_: object) -> None:
        """The bounds are the view's."""
        self.prepareGeometryChange()

    def boundingRect(self) -> QRectF:
        """All that is in view."""
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view is not None else QRectF()


class Line:
    """A series in a colour."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self.selected = False
        self._polygons: dict[str, tuple[object, QPolygonF]] = {}
        self.set_color("#000000", "#ffffff", 1.0)

    def set_color(
        self,
        color: str,
        background: str,
        ratio: float,
        selected: bool = False,
        aside: bool = False,
        thin: bool = False,
    ) -> None:
        """Draw in `color`, on a screen with `ratio` pixels per pixel; stronger if `selected`, fainter if `aside`.

        A `thin` line is painted four times as fast.
        """
        self.selected = selected
        # Faint is mixed rather than transparent, which would be slow to paint.
        self.color = mixed(color, background, ASIDE) if aside else QColor(color)
        self._background = QColor(background)
        self._faint = mixed(self.color, background, RAW)
        self.raw_pen = pg.mkPen(self._faint, width=1)
        self.smooth_pen = pg.mkPen(self.color, width=3 if selected else 1 if thin else 2)
        self._only_pen = pg.mkPen(self.color, width=2 if selected else 1)  # without smoothing
        self._marks_pen = pg.mkPen(self.color, width=2 if selected else 1, style=Qt.PenStyle.DashLine)
        self._band = QColor(self.color)
        self._band.setAlpha(BAND)
        self._dot = dot(self.color, ratio, DOT, background)
        self._dots = _Copies(self._dot)

    def _whole(self, name: str, points: tuple[Floats, Floats]) -> QPolygonF:
        """`points` as Qt draws them, kept until there are others: moving the view changes none."""
        if name not in self._polygons or self._polygons[name][0] is not points:
            self._polygons[name] = points, _polygon(*points)
        return self._polygons[name][1]

    @property
    def smoothed(self) -> bool:
        """Whether there is a line over the raw values."""
        return bool(len(self.series.smooth[0]))

    def paint_band(self, painter: QPainter, exposed: QRectF, area: QRectF) -> None:
        """Draw what lies between the ends of the band."""
        if not len(self.series.band[0]):
            return
        places, low, high = _between(exposed.left(), exposed.right(), *self.series.band)
        if len(places):
            low, high = (np.clip(ends, area.top(), area.bottom()) for ends in (low, high))
            places = np.clip(places, area.left(), area.right())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._band)
            painter.drawPolygon(_polygon(np.concatenate([places, places[::-1]]), np.concatenate([high, low[::-1]])))

    def paint_raw(self, painter: QPainter, exposed: QRectF, area: QRectF, vector: bool = False) -> None:
        """Draw the steps joined, or where they are dense boxes: lines up and down would paint most pixels twice."""
        if not len(self.series.raw[0]):
            return
        single = self.series.single
        places, values = (each[: single + 1] for each in self.series.raw[1:3])
        painter.setPen(self.raw_pen if self.smoothed else self._only_pen)
        near = _between(exposed.left(), exposed.right(), places, values)
        if vector:
            _paint_clipped(painter, *near, area)
        else:
            painter.drawPolyline(_polygon(*near))
        bins = (each[single:] for each in self.series.raw)
        left, right, low, high = _between(exposed.left(), exposed.right(), *bins)
        if len(left):
            low, high = _joined(low, high)
            pixel = abs(1 / painter.worldTransform().m22())  # the least height that can be seen
            # Qt counts the pixels of boxes as integers, which do not reach to where a diverging curve goes.
            room = 0.0 if vector else area.height()
            low, high = (np.clip(ends, area.top() - room, area.bottom() + room) for ends in (low, high))
            low, high = low - pixel / 2, high + pixel / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._faint if self.smoothed else self.color)
            if vector:  # thousands of boxes make a large file
                edges = np.clip(np.stack([left, right], axis=1).ravel(), area.left(), area.right())
                outline = np.concatenate([high.repeat(2), low.repeat(2)[::-1]])
                painter.drawPolygon(_polygon(np.concatenate([edges, edges[::-1]]), outline))
                return
            boxes = PrimitiveArray(QRectF, 4)
            boxes.resize(len(left))
            boxes.ndarray()[:] = np.stack([left, low, right - left, high - low], axis=1)
            painter.drawRects(*boxes.drawargs())

    def paint_smooth(self, painter: QPainter, exposed: QRectF, area: QRectF, vector: bool = False) -> None:
        """Draw the smoothed values."""
        smooth = self.series.smooth
        if not len(smooth[0]):
            return
        painter.setPen(self.smooth_pen)
        if vector:
            _paint_clipped(painter, *smooth, area)
        elif 2 * exposed.width() > area.width():
            painter.drawPolyline(self._whole("smooth", smooth))
        else:
            painter.drawPolyline(_polygon(*_between(exposed.left(), exposed.right(), *smooth)))

    def paint_marks(self, painter: QPainter, exposed: QRectF, area: QRectF, vector: bool = False) -> None:
        """Draw the line between the validation figures."""
        places = self.series.marks[0]
        if not len(places) or exposed.right() < places[0] or exposed.left() > places[-1]:
            return
        painter.setPen(self._marks_pen)
        if vector:
            _paint_clipped(painter, *self.series.marks, area)
        else:
            painter.drawPolyline(self._whole("marks", self.series.marks))  # dashes are counted from its beginning

    def paint_dots(self, painter: QPainter, exposed: QRectF, area: QRectF, pixels: QTransform, vector: bool) -> None:
        """Draw the validation figures; `pixels` maps places to those of `painter`, so that dots are round."""
        places, values = self.series.marks
        if not len(places) or exposed.right() < places[0] or exposed.left() > places[-1]:
            return
        if not vector:
            painter.drawPixmapFragments(*self._dots.at(*_mapped(pixels, places, values)), self._dot)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._background, 1))
        painter.setBrush(self.color)
        for place in _polygon(places, values):
            if area.contains(place):
                painter.drawEllipse(pixels.map(place), (DOT - 1) / 2, (DOT - 1) / 2)

    def distance(self, point: QPointF, pixels: QTransform, reach: float) -> tuple[float, float]:
        """Pixels from `point` to what is drawn, `pixels` mapping places to them, and to its middle; infinity beyond."""
        series = self.series
        found = [_distance(point, pixels, reach, *line) for line in (series.smooth, series.marks)]
        left, right, low, high = series.raw
        if not self.smoothed and len(left):
            middle = _distance(point, pixels, reach, (left + right) / 2, (low + high) / 2)
            x, ends = _mapped(pixels, (left + right) / 2, low), _mapped(pixels, left, high)[1]
            near = np.abs(x[0] - point.x()) <= reach
            outside = np.maximum(np.minimum(x[1], ends) - point.y(), point.y() - np.maximum(x[1], ends))[near]
            within = float(np.maximum(outside, 0).min()) if len(outside) else math.inf
            return min([within, middle, *found]), min([middle, *found])
        return min(found), min(found)


class _Copies:
    """Where a pixmap is to be drawn, many times in one call."""

    def __init__(self, pixmap: QPixmap) -> None:
        self._side, self._ratio = pixmap.width(), pixmap.devicePixelRatio()
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
        self._values = self._fragments.ndarray()

    def at(self, x: Floats, y: Floats) -> tuple[object, ...]:
        """What QPainter.drawPixmapFragments takes, for copies whose centres are `x` and `y`."""
        if len(x) != len(self._values):
            self._fragments.resize(len(x))
            self._values = self._fragments.ndarray()
            scale = 1 / self._ratio
            self._values[:, 2:] = (0, 0, self._side, self._side, scale, scale, 0, 1)  # part, scale, turn, opacity
        self._values[:, 0], self._values[:, 1] = x, y
        return self._fragments.drawargs()


class Lines(InView):
    """All lines of a plot: every run's raw values behind every run's smoothed ones, and validation in front."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # which tells what part is to be painted
        self.lines: Sequence[Line] = ()

    def update_from(self, place: float) -> None:
        """Paint anew what is right of `place`: where curves grow, most of the picture stays."""
        area = self.boundingRect()
        area.setLeft(max(area.left(), place - self._margin()))
        if area.isValid():
            self.update(area)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, *_: object) -> None:
        """Draw the lines as far as they are exposed, the selected one last."""
        lines, area, margin = sorted(self.lines, key=lambda line: line.selected), self.boundingRect(), self._margin()
        vector = painter.paintEngine().type() == QPaintEngine.Type.SVG  # which cannot clip
        exposed = option.exposedRect.adjusted(-margin, 0, margin, 0)
        for line in lines:
            line.paint_band(painter, exposed, area)
        for line in lines:
            line.paint_raw(painter, exposed, area, vector)
        for line in lines:
            line.paint_smooth(painter, exposed, area, vector)
        for line in lines:
            line.paint_marks(painter, exposed, area, vector)
        pixels = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        for line in lines:
            line.paint_dots(painter, exposed, area, pixels, vector)
        painter.restore()

    def _margin(self) -> float:
        """What a dot covers to its left and right."""
        view = self.getViewBox()
        return DOT * view.viewRect().width() / max(view.width(), 1.0)


def dot(color: QColor | str, ratio: float, side: int, edge: QColor | str | None = None) -> QPixmap:
    """A dot in `color`, `side` pixels across, for a screen with `ratio` pixels per pixel."""
    pixels = QPixmap(round(side * ratio), round(side * ratio))
    pixels.setDevicePixelRatio(ratio)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(Qt.PenStyle.NoPen) if edge is None else QPen(QColor(edge), 1))
    painter.setBrush(QColor(color))
    painter.drawEllipse(QRectF(0.5, 0.5, side - 1, side - 1))
    painter.end()
    return pixels


def mixed(color: QColor | str, background: QColor | str, share: float) -> QColor:
    """`share` of `color` over `background`."""
    own, other = QColor(color).getRgb()[:3], QColor(background).getRgb()[:3]
    return QColor(*(round(share * a + (1 - share) * b) for a, b in zip(own, other, strict=True)))


def _paint_clipped(painter: QPainter, x: Floats, y: Floats, area: QRectF) -> None:
    pixels, pen = painter.worldTransform(), painter.pen()
    pen.setCosmetic(False)  # lines are to grow with the picture
    painter.save()
    painter.resetTransform()
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in clipped(x, y, (area.left(), area.top(), area.right(), area.bottom())):
        painter.drawPolyline(_polygon(*_mapped(pixels, *part)))
    painter.restore()


def _polygon(x: Floats, y: Floats) -> QPolygonF:
    return arrayToQPolygonF(x, y) if len(x) else QPolygonF()  # whose memory cannot be written


def _between(left: float, right: float, places: Floats, *values: Floats) -> tuple[Floats, ...]:
    """The points from `left` to `right`, and a neighbour on each side."""
    first, last = np.searchsorted(places, (left, right))
    return tuple(each[max(0, first - 1) : last + 1] for each in (places, *values))


def _joined(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The bins, each stretched to touch the one before, so that a steep curve does not fall into pieces."""
    joined_low, joined_high = low.copy(), high.copy()
    np.minimum(low[1:], high[:-1], out=joined_low[1:])
    np.maximum(high[1:], low[:-1], out=joined_high[1:])
    return joined_low, joined_high


def _mapped(pixels: QTransform, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """`x` and `y` through a transform that neither turns nor shears."""
    return pixels.m11() * x + pixels.dx(), pixels.m22() * y + pixels.dy()


def _distance(point: QPointF, pixels: QTransform, reach: float, x: Floats, y: Floats) -> float:
    """Pixels from `point` to the line through the points `x`, `y`; infinity if none of it is within `reach`."""
    x, y = _mapped(pixels, x, y)
    first, last = np.searchsorted(x, (point.x() - reach, point.x() + reach))
    x, y = (each[max(0, first - 1) : last + 1] for each in (x, y))
    if not len(x):
        return math.inf
    along = np.stack([np.diff(x, append=x[-1]), np.diff(y, append=y[-1])])
    away = np.stack([point.x() - x, point.y() - y])
    length = np.maximum((along**2).sum(axis=0), 1e-12)
    share = np.clip((along * away).sum(axis=0) / length, 0, 1)
    nearest = float(np.sqrt(((away - share * along) ** 2).sum(axis=0).min()))
    return nearest if nearest <= reach else math.inf
