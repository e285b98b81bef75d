"""A network as a chain of pieces that run one after another, so that many lesions share what they have in common.

Blocks that are alike share one compiled piece, which is given the weights of whichever block stands there.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint, Kind, LayerPlan, Role
from resnet_gui.core.inside.lesion import Lesion, exchangeable
from resnet_gui.core.weights import weight_plans
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.network import Network

KEPT = 48  # compiled pieces
Values = NDArray[np.float32]
Piece = Callable[..., Values]  # of trained, averages, alpha (1, 1) and what goes in
Place = tuple[float, int]  # alpha, and the block that stands there
ONE = np.ones((1, 1), np.float32)


class Chain:
    """A network as its weights are now, to be run under one lesion after another."""

    def __init__(self, network: Network) -> None:
        self.blueprint = blueprint = network.blueprint
        vectors = {True: network.trained.numpy(), False: network.averages.numpy()}
        layers = blueprint.layers
        blocks = blueprint.blocks
        ends = [0, *np.cumsum([len(block.layers) for block in blocks])]
        first = next((number for number, layer in enumerate(layers) if layer.block), len(layers))
        parts = [layers[1:first], *(block.layers for block in blocks), layers[first + int(ends[-1]) :]]
        if not blocks:  # then one piece is all
            parts = [layers[1:], ()]
        # What of either vector belongs to each part: the weights stand there in the order of the layers.
        sizes = {True: dict.fromkeys((layer.name for layer in layers), 0)}
        sizes[False] = dict(sizes[True])
        for plan in weight_plans(blueprint):
            sizes[plan.trained][plan.layer] += plan.size
        self._weights: list[tuple[Values, Values]] = []
        starts = {True: 0, False: 0}
        for part in parts:
            pieces = []
            for trained, vector in vectors.items():
                size = sum(sizes[trained][layer.name] for layer in part)
                pieces.append(vector[starts[trained] : starts[trained] + size])
                starts[trained] += size
            self._weights.append((pieces[0], pieces[1]))
        shapes = {layer.name: layer.shape for layer in layers}
        kinds = {index: group[0] for group in exchangeable(blueprint) for index in group}
        self._blocks = [_piece(_alone(blueprint, blocks[kinds[index]].layers, shapes)) for index in range(len(blocks))]
        self._stem = _piece(_alone(blueprint, parts[0], shapes))
        self._head = _piece(_alone(blueprint, parts[-1], shapes)) if parts[-1] else None

    def stem(self, images: NDArray[np.uint8]) -> Values:
        """What the first block gets, float32 (n, height, width, channels), for images uint8 (n, height, width)."""
        return self._stem(*self._weights[0], ONE, images)

    def block(self, place: int, x: Values, step: Place) -> Values:
        """What leaves the block at `place`, counted from 0, if x goes into it."""
        alpha, index = step
        return self._blocks[place](*self._weights[1 + index], np.full((1, 1), alpha, np.float32), x)

    def head(self, x: Values) -> Values:
        """The logits, float32 (n, classes), if x leaves the last block."""
        return x if self._head is None else self._head(*self._weights[-1], ONE, x)

    def logits(self, images: NDArray[np.uint8], lesions: Sequence[Lesion]) -> Iterator[tuple[list[int], Values]]:
        """The logits under each lesion; those of equal lesions come at once, with their places in `lesions`.

        What several have in common, from the first block on, is computed once.
        """
        steps = [tuple(zip(lesion.alphas, lesion.order, strict=True)) for lesion in lesions]
        yield from self._walk(self.stem(images), steps, list(range(len(lesions))), 0)

    def _walk(
        self, x: Values, steps: list[tuple[Place, ...]], lesions: list[int], place: int
    ) -> Iterator[tuple[list[int], Values]]:
        """The logits under those `lesions`, which are all alike before `place`, where x goes in."""
        for here in range(place, len(self._blocks)):
            groups: dict[Place, list[int]] = {}
            for lesion in lesions:
                groups.setdefault(steps[lesion][here], []).append(lesion)
            *others, (step, lesions) = sorted(groups.items(), key=lambda item: len(item[1]))
            for other, some in others:  # the smaller ones, so that this nests by log2 of the lesions at most
                yield from self._walk(self.block(here, x, other), steps, some, here + 1)
            x = self.block(here, x, step)
        yield lesions, self.head(x)


def _alone(blueprint: Blueprint, layers: Sequence[LayerPlan], shapes: dict[str, tuple[int, ...]]) -> Blueprint:
    """These layers as if they were the network."""
    (name,) = layers[0].inputs
    return Blueprint(blueprint.architecture, (LayerPlan(name, Kind.INPUT, (), shapes[name], Role.STEM), *layers))


_lock = threading.Lock()  # two threads must not compile the same piece


def _piece(blueprint: Blueprint) -> Piece:
    with _lock:
        return _compiled(blueprint)


@lru_cache(maxsize=KEPT)
def _compiled(blueprint: Blueprint) -> Piece:
    """All threads, but never the GPU, which may be training."""
    given, *layers = blueprint.layers
    sizes = {True: 0, False: 0}
    for plan in weight_plans(blueprint):
        sizes[plan.trained] += plan.size
    config = tf.compat.v1.ConfigProto(device_count={"GPU": 0})
    placeholder = tf.compat.v1.placeholder
    with tf.Graph().as_default() as graph:
        trained, averages = (placeholder(tf.float32, [sizes[which]]) for which in (True, False))
        alpha = placeholder(tf.float32, [1, 1])
        forward = Pass(blueprint, trained, averages, alphas=alpha if blueprint.blocks else None)
        if given.name == "image":
            x: Any = placeholder(tf.uint8, [None, *given.shape[:2]])
            y = forward.logits(x)
        else:
            x = placeholder(tf.float32, [None, *given.shape])
            forward.outputs = {given.name: x}
            forward.run(layers)
            y = forward.outputs[layers[-1].name]
        feeds = [trained, averages, alpha, x]
    run: Piece = tf.compat.v1.Session(graph=graph, config=config).make_callable(y, feeds)
    return run
