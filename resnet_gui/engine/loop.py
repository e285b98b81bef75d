"""The steps of one run: several are one call into the graph, a chunk, short enough to pause and stop in between."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.events import Control, Event, Paused, Resumed
from resnet_gui.core.experiment import Optimizer, Precision, Recipe
from resnet_gui.engine.augmentation import amounts_of
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import TrainingGraph, needs_scaling, scoring_graph, training_graph
from resnet_gui.engine.device import Device
from resnet_gui.engine.device_data import Labelled
from resnet_gui.engine.network import Network
from resnet_gui.engine.optimizer import OptimizerState

Emit = Callable[[Event], None]

CHUNK_SECONDS = 0.06  # so long a chunk should take: far below the 200 ms that a stop may need
MAX_CHUNK = 64  # steps
# Of the images evaluated in one call: as short as a chunk. A measured number would change the last bit of the loss.
SCORED_MULTIPLY_ADDS = 1.5e9
LEAST_SCORED, MOST_SCORED = 16, 1024  # images


class Gate:
    """Where training looks up between two calls into the graph: waits while it is paused, ends if it is stopped."""

    def __init__(self, run_id: str, emit: Emit, control: Control, paused: Callable[[], None] = lambda: None) -> None:
        """`paused` is called at the beginning of each pause."""
        self._run_id, self._emit, self._control, self._paused = run_id, emit, control, paused
        self.waited = 0.0  # seconds of pauses

    def closed(self, step: int) -> bool:
        """Whether training is to end after `step` steps; returns once it is neither paused nor undecided."""
        if self._control.paused and not self._control.stopped:
            began = time.perf_counter()
            self._emit(Paused(self._run_id, step))
            self._paused()
            self._control.wait_while_paused()
            self.waited += time.perf_counter() - began
            if not self._control.stopped:
                self._emit(Resumed(self._run_id))
        return self._control.stopped


class Loop:
    """The steps of one run: how many go into a call, and what they leave in the network and the optimiser."""

    def __init__(
        self,
        network: Network,
        recipe: Recipe,
        precision: Precision,
        device: Device,
        gate: Gate,
        graph: Callable[[Blueprint, Optimizer, Precision, str, bool], TrainingGraph] = training_graph,
        state: Mapping[str, NDArray[Any]] | None = None,
    ) -> None:
        """`state` is what the optimiser remembers of an earlier start. Raises ValueError if it is another network's."""
        self._network = network
        self._batch_size = recipe.batch_size
        self._gate = gate
        self._steps = 1  # of the next chunk
        self._scored = int(np.clip(SCORED_MULTIPLY_ADDS / network.blueprint.multiply_adds, LEAST_SCORED, MOST_SCORED))
        self._amounts, self._seed = tf.constant(amounts_of(recipe)), tf.constant(recipe.seed, tf.int64)
        self._state = OptimizerState.new(recipe.optimizer, network.trained.shape[0], needs_scaling(precision))
        if state is not None:
            self._state.restore(state)
        network.step = self._state.step
        self._graph = graph(network.blueprint, recipe.optimizer, precision, device.tf_name, recipe.augmented)
        self._score = partial(scoring_graph, network.blueprint, precision, device.tf_name)

    def chunks(self, order: NDArray[np.int32], done: int = 0) -> Any:  # yields int32 (steps, batch)
        """Cut an epoch's rows, without those of the first `done` steps, into chunks.

        The last batch may be smaller and is a chunk of its own.
        """
        full = len(order) // self._batch_size * self._batch_size
        batches = order[:full].reshape(-1, self._batch_size)
        at = done
        while at < len(batches):
            rows = batches[at : at + self._steps]
            at += len(rows)
            yield rows
        if full < len(order) and done <= len(batches):
            yield order[None, full:]

    def train_on(
        self, data: Labelled, rows: NDArray[np.int32], learning_rates: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], float]:
        """Train on `rows`, (steps, batch): TrainingGraph's figures of each step, and the seconds that it took."""
        began = time.perf_counter()
        figures = self._graph(
            self._network,
            self._state,
            tf.constant(rows),
            data.images,
            data.labels,
            tf.constant(learning_rates),
            self._amounts,
            self._seed,
        )
        loss, accuracy, norms = (figure.numpy() for figure in figures)
        seconds = time.perf_counter() - began
        # Half way to the length that would have been right: one slow chunk must not swing the next.
        ideal = CHUNK_SECONDS / (seconds / len(rows))
        self._steps = int(np.clip((self._steps + ideal) / 2, 1, min(MAX_CHUNK, 4 * self._steps)))
        return loss, accuracy, norms, seconds

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of what the optimiser remembers, by the names of its fields."""
        return {name: variable.numpy() for name, variable in self._state._asdict().items()}

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
