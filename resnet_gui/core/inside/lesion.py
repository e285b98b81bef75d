"""What can be changed inside a trained network: the strength of each residual branch, and the order of the blocks.

After Veit, Wilber and Belongie 2016, "Residual networks behave like ensembles of relatively shallow networks" (arXiv
1605.06431), sections 4.1 to 4.3.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import BlockPlan, Blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.value import Value

MOST_ALPHA = 2.0


@dataclass(frozen=True)
class Lesion(Value):
    """One alpha for each block, first to last, and the order in which the blocks stand.

    A block with alpha computes h(x) + alpha F(x): 1 leaves it as it was trained, 0 switches its residual branch off. A
    block of a plain network, which has nothing but F, computes (1 - alpha) x + alpha F(x). `order[i]` is the index of
    the block whose weights stand at place i. Raises LesionError for what is no lesion of any network.
    """

    alphas: tuple[float, ...] = ()
    order: tuple[int, ...] = ()

    _error = LesionError

    def __post_init__(self) -> None:
        object.__setattr__(self, "alphas", tuple(float(alpha) for alpha in self.alphas))
        object.__setattr__(self, "order", tuple(self.order))
        for alpha in self.alphas:
            if not 0.0 <= alpha <= MOST_ALPHA:
                raise LesionError(f"Alpha must be a number from 0 to {MOST_ALPHA:g}; got {alpha}.")
        if sorted(self.order) != list(range(len(self.alphas))):
            raise LesionError(f"An order of {len(self.alphas)} blocks names each of them once; got {self.order}.")

    @classmethod
    def none(cls, blocks: int) -> "Lesion":
        """A network of so many blocks as it was trained."""
        return cls((1.0,) * blocks, tuple(range(blocks)))

    @property
    def touched(self) -> bool:
        """Whether anything is changed at all."""
        return self != Lesion.none(len(self.alphas))

    def with_alpha(self, block: int, alpha: float) -> "Lesion":
        """The same with another alpha at place `block`, counted from 0."""
        alphas = list(self.alphas)
        alphas[block] = alpha
        return replace(self, alphas=tuple(alphas))

    def swapped(self, one: int, other: int) -> "Lesion":
        """The same with the blocks at these two places exchanged, each with its alpha."""
        places = list(range(len(self.order)))
        places[one], places[other] = places[other], places[one]
        return Lesion(
            tuple(self.alphas[place] for place in places),
            tuple(self.order[place] for place in places),
        )


def removable(blueprint: Blueprint) -> tuple[bool, ...]:
    """For each block whether the network still is one without its branch.

    Where a plain network changes the shape, nothing could stand in for the block.
    """
    plain = blueprint.architecture.shortcut is Shortcut.NONE
    return tuple(not (plain and block.changes_shape) for block in blueprint.blocks)


@lru_cache(maxsize=32)
def exchangeable(blueprint: Blueprint) -> tuple[tuple[int, ...], ...]:
    """Groups of the indices of blocks that can take each other's place: those of the same layers and shapes."""
    groups: dict[object, list[int]] = {}
    for index, block in enumerate(blueprint.blocks):
        groups.setdefault(_layers(block), []).append(index)
    return tuple(tuple(group) for group in groups.values())


def check_lesion(lesion: Lesion, blueprint: Blueprint) -> None:
    """Raises LesionError if this network cannot be changed so."""
    blocks = blueprint.blocks
    if len(lesion.alphas) != len(blocks):
        raise LesionError(
            f"{blueprint.architecture.name} has {len(blocks)} blocks; the lesion is of {len(lesion.alphas)}."
        )
    for block, alpha, possible in zip(blocks, lesion.alphas, removable(blueprint), strict=True):
        if alpha != 1.0 and not possible:
            raise LesionError(
                f"{block_name(block)} of a plain network changes the shape, so nothing can stand in for it; "
                "take another block."
            )
    groups = {index: group for group in exchangeable(blueprint) for index in group}
    for place, index in enumerate(lesion.order):
        if index not in groups[place]:
            raise LesionError(
                f"{block_name(blocks[index])} and {block_name(blocks[place])} have other shapes or layers; "
                "only blocks that are alike can change places."
            )


def block_name(block: BlockPlan) -> str:
    """What people call it, such as `Block 2 of stage 1`."""
    return f"Block {block.number} of stage {block.stage}"


def lesion_words(lesion: Lesion) -> str:
    """What is changed, in words that count the blocks from 1 across the stages; empty for nothing."""
    words = []
    for place, (alpha, index) in enumerate(zip(lesion.alphas, lesion.order, strict=True)):
        if index > place and lesion.order[index] == place:
            words.append(f"blocks {place + 1} and {index + 1} exchanged")
        elif index != place and lesion.order[index] != place:
            words.append(f"block {index + 1} at place {place + 1}")
        if alpha == 0:
            words.append(f"block {place + 1} off")
        elif alpha != 1:
            words.append(f"block {place + 1} at α {alpha:g}")
    return ", ".join(words)


def _layers(block: BlockPlan) -> tuple[object, ...]:
    """What the block is made of, without names."""
    first = len(block.name)
    return block.input_shape, *[replace(layer, name=layer.name[first:], inputs=(), block="") for layer in block.layers]
