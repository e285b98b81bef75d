"""One plot over training steps: its value axis, its grid, its lines and its crosshair."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from resnet_gui.ui.curve_lines import InView, Line, Lines
from resnet_gui.ui.theme import Colors

MIN_TICK = 18  # pixels between two labels
MIN_SPACING = 4  # pixels between two points of a smoothed line
AXIS_WIDTH = 58  # pixels; the same in every plot, so that steps lie over each other

MOST_STEPS = 1e9  # as far as one can zoom out: no run is longer, and steps stay whole numbers


class ValueAxis(pg.AxisItem):
    """A value axis whose logarithmic ticks are 1, 2 and 5 of each power of ten, so that labels do not collide."""

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[None, list[float]]]:
        """One level of ticks, in powers of ten from `minVal` to `maxVal`."""
        leading = (1,) if (maxVal - minVal) * MIN_TICK > size / 3 else (1, 2, 5)
        powers = range(math.floor(minVal), math.ceil(maxVal) + 1)
        ticks = [power + math.log10(digit) for power in powers for digit in leading]
        return [(None, [tick for tick in ticks if minVal <= tick <= maxVal])]

    def logTickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """The values themselves."""
        return [f"{10**value * scale:.3g}" for value in values]


class Grid(InView):
    """Horizontal lines at an axis' main ticks; pyqtgraph's own grid takes 20 ms to paint."""

    def __init__(self, axis: pg.AxisItem) -> None:
        super().__init__()
        self._axis = axis
        self._pen = QPen()
        self._place: tuple[float, ...] = ()
        self._found: list[float] = []
        self.setZValue(-100)

    def set_color(self, color: str) -> None:
        """Draw in `color`."""
        self._pen = pg.mkPen(color, width=1)
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines."""
        area = self.boundingRect()
        painter.setPen(self._pen)
        for tick in self._ticks():
            painter.drawLine(QPointF(area.left(), tick), QPointF(area.right(), tick))

    def _ticks(self) -> list[float]:
        """The axis' main ticks; pyqtgraph takes a while to find them, and they mostly stay."""
        place = (*self._axis.range, self._axis.height(), self._axis.logMode)
        if place != self._place:
            self._place = place
            self._found = [float(tick) for _, ticks in self._axis.tickValues(*place[:3])[:1] for tick in ticks]
        return self._found


class CurvePlot(pg.PlotItem):
    """A plot whose ranges are set from outside, or by the user's zooming and dragging."""

    def __init__(self, title: str) -> None:
        super().__init__(axisItems={"left": ValueAxis("left")})
        self.setMenuEnabled(False)  # its export dialog writes incomplete files
        self.hideButtons()
        self.setLabel("left", title)
        self.getAxis("left").setWidth(AXIS_WIDTH)
        for name in ("left", "bottom"):
            self.getAxis(name).enableAutoSIPrefix(False)
        self._grid = Grid(self.getAxis("left"))
        self._lines = Lines()
        self.crosshair = pg.InfiniteLine(angle=90)
        self.crosshair.setZValue(100)
        self.crosshair.hide()
        for item in (self._grid, self._lines, self.crosshair):
            self.addItem(item, ignoreBounds=True)
        view = self.getViewBox()
        view.disableAutoRange()
        view.setLimits(xMin=-MOST_STEPS, xMax=MOST_STEPS, minXRange=4, minYRange=1e-4)

    def add_line(self, line: Line) -> None:
        """Draw `line` from now on."""
        self._lines.lines.append(line)

    def show_steps(self, window: tuple[float, float], log: bool) -> None:
        """Bring the shown lines up to date for the steps of `window`."""
        pixels = max(self.getViewBox().width(), 100.0)
        # A power of two: a curve that grows a little need not be thinned again.
        spacing = 2 ** max(0, math.ceil(math.log2(MIN_SPACING * max(window[1] - window[0], 1.0) / pixels)))
        changed = [line.update(window, spacing, log) for line in self._lines.lines if line.shown]
        self._lines.update_from(min(changed, default=math.inf))

    def update_lines(self) -> None:
        """Paint all lines anew: other ones are shown, or in other colours."""
        self._lines.update()

    def set_colors(self, colors: Colors) -> None:
        """Draw all but the lines in another colour scheme."""
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.label.setDefaultTextColor(QColor(colors.muted))
        self.crosshair.setPen(pg.mkPen(colors.muted, width=1))
        self._grid.set_color(colors.raised)
