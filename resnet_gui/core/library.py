"""The saved runs: records and curves in one SQLite file, the weights of each run in a file beside it."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from resnet_gui.core.errors import LibraryError
from resnet_gui.core.paths import assets_folder, home_folder
from resnet_gui.core.run import Run
from resnet_gui.core.run_file import Weights, read_arrays, read_run, record_of, run_of, write_arrays

STARTER = "starter"  # the run id of the network that ships with the explorer
SCHEMA = 1  # of the SQLite file, kept in its user_version
BUSY_SECONDS = 10.0  # how long to wait for another window that is writing

_TABLE = """
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL,   -- JSON: experiment, outcome, figures
    loss BLOB NOT NULL,     -- float32, little endian, one for each step
    accuracy BLOB NOT NULL
) STRICT
"""
_CURVE = np.dtype("<f4")


class Library:
    """All saved runs. Opens its file anew for each request, so that any thread and several windows may ask.

    Every method raises FileError (mostly a LibraryError), with a sentence, if the store cannot be read or written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the store; it is made by the first `save`, and left alone before."""
        self._folder = folder or home_folder()
        self._file = self._folder / "runs.sqlite3"

    def save(self, run: Run, weights: Weights) -> None:
        """Keep `run` with its weights; replaces what was kept of it."""
        write_arrays(self._weights_file(run.id), weights)
        curves = (curve.values.astype(_CURVE).tobytes() for curve in (run.history.loss, run.history.accuracy))
        with self._open() as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("BEGIN IMMEDIATE")  # one writer at a time
            if _version(store) == 0:
                store.execute(_TABLE)
                store.execute(f"PRAGMA user_version = {SCHEMA}")
            store.execute("REPLACE INTO run VALUES (?, ?, ?, ?)", (run.id, json.dumps(record_of(run)), *curves))
            store.execute("COMMIT")

    def runs(self) -> list[Run]:
        """All saved runs with their curves, the oldest first; those whose records cannot be understood are left out."""
        return self.survey()[0]

    def survey(self) -> tuple[list[Run], list[str]]:
        """`runs`, and the ids of those that it leaves out, from one reading of the store."""
        runs, unreadable = [], []
        for row in self._select():
            try:
                runs.append(_run(*row))
            except LibraryError:  # written by another version, or damaged: the others can still be used
                unreadable.append(row[0])
        return sorted(runs, key=lambda run: run.started), unreadable

    def load(self, run_id: str) -> tuple[Run, Weights]:
        """The run with this id and its weights; `starter` is the network that ships with the explorer."""
        if run_id == STARTER:
            return read_run(assets_folder() / "starter.npz")
        return self.find(run_id), read_arrays(self._weights_file(run_id))

    def holds(self, run_id: str) -> bool:
        """Whether `load` would find this run and its weights; False also where the store cannot be used."""
        if run_id == STARTER:
            return os.path.isfile(assets_folder() / "starter.npz")
        try:
            return bool(self._select("WHERE id = ?", run_id)) and os.path.isfile(self._weights_file(run_id))
        except LibraryError:
            return False

    def find(self, run_id: str) -> Run:
        """The saved run with this id."""
        found = self._select("WHERE id = ?", run_id)
        if not found:
            raise _unknown(run_id)
        return _run(*found[0])

    def delete(self, run_id: str) -> None:
        """Forget the run with this id, be its record readable or not."""
        if not self._select("WHERE id = ?", run_id):
            raise _unknown(run_id)
        with self._open() as store:
            store.execute("DELETE FROM run WHERE id = ?", (run_id,))
        with suppress(OSError):
            self._weights_file(run_id).unlink()

    def _weights_file(self, run_id: str) -> Path:
        return self._folder / "weights" / f"{run_id}.npz"

    def _select(self, which: str = "", *values: str) -> list[tuple[str, str, bytes, bytes]]:
        if not os.path.exists(self._file) and (os.path.isdir(self._folder) or not os.path.exists(self._folder)):
            return []
        with self._open() as store:
            if _version(store) == 0:  # another thread or window is making it at this moment
                return []
            return store.execute(f"SELECT id, record, loss, accuracy FROM run {which}", values).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The store for one request; what is not committed in the end did not happen."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)) as store:
                if _version(store) > SCHEMA:
                    raise LibraryError(f"{self._file} was written by a newer version of ResNet Explorer; install that.")
                yield store
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"The saved runs in {self._file} cannot be used ({error}); free the file or set RESNET_GUI_HOME "
                "to another folder."
            ) from None


def _version(store: sqlite3.Connection) -> int:
    """The schema of the store; 0 if it is still empty."""
    version: int = store.execute("PRAGMA user_version").fetchone()[0]
    return version


def _run(run_id: str, record: str, loss: bytes, accuracy: bytes) -> Run:
    try:
        return run_of(json.loads(record), *(np.frombuffer(curve, _CURVE) for curve in (loss, accuracy)))
    except (LibraryError, ValueError, TypeError) as error:
        raise LibraryError(
            f"The saved run {run_id} cannot be understood ({error}); was it made by another version? "
            f"`resnet-gui runs delete {run_id}` forgets it."
        ) from None


def _unknown(run_id: str) -> LibraryError:
    return LibraryError(f"There is no saved run {run_id!r}; `resnet-gui runs list` shows those that there are.")
