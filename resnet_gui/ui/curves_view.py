"""Loss and accuracy of every run while it is trained, overlaid in two plots."""

import math
from dataclasses import dataclass
from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QHideEvent, QIcon, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_gui.core.run import Run
from resnet_gui.ui.curve_lines import FLOOR, Line, dot
from resnet_gui.ui.curve_plot import CurvePlot
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REDRAW_MS = 33  # about 30 frames a second
NAME_WIDTH = 150  # pixels of a run's name in the legend
SWATCH = 12  # pixels across
MARGIN = 0.05  # share of a plot's height above and below the curves
HINT = "Press Train to see the loss fall"
WAITING = "Waiting for the first step…"


@dataclass
class _Shown:
    """A run on the screen."""

    run: Run
    color: int
    check: QCheckBox
    loss: Line
    accuracy: Line
    shown: bool = True

    @property
    def size(self) -> tuple[int, int, int]:
        """What grows while the run is trained."""
        return len(self.loss.curve), len(self.accuracy.curve), len(self.run.history.epochs)


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
        self._flow = Flow()
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
        self._loss, self._accuracy = CurvePlot("Loss"), CurvePlot("Accuracy (%)")
        for row, plot in enumerate((self._loss, self._accuracy)):
            self._plots.addItem(plot, row=row, col=0)
            plot.getViewBox().sigRangeChangedManually.connect(self._stop_following)
        self._accuracy.setXLink(self._loss)
        self._loss.getAxis("bottom").setStyle(showValues=False)
        self._accuracy.setLabel("bottom", "Training step")
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
        shown = _Shown(run, color, check, Line(history, "loss"), Line(history, "accuracy", 100))
        self._runs[run.id] = shown
        self._loss.add_line(shown.loss)
        self._accuracy.add_line(shown.accuracy)
        check.toggled.connect(partial(self._toggle, shown))
        self._restyle(shown)
        self._show_hint()

    def show_runs(self, entries) -> None:
        """Temporary."""
        for entry in entries:
            self.add_run(entry.run, entry.name, entry.color)
        wanted = {entry.run.id for entry in entries}
        for run_id, shown in self._runs.items():
            shown.check.setChecked(run_id in wanted)
            shown.check.setVisible(run_id in wanted)

    def run_changed(self, run_id: str) -> None:
        """Temporary."""

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self._colors = colors
        self._plots.setBackground(colors.surface)
        for plot in (self._loss, self._accuracy):
            plot.set_colors(colors)
        self._readout.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 4px; padding: 4px;"
        )
        self._hint.setStyleSheet(f"background: transparent; color: {colors.muted}; font-size: 15px;")
        for shown in self._runs.values():
            self._restyle(shown)
        self._show_hint()

    def fit(self) -> None:
        """Show all curves, and follow them while they grow."""
        self._following = True
        self._drawn = None
        self.redraw()

    def redraw(self) -> None:
        """Bring the plots up to date if a run grew or the view changed; cheap if not."""
        view = self._loss.getViewBox()
        runs = [shown for shown in self._runs.values() if shown.shown]
        growing = any(shown.run.state.active for shown in runs)
        wanted = (tuple(shown.size for shown in runs), growing, view.width(), self._log_check.isChecked())
        if (*wanted, *view.viewRange()[0]) == self._drawn:
            return
        low, high = view.viewRange()[0]
        if self._following:
            longest = max((shown.size[0] for shown in runs), default=0)
            low, high = 0.0, max(10.0, float(_roomy(longest) if growing else longest))
            view.setXRange(low, high, padding=0.015)
        for plot, log in ((self._loss, self._log_check.isChecked()), (self._accuracy, False)):
            plot.show_steps((low, high), log)
            if self._drawn is None:
                plot.update_lines()
        if self._following:
            self._fit_heights()
        self._show_hint()
        self._drawn = (*wanted, *view.viewRange()[0])

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

    def _fit_heights(self) -> None:
        shown = [s for s in self._runs.values() if s.shown]
        losses = [s.loss for s in shown if math.isfinite(s.loss.top)]
        if self._log_check.isChecked():
            low = math.log10(max(min((line.lowest for line in losses), default=0.01), FLOOR))
            high = math.log10(max(max((line.top for line in losses), default=3.0), 10 * FLOOR))
            self._set_height(self._loss, low, max(high, low + 0.5))
        else:
            self._set_height(self._loss, 0, max((line.top for line in losses), default=2.5) or 1.0)
        lowest = min((s.accuracy.lowest for s in shown if math.isfinite(s.accuracy.lowest)), default=0.0)
        self._set_height(self._accuracy, min(95.0, 100 * max(lowest, 0.0)), 100)

    def _set_height(self, plot: CurvePlot, low: float, high: float) -> None:
        """Show values from `low` to `high`; while curves grow only if that makes a difference, for all is painted."""
        room = MARGIN * (high - low)
        now = plot.getViewBox().viewRange()[1]
        if self._drawn is None or max(abs(low - room - now[0]), abs(high + room - now[1])) > room / 2:
            plot.setYRange(low - room, high + room, padding=0)

    def _restyle(self, shown: _Shown) -> None:
        """Give a run its colour, in the plots and in the legend."""
        color = self._colors.runs[shown.color % len(self._colors.runs)]
        for line in (shown.loss, shown.accuracy):
            line.set_color(color, self._colors.surface, self.devicePixelRatioF())
        shown.check.setIcon(QIcon(dot(color, self.devicePixelRatioF(), SWATCH)))
        self._drawn = None

    def _show_hint(self) -> None:
        self._hint.setText(WAITING if any(shown.run.state.active for shown in self._runs.values()) else HINT)
        self._place_hint()
        self._hint.setVisible(not any(any(shown.size) for shown in self._runs.values()))

    def _place_hint(self) -> None:
        """In the middle of the upper plot."""
        self._hint.setGeometry(self._plots.mapFromScene(self._loss.getViewBox().sceneBoundingRect()).boundingRect())

    def _toggle(self, shown: _Shown, on: bool) -> None:
        shown.shown = shown.loss.shown = shown.accuracy.shown = on
        self._drawn = None

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
        for each in (self._loss, self._accuracy):
            each.crosshair.setPos(step)
            each.crosshair.show()
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
        for plot in (self._loss, self._accuracy):
            plot.crosshair.hide()


def _roomy(steps: int) -> int:
    """`steps` rounded up by a few percent, so that the axis moves now and then, not with every step."""
    unit = 2 ** max(0, steps.bit_length() - 5)
    return math.ceil(steps / unit) * unit
