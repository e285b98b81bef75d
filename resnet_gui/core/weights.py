"""The weights of a network on paper: name, shape and kind of each array, as a plain Keras model has them."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from resnet_gui.core.blueprint import Blueprint, Kind


class WeightKind(StrEnum):
    """What an array of weights is for; the names are Keras'."""

    KERNEL = "kernel"
    BIAS = "bias"
    GAMMA = "gamma"  # scale and
    BETA = "beta"  # offset of batch normalisation
    MEAN = "moving_mean"  # over the batches so far
    VARIANCE = "moving_variance"


@dataclass(frozen=True)
class WeightPlan:
    """One array of weights of the layer `layer`."""

    layer: str
    kind: WeightKind
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        """As in Keras' paths, such as `stage1_block1_conv1/kernel`."""
        return f"{self.layer}/{self.kind}"

    @property
    def trained(self) -> bool:
        """Whether the gradient changes it; the others are moving averages."""
        return self.kind not in (WeightKind.MEAN, WeightKind.VARIANCE)

    @property
    def size(self) -> int:
        """Numbers in it."""
        return math.prod(self.shape)


@lru_cache(maxsize=32)
def weight_plans(blueprint: Blueprint) -> tuple[WeightPlan, ...]:
    """All weights of `blueprint`, layer by layer."""
    channels = {layer.name: layer.shape[-1] for layer in blueprint.layers}
    plans: list[WeightPlan] = []
    kernel: tuple[int, ...]
    for layer in blueprint.layers:
        outputs = layer.shape[-1]
        match layer.kind:
            case Kind.CONV:
                kernel = (layer.size, layer.size, channels[layer.inputs[0]], outputs)
            case Kind.DENSE:
                kernel = (channels[layer.inputs[0]], outputs)
            case Kind.BATCH_NORM:
                kinds = (WeightKind.GAMMA, WeightKind.BETA, WeightKind.MEAN, WeightKind.VARIANCE)
                plans += [WeightPlan(layer.name, kind, (outputs,)) for kind in kinds]
                continue
            case _:
                continue
        plans.append(WeightPlan(layer.name, WeightKind.KERNEL, kernel))
        if layer.bias:
            plans.append(WeightPlan(layer.name, WeightKind.BIAS, (outputs,)))
    return tuple(plans)


@lru_cache(maxsize=32)
def trained_sizes(blueprint: Blueprint) -> tuple[int, ...]:
    """How many numbers that the gradient changes are in the stem, in each block, first to last, and in the head.

    So they follow one another in a Network's vector.
    """
    block_of = {layer.name: layer.block for layer in blueprint.layers}
    sizes = dict.fromkeys(["stem", *[block.name for block in blueprint.blocks], "head"], 0)
    part = "stem"
    for plan in weight_plans(blueprint):
        part = block_of[plan.layer] or ("stem" if part == "stem" else "head")
        sizes[part] += plan.size if plan.trained else 0
    return tuple(sizes.values())
