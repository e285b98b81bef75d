"""The depth chart: what depth does to plain and to residual networks, from the runs that are compared."""

from collections import Counter
from collections.abc import Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.depth_chart import FIGURES, DepthChart, Figure, Point, Series, XAxis, depth_chart
from resnet_gui.core.depth_words import summary
from resnet_gui.ui.depth_colors import color_of
from resnet_gui.ui.depth_help import DepthHelp
from resnet_gui.ui.depth_legend import DepthLegend
from resnet_gui.ui.depth_plot import DepthPlot, Look, Mark, MarkedLine
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REDRAW_MS = 200  # five times a second: points move little, and every redraw reads all runs
REACH = 14.0  # pixels from a mark within which it is meant
STILL = 4  # pixels that the pointer may move between press and release of a click
MOST_RUNS = 6  # of a point, in its readout
HINT = "Train plain and residual networks of several depths, or press Sweep…, and tick them below."
AXIS_TITLES = {XAxis.LAYERS: "Depth (weighted layers)", XAxis.BLOCKS: "Residual blocks per stage"}
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class DepthView(QWidget):
    """A chart over depth with a line for each kind of network, and a sentence that says what is seen.

    Signals:
        run_clicked(str): the id of the best run of a point that was clicked, or chosen with Return.
    """

    run_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("depthView")
        self.setAccessibleName("Depth chart")
        self._colors = LIGHT
        self._entries: tuple[Entry, ...] = ()
        self._chart: DepthChart | None = None
        self._stale = True
        self._pressed: QPoint | None = None

        self._figure_combo = self._combo("depthFigureCombo", "Figure", "What is shown of each run.")
        for name, figure in FIGURES.items():
            self._figure_combo.addItem(f"{figure.name[0].upper()}{figure.name[1:]}", name)
            tip = Qt.ItemDataRole.ToolTipRole
            self._figure_combo.setItemData(self._figure_combo.count() - 1, figure.help, tip)
        self._axis_combo = self._combo("depthAxisCombo", "Depth in", "What depth is counted in.")
        for axis in XAxis:
            self._axis_combo.addItem(f"{axis[0].upper()}{axis[1:]}", axis)
        self._log_check = QCheckBox("Log scale", self)
        self._log_check.setObjectName("depthLogCheck")
        self._log_check.setAccessibleName("Logarithmic value axis")
        self._log_check.setToolTip("Draw the figure on a logarithmic axis, where small values can be told apart.")
        self._log_check.toggled.connect(self._draw_anew)
        self._help_button = QToolButton(self)
        self._help_button.setObjectName("depthHelpButton")
        self._help_button.setText("?")
        self._help_button.setCheckable(True)
        self._help_button.setAccessibleName("What the papers measured")
        self._help_button.setToolTip("Show the curves of the papers, and what the bars mean.")
        self._help_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.help = DepthHelp(self)
        self.help.hide()
        self._help_button.toggled.connect(self.help.setVisible)
        self._legend = DepthLegend(self)
        self._make_plot()
        self._summary = self._label("depthSummary", "What the chart shows")
        self._notes = self._label("depthNotes", "What the chart leaves out")
        self._notes.setProperty("role", "muted")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self._figure_combo.currentIndexChanged.connect(self._draw_anew)
        self._axis_combo.currentIndexChanged.connect(self._draw_anew)
        self.set_colors(self._colors)

    @property
    def figure(self) -> Figure:
        """What is shown of each run."""
        return FIGURES[self._figure_combo.currentData()]

    @property
    def axis(self) -> XAxis:
        """What depth is counted in."""
        return XAxis(self._axis_combo.currentData())

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Compare these runs, and no others, from now on."""
        self._entries = tuple(entries)
        self._stale = True
        if self.isVisible():
            self.redraw()

    def run_changed(self, run_id: str) -> None:
        """Look at the runs again the next time that is due; unknown ids are ignored."""
        self._stale = self._stale or any(entry.run.id == run_id for entry in self._entries)

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self._colors = colors
        self._view.setBackground(colors.surface)
        self._plot.set_colors(colors)
        self.help.set_colors(colors)
        self._readout.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 4px; padding: 4px;"
        )
        self._hint.setStyleSheet(f"background: transparent; color: {colors.muted}; font-size: 15px;")
        self._draw_anew()

    def redraw(self) -> None:
        """Bring the chart up to date if a run changed; cheap if not."""
        if not self._stale:
            return
        self._stale = False
        chart = depth_chart(self._entries, self.figure)
        if chart == self._chart:
            return
        chosen = self._chosen()
        self._chart = chart
        looks = self._looks(chart.series)
        lines = [
            MarkedLine(look, tuple(self._mark(point) for point in series.points))
            for look, series in zip(looks, chart.series, strict=True)
        ]
        self._plot.show_lines(lines, self._log_check.isChecked(), from_zero=not chart.figure.higher_is_better)
        self._plot.setLabel("left", chart.figure.title)
        self._plot.setLabel("bottom", AXIS_TITLES[self.axis])
        self._legend.show_lines(list(zip(looks, (series.label for series in chart.series), strict=True)), self._colors)
        text = summary(chart, self.axis)
        self._summary.setText(text)
        self._summary.setVisible(bool(text))
        self._notes.setText(" ".join(chart.notes))
        self._notes.setVisible(bool(chart.notes) and bool(chart.series))
        self._view.setAccessibleDescription(" ".join((text, *chart.notes)) or HINT)
        self._hint.setText(" ".join(chart.notes) or HINT)
        self._hint.setVisible(not chart.series)
        self._place_hint()
        self._choose_again(chosen)

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
        """Pointer and keys on the chart."""
        match event.type():
            case QEvent.Type.Resize:
                self._place_hint()
            case QEvent.Type.MouseMove:
                self._point_at(event.position().toPoint())
            case QEvent.Type.MouseButtonPress if event.button() is Qt.MouseButton.LeftButton:
                self._pressed = event.position().toPoint()
            case QEvent.Type.MouseButtonRelease if event.button() is Qt.MouseButton.LeftButton:
                self._release_at(event.position().toPoint())
            case QEvent.Type.Leave | QEvent.Type.FocusOut:
                self._choose(None)
            case QEvent.Type.KeyPress if watched is self._view:
                return self._press_key(event)
        return super().eventFilter(watched, event)

    def _draw_anew(self) -> None:
        self._figure_combo.setToolTip(self.figure.help)
        self._chart, self._stale = None, True
        if self.isVisible():
            self.redraw()

    def _looks(self, series: Sequence[Series]) -> list[Look]:
        """A colour for each shortcut type, and a style for each line of a colour."""
        used: Counter[str] = Counter()
        looks = []
        for each in series:
            color = color_of(each.shortcut, self._colors)
            looks.append(Look(color, used[color]))
            used[color] += 1
        return looks

    def _mark(self, point: Point) -> Mark:
        hollow = not point.finished
        return Mark(point.x(self.axis), point.value, point.bar, hollow, cross=bool(point.diverged))

    def _chosen(self) -> tuple[Series, Point] | None:
        if self._chart is None or self._plot.marks.chosen is None:
            return None
        line, number = self._plot.marks.chosen
        return self._chart.series[line], self._chart.series[line].points[number]

    def _choose_again(self, before: tuple[Series, Point] | None) -> None:
        """Read the same point after a redraw."""
        self._plot.marks.chosen = None
        places = [
            (line, number)
            for line, series in enumerate(self._chart.series)
            for number, point in enumerate(series.points)
            if before is not None and (series.label, point.blocks) == (before[0].label, before[1].blocks)
        ]
        self._choose(places[0] if places else None)

    def _choose(self, chosen: tuple[int, int] | None) -> None:
        """Read this mark, or none."""
        if chosen is not None and chosen == self._plot.marks.chosen and self._readout.isVisible():
            return
        self._plot.choose(chosen)
        self._view.viewport().setCursor(
            Qt.CursorShape.ArrowCursor if chosen is None else Qt.CursorShape.PointingHandCursor
        )
        if chosen is None:
            self._readout.hide()
            return
        series, point = self._chosen()
        self._readout.setText(self._read(series, point))
        self._readout.adjustSize()
        spots = {(line, number): (place, line) for line, number, _, place in self._plot.marks.places()}
        spot = self._view.mapFromScene(self._plot.spot(*spots[chosen]))
        self._readout.move(self._beside(spot))
        self._readout.show()

    def _beside(self, spot: QPoint) -> QPoint:
        """Where the readout goes: to the right of `spot`, to the left, or where there is no room below or above."""
        gap, size, room = 2 * SPACING, self._readout.size(), self._view.size()
        y = max(0, min(spot.y() - size.height() // 2, room.height() - size.height()))
        if spot.x() + gap + size.width() < room.width():
            return QPoint(spot.x() + gap, y)
        if spot.x() - gap - size.width() >= 0:
            return QPoint(spot.x() - gap - size.width(), y)
        below = spot.y() + gap + size.height() < room.height()
        x = max(0, min(spot.x() - size.width() // 2, room.width() - size.width()))
        return QPoint(x, spot.y() + gap if below else max(0, spot.y() - gap - size.height()))

    def _read(self, series: Series, point: Point) -> str:
        """Depth, value, spread, seeds and runs of a point, as rich text."""
        figure = self.figure
        blocks = f"{point.blocks} block{'' if point.blocks == 1 else 's'} per stage"
        lines = [f"<b>{escape(series.label)}: {point.layers} layers</b> ({blocks})"]
        if point.value is not None:
            line = f"{figure.name} {figure.text(point.value)}"
            if point.deviation is not None:
                line += f" ± {figure.text(point.deviation)}, {len(point.seeds)} seeds"
            elif point.bar is not None:
                line += f" (95 %: {figure.text(point.bar.low)} to {figure.text(point.bar.high)}), one seed"
            lines.append(line)
        shown = [*point.entries, *point.diverged]
        for entry in shown[:MOST_RUNS]:
            value = None if entry in point.diverged else figure.value(entry.run)
            color = self._colors.runs[entry.color % len(self._colors.runs)]
            said = str(entry.run.state) if value is None else figure.text(value)
            if value is not None and not point.finished:
                said += f", {entry.run.state}"
            name = entry.name if len(entry.name) <= 40 else f"{entry.name[:39]}…"
            lines.append(f"<span style='color:{color}'>■</span> {escape(name)}: {said}")
        if len(shown) > MOST_RUNS:
            lines.append(f"and {len(shown) - MOST_RUNS} more")
        return "<br>".join(lines)

    def _point_at(self, place: QPoint) -> None:
        self._choose(self._plot.nearest(QPointF(self._view.mapToScene(place)), REACH))

    def _release_at(self, place: QPoint) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (place - pressed).manhattanLength() <= STILL:
            self._point_at(place)
            self._click()

    def _click(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.run_clicked.emit(chosen[1].best(self.figure).run.id)

    def _press_key(self, event: QKeyEvent) -> bool:
        """Arrows go from point to point, Return clicks, Escape puts the readout away; whether it was one of these."""
        series = self._chart.series if self._chart else ()
        key, chosen = event.key(), self._plot.marks.chosen
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._click()
        elif key == Qt.Key.Key_Escape and chosen is not None:
            self._choose(None)
        elif key in _STEPS and series:
            if chosen is None:
                self._choose((0, 0))
                return True
            line = min(max(chosen[0] + _STEPS[key][0], 0), len(series) - 1)
            number = min(max(chosen[1] + _STEPS[key][1], 0), len(series[line].points) - 1)
            if line != chosen[0]:  # the point of the other line that is nearest in depth
                depth = series[chosen[0]].points[chosen[1]].layers
                points = series[line].points
                number = min(range(len(points)), key=lambda index: abs(points[index].layers - depth))
            self._choose((line, number))
        else:
            return False
        return True

    def _make_plot(self) -> None:
        self._view = pg.GraphicsLayoutWidget(self)
        self._view.setObjectName("depthPlot")
        self._view.setAccessibleName("Chart over depth: arrow keys go from point to point, Return selects the run")
        self._view.ci.setContentsMargins(0, SPACING, 2 * SPACING, 0)
        self._view.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self._view.setMinimumSize(160, 140)
        self._plot = DepthPlot()
        self._view.addItem(self._plot)
        self._readout = QLabel(self._view)
        self._readout.setObjectName("depthReadout")
        self._readout.setTextFormat(Qt.TextFormat.RichText)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._hint = QLabel(HINT, self._view)
        self._hint.setObjectName("depthHint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view.viewport().installEventFilter(self)
        self._view.installEventFilter(self)

    def _combo(self, name: str, accessible_name: str, tip: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(accessible_name)
        combo.setToolTip(tip)
        return combo

    def _label(self, name: str, accessible_name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setAccessibleName(accessible_name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.hide()
        return label

    def _lay_out(self) -> None:
        controls = QWidget(self)
        flow = Flow()
        controls.setLayout(flow)
        policy = controls.sizePolicy()
        policy.setHeightForWidth(True)
        controls.setSizePolicy(policy)
        height = self._figure_combo.sizeHint().height()
        for widget in (self._figure_combo, self._axis_combo, self._log_check):
            widget.setMinimumHeight(height)
            flow.addWidget(widget)
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(controls, 1)
        top.addWidget(self._help_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self._legend)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._summary)
        layout.addWidget(self._notes)
        layout.addWidget(self.help)

    def _place_hint(self) -> None:
        """In the middle of the chart."""
        area = self._view.mapFromScene(self._plot.area()).boundingRect()
        self._hint.setGeometry(area.adjusted(2 * SPACING, 0, -2 * SPACING, 0))
