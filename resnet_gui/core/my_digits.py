"""The digits that people drew here and labelled: their strokes in one SQLite file, and the images of them."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resnet_gui.core.errors import DatasetError, LibraryError
from resnet_gui.core.paths import home_folder
from resnet_gui.core.sample import Sample, checked, packed, require_digit, unpacked
from resnet_gui.core.store import Store, version_of
from resnet_gui.core.strokes import SIDE, to_image

MOST_DIGITS = 100_000  # in all
IMAGES_KEPT = 20_000  # about 1 KB each

_SCHEMA = 1
_TABLES = (
    """
    CREATE TABLE digit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so that a deleted digit can come back
        label INTEGER NOT NULL,
        pen REAL NOT NULL,
        written REAL NOT NULL,                 -- seconds since 1970
        lengths BLOB NOT NULL,                 -- int32: the points of each stroke
        points BLOB NOT NULL,                  -- float32: x, y of each point
        pressure BLOB NOT NULL,                -- float32: of each point; empty if it is 1 everywhere
        mark BLOB NOT NULL UNIQUE              -- a digest of the last three: nobody writes the same twice
    ) STRICT
    """,
    "CREATE TABLE state (version TEXT NOT NULL) STRICT",  # one row
    "INSERT INTO state VALUES ('')",
)
_COLUMNS = "id, label, pen, written, lengths, points, pressure"


@dataclass(frozen=True)
class Taken:
    """What became of the digits of a file: how many were added, were here already, and had no ink."""

    added: int
    known: int
    empty: int

    @property
    def sentence(self) -> str:
        """The outcome for people."""
        parts = [f"Added {self.added:,} digit{'' if self.added == 1 else 's'}"]
        if self.known:
            parts.append(f"{self.known:,} known already, left as they are")
        if self.empty:
            parts.append(f"{self.empty:,} without ink left out")
        return "; ".join(parts) + "."


class MyDigits(Store):
    """All kept digits. Opens its file anew for each request, so that any thread and several windows may ask.

    Every method raises LibraryError, with a sentence, if the store cannot be read or written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the store; it is made by the first digit that is kept, and left alone before."""
        super().__init__((folder or home_folder()) / "digits.sqlite3", "The drawn digits", _SCHEMA, _migrate)
        self._images: dict[tuple[bytes, float], NDArray[np.uint8]] = {}  # by mark and pen
        self._lock = threading.Lock()  # of _images

    def add(self, label: int, strokes: Sequence[ArrayLike], pen: float) -> Sample:
        """Keep a digit; strokes that are kept already get this label and pen.

        Raises DatasetError if there is no ink, or more than can be kept, or a label that is no digit.
        """
        kept = checked(Sample(0, label, tuple(np.asarray(stroke) for stroke in strokes), pen, time.time()))
        with self._changing() as store:
            digit_id, written = store.execute(
                "INSERT INTO digit (label, pen, written, lengths, points, pressure, mark) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (mark) DO UPDATE SET label = excluded.label, pen = excluded.pen RETURNING id, written",
                _row(kept)[1:],
            ).fetchone()
            _require_room(store)
        return Sample(digit_id, kept.label, kept.strokes, kept.pen, written)

    def take(self, samples: Iterable[Sample]) -> Taken:
        """Keep all of these under new ids, or none if one of them cannot be kept; those that are here stay as they are.

        Raises DatasetError as `add` does, but leaves out what has no ink.
        """
        rows, empty = [], 0
        for number, sample in enumerate(samples, 1):
            if not any(len(stroke) for stroke in sample.strokes):
                empty += 1
                continue
            try:
                rows.append(_row(checked(sample))[1:])
            except DatasetError as error:
                raise DatasetError(f"Digit {number:,} of the file does not fit. {error}") from None
        with self._changing() as store:
            before = store.total_changes
            store.executemany(
                "INSERT INTO digit (label, pen, written, lengths, points, pressure, mark) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (mark) DO NOTHING",
                rows,
            )
            added = store.total_changes - before
            _require_room(store)
        return Taken(added, len(rows) - added, empty)

    def all(self) -> list[Sample]:
        """Every kept digit, the oldest first."""
        return [_sample(row) for row in self._select(f"SELECT {_COLUMNS} FROM digit ORDER BY written, id")]

    def ids(self) -> set[int]:
        """The ids of all digits, be they readable or not."""
        return {digit_id for (digit_id,) in self._select("SELECT id FROM digit")}

    def count(self) -> int:
        """How many there are."""
        return int(next(iter(self._select("SELECT COUNT(*) FROM digit")), (0,))[0])

    def version(self) -> str:
        """Another one after each change, and quick to ask; empty as long as nothing was kept."""
        return str(next(iter(self._select("SELECT version FROM state")), ("",))[0])

    def relabel(self, ids: Iterable[int], label: int) -> None:
        """Say that these are `label`; unknown ids are passed over. Raises DatasetError if that is no digit."""
        require_digit(label)
        with self._changing() as store:
            store.executemany("UPDATE digit SET label = ? WHERE id = ?", [(label, digit_id) for digit_id in ids])

    def delete(self, ids: Iterable[int]) -> None:
        """Forget these; unknown ids are passed over."""
        with self._changing() as store:
            store.executemany("DELETE FROM digit WHERE id = ?", [(digit_id,) for digit_id in ids])

    def restore(self, samples: Iterable[Sample]) -> None:
        """Make these what they were, under their old ids, whether they were deleted or relabelled since."""
        with self._changing() as store:
            store.executemany(
                "INSERT INTO digit VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET label = excluded.label ON CONFLICT (mark) DO NOTHING",
                [_row(sample) for sample in samples],
            )

    def images(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """All digits as a network sees them, (n, 28, 28), and their labels, (n,), the oldest first."""
        samples = self.all()
        return self.pictures(samples), np.array([sample.label for sample in samples], np.uint8)

    def pictures(self, samples: Sequence[Sample]) -> NDArray[np.uint8]:
        """`samples` as a network sees them, (n, 28, 28). What was drawn before is not drawn again."""
        pictures = np.empty((len(samples), SIDE, SIDE), np.uint8)
        for number, sample in enumerate(samples):
            image = self.picture(sample)
            if image is None:
                image = to_image(sample.strokes, sample.pen)
                with self._lock:
                    self._images[sample.mark, sample.pen] = image
                    while len(self._images) > IMAGES_KEPT:
                        del self._images[next(iter(self._images))]
            pictures[number] = image
        return pictures

    def picture(self, sample: Sample) -> NDArray[np.uint8] | None:
        """The image of `sample`, (28, 28), if it was drawn before: takes no time."""
        return self._images.get((sample.mark, sample.pen))

    def _select(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query; none if nothing was kept yet."""
        if self._absent():
            return []
        with self._open() as store:
            return store.execute(query).fetchall() if version_of(store) else []

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """The store for one change, after which its version is another one."""
        with self._writing() as store:
            yield store
            store.execute("UPDATE state SET version = hex(randomblob(8))")


def _require_room(store: sqlite3.Connection) -> None:
    if store.execute("SELECT COUNT(*) FROM digit").fetchone()[0] > MOST_DIGITS:
        raise DatasetError(f"There is room for {MOST_DIGITS:,} digits; delete some first.")


_Row = tuple[int, int, float, float, bytes, bytes, bytes, bytes]  # _COLUMNS, mark


def _row(sample: Sample) -> _Row:
    return sample.id, sample.label, sample.pen, sample.written, *packed(sample.strokes), sample.mark


def _sample(row: tuple[Any, ...]) -> Sample:
    digit_id, label, pen, written, *strokes = row
    try:
        return unpacked(digit_id, label, (strokes[0], strokes[1], strokes[2]), pen, written)
    except DatasetError as error:
        raise LibraryError(
            f"The drawn digit {digit_id} cannot be understood ({str(error).rstrip('.')}); "
            f"`resnet-gui digits delete {digit_id}` forgets it."
        ) from None


def _migrate(store: sqlite3.Connection) -> None:
    """An empty store gets its tables."""
    if version_of(store) == 0:
        for statement in _TABLES:
            store.execute(statement)
        store.execute(f"PRAGMA user_version = {_SCHEMA}")
