"""The table of runs: one row each, with settings, state and results side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTableView, QVBoxLayout, QWidget

from resnet_gui.core.run import Run, State
from resnet_gui.ui.theme import LIGHT, Colors

HINT = "No runs yet. Each network that you train gets a row here."
UNKNOWN = "–"
DETAILS_SHOWN = 1200  # characters of a failure's details in a tooltip; its end says most
SORT_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_ModelIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """A column: its title, what it sorts by, how that is written, and its width in pixels."""

    title: str
    tooltip: str
    value: Callable[[Run], Any]
    write: Callable[[Any], str] = str
    width: int = 72
    alignment: Qt.AlignmentFlag = _RIGHT


def _time(value: float) -> str:
    return f"{value:.1f} s" if value < 60 else f"{int(value) // 60} min {int(value) % 60:02d} s"


def _of_architecture(name: str) -> Callable[[Run], Any]:
    return lambda run: getattr(run.experiment.architecture, name)


def _of_recipe(name: str) -> Callable[[Run], Any]:
    return lambda run: getattr(run.experiment.recipe, name)


_Text = partial(Column, alignment=_LEFT)
COLUMNS = (
    _Text("Network", "Kind of network and its number of weighted layers", _of_architecture("name"), width=140),
    _Text("State", "Where the run stands", lambda run: run.state, width=88),
    Column(
        "Best accuracy",
        "Test accuracy once it is measured, else the best validation accuracy",
        lambda run: run.best_accuracy,
        lambda share: f"{share:.2%}",
        width=112,
    ),
    Column("Time", "Training time, with compiling and validation", lambda run: run.train_seconds or None, _time, 100),
    Column(
        "Images/s",
        "Training images per second",
        lambda run: run.images_per_second or None,
        lambda rate: f"{rate:,.0f}",
        width=88,
    ),
    _Text("Shortcut", "What is added to the residual branch", _of_architecture("shortcut"), width=96),
    Column("Blocks", "Residual blocks per stage", _of_architecture("blocks")),
    Column("Stages", "Stages, each of half the resolution", _of_architecture("stages")),
    Column("Width", "Filters in the first stage", _of_architecture("width")),
    _Text("BN", "Batch normalisation", _of_architecture("batch_norm"), lambda on: "yes" if on else "no", width=52),
    _Text("Data", "Data set", _of_recipe("dataset"), width=76),
    Column("Epochs", "Passes over the training images", _of_recipe("epochs")),
    Column("Batch", "Images per training step", _of_recipe("batch_size")),
    _Text("Optimiser", "What turns gradients into updates", _of_recipe("optimizer"), width=92),
    Column("Rate", "Learning rate", _of_recipe("learning_rate"), lambda rate: f"{rate:g}", width=76),
    Column("Seed", "Random seed", _of_recipe("seed")),
)


class RunsModel(QAbstractTableModel):
    """Runs as rows; asks each run anew whenever a cell is drawn."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._runs: list[Run] = []
        self._rows: dict[str, int] = {}
        self._color_of: dict[str, int] = {}
        self._name_of: dict[str, str] = {}
        self._colors = LIGHT
        self._swatches: dict[str, QIcon] = {}

    def add(self, run: Run, name: str, color: int) -> None:
        """Append `run` as `name` in the colour with the index `color`."""
        if run.id in self._rows:
            self.changed(run.id)
            return
        row = len(self._runs)
        self.beginInsertRows(QModelIndex(), row, row)
        self._runs.append(run)
        self._rows[run.id], self._color_of[run.id], self._name_of[run.id] = row, color, name
        self.endInsertRows()

    def changed(self, run_id: str) -> None:
        """Draw a run's row anew; unknown ids are ignored."""
        if run_id in self._rows:
            row = self._rows[run_id]
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def index_of(self, run_id: str) -> QModelIndex:
        """The first cell of a run; an invalid index for unknown ids."""
        return self.index(self._rows[run_id], 0) if run_id in self._rows else QModelIndex()

    def set_colors(self, colors: Colors) -> None:
        """Draw the swatches in another scheme."""
        self._colors, self._swatches = colors, {}
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row for each run."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One column for each figure."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles and their explanations."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            case Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section].tooltip
            case Qt.ItemDataRole.TextAlignmentRole:
                return COLUMNS[section].alignment
        return None

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, alignment, colour, tooltip, sort key or id."""
        if not index.isValid():
            return None
        run, column = self._runs[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole if index.column() == 0:
                return self._name_of[run.id]
            case Qt.ItemDataRole.DisplayRole:
                value = column.value(run)
                return UNKNOWN if value is None else column.write(value)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case Qt.ItemDataRole.DecorationRole if index.column() == 0:
                return self._swatch(self._colors.runs[self._color_of[run.id] % len(self._colors.runs)])
            case Qt.ItemDataRole.ForegroundRole if column.title == "State":
                if run.state in (State.FAILED, State.DIVERGED):
                    return QColor(self._colors.error)
                return QColor(self._colors.accent if run.state.active else self._colors.muted)
            case Qt.ItemDataRole.ToolTipRole:
                return _tooltip(run)
        if role == SORT_ROLE:
            value = column.value(run)
            # Enums are written out: Qt compares its own types.
            return -1.0 if value is None else str(value) if isinstance(value, str) else value
        return run.id if role == ID_ROLE else None

    def _swatch(self, color: str) -> QIcon:
        if color not in self._swatches:
            pixels = QPixmap(32, 32)
            pixels.setDevicePixelRatio(2.0)
            pixels.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixels)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawEllipse(3, 3, 10, 10)
            painter.end()
            self._swatches[color] = QIcon(pixels)
            self._swatches[color].addPixmap(pixels, QIcon.Mode.Selected)  # not tinted
        return self._swatches[color]


def _tooltip(run: Run) -> str:
    """What happened to `run`, as rich text: details may hold angle brackets."""
    import html  # takes some milliseconds, and the window can be shown without it

    parts = [f"<b>{html.escape(run.experiment.architecture.name)}</b> · {html.escape(run.id)}"]
    parts.append(html.escape(run.message or str(run.state)))
    if run.parameters:
        parts.append(f"{run.parameters:,} parameters")
    where = " · ".join(html.escape(text) for text in (run.dataset, run.device, run.precision) if text)
    if where:
        parts.append(where)
    text = "<br>".join(parts)
    if run.details:
        text += f"<pre>{html.escape(run.details[-DETAILS_SHOWN:])}</pre>"
    return text


class RunsTable(QWidget):
    """All runs in a sortable table, or a hint while there are none.

    Signals:
        run_selected(str): the user chose the run with this id.
        reuse_requested(str): the settings of this run are wanted in the form.
        details_requested(str): more about this run is wanted.
    """

    run_selected = Signal(str)
    reuse_requested = Signal(str)
    details_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selecting = False
        self.model = RunsModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self.model)
        self._proxy.setSortRole(SORT_ROLE)
        self.view = QTableView(self)
        self.view.setObjectName("runsTable")
        self.view.setAccessibleName("Runs")
        self.view.setModel(self._proxy)
        self.view.setSortingEnabled(True)
        self._proxy.sort(-1)  # in the order of training until a header is clicked
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(28)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.setTabKeyNavigation(False)  # tab leaves the table, arrows move in it
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for index, column in enumerate(COLUMNS):
            self.view.setColumnWidth(index, column.width)
        self._reuse = self._action("Copy settings into the form", Qt.Key.Key_Return, self.reuse_requested)
        self._details = self._action("Show details", "Ctrl+I", self.details_requested)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.doubleClicked.connect(lambda index: self.reuse_requested.emit(index.data(ID_ROLE)))
        self.view.selectionModel().selectionChanged.connect(self._report_selection)
        self._hint = QLabel(HINT, self.view)
        self._hint.setObjectName("runsHint")
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    @property
    def selected(self) -> str:
        """The id of the selected run; empty if there is none."""
        rows = self.view.selectionModel().selectedRows()
        return rows[0].data(ID_ROLE) if rows else ""

    def add_run(self, run: Run, name: str, color: int) -> None:
        """Append `run` as `name` in the colour with the index `color`."""
        self.model.add(run, name, color)
        self._show_hint()

    def run_changed(self, run_id: str) -> None:
        """Draw a run's row anew."""
        self.model.changed(run_id)

    def select(self, run_id: str) -> None:
        """Select a run without reporting it; an unknown id selects nothing."""
        self._selecting = True
        index = self._proxy.mapFromSource(self.model.index_of(run_id))
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        else:
            self.view.clearSelection()
        self._selecting = False

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self.model.set_colors(colors)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the middle."""
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        self._hint.setGeometry(self.rect())
        self._hint.setVisible(not self.model.rowCount())

    def _report_selection(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        for action in (self._reuse, self._details):
            action.setEnabled(bool(self.selected))
        if not self._selecting and not selected.isEmpty():
            self.run_selected.emit(self.selected)

    def _action(self, text: str, keys: Any, signal: Any) -> QAction:
        action = QAction(text, self.view)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(False)
        action.triggered.connect(lambda: signal.emit(self.selected))
        self.view.addAction(action)
        return action
