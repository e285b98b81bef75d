"""The blocks of a network as a row that can be operated on: what is said and shown of each."""

from dataclasses import dataclass

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.effect import Effect, reading_words
from resnet_gui.core.inside.lesion import Lesion, block_name, exchangeable, removable
from resnet_gui.core.reading import percent


@dataclass(frozen=True)
class Chip:
    """The place of a block: `stands` is the number, from 1, of the block that stands there.

    `without` is what is read without this block alone, as digit and share; None if that is not known. `stays` says that
    this is what the whole network reads.
    """

    place: int  # from 1
    stage: int
    alpha: float
    stands: int
    plain: bool
    shrinks: bool  # it changes the shape
    removable: bool
    without: tuple[int, float] | None
    stays: bool
    words: str  # what it is, and what one can do with it


def chips_of(blueprint: Blueprint, lesion: Lesion, effect: Effect | None) -> tuple[Chip, ...]:
    """A chip for each block, first to last."""
    chips = []
    whole = None if effect is None or effect.before is None else int(effect.before.argmax())
    for index, (block, possible) in enumerate(zip(blueprint.blocks, removable(blueprint), strict=True)):
        alpha, stands = lesion.alphas[index], lesion.order[index] + 1
        probabilities = effect.without[lesion.order[index]] if effect is not None else None
        read = None if probabilities is None else (int(probabilities.argmax()), float(probabilities.max()))
        said = [f"Block {index + 1}: {block_name(block).lower()}"]
        if block.changes_shape:
            said.append("it changes the shape (downsampling)" if block.shape[0] < block.input_shape[0] else "it widens")
        said.append("switched on" if alpha == 1 else "switched off" if alpha == 0 else f"alpha {alpha:g}")
        if stands != index + 1:
            said.append(f"block {stands} stands here")
        if read is not None:
            said.append(f"without it alone: {read[0]} with {percent(read[1])}")
        if not possible:
            said.append("nothing can stand in for it, so it cannot be removed")
        chips.append(
            Chip(
                index + 1,
                block.stage,
                alpha,
                stands,
                blueprint.architecture.shortcut.value == "none",
                block.changes_shape,
                possible,
                read,
                read is not None and read[0] == whole,
                "; ".join(said) + ".",
            )
        )
    return tuple(chips)


def partners(blueprint: Blueprint, place: int) -> tuple[int, ...]:
    """The places, from 0, whose blocks can change places with the one at `place`."""
    return next((tuple(p for p in group if p != place) for group in exchangeable(blueprint) if place in group), ())


def swap_refusal(blueprint: Blueprint, one: int, other: int) -> str:
    """Why the blocks at these places, from 0, cannot change places; empty if they can."""
    if one == other or other in partners(blueprint, one):
        return ""
    blocks = blueprint.blocks
    if blocks[one].shape != blocks[other].shape or blocks[one].input_shape != blocks[other].input_shape:
        first, second = (_shapes(blocks[place].input_shape, blocks[place].shape) for place in (one, other))
        return f"Blocks {one + 1} and {other + 1} cannot change places: one makes {first}, the other {second}."
    return f"Blocks {one + 1} and {other + 1} cannot change places: they are not made of the same layers."


def without_words(effect: Effect) -> str:
    """How many blocks alone could go without another reading, in a sentence; empty where there are none."""
    reads = [row for row in effect.without if row is not None]
    if not reads or effect.before is None:
        return ""
    same = sum(row.argmax() == effect.before.argmax() for row in reads)
    if same == len(reads):
        return f"Whichever single block is missing, it reads {reading_words(effect.before)[0]}."
    return f"With {same} of {len(reads)} single blocks missing it still reads {int(effect.before.argmax())}."


def _shapes(before: tuple[int, int, int], after: tuple[int, int, int]) -> str:
    one, other = ("x".join(map(str, shape)) for shape in (before, after))
    return f"{one} of {one}" if before == after else f"{other} of {one}"
