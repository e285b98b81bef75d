"""Training as one plain function: same code under a QThread, the command line and a test.

Several steps are compiled into one graph call, a chunk, short enough that pause, stop and the curves feel immediate.
"""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint, make_blueprint
from resnet_gui.core.errors import Cancelled, ExplorerError, RecipeError
from resnet_gui.core.events import (
    Control,
    EpochEnded,
    Event,
    Outcome,
    Paused,
    Progressed,
    Resumed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Experiment, Optimizer, Precision, Recipe
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import TrainingGraph, needs_scaling, scoring_graph, training_graph
from resnet_gui.engine.datasets import split
from resnet_gui.engine.device import Device, available_memory, choose_device
from resnet_gui.engine.device_data import DeviceData, Labelled, load_to_device
from resnet_gui.engine.network import Network
from resnet_gui.engine.optimizer import OptimizerState
from resnet_gui.engine.precision import fastest_precision

Emit = Callable[[Event], None]

CHUNK_SECONDS = 0.06  # so long a chunk should take: far below the 200 ms that a stop may need
MAX_CHUNK = 64  # steps
# Of the images evaluated in one call: as short as a chunk. A measured number would change the last bit of the loss.
SCORED_MULTIPLY_ADDS = 1.5e9
LEAST_SCORED, MOST_SCORED = 16, 1024  # images


def run(
    run_id: str,
    experiment: Experiment,
    *,
    emit: Emit,
    control: Control,
    data_dir: Path | None = None,
    device: str = "auto",
) -> Network | None:
    """Load the data, train `experiment` and say everything through `emit`; the last event is always a RunEnded.

    Returns the trained network (also after a stop), or None if there is none. Raises nothing: a failure is an event.
    """
    try:
        chosen = choose_device(device)
        data = load_to_device(
            experiment.recipe.dataset,
            chosen,
            data_dir=data_dir,
            progress=lambda message, share: emit(Progressed(run_id, message, share)),
            cancelled=lambda: control.stopped,
        )
        return train(run_id, experiment, data, chosen, emit=emit, control=control)
    except Cancelled:
        emit(RunEnded(run_id, Outcome.STOPPED, "stopped before the first step", 0))
    except Exception as error:  # the edge of the engine: whatever went wrong becomes an event
        emit(failure(run_id, error))
    return None


def failure(run_id: str, error: Exception, step: int = 0, seconds: float = 0.0) -> RunEnded:
    """The end of a run that `error` ended after `step` steps: a sentence, and the traceback unless that says it all."""
    details = "" if isinstance(error, ExplorerError) else "".join(traceback.format_exception(error))
    if isinstance(error, ExplorerError):
        message = str(error)
    elif isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        message = "The memory ran out: take a smaller batch, a smaller width or fewer blocks."
    else:
        message = f"Training failed with {type(error).__name__}; the details say more."
    return RunEnded(
        run_id, Outcome.FAILED, message, step, train_seconds=seconds, details=details, error=type(error).__name__
    )


def train(
    run_id: str, experiment: Experiment, data: DeviceData, device: Device, *, emit: Emit, control: Control
) -> Network:
    """Train `experiment` on `data`, which is on `device`, and return the network; the last event is a RunEnded.

    Raises DatasetError, RecipeError, Cancelled and what TensorFlow raises, all before the first step only.
    """
    clock = time.perf_counter()
    recipe = experiment.recipe
    parts = split(len(data.train), recipe)
    blueprint = make_blueprint(experiment.architecture, data.input_shape, data.classes)
    if device.kind == "cpu":  # a GPU has memory of its own, and says itself when it runs out
        require_memory(blueprint, recipe, len(parts.train))
    precision = recipe.precision
    if precision is Precision.AUTO:
        precision = fastest_precision(blueprint, min(recipe.batch_size, len(parts.train)), device)
    steps_per_epoch = -(-len(parts.train) // recipe.batch_size)
    total = recipe.epochs * steps_per_epoch
    control.raise_if_stopped()
    with tf.device(device.tf_name):
        network = Network(experiment.architecture, data.input_shape, data.classes, recipe.seed)
        emit(
            RunPrepared(
                run_id,
                experiment,
                network,
                dataset=data.source,
                device=device.text,
                precision=str(precision),
                parameters=blueprint.parameters,
                steps_per_epoch=steps_per_epoch,
            )
        )
        gate = _Gate(run_id, emit, control)
        control.raise_if_stopped()
        loop = _Loop(network, recipe, precision, device, gate)
        rate = _Rate()
        step, outcome, message = 0, Outcome.FINISHED, "finished"
        try:
            for epoch in range(recipe.epochs):
                order = np.random.default_rng((recipe.seed, epoch)).permutation(parts.train).astype(np.int32)
                for rows in loop.chunks(order):
                    if gate.closed(step):
                        outcome, message = Outcome.STOPPED, f"stopped after {step} steps"
                        break
                    loss, accuracy, seconds = loop.train_on(data.train, rows)
                    rate.add(rows.size, seconds, first=step == 0)
                    finite = np.isfinite(loss)
                    good = len(loss) if finite.all() else int(np.argmin(finite))
                    left = (total - step - good) * recipe.batch_size / max(rate.images_per_second, 1e-9)
                    trained = time.perf_counter() - clock - gate.waited
                    emit(StepsEnded(run_id, step, loss[:good], accuracy[:good], rate.images_per_second, left, trained))
                    step += good
                    if good < len(loss):
                        outcome = Outcome.DIVERGED
                        message = _diverged("loss", step + 1)
                        break
                if outcome is not Outcome.FINISHED:
                    break
                if len(parts.validation):
                    emit(Progressed(run_id, "validating"))
                figures = loop.evaluate(data.train, parts.validation, step)
                emit(EpochEnded(run_id, epoch, step, *(figures or (None, None))))
                if figures is not None and not np.isfinite(figures[0]):
                    outcome, message = Outcome.DIVERGED, _diverged("validation loss", step)
                    break
            train_seconds = time.perf_counter() - clock - gate.waited
            tested = None
            if outcome is Outcome.FINISHED:
                emit(Progressed(run_id, "testing"))
                everything = np.arange(len(data.test), dtype=np.int32)
                tested = loop.evaluate(data.test, everything, step)
                if tested is None:  # stopped in the last moment: trained to the end, but not tested
                    outcome, message = Outcome.STOPPED, f"stopped after {step} steps, before the test"
                elif not np.isfinite(tested[0]):
                    outcome, message, tested = Outcome.DIVERGED, _diverged("test loss", step), None
        except Exception as error:
            if step == 0:
                raise
            # What was learned until now is worth keeping: memory can run out in the last validation.
            emit(failure(run_id, error, step, time.perf_counter() - clock - gate.waited))
            return network
    test_loss, test_accuracy = tested or (None, None)
    emit(RunEnded(run_id, outcome, message, step, test_loss, test_accuracy, train_seconds, rate.images_per_second))
    return network


def require_memory(blueprint: Blueprint, recipe: Recipe, images: int) -> None:
    """Raises RecipeError if a training step on so many `images` would take more main memory than there is."""
    needed = blueprint.training_bytes(min(recipe.batch_size, images))
    free = available_memory()
    if free is not None and needed > free:
        raise RecipeError(
            f"A step of this network with batches of {recipe.batch_size} needs about {needed / 2**30:.1f} GiB of "
            f"memory and {free / 2**30:.1f} GiB are free: take a smaller batch, a smaller width or fewer blocks."
        )


def _diverged(what: str, step: int) -> str:
    return f"diverged: the {what} of step {step} is not finite; a smaller learning rate may help"


@dataclass
class _Rate:
    """Images per second over the run, without the first chunk, which warms up caches and allocators."""

    images: int = 0
    seconds: float = 0.0
    images_per_second: float = field(default=0.0)

    def add(self, images: int, seconds: float, first: bool) -> None:
        self.images_per_second = images / seconds if self.images == 0 else self.images_per_second
        if not first:
            self.images += images
            self.seconds += seconds
            self.images_per_second = self.images / self.seconds


class _Gate:
    """Where training looks up between two calls into the graph: waits while it is paused, ends if it is stopped."""

    def __init__(self, run_id: str, emit: Emit, control: Control) -> None:
        self._run_id, self._emit, self._control = run_id, emit, control
        self.waited = 0.0  # seconds of pauses

    def closed(self, step: int) -> bool:
        """Whether training is to end after `step` steps; returns once it is neither paused nor undecided."""
        if self._control.paused and not self._control.stopped:
            began = time.perf_counter()
            self._emit(Paused(self._run_id, step))
            self._control.wait_while_paused()
            self.waited += time.perf_counter() - began
            if not self._control.stopped:
                self._emit(Resumed(self._run_id))
        return self._control.stopped


class _Loop:
    """The steps of one run: how many go into a call, and what they leave in the network and the optimiser."""

    def __init__(
        self,
        network: Network,
        recipe: Recipe,
        precision: Precision,
        device: Device,
        gate: _Gate,
        graph: Callable[[Blueprint, Optimizer, Precision, str], TrainingGraph] = training_graph,
    ) -> None:
        self._network = network
        self._batch_size = recipe.batch_size
        self._gate = gate
        self._steps = 1  # of the next chunk
        self._scored = int(np.clip(SCORED_MULTIPLY_ADDS / network.blueprint.multiply_adds, LEAST_SCORED, MOST_SCORED))
        self._learning_rate = tf.constant(recipe.learning_rate, tf.float32)
        self._state = OptimizerState.new(recipe.optimizer, network.trained.shape[0], needs_scaling(precision))
        self._graph = graph(network.blueprint, recipe.optimizer, precision, device.tf_name)
        self._score = partial(scoring_graph, network.blueprint, precision, device.tf_name)

    def chunks(self, order: NDArray[np.int32]) -> Any:  # yields int32 (steps, batch)
        """Cut an epoch's rows into chunks; the last batch may be smaller and is a chunk of its own."""
        full = len(order) // self._batch_size * self._batch_size
        batches = order[:full].reshape(-1, self._batch_size)
        at = 0
        while at < len(batches):
            rows = batches[at : at + self._steps]
            at += len(rows)
            yield rows
        if full < len(order):
            yield order[None, full:]

    def train_on(
        self, data: Labelled, rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
        """Train on `rows`, (steps, batch): loss and accuracy of each step, and the seconds that it took."""
        began = time.perf_counter()
        figures = self._graph(
            self._network, self._state, tf.constant(rows), data.images, data.labels, self._learning_rate
        )
        loss, accuracy = (figure.numpy() for figure in figures)
        seconds = time.perf_counter() - began
        # Half way to the length that would have been right: one slow chunk must not swing the next.
        ideal = CHUNK_SECONDS / (seconds / len(rows))
        self._steps = int(np.clip((self._steps + ideal) / 2, 1, min(MAX_CHUNK, 4 * self._steps)))
        return loss, accuracy, seconds

    def evaluate(self, data: Labelled, rows: NDArray[np.int32], step: int) -> tuple[float, float] | None:
        """Mean loss and accuracy over `rows` of the images; None if there are none, or if a stop came in between."""
        if not len(rows):
            return None
        score = self._score()
        loss, correct = 0.0, 0.0
        for first in range(0, len(rows), self._scored):
            if self._gate.closed(step):
                return None
            batch = tf.constant(rows[first : first + self._scored])
            batch_loss, batch_correct = score(self._network, batch, data.images, data.labels)
            loss, correct = loss + float(batch_loss), correct + float(batch_correct)
        return loss / len(rows), correct / len(rows)
