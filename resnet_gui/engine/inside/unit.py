"""One value of a feature map, with all that it is computed of."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint, LayerPlan
from resnet_gui.core.inside.unit import Unit, UnitQuestion, evaluate
from resnet_gui.core.inside.unit_steps import Values
from resnet_gui.core.weights import weight_plans
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside.trace import Specimen, Trace


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: UnitQuestion
) -> Iterator[tuple[Unit, float]]:
    """The arithmetic of the value that is asked about, at once."""
    yield unit_of(specimen, image, question), 1.0


def unit_of(specimen: Specimen, image: NDArray[np.uint8], question: UnitQuestion) -> Unit:
    """The arithmetic of one value for `image`, uint8 (height, width)."""
    blueprint = specimen.blueprint
    values = [array[0] for array in specimen.ask(_tensors, image[None])]
    maps = [layer.name for layer in _maps(blueprint)]
    blocks = [block.name for block in blueprint.blocks]
    known = Values(
        weights_of(specimen),
        dict(zip(maps, values, strict=False)),
        dict(zip(blocks, values[len(maps) :], strict=True)),
        dict(zip(blocks, specimen.lesion.alphas, strict=True)),
    )
    return evaluate(blueprint, known, question)


def weights_of(specimen: Specimen) -> Mapping[str, NDArray[np.float32]]:
    """Views of a network's weights, named as in core.weights."""
    views = {}
    starts = {True: 0, False: 0}
    for plan in weight_plans(specimen.blueprint):
        vector, start = specimen.trained if plan.trained else specimen.averages, starts[plan.trained]
        starts[plan.trained] = start + plan.size
        views[plan.name] = vector[start : start + plan.size].reshape(plan.shape)
    return views


def _maps(blueprint: Blueprint) -> list[LayerPlan]:
    """The layers that put out maps."""
    return [layer for layer in blueprint.layers if len(layer.shape) == 3]


def _tensors(trace: Trace) -> list[tf.Tensor]:
    outputs = [trace.forward.outputs[layer.name] for layer in _maps(trace.blueprint)]
    return outputs + [trace.forward.branches[block.name] for block in trace.blueprint.blocks]
