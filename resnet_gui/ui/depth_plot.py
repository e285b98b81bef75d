"""A plot of few marks over depth: joined, with bars and crosses, dodged so that none hides another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from resnet_gui.core.statistics import Interval
from resnet_gui.ui.curve_lines import InView
from resnet_gui.ui.curve_plot import AXIS_WIDTH, Grid, ValueAxis
from resnet_gui.ui.theme import Colors

MARK = 10.0  # pixels across
CAP = 7.0  # pixels across, at the ends of a bar
DODGE, MOST_DODGE = 7.0, 22.0  # pixels between lines at the same depth, and between the outermost of them
TICK = 34  # pixels between two labels of the lower axis
MARGIN = 0.06  # share of the height above the highest mark
CROSS_ROOM = 0.12  # share of the height for crosses, above all values
# Corners of the marks of lines that have the same colour, in units of half a mark; none: a circle.
SHAPES: tuple[tuple[tuple[float, float], ...], ...] = (
    (),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
)
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


@dataclass(frozen=True)
class Mark:
    """A point: `y` is None where there is nothing but a cross at the top."""

    x: float
    y: float | None
    bar: Interval | None = None
    hollow: bool = False
    cross: bool = False


@dataclass(frozen=True)
class Look:
    """How a line is drawn: a colour, and a style for each of the lines that share it."""

    color: str
    variant: int = 0
    dotted: bool = False

    @property
    def pen(self) -> QPen:
        """Of the line."""
        style = Qt.PenStyle.DotLine if self.dotted else STYLES[self.variant % len(STYLES)]
        return pg.mkPen(self.color, width=2, style=style)


@dataclass(frozen=True)
class MarkedLine:
    """Marks from left to right, and how they look."""

    look: Look
    marks: tuple[Mark, ...]


def paint_mark(painter: QPainter, place: QPointF, look: Look, hollow: bool, background: str) -> None:
    """Draw one mark in pixels around `place`."""
    color = QColor(look.color)
    painter.setPen(pg.mkPen(color if hollow else background, width=2 if hollow else 1))
    painter.setBrush(QColor(background) if hollow else color)
    half = MARK / 2 - (0.5 if hollow else 0)
    corners = SHAPES[look.variant % len(SHAPES)]
    if corners:
        painter.drawPolygon(QPolygonF([place + half * QPointF(*corner) for corner in corners]))
    else:
        painter.drawEllipse(place, half, half)


class Marks(InView):
    """All lines of a plot, painted in pixels by one item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[MarkedLine] = ()
        self.log, self.floor, self.top = False, 0.0, 1.0
        self.most_dodge = MOST_DODGE
        self.background = "#ffffff"
        self.chosen: tuple[int, int] | None = None  # line and mark with a ring around it

    def height_of(self, value: float) -> float:
        """Where `value` stands on the axis; on a logarithmic one what is not positive stands at its foot."""
        return math.log10(max(value, self.floor)) if self.log else value

    def dodge(self, line: int) -> float:
        """Pixels to the right of where the line's marks would stand alone."""
        step = min(DODGE, self.most_dodge / max(1, len(self.lines) - 1))
        return step * (line - (len(self.lines) - 1) / 2)

    def places(self) -> Iterator[tuple[int, int, Mark, QPointF]]:
        """Each line's and mark's index, the mark, and where it stands on the axes (before dodging)."""
        for index, line in enumerate(self.lines):
            for number, mark in enumerate(line.marks):
                y = self.top if mark.y is None else self.height_of(mark.y)
                yield index, number, mark, QPointF(mark.x, y)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, *_: object) -> None:
        """Draw the lines behind the bars behind the marks."""
        to_pixels = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spots = []
        joined: dict[int, list[QPointF]] = {}
        for index, number, mark, place in self.places():
            aside = QPointF(self.dodge(index), 0)
            spot = to_pixels.map(place) + aside
            spots.append((index, number, mark, spot))
            if mark.y is not None:
                joined.setdefault(index, []).append(spot)
        for index, corners in joined.items():
            painter.setPen(self.lines[index].look.pen)
            painter.drawPolyline(QPolygonF(corners))
        for index, _, mark, spot in spots:
            if mark.bar is not None:
                ends = [to_pixels.map(QPointF(0, self.height_of(end))).y() for end in (mark.bar.low, mark.bar.high)]
                self._paint_bar(painter, spot.x(), ends, self.lines[index].look.color)
        for index, number, mark, spot in spots:
            look = self.lines[index].look
            if mark.y is not None:
                paint_mark(painter, spot, look, mark.hollow, self.background)
            if mark.cross:
                top = QPointF(spot.x(), to_pixels.map(QPointF(0, self.top)).y())
                self._paint_cross(painter, top, look.color)
            if (index, number) == self.chosen:
                painter.setPen(pg.mkPen(look.color, width=1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(spot, MARK, MARK)
        painter.restore()

    def _paint_bar(self, painter: QPainter, x: float, ends: list[float], color: str) -> None:
        painter.setPen(pg.mkPen(color, width=1.5))
        painter.drawLine(QPointF(x, ends[0]), QPointF(x, ends[1]))
        for y in ends:
            painter.drawLine(QPointF(x - CAP / 2, y), QPointF(x + CAP / 2, y))

    def _paint_cross(self, painter: QPainter, place: QPointF, color: str) -> None:
        half = MARK / 2
        painter.setPen(pg.mkPen(color, width=2.5))
        for side in (-1, 1):
            painter.drawLine(place + QPointF(-half, -half * side), place + QPointF(half, half * side))


class DepthAxis(pg.AxisItem):
    """The lower axis: a tick at each depth that there is, as far as their labels do not collide."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.depths: tuple[int, ...] = ()
        self.setStyle(hideOverlappingLabels=False)  # the last label may reach beyond the axis

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[None, list[float]]]:
        """One level of ticks: those at both ends, and between them what has room."""
        if not self.depths or maxVal <= minVal:
            return []
        pixel = (maxVal - minVal) / max(size, 1.0)
        last = self.depths[-1]
        ticks = [self.depths[0]]
        for depth in self.depths[1:-1]:
            if depth - ticks[-1] >= TICK * pixel and last - depth >= TICK * pixel:
                ticks.append(depth)
        return [(None, [float(tick) for tick in (*ticks, *({last} - {ticks[-1]}))])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Whole numbers."""
        return [f"{value:.0f}" for value in values]


class DepthPlot(pg.PlotItem):
    """The axes, a grid and the marks; its ranges follow what is shown."""

    def __init__(self, compact: bool = False) -> None:
        """`compact`: small and without a title of the left axis."""
        self._depth_axis = DepthAxis()
        super().__init__(axisItems={"left": ValueAxis("left"), "bottom": self._depth_axis})
        self.setMenuEnabled(False)
        self.hideButtons()
        self.getAxis("left").setWidth(AXIS_WIDTH // 2 if compact else AXIS_WIDTH)
        for name in ("left", "bottom"):
            self.getAxis(name).enableAutoSIPrefix(False)
        self._grid = Grid(self.getAxis("left"))
        self.marks = Marks()
        if compact:
            self.marks.most_dodge = 0.0
        for item in (self._grid, self.marks):
            self.addItem(item, ignoreBounds=True)
        view = self.getViewBox()
        view.disableAutoRange()
        view.setMouseEnabled(False, False)  # few marks, all in view

    def show_lines(self, lines: Sequence[MarkedLine], log: bool = False, from_zero: bool = True) -> None:
        """Draw these lines and no others. `from_zero`: a linear axis begins at 0."""
        marks = self.marks
        every = [mark for line in lines for mark in line.marks]
        depths = sorted({round(mark.x) for mark in every})
        self._depth_axis.depths = tuple(depths)
        low_x, high_x = (depths[0], depths[-1]) if depths else (0, 1)
        room = max(0.05 * (high_x - low_x), 0.5)
        values = [mark.y for mark in every if mark.y is not None]
        ends = values + [end for mark in every if mark.bar for end in (mark.bar.low, mark.bar.high)]
        positive = [value for value in ends if value > 0]
        marks.log = log
        marks.floor = min([value for value in values if value > 0] or positive or [1.0]) / 2
        low, high = marks.height_of(min(ends, default=0.0)), marks.height_of(max(ends, default=1.0))
        if log:
            low, high = low - MARGIN * (high - low), max(high, low + 0.3)
        elif from_zero:
            low, high = 0.0, high or 1.0
        else:
            low -= max(MARGIN * (high - low), 0.05)
            high = max(high, low + 0.1)
        crosses = any(mark.cross for mark in every)
        above = MARGIN + (CROSS_ROOM if crosses else 0)
        marks.top = high + (high - low) * (MARGIN + CROSS_ROOM / 2)
        marks.lines = tuple(lines)
        self.getAxis("left").setLogMode(y=log)
        for name in ("left", "bottom"):
            self.showAxis(name, bool(every))
        self._grid.setVisible(bool(every))
        self.setXRange(low_x - room, high_x + room, padding=0)
        self.setYRange(low, high + (high - low) * above, padding=0)
        self._depth_axis.picture = None  # other depths may lie in the same range
        self._depth_axis.update()
        marks.update()

    def spot(self, place: QPointF, line: int) -> QPointF:
        """Where a mark of that line stands in the scene."""
        return self.getViewBox().mapViewToScene(place) + QPointF(self.marks.dodge(line), 0)

    def nearest(self, scene: QPointF, reach: float) -> tuple[int, int] | None:
        """The line and the mark within so many pixels of a place in the scene; of several the nearest."""
        found: tuple[float, tuple[int, int]] | None = None
        for line, number, mark, place in self.marks.places():
            spots = [self.spot(place, line)]
            if mark.cross:
                spots.append(self.spot(QPointF(mark.x, self.marks.top), line))
            away = min(math.dist(spot.toTuple(), scene.toTuple()) for spot in spots)
            if away <= reach and (found is None or away < found[0]):
                found = away, (line, number)
        return found[1] if found else None

    def choose(self, chosen: tuple[int, int] | None) -> None:
        """Put a ring around this mark, or around none."""
        if chosen != self.marks.chosen:
            self.marks.chosen = chosen
            self.marks.update()

    def set_colors(self, colors: Colors) -> None:
        """Draw all but the lines in another colour scheme."""
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.label.setDefaultTextColor(QColor(colors.muted))
        self._grid.set_color(colors.raised)
        self.marks.background = colors.surface
        self.marks.update()

    def area(self) -> QRectF:
        """The plot without its axes, in the scene."""
        return self.getViewBox().sceneBoundingRect()
