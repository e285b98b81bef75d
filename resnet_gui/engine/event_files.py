"""Runs as TensorBoard's event files, written without TensorBoard: `tensorboard --logdir FOLDER` shows their curves.

The format: TFRecords of Event messages (tensorflow/core/util/event.proto), the first of which names the version.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from resnet_gui.core.errors import FileError
from resnet_gui.core.run import Run
from resnet_gui.core.run_file import curves_of
from resnet_gui.engine.backend import tf

VERSION = "brain.Event:2"


def write_events(folder: Path, runs: Sequence[Run]) -> None:
    """Make `folder` with a folder for each run: loss and accuracy of each step, validation of each epoch.

    The time of a step is when the run began and its training time. Raises FileError if the folder exists or the disk
    refuses; then nothing is left behind.
    """
    try:
        if folder.exists():
            raise FileError(f"{folder} exists already; name another folder, or delete it.")
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as place:
            made = Path(place) / "made"  # with the rights of any new folder, which the place around it has not
            made.mkdir()
            for run in runs:
                inner = made / folder_name(run)
                inner.mkdir()
                _write(inner / f"events.out.tfevents.{int(run.started)}.{run.id}", run)
            made.rename(folder)
    except (OSError, ValueError, tf.errors.OpError) as error:
        why = getattr(error, "strerror", None) or getattr(error, "message", None) or error
        raise FileError(f"{folder} cannot be written ({why}); make room or choose another folder.") from None


def folder_name(run: Run) -> str:
    """The run's name and id, without characters that folders cannot have: `ResNet-50 c9d89f26-f14a0b1c`."""
    name = re.sub(r"[^\w .()+-]", "_", run.name, flags=re.ASCII).strip(" .")[:60]
    return f"{name} {run.id}" if name else run.id


def _write(path: Path, run: Run) -> None:
    with tf.io.TFRecordWriter(str(path)) as writer:
        first = tf.compat.v1.Event(wall_time=run.started, file_version=VERSION)
        writer.write(first.SerializeToString())
        for event in _events(run):
            writer.write(event.SerializeToString())


def _events(run: Run) -> Iterator[Any]:
    """In the order of the steps."""
    epochs = {epoch.step: epoch for epoch in run.history.epochs}  # before the curves, which may still grow
    curves = curves_of(run)
    for index, (loss, accuracy, seconds) in enumerate(zip(*(c.tolist() for c in curves.values()), strict=True)):
        step, time = index + 1, run.started + seconds
        yield _event(step, time, {"loss": loss, "accuracy": accuracy})
        epoch = epochs.get(step)
        if epoch is not None and epoch.validation_loss is not None and epoch.validation_accuracy is not None:
            figures = {"validation_loss": epoch.validation_loss, "validation_accuracy": epoch.validation_accuracy}
            yield _event(step, time, figures)


def _event(step: int, time: float, figures: Mapping[str, float]) -> Any:
    values = [tf.compat.v1.Summary.Value(tag=tag, simple_value=value) for tag, value in figures.items()]
    return tf.compat.v1.Event(step=step, wall_time=time, summary=tf.compat.v1.Summary(value=values))
