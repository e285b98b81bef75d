"""The saved runs: records and curves in one SQLite file, the weights of each run in a file beside it."""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from resnet_gui.core.checkpoint import Checkpoint, Weights
from resnet_gui.core.checkpoint_file import read_checkpoint, read_weights, write_checkpoint
from resnet_gui.core.errors import LibraryError, UnknownRun
from resnet_gui.core.paths import assets_folder, home_folder
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.core.run_file import labels_of, read_run, record_of, run_of, write_arrays
from resnet_gui.core.schema import SCHEMA, migrate
from resnet_gui.core.session import is_alive, this_session
from resnet_gui.core.store import Store, version_of

STARTER = "starter"  # the run id of the network that ships with the explorer
DISCARDED_SECONDS = 86_400.0  # how long a discarded run can still be restored

_COLUMNS = "id, session, record, labels, norms, stride, loss, accuracy, seconds"
_CURVES = ("loss", "accuracy", "seconds")
_FLOAT = np.dtype("<f4")
_LASTING = {State.QUEUED, State.PREPARING, State.TRAINING, State.PAUSED}  # while their program runs


class Library(Store):
    """All saved runs. Opens its file anew for each request, so that any thread and several windows may ask.

    Every method raises FileError (mostly a LibraryError), with a sentence, if the store cannot be read or written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the store; it is made by the first run that is written, and left alone before."""
        super().__init__((folder or home_folder()) / "runs.sqlite3", "The saved runs", SCHEMA, migrate)

    def write(self, run: Run, since: int = 0) -> None:
        """Put down `run` as it is now: its record, and its curves from the 0-based step `since` on.

        Its labels are written with it the first time, and from then on by `label` alone.
        """
        record = record_of(run)
        labels = json.dumps(record.pop("labels"))
        curves = [getattr(run.history, name).values[since:].astype(_FLOAT).tobytes() for name in _CURVES]
        with self._writing() as store:
            store.execute(
                "INSERT INTO run (id, session, record, labels) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET session = excluded.session, record = excluded.record",
                (run.id, this_session(), json.dumps(record), labels),
            )
            store.execute("DELETE FROM steps WHERE run = ? AND first >= ?", (run.id, since))
            if curves[0]:
                store.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?)", (run.id, since, *curves))
            # Few rows, whatever the run's length: they are put down anew each time.
            store.execute("DELETE FROM gradients WHERE run = ?", (run.id,))
            gradients = run.history.gradients
            if len(gradients):
                norms = gradients.norms.astype(_FLOAT).tobytes()
                store.execute("INSERT INTO gradients VALUES (?, ?, ?)", (run.id, gradients.stride, norms))

    def keep(self, run_id: str, checkpoint: Checkpoint) -> None:
        """Put the weights of a run, and what it needs to be trained on, into its file."""
        write_checkpoint(self._weights_file(run_id), checkpoint)

    def save(self, run: Run, weights: Weights) -> None:
        """Keep `run`, which is over, with its weights; replaces what was kept of it."""
        write_arrays(self._weights_file(run.id), weights)
        self.write(run)

    def claim(self, run_id: str) -> tuple[Run, Checkpoint | None]:
        """Make a run this program's, to train it on: the run as it was at its last checkpoint, and that.

        Without a file of weights it begins anew.

        Raises LibraryError if it is being trained by another program at this moment, has come to its end, or has
        weights without what its optimiser remembers.
        """
        self.find(run_id)  # with the sentences for what is unknown, or cannot be understood
        with self._writing() as store:
            record = json.loads(_unless_busy(store, run_id))
            if record["state"] in (State.FINISHED, State.DIVERGED):
                raise LibraryError(f"The run {run_id} is {record['state']}: it has come to its end and cannot go on.")
            checkpoint = None
            if os.path.exists(self._weights_file(run_id)):
                checkpoint = read_checkpoint(self._weights_file(run_id))
                if checkpoint is None:
                    raise LibraryError(
                        f"The run {run_id} was saved without what its optimiser remembers and cannot go on; "
                        "use its settings for a new one."
                    )
            store.execute(
                "UPDATE run SET session = ?, record = ? WHERE id = ?",
                (this_session(), json.dumps({**record, "state": State.QUEUED}), run_id),
            )
        run = self.find(run_id)
        if checkpoint is not None and not (
            checkpoint.step <= run.step and checkpoint.epochs <= len(run.history.epochs)
        ):  # the power failed: the file was on the disk, its curve not yet; the same steps can be made again
            checkpoint = None
        run.message = ""
        run.history.rewind(*((checkpoint.step, checkpoint.epochs) if checkpoint else (0, 0)))
        return run, checkpoint

    def label(self, run_id: str, labels: Labels) -> None:
        """Write these labels on a run."""
        with self._writing() as store:
            store.execute("UPDATE run SET labels = ? WHERE id = ?", (json.dumps(asdict(labels)), run_id))

    def runs(self) -> list[Run]:
        """All saved runs with their curves, the oldest first; those whose records cannot be understood are left out."""
        return self.survey()[0]

    def ids(self) -> set[str]:
        """The ids of all runs, discarded ones included."""
        if not os.path.exists(self._file):
            return set()
        with self._open() as store:
            return {run for (run,) in store.execute("SELECT id FROM run")} if version_of(store) else set()

    def survey(self) -> tuple[list[Run], list[str]]:
        """`runs`, and the ids of those that it leaves out, from one reading of the store."""
        runs, unreadable = [], []
        for rows in self._select():
            try:
                runs.append(_run(rows))
            except LibraryError:  # written by another version, or damaged: the others can still be used
                unreadable.append(rows[0][0])
        return sorted(runs, key=lambda run: run.started), unreadable

    def load(self, run_id: str) -> tuple[Run, Weights]:
        """The run with this id and its weights, be it saved or one that ships with the explorer."""
        shipped = _shipped_file(run_id)
        if shipped is not None:
            return read_run(shipped)
        return self.find(run_id), read_weights(self._weights_file(run_id))

    def holds(self, run_id: str) -> bool:
        """Whether `load` would find this run and its weights; False also where the store cannot be used."""
        shipped = _shipped_file(run_id)
        if shipped is not None:
            return shipped.is_file()
        try:
            if not os.path.isfile(self._weights_file(run_id)):
                return False
            with self._open() as store:
                which = "SELECT 1 FROM run WHERE id = ? AND discarded IS NULL"
                return bool(version_of(store) and store.execute(which, (run_id,)).fetchone())
        except LibraryError:
            return False

    def find(self, run_id: str) -> Run:
        """The run with this id, be it saved or one that ships with the explorer."""
        shipped = _shipped_file(run_id)
        if shipped is not None:
            return read_run(shipped)[0]
        found = self._select(run_id)
        if not found:
            raise _unknown(run_id)
        return _run(found[0])

    def discard(self, run_ids: Sequence[str]) -> None:
        """Leave these runs out from now on; `restore` brings them back for a day.

        Raises LibraryError, and leaves out none, if another program trains one of them.
        """
        with self._writing() as store:
            for run_id in run_ids:
                with suppress(UnknownRun):  # never written: nothing to leave out
                    _unless_busy(store, run_id)
                store.execute("UPDATE run SET discarded = ? WHERE id = ?", (time.time(), run_id))

    def restore(self, run_ids: Sequence[str]) -> None:
        """Bring discarded runs back."""
        with self._writing() as store:
            store.executemany("UPDATE run SET discarded = NULL WHERE id = ?", [(run_id,) for run_id in run_ids])

    def purge(self) -> None:
        """Forget what was discarded a day ago or earlier."""
        if not os.path.exists(self._file):
            return
        with self._writing() as store:
            before = time.time() - DISCARDED_SECONDS
            gone = [run for (run,) in store.execute("SELECT id FROM run WHERE discarded < ?", (before,))]
            self._forget(store, gone)
        for part in (self.folder / "weights").glob(".*.npz.*"):  # what a killed program was about to write
            with suppress(OSError):
                if part.stat().st_mtime < before:
                    part.unlink()

    def delete(self, run_id: str) -> None:
        """Forget the run with this id, be its record readable or not."""
        if not os.path.exists(self._file):  # which asking is not to make
            raise _unknown(run_id)
        with self._writing() as store:
            _unless_busy(store, run_id)
            self._forget(store, [run_id])

    def _forget(self, store: sqlite3.Connection, run_ids: Sequence[str]) -> None:
        for run_id in run_ids:
            for table in ("steps", "gradients"):
                store.execute(f"DELETE FROM {table} WHERE run = ?", (run_id,))
            store.execute("DELETE FROM run WHERE id = ?", (run_id,))
            with suppress(OSError):
                self._weights_file(run_id).unlink()

    def _weights_file(self, run_id: str) -> Path:
        return self.folder / "weights" / f"{run_id}.npz"

    def _select(self, run_id: str | None = None) -> list[list["_Row"]]:
        """The rows of each run that was not discarded, one for each piece of its curves."""
        if self._absent():
            return []
        which, values = ("", ()) if run_id is None else ("AND id = ?", (run_id,))
        with self._open() as store:
            if version_of(store) == 0:  # another thread or window is making it at this moment
                return []
            rows = store.execute(
                f"SELECT {_COLUMNS} FROM run LEFT JOIN steps ON run.id = steps.run "
                "LEFT JOIN gradients ON run.id = gradients.run AND first = 0 "  # with the first piece alone
                f"WHERE discarded IS NULL {which} ORDER BY run.id, first",
                values,
            ).fetchall()
        found: dict[str, list[_Row]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(row)
        return list(found.values())


def example_runs() -> list[Run]:
    """The runs that ship with the explorer, to have something to compare at the first start. Raises LibraryError."""
    folder = assets_folder() / "examples"
    runs = [read_run(file)[0] for file in sorted(folder.glob("*.npz"))]
    return sorted((replace(run, example=True) for run in runs), key=lambda run: run.started)


def shipped_ids() -> set[str]:
    """The ids of all runs that ship with the explorer."""
    return {STARTER, *(file.stem for file in (assets_folder() / "examples").glob("*.npz"))}


def _shipped_file(run_id: str) -> Path | None:
    """The file of a run that ships with the explorer; None if it is another one."""
    if run_id == STARTER:
        return assets_folder() / "starter.npz"
    files = (assets_folder() / "examples").glob("*.npz")
    return next((file for file in files if file.stem == run_id), None)


_Row = tuple[str, str, str, str, bytes | None, int | None, bytes | None, bytes | None, bytes | None]  # _COLUMNS


def _run(rows: list[_Row]) -> Run:
    """The run of these rows, which are the pieces of its curves in their order."""
    run_id, session, record, labels, norms, stride = rows[0][:6]
    try:
        pieces = zip(*(row[6:] for row in rows), strict=True)
        loss, accuracy, seconds = (np.frombuffer(b"".join(p or b"" for p in piece), _FLOAT) for piece in pieces)
        untimed = not len(seconds) and len(loss)  # a run of the first version
        recorded = None if norms is None else np.frombuffer(norms, _FLOAT)
        run = run_of(json.loads(record), loss, accuracy, None if untimed else seconds, recorded, stride or 1)
        run.labels = labels_of(json.loads(labels))
    except (LibraryError, ValueError, TypeError, AttributeError) as error:
        raise LibraryError(
            f"The saved run {run_id} cannot be understood ({error}); was it made by another version? "
            f"`resnet-gui runs delete {run_id}` forgets it."
        ) from None
    if run.state in _LASTING and not is_alive(session):
        run.state, run.message = State.INTERRUPTED, f"interrupted after {run.step:,} steps"
    return run


def _is_lasting(record: str) -> bool:
    try:
        return json.loads(record)["state"] in _LASTING
    except (ValueError, TypeError, LookupError):  # whatever it is, it can be forgotten
        return False


def _unless_busy(store: sqlite3.Connection, run_id: str) -> str:
    """The record of a run. Raises LibraryError if there is none, or if another program trains it."""
    which = "SELECT session, record FROM run WHERE id = ? AND discarded IS NULL"
    row = store.execute(which, (run_id,)).fetchone()
    if row is None:
        raise _unknown(run_id)
    session, record = row
    if session != this_session() and _is_lasting(record) and is_alive(session):
        raise LibraryError(f"The run {run_id} is being trained in another window; stop it there first.")
    return str(record)


def _unknown(run_id: str) -> LibraryError:
    return UnknownRun(f"There is no saved run {run_id!r}; `resnet-gui runs list` shows those that there are.")
