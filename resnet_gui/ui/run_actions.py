"""What can be done with runs in the window: label, delete with undo, queue, train on, export, import, show examples."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from resnet_gui.core.export import FileKind, Table
from resnet_gui.core.run import Labels
from resnet_gui.ui.runs_table import RunsTable
from resnet_gui.ui.workbench import Workbench

OFFERED = {  # the kinds of files that a dialog offers, with what a row of a table is
    "HTML report (*.html)": (FileKind.REPORT, Table.RUNS),
    "Table of runs (*.csv)": (FileKind.TABLE, Table.RUNS),
    "Table of all steps (*.csv)": (FileKind.TABLE, Table.STEPS),
    "Runs with all curves (*.json)": (FileKind.RECORDS, Table.RUNS),
    "TensorBoard folder (*.tb)": (FileKind.EVENTS, Table.RUNS),
    "Run with its weights (*.npz)": (FileKind.RUN, Table.RUNS),
    "Keras network (*.keras)": (FileKind.NETWORK, Table.RUNS),
}


class RunActions(QObject):
    """Carries out what the table of runs asks for; its `menu` holds what is asked for there.

    Signals: `told(str)` a sentence on what was done; `refused(str)` why something cannot be done;
    `deleted(str, object)` a sentence, and what undoes it; `examples_wanted(bool)` whether to show them from now on.
    """

    told = Signal(str)
    refused = Signal(str)
    deleted = Signal(str, object)
    examples_wanted = Signal(bool)

    def __init__(self, table: RunsTable, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._table, self._bench, self._shelf = table, bench, bench.shelf
        self._library, self._errands = self._shelf.library, self._shelf.errands
        self._window = parent
        self.menu = QMenu("&Runs", parent)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._update)
        self._sooner = self._action("Train sooner", lambda: self._move(-1), "Ctrl+Shift+Up")
        self._later = self._action("Train later", lambda: self._move(1), "Ctrl+Shift+Down")
        self._unqueue = self._action("Take off the queue", lambda: bench.unqueue(table.selected_runs))
        self.menu.addSeparator()
        self._export = self._action(
            "Export the ticked runs…", lambda: self.ask_for_export(self._ticked()), "Ctrl+Shift+E"
        )
        self._action("Import a run…", self._import, "Ctrl+Shift+I")
        self.menu.addSeparator()
        self.examples = self._action("Show the examples", self._show_examples)
        self.examples.setCheckable(True)
        separator = QAction(table.view)
        separator.setSeparator(True)
        table.view.addActions([separator, self._sooner, self._later, self._unqueue])
        table.view.selectionModel().selectionChanged.connect(self._update)
        self._connect()
        self._update()

    @Slot(object)
    def ask_for_export(self, run_ids: Sequence[str]) -> None:
        """Let the user name the file that runs are written to, and its kind."""
        one = len(run_ids) == 1
        kinds = [text for text, (kind, _) in OFFERED.items() if one or not kind.of_one_run]
        name = self._shelf.entry(run_ids[0]).name if one else "runs"
        path, chosen = QFileDialog.getSaveFileName(self._window, "Export", f"{name}.html", ";;".join(kinds))
        if path:
            kind, table = OFFERED.get(chosen, (FileKind.REPORT, Table.RUNS))
            self.export(run_ids, Path(path) if Path(path).suffix else Path(f"{path}{kind}"), table)

    def export(self, run_ids: Sequence[str], path: Path, table: Table = Table.RUNS) -> None:
        """Write runs to the file `path`, whose suffix says as what."""
        entries = [self._shelf.entry(run_id) for run_id in run_ids if run_id in self._shelf]

        def write() -> None:
            from resnet_gui.ui.threads import write_runs

            write_runs(path, entries, table, self._library)

        self._errands.do(write, lambda _: self.told.emit(f"Saved as {path}"))

    def take_in(self, path: Path) -> None:
        """Import the run in a file."""

        def read() -> tuple[object, str]:
            from resnet_gui.core.run_import import import_run

            imported = import_run(path, self._library)
            return imported.run, imported.sentence

        def show(answer: tuple[object, str]) -> None:
            run, sentence = answer
            self._shelf.add([run])
            self._shelf.tick([run.id])
            self._table.select(run.id)
            self.told.emit(sentence)

        self._errands.do(read, show)

    @Slot(object)
    def delete(self, run_ids: Sequence[str]) -> None:
        """Take runs away; they can be brought back."""
        if any(run_id in self._shelf and self._shelf.entry(run_id).run.example for run_id in run_ids):
            self.refused.emit("Examples come with the app and stay: Runs > Show the examples hides them all.")
            return
        names = [self._shelf.entry(run_id).name for run_id in run_ids if run_id in self._shelf]
        waiting = [run_id for run_id in run_ids if run_id in self._bench.waiting]
        self._bench.unqueue(waiting)
        restore = self._shelf.discard(run_ids, self._bench.settle)
        what = names[0] if len(names) == 1 else f"{len(names)} runs"
        self.deleted.emit(f"{what} deleted.", restore)

    @Slot(object)
    def _label(self, changes: Mapping[str, Labels]) -> None:
        examples = [run_id for run_id in changes if run_id in self._shelf and self._shelf.entry(run_id).run.example]
        if examples:
            self.refused.emit("Examples come with the app and keep their names and labels; label runs of your own.")
        self._shelf.label({run_id: labels for run_id, labels in changes.items() if run_id not in examples})

    def _connect(self) -> None:
        table, shelf, bench = self._table, self._shelf, self._bench
        shelf.added.connect(table.add_runs)
        shelf.removed.connect(table.remove_runs)
        shelf.relabelled.connect(lambda entries: [table.relabel(entry) for entry in entries])
        shelf.ticks_changed.connect(lambda entries: table.set_ticked([entry.run.id for entry in entries]))
        table.ticks_changed.connect(shelf.set_ticked)
        table.labels_changed.connect(self._label)
        table.resume_requested.connect(lambda run_ids: [bench.resume(run_id) for run_id in run_ids])
        table.delete_requested.connect(self.delete)
        table.export_requested.connect(self.ask_for_export)
        table.refused.connect(self.refused)
        table.run_selected.connect(bench.readers.read_with)
        table.reuse_requested.connect(bench.reuse)
        bench.queue_changed.connect(lambda _: self._update())
        bench.run_changed.connect(lambda run: table.run_changed(run.id))
        shelf.added.connect(lambda entries: self._tell_examples())
        shelf.removed.connect(lambda ids: self._tell_examples())

    def _tell_examples(self) -> None:
        self.examples.setChecked(any(run.example for run in self._shelf.runs.values()))

    def _show_examples(self) -> None:
        self.examples_wanted.emit(self.examples.isChecked())
        self._shelf.show_examples(self.examples.isChecked())

    def _ticked(self) -> list[str]:
        return [entry.run.id for entry in self._shelf.ticked]

    def _move(self, places: int) -> None:
        for run_id in self._table.selected_runs:
            self._bench.move(run_id, places)

    def _update(self) -> None:
        waiting = [run_id for run_id in self._table.selected_runs if run_id in self._bench.waiting]
        one = len(waiting) == 1
        place = self._bench.waiting.index(waiting[0]) if one else -1
        self._sooner.setEnabled(one and place > 0)
        self._later.setEnabled(one and place < len(self._bench.waiting) - 1)
        self._unqueue.setEnabled(bool(waiting))
        self._export.setEnabled(bool(self._shelf.ticked))

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, "Import a run", "", "Run files (*.npz);;All files (*)")
        if path:
            self.take_in(Path(path))

    def _action(self, text: str, slot: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda: slot())
        if keys:
            action.setShortcut(QKeySequence(keys))
        self.menu.addAction(action)
        return action
