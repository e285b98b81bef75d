"""Groups of runs: what the runs of one have in common, and the line above them."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import Experiment
from resnet_gui.ui.run_columns import ACCURACY, COLUMNS
from resnet_gui.ui.run_rows import RunRow, natural


@dataclass(eq=False)
class GroupLine:
    """The line above a group of runs."""

    key: str
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
    """A way to group runs: what they have in common as text, and the titles of groups, given a run of each."""

    title: str
    key: Callable[[Entry], str]
    titles: Callable[[Sequence[Entry]], list[str]]


def _by(title: str, key: Callable[[Entry], str]) -> Grouping:
    return Grouping(title, key, lambda entries: [key(entry) for entry in entries])


def _settings(experiment: Experiment) -> dict[str, Any]:
    parts = (experiment.architecture, experiment.recipe)
    return {setting.name: getattr(part, setting.name) for part in parts for setting in fields(part)}


def _all_but_seed(entry: Entry) -> str:
    return repr({name: value for name, value in _settings(entry.run.experiment).items() if name != "seed"})


def _experiment_titles(entries: Sequence[Entry]) -> list[str]:
    """The network's name, and the settings in which the groups differ; the name says enough of the blocks."""
    settings = [_settings(entry.run.experiment) for entry in entries]
    names = [
        name
        for name in (settings[0] if settings else ())
        if name not in ("blocks", "seed") and len({setting[name] for setting in settings}) > 1
    ]
    return [
        ", ".join(
            [entry.run.experiment.architecture.name]
            + [f"{name.replace('_', ' ')} {_written(setting[name])}" for name in names]
        )
        for entry, setting in zip(entries, settings, strict=True)
    ]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


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
    lines: dict[str, GroupLine] = {}
    for row in rows:
        key = row.group(grouping, GROUPINGS[grouping].key)
        lines.setdefault(key, GroupLine(key)).rows.append(row)
    titles = GROUPINGS[grouping].titles([line.rows[0].entry for line in lines.values()])
    for line, title in zip(lines.values(), titles, strict=True):
        line.title = title
    return list(lines.values()) if in_order else sorted(lines.values(), key=lambda line: natural(line.title))
