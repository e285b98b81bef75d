"""The table of runs: a row each, to find, sort, group, compare, label and delete them."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QByteArray, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.ui.labels_dialog import LabelsDialog
from resnet_gui.ui.run_columns import NAME
from resnet_gui.ui.runs_bar import RunsBar
from resnet_gui.ui.runs_model import RunsModel
from resnet_gui.ui.runs_view import RunsView
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

HINT = "No runs yet. Each network that you train gets a row here."

CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
QUOTED = 60  # characters of names and searches in sentences


class RunsTable(QWidget):
    """All runs in a table with a search field, or a hint while there are none. It changes no run.

    Signals:
        run_selected(str): the user chose the run with this id, and no other.
        ticks_changed(object): the ids of the runs that are compared now, a tuple in the order of the rows; not
            told when only their order changes.
        labels_changed(object): {id: Labels} that the user wrote.
        reuse_requested(str): the settings of this run are wanted in the form.
        details_requested(str): more about this run is wanted.
        refused(str): a sentence, why what the user wanted cannot be done.
        resume_requested(object), export_requested(object), delete_requested(object): a tuple of ids.
    """

    run_selected = Signal(str)
    ticks_changed = Signal(object)
    labels_changed = Signal(object)
    reuse_requested = Signal(str)
    details_requested = Signal(str)
    resume_requested = Signal(object)
    refused = Signal(str)
    export_requested = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selecting = False
        self._colors = LIGHT
        self._chosen: tuple[str, ...] = ()  # what is selected, also while a search does not find it
        self._scrolled = 0
        self.model = RunsModel(self)
        for changing in (
            self.model.modelAboutToBeReset,
            self.model.rowsAboutToBeInserted,
            self.model.rowsAboutToBeRemoved,
            self.model.layoutAboutToBeChanged,
        ):
            changing.connect(self._hold)  # before the view hears of it
        self.view = RunsView(self.model, self)
        self._make_actions()
        self.bar = RunsBar(self.view.header.menu, self._ticks, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        self._connect()
        self._tell()
        self._update_actions()

    @property
    def selected(self) -> str:
        """The id of the selected run; empty if there is none, or several."""
        ids = self.selected_runs
        return ids[0] if len(ids) == 1 else ""

    @property
    def selected_runs(self) -> tuple[str, ...]:
        """The ids of the selected runs, in the order of the rows."""
        return tuple(entry.run.id for entry in self._selection())

    @property
    def ticked(self) -> tuple[str, ...]:
        """The ids of the ticked runs, in the order of the rows."""
        return self.model.ticked

    def add_run(self, entry: Entry) -> None:
        """Take a run in; one that is there already is drawn anew."""
        self.add_runs([entry])

    def add_runs(self, entries: Iterable[Entry]) -> None:
        """Take runs in, all at once. Their order is that of their starts, until the user sorts them."""
        self.model.add(entries)
        self._tell()

    def remove_runs(self, run_ids: Iterable[str]) -> None:
        """Take runs out; unknown ids are ignored."""
        self.model.remove(run_ids)
        self._tell()

    def relabel(self, entry: Entry) -> None:
        """A run has another name or colour."""
        self.model.relabel(entry)

    def run_changed(self, run_id: str) -> None:
        """Draw a run's row anew."""
        self.model.changed(run_id)
        if run_id in self._acting:  # whether it can be resumed or deleted depends on its state
            self._update_actions()

    def set_ticked(self, run_ids: Iterable[str]) -> None:
        """Compare these runs and no others; reported by `ticks_changed` if it is a change."""
        self.model.set_ticked(run_ids)

    def select(self, run_id: str) -> None:
        """Select a run without reporting it; an unknown id selects nothing."""
        self._chosen = (run_id,)
        self.model.reveal(run_id)
        self._recall()
        index = self.model.index_of(run_id)
        self._selecting = True
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._selecting = False
        if index.isValid():
            self.view.scrollTo(index)

    def state(self) -> QByteArray:
        """Columns, their order and widths, sorting and grouping, for `restore`."""
        state = {**self.view.header.state(), "group": self.bar.group.currentData()}
        return QByteArray(json.dumps(state).encode())

    def restore(self, state: QByteArray) -> bool:
        """Take what `state` gave; whether it was that."""
        try:
            values = json.loads(state.data())
            group = max(0, self.bar.group.findData(str(values["group"])))
            self.view.header.restore(values)
        except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError):
            return False
        self.bar.group.setCurrentIndex(group)
        return True

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self._colors = colors
        self.model.set_colors(colors)
        self.view.set_colors(colors)

    def _make_actions(self) -> None:
        one, many = self._emit_one, self._emit_many
        self._reuse = self._action("Copy settings into the form", Qt.Key.Key_Return, one(self.reuse_requested))
        self._details = self._action("Show details", "Ctrl+I", one(self.details_requested))
        self._resume = self._action("Resume", "", many(self.resume_requested))
        self._separate()
        self._rename = self._action("Rename", Qt.Key.Key_F2, self._edit_name)
        self._label = self._action("Labels…", "Ctrl+L", self._open_labels)
        self._separate()
        tick = self._action("Tick or untick", Qt.Key.Key_Space, self._toggle)
        everything = self._action("Tick all shown", "Ctrl+Shift+A", self._tick_found)
        nothing = self._action("Untick all", "Ctrl+Shift+U", lambda: self.model.set_ticked(()))
        self._ticks = [tick, everything, nothing]
        self._separate()
        self._export = self._action("Export…", "Ctrl+E", many(self.export_requested))
        self._delete = self._action("Delete", Qt.Key.Key_Delete, many(self.delete_requested))
        self._acting: set[str] = set()  # what the actions were made ready for

    def _tell_refusal(self) -> None:
        if refusal := _refusal(self._selection()):
            self.refused.emit(f"{refusal}.")

    def _connect(self) -> None:
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.doubleClicked.connect(self._reuse.trigger)
        self.view.delete_refused.connect(self._tell_refusal)
        self.view.selectionModel().selectionChanged.connect(self._report_selection)
        self.view.selectionModel().currentChanged.connect(self._update_actions)
        self.view.blank.button.clicked.connect(self.bar.search.clear)
        for done in (self.model.rowsInserted, self.model.rowsRemoved, self.model.layoutChanged, self.model.modelReset):
            done.connect(self._take_rows)
        self.model.labels_changed.connect(self.labels_changed)
        self.model.ticks_changed.connect(self.ticks_changed)
        self.model.ticks_changed.connect(self._tell)
        self.bar.searched.connect(self.model.search)
        self.bar.searched.connect(self._tell)
        self.bar.grouped.connect(self.model.group)
        self.bar.left.connect(self._enter)
        find = QAction("Search the runs", self)
        find.setShortcut(QKeySequence.StandardKey.Find)
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.bar.search.setFocus)
        self.addAction(find)

    def _tell(self) -> None:
        """Say how many runs there are, and why none is shown."""
        runs, found, searched = len(self.model), len(self.model.found), self.model.searched.strip()
        self.bar.setVisible(runs > 0)
        self.bar.say(runs, found, len(self.model.ticked))
        self.view.blank.say("" if found else f"No run matches “{_short(searched)}”." if runs else HINT, button=runs > 0)

    def _enter(self) -> None:
        """From the search field into the table, to its first row if none is selected."""
        self.view.setFocus()
        if not self._acting and self.model.rowCount():
            self.view.selectionModel().setCurrentIndex(self.model.index(0, NAME), CHOOSE)

    def _hold(self) -> None:
        """Rows come, go or move: what the view selects will change, which is not the user's doing."""
        self._selecting = True
        self._scrolled = self.view.verticalScrollBar().value()
        self.view.selectionModel().clearSelection()  # which would be moved with the rows, one by one

    def _recall(self) -> None:
        """Select what was chosen and is shown."""
        rows = sorted(index.row() for index in map(self.model.index_of, self._chosen) if index.isValid())
        selection = QItemSelection()
        for first, last in _spans(rows):
            selection.select(self.model.index(first, 0), self.model.index(last, self.model.columnCount() - 1))
        self._selecting = True
        chooser = self.view.selectionModel()
        chooser.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows and not chooser.currentIndex().isValid():
            chooser.setCurrentIndex(self.model.index(rows[0], NAME), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._selecting = False
        self._update_actions()

    def _take_rows(self) -> None:
        self._recall()
        self._tell()
        self.view.verticalScrollBar().setValue(self._scrolled)

    def _report_selection(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._selecting:
            return
        self._chosen = self.selected_runs
        self._update_actions()
        if self.selected and not selected.isEmpty():
            self.run_selected.emit(self.selected)

    def _selection(self) -> list[Entry]:
        spans = self.view.selectionModel().selection()
        rows = {row for span in spans for row in range(span.top(), span.bottom() + 1)}
        return [entry for row in sorted(rows) if (entry := self.model.entry_at(row)) is not None]

    def _update_actions(self) -> None:
        entries = self._selection()
        runs = [entry.run for entry in entries]
        self._acting = {run.id for run in runs}
        for action in (self._reuse, self._details, self._rename):
            action.setEnabled(len(runs) == 1)
        for action in (self._label, self._export):
            action.setEnabled(bool(runs))
        group = self.model.group_at(self.view.currentIndex().row())
        self._ticks[0].setEnabled(bool(runs) or group is not None)
        self._resume.setEnabled(bool(runs) and all(run.can_go_on for run in runs))
        refusal = _refusal(entries)
        self._delete.setEnabled(bool(runs) and not refusal)
        self._delete.setText(refusal or ("Delete" if len(runs) < 2 else f"Delete {len(runs):,} runs"))

    def _toggle(self) -> None:
        group = self.model.group_at(self.view.currentIndex().row())
        self.model.toggle([row.entry.run.id for row in group.rows] if group else self.selected_runs)

    def _tick_found(self) -> None:
        self.model.set_ticked({*self.model.ticked, *self.model.found})

    def _edit_name(self) -> None:
        index = self.model.index_of(self.selected)
        self.view.scrollTo(index)
        self.view.selectionModel().setCurrentIndex(index, CHOOSE)
        self.view.edit(index)

    def _open_labels(self) -> None:
        dialog = LabelsDialog(self._selection(), self.model.tags, self._colors, self)
        dialog.labels_edited.connect(self.labels_changed)
        dialog.open()

    def _emit_one(self, signal: Any) -> Callable[[], None]:
        return lambda: signal.emit(self.selected)

    def _emit_many(self, signal: Any) -> Callable[[], None]:
        return lambda: signal.emit(self.selected_runs)

    def _separate(self) -> None:
        line = QAction(self.view)
        line.setSeparator(True)
        self.view.addAction(line)

    def _action(self, text: str, keys: Any, act: Callable[[], Any]) -> QAction:
        action = QAction(text, self.view)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: act())
        self.view.addAction(action)
        return action


def _refusal(entries: list[Entry]) -> str:
    """Why these runs cannot be deleted; empty if they can."""
    active = [_short(entry.name) for entry in entries if entry.run.state.active]
    return f"Cannot delete {active[0]}: stop its training first" if active else ""


def _spans(rows: list[int]) -> list[tuple[int, int]]:
    """Sorted `rows` as spans from a first to a last one."""
    starts = [row for before, row in zip([None, *rows], rows, strict=False) if before is None or row != before + 1]
    ends = [row for row, after in zip(rows, [*rows[1:], None], strict=False) if after is None or after != row + 1]
    return list(zip(starts, ends, strict=True))


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
