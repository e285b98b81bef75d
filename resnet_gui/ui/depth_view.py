"""The depth chart: what depth does to plain and to residual networks, from the runs that are compared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.depth_chart import FIGURES, DepthChart, Figure, Point, XAxis, depth_chart
from resnet_gui.core.depth_words import summary
from resnet_gui.ui.curves_legend import Key
from resnet_gui.ui.depth_help import DepthHelp
from resnet_gui.ui.depth_legend import DepthLegend
from resnet_gui.ui.depth_picture import DepthPicture
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REDRAW_MS = 200  # five times a second: points move little, and every redraw reads all runs
HINT = "Train plain and residual networks of several depths, or press Sweep…, and tick them below."


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
        self.colors = LIGHT
        self._entries: tuple[Entry, ...] = ()
        self._chart: DepthChart | None = None  # what is drawn; None if another picture of it is wanted
        self._stale = True
        self._figure_combo = self._combo("depthFigureCombo", "Figure", "What is shown of each run.")
        for name, figure in FIGURES.items():
            self._figure_combo.addItem(_capital(figure.name), name)
            self._figure_combo.setItemData(self._figure_combo.count() - 1, figure.help, Qt.ItemDataRole.ToolTipRole)
        self._axis_combo = self._combo("depthAxisCombo", "Depth in", "What depth is counted in.")
        for axis in XAxis:
            self._axis_combo.addItem(_capital(axis), axis)
        self._log_check = QCheckBox("Log scale", self)
        self._log_check.setObjectName("depthLogCheck")
        self._log_check.setAccessibleName("Logarithmic value axis")
        self._log_check.setToolTip("Draw the figure on a logarithmic axis, where small values can be told apart.")
        self._help_button = QToolButton(self)
        self._help_button.setObjectName("depthHelpButton")
        self._help_button.setText("?")
        self._help_button.setCheckable(True)
        self._help_button.setAccessibleName("What the papers measured")
        self._help_button.setToolTip("Show the curves of the papers, and what the bars mean.")
        self._help_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.help = DepthHelp(self)
        self.help.hide()
        self._legend = DepthLegend(self)
        self.canvas = DepthPicture(self)
        self._summary = self._label("depthSummary", "What the chart shows")
        self._notes = self._label("depthNotes", "What the chart leaves out")
        self._notes.setProperty("role", "muted")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self._figure_combo.currentIndexChanged.connect(self._draw_anew)
        self._axis_combo.currentIndexChanged.connect(self._draw_anew)
        self._log_check.toggled.connect(self._draw_anew)
        self._help_button.toggled.connect(self.help.setVisible)
        self.canvas.point_clicked.connect(self._take_click)
        self.set_colors(self.colors)

    @property
    def figure(self) -> Figure:
        """What is shown of each run."""
        return FIGURES[self._figure_combo.currentData()]

    @property
    def axis(self) -> XAxis:
        """What depth is counted in."""
        return XAxis(self._axis_combo.currentData())

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the lines are called, and their colours."""
        series = self._chart.series if self._chart is not None else ()
        looks = self.canvas.looks(series)
        return tuple(Key("", each.label, look.pen.color().name()) for each, look in zip(series, looks, strict=True))

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
        self.colors = colors
        self.canvas.set_colors(colors)
        self.help.set_colors(colors)
        self._draw_anew()

    def redraw(self) -> None:
        """Bring the chart up to date if a run changed; cheap if not."""
        if not self._stale:
            return
        self._stale = False
        chart = depth_chart(self._entries, self.figure)
        if chart == self._chart:
            return
        self._chart = chart
        text, notes = summary(chart, self.axis), " ".join(chart.notes)
        self._summary.setText(text.replace(" %", "\N{NO-BREAK SPACE}%"))
        self._summary.setVisible(bool(text))
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes and chart.series))
        labels = [series.label for series in chart.series]
        looks = self.canvas.looks(chart.series)
        self._legend.show_lines(list(zip(looks, labels, strict=True)), self.colors)
        self.canvas.show_chart(chart, self.axis, self._log_check.isChecked(), notes or HINT)
        self.canvas.setAccessibleDescription(" ".join(filter(None, (text, notes))) or HINT)

    def showEvent(self, event: QShowEvent) -> None:
        """Redraw only while there is somebody to see it."""
        super().showEvent(event)
        self.redraw()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop redrawing."""
        super().hideEvent(event)
        self._timer.stop()

    def _draw_anew(self) -> None:
        self._figure_combo.setToolTip(self.figure.help)
        self._chart, self._stale = None, True
        if self.isVisible():
            self.redraw()

    def _take_click(self, point: Point) -> None:
        self.run_clicked.emit(point.best(self.figure).run.id)

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
        height = self._help_button.sizeHint().height()
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
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._summary)
        layout.addWidget(self._notes)
        layout.addWidget(self.help)


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
