"""Training as one plain function: same code under a QThread, the command line and a test.

Several steps are compiled into one graph call, a chunk, short enough that pause, stop and the curves feel immediate.
"""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
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
from resnet_gui.engine.backend import keras, tf
from resnet_gui.engine.datasets import Dataset, load_dataset, split
from resnet_gui.engine.device import Device, available_memory, choose_device
from resnet_gui.engine.network import KERAS_LOCK, build_network

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
) -> keras.Model | None:
    """Load the data, train `experiment` and say everything through `emit`; the last event is always a RunEnded.

    Returns the trained network (also after a stop), or None if there is none. Raises nothing: a failure is an event.
    """
    try:
        dataset = load_dataset(
            experiment.recipe.dataset,
            data_dir=data_dir,
            progress=lambda message, share: emit(Progressed(run_id, message, share)),
            cancelled=lambda: control.stopped,
        )
        return train(run_id, experiment, dataset, choose_device(device), emit=emit, control=control)
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
    run_id: str, experiment: Experiment, dataset: Dataset, device: Device, *, emit: Emit, control: Control
) -> keras.Model:
    """Train `experiment` on `dataset` and return the network; the last event is a RunEnded.

    Raises DatasetError, RecipeError, Cancelled and what TensorFlow raises, all before the first step only.
    """
    clock = time.perf_counter()
    recipe = experiment.recipe
    precision = device.precision(recipe.precision)
    parts = split(dataset, recipe)
    blueprint = make_blueprint(experiment.architecture, dataset.input_shape, dataset.classes)
    if device.kind == "cpu":  # a GPU has memory of its own, and says itself when it runs out
        require_memory(blueprint, recipe, len(parts.train))
    steps_per_epoch = -(-len(parts.train) // recipe.batch_size)
    total = recipe.epochs * steps_per_epoch
    control.raise_if_stopped()
    with tf.device(device.tf_name):
        network = build_network(
            experiment.architecture, dataset.input_shape, dataset.classes, precision, seed=recipe.seed
        )
        parameters = sum(int(np.prod(v.shape)) for v in network.trainable_variables)
        emit(
            RunPrepared(
                run_id,
                experiment,
                network,
                dataset=dataset.source,
                device=device.text,
                precision=str(precision),
                parameters=parameters,
                steps_per_epoch=steps_per_epoch,
            )
        )
        gate = _Gate(run_id, emit, control)
        control.raise_if_stopped()
        loop = _Loop(network, recipe, precision, dataset, gate, blueprint.multiply_adds)
        rate = _Rate()
        step, outcome, message = 0, Outcome.FINISHED, "finished"
        try:
            for epoch in range(recipe.epochs):
                order = np.random.default_rng((recipe.seed, epoch)).permutation(parts.train).astype(np.int32)
                for rows in loop.chunks(order):
                    if gate.closed(step):
                        outcome, message = Outcome.STOPPED, f"stopped after {step} steps"
                        break
                    loss, accuracy, seconds = loop.train_on(rows)
                    rate.add(rows.size, seconds, first=step == 0)
                    finite = np.isfinite(loss)
                    good = len(loss) if finite.all() else int(np.argmin(finite))
                    left = (total - step - good) * recipe.batch_size / max(rate.images_per_second, 1e-9)
                    emit(StepsEnded(run_id, step, loss[:good], accuracy[:good], rate.images_per_second, left))
                    step += good
                    if good < len(loss):
                        outcome = Outcome.DIVERGED
                        message = _diverged("loss", step + 1)
                        break
                if outcome is not Outcome.FINISHED:
                    break
                if len(parts.validation):
                    emit(Progressed(run_id, "validating"))
                figures = loop.evaluate(dataset.x_train, dataset.y_train, parts.validation, step)
                emit(EpochEnded(run_id, epoch, step, *(figures or (None, None))))
                if figures is not None and not np.isfinite(figures[0]):
                    outcome, message = Outcome.DIVERGED, _diverged("validation loss", step)
                    break
            train_seconds = time.perf_counter() - clock - gate.waited
            tested = None
            if outcome is Outcome.FINISHED:
                emit(Progressed(run_id, "testing"))
                everything = np.arange(len(dataset.y_test), dtype=np.int32)
                tested = loop.evaluate(dataset.x_test, dataset.y_test, everything, step)
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


def make_optimizer(recipe: Recipe, precision: Precision) -> keras.optimizers.Optimizer:
    """The recipe's optimiser; float16 gets loss scaling, since its small gradients would vanish."""
    if recipe.optimizer is Optimizer.ADAM:
        optimizer = keras.optimizers.Adam(recipe.learning_rate)
    else:
        optimizer = keras.optimizers.SGD(recipe.learning_rate, momentum=0.9)  # He et al. 2015, section 3.4
    return keras.optimizers.LossScaleOptimizer(optimizer) if precision is Precision.MIXED_FLOAT16 else optimizer


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
    """The compiled steps of one run. All images lie on the device as one constant; a step is told its rows."""

    def __init__(
        self,
        network: keras.Model,
        recipe: Recipe,
        precision: Precision,
        dataset: Dataset,
        gate: _Gate,
        multiply_adds: int,
    ) -> None:
        self._network = network
        self._batch_size = recipe.batch_size
        self._gate = gate
        self._steps = 1  # of the next chunk
        self._scored = int(np.clip(SCORED_MULTIPLY_ADDS / multiply_adds, LEAST_SCORED, MOST_SCORED))
        self._optimizer = make_optimizer(recipe, precision)
        self._images = tf.constant(dataset.x_train)
        self._labels = tf.constant(dataset.y_train)
        with KERAS_LOCK:
            self._optimizer.build(network.trainable_variables)
            self._chunk = tf.function(self._train_chunk, autograph=False).get_concrete_function(
                tf.TensorSpec([None, None], tf.int32)
            )
            self._score = tf.function(self._score_batch, autograph=False).get_concrete_function(
                tf.TensorSpec([None, *dataset.x_train.shape[1:]], tf.uint8), tf.TensorSpec([None], tf.uint8)
            )

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

    def train_on(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
        """Train on `rows`, (steps, batch): loss and accuracy of each step, and the seconds that it took."""
        began = time.perf_counter()
        loss, accuracy = (figures.numpy() for figures in self._chunk(tf.constant(rows)))
        seconds = time.perf_counter() - began
        # Half way to the length that would have been right: one slow chunk must not swing the next.
        ideal = CHUNK_SECONDS / (seconds / len(rows))
        self._steps = int(np.clip((self._steps + ideal) / 2, 1, min(MAX_CHUNK, 4 * self._steps)))
        return loss, accuracy, seconds

    def evaluate(
        self, images: NDArray[np.uint8], labels: NDArray[np.uint8], rows: NDArray[np.int32], step: int
    ) -> tuple[float, float] | None:
        """Mean loss and accuracy over `rows` of the images; None if there are none, or if a stop came in between."""
        if not len(rows):
            return None
        loss, correct = 0.0, 0.0
        for first in range(0, len(rows), self._scored):
            if self._gate.closed(step):
                return None
            batch = rows[first : first + self._scored]
            batch_loss, batch_correct = self._score(tf.constant(images[batch]), tf.constant(labels[batch]))
            loss, correct = loss + float(batch_loss), correct + float(batch_correct)
        return loss / len(rows), correct / len(rows)

    def _train_chunk(self, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """One graph: a step for each of `rows`, int32 (steps, batch). Loss and accuracy, float32 (steps,)."""
        steps = tf.shape(rows)[0]

        def step(i: tf.Tensor, losses: tf.TensorArray, accuracies: tf.TensorArray) -> Any:
            images = tf.cast(tf.gather(self._images, rows[i]), tf.float32)[..., None] / 255.0
            labels = tf.gather(self._labels, rows[i])
            with tf.GradientTape() as tape:
                probabilities = self._network(images, training=True)
                loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
                scaled = self._optimizer.scale_loss(loss)
            variables = self._network.trainable_variables
            self._optimizer.apply(tape.gradient(scaled, variables), variables)
            accuracy = tf.reduce_mean(_correct(labels, probabilities))
            return i + 1, losses.write(i, loss), accuracies.write(i, accuracy)

        empty = tf.TensorArray(tf.float32, steps), tf.TensorArray(tf.float32, steps)
        _, losses, accuracies = tf.while_loop(lambda i, *_: i < steps, step, (tf.constant(0), *empty))
        return losses.stack(), accuracies.stack()

    def _score_batch(self, images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Summed loss and number of right answers for uint8 images (n, height, width)."""
        probabilities = self._network(tf.cast(images, tf.float32)[..., None] / 255.0, training=False)
        loss = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
        return tf.reduce_sum(loss), tf.reduce_sum(_correct(labels, probabilities))


def _correct(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.equal(tf.argmax(probabilities, axis=-1), tf.cast(labels, tf.int64)), tf.float32)
