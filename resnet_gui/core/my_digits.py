"""The digits that people drew here and labelled: their strokes in one SQLite file, and the images of them."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resnet_gui.core.errors import DatasetError, LibraryError
from resnet_gui.core.paths import home_folder
from resnet_gui.core.store import Store, version_of
from resnet_gui.core.strokes import SIDE, Stroke, to_image

CLASSES = 10
MOST_DIGITS = 100_000  # in all
MOST_POINTS = 100_000  # of one digit
LATEST = 253_402_300_799  # seconds since 1970: the last that has a date
THINNEST, THICKEST = 0.03, 0.5  # pen widths as shares of the box; a thinner pen may miss every pixel
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
_INT, _FLOAT = np.dtype("<i4"), np.dtype("<f4")


@dataclass(frozen=True, eq=False)
class Sample:
    """A digit that somebody drew, when (seconds since 1970), and with a pen how wide (a share of the digit's box).

    A stroke is float32 (points, 2), or (points, 3) with the pen's width at each point as a share of the whole width.
    """

    id: int
    label: int
    strokes: tuple[Stroke, ...]
    pen: float
    written: float

    @cached_property
    def mark(self) -> bytes:
        """The same for the same strokes, and for no others."""
        return _mark(_packed(self.strokes))


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
        _require_digit(label)
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
            key = sample.mark, sample.pen
            image = self._images.get(key)
            if image is None:
                image = to_image(sample.strokes, sample.pen)
                with self._lock:
                    self._images[key] = image
                    while len(self._images) > IMAGES_KEPT:
                        del self._images[next(iter(self._images))]
            pictures[number] = image
        return pictures

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


def checked(sample: Sample) -> Sample:
    """`sample` with strokes as they are kept: float32, none empty, a third column only where it is not all 1.

    Raises DatasetError if it cannot be kept.
    """
    _require_sense(sample)
    points = sum(len(stroke) for stroke in sample.strokes)
    if not 1 <= points <= MOST_POINTS:
        raise DatasetError(f"A digit has from 1 to {MOST_POINTS:,} points; got {points:,}.")
    strokes = tuple(_stroke(stroke) for stroke in sample.strokes if len(stroke))
    return Sample(sample.id, int(sample.label), strokes, float(sample.pen), float(sample.written))


def _stroke(stroke: Stroke) -> Stroke:
    if stroke.ndim != 2 or stroke.shape[1] not in (2, 3):
        raise DatasetError(f"A stroke has 2 or 3 numbers for each point; got an array of shape {stroke.shape}.")
    with np.errstate(over="ignore"):  # what becomes infinite is found right below
        stroke = stroke.astype(_FLOAT)
    if not np.isfinite(stroke).all():
        raise DatasetError("The points of a digit must be finite numbers.")
    if stroke.shape[1] == 3:
        if not ((stroke[:, 2] >= 0) & (stroke[:, 2] <= 1)).all():
            raise DatasetError("The pressure at a point must be from 0 to 1.")
        if (stroke[:, 2] == 1).all():
            stroke = stroke[:, :2]
    return stroke


def _require_sense(sample: Sample) -> None:
    """Raises DatasetError unless all but the strokes is as it must be; NaN is not."""
    _require_digit(sample.label)
    if not THINNEST <= sample.pen <= THICKEST:
        raise DatasetError(
            f"A pen's width is a share of the digit's box, from {THINNEST} to {THICKEST}; got {sample.pen}."
        )
    if not 0 <= sample.written <= LATEST:
        raise DatasetError(f"When a digit was written is told in seconds since 1970; got {sample.written}.")


def _require_digit(label: int) -> None:
    if label not in range(CLASSES):
        raise DatasetError(f"A digit's label is from 0 to {CLASSES - 1}; got {label}.")


def _require_room(store: sqlite3.Connection) -> None:
    if store.execute("SELECT COUNT(*) FROM digit").fetchone()[0] > MOST_DIGITS:
        raise DatasetError(f"There is room for {MOST_DIGITS:,} digits; delete some first.")


def pressure_of(strokes: Sequence[Stroke]) -> NDArray[np.float32] | None:
    """The third columns of `strokes`, 1 for those without; None if none of them has one."""
    if all(stroke.shape[1] == 2 for stroke in strokes):
        return None
    widths = [stroke[:, 2] if stroke.shape[1] == 3 else np.ones(len(stroke)) for stroke in strokes]
    return np.concatenate(widths).astype(_FLOAT)


_Packed = tuple[bytes, bytes, bytes]  # lengths, points, pressure
_Row = tuple[int, int, float, float, bytes, bytes, bytes, bytes]  # _COLUMNS, mark


def _packed(strokes: Sequence[Stroke]) -> _Packed:
    lengths = np.array([len(stroke) for stroke in strokes], _INT)
    points = np.concatenate([stroke[:, :2] for stroke in strokes]).astype(_FLOAT)
    pressure = pressure_of(strokes)
    return lengths.tobytes(), points.tobytes(), b"" if pressure is None else pressure.tobytes()


def _mark(packed: _Packed) -> bytes:
    lengths, points, pressure = packed
    # How many points there are tells where the first part ends and the next begins.
    return hashlib.blake2b(lengths + points + pressure, digest_size=16).digest()


def _row(sample: Sample) -> _Row:
    packed = _packed(sample.strokes)
    return sample.id, sample.label, sample.pen, sample.written, *packed, _mark(packed)


def _sample(row: tuple[Any, ...]) -> Sample:
    digit_id, label, pen, written, lengths, points, pressure = row
    try:
        points_of = np.frombuffer(lengths, _INT)
        ends = points_of.cumsum(dtype=np.int64).tolist()
        places = np.frombuffer(points, _FLOAT).reshape(-1, 2)
        if not ends or ends[-1] != len(places) or points_of.min() < 1 or not np.isfinite(places).all():
            raise DatasetError("its strokes do not add up")
        cuts = list(pairwise((0, *ends)))
        if pressure:
            places = np.hstack([places, np.frombuffer(pressure, _FLOAT)[:, None]])
        sample = Sample(digit_id, label, tuple(places[start:end] for start, end in cuts), pen, written)
        _require_sense(sample)
        return checked(sample) if pressure else sample  # which is quicker by far
    except (DatasetError, ValueError, TypeError) as error:
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
