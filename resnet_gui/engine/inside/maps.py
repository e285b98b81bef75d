"""Feature maps: what each block gets, what its branch and its shortcut make of it, and what it puts out."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.maps import BlockMaps, Maps, MapsQuestion, Sheet, make_sheet
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside.trace import Specimen, Trace


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: MapsQuestion
) -> Iterator[tuple[Sheet, float]]:
    """Pictures of the blocks that are asked for, at once."""
    yield make_sheet(specimen.blueprint, maps_of(specimen, image), question), 1.0


def maps_of(specimen: Specimen, image: NDArray[np.uint8], blocks: Sequence[int] | None = None) -> Maps:
    """Of the blocks with these indices, counted from 0; None for all."""
    values = iter(specimen.ask(_tensors, image[None]))
    plans = specimen.blueprint.blocks
    every = [
        BlockMaps(
            plan,
            alpha,
            x=next(values)[0],
            branch=next(values)[0],
            shortcut=next(values)[0] if _has_shortcut(specimen) else None,
            total=next(values)[0],
            output=next(values)[0],
        )
        for plan, alpha in zip(plans, specimen.lesion.alphas, strict=True)
    ]
    return Maps(tuple(every if blocks is None else [every[index] for index in blocks if index < len(every)]))


def _has_shortcut(specimen: Specimen) -> bool:
    return specimen.blueprint.architecture.shortcut.value != "none"


def _tensors(trace: Trace) -> list[tf.Tensor]:
    return [
        tensor
        for block in trace.blocks
        for tensor in (block.x, block.branch, block.shortcut, block.total, block.output)
        if tensor is not None
    ]
