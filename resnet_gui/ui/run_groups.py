"""Groups of runs: what the runs of one have in common, and the line above them."""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from resnet_gui.core.comparison import Entry
from resnet_gui.ui.run_columns import ACCURACY, COLUMN_OF, COLUMNS, SETTINGS
from resnet_gui.ui.run_rows import RunRow, differing, natural

SEED = COLUMN_OF["seed"]
NAMED = {SEED, COLUMN_OF["depth"], COLUMN_OF["blocks"]}  # settings that titles need not tell


@dataclass(eq=False)
class GroupLine:
    """The line above a group of runs."""

    key: Hashable
    title: str = ""
    rows: list[RunRow] = field(default_factory=list)
    collapsed: bool = False

    @property
    def summary(self) -> str:
        """How many runs there are, and their accuracy: mean ± standard deviation."""
        count = len(self.rows)
        runs = "1 run" if count == 1 else f"{count:,} runs"
        known = [accuracy for row in self.rows if (accuracy := COLUMNS[ACCURACY].value(row.entry)) is not None]
        if not known:
            return runs
        spread = f" ± {np.std(known, ddof=1):.2%}" if len(known) > 1 else ""
        of = "" if len(known) == count else f" of {len(known)}"
        return f"{runs} · best accuracy{of} {np.mean(known):.2%}{spread}"


@dataclass(frozen=True)
class Grouping:
    """A way to group runs: what they have in common, and the titles of groups, given a run of each."""

    title: str
    key: Callable[[RunRow], Hashable]
    titles: Callable[[Sequence[RunRow]], list[str]]


def _by(title: str, key: Callable[[Entry], str]) -> Grouping:
    return Grouping(title, lambda row: key(row.entry), lambda rows: [key(row.entry) for row in rows])


def _all_but_seed(row: RunRow) -> Hashable:
    return tuple(value for column, value in zip(SETTINGS, row.settings, strict=True) if column != SEED)


def _experiment_titles(rows: Sequence[RunRow]) -> list[str]:
    """The network's name, and the settings in which the groups differ; the name says enough of depth and blocks."""
    named = differing(rows) - NAMED
    return [
        ", ".join(
            [row.entry.run.experiment.architecture.name]
            + [f"{_inside(COLUMNS[column].title)} {row.text(column)}" for column in sorted(named)]
        )
        for row in rows
    ]


def _inside(title: str) -> str:
    return title if title.isupper() else title.lower()


GROUPINGS: dict[str, Grouping] = {
    "shortcut": _by("By shortcut", lambda entry: f"Shortcut {entry.run.experiment.architecture.shortcut}"),
    "depth": _by("By depth", lambda entry: f"{entry.run.experiment.architecture.depth} layers"),
    "experiment": Grouping("Seeds together", _all_but_seed, _experiment_titles),
    "dataset": _by("By data set", lambda entry: f"Data set {entry.run.experiment.recipe.dataset}"),
    "tag": _by("By tags", lambda entry: ", ".join(entry.run.labels.tags) or "No tags"),
    "day": _by("By day", lambda entry: time.strftime("%Y-%m-%d", time.localtime(entry.run.started))),
}


def grouped(rows: Iterable[RunRow], grouping: str, in_order: bool) -> list[GroupLine]:
    """`rows` in groups, which come as their first rows do if `in_order`, else by their titles."""
    lines: dict[Hashable, GroupLine] = {}
    for row in rows:
        key = row.group(grouping, GROUPINGS[grouping].key)
        lines.setdefault(key, GroupLine(key)).rows.append(row)
    titles = GROUPINGS[grouping].titles([line.rows[0] for line in lines.values()])
    for line, title in zip(lines.values(), titles, strict=True):
        line.title = title
    return list(lines.values()) if in_order else sorted(lines.values(), key=lambda line: natural(line.title))
