"""Several networks read the same drawing side by side, and the one that trains shows how its reading changes."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.reading import Reading
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.core.side_by_side import agreement, obstacle, side_by_side
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.readings_row import ReadingRow, ReadingsHeader
from resnet_gui.ui.readings_strip import ReadingsStrip
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NOT_TICKED = "Tick runs in the table: their networks read what you draw, side by side."
NOT_DRAWN = "Draw a digit on the right: these networks read it side by side."
ALONE = "Tick more runs in the table to compare what they read."


class ReadingsView(QWidget):
    """A row for each network, a line that says how far they agree, and below how the one that trains came to it.

    Signals: `readings_wanted(object)`: the ids, a tuple, of the runs whose networks are to read from now on, whenever
    they change; none while nobody looks. `run_clicked(str)`: the run with this id was chosen.
    """

    readings_wanted = Signal(object)
    run_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readingsView")
        self.setAccessibleName("Readings side by side")
        self._colors = LIGHT
        self._entries: dict[str, Entry] = {}
        self._reader = ""
        self._path: ReadingPath | None = None
        self._rows: dict[str, ReadingRow] = {}
        self._obstacles: dict[str, str] = {}  # of all entries: rows are chosen anew when one changes
        self._wanted: tuple[str, ...] = ()
        self._agreement = ElidedLabel("readingsAgreement", "How far the networks agree", self)
        self._count = ElidedLabel("readingsCount", "How many of the ticked runs read", self)
        self._header = ReadingsHeader(self)
        page = QWidget(self)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._header)
        self._column.addStretch(0)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("readingsRows")
        self._scroll.setWidget(page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the rows have it
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._message = QLabel(NOT_TICKED, self)
        self._message.setObjectName("readingsMessage")
        self._message.setProperty("role", "muted")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self.strip = ReadingsStrip(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._agreement)
        layout.addWidget(self._count)
        layout.addWidget(self._scroll, 3)
        layout.addWidget(self._message, 3)
        layout.addSpacing(SPACING)
        layout.addWidget(self.strip, 1)
        self.strip.hide()
        self._choose()

    @property
    def rows(self) -> dict[str, ReadingRow]:
        """The rows on show, by the ids of their runs."""
        return dict(self._rows)

    @property
    def text(self) -> str:
        """What is said above the rows, or in place of them."""
        return self._agreement.text() if self._rows else self._message.text()

    @property
    def count(self) -> str:
        """How many of the ticked runs read, if not all do; what helps if there is but one."""
        return self._count.text()

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Compare these runs, and no others, from now on."""
        self._entries = {entry.run.id: entry for entry in entries}
        self._choose()
        self.show_path(self._path)

    def run_changed(self, run_id: str) -> None:
        """Look whether the network of a run can read now."""
        entry = self._entries.get(run_id)
        if entry is not None and obstacle(entry.run) != self._obstacles[run_id]:
            self._choose()

    def show_reader(self, run_id: str) -> None:
        """The network of this run reads first; it does so whether it is looked at here or not."""
        if run_id != self._reader:
            self._reader = run_id
            self._choose()

    def show_reading(self, reading: Reading | None) -> None:
        """Show what a network says; None if nothing is drawn."""
        if reading is None:
            for row in self._rows.values():
                if row.reading is not None:
                    row.show_text("")
        elif reading.run in self._rows:
            self._rows[reading.run].show_reading(reading)
        self._sum_up()

    def show_problem(self, run_id: str, text: str) -> None:
        """Tell why the network of a run cannot read."""
        if run_id in self._rows:
            self._rows[run_id].show_text(text)
            self._sum_up()

    def show_path(self, path: ReadingPath | None) -> None:
        """Show how the reading of the network that trains changed; nothing for None."""
        self._path = path
        if not self.isVisible():  # it is shown once somebody looks
            return
        entry = self._entries.get(path.run) if path is not None else None
        if path is not None and entry is not None:
            self.strip.show_path(path, entry.name, self._colors.runs[entry.color % len(self._colors.runs)])
        self.strip.setVisible(entry is not None)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self._header.set_colors(colors)
        self.strip.set_colors(colors)
        self._choose()
        self.show_path(self._path)

    def showEvent(self, event: QShowEvent) -> None:
        """Networks read side by side only while there is somebody to see it."""
        super().showEvent(event)
        self._ask()
        self.show_path(self._path)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let them be."""
        super().hideEvent(event)
        self._ask()

    def _choose(self) -> None:
        """Give each run that is to be seen its row; rows that stay keep their answers."""
        chosen = side_by_side(tuple(self._entries.values()), self._reader)
        before = self._obstacles
        self._obstacles = {run_id: obstacle(entry.run) for run_id, entry in self._entries.items()}
        ids = [entry.run.id for entry in chosen]
        for run_id in [run_id for run_id in self._rows if run_id not in ids]:
            row = self._rows.pop(run_id)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, entry in enumerate(chosen, start=1):  # after the header
            row = self._rows.get(entry.run.id) or self._make_row(entry.run.id)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row, 1)
            row.show_entry(entry, self._colors)
            if self._obstacles[entry.run.id] != before.get(entry.run.id, ""):
                row.show_text(self._obstacles[entry.run.id])
        self._rows = {run_id: self._rows[run_id] for run_id in ids}
        read, ticked = sum(not self._obstacles[run_id] for run_id in ids), len(self._entries)
        count = f"{read} of {ticked} ticked runs read" if len(ids) < ticked else ALONE if ticked == 1 else ""
        self._count.say(count)
        self._count.setVisible(bool(count))
        for widget in (self._agreement, self._scroll):
            widget.setVisible(bool(ids))
        self._message.setVisible(not ids)
        self._sum_up()
        self._ask()

    def _make_row(self, run_id: str) -> ReadingRow:
        row = self._rows[run_id] = ReadingRow(self)
        row.setObjectName(f"reading-{run_id}")
        row.clicked.connect(partial(self.run_clicked.emit, run_id))
        return row

    def _sum_up(self) -> None:
        readings = [(self._entries[i].name, row.reading) for i, row in self._rows.items() if row.reading is not None]
        self._agreement.say(agreement(readings) or NOT_DRAWN, role="title")

    def _ask(self) -> None:
        """Say who is to read, if that is news."""
        wanted = tuple(run_id for run_id in self._rows if not self._obstacles[run_id]) if self.isVisible() else ()
        if wanted != self._wanted:
            self._wanted = wanted
            self.readings_wanted.emit(wanted)
