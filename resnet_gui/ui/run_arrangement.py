"""Which runs are shown, and in which order: searched, sorted and grouped."""

from collections.abc import Hashable

from resnet_gui.ui.run_columns import COMPARED
from resnet_gui.ui.run_groups import GROUPINGS, GroupLine, grouped
from resnet_gui.ui.run_rows import RunRow, Search, ordered


class Arrangement:
    """All runs with their ticks, and how the user wants to see them. What is shown changes with `arrange` alone."""

    def __init__(self) -> None:
        self.runs: dict[str, RunRow] = {}
        self.ticked: set[str] = set()
        self.sort: tuple[int, bool] | None = None  # column, descending
        self.search = ""
        self.grouping = ""  # a key of GROUPINGS, or nothing
        self.collapsed: set[Hashable] = set()  # keys of groups whose runs are not shown
        self._ordered: list[RunRow] = []
        self._lines: dict[Hashable, GroupLine] = {}

    def ids(self, found: bool = False) -> list[str]:
        """The ids of all runs, or of those that the search finds, as the rows are ordered; of closed groups too."""
        search = Search(self.search)
        return [row.entry.run.id for row in self._ordered if not found or search.finds(row)]

    def group_of(self, run_id: str) -> Hashable:
        """The key of a run's group; empty if there are no groups."""
        return self.runs[run_id].group(self.grouping, GROUPINGS[self.grouping].key) if self.grouping else ""

    def arrange(self) -> list[RunRow | GroupLine]:
        """The rows to show. Runs and groups that were there before are the same objects."""
        rows = sorted(self.runs.values(), key=lambda row: row.entry.run.started)
        match self.sort:
            case (column, descending) if column == COMPARED:
                rows.sort(key=lambda row: (row.entry.run.id in self.ticked) is descending)
            case (column, descending):
                rows = ordered(rows, column, descending)
        search = Search(self.search)
        if not self.grouping:
            self._ordered, self._lines = rows, {}
            return [row for row in rows if search.finds(row)]
        lines = grouped(rows, self.grouping, in_order=self.sort is not None)
        self._ordered = [row for line in lines for row in line.rows]
        self._lines = {line.key: self._known(line) for line in lines}
        shown: list[RunRow | GroupLine] = []
        for line in self._lines.values():
            line.rows = [row for row in line.rows if search.finds(row)]
            line.collapsed = line.key in self.collapsed
            if line.rows:
                shown += [line, *(() if line.collapsed else line.rows)]
        return shown

    def _known(self, line: GroupLine) -> GroupLine:
        """The line that the group has already, brought up to date; else `line`."""
        known = self._lines.get(line.key, line)
        known.title, known.rows = line.title, line.rows
        return known
