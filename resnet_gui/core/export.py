"""Runs as files for other programs: which kinds there are, tables (CSV) and records with curves (JSON).

`resnet_gui.engine.exporting.write_export` writes any kind.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import SHORTCUT_SETTINGS
from resnet_gui.core.command_text import command_of
from resnet_gui.core.comparison import Entry
from resnet_gui.core.errors import FileError
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.files import whole_file
from resnet_gui.core.run import Run
from resnet_gui.core.run_file import curves_of, record_of

FORMAT = "resnet-gui/runs/1"  # of the JSON
LAST_STEPS = 20  # the training figures of a run are means over so many
_VALIDATION = ("validation_loss", "validation_accuracy")
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet calculates rather than shows


class FileKind(StrEnum):
    """What runs can be written to: the suffix of the file."""

    RUN = ".npz"  # a whole run with its weights, for `runs import`
    NETWORK = ".keras"  # the trained network
    TABLE = ".csv"
    RECORDS = ".json"
    REPORT = ".html"
    EVENTS = ".tb"  # a folder for TensorBoard

    @property
    def of_one_run(self) -> bool:
        """Whether it holds one run only, and needs its weights."""
        return self in (FileKind.RUN, FileKind.NETWORK)

    @property
    def words(self) -> str:
        """For people: `CSV table`."""
        return _WORDS[self]


_WORDS = {
    FileKind.RUN: "run file",
    FileKind.NETWORK: "Keras network",
    FileKind.TABLE: "CSV table",
    FileKind.RECORDS: "JSON records",
    FileKind.REPORT: "HTML report",
    FileKind.EVENTS: "TensorBoard folder",
}


class Table(StrEnum):
    """What a row of a CSV file is."""

    STEPS = "steps"
    EPOCHS = "epochs"
    RUNS = "runs"


def kind_of(path: Path, count: int) -> FileKind:
    """The kind of file that `path` is for `count` runs. Raises FileError if they cannot be written there."""
    try:
        kind = FileKind(path.suffix.lower())
    except ValueError:
        kinds = ", ".join(f"{kind} ({kind.words})" for kind in FileKind)
        raise FileError(f"{path} ends in none of {kinds}; name such a file.") from None
    if count == 0:
        raise FileError(f"There are no runs to write to {path}; choose one or more.")
    if kind.of_one_run and count > 1:
        several = ", ".join(kind for kind in FileKind if not kind.of_one_run)
        raise FileError(f"A {kind} file holds one run, not {count}; choose one, or a file that ends in {several}.")
    if not path.parent.is_dir():
        raise FileError(f"The folder {path.parent} does not exist; make it, or name another.")
    if kind is FileKind.EVENTS and path.exists():
        raise FileError(f"{path} exists already; name another folder, or delete it.")
    if kind is not FileKind.EVENTS and path.is_dir():
        raise FileError(f"{path} is a folder; name a file.")
    return kind


def entries_of(runs: Iterable[Run]) -> list[Entry]:
    """`runs` as a comparison, where no window has given them names and colours: no two names are the same."""
    entries: list[Entry] = []
    for run in runs:
        taken = {entry.name for entry in entries}
        free = (f"{run.name} ({number})" for number in range(2, len(taken) + 3))
        name = run.name if run.name not in taken else next(name for name in free if name not in taken)
        entries.append(Entry(run, name, len(entries) if run.labels.color is None else run.labels.color))
    return entries


def steps_per_epoch(run: Run) -> int:
    """Of a run whose length is known; else all its steps."""
    return max(1, run.total_steps // run.experiment.recipe.epochs or run.step)


def date_text(run: Run) -> str:
    """When `run` began, such as `2026-11-25 23:36:13Z`, in universal time."""
    return datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def versions_text(run: Run) -> str:
    """The programs that trained `run`: `keras 3.15.0; tensorflow 2.21.0`."""
    return "; ".join(f"{name} {version}" for name, version in run.versions.items())


def mean_of_last(values: NDArray[np.float32]) -> float | None:
    """The mean of the last LAST_STEPS of `values`; None for none."""
    with np.errstate(over="ignore"):
        return float(values[-LAST_STEPS:].mean(dtype=np.float64)) if len(values) else None


def settings_of(experiment: Experiment) -> dict[str, Any]:
    """All settings by their names; None for those that the shortcut type does not have."""
    parts = (experiment.architecture, experiment.recipe)
    settings = {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
    for name, shortcuts in SHORTCUT_SETTINGS.items():
        if experiment.architecture.shortcut not in shortcuts:
            settings[name] = None
    return settings


def figures_of(run: Run) -> dict[str, Any]:
    """What is known of `run` but its id and its curves: plain values, ready for JSON once they are `finite`."""
    record = record_of(run)
    del record["id"]
    return {"outcome": str(record.pop("state")), "step": run.step, **record}


def finite(value: Any) -> Any:
    """`value` with None for numbers that JSON has no word for, such as the loss of a diverged run."""
    match value:
        case Mapping():
            return {key: finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [finite(inner) for inner in value]
        case float() if not math.isfinite(value):
            return None
    return value


def write_json(path: Path, runs: Sequence[Run]) -> None:
    """Records, epochs and curves of `runs`. Raises FileError if the disk refuses.

    `{"format": ..., "runs": [{"id", "name", "outcome", ..., "epochs": [...], "curves": {"loss": [...], ...}}, ...]}`;
    numbers that are not finite are null.
    """
    records = []
    for run in runs:
        record = {"id": run.id, "name": run.name, "command": command_of(run.experiment)} | figures_of(run)
        record["epochs"] = [
            {"epoch": epoch.epoch + 1, "step": epoch.step} | {name: getattr(epoch, name) for name in _VALIDATION}
            for epoch in run.history.epochs
        ]
        # As text and back, 0.1 of float32 stays 0.1.
        record["curves"] = {name: values.astype(str).astype(float).tolist() for name, values in curves_of(run).items()}
        records.append(record)
    text = json.dumps(finite({"format": FORMAT, "runs": records}), allow_nan=False)
    with whole_file(path) as file:
        file.write(f"{text}\n".encode())


def write_csv(path: Path, runs: Sequence[Run], table: Table) -> None:
    """A table of `runs`, one or more: UTF-8, commas, a header line. Raises FileError if the disk refuses.

    Numbers that are not finite, and what is not known, are empty cells. Text that a spreadsheet would take for a
    formula has an apostrophe before it.
    """
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(_rows(runs, table))
        text.detach()  # which writes what is left; the file is closed elsewhere


def _rows(runs: Sequence[Run], table: Table) -> Iterator[Iterable[str]]:
    match table:
        case Table.STEPS:
            yield ("run", "step", "epoch", "images", "seconds", "loss", "accuracy")
            for run in runs:
                yield from _step_rows(run)
        case Table.EPOCHS:
            yield ("run", "epoch", "step", "images", "seconds", "mean_loss", "mean_accuracy", *_VALIDATION)
            for run in runs:
                yield from _epoch_rows(run)
        case Table.RUNS:
            rows = [_run_row(run) for run in runs]
            yield rows[0]
            yield from ([_cell(value) for value in row.values()] for row in rows)


def _step_rows(run: Run) -> Iterator[tuple[str, ...]]:
    curves = curves_of(run)
    per_epoch, batch = steps_per_epoch(run), run.experiment.recipe.batch_size
    cells = [_cells(curves[name]) for name in ("seconds", "loss", "accuracy")]
    for index, row in enumerate(zip(*cells, strict=True)):
        yield (_cell(run.id), str(index + 1), str(index // per_epoch + 1), str((index + 1) * batch), *row)


def _epoch_rows(run: Run) -> Iterator[list[str]]:
    curves, batch, begun = curves_of(run), run.experiment.recipe.batch_size, 0
    for epoch in run.history.epochs:
        seconds = curves["seconds"][epoch.step - 1 : epoch.step]
        figures: list[Any] = [run.id, epoch.epoch + 1, epoch.step, epoch.step * batch, *_cells(seconds)]
        with np.errstate(over="ignore", invalid="ignore"):
            for name in ("loss", "accuracy"):
                of_epoch = curves[name][begun : epoch.step]
                figures.append(float(of_epoch.mean(dtype=np.float64)) if len(of_epoch) else None)
        yield [_cell(value) for value in (*figures, epoch.validation_loss, epoch.validation_accuracy)]
        begun = epoch.step


def _run_row(run: Run) -> dict[str, Any]:
    """The cells of a run by their columns."""
    architecture, curves = run.experiment.architecture, curves_of(run)
    return {
        "run": run.id,
        "name": run.name,
        "tags": ", ".join(run.labels.tags),
        "notes": run.labels.notes,
        "started": date_text(run),
        "outcome": str(run.state),
        "network": architecture.name,
        "depth": architecture.depth,
        "parameters": run.parameters or None,
        **settings_of(run.experiment),
        "steps": run.step,
        "train_seconds": run.train_seconds,
        "images_per_second": run.images_per_second,
        f"loss_of_last_{LAST_STEPS}_steps": mean_of_last(curves["loss"]),
        f"accuracy_of_last_{LAST_STEPS}_steps": mean_of_last(curves["accuracy"]),
        "best_validation_accuracy": run.history.best_accuracy,
        "test_loss": run.test_loss,
        "test_accuracy": run.test_accuracy,
        "data": run.data,
        "device": run.device,
        "precision_used": run.precision,
        "machine": run.machine,
        "versions": versions_text(run),
        "command": command_of(run.experiment),
    }


def _cells(values: NDArray[np.float32]) -> list[str]:
    """Numbers as short as float32 allows; empty where they are not finite."""
    text = values.astype(str)
    text[~np.isfinite(values)] = ""
    cells: list[str] = text.tolist()
    return cells


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value) if math.isfinite(value) else ""
        case str():
            return f"'{value}" if value.lstrip().startswith(_FORMULA) else str(value)
    return str(value)
