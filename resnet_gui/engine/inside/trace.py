"""The forward pass with everything in reach: what each block gets, computes and puts out, to be asked about.

A probe is a function from a Trace to the tensors that are wanted; it is compiled once for each kind of network.
"""

import threading
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import BlockPlan, Blueprint, Kind
from resnet_gui.core.inside.lesion import Lesion, check_lesion
from resnet_gui.core.weights import weight_plans
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.inside.samples import Samples
from resnet_gui.engine.network import Network

KEPT = 24  # compiled probes
Arrays = list[NDArray[Any]]


@dataclass(frozen=True)
class BlockTrace:
    """One block at work, float32 (n, height, width, channels): output = f(total), total = shortcut + alpha branch.

    In a plain network there is no shortcut, and branch, total and output are the same while alpha is 1.
    """

    plan: BlockPlan
    x: tf.Tensor
    branch: tf.Tensor  # F(x), with gate or constant factor, before alpha
    shortcut: tf.Tensor | None  # h(x)
    total: tf.Tensor
    output: tf.Tensor


class Trace:
    """A network at work on `images`, uint8 (n, height, width), with its moving averages, as in reading.

    `labels` is int32 (n,); `alphas` and `paths` are Pass's, float32 (n or 1, blocks). `trained` and `averages` are the
    Network's vectors.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        plans, blocks = weight_plans(blueprint), len(blueprint.blocks)
        height, width, _ = blueprint.layers[0].shape
        placeholder = tf.compat.v1.placeholder
        trained = sum(plan.size for plan in plans if plan.trained)
        self.trained = placeholder(tf.float32, [trained])
        self.averages = placeholder(tf.float32, [sum(plan.size for plan in plans) - trained])
        self.images = placeholder(tf.uint8, [None, height, width])
        self.labels = placeholder(tf.int32, [None])
        self.alphas = placeholder(tf.float32, [None, blocks])
        self.paths = placeholder(tf.float32, [None, blocks])

    @cached_property
    def forward(self) -> Pass:
        """The pass, made once somebody asks about it."""
        return self._run(paths=None)

    @property
    def logits(self) -> tf.Tensor:
        """What the softmax gets, float32 (n, classes)."""
        return self.forward.outputs[self.blueprint.layers[-1].name]

    @property
    def feeds(self) -> list[tf.Tensor]:
        """What a compiled probe is called with, in this order."""
        return [self.trained, self.averages, self.images, self.labels, self.alphas, self.paths]

    @property
    def blocks(self) -> list[BlockTrace]:
        """The blocks, first to last."""
        return [self._block(plan) for plan in self.blueprint.blocks]

    @property
    def losses(self) -> tf.Tensor:
        """The cross-entropy of each image with its label, float32 (n,)."""
        return tf.nn.sparse_softmax_cross_entropy_with_logits(self.labels, self.logits)

    @property
    def scores(self) -> tf.Tensor:
        """The logit of each image's label, float32 (n,)."""
        return tf.gather(self.logits, self.labels, axis=1, batch_dims=1)

    def along_paths(self) -> "Trace":
        """The same again, but the gradient of each block flows through branch or shortcut as `paths` says."""
        other = object.__new__(Trace)
        other.__dict__ = self.__dict__ | {"forward": self._run(self.paths)}
        return other

    def in_training(self) -> "Trace":
        """The same in a training step: with the batch's own statistics, and dropouts that drop always the same."""
        dropouts = sum(layer.kind is Kind.DROPOUT for layer in self.blueprint.layers)
        seeds = tf.zeros(dropouts, tf.int32)
        other = object.__new__(Trace)
        other.__dict__ = self.__dict__ | {"forward": self._run(None, step=tf.constant(0, tf.int64), seeds=seeds)}
        return other

    def _run(self, paths: tf.Tensor | None, **training: tf.Tensor) -> Pass:
        alphas = self.alphas if self.blueprint.blocks else None
        forward = Pass(self.blueprint, self.trained, self.averages, alphas=alphas, paths=paths, **training)
        forward.logits(self.images)
        return forward

    def _block(self, plan: BlockPlan) -> BlockTrace:
        outputs = self.forward.outputs
        output = outputs[plan.layers[-1].name]
        adds = [layer for layer in plan.layers if layer.kind is Kind.ADD]
        x = outputs[plan.layers[0].inputs[0]]
        branch = self.forward.branches[plan.name]
        if not adds:
            return BlockTrace(plan, x, branch, None, output, output)
        (add,) = adds
        return BlockTrace(plan, x, branch, outputs[add.inputs[1]], outputs[add.name], output)


Probe = Callable[[Trace], Sequence[tf.Tensor]]


class Specimen:
    """A network as it is at this moment, changed by a lesion, and what it is asked.

    `samples` finds up to so many images that it has not learned from; without it there are none to measure on.
    `data_file` is where test images are looked for first. Raises LesionError if the network does not allow that lesion.
    """

    def __init__(
        self,
        network: Network,
        lesion: Lesion | None = None,
        run: str = "",
        samples: Callable[[int], Samples] | None = None,
        data_file: Path | None = None,
    ) -> None:
        self.network, self.run, self.samples, self.data_file = network, run, samples, data_file
        self.blueprint = network.blueprint
        self.lesion = lesion or Lesion.none(len(self.blueprint.blocks))
        check_lesion(self.lesion, self.blueprint)
        self.trained: NDArray[np.float32] = network.trained.numpy()
        self.averages: NDArray[np.float32] = network.averages.numpy()
        if self.lesion.order != tuple(range(len(self.lesion.order))):
            places, others = _rows(self.blueprint, self.lesion.order)
            self.trained, self.averages = self.trained[places], self.averages[others]

    def with_weights(self, trained: NDArray[np.float32], averages: NDArray[np.float32]) -> "Specimen":
        """A copy with other numbers in its vectors; the network stays what it is."""
        other = copy(self)
        other.trained, other.averages = trained, averages
        return other

    @property
    def intact(self) -> "Specimen":
        """The same network as it was trained."""
        return self if not self.lesion.touched else Specimen(self.network, None, self.run, self.samples, self.data_file)

    def ask(
        self,
        probe: Probe,
        images: NDArray[np.uint8],
        labels: NDArray[np.int32] | None = None,
        alphas: NDArray[np.float32] | None = None,
        paths: NDArray[np.float32] | None = None,
        *,
        threads: int = 1,
    ) -> Arrays:
        """The values of what `probe` names, for images uint8 (n, height, width).

        `labels`, (n,), are 0 unless they are given; `alphas`, (n or 1, blocks), are the lesion's; `paths` are all
        branches. With one thread it waits for none that trains; `threads=0` takes as many as there are.
        """
        blocks = len(self.blueprint.blocks)
        run = compiled(self.blueprint, probe, threads)
        return list(
            run(
                self.trained,
                self.averages,
                images,
                np.zeros(len(images), np.int32) if labels is None else labels,
                np.array([self.lesion.alphas], np.float32).reshape(1, blocks) if alphas is None else alphas,
                np.ones((1, blocks), np.float32) if paths is None else paths,
            )
        )


_lock = threading.Lock()  # two threads must not compile the same probe, nor make a graph at once


def compiled(blueprint: Blueprint, probe: Probe, threads: int = 1) -> Callable[..., Arrays]:
    """`probe` for such networks: a function of Trace.feeds to the values of the tensors."""
    with _lock:
        return _compiled(blueprint, probe, threads)


@lru_cache(maxsize=KEPT)
def _compiled(blueprint: Blueprint, probe: Probe, threads: int) -> Callable[..., Arrays]:
    # A session of its own, as the reading's (see compiled.ReadingGraph).
    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=threads,
        inter_op_parallelism_threads=-1 if threads == 1 else 0,
        device_count={"GPU": 0},
    )
    with tf.Graph().as_default() as graph:
        trace = Trace(blueprint)
        wanted = list(probe(trace))
    run: Callable[..., Arrays] = tf.compat.v1.Session(graph=graph, config=config).make_callable(wanted, trace.feeds)
    return run


@lru_cache(maxsize=KEPT)
def _rows(blueprint: Blueprint, order: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which numbers of `trained` and `averages` stand where, if the blocks stand in this order."""
    starts: dict[str, int] = {}
    ends = {True: 0, False: 0}
    plans = weight_plans(blueprint)
    for plan in plans:
        starts[plan.name] = ends[plan.trained]
        ends[plan.trained] += plan.size
    blocks = blueprint.blocks
    source = {place.name: blocks[index].name for place, index in zip(blocks, order, strict=True)}
    block_of = {layer.name: layer.block for layer in blueprint.layers}
    rows: dict[bool, list[NDArray[np.intp]]] = {True: [np.zeros(0, np.intp)], False: [np.zeros(0, np.intp)]}
    for plan in plans:
        block = block_of[plan.layer]
        name = plan.name if not block else source[block] + plan.name[len(block) :]
        rows[plan.trained].append(np.arange(starts[name], starts[name] + plan.size))
    return np.concatenate(rows[True]), np.concatenate(rows[False])


__all__ = ["Arrays", "BlockTrace", "Probe", "Specimen", "Trace", "compiled"]
