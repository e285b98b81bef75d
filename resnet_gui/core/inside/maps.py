"""Feature maps of blocks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import BlockPlan
from resnet_gui.core.inside.question import Question

Map = NDArray[np.float32]


@dataclass(frozen=True)
class MapsQuestion(Question):
    """What do these blocks, by their indices from 0, make of the picture? None asks for all. Answer: Maps."""

    blocks: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class BlockMaps:
    """One block's maps, float32 (height, width, channels): total = shortcut + alpha branch, output = f(total).

    A plain block has no shortcut: its total is F(x), or (1 - alpha) x + alpha F(x). He et al. 2015, section 3.1.
    """

    plan: BlockPlan
    alpha: float
    x: Map
    branch: Map
    shortcut: Map | None
    total: Map
    output: Map


@dataclass(frozen=True, eq=False)
class Maps:
    """The maps of some blocks, first to last."""

    blocks: tuple[BlockMaps, ...]
