"""SQLite files that any thread and several windows may use at once, and what is said where one cannot be used."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from resnet_gui.core.errors import LibraryError

BUSY_SECONDS = 10.0  # how long to wait for another window that is writing

_REMEDIES = {  # by what the message says
    "locked": "another program holds the file: close it, or wait",
    "full": "make room on the disk, or set RESNET_GUI_HOME to another folder",
    "readonly": "allow writing to the file and its folder, or set RESNET_GUI_HOME to another folder",
    "permission": "allow reading and writing the file and its folder, or set RESNET_GUI_HOME to another folder",
    "not a database": "it is damaged, or something else: move it away, and a new one is begun",
    "malformed": "it is damaged: move it away, and a new one is begun",
    "decode": "it is damaged: move it away, and a new one is begun",
}


class Store:
    """One SQLite file. Opens it anew for each request, and makes it with the first that writes."""

    def __init__(self, file: Path, holds: str, schema: int, migrate: Callable[[sqlite3.Connection], None]) -> None:
        """`holds` names the content in sentences (`The saved runs`).

        `migrate` brings a store, within a transaction, to the version `schema`, which its user_version tells.
        """
        self._file = file
        self._holds, self._schema, self._migrate = holds, schema, migrate

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self._file.parent

    def _absent(self) -> bool:
        """Whether there is no file, which reading is not to make."""
        folder = self._file.parent
        return not os.path.exists(self._file) and (os.path.isdir(folder) or not os.path.exists(folder))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The store for one change; what is not finished did not happen."""
        with self._open() as store:
            _log_ahead(store)
            store.execute("PRAGMA synchronous = NORMAL")
            store.execute("BEGIN IMMEDIATE")  # one writer at a time
            self._migrate(store)
            yield store
            store.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The store for one request; what is not committed in the end did not happen."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connected()) as store:
                if version_of(store) > self._schema:
                    raise LibraryError(f"{self._file} was written by a newer version of ResNet Explorer; install that.")
                if 0 < version_of(store) < self._schema:
                    store.execute("BEGIN IMMEDIATE")
                    self._migrate(store)
                    store.execute("COMMIT")
                yield store
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            raise LibraryError(f"{self._holds} in {self._file} cannot be used ({error}); {_remedy(error)}.") from None

    def _connected(self) -> sqlite3.Connection:
        folder, name = self._file.parent, str(self._file)
        only_read = os.path.isfile(self._file) and not os.access(folder, os.W_OK)
        if only_read:  # where SQLite cannot make its files beside the store, it does not open it in the usual way
            name = f"{self._file.absolute().as_uri()}?immutable=1"
        return sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, uri=only_read)


def _log_ahead(store: sqlite3.Connection) -> None:
    """Let the store keep a write-ahead log. Alone among statements this one does not wait for others that write."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            store.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(0.01)


def version_of(store: sqlite3.Connection) -> int:
    """The schema of the store; 0 if it is still empty."""
    version: int = store.execute("PRAGMA user_version").fetchone()[0]
    return version


def _remedy(error: Exception) -> str:
    """What helps where SQLite or the system says `error`."""
    text = str(error).lower()
    for part, remedy in _REMEDIES.items():
        if part in text:
            return remedy
    return "see to that file, or set RESNET_GUI_HOME to another folder"
