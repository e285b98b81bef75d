"""Loss and accuracy of the compared runs, overlaid in two plots, while they are trained and after."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import CurveOptions, Quantity, Split
from resnet_gui.core.window import Window
from resnet_gui.ui.curve_plot import CurvePlot
from resnet_gui.ui.curve_ranges import steps_in_view, values_in_view
from resnet_gui.ui.curve_set import CurveSet, Drawn, title_at
from resnet_gui.ui.curves_bar import CurvesBar
from resnet_gui.ui.curves_legend import CurvesLegend, Key
from resnet_gui.ui.curves_readout import CurvesReadout
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REDRAW_MS = 33  # about 30 frames a second
PLOT_HEIGHT, LABELS_HEIGHT = 120, 36  # pixels: of a plot that has little room, and of the labels below the lowest
MOST_RAW = 12  # curves that are drawn over their raw values; of more one would see noise alone
MOST_THICK = 20  # curves that are drawn with thick lines
MOST_NAMES, NAMES_SHARE = 3, 200  # rows of names, and the height in pixels that allows each
REACH = 8  # pixels between a click and the curve that it means
HINT = "Press Train to see the loss fall, or tick runs below to compare them"
WAITING = "Waiting for the first step…"


class CurvesView(QWidget):
    """Plots over steps, epochs, images or seconds, one above the other, with every run in its own colour.

    Signals:
        run_clicked(str): the curve of this run was clicked, in a plot or in the legend.
        options_changed(CurveOptions): the user chose something.
    """

    run_clicked = Signal(str)
    options_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesView")
        self.setAccessibleName("Training curves")
        self.colors = LIGHT
        self._set = CurveSet()
        self._curves: list[Drawn] = []
        self._selected = ""
        self._drawn: tuple[object, ...] | None = None  # what the screen shows: sizes, ranges; None if out of date
        self._following = True  # the view grows with the runs until the user zooms or drags
        self._pressed: QPointF | None = None

        self.bar = CurvesBar(self)
        self.bar.options_changed.connect(self._take_options)
        self.bar.fit_wanted.connect(self.fit)
        self.legend = CurvesLegend(self)
        self.legend.clicked.connect(self.run_clicked)
        self.canvas = pg.GraphicsLayoutWidget(self)
        self.canvas.ci.setContentsMargins(0, SPACING, 2 * SPACING, 0)
        self.canvas.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self.canvas.setCacheMode(pg.GraphicsLayoutWidget.CacheModeFlag.CacheNone)  # of one colour
        self.canvas.setAccessibleName("Plots of loss and accuracy")
        self.canvas.setMinimumSize(160, 160)
        self._all_plots = CurvePlot(Quantity.LOSS), CurvePlot(Quantity.ACCURACY)
        self.plots: tuple[CurvePlot, ...] = ()  # those that are shown, from top to bottom
        for plot in self._all_plots:
            plot.getViewBox().sigRangeChangedManually.connect(self._stop_following)
        self.canvas.scene().sigMouseMoved.connect(self._point_at)
        self.canvas.viewport().installEventFilter(self)
        self._readout = CurvesReadout(self.canvas)
        self._hint = QLabel(HINT, self.canvas)
        self._hint.setObjectName("curvesHint")
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.bar)
        layout.addWidget(self.legend)
        layout.addWidget(self.canvas, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self.set_colors(self.colors)
        self._arrange()

    @property
    def options(self) -> CurveOptions:
        """What is shown, and how: one value that a window can remember."""
        return self.bar.options

    def set_options(self, options: CurveOptions) -> None:
        """Show this, this way, without reporting it."""
        if options != self.bar.options:
            self.bar.set_options(options)
            self._arrange()
            self.fit()

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the curves are called, and their colours."""
        return tuple(curve.key for curve in self._curves)

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Compare these runs, whose histories may still grow, and no others."""
        self._set.show(entries)
        self._arrange()
        if self.isVisible():
            self.redraw()

    def run_changed(self, run_id: str) -> None:
        """Nothing at once: the view looks at its runs about 30 times a second, as long as it is seen."""

    def select(self, run_id: str) -> None:
        """Draw this run's curve stronger and the others fainter; an unknown id selects none."""
        if run_id != self._selected:
            self._selected = run_id
            self._restyle()

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self.colors = colors
        self.canvas.setBackground(colors.surface)
        for plot in self._all_plots:
            plot.set_colors(colors)
        self._hide_crosshair()
        self._readout.set_colors(colors)
        self.legend.set_colors(colors)
        self._hint.setStyleSheet(f"background: transparent; color: {colors.muted}; font-size: 15px;")
        self._arrange()
        self.redraw()

    def fit(self) -> None:
        """Show all curves, and follow them while they grow."""
        self._following = True
        self._drawn = None
        self.redraw()

    def redraw(self) -> None:
        """Bring the plots up to date if a run grew or the view changed; cheap if not."""
        view = self.plots[0].getViewBox()
        growing = any(curve.active for curve in self._curves)
        wanted = (tuple(curve.size for curve in self._curves), growing, view.width(), self.options)
        if (*wanted, *view.viewRange()[0]) == self._drawn:
            return
        if self._following:
            low, high = steps_in_view(
                [(curve.ruler, curve.lines[0].series) for curve in self._curves], self.options, growing
            )
            view.setXRange(low, high, padding=0.015)
        window = Window(*view.viewRange()[0], max(view.width(), 100.0))
        few = len(self._curves) <= MOST_RAW
        pieces = [curve.pieces(window, self.options) for curve in self._curves]
        for row, plot in enumerate(self.plots):
            changed = float("inf")
            for curve, parts in zip(self._curves, pieces, strict=True):
                line = curve.lines[row]
                changed = min(changed, line.series.update(parts, curve.ruler, self.options, few or line.selected))
            plot.lines.update_from(changed)
            if self._drawn is None:
                plot.lines.update()
            if self._following:
                self._fit_height(plot, row)
        self._show_hint()
        self._drawn = (*wanted, *view.viewRange()[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the names of the curves take less of it."""
        super().resizeEvent(event)
        self.legend.set_rows(max(1, min(MOST_NAMES, self.height() // NAMES_SHARE)))

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
        """Keep the hint in the middle, hide the crosshair where the pointer leaves, and tell clicks from drags."""
        if event.type() == QEvent.Type.Resize:
            self._place_hint()
        elif event.type() == QEvent.Type.Leave:
            self._hide_crosshair()
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                moved = (event.position() - self._pressed).manhattanLength()
                self._pressed = None
                if moved < QApplication.startDragDistance():
                    self._click(event.position().toPoint())
        return super().eventFilter(watched, event)

    def _take_options(self, options: CurveOptions) -> None:
        self._arrange()
        self.fit()
        self.options_changed.emit(options)

    def _arrange(self) -> None:
        """Make the curves anew, of what is known of the runs, and put them into their plots."""
        self._hide_crosshair()
        options = self.options
        quantities = options.plots.quantities
        if len(self.plots) != len(quantities):
            self._place_plots(len(quantities))
        for plot, quantity in zip(self.plots, quantities, strict=True):
            plot.set_options(quantity, options, plot is self.plots[-1])
        self._curves = self._set.curves(options, self.colors)
        for row, plot in enumerate(self.plots):
            plot.lines.lines = [curve.lines[row] for curve in self._curves]
        self.bar.offer_seeds(self._set.has_seeds)
        self._restyle()

    def _place_plots(self, count: int) -> None:
        for plot in self.plots:
            self.canvas.removeItem(plot)
        self.plots = self._all_plots[:count]
        for row, plot in enumerate(self.plots):
            self.canvas.addItem(plot, row=row, col=0)
            plot.setXLink(self.plots[0] if row else None)
            lowest = LABELS_HEIGHT if row == count - 1 else 0
            self.canvas.ci.layout.setRowPreferredHeight(row, PLOT_HEIGHT + lowest)
            self.canvas.ci.layout.setRowStretchFactor(row, 1)

    def _restyle(self) -> None:
        """Give every curve its colour, and the selected one its strength."""
        chosen = next((c for c in self._curves if any(run.id == self._selected for run in c.runs)), None)
        for curve in self._curves:
            for line in curve.lines:
                line.set_color(
                    curve.key.color,
                    self.colors.surface,
                    self.devicePixelRatioF(),
                    selected=curve is chosen,
                    aside=chosen is not None and curve is not chosen,
                    thin=len(self._curves) > MOST_THICK,
                )
        self.legend.show_keys(self.keys)
        self.legend.select(chosen.key.run_id if chosen is not None else "")
        self._drawn = None

    def _fit_height(self, plot: CurvePlot, row: int) -> None:
        """Show all values; while curves grow only if that makes a difference, for all is painted then."""
        low, high = values_in_view([curve.lines[row].series for curve in self._curves], plot.quantity, self.options)
        now = plot.getViewBox().viewRange()[1]
        if self._drawn is None or max(abs(low - now[0]), abs(high - now[1])) > 0.023 * (high - low):
            plot.setYRange(low, high, padding=0)

    def _show_hint(self) -> None:
        runs = self._set.runs
        self._hint.setText(WAITING if any(run.state.active for run in runs) else HINT)
        self._place_hint()
        self._hint.setVisible(not any(run.step or run.history.epochs for run in runs))

    def _place_hint(self) -> None:
        """In the middle of the upper plot."""
        if self.plots:
            area = self.plots[0].getViewBox().sceneBoundingRect()
            self._hint.setGeometry(self.canvas.mapFromScene(area).boundingRect())

    def _stop_following(self) -> None:
        self._following = False

    def _plot_at(self, place: QPointF) -> int | None:
        """Which plot is there."""
        inside = (row for row, p in enumerate(self.plots) if p.getViewBox().sceneBoundingRect().contains(place))
        return next(inside, None)

    def _point_at(self, scene: QPointF) -> None:
        """Put the crosshair under the pointer and read every curve there."""
        row = self._plot_at(scene)
        if row is None:
            self._hide_crosshair()
            return
        place = self.plots[row].getViewBox().mapSceneToView(scene)
        said = [curve.read(place, row, self.options) for curve in self._curves]
        rows = [each for each in said if each is not None]
        if not rows:
            self._hide_crosshair()
            return
        for plot in self.plots:
            plot.crosshair.setPos(place.x())
            plot.crosshair.show()
        title = title_at(place.x(), self._curves, self.options)
        if self.options.split is Split.BOTH and any("(" in cell for row in rows for cell in row.cells):
            title += ", validation in brackets"
        columns = [quantity.label for quantity in self.options.plots.quantities]
        self._readout.show_rows(title, columns, rows, self.canvas.mapFromScene(scene))

    def _hide_crosshair(self) -> None:
        self._readout.hide()
        for plot in self._all_plots:
            plot.crosshair.hide()

    def _click(self, spot: QPoint) -> None:
        """Report the curve at `spot`, in pixels of the plots."""
        scene = self.canvas.mapToScene(spot)
        row = self._plot_at(scene)
        if row is None:
            return
        plot = self.plots[row]
        pixels = plot.lines.sceneTransform()
        found = [
            (*curve.lines[row].distance(scene, pixels, REACH), number) for number, curve in enumerate(self._curves)
        ]
        distance, _, number = min(found, default=(float("inf"), 0.0, 0))
        if distance > REACH:
            return
        place = plot.getViewBox().mapSceneToView(scene)
        self.run_clicked.emit(self._curves[number].nearest(place, row).id)
