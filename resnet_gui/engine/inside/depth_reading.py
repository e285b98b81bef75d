"""The reading at every depth, by stopping the network there and by a linear probe there.

One forward pass: the rows that have stopped wait, and go together through what a shortcut computes and the head.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Head
from resnet_gui.core.blueprint import BlockPlan, Blueprint, Kind, LayerPlan, Role
from resnet_gui.core.errors import DatasetError
from resnet_gui.core.inside.depth_reading import Accuracies, DepthQuestion, DepthReading
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.inside.lasting import growing
from resnet_gui.engine.inside.samples import Samples
from resnet_gui.engine.inside.softmax_probe import Probe, fit_probe
from resnet_gui.engine.inside.trace import Specimen, Trace

FITTED, MEASURED = 1000, 500  # images that probes are fitted on, and that they and the stopped network are measured on
WHOLE = "How many images are read right is measured of the network as it was trained: restore it to see that."
LEAST = 30  # images, of which a third is measured on
MOST_FEATURES = 512  # of a probe
GRIDS = (4, 2, 1)  # cells along a side that maps are pooled into, where the head sees places
CALL_MULTIPLY_ADDS = 3e8  # of one call, some 0.1 s
CALL_VALUES = 2e7  # that wait at once: 80 MB


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: DepthQuestion
) -> Iterator[tuple[DepthReading, float]]:
    """The readings at once, then again with every probe that is fitted."""
    logits, *features = specimen.ask(depth_probe, image[None])
    stopped = specimen.network.confidence.probabilities(logits[:, 0])
    if not np.isfinite(logits).all() or specimen.samples is None:
        yield DepthReading(stopped, np.full_like(stopped, np.nan)), 1.0
        return
    reading = DepthReading(stopped, np.full_like(stopped, np.nan))
    try:
        key = (Fitting, specimen.run)
        for fitting, share in growing(key, specimen.intact, lambda before: Fitting(specimen.intact, before)):
            reading = fitting.reading(stopped, features)
            if specimen.lesion.touched:
                reading = replace(reading, accuracies=None, note=WHOLE)
            yield reading, share
    except DatasetError as error:  # without the data, the readings still stand
        yield replace(reading, note=str(error)), 1.0


class Fitting:
    """The probes of a network as it is now, fitted one after the other.

    Until each is, it keeps that of `before`, an earlier Fitting.
    """

    def __init__(self, specimen: Specimen, before: "Fitting | None" = None) -> None:
        self.specimen = specimen
        self._samples: Samples | None = None
        depths = len(specimen.blueprint.blocks) + 1
        self.probes: list[Probe | None] = [None] * depths
        self.right = np.full(depths, np.nan, np.float32)  # share, of the probes
        self.stopped = np.full(depths, np.nan, np.float32)  # share, of the head
        if before is not None:
            self.probes, self.right, self.stopped = list(before.probes), before.right.copy(), before.stopped.copy()
        self._depths, self._fitted = depths, 0
        self._logits: list[NDArray[np.float32]] = []  # (depths, batch, 10)
        self._features: list[list[NDArray[np.float32]]] = []  # of each batch, of each depth, (batch, features)

    @property
    def done(self) -> bool:
        """Whether all probes are fitted."""
        return self._fitted == self._depths

    @property
    def share(self) -> float:
        """How much is done: half of it is running the network."""
        if self._samples is None:
            return 0.0
        ran = sum(logits.shape[1] for logits in self._logits) / len(self._samples.labels)
        return 1.0 if self.done else 0.5 * ran + 0.5 * self._fitted / self._depths

    def steps(self) -> Iterator[None]:
        """Goes on, a tenth of a second or so at a time. Raises DatasetError if there is nothing to measure on."""
        if self._samples is None:
            assert self.specimen.samples is not None
            samples = self.specimen.samples(FITTED + MEASURED)
            if len(samples.labels) < LEAST:
                raise DatasetError(
                    f"There are {samples.words}: fewer than {LEAST} are too few to fit probes on and measure them."
                )
            self._samples = samples
        batch = batch_size(self.specimen.blueprint)
        images, labels = self._samples.images, self._samples.labels
        while (first := sum(logits.shape[1] for logits in self._logits)) < len(labels):
            logits, *features = self.specimen.ask(depth_probe, images[first : first + batch])
            self._logits.append(logits)
            self._features.append(features)
            yield
        fitted = len(labels) * FITTED // (FITTED + MEASURED)
        answers = np.concatenate(self._logits, axis=1).argmax(axis=-1)
        self.stopped = (answers == labels).mean(axis=1, dtype=np.float32)
        while not self.done:
            depth = self._fitted
            x = np.concatenate([features[depth] for features in self._features])
            probe = fit_probe(x[:fitted], labels[:fitted])
            self.probes[depth] = probe
            self.right[depth] = (probe.probabilities(x[fitted:]).argmax(axis=1) == labels[fitted:]).mean()
            self._fitted += 1
            if self.done:
                self._features = []
            yield

    def reading(self, stopped: NDArray[np.float32], features: list[NDArray[np.float32]]) -> DepthReading:
        """With what the probes say of a picture's features, a list of (1, d)."""
        nothing = np.full(10, np.nan, np.float32)
        probed = [
            nothing if probe is None else probe.probabilities(x)[0]
            for probe, x in zip(self.probes, features, strict=True)
        ]
        return DepthReading(
            stopped,
            np.array(probed, np.float32),
            Accuracies(self.stopped.copy(), self.right.copy(), self._samples.words if self._samples else ""),
        )


def batch_size(blueprint: Blueprint) -> int:
    """Images in one call, so that it is short and what waits fits into memory."""
    values = max(layer.values for layer in blueprint.layers) * (len(blueprint.blocks) + 1)
    return int(np.clip(min(CALL_MULTIPLY_ADDS / max(blueprint.multiply_adds, 1), CALL_VALUES / values), 1, 100))


def depth_probe(trace: Trace) -> list[tf.Tensor]:
    """The logits at every depth, (depths, n, 10), and the features of each depth for a probe, (n, d)."""
    stem = trace.blueprint.part(Role.STEM)[-1].name
    maps = [trace.forward.outputs[stem], *[block.output for block in trace.blocks]]
    flat = trace.blueprint.architecture.head is Head.FLATTEN
    return [_stopped(trace, stem), *[_pooled(x, flat) for x in maps]]


def _stopped(trace: Trace, stem: str) -> tf.Tensor:
    blueprint, forward = trace.blueprint, trace.forward
    shortcuts = Pass(blueprint, trace.trained, trace.averages)
    waiting, name = [forward.outputs[stem]], stem
    for block in blueprint.blocks:
        if not _keeps(block):
            waiting = [_passed_by(shortcuts, block, tf.concat(waiting, 0))]
        name = block.layers[-1].name
        waiting.append(forward.outputs[name])
    head = blueprint.part(Role.HEAD)
    shortcuts.outputs = {name: tf.concat(waiting, 0)}
    shortcuts.run(head)
    logits = shortcuts.outputs[head[-1].name]
    return tf.reshape(logits, (len(blueprint.blocks) + 1, -1, logits.shape[-1]))


def _keeps(block: BlockPlan) -> bool:
    """Whether its shortcut, and what comes after the sum, leave what goes in as it is.

    A ReLU after the sum does: then all blocks have one, and the stem too, so that nothing that goes in is negative.
    """
    add = _sum(block)
    if add is None:
        return not block.changes_shape  # a plain block is left out
    after = block.layers[block.layers.index(add) + 1 :]
    return add.inputs[1] == block.layers[0].inputs[0] and all(layer.kind is Kind.RELU for layer in after)


def _passed_by(shortcuts: Pass, block: BlockPlan, x: tf.Tensor) -> tf.Tensor:
    """What the block makes of x without its residual branch; a plain one that changes the shape must run."""
    add = _sum(block)
    shortcuts.outputs = {block.layers[0].inputs[0]: x}
    if add is None:
        shortcuts.run(block.layers)
    else:
        needed = {add.inputs[1]}
        for layer in reversed(block.layers):
            if layer.name in needed:
                needed.update(layer.inputs)
        shortcuts.run(layer for layer in block.layers if layer.name in needed)
        shortcuts.outputs[add.inputs[0]] = tf.zeros(())
        shortcuts.run(block.layers[block.layers.index(add) :])
    return shortcuts.outputs[block.layers[-1].name]


def _sum(block: BlockPlan) -> LayerPlan | None:
    return next((layer for layer in block.layers if layer.kind is Kind.ADD), None)


def _pooled(x: tf.Tensor, flat: bool) -> tf.Tensor:
    """Means of maps (n, height, width, channels), each as a whole, or in the cells of a grid for a head that flattens.

    Such a network need not say everywhere what is to be seen somewhere.
    """
    height, width, channels = x.shape[1:]
    cells = next((g for g in GRIDS if g * g * channels <= MOST_FEATURES and g <= min(height, width)), 1) if flat else 1
    size = -(-height // cells), -(-width // cells)
    pooled = tf.nn.avg_pool2d(x, size, size, "SAME") if cells > 1 else tf.reduce_mean(x, (1, 2))
    return tf.reshape(pooled, (-1, int(np.prod(pooled.shape[1:]))))
