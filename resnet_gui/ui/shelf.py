"""The runs in the window: saved ones and the session's, with their names and colours, and which are compared."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from resnet_gui.core.comparison import Entry
from resnet_gui.core.errors import FileError
from resnet_gui.core.library import Library, example_runs
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.theme import LIGHT


class Shelf(QObject):
    """Every run by its id. Changes are kept in the library; reading and writing it are errands.

    Signals: `added(object)` and `relabelled(object)` a tuple of Entry; `removed(object)` a tuple of ids;
    `ticks_changed(object)` a tuple of Entry, the runs that are compared now.
    """

    added = Signal(object)
    relabelled = Signal(object)
    removed = Signal(object)
    ticks_changed = Signal(object)

    def __init__(self, library: Library, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library, self.errands = library, errands
        self._entries: dict[str, Entry] = {}
        self._ticked: dict[str, None] = {}  # in the order of ticking
        self.own: set[str] = set()  # ids of runs that this window trains or has trained
        self._loaded = False  # whether the saved runs could be read
        self._colors: dict[str, int] = {}  # of each run, also of those that were taken off: they may come back
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}  # the last one behind each name

    @property
    def runs(self) -> dict[str, Run]:
        """All runs by their ids."""
        return {run_id: entry.run for run_id, entry in self._entries.items()}

    @property
    def ticked(self) -> tuple[Entry, ...]:
        """The runs that are compared, in the order of the table."""
        return tuple(entry for run_id, entry in self._entries.items() if run_id in self._ticked)

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._entries

    def entry(self, run_id: str) -> Entry:
        """A run with its name and colour. Raises KeyError for unknown ids."""
        return self._entries[run_id]

    def load(self, ticked: Sequence[str] | None, examples: bool = False) -> None:
        """Fetch the saved runs, and compare those with the ids `ticked`.

        With the `examples` that ship with the explorer, if wanted; it is they that are compared if `ticked` is None.
        """

        def fetch() -> list[Run]:
            runs = self.library.runs()
            self._loaded = True
            return runs

        def show(runs: list[Run]) -> None:
            self.add(runs)
            self.tick(run.id for run in runs if (run.example if ticked is None else run.id in ticked))

        if examples:  # by themselves: they are there even if the store cannot be used
            self.errands.do(example_runs, show)
        self.errands.do(fetch, show)
        self.errands.do(self._purge)

    def _purge(self) -> None:
        with suppress(FileError):  # another time
            self.library.purge()

    def refresh(self) -> None:
        """Fetch what other windows have trained meanwhile; nothing happens unless `load` has worked."""
        if self._loaded:
            self.errands.do(self.library.runs, self._renew)

    def _renew(self, runs: Sequence[Run]) -> None:
        known = {run.id: run for run in runs if run.id in self._entries and run.id not in self.own}
        grown = {i: run for i, run in known.items() if _place(run) != _place(self._entries[i].run)}
        ticked = [run_id for run_id in grown if run_id in self._ticked]
        if grown:
            self._take(list(grown))
        self.add(runs)
        self.tick(ticked)

    def show_examples(self, wanted: bool) -> None:
        """Put the examples on the shelf and compare them, or take them off."""
        if wanted:
            self.errands.do(example_runs, lambda runs: (self.add(runs), self.tick(run.id for run in runs)))
        else:
            self._take([run_id for run_id, run in self.runs.items() if run.example])

    def add(self, runs: Iterable[Run]) -> tuple[Entry, ...]:
        """Put runs on the shelf; those that are there already stay as they are."""
        entries = tuple(self._entry_of(run) for run in runs if run.id not in self._entries)
        if entries:
            self.added.emit(entries)
        return entries

    def tick(self, run_ids: Iterable[str]) -> None:
        """Compare these runs as well."""
        self.set_ticked([*self._ticked, *run_ids])

    def set_ticked(self, run_ids: Iterable[str]) -> None:
        """Compare these runs and no others; unknown ids are ignored."""
        ticked = {run_id: None for run_id in run_ids if run_id in self._entries}
        if ticked.keys() != self._ticked.keys():
            self._ticked = ticked
            self.ticks_changed.emit(self.ticked)

    def label(self, changes: Mapping[str, Labels]) -> None:
        """Write these labels on runs."""
        changed = []
        for run_id, labels in changes.items():
            if run_id not in self._entries or labels == self._entries[run_id].run.labels:
                continue
            run = self._entries[run_id].run
            run.labels = labels
            changed.append(self._renamed(run))
            if not run.example:
                self.errands.do(lambda i=run_id, new=labels: self.library.label(i, new))
        if changed:
            self.relabelled.emit(tuple(changed))
            self.ticks_changed.emit(self.ticked)

    def discard(
        self, run_ids: Sequence[str], settle: Callable[[str], None] = lambda run_id: None
    ) -> Callable[[], None]:
        """Take runs off the shelf and out of the library; calling the answer brings them back.

        `settle` is called before with each id, beside the GUI thread: whoever writes the run is to have written it.
        """
        ticked = [run_id for run_id in run_ids if run_id in self._ticked]
        gone = self._take(run_ids)
        ids = [entry.run.id for entry in gone]

        def discard() -> None:
            for run_id in ids:
                settle(run_id)
            self.library.discard(ids)

        self.errands.do(discard)

        def restore() -> None:
            self.errands.do(lambda: self.library.restore(ids))
            back = [e for e in gone if e.run.id not in self._entries]
            self.added.emit(tuple(self._entry_of(e.run) if e.name in self._names else self._put(e) for e in back))
            self.tick(ticked)

        return restore

    def _entry_of(self, run: Run) -> Entry:
        if run.labels.color is not None:
            self._colors[run.id] = run.labels.color
        elif run.id not in self._colors:
            self._colors[run.id] = self._free_color()
        return self._put(Entry(run, self._free_name(run.name), self._colors[run.id]))

    def _free_color(self) -> int:
        """The colour that fewest of the runs have that one looks at: the ticked ones, and those added last."""
        looked_at = [*self._ticked, *list(self._entries)[-len(LIGHT.runs) :]]
        used = Counter(self._entries[run_id].color % len(LIGHT.runs) for run_id in looked_at)
        return min(range(len(LIGHT.runs)), key=lambda color: (used[color], color))

    def _renamed(self, run: Run) -> Entry:
        old = self._entries[run.id]
        self._names.discard(old.name)
        self._colors[run.id] = old.color if run.labels.color is None else run.labels.color
        return self._put(Entry(run, self._free_name(run.name), self._colors[run.id]))

    def _put(self, entry: Entry) -> Entry:
        self._names.add(entry.name)
        self._entries[entry.run.id] = entry
        return entry

    def _take(self, run_ids: Iterable[str]) -> list[Entry]:
        entries = [self._entries.pop(run_id) for run_id in run_ids if run_id in self._entries]
        self._names.difference_update(entry.name for entry in entries)
        self.removed.emit(tuple(entry.run.id for entry in entries))
        self.set_ticked(run_id for run_id in list(self._ticked) if run_id in self._entries)
        return entries

    def _free_name(self, name: str) -> str:
        """`name`; `name (2)` and so on if another run has it."""
        if name not in self._names:
            return name
        number = self._numbers.get(name, 1) + 1  # a thousand runs of one name are not counted through each time
        while f"{name} ({number})" in self._names:
            number += 1
        self._numbers[name] = number
        return f"{name} ({number})"


def _place(run: Run) -> tuple[State, int]:
    """Where a run stands."""
    return run.state, run.step
