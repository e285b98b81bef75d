"""The tables of the library, and the way there from each earlier version."""

import sqlite3

from resnet_gui.core.store import version_of

SCHEMA = 3  # kept in the file's user_version

_TABLES = (
    """
    CREATE TABLE run (
        id TEXT PRIMARY KEY,
        session TEXT NOT NULL,  -- the process that writes it
        record TEXT NOT NULL,   -- JSON: experiment, outcome, figures, epochs
        labels TEXT NOT NULL,   -- JSON: what people wrote on it
        discarded REAL          -- seconds since 1970; NULL if it was not
    ) STRICT
    """,
    """
    CREATE TABLE steps (
        run TEXT NOT NULL,
        first INTEGER NOT NULL,  -- 0-based number of the first step of this piece of the curves
        loss BLOB NOT NULL,      -- float32, little endian, one for each step
        accuracy BLOB NOT NULL,
        seconds BLOB NOT NULL,   -- empty for runs of the first version
        PRIMARY KEY (run, first)
    ) STRICT
    """,
)
_GRADIENTS = """
    CREATE TABLE gradients (
        run TEXT PRIMARY KEY,
        stride INTEGER NOT NULL,  -- every which step is recorded
        norms BLOB NOT NULL       -- float32, little endian: a row for each step that is, one norm for each block
    ) STRICT
    """


def migrate(store: sqlite3.Connection) -> None:
    """Bring the store, within a transaction, to the newest schema; an empty one gets its tables."""
    version = version_of(store)
    if version == SCHEMA:
        return
    if version == 1:  # one table, run (id, record, loss, accuracy)
        store.execute("ALTER TABLE run RENAME TO first_run")
    for table in _TABLES if version < 2 else ():
        store.execute(table)
    store.execute(_GRADIENTS)  # the third version brought them
    if version == 1:
        store.execute("INSERT INTO run SELECT id, '', record, '{}', NULL FROM first_run")
        store.execute("INSERT INTO steps SELECT id, 0, loss, accuracy, x'' FROM first_run")
        store.execute("DROP TABLE first_run")
    store.execute(f"PRAGMA user_version = {SCHEMA}")
