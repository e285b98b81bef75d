"""The lines of a plot: raw values faint, smoothed ones strong, validation as joined dots, all painted by one item.

An item of pyqtgraph's own for each line takes a millisecond a frame for its bounds and signals, before it is drawn.
"""

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray  # not public, but without it thousands of boxes become a Python list
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from resnet_gui.core.bins import FIRST_BIN, Bins
from resnet_gui.core.history import Curve, History, smoothed

SMOOTHING = 25  # steps
FAINT = 0.28  # share of the run's colour in its raw curve, over the background
DOT = 9  # pixels across, with its edge
MOST_DOTS = 100  # of one line; more would run into each other
FLOOR = 1e-6  # what a value of 0 or less is drawn as on a logarithmic axis

Floats = NDArray[np.float32] | NDArray[np.float64]


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
    """One quantity of one run, `loss` or `accuracy`, as it is drawn for the steps in view.

    `raw`, `smooth` and `marks` are steps and values as they are drawn; of `raw` each bin's lowest and highest value.
    """

    def __init__(self, history: History, quantity: str, scale: float = 1) -> None:
        self.curve: Curve = getattr(history, quantity)
        self.shown = True
        self.raw = (np.zeros(0), np.zeros(0), np.zeros(0))
        self.smooth = self.marks = (np.zeros(0), np.zeros(0))
        self.lowest, self.highest, self.top = math.inf, -math.inf, -math.inf
        self._epochs, self._figure, self._scale = history.epochs, f"validation_{quantity}", scale
        self._epochs_read, self._validated = 0, (np.zeros(0), np.zeros(0))
        self._bins = Bins(self.curve)
        self._size, self._last, self._dense = 1, 0, False
        self._key: tuple[object, ...] = ()
        self.set_color("#000000", "#ffffff", 1.0)

    def set_color(self, color: str, background: str, ratio: float) -> None:
        """Draw in `color`, on a screen with `ratio` pixels per pixel."""
        own, other = QColor(color), QColor(background)
        # Faint is mixed rather than transparent, which would be slow to paint.
        mixed = [round(FAINT * a + (1 - FAINT) * b) for a, b in zip(own.getRgb()[:3], other.getRgb()[:3], strict=True)]
        self._faint = QColor(*mixed)
        self.raw_pen = pg.mkPen(self._faint, width=1)
        self.smooth_pen = pg.mkPen(own, width=2)
        self._marks_pen = pg.mkPen(own, width=1, style=Qt.PenStyle.DashLine)
        self._dot = dot(own, ratio, DOT, other)

    def update(self, window: tuple[float, float], spacing: int, log: bool) -> float:
        """Get ready to draw the steps of `window`, the smoothed ones `spacing` steps apart, a power of two.

        Raw values are drawn in bins of a quarter as many: wide lines cost by their corners, and show less detail.
        Returns the step from which on the line looks different now; infinity if it looks the same.
        """
        size = max(1, spacing // 4)
        first = max(0, math.floor(window[0] / spacing - 1) * spacing)
        last = min(len(self.curve), math.ceil(window[1]) + spacing + SMOOTHING)
        key = (first, spacing, log, len(self._epochs))
        if (key, last) == (self._key, self._last):
            return math.inf
        # The last point of a line moves while its bin fills; all before it stays.
        ends = [line[0][-2] if len(line[0]) > 1 else -math.inf for line in (self.raw, self.smooth)]
        changed = min(ends) if key == self._key and last > self._last else -math.inf
        self._key, self._last, self._size, self._dense = key, last, size, spacing > 2
        self._read_epochs()
        low = high = smooth = smooth_steps = np.zeros(0)
        if first < last:
            low, high = self._bins.extremes(first, last, size)
            smooth_steps, smooth = self._smoothed(first, last, spacing)
        steps = first + size * np.arange(len(low)) + (size + 1) / 2
        steps, low, high = _finite(steps, low, high)
        smooth_steps, smooth = _finite(smooth_steps, smooth)
        mark_steps, marks = self._validated
        self._measure(low, high, smooth, marks)
        if self._dense:
            low, high = _joined(low, high)
        self.raw = steps, self._display(low, log), self._display(high, log)
        self.smooth = smooth_steps, self._display(smooth, log)
        self.marks = mark_steps, self._display(marks, log)
        return changed

    def paint_raw(self, painter: QPainter, exposed: QRectF, area: QRectF) -> None:
        """Draw the steps joined, or where they are dense boxes: lines up and down would paint most pixels twice."""
        steps, low, high = _between(exposed.left(), exposed.right(), *self.raw)
        if not self._dense:
            painter.setPen(self.raw_pen)
            painter.drawPolyline(_polygon(steps, low))
        elif len(steps):
            pixel = abs(1 / painter.worldTransform().m22())  # the least height that can be seen
            # Qt counts the pixels of boxes as integers, which do not reach to where a diverging curve goes.
            floor, ceiling = area.top() - area.height(), area.bottom() + area.height()
            low, high = np.clip(low, floor, ceiling), np.clip(high, floor, ceiling)
            boxes = PrimitiveArray(QRectF, 4)
            boxes.resize(len(steps))
            boxes.ndarray()[:] = np.stack(
                [steps - self._size / 2, low - pixel / 2, np.full(len(steps), self._size), high - low + pixel], axis=1
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._faint)
            painter.drawRects(*boxes.drawargs())

    def paint_smooth(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw the smoothed values."""
        painter.setPen(self.smooth_pen)
        painter.drawPolyline(_polygon(*_between(exposed.left(), exposed.right(), *self.smooth)))

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw the validation figures."""
        steps = self.marks[0]
        if not len(steps) or exposed.right() < steps[0] or exposed.left() > steps[-1]:
            return
        painter.setPen(self._marks_pen)
        painter.drawPolyline(_polygon(*self.marks))  # all of it: dashes are counted from its beginning
        places = painter.worldTransform().map(_polygon(*_between(exposed.left(), exposed.right(), *self.marks)))
        painter.save()
        painter.resetTransform()  # dots are round on any axes
        for place in places:
            painter.drawPixmap(place - QPointF(DOT / 2, DOT / 2), self._dot)
        painter.restore()

    def _smoothed(self, first: int, last: int, spacing: int) -> tuple[Floats, Floats]:
        """Steps and values of the smoothed curve, each in the middle of the steps that it is made of."""
        if spacing >= FIRST_BIN:  # which is more than SMOOTHING
            return self._bins.means(first, last, spacing)
        start = max(0, first - SMOOTHING + 1)
        values = smoothed(self.curve.values[start:last], SMOOTHING, slice(first - start, None, spacing))
        steps = np.arange(first + 1, last + 1, spacing)
        return steps - np.minimum(steps - 1, SMOOTHING - 1) / 2, values

    def _read_epochs(self) -> None:
        if self._epochs_read == len(self._epochs):
            return
        self._epochs_read = len(self._epochs)
        figures = [(epoch.step, getattr(epoch, self._figure)) for epoch in self._epochs]
        known = [(step, value) for step, value in figures if value is not None and math.isfinite(value)]
        steps, values = np.array(known, float).reshape(-1, 2).T
        self._validated = _thinned(steps, values, MOST_DOTS)

    def _display(self, values: Floats, log: bool) -> Floats:
        if log:
            return np.log10(np.maximum(values, FLOOR))
        return values * self._scale if self._scale != 1 else values

    def _measure(self, low: Floats, high: Floats, smooth: Floats, marks: Floats) -> None:
        """Note the range worth seeing: a diverging end must not flatten everything before it."""
        drawn = np.concatenate([low, high, marks])
        self.lowest, self.highest, self.top = math.inf, -math.inf, -math.inf
        if len(drawn):
            self.lowest, self.highest = float(drawn.min()), float(drawn.max())
            rank = round(0.995 * (len(drawn) - 1))
            self.top = float(np.partition(drawn, rank)[rank])
        if len(smooth):
            self.top = max(min(self.top, 3 * float(smooth[0])), min(self.highest, float(smooth[0])))


class Lines(InView):
    """All lines of a plot: every run's raw values behind every run's smoothed ones, and validation in front."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # which tells what part is to be painted
        self.lines: list[Line] = []

    def update_from(self, step: float) -> None:
        """Paint anew what is right of `step`: where curves grow, most of the picture stays."""
        area = self.boundingRect()
        area.setLeft(max(area.left(), step - self._margin()))
        if area.isValid():
            self.update(area)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, *_: object) -> None:
        """Draw the lines that are shown, as far as they are exposed."""
        lines, area, margin = [line for line in self.lines if line.shown], self.boundingRect(), self._margin()
        exposed = option.exposedRect.adjusted(-margin, 0, margin, 0)
        for line in lines:
            line.paint_raw(painter, exposed, area)
        for line in lines:
            line.paint_smooth(painter, exposed)
        for line in lines:
            line.paint_marks(painter, exposed)

    def _margin(self) -> float:
        """The steps that a dot covers to its left and right."""
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


def _polygon(steps: Floats, values: Floats) -> QPolygonF:
    return arrayToQPolygonF(steps, values) if len(steps) else QPolygonF()  # whose memory cannot be written


def _finite(steps: Floats, *values: Floats) -> tuple[Floats, ...]:
    """The points whose values are finite; a bin's lowest and highest are so together."""
    finite = np.isfinite(values[0])
    return (steps, *values) if finite.all() else tuple(each[finite] for each in (steps, *values))


def _between(left: float, right: float, steps: Floats, *values: Floats) -> tuple[Floats, ...]:
    """The points from `left` to `right`, and a neighbour on each side."""
    first, last = np.searchsorted(steps, (left, right))
    return tuple(each[max(0, first - 1) : last + 1] for each in (steps, *values))


def _joined(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The bins, each stretched to touch the one before, so that a steep curve does not fall into pieces."""
    joined_low, joined_high = low.copy(), high.copy()
    np.minimum(low[1:], high[:-1], out=joined_low[1:])
    np.maximum(high[1:], low[:-1], out=joined_high[1:])
    return joined_low, joined_high


def _thinned(steps: Floats, values: Floats, most: int) -> tuple[Floats, Floats]:
    """At most `most` of the points: the lowest and the highest of each group of neighbours."""
    if len(values) <= most:
        return steps, values
    groups = np.array_split(np.arange(len(values)), most // 2)
    kept = [i for group in groups for i in sorted({group[values[group].argmin()], group[values[group].argmax()]})]
    return steps[kept], values[kept]
