"""The one door for runs that leave as files, whatever the kind; loads TensorFlow only for kinds that need it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from resnet_gui.core.comparison import Entry
from resnet_gui.core.errors import FileError
from resnet_gui.core.export import FileKind, Table, kind_of, write_csv, write_json
from resnet_gui.core.files import whole_file
from resnet_gui.core.report import report_of
from resnet_gui.core.run_file import write_run


def write_export(
    path: Path,
    entries: Sequence[Entry],
    weights: Mapping[str, NDArray[Any]] | None = None,
    table: Table = Table.STEPS,
) -> None:
    """Write the runs of `entries` to `path`, whose suffix says as what: one of FileKind.

    A run file and a network are of one run, and need its `weights`; `table` is for CSV. Takes a moment: no GUI thread.
    Runs may still be training. Raises FileError for what cannot be written, and leaves nothing half-written.
    """
    kind = kind_of(path, len(entries))
    runs = [entry.run for entry in entries]
    if kind is FileKind.TABLE:
        write_csv(path, runs, table)
    elif kind is FileKind.RECORDS:
        write_json(path, runs)
    elif kind is FileKind.REPORT:
        report = report_of(entries, datetime.now().astimezone())
        with whole_file(path) as file:
            file.write(report.encode("utf-8", errors="replace"))
    elif kind is FileKind.EVENTS:
        from resnet_gui.engine.event_files import write_events

        write_events(path, runs)
    elif kind is FileKind.RUN:
        write_run(path, runs[0], dict(weights or {}))
    else:
        from resnet_gui.engine.keras_network import write_model

        if not weights:
            raise FileError(f"{entries[0].name} has no weights yet, so there is no network to write to {path}.")
        try:
            write_model(path, runs[0].experiment.architecture, dict(weights))
        except ValueError as error:
            raise FileError(f"The weights of {runs[0].id} do not fit its network: {error}.") from None
