"""One plot of a quantity: its axes, its grid, its lines and its crosshair."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from resnet_gui.core.curve_options import Axis, CurveOptions, Quantity
from resnet_gui.ui.curve_lines import InView, Lines
from resnet_gui.ui.theme import Colors

MIN_TICK = {"left": 18, "bottom": 64}  # pixels between two labels
AXIS_WIDTH = 58  # pixels; the same in every plot, so that steps lie over each other
# As far as one can zoom out, and in: no run is longer, and steps stay whole numbers.
MOST = {Axis.STEP: 1e9, Axis.EPOCH: 1e6, Axis.IMAGES: 1e12, Axis.TIME: 1e9}
LEAST = {Axis.STEP: 4.0, Axis.EPOCH: 0.01, Axis.IMAGES: 64.0, Axis.TIME: 0.01}
LOG_RANGE, LOG_LEAST = (-7.0, 13.0), 0.05  # powers of ten
MOST_VALUE = 1e30  # as far as one can zoom out upwards


class ValueAxis(pg.AxisItem):
    """An axis whose logarithmic ticks are 1, 2 and 5 of each power of ten, so that labels do not collide."""

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[None, list[float]]]:
        """One level of ticks, in powers of ten from `minVal` to `maxVal`."""
        needed = (maxVal - minVal) * MIN_TICK[self.orientation] / max(size, 1.0)  # powers of ten that a label takes
        leading = (1,) if needed > 1 / 3 else (1, 2, 5)
        powers = range(math.floor(minVal), math.ceil(maxVal) + 1, max(1, math.ceil(needed)))
        ticks = [power + math.log10(digit) for power in powers for digit in leading]
        ticks = [tick for tick in ticks if minVal <= tick <= maxVal]
        return [(None, ticks if len(ticks) > 1 else _even_ticks(minVal, maxVal))]

    def logTickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """The values themselves."""
        return [_written(10**value * scale) for value in values]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Large numbers in groups of three digits, not in powers of ten."""
        if not self.logMode and values and 1000 <= max(map(abs, values)) < 1e15:
            return [f"{value * scale:,.0f}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings


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
            low, high = self._axis.range
            ticks = [float(tick) for _, ticks in self._axis.tickValues(*place[:3])[:1] for tick in ticks]
            self._found = [tick for tick in ticks if low <= tick <= high]
        return self._found


class CurvePlot(pg.PlotItem):
    """A plot whose ranges are set from outside, or by the user's zooming and dragging."""

    def __init__(self, quantity: Quantity) -> None:
        super().__init__(axisItems={name: ValueAxis(name) for name in ("left", "bottom")})
        self.setMenuEnabled(False)  # its export dialog writes incomplete files
        self.hideButtons()
        self.quantity = quantity
        self.getAxis("left").setWidth(AXIS_WIDTH)
        for name in ("left", "bottom"):
            self.getAxis(name).enableAutoSIPrefix(False)
        self._grid = Grid(self.getAxis("left"))
        self.lines = Lines()
        self.crosshair = pg.InfiniteLine(angle=90)
        self.crosshair.setZValue(100)
        self.crosshair.hide()
        for item in (self._grid, self.lines, self.crosshair):
            self.addItem(item, ignoreBounds=True)
        self.getViewBox().disableAutoRange()

    def set_options(self, quantity: Quantity, options: CurveOptions, lowest: bool) -> None:
        """Show `quantity`, over the axis that `options` name; the `lowest` plot alone says which that is."""
        self.quantity = quantity
        self.setLabel("left", quantity.label)
        left, bottom = self.getAxis("left"), self.getAxis("bottom")
        left.setLogMode(y=options.logarithmic(quantity))
        bottom.setLogMode(x=options.log_x)
        bottom.setStyle(showValues=lowest)
        bottom.setLabel(options.axis.label if lowest else None)
        bottom.showLabel(lowest)
        low, high = LOG_RANGE if options.log_x else (-MOST[options.axis], MOST[options.axis])
        least = LOG_LEAST if options.log_x else LEAST[options.axis]
        self.getViewBox().setLimits(
            xMin=low, xMax=high, minXRange=least, minYRange=1e-4, yMin=-MOST_VALUE, yMax=MOST_VALUE
        )

    def set_colors(self, colors: Colors) -> None:
        """Draw all but the lines in another colour scheme."""
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.label.setDefaultTextColor(QColor(colors.muted))
        self.crosshair.setPen(pg.mkPen(colors.muted, width=1))
        self._grid.set_color(colors.raised)


def _even_ticks(low: float, high: float) -> list[float]:
    """Logarithms of evenly spaced values, where 1, 2 and 5 are too far apart."""
    first, last = 10**low, 10**high
    unit = 10.0 ** math.floor(math.log10(max((last - first) / 2, 1e-300)))
    begin = math.ceil(first / unit)
    values = [unit * number for number in range(begin, min(math.floor(last / unit), begin + 20) + 1)]
    if len(values) > 6:
        values = values[::4]
    return [math.log10(value) for value in values if value > 0]


def _written(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= value < 1e9 else f"{value:.3g}"
