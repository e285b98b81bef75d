"""The part `library`: how long the saved runs take to open, against how many there are."""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run, State

STEPS = 2_000  # of each run
EPOCHS = 10
COUNTS = (10, 100, 1000)


def measure(quick: bool) -> list[Figure]:
    """Milliseconds until all saved runs are there with their curves, for libraries of three sizes; medians."""
    milliseconds = {}
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for count in COUNTS[:-1] if quick else COUNTS:
            _fill(library, count)
            milliseconds[count] = 1000 * statistics.median(_seconds(library, count) for _ in range(3 if quick else 7))
    figures = [
        Figure(f"library of {count:,} runs opened", value, "ms", at_most=1000 if count >= 1000 else None)
        for count, value in milliseconds.items()
    ]
    few, many = list(milliseconds)[-2:]
    per_run = (milliseconds[many] / many) / (milliseconds[few] / few)
    return [*figures, Figure(f"a run among {many:,}, times one among {few:,}", per_run)]


def _seconds(library: Library, count: int) -> float:
    began = time.perf_counter()
    found = len(library.runs())
    seconds = time.perf_counter() - began
    assert found == count
    return seconds


def _fill(library: Library, count: int) -> None:
    """Save runs until there are `count`."""
    loss = np.linspace(2.3, 0.1, STEPS, dtype=np.float32)
    for number in range(len(library.runs()), count):
        run = Run(f"run-{number}", Experiment(), started=float(number), state=State.FINISHED)
        run.history.extend(StepsEnded(run.id, 0, loss, 1 - loss / 3, 1.0, 1.0))
        for epoch in range(EPOCHS):
            run.history.end_epoch(EpochEnded(run.id, epoch, (epoch + 1) * STEPS // EPOCHS, 0.2, 0.95))
        library.save(run, {"dense/kernel": np.zeros(10, np.float32)})
