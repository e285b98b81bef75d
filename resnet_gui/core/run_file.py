"""A run as one value: its record for JSON, and a file of its own that holds record, curves and weights."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.archive import open_archive
from resnet_gui.core.checkpoint import Weights
from resnet_gui.core.confidence import UNCALIBRATED, Confidence
from resnet_gui.core.errors import ExplorerError, LibraryError
from resnet_gui.core.events import EpochEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.files import whole_file
from resnet_gui.core.gradients import Gradients
from resnet_gui.core.history import Curve, History
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.core.run_check import WEIGHT, check_epochs, read_curves, read_gradients, read_record, read_weights

_PASSING = {"history", "share", "seconds_left"}  # of interest only while a run lasts
_LATER = {"labels", "versions", "machine", "test_images", "example", "confidence"}  # older runs have none
_FIELDS = {field.name for field in fields(Run)} - _PASSING


def record_of(run: Run) -> dict[str, Any]:
    """Everything that is known of `run` but its curves' steps: plain values, ready for JSON."""
    record = {name: getattr(run, name) for name in _FIELDS}
    record["labels"] = asdict(run.labels)
    record["experiment"] = run.experiment.to_dict()
    record["confidence"] = run.confidence.to_dict() if run.confidence.fitted else None
    record["epochs"] = [
        [epoch.epoch, epoch.step, epoch.validation_loss, epoch.validation_accuracy] for epoch in run.history.epochs
    ]
    return record


def run_of(
    record: Any,
    loss: NDArray[np.float32],
    accuracy: NDArray[np.float32],
    seconds: NDArray[np.float32] | None = None,
    norms: NDArray[np.float32] | None = None,
    stride: int = 1,
) -> Run:
    """The run with this record and these curves, float32 (steps,). Raises LibraryError if they make no run.

    Without `seconds` its training time is spread evenly over the steps. `norms` and `stride` are of Gradients.of.
    """
    try:
        values = {name: record[name] for name in _FIELDS if name in record or name not in _LATER}
        values["labels"] = labels_of(record.get("labels", {}))
        values["experiment"] = Experiment.from_dict(record["experiment"])
        values["state"] = State(record["state"])
        values["confidence"] = Confidence.from_dict(record["confidence"]) if record.get("confidence") else UNCALIBRATED
        if seconds is None:
            seconds = np.linspace(0, record["train_seconds"], len(loss) + 1, dtype=np.float32)[1:]
        if not len(loss) == len(accuracy) == len(seconds):
            raise ValueError(f"curves of {len(loss)}, {len(accuracy)} and {len(seconds)} steps")
        history = History(Curve(loss), Curve(accuracy), Curve(seconds))
        if norms is not None:
            architecture = values["experiment"].architecture
            history.gradients = Gradients.of(norms, stride, architecture.blocks * architecture.stages, len(loss))
        for epoch, step, validation_loss, validation_accuracy in record["epochs"]:
            history.end_epoch(EpochEnded(values["id"], epoch, step, validation_loss, validation_accuracy))
        return Run(**values, history=history)
    except (ExplorerError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise LibraryError(f"A saved run cannot be understood ({error}); was it made by another version?") from None


def labels_of(values: Any) -> Labels:
    """The labels with these fields. Raises TypeError or AttributeError if they make none."""
    return Labels(**{**values, "tags": tuple(values.get("tags", ()))})


def curves_of(run: Run) -> dict[str, NDArray[np.float32]]:
    """Loss, accuracy and seconds of each step, float32 (steps,), of one length even while the run is trained."""
    history = run.history
    curves = {"loss": history.loss.values, "accuracy": history.accuracy.values, "seconds": history.seconds.values}
    steps = min(map(len, curves.values()))
    return {name: values[:steps] for name, values in curves.items()}


def write_run(path: Path, run: Run, weights: Weights) -> None:
    """Put `run` and its weights into the file `path`, an .npz archive. Raises FileError if the disk refuses.

    Where its data lay on this machine is not told: the file may go anywhere.
    """
    arrays = {f"{WEIGHT}{name}": values for name, values in weights.items()}
    record = record_of(run)
    record["dataset"] = run.data
    arrays["record"] = np.frombuffer(json.dumps(record, sort_keys=True).encode(), np.uint8)
    gradients = run.history.gradients
    if len(gradients):
        arrays |= {"gradients": gradients.norms.ravel(), "gradients_stride": np.array(gradients.stride)}
    write_arrays(path, arrays | curves_of(run))


def read_run(path: Path) -> tuple[Run, Weights]:
    """The run and the weights that `write_run` put into `path`; no weights if it holds none.

    Anybody may have made the file: everything in it is checked. Raises LibraryError that says what is wrong.
    """
    with open_archive(path, "run file", "`resnet-gui runs export` writes such files") as archive:
        record = read_record(archive, _FIELDS - _LATER | {"epochs"})
        curves: dict[str, Any] = read_curves(archive) | read_gradients(archive)
        run = run_of(record, **curves)
        check_epochs(run.history)
        return run, read_weights(archive, run.experiment, diverged=run.state is State.DIVERGED)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an .npz archive that is whole or not there at all. Raises FileError if the disk refuses."""
    with whole_file(path) as file:
        # Not compressed: weights hardly shrink, and it would take thirty times as long.
        np.savez(file, **arrays)  # type: ignore[arg-type]  # its own keywords have other types


def read_arrays(path: Path) -> Weights:
    """All arrays of the .npz archive `path`; nothing is unpickled. Raises LibraryError if it is missing or broken."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise LibraryError(f"{path} is missing: the run's weights are gone; train it again.") from None
    except OSError as error:
        raise LibraryError(f"{path} cannot be read ({error.strerror or error}).") from None
    except Exception:  # zipfile, its decompressors and NumPy meet damaged bytes with a dozen kinds of errors
        raise LibraryError(f"{path} is damaged or no .npz archive; train the run again.") from None
