"""Three charts over the length of paths: how many there are, what one brings of the gradient, and what all carry."""

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QWidget

from resnet_gui.core.inside.paths import Paths, log_shares
from resnet_gui.ui.curve_plot import Grid, ValueAxis
from resnet_gui.ui.theme import LIGHT, Colors

AXIS_WIDTH = 52  # pixels; the same in all charts, so that lengths lie over each other
ROOM, LENGTH_ROOM = 20, 28  # pixels that a label takes on the axes of norms and of lengths
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6)  # between two labels of lengths
BAR = 0.8  # of a length's width
TITLES = ("Paths of each length, % of all", "Gradient that one such path brings (norm)", "Gradient that all carry, %")


class NormAxis(pg.AxisItem):
    """A logarithmic axis for few pixels: powers of ten, or both ends where there are no two of them."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[None, list[float]]]:
        """One level of ticks, as exponents."""
        every = max(1, math.ceil((maxVal - minVal) * ROOM / max(size, 1.0)))
        powers = [float(power) for power in range(math.ceil(minVal), math.floor(maxVal) + 1) if power % every == 0]
        room = 0.15 * (maxVal - minVal)
        return [(None, powers if len(powers) > 1 else [minVal + room, maxVal - room])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """The values themselves."""
        return [f"{10.0**value:.0e}" if value == round(value) else f"{10.0**value:.1e}" for value in values]


class LengthAxis(pg.AxisItem):
    """Whole numbers, as far as their labels do not collide."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[None, list[float]]]:
        """One level of ticks."""
        least = (maxVal - minVal) * LENGTH_ROOM / max(size, 1.0)
        step = next(step for step in STEPS if step >= least)
        return [(None, [float(value) for value in range(0, math.floor(maxVal) + 1, step)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Whole numbers."""
        return [f"{value:.0f}" for value in values]


class PathsCharts(pg.GraphicsLayoutWidget):
    """Shows one Paths. A length can be chosen by mouse or arrow keys.

    Signals: `chosen(int)`: the user chose this length.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("insidePathsCharts")
        self.setAccessibleName("Paths and gradient by length")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 250)
        self.setBackground(None)
        self.ci.setContentsMargins(0, 0, 4, 0)
        self.ci.layout.setVerticalSpacing(0)
        self._colors = LIGHT
        self._paths: Paths | None = None
        self.length = 0
        self._plots: list[pg.PlotItem] = []
        self._titles: list[pg.LabelItem] = []
        self._grids: list[Grid] = []
        self._lines: list[pg.InfiniteLine] = []
        for row, title in enumerate(TITLES):
            self._titles.append(self.addLabel(title, row=2 * row, col=0, justify="left"))
            self._add(row)
        self._bars = [pg.BarGraphItem(x=[], height=[], width=BAR) for _ in range(2)]
        self._marks = pg.ScatterPlotItem(size=5, pen=None)
        self._curve = pg.PlotCurveItem()
        for plot, items in zip(
            self._plots, ((self._bars[0],), (self._curve, self._marks), (self._bars[1],)), strict=True
        ):
            for item in items:
                plot.addItem(item)
        self._plots[-1].setLabel("bottom", "length: residual branches on the path")
        self.scene().sigMouseMoved.connect(self._point_at)

    def show_paths(self, paths: Paths) -> None:
        """Show these."""
        if self._paths is None or paths.blocks != self._paths.blocks:
            found = paths.effective
            self.length = paths.blocks // 2 if found is None else found[0]
        self._paths = paths
        lengths = np.arange(paths.blocks + 1)
        self._show_bars(self._bars[0], self._plots[0], 100 * np.exp(log_shares(paths.blocks)))
        self._show_bars(self._bars[1], self._plots[2], 100 * paths.carried)
        norms = paths.norms
        good = np.isfinite(norms) & (norms > 0)
        heights = np.log10(norms[good]) if good.any() else np.zeros(0)
        self._curve.setData(lengths[good].astype(float), heights)
        measured = good & (paths.counts > 0)
        self._marks.setData(lengths[measured].astype(float), np.log10(norms[measured]))
        low, high = (heights.min(), heights.max()) if len(heights) else (-1.0, 0.0)
        room = max(0.08 * (high - low), 0.15)
        self._plots[1].setYRange(low - room, high + room, padding=0)
        for plot in self._plots:
            plot.setXRange(-0.6, paths.blocks + 0.6, padding=0)
        self.choose(min(self.length, paths.blocks))

    def choose(self, length: int) -> None:
        """Mark this length."""
        self.length = length
        for line in self._lines:
            line.setPos(length)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for title, label in zip(TITLES, self._titles, strict=True):
            label.setText(title, color=colors.muted, size="8pt")
        for plot, grid, line in zip(self._plots, self._grids, self._lines, strict=True):
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(colors.border))
                axis.setTextPen(pg.mkPen(colors.muted))
                axis.label.setDefaultTextColor(QColor(colors.muted))
            grid.set_color(colors.raised)
            line.setPen(pg.mkPen(colors.muted, width=1, style=Qt.PenStyle.DashLine))
        self._curve.setPen(pg.mkPen(colors.muted, width=1))
        self._marks.setBrush(pg.mkBrush(colors.accent))
        if self._paths is not None:
            self.show_paths(self._paths)

    def sizeHint(self) -> QSize:
        """As small as it gets: it takes what room there is."""
        return self.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, first and last."""
        last = 0 if self._paths is None else self._paths.blocks
        steps = {Qt.Key.Key_Left: self.length - 1, Qt.Key.Key_Right: self.length + 1}
        wanted = (steps | {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}).get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(wanted, 0), last))

    def _add(self, row: int) -> None:
        axes = {"left": NormAxis("left") if row == 1 else ValueAxis("left"), "bottom": LengthAxis("bottom")}
        plot = self.addPlot(row=2 * row + 1, col=0, axisItems=axes)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.getViewBox().disableAutoRange()
        axes["left"].setWidth(AXIS_WIDTH)
        for axis in axes.values():
            axis.enableAutoSIPrefix(False)
        axes["bottom"].setStyle(showValues=row == len(TITLES) - 1)
        grid = Grid(axes["left"])
        line = pg.InfiniteLine(angle=90)
        for item in (grid, line):
            plot.addItem(item, ignoreBounds=True)
        self._plots.append(plot)
        self._grids.append(grid)
        self._lines.append(line)

    def _show_bars(self, bars: pg.BarGraphItem, plot: pg.PlotItem, heights: NDArray[np.float64]) -> None:
        colors, paths = self._colors, self._paths
        found = None if paths is None else paths.effective
        inside = [found is not None and found[0] <= length <= found[1] for length in range(len(heights))]
        brushes = [pg.mkBrush(colors.accent if effective else colors.border) for effective in inside]
        bars.setOpts(x=np.arange(len(heights)), height=heights, width=BAR, brushes=brushes, pen=pg.mkPen(None))
        plot.setYRange(0, 1.1 * max(float(heights.max(initial=0.0)), 1e-9), padding=0)

    def _point_at(self, place: QPointF) -> None:
        if self._paths is not None and any(plot.sceneBoundingRect().contains(place) for plot in self._plots):
            x = self._plots[0].getViewBox().mapSceneToView(place).x()
            self._choose(min(max(round(x), 0), self._paths.blocks))

    def _choose(self, length: int) -> None:
        if length != self.length:
            self.choose(length)
            self.chosen.emit(length)
