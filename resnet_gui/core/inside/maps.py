"""Feature maps of blocks: what is asked, the arrays, and the pictures of them in one colour scale."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import BlockPlan, Blueprint
from resnet_gui.core.inside.equation import Part, Term, equation
from resnet_gui.core.inside.mosaic import Mosaic, lay_out
from resnet_gui.core.inside.question import Question
from resnet_gui.core.inside.signed import ends_text, largest, number_text

Map = NDArray[np.float32]


class Scope(enum.StrEnum):
    """What has a colour scale in common."""

    PICTURE = "picture"
    STAGE = "stage"
    NETWORK = "network"


@dataclass(frozen=True)
class Room:
    """Pixels of the screen for a row of pictures: its width, the height of a picture, and the width of a sign."""

    width: int = 640
    height: int = 80
    sign: int = 28

    def picture(self, parts: int) -> int:
        """The width of each of so many pictures with signs between them."""
        return max(1, (self.width - (parts - 1) * self.sign) // parts)


@dataclass(frozen=True)
class MapsQuestion(Question):
    """What do these blocks, by their indices from 0, make of the picture? None asks for all. Answer: Sheet."""

    blocks: tuple[int, ...] | None = None
    scope: Scope = Scope.STAGE
    room: Room = Room()


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

    def of(self, term: Term) -> Map:
        """The maps of one term of the equation."""
        values = {
            Term.X: self.x,
            Term.SHORTCUT: self.shortcut,
            Term.BRANCH: self.branch,
            Term.TOTAL: self.total,
            Term.OUTPUT: self.output,
        }[term]
        assert values is not None
        return values


@dataclass(frozen=True, eq=False)
class Maps:
    """The maps of some blocks, first to last."""

    blocks: tuple[BlockMaps, ...]


@dataclass(frozen=True, eq=False)
class Row:
    """One block, ready to be shown: the terms of its equation, and a picture of each."""

    index: int
    title: str
    maps: BlockMaps
    parts: tuple[Part, ...]
    mosaics: tuple[Mosaic, ...]

    def values(self, part: int, channel: int) -> Map:
        """One feature map, float32 (height, width)."""
        return self.maps.of(self.parts[part].term)[:, :, channel]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows that were asked for, how many blocks there are, and what the scale reaches to where it is shared.

    `limits` has the words and the limit of each stage, or of the network. `finite` is False for a network that has
    diverged.
    """

    rows: tuple[Row, ...]
    blocks: int
    scope: Scope
    limits: tuple[tuple[str, float], ...]
    finite: bool


def make_sheet(blueprint: Blueprint, maps: Maps, question: MapsQuestion) -> Sheet:
    """Pictures of the blocks that are asked for, out of the `maps` of all."""
    wanted = range(len(maps.blocks)) if question.blocks is None else question.blocks
    equations = [equation(blueprint, index, block.alpha) for index, block in enumerate(maps.blocks)]
    # A scale that is shared must know what is not shown, too.
    known: dict[int, list[float]] = {}
    shared: dict[int, float] = {}
    if question.scope is not Scope.PICTURE:
        for index, (block, parts) in enumerate(zip(maps.blocks, equations, strict=True)):
            known[index] = [largest(block.of(part.term)) for part in parts]
            key = block.plan.stage if question.scope is Scope.STAGE else 0
            shared[key] = max(shared.get(key, 0.0), *known[index])
    rows = []
    for index in wanted:
        if index >= len(maps.blocks):
            continue  # asked of a deeper network
        block, parts = maps.blocks[index], equations[index]
        key = block.plan.stage if question.scope is Scope.STAGE else 0
        box = question.room.picture(len(parts)), question.room.height
        mosaics = []
        for part in parts:
            values = block.of(part.term)
            limit = shared[key] if shared else largest(values)
            mosaics.append(lay_out(values, limit, box))
        rows.append(Row(index, _title(block), block, parts, tuple(mosaics)))
    last = maps.blocks[-1].output if maps.blocks else np.zeros(1, np.float32)
    return Sheet(
        tuple(rows),
        len(maps.blocks),
        question.scope,
        tuple((f"stage {key}" if key else "all blocks", limit) for key, limit in shared.items()),
        bool(np.isfinite(last).all()),
    )


def scale_words(sheet: Sheet) -> str:
    """What the colours mean, and to which numbers, in a sentence."""
    meaning = "Colour is the sign, strength the magnitude; full strength at "
    if sheet.scope is Scope.PICTURE:
        return f"{meaning}the largest magnitude of each picture, which is written over it."
    return f"{meaning}{', '.join(f'{ends_text(limit)} ({words})' for words, limit in sheet.limits)}."


def channel_words(row: Row, part: int, channel: int) -> str:
    """Such as `Block 2 of stage 1, F(x), channel 5 of 32: from −0.2 to 1.3`."""
    values = row.values(part, channel)
    name, channels = row.parts[part].name, row.maps.of(row.parts[part].term).shape[-1]
    finite = values[np.isfinite(values)]
    reach = (
        f"from {number_text(float(finite.min()))} to {number_text(float(finite.max()))}"
        if finite.size
        else "not a number"
    )
    return f"{row.title.split(' · ')[0]}, {name}, channel {channel + 1} of {channels}: {reach}"


def shape_words(shape: Sequence[int]) -> str:
    """Such as `28×28×32`."""
    return "×".join(str(size) for size in shape)


def visible_rows(top: float, bottom: float, height: float, count: int, beyond: int = 1) -> tuple[int, ...]:
    """Which of `count` rows of `height` lie between `top` and `bottom`, and so many `beyond` on either side."""
    first = max(0, int(top // height) - beyond)
    last = min(count - 1, int(bottom // height) + beyond)
    return tuple(range(first, last + 1))


def with_index(indices: Iterable[int], index: int | None) -> tuple[int, ...]:
    """`indices` and one more, if there is one, in order."""
    return tuple(sorted({*indices, *(() if index is None else (index,))}))


def _title(block: BlockMaps) -> str:
    plan = block.plan
    title = f"Block {plan.number} of stage {plan.stage}"
    shapes = f"{shape_words(plan.input_shape)} → {shape_words(plan.shape)}"
    title += f" · {shapes if plan.changes_shape else shape_words(plan.shape)}"
    if block.alpha != 1:
        title += f" · α {number_text(block.alpha)}"
    return title
