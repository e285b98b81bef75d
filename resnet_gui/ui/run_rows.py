"""The rows of the runs table: a run with its written cells, what it sorts by, and whether a search finds it."""

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from resnet_gui.core.comparison import Entry
from resnet_gui.core.run import accuracy_text
from resnet_gui.ui.run_columns import COLUMNS, SEARCHED, SETTINGS, column_called

UNKNOWN = "–"
NOTES_SHOWN = 1200
DETAILS_SHOWN = 1200  # characters of a failure's details in a tooltip; its end says most


class RunRow:
    """A run and what its cells hold, worked out once until `forget`."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.forget()

    def forget(self) -> None:
        """The run changed: work out everything anew."""
        self._texts: list[str | None] = [None] * len(COLUMNS)
        self._keys: dict[int, Any] = {}
        self._settings: tuple[Any, ...] = ()
        self._words = ""
        self._groups: dict[str, Hashable] = {}

    def text(self, column: int) -> str:
        """What stands in the cell."""
        text = self._texts[column]
        if text is None:
            value = COLUMNS[column].value(self.entry)
            text = self._texts[column] = UNKNOWN if value is None else COLUMNS[column].write(value)
        return text

    def sort_key(self, column: int) -> Any:
        """What the cell sorts by; None if it is not known."""
        if column not in self._keys:
            value = COLUMNS[column].value(self.entry)
            self._keys[column] = natural(self.text(column)) if isinstance(value, str | tuple) else value
        return self._keys[column]

    @property
    def settings(self) -> tuple[Any, ...]:
        """The values of the columns SETTINGS."""
        if not self._settings:
            self._settings = tuple(COLUMNS[column].value(self.entry) for column in SETTINGS)
        return self._settings

    @property
    def words(self) -> str:
        """All words of the row, in small letters, but for numbers, yes and no: those would be found everywhere."""
        if not self._words:
            run = self.entry.run
            texts = map(self.text, SEARCHED)
            self._words = "\n".join((*texts, run.experiment.architecture.name, run.labels.notes)).casefold()
        return self._words

    def group(self, grouping: str, key: "Callable[[RunRow], Hashable]") -> Hashable:
        """What the row has in common with the others of its group: `key` of it."""
        if grouping not in self._groups:
            self._groups[grouping] = key(self)
        return self._groups[grouping]


def natural(text: str) -> list[str | int]:
    """`text` so that it sorts as people count: ResNet-8 before ResNet-20."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", text.casefold())]


def ordered(rows: Iterable[RunRow], column: int, descending: bool) -> list[RunRow]:
    """`rows` sorted by `column`; what is not known comes last either way."""
    keys = [(row, row.sort_key(column)) for row in rows]
    known = sorted((pair for pair in keys if pair[1] is not None), key=lambda pair: pair[1], reverse=descending)
    return [row for row, _ in known] + [row for row, key in keys if key is None]


def differing(rows: Iterable[RunRow]) -> frozenset[int]:
    """The columns whose setting is not the same in all of `rows`."""
    values = zip(*(row.settings for row in rows), strict=True)
    return frozenset(column for column, held in zip(SETTINGS, values, strict=False) if len(set(held)) > 1)


class Search:
    """Finds the runs that have all words of a text; `column:value`, as in `blocks:9`, looks in one column alone."""

    def __init__(self, text: str) -> None:
        self._words: list[str] = []
        self._values: list[tuple[int, str]] = []
        for word in text.casefold().split():
            name, _, value = word.partition(":")
            column = column_called(name)
            if column is not None and value:
                self._values.append((column, value))
            else:
                self._words.append(word)

    def finds(self, row: RunRow) -> bool:
        """Whether `row` has it all: numbers must be equal, texts contain the word."""
        return all(word in row.words for word in self._words) and all(
            value == row.text(column).replace(",", "")
            if COLUMNS[column].number
            else value in row.text(column).casefold()
            for column, value in self._values
        )


def tooltip(entry: Entry) -> str:
    """What happened to a run, as rich text: names, notes and details may hold angle brackets."""
    import html  # takes some milliseconds, and the window can be shown without it

    run = entry.run
    network = run.experiment.architecture.name
    which = run.id if network in entry.name else f"{network} · {run.id}"
    parts = [f"<b>{html.escape(entry.name)}</b> · {html.escape(which)}"]
    parts.append(html.escape(run.message or str(run.state)))
    if run.example:
        parts.append("An example: it comes with the app")
    if accuracy := accuracy_text(run):
        parts.append(accuracy.capitalize())
    if run.parameters:
        parts.append(f"{run.parameters:,} parameters")
    where = " · ".join(html.escape(text) for text in (run.dataset, run.device, run.precision) if text)
    if where:
        parts.append(where)
    if run.labels.tags:
        parts.append(html.escape("Tags: " + ", ".join(run.labels.tags)))
    text = "<br>".join(parts)
    if run.labels.notes:
        text += f"<p>{html.escape(run.labels.notes[:NOTES_SHOWN])}</p>".replace("\n", "<br>")
    if run.details:
        text += f"<pre>{html.escape(run.details[-DETAILS_SHOWN:])}</pre>"
    return text
