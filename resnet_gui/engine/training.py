"""Training as one plain function: same code under a QThread, the command line and a test."""

import os
import platform
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from resnet_gui import __version__
from resnet_gui.core.blueprint import Blueprint, make_blueprint
from resnet_gui.core.checkpoint import Checkpoint, Weights
from resnet_gui.core.errors import Cancelled, ExplorerError, LibraryError, RecipeError
from resnet_gui.core.events import (
    CheckpointMade,
    Control,
    EpochEnded,
    Event,
    Outcome,
    Progressed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Experiment, Precision, Recipe
from resnet_gui.core.schedule import learning_rates
from resnet_gui.engine.backend import tf
from resnet_gui.engine.confidence import measure_confidence
from resnet_gui.engine.datasets import split
from resnet_gui.engine.device import Device, available_memory, choose_device, processor_name
from resnet_gui.engine.device_data import DeviceData, load_to_device
from resnet_gui.engine.loop import Gate, Loop
from resnet_gui.engine.network import Network
from resnet_gui.engine.precision import fastest_precision

Emit = Callable[[Event], None]


def run(
    run_id: str,
    experiment: Experiment,
    *,
    emit: Emit,
    control: Control,
    data_dir: Path | None = None,
    device: str = "auto",
    checkpoint: Checkpoint | None = None,
    start: Weights | None = None,
) -> Network | None:
    """Load the data, train `experiment` and say everything through `emit`; the last event is always a RunEnded.

    It goes on from `checkpoint`, if there is one, or else begins with the weights `start`, if there are some. Returns
    the trained network (also after a stop), or None if there is none. Raises nothing: a failure is an event.
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
        return train(run_id, experiment, data, chosen, emit=emit, control=control, checkpoint=checkpoint, start=start)
    except Cancelled:
        step = checkpoint.step if checkpoint else 0
        before = "the first step" if checkpoint is None else "any further step"
        emit(RunEnded(run_id, Outcome.STOPPED, f"stopped before {before}", step))
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
    run_id: str,
    experiment: Experiment,
    data: DeviceData,
    device: Device,
    *,
    emit: Emit,
    control: Control,
    checkpoint: Checkpoint | None = None,
    start: Weights | None = None,
) -> Network:
    """Train `experiment` on `data`, which is on `device`, and return the network; the last event is a RunEnded.

    From a `checkpoint` on, it makes the same steps as a run that had never stopped. Raises DatasetError, RecipeError,
    LibraryError (checkpoint or `start` are another network's), Cancelled and what TensorFlow raises, all before the
    first step only.
    """
    with tf.device(device.tf_name):
        return _Training(run_id, experiment, data, device, emit, control, checkpoint, start).run()


class _Training:
    """One run: where it stands, and what comes next."""

    def __init__(
        self,
        run_id: str,
        experiment: Experiment,
        data: DeviceData,
        device: Device,
        emit: Emit,
        control: Control,
        checkpoint: Checkpoint | None,
        start: Weights | None,
    ) -> None:
        self._clock = time.perf_counter() - (checkpoint.seconds if checkpoint else 0.0)
        self._id, self._data, self._emit, self._control = run_id, data, emit, control
        self._recipe = recipe = experiment.recipe
        self._parts = split(data.images, recipe, data.scribbles, data.mine)
        images = len(self._parts.train)
        blueprint = make_blueprint(experiment.architecture, data.input_shape, data.classes)
        if device.kind == "cpu":  # a GPU has memory of its own, and says itself when it runs out
            require_memory(blueprint, recipe, images)
        precision = Precision(checkpoint.precision) if checkpoint else recipe.precision
        if precision is Precision.AUTO:
            precision = fastest_precision(blueprint, min(recipe.batch_size, images), device)
        self._steps_per_epoch = -(-images // recipe.batch_size)
        self._precision = precision
        self._step, self._epoch = (checkpoint.step, checkpoint.epochs) if checkpoint else (0, 0)
        self._first_step = self._step
        if checkpoint and (
            checkpoint.data not in ("", data.digest) or checkpoint.steps_per_epoch not in (0, self._steps_per_epoch)
        ):
            raise LibraryError(
                f"The training images of {run_id} are not what they were: another file, or drawn digits were added, "
                "relabelled or deleted since. It can go on only with the data that it began with."
            )
        control.raise_if_stopped()
        self._gate = Gate(run_id, emit, control, paused=self._keep)
        try:
            self._network = Network(
                experiment.architecture,
                data.input_shape,
                data.classes,
                recipe.seed,
                checkpoint.weights if checkpoint else start,
            )
            self._emit(self._prepared(experiment, device, blueprint))
            control.raise_if_stopped()
            state = checkpoint.state if checkpoint else None
            self._loop = Loop(self._network, recipe, precision, device, self._gate, state=state)
        except ValueError as error:
            if checkpoint is None and start is None:
                raise
            if checkpoint is None:
                raise LibraryError(
                    f"The run {recipe.start} has another architecture than the one that is to start from it: {error}."
                ) from None
            raise LibraryError(f"The checkpoint of {run_id} does not fit its network: {error}.") from None
        self._rate = _Rate()

    def run(self) -> Network:
        """Train until the end, whichever it is."""
        tested = None
        try:
            ended = self._train()
            seconds = self._seconds()
            if ended is None:
                ended, tested = self._test()
        except Exception as error:
            if self._step == 0:
                raise
            # What was learned until now is worth keeping: memory can run out in the last validation.
            self._keep()
            self._emit(failure(self._id, error, self._step, self._seconds()))
            return self._network
        outcome, message = ended
        self._keep(complete=outcome in (Outcome.FINISHED, Outcome.DIVERGED))
        loss, accuracy = tested or (None, None)
        rate = self._rate.images_per_second
        confidence = self._network.confidence
        self._emit(
            RunEnded(self._id, outcome, message, self._step, loss, accuracy, seconds, rate, confidence=confidence)
        )
        return self._network

    def _train(self) -> tuple[Outcome, str] | None:
        """Make the steps that are left; how the run ended, or None if it was trained to its end."""
        recipe, total = self._recipe, self._recipe.epochs * self._steps_per_epoch
        while self._epoch < recipe.epochs:
            order = np.random.default_rng((recipe.seed, self._epoch)).permutation(self._parts.train).astype(np.int32)
            for rows in self._loop.chunks(order, done=self._step - self._epoch * self._steps_per_epoch):
                if self._gate.closed(self._step):
                    return self._stopped()
                rates = learning_rates(recipe, self._step, len(rows), total)
                loss, accuracy, norms, seconds = self._loop.train_on(self._data.train, rows, rates)
                self._rate.add(rows.size, seconds, first=self._step == self._first_step)
                finite = np.isfinite(loss)
                good = len(loss) if finite.all() else int(np.argmin(finite))
                left = (total - self._step - good) * recipe.batch_size / max(self._rate.images_per_second, 1e-9)
                figures = loss[:good], accuracy[:good], self._rate.images_per_second, left, self._seconds()
                self._emit(StepsEnded(self._id, self._step, *figures, gradients=norms[:good]))
                self._step += good
                if good < len(loss):
                    return Outcome.DIVERGED, _diverged("loss", self._step + 1)
            ended = self._validate()
            if ended is not None:
                return ended
        return None

    def _validate(self) -> tuple[Outcome, str] | None:
        """End the epoch; how the run ended, if it did."""
        figures = None
        if len(self._parts.validation):
            self._emit(Progressed(self._id, "validating"))
            figures = self._loop.evaluate(self._data.train, self._parts.validation, self._step)
            if figures is None:  # the epoch is validated when the run is taken up again
                return self._stopped()
        self._emit(EpochEnded(self._id, self._epoch, self._step, *(figures or (None, None))))
        self._epoch += 1
        if figures is not None and not np.isfinite(figures[0]):
            return Outcome.DIVERGED, _diverged("validation loss", self._step)
        if self._epoch < self._recipe.epochs:
            self._keep()
        return None

    def _test(self) -> tuple[tuple[Outcome, str], tuple[float, float] | None]:
        """How the run ended, and loss and accuracy on the test images."""
        self._emit(Progressed(self._id, "testing"))
        everything = np.arange(len(self._data.test), dtype=np.int32)
        tested = self._loop.evaluate(self._data.test, everything, self._step)
        if tested is None:  # stopped in the last moment: trained to the end, but not tested
            return (Outcome.STOPPED, f"stopped after {self._step} steps, before the test"), None
        if not np.isfinite(tested[0]):
            return (Outcome.DIVERGED, _diverged("test loss", self._step)), None
        self._calibrate()
        return (Outcome.FINISHED, "finished"), tested

    def _calibrate(self) -> None:
        """Fit the network's confidence, which holds for the weights that it has in the end."""
        self._emit(Progressed(self._id, "calibrating"))
        self._network.confidence = measure_confidence(
            self._network, self._data.train, self._parts.validation, lambda: self._gate.closed(self._step)
        )

    def _keep(self, complete: bool = False) -> None:
        """Hand out a checkpoint, with the weights alone once nothing is left to be trained."""
        if self._step:
            checkpoint = Checkpoint(
                self._step,
                self._epoch,
                self._seconds(),
                str(self._precision),
                self._network.weights(),
                {} if complete else self._loop.state(),
                self._steps_per_epoch,
                self._data.digest,
            )
            self._emit(CheckpointMade(self._id, checkpoint))

    def _stopped(self) -> tuple[Outcome, str]:
        return Outcome.STOPPED, f"stopped after {self._step} steps"

    def _seconds(self) -> float:
        return time.perf_counter() - self._clock - self._gate.waited

    def _prepared(self, experiment: Experiment, device: Device, blueprint: Blueprint) -> RunPrepared:
        return RunPrepared(
            self._id,
            experiment,
            self._network,
            dataset=self._data.source,
            device=device.text,
            precision=str(self._precision),
            parameters=blueprint.parameters,
            steps_per_epoch=self._steps_per_epoch,
            first_step=self._step,
            first_epoch=self._epoch,
            versions={"resnet-gui": __version__, "tensorflow": tf.__version__, "python": platform.python_version()},
            machine=f"{platform.system()}, {processor_name()}, {os.cpu_count()} cores",
            test_images=len(self._data.test),
        )


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
