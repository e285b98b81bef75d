"""Loss and accuracy of every run while it is trained, overlaid in two plots."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QIcon, QPainter, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLayout, QLayoutItem, QPushButton, QVBoxLayout, QWidget

from resnet_gui.core.history import Curve, smoothed
from resnet_gui.core.run import Run
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REDRAW_MS = 33  # about 30 frames a second
SMOOTHING = 25  # steps
LOSS_FLOOR = 1e-6  # what a loss of 0 or less is drawn as on a logarithmic axis
FAINT = 0.28  # share of the run's colour in its raw curve, over the background
NAME_WIDTH = 150  # pixels of a run's name in the legend
MIN_TICK = 18  # pixels between two labels
HINT = "Press Train to see the loss fall"
WAITING = "Waiting for the first step…"

Floats = NDArray[np.float32] | NDArray[np.float64]


def thinned(values: Floats, first: int, last: int, size: int) -> tuple[Floats, Floats]:
    """Steps and values of `values[first:last]` with each bin of `size` values drawn as its lowest and highest.

    Bins begin at multiples of `size` after `first`; what is not finite is left out.
    """
    if size == 1:
        steps, drawn = np.arange(first + 1, last + 1, dtype=np.float64), values[first:last]
    else:
        starts = np.arange(first, last, size)
        steps = np.repeat(starts + (size + 1) / 2, 2)
        low, high = np.fmin.reduceat(values[:last], starts), np.fmax.reduceat(values[:last], starts)
        drawn = np.stack([low, high], axis=1).ravel()
    finite = np.isfinite(drawn)
    return (steps, drawn) if finite.all() else (steps[finite], drawn[finite])


def averaged(values: Floats, first: int, last: int, size: int) -> tuple[Floats, Floats]:
    """Steps and values of `values[first:last]` with each bin of `size` values drawn as its mean."""
    if size == 1:
        return thinned(values, first, last, 1)
    starts = np.arange(first, last, size)
    counts = np.diff(np.append(starts, last))
    drawn = np.add.reduceat(values[:last], starts, dtype=np.float64) / counts
    finite = np.isfinite(drawn)
    return (starts + (counts + 1) / 2)[finite], drawn[finite]


class _Line:
    """One quantity of one run in one plot: raw values faint, smoothed ones strong, validation as joined symbols."""

    def __init__(self, plot: pg.PlotItem, curve: Curve, scale: float) -> None:
        self.curve, self._scale = curve, scale
        self._smooth = Curve()
        self._key: tuple[object, ...] = ()
        self.lowest, self.highest, self.top = math.inf, -math.inf, -math.inf
        self.items = [pg.PlotCurveItem(), pg.PlotCurveItem(), pg.PlotDataItem(symbol="o", symbolSize=8)]
        for depth, item in enumerate(self.items):
            item.setZValue(depth)  # every run's raw values stay behind every run's smoothed ones
            plot.addItem(item, ignoreBounds=True)  # the view's ranges are set by CurvesView

    def set_color(self, color: str, background: str) -> None:
        """Draw in `color`; faint is mixed rather than transparent, which would be slow to paint."""
        own, other = QColor(color), QColor(background)
        mixed = [round(FAINT * a + (1 - FAINT) * b) for a, b in zip(own.getRgb()[:3], other.getRgb()[:3], strict=True)]
        raw, smooth, validation = self.items
        raw.setPen(pg.mkPen(QColor(*mixed), width=1))
        smooth.setPen(pg.mkPen(own, width=2))
        validation.setPen(pg.mkPen(own, width=1, style=Qt.PenStyle.DashLine))
        validation.setSymbolBrush(own)
        validation.setSymbolPen(pg.mkPen(other, width=1))

    def set_shown(self, shown: bool) -> None:
        """Show or hide the line."""
        for item in self.items:
            item.setVisible(shown)

    def draw(
        self, window: tuple[float, float], size: int, log: bool, validation: tuple[list[int], list[float]]
    ) -> None:
        """Bring the items up to date for the steps of `window`, in bins of `size` steps."""
        length = len(self.curve)
        first = max(0, math.floor(window[0] / size - 1) * size)
        last = min(length, math.ceil(window[1]) + size)
        key = (length, first, last, size, log, len(validation[0]))
        if key == self._key:
            return
        self._key = key
        self._extend_smooth()
        if first >= last:
            empty = np.zeros(0)
            raw = smooth = (empty, empty)
        else:
            raw = thinned(self.curve.values, first, last, size)
            # Wide lines cost by their corners: half as many as there are pixels look the same.
            steps, values = averaged(self._smooth.values, first, last, 2 * size if size > 1 else 1)
            # Each average stands in the middle of the steps that it is made of, not at their end.
            smooth = (steps - np.minimum(steps - 1, SMOOTHING - 1) / 2, values)
        marks = [(step, value) for step, value in zip(*validation, strict=True) if math.isfinite(value)]
        steps, values = np.array([m[0] for m in marks], float), np.array([m[1] for m in marks], float)
        self._measure(raw[1], smooth[1], values)
        self.items[0].setData(raw[0], self._display(raw[1], log))
        self.items[1].setData(smooth[0], self._display(smooth[1], log))
        self.items[2].setData(steps, self._display(values, log))

    def _display(self, values: Floats, log: bool) -> Floats:
        if log:
            return np.log10(np.maximum(values, LOSS_FLOOR))
        return values * self._scale if self._scale != 1 else values

    def _measure(self, raw: Floats, smooth: Floats, validation: Floats) -> None:
        """Note the range worth seeing: a diverging end must not flatten everything before it."""
        drawn = np.concatenate([raw, validation])
        self.lowest, self.highest, self.top = math.inf, -math.inf, -math.inf
        if len(drawn):
            self.lowest, self.highest = float(drawn.min()), float(drawn.max())
            self.top = float(np.percentile(drawn, 99.5))
        if len(smooth):
            self.top = max(min(self.top, 3 * float(smooth[0])), min(self.highest, float(smooth[0])))

    def _extend_smooth(self) -> None:
        """Smooth the new values alone; what is not finite stays a gap."""
        done, length = len(self._smooth), len(self.curve)
        if done == length:
            return
        start = max(0, done - SMOOTHING + 1)
        values = self.curve.values[start:]
        clean = np.where(np.isfinite(values), values, np.float32(np.nan))
        self._smooth.extend(smoothed(clean, SMOOTHING)[done - start :])


@dataclass
class _Shown:
    """A run on the screen."""

    run: Run
    color: int
    check: QCheckBox
    loss: _Line
    accuracy: _Line
    shown: bool = True

    @property
    def size(self) -> tuple[int, int, int]:
        """What grows while the run is trained."""
        return len(self.loss.curve), len(self.accuracy.curve), len(self.run.history.epochs)


class _ValueAxis(pg.AxisItem):
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


class _Grid(pg.GraphicsObject):
    """Horizontal lines at an axis' main ticks; pyqtgraph's own grid takes 20 ms to paint."""

    def __init__(self, axis: pg.AxisItem) -> None:
        super().__init__()
        self._axis = axis
        self._pen = QPen()
        self.setZValue(-100)

    def set_color(self, color: str) -> None:
        """Draw in `color`."""
        self._pen = pg.mkPen(color, width=1)
        self.update()

    def viewRangeChanged(self, *_: object) -> None:
        """Ticks move with the view."""
        self.prepareGeometryChange()

    def boundingRect(self) -> QRectF:
        """All that is in view."""
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view is not None else QRectF()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines."""
        area = self.boundingRect()
        painter.setPen(self._pen)
        low, high = self._axis.range
        for _, ticks in self._axis.tickValues(low, high, self._axis.height())[:1]:
            for tick in ticks:
                painter.drawLine(QPointF(area.left(), tick), QPointF(area.right(), tick))


class _Flow(QLayout):
    """Widgets in rows, wrapped like words."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append `item`."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at `index`."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at `index`."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows in `width` pixels."""
        return max((place.bottom() + 1 for _, place in self._places(QRect(0, 0, width, 0))), default=0)

    def sizeHint(self) -> QSize:
        """One row."""
        sizes = [item.sizeHint() for item in self._items]
        return QSize(sum(s.width() + 2 * SPACING for s in sizes), max((s.height() for s in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The largest item."""
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        for item, place in list(self._places(rect)):
            item.setGeometry(place)

    def _places(self, rect: QRect) -> Iterator[tuple[QLayoutItem, QRect]]:
        x, y, row = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.x() + rect.width():
                x, y, row = rect.x(), y + row + SPACING // 2, 0
            yield item, QRect(QPoint(x, y), size)
            x += size.width() + 2 * SPACING
            row = max(row, size.height())


class CurvesView(QWidget):
    """Two plots over training steps, loss above accuracy, with every run in its own colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesView")
        self.setAccessibleName("Training curves")
        self._colors = LIGHT
        self._runs: dict[str, _Shown] = {}
        self._drawn: tuple[object, ...] | None = None  # what the screen shows: sizes, ranges; None if out of date
        self._following = True  # the view grows with the runs until the user zooms or drags

        self._legend = QWidget(self)
        self._legend.setObjectName("curvesLegend")
        self._flow = _Flow()
        self._legend.setLayout(self._flow)
        policy = self._legend.sizePolicy()
        policy.setHeightForWidth(True)
        self._legend.setSizePolicy(policy)
        self._log_check = QCheckBox("Log loss", self)
        self._log_check.setObjectName("logYCheck")
        self._log_check.setAccessibleName("Logarithmic loss axis")
        self._log_check.setToolTip("Draw the loss on a logarithmic axis, where small losses can be told apart.")
        self._log_check.toggled.connect(self._set_log)
        self._fit_button = QPushButton("Fit view", self)
        self._fit_button.setObjectName("fitButton")
        self._fit_button.setAccessibleName("Fit the view to the curves")
        self._fit_button.setToolTip("Show all curves, and follow them while they grow.")
        self._fit_button.clicked.connect(self.fit)

        self._log_check.setMinimumHeight(self._fit_button.sizeHint().height())
        self._plots = pg.GraphicsLayoutWidget(self)
        self._plots.ci.setContentsMargins(0, SPACING, 2 * SPACING, 0)
        self._plots.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self._plots.setAccessibleName("Plots of loss and accuracy")
        self._plots.setMinimumSize(160, 160)
        self._grids: list[_Grid] = []
        self._loss = self._plot(0, "Loss")
        self._accuracy = self._plot(1, "Accuracy (%)")
        self._accuracy.setXLink(self._loss)
        self._loss.getAxis("bottom").setStyle(showValues=False)
        self._accuracy.setLabel("bottom", "Training step")
        self._crosshairs = [pg.InfiniteLine(angle=90) for _ in range(2)]
        for plot, line in zip((self._loss, self._accuracy), self._crosshairs, strict=True):
            plot.addItem(line, ignoreBounds=True)
            line.setZValue(100)
            line.hide()
        self._plots.scene().sigMouseMoved.connect(self._point_at)
        self._plots.viewport().installEventFilter(self)
        self._readout = QLabel(self._plots)
        self._readout.setObjectName("crosshairLabel")
        self._readout.setTextFormat(Qt.TextFormat.RichText)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._hint = QLabel(HINT, self._plots)
        self._hint.setObjectName("curvesHint")
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

        bar = QHBoxLayout()
        bar.setSpacing(SPACING)
        bar.addWidget(self._legend, 1)
        bar.addWidget(self._log_check, 0, Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self._fit_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(bar)
        layout.addWidget(self._plots, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self.set_colors(self._colors)
        self.fit()

    def add_run(self, run: Run, name: str, color: int) -> None:
        """Show `run`, whose history may still grow, as `name` in the colour with the index `color`."""
        if run.id in self._runs:
            return
        check = QCheckBox(self._legend)
        check.setChecked(True)
        check.toggled.connect(lambda on: self._toggle(run.id, on))
        check.setProperty("name", name)
        check.setText(QFontMetrics(check.font()).elidedText(name, Qt.TextElideMode.ElideRight, NAME_WIDTH))
        check.setAccessibleName(f"Show the curves of {name}")
        recipe, architecture = run.experiment.recipe, run.experiment.architecture
        check.setToolTip(
            f"{name}: {architecture.stages} × {architecture.blocks} blocks, {architecture.shortcut} shortcut, "
            f"{recipe.optimizer} at {recipe.learning_rate:g}, batch {recipe.batch_size}, seed {recipe.seed}"
        )
        check.setMinimumHeight(self._fit_button.sizeHint().height())
        self._flow.addWidget(check)
        check.show()
        history = run.history
        self._runs[run.id] = _Shown(
            run, color, check, _Line(self._loss, history.loss, 1), _Line(self._accuracy, history.accuracy, 100)
        )
        self._restyle()

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self._colors = colors
        self._plots.setBackground(colors.surface)
        for plot in (self._loss, self._accuracy):
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(colors.border))
                axis.setTextPen(pg.mkPen(colors.muted))
                axis.label.setDefaultTextColor(QColor(colors.muted))
        for line in self._crosshairs:
            line.setPen(pg.mkPen(colors.muted, width=1))
        for grid in self._grids:
            grid.set_color(colors.raised)
        self._readout.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 4px; padding: 4px;"
        )
        self._hint.setStyleSheet(f"background: transparent; color: {colors.muted}; font-size: 15px;")
        self._restyle()

    def fit(self) -> None:
        """Show all curves, and follow them while they grow."""
        self._following = True
        self._drawn = None
        self.redraw()

    def redraw(self) -> None:
        """Bring the plots up to date if a run grew or the view changed; cheap if not."""
        view = self._loss.getViewBox()
        sizes = tuple((shown.size, shown.shown) for shown in self._runs.values())
        low, high = view.viewRange()[0]
        state = (sizes, low, high, view.width(), self._log_check.isChecked())
        if state == self._drawn:
            return
        longest = max((s.size[0] for s in self._runs.values() if s.shown), default=0)
        if self._following:
            low, high = 0.0, max(10.0, float(longest))
            view.setXRange(low, high, padding=0.015)
        # Bins are powers of two: a curve that grows a little need not be thinned again.
        size = 2 ** max(0, math.ceil(math.log2(max(high - low, 1.0) / max(view.width(), 100.0))))
        for shown in self._runs.values():
            if shown.shown:
                steps, losses, accuracies = shown.run.history.validation
                shown.loss.draw((low, high), size, self._log_check.isChecked(), (steps, losses))
                shown.accuracy.draw((low, high), size, False, (steps, accuracies))
        if self._following:
            self._fit_heights()
        self._show_hint()
        self._drawn = (sizes, *view.viewRange()[0], view.width(), self._log_check.isChecked())

    def showEvent(self, event: QShowEvent) -> None:
        """Redraw only while there is somebody to see it."""
        super().showEvent(event)
        self.redraw()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop redrawing."""
        super().hideEvent(event)
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the hint in the middle, and hide the crosshair where the pointer leaves."""
        if event.type() == QEvent.Type.Resize:
            self._place_hint()
        elif event.type() == QEvent.Type.Leave:
            self._hide_crosshair()
        return super().eventFilter(watched, event)

    def _plot(self, row: int, title: str) -> pg.PlotItem:
        plot = self._plots.addPlot(row=row, col=0, axisItems={"left": _ValueAxis("left")})
        plot.setMenuEnabled(False)  # its export dialog writes incomplete files
        plot.hideButtons()
        plot.setLabel("left", title)
        plot.getAxis("left").setWidth(58)  # the same in both plots, so that steps lie over each other
        for name in ("left", "bottom"):
            plot.getAxis(name).enableAutoSIPrefix(False)
        grid = _Grid(plot.getAxis("left"))
        plot.addItem(grid, ignoreBounds=True)
        self._grids.append(grid)
        view = plot.getViewBox()
        view.disableAutoRange()
        view.setLimits(minXRange=4, minYRange=1e-4)
        view.sigRangeChangedManually.connect(self._stop_following)
        return plot

    def _fit_heights(self) -> None:
        shown = [s for s in self._runs.values() if s.shown]
        losses = [s.loss for s in shown if math.isfinite(s.loss.top)]
        if self._log_check.isChecked():
            low = math.log10(max(min((line.lowest for line in losses), default=0.01), LOSS_FLOOR))
            high = math.log10(max(max((line.top for line in losses), default=3.0), 10 * LOSS_FLOOR))
            self._loss.setYRange(low, max(high, low + 0.5), padding=0.05)
        else:
            self._loss.setYRange(0, max((line.top for line in losses), default=2.5) or 1.0, padding=0.05)
        lowest = min((s.accuracy.lowest for s in shown if math.isfinite(s.accuracy.lowest)), default=0.0)
        self._accuracy.setYRange(min(95.0, 100 * max(lowest, 0.0)), 100, padding=0.05)

    def _restyle(self) -> None:
        """Give every run its colour, in the plots and in the legend."""
        for shown in self._runs.values():
            color = self._colors.runs[shown.color % len(self._colors.runs)]
            for line in (shown.loss, shown.accuracy):
                line.set_color(color, self._colors.surface)
                line.set_shown(shown.shown)
            shown.check.setIcon(_swatch(color, self.devicePixelRatioF()))
        self._drawn = None
        self._show_hint()

    def _show_hint(self) -> None:
        self._hint.setText(WAITING if any(shown.run.state.active for shown in self._runs.values()) else HINT)
        self._place_hint()
        self._hint.setVisible(not any(any(shown.size) for shown in self._runs.values()))

    def _place_hint(self) -> None:
        """In the middle of the upper plot."""
        self._hint.setGeometry(self._plots.mapFromScene(self._loss.getViewBox().sceneBoundingRect()).boundingRect())

    def _toggle(self, run_id: str, on: bool) -> None:
        self._runs[run_id].shown = on
        self._restyle()

    def _set_log(self, on: bool) -> None:
        self._loss.getAxis("left").setLogMode(y=on)
        self.fit()

    def _stop_following(self) -> None:
        self._following = False

    def _point_at(self, place: QPointF) -> None:
        """Put the crosshair at the step under the pointer and read every shown run there."""
        plot = next(
            (p for p in (self._loss, self._accuracy) if p.getViewBox().sceneBoundingRect().contains(place)), None
        )
        if plot is None:
            self._hide_crosshair()
            return
        step = round(plot.getViewBox().mapSceneToView(place).x())
        rows = []
        for shown in self._runs.values():
            if shown.shown and 1 <= step <= min(shown.size[:2]):
                color = self._colors.runs[shown.color % len(self._colors.runs)]
                name = shown.check.property("name")
                loss, accuracy = shown.loss.curve.values[step - 1], shown.accuracy.curve.values[step - 1]
                rows.append(
                    f"<tr><td style='color:{color}'>■&nbsp;</td><td>{name}&nbsp;&nbsp;</td>"
                    f"<td align='right'>loss {loss:.4g}&nbsp;&nbsp;</td><td align='right'>{accuracy:.1%}</td></tr>"
                )
        if not rows:
            self._hide_crosshair()
            return
        for line in self._crosshairs:
            line.setPos(step)
            line.show()
        self._readout.setText(f"<b>Step {step:,}</b><table cellspacing='0'>{''.join(rows)}</table>")
        self._readout.adjustSize()
        spot = self._plots.mapFromScene(place)
        right = spot.x() + 2 * SPACING + self._readout.width() < self._plots.width()
        x = spot.x() + 2 * SPACING if right else spot.x() - 2 * SPACING - self._readout.width()
        y = min(max(0, spot.y() - self._readout.height() // 2), max(0, self._plots.height() - self._readout.height()))
        self._readout.move(max(0, x), y)
        self._readout.show()

    def _hide_crosshair(self) -> None:
        self._readout.hide()
        for line in self._crosshairs:
            line.hide()


def _swatch(color: str, ratio: float) -> QIcon:
    """A dot in `color`, for a screen with `ratio` pixels per pixel."""
    side = 12
    pixels = QPixmap(round(side * ratio), round(side * ratio))
    pixels.setDevicePixelRatio(ratio)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(color))
    painter.drawEllipse(1, 1, side - 2, side - 2)
    painter.end()
    return QIcon(pixels)
