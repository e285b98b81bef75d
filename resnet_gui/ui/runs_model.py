"""The runs as rows of a table: found, sorted, grouped and ticked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from resnet_gui.core.comparison import Entry
from resnet_gui.ui.run_arrangement import Arrangement
from resnet_gui.ui.run_cells import CHECK, DISPLAY, EDIT, GROUP_FLAGS, RUN_FLAGS, group_data, run_data, title_data
from resnet_gui.ui.run_columns import COLUMNS, COMPARED, NAME
from resnet_gui.ui.run_groups import GroupLine
from resnet_gui.ui.run_rows import RunRow, differing
from resnet_gui.ui.theme import LIGHT, Colors

ARRANGE_MS = 400  # how long a run that changed may stand where it stood
_ModelIndex = QModelIndex | QPersistentModelIndex
_Row = RunRow | GroupLine


class RunsModel(QAbstractTableModel):
    """Runs as rows, with lines above groups of them. It changes no run.

    Signals: `ticks_changed(object)` a tuple of ids in the order of the rows; `labels_changed(object)` {id: Labels}.
    """

    ticks_changed = Signal(object)
    labels_changed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plan = Arrangement()
        self._rows: list[_Row] = []
        self._row_of: dict[str, int] = {}
        self._marked: frozenset[int] = frozenset()
        self._colors = LIGHT
        self._later = QTimer(self, singleShot=True, interval=ARRANGE_MS)
        self._later.timeout.connect(self._arrange)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The ids of the ticked runs, in the order of the rows; also of those that the search does not find."""
        return tuple(run_id for run_id in self._plan.ids() if run_id in self._plan.ticked)

    @property
    def found(self) -> tuple[str, ...]:
        """The ids of the runs that the search finds, in the order of the rows; also of those in closed groups."""
        return tuple(self._plan.ids(found=True))

    @property
    def tags(self) -> frozenset[str]:
        """All tags of all runs."""
        return frozenset(tag for row in self._plan.runs.values() for tag in row.entry.run.labels.tags)

    @property
    def marked(self) -> frozenset[int]:
        """The columns whose setting is not the same in all ticked runs."""
        return self._marked

    @property
    def searched(self) -> str:
        """What is searched for."""
        return self._plan.search

    @property
    def grouping(self) -> str:
        """What the rows are grouped by, a key of GROUPINGS; empty if by nothing."""
        return self._plan.grouping

    def __len__(self) -> int:
        return len(self._plan.runs)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take runs in; those that are there already are drawn anew."""
        for entry in entries:
            if entry.run.id in self._plan.runs:
                self.relabel(entry)
            else:
                self._plan.runs[entry.run.id] = RunRow(entry)
        self._arrange()

    def remove(self, run_ids: Iterable[str]) -> None:
        """Take runs out; unknown ids are ignored."""
        gone = set(run_ids) & set(self._plan.runs)
        for run_id in gone:
            del self._plan.runs[run_id]
        self._arrange()
        self._tick(self._plan.ticked - gone)

    def relabel(self, entry: Entry) -> None:
        """A run has another name or colour; unknown runs are ignored."""
        row = self._plan.runs.get(entry.run.id)
        if row is not None:
            row.entry = entry
            self.changed(entry.run.id)

    def changed(self, run_id: str) -> None:
        """Draw a run's row anew; unknown ids are ignored."""
        row = self._plan.runs.get(run_id)
        if row is None:
            return
        row.forget()
        number = self._row_of.get(run_id)
        if number is not None:
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))
        if not self._later.isActive():
            self._later.start()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by -1: in the order in which the runs were started."""
        self._plan.sort = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()

    def search(self, text: str) -> None:
        """Show the runs that have all words of `text`, see `Search`."""
        if text != self._plan.search:
            self._plan.search = text
            self._arrange()

    def group(self, grouping: str) -> None:
        """Show the runs in groups: a key of GROUPINGS, or nothing."""
        self._plan.grouping = grouping
        self._plan.collapsed = set()
        self._arrange()

    def open_group(self, line: GroupLine, opened: bool) -> None:
        """Show or hide the runs of a group."""
        (self._plan.collapsed.discard if opened else self._plan.collapsed.add)(line.key)
        self._arrange()

    def reveal(self, run_id: str) -> None:
        """Open the group that the run is in."""
        if run_id in self._plan.runs and self._plan.group_of(run_id) in self._plan.collapsed:
            self._plan.collapsed.discard(self._plan.group_of(run_id))
            self._arrange()

    def set_ticked(self, run_ids: Iterable[str]) -> None:
        """Tick these runs and no others; unknown ids are ignored."""
        self._tick(set(run_ids) & set(self._plan.runs))

    def toggle(self, run_ids: Iterable[str]) -> None:
        """Untick these runs if all of them are ticked, else tick them all."""
        chosen = set(run_ids)
        self._tick(self._plan.ticked - chosen if chosen <= self._plan.ticked else self._plan.ticked | chosen)

    def set_colors(self, colors: Colors) -> None:
        """Draw in another scheme."""
        self._colors = colors
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def index_of(self, run_id: str, column: int = NAME) -> QModelIndex:
        """A cell of a run; an invalid index for runs that are not shown."""
        row = self._row_of.get(run_id)
        return QModelIndex() if row is None else self.index(row, column)

    def entry_at(self, row: int) -> Entry | None:
        """The run in a row; None for the line of a group, and where no row is."""
        line = self._rows[row] if 0 <= row < len(self._rows) else None
        return line.entry if isinstance(line, RunRow) else None

    def group_at(self, row: int) -> GroupLine | None:
        """The group whose line a row is; None for runs, and where no row is."""
        line = self._rows[row] if 0 <= row < len(self._rows) else None
        return line if isinstance(line, GroupLine) else None

    # What Qt asks.

    def rowCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row for each run that is shown, and one for each group."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One column for each figure."""
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: _ModelIndex) -> Qt.ItemFlag:
        """Runs can be selected and renamed, runs and groups ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = RUN_FLAGS if isinstance(self._rows[index.row()], RunRow) else GROUP_FLAGS
        return flags.get(index.column(), flags[None])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Titles and their explanations; what differs between the ticked runs is marked."""
        return title_data(section, section in self._marked, role) if orientation is Qt.Orientation.Horizontal else None

    def data(self, index: _ModelIndex, role: int = DISPLAY) -> Any:
        """A cell's text, tick, alignment, colour, tooltip, or the run's id."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        get = group_data if isinstance(row, GroupLine) else run_data
        return get(row, index.column(), role, self._plan.ticked, self._colors)

    def setData(self, index: _ModelIndex, value: Any, role: int = EDIT) -> bool:
        """Tick a run or a group; ask for a new name, which an empty text takes away."""
        row = self._rows[index.row()]
        ids = [each.entry.run.id for each in (row.rows if isinstance(row, GroupLine) else [row])]
        if role == CHECK and index.column() == COMPARED:
            ticked = Qt.CheckState(value) == Qt.CheckState.Checked
            self._tick(self._plan.ticked | set(ids) if ticked else self._plan.ticked - set(ids))
            return True
        if role == EDIT and index.column() == NAME and isinstance(row, RunRow):
            name = str(value).strip()
            if name != row.entry.name:
                self.labels_changed.emit({ids[0]: replace(row.entry.run.labels, name=name)})
                return True
        return False

    def _tick(self, ticked: set[str]) -> None:
        if ticked == self._plan.ticked:
            return
        self._plan.ticked = ticked
        if self._rows:
            self.dataChanged.emit(self.index(0, COMPARED), self.index(len(self._rows) - 1, COMPARED), [CHECK])
        self._mark()
        self.ticks_changed.emit(self.ticked)

    def _mark(self) -> None:
        marked = differing(self._plan.runs[run_id] for run_id in self.ticked)
        if marked != self._marked:
            self._marked = marked
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def _arrange(self) -> None:
        self._later.stop()
        self._show(self._plan.arrange())
        self._mark()

    def _show(self, rows: Sequence[_Row]) -> None:
        """Take `rows`, and tell views as gently as can be what changed: they keep selections and open editors."""
        old, new = self._rows, list(rows)
        start = 0
        while start < min(len(old), len(new)) and old[start] is new[start]:
            start += 1
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] is new[-1 - end]:
            end += 1
        removed, added = len(old) - start - end, len(new) - start - end
        if not removed and added:
            self.beginInsertRows(QModelIndex(), start, start + added - 1)
            self._take(new)
            self.endInsertRows()
        elif removed and not added:
            self.beginRemoveRows(QModelIndex(), start, start + removed - 1)
            self._take(new)
            self.endRemoveRows()
        elif removed and set(old) == set(new):
            self._move(new)
        elif removed:
            self.beginResetModel()
            self._take(new)
            self.endResetModel()
        if self._plan.grouping and new:
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(COLUMNS) - 1))

    def _move(self, new: list[_Row]) -> None:
        self.layoutAboutToBeChanged.emit()
        place = {row: number for number, row in enumerate(new)}
        before = self.persistentIndexList()
        after = [self.index(place[self._rows[index.row()]], index.column()) for index in before]
        self._take(new)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _take(self, rows: list[_Row]) -> None:
        self._rows = rows
        self._row_of = {row.entry.run.id: number for number, row in enumerate(rows) if isinstance(row, RunRow)}
