"""Where everything of one or two networks stands in the diagram: geometry alone, computed once per architecture.

Lengths across are units, which the zoom stretches, plus fixed pixels, which hold handles and text and are not
stretched. Lengths of boxes downwards are units. Two networks share their stages' columns, so that they can be compared.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from resnet_gui.core.blueprint import BlockPlan, Kind, LayerPlan, Role
from resnet_gui.ui.network.difference import block_difference, chain_difference
from resnet_gui.ui.network.plan import NetworkPlan, shape_text
from resnet_gui.ui.network.shortcut_marks import Mark, marks_of

FOLD_FROM = 4  # a longer run of equal blocks shows its first and its last one
STEM, HEAD, BLOCK, FOLD = "stem", "head", "block", "fold"
PADDING = 14.0  # units within a stage, left and right
GAP = 22.0  # units between stages
NODE = 22.0  # units for a node on the line, such as the addition
FOLD_WIDTH = 96.0
EMPTY_WIDTH = 96.0  # units of a stage without blocks
STAGE_WIDTH = 104.0  # units of the narrowest stage
HANDLES = 26  # fixed pixels at each stage's end
SLOT = 62  # fixed pixels for the stages' handles
HEAD_PIXELS = 18  # fixed pixels around the head, whose name is wider than it
LOW, HIGH = 40.0, 82.0  # units of the lowest box, and what full resolution adds
ARC = 26.0  # units from the highest box up to the shortcuts
STROKE, STROKE_GAP, BOX_PADDING = 6.0, 4.0, 9.0


@dataclass(frozen=True)
class Figure:
    """What equal blocks look like: strokes for the layers in the box, nodes on the line before and behind it."""

    strokes: tuple[tuple[Kind, float, float], ...]  # kind, width in units, share of the box's height
    before: tuple[Kind, ...]
    behind: tuple[Kind, ...]
    marks: tuple[Mark, ...]
    width: float
    height: float
    entry: float  # height where the input comes in: higher where the block halves the resolution
    change: str = ""  # the shapes before and after, where they differ
    result: str = ""  # the shape after

    @cached_property
    def plain(self) -> bool:
        """Whether nothing goes around the box."""
        return self.marks in ((), (Mark.NONE,))

    @cached_property
    def lead(self) -> float:
        """Units before the box."""
        return 12.0 * len(self.before) + (8.0 if self.plain else 18.0)

    @cached_property
    def trail(self) -> float:
        """Units behind the box."""
        return 8.0 + sum(NODE if kind in (Kind.ADD, Kind.MULTIPLY, Kind.SCALE) else 10.0 for kind in self.behind)


@dataclass(frozen=True)
class Item:
    """A box on the line: stem, head, a block, or a run of equal blocks. `x` is the left end with what leads to it."""

    kind: str
    row: int
    stage: int
    first: int
    last: int
    figure: Figure
    x: float
    pixels: int  # fixed ones left of it
    difference: str = ""  # from the block at this place in the other network

    @property
    def count(self) -> int:
        """Blocks that the item stands for."""
        return self.last - self.first + 1

    @cached_property
    def box(self) -> float:
        """Width of the box in units."""
        return FOLD_WIDTH if self.kind == FOLD else self.figure.width

    @cached_property
    def left(self) -> float:
        """Left edge of the box."""
        return self.x + self.figure.lead

    @cached_property
    def right(self) -> float:
        """Right edge of the box."""
        return self.left + self.box

    @cached_property
    def end(self) -> float:
        """Where the next one begins."""
        return self.right + self.figure.trail


@dataclass(frozen=True)
class Stage:
    """The group that a stage's blocks stand in."""

    row: int
    number: int
    x: float
    width: float
    pixels: int


@dataclass
class Diagram:
    """All places. `end` and `pixels` tell the whole width."""

    plans: tuple[NetworkPlan, ...]
    rows: tuple[list[Item], ...]
    stages: list[Stage] = field(default_factory=list)
    slot: float = 0.0  # where the stages' handles stand
    slot_pixels: int = 0
    end: float = 0.0
    pixels: int = 0
    tallest: float = 0.0

    @property
    def folded(self) -> bool:
        """Whether any run is folded."""
        return any(item.kind == FOLD for row in self.rows for item in row)

    def counterpart(self, item: Item) -> Item | None:
        """What stands here at the place of `item` of another layout: the block, or the fold that holds it."""
        for other in self.rows[item.row] if item.row < len(self.rows) else ():
            same_kind = item.kind == other.kind or not {item.kind, other.kind} & {STEM, HEAD}
            if same_kind and other.stage == item.stage and other.first <= item.first <= other.last:
                return other
        return None


def lay_out(plans: tuple[NetworkPlan, ...], unfolded: frozenset[int] = frozenset()) -> Diagram:
    """The diagram of one network, or of two to be compared; the stages of `unfolded` show every block."""
    rows: tuple[list[Item], ...] = tuple([] for _ in plans)
    diagram = Diagram(plans, rows)
    x, pixels = 0.0, 0
    ends = []
    for row, plan in enumerate(plans):
        other = _other(plans, row)
        difference = chain_difference(plan.stem, other.stem) if other else ""
        item = Item(STEM, row, 0, 0, 0, _chain(plan.stem, plan), x, pixels, difference)
        rows[row].append(item)
        ends.append(item.end)
    x = max(ends) + GAP / 2
    for number in range(1, max(plan.architecture.stages for plan in plans) + 1):
        contents = {
            row: _stage_items(plan, _other(plans, row), row, number, number in unfolded, x + PADDING, pixels)
            for row, plan in enumerate(plans)
            if number <= plan.architecture.stages
        }
        width = max(_stage_width(items, x) for items in contents.values())
        for row, items in contents.items():
            rows[row].extend(items)
            diagram.stages.append(Stage(row, number, x, width, pixels))
        x += width + GAP
        pixels += HANDLES
    diagram.slot, diagram.slot_pixels = x, pixels
    x, pixels = x + GAP, pixels + SLOT + HEAD_PIXELS
    for row, plan in enumerate(plans):
        other = _other(plans, row)
        difference = chain_difference(plan.head, other.head) if other else ""
        rows[row].append(Item(HEAD, row, 0, 0, 0, _chain(plan.head, plan), x, pixels, difference))
    diagram.end, diagram.pixels = max(row[-1].end for row in rows), pixels + HEAD_PIXELS
    diagram.tallest = max(item.figure.height for row in rows for item in row)
    return diagram


def _other(plans: tuple[NetworkPlan, ...], row: int) -> NetworkPlan | None:
    return plans[1 - row] if len(plans) > 1 else None


def _stage_width(items: list[Item], x: float) -> float:
    return max(STAGE_WIDTH, items[-1].end - x + PADDING) if items else EMPTY_WIDTH


def _stage_items(
    plan: NetworkPlan, other: NetworkPlan | None, row: int, stage: int, unfolded: bool, x: float, pixels: int
) -> list[Item]:
    items: list[Item] = []
    figures: dict[str, Figure] = {}
    for kind, first, last, difference in _runs(plan, other, stage, unfolded):
        block = plan.sample(stage, first)
        if block.name not in figures:
            figures[block.name] = block_figure(block, plan.image[0])
        figure = figures[block.name]
        items.append(Item(kind, row, stage, first, last, figure, x, pixels, difference))
        x = items[-1].end
    return items


def _runs(plan: NetworkPlan, other: NetworkPlan | None, stage: int, unfolded: bool) -> list[tuple[str, int, int, str]]:
    """Blocks and folds of a stage with their difference from the other network: only equal ones share a fold."""
    blocks = plan.architecture.blocks
    # Equal are: the first block, unless it is like the second; the others; and those that the other network lacks.
    starts = {1, 2, blocks + 1}
    if blocks > 1 and _alike(plan.sample(stage, 1), plan.sample(stage, 2)):
        starts.discard(2)
    if other is not None:
        starts |= {2, min(other.architecture.blocks, blocks) + 1}
    runs = []
    edges = sorted(start for start in starts if start <= blocks + 1)
    for first, end in pairwise(edges):
        difference = block_difference(plan, other, stage, first) if other else ""
        last = end - 1
        if unfolded or end - first <= FOLD_FROM:
            runs += [(BLOCK, number, number, difference) for number in range(first, end)]
        else:
            runs.append((BLOCK, first, first, difference))
            runs.append((FOLD, first + 1, last - 1, difference))
            runs.append((BLOCK, last, last, difference))
    return runs


def _alike(one: BlockPlan, other: BlockPlan) -> bool:
    return [layer.text for layer in one.layers] == [layer.text for layer in other.layers] and one.shape == other.shape


def block_figure(block: BlockPlan, full: int) -> Figure:
    """What `block` looks like, where `full` is the image's height."""
    before = [layer.kind for layer in block.part(Role.PRE_ACTIVATION)]
    inside: list[LayerPlan] = []
    behind: list[LayerPlan] = []
    for layer in block.part(Role.BRANCH):
        (behind if layer.kind in (Kind.MULTIPLY, Kind.SCALE) else inside).append(layer)
    nodes = [layer.kind for layer in (*behind, *block.part(Role.SUM))]
    strokes = _strokes(inside)
    return Figure(
        strokes,
        tuple(before),
        tuple(nodes),
        marks_of(block),
        _width(strokes),
        box_height(block.shape[0], full),
        box_height(block.input_shape[0], full),
        f"{shape_text(block.input_shape)} → {shape_text(block.shape)}" if block.changes_shape else "",
        shape_text(block.shape),
    )


def box_height(size: int, full: int) -> float:
    """Units for maps that are `size` pixels high."""
    return LOW + HIGH * min(1.0, size / full)


def _chain(layers: tuple[LayerPlan, ...], plan: NetworkPlan) -> Figure:
    """Stem or head: a box with nothing around it, as high as the maps that it works on."""
    strokes = _strokes([layer for layer in layers if layer.kind is not Kind.INPUT])
    high = max((layer.shape[0] for layer in layers if len(layer.shape) == 3), default=1)
    size = plan.image[0] if layers[0].kind is Kind.INPUT else min(high, 2)
    height = box_height(size, plan.image[0])
    return Figure(strokes, (), (), (), max(_width(strokes), 34.0), height, height, result=shape_text(layers[-1].shape))


def _strokes(layers: list[LayerPlan]) -> tuple[tuple[Kind, float, float], ...]:
    strokes: list[tuple[Kind, float, float]] = []
    for layer in layers:
        match layer.kind:
            case Kind.CONV:
                # Width hints at channels, on a scale of doublings; height at the kernel.
                width = STROKE + 1.1 * max(0.0, math.log2(layer.shape[-1]) - 4)
                strokes.append((Kind.CONV, width, 0.7 if layer.size > 1 else 0.42))
            case Kind.BATCH_NORM:
                strokes.append((Kind.BATCH_NORM, 2.0, 0.52))
            case Kind.RELU:
                strokes.append((Kind.RELU, 5.0, 0.0))
            case Kind.DENSE | Kind.FLATTEN | Kind.AVERAGE_POOLING:
                strokes.append((layer.kind, STROKE, 0.7 if layer.kind is Kind.DENSE else 0.42))
        if layer.activation == "relu":
            strokes.append((Kind.RELU, 5.0, 0.0))
    return tuple(strokes)


def _width(strokes: tuple[tuple[Kind, float, float], ...]) -> float:
    return 2 * BOX_PADDING + sum(width for _, width, _ in strokes) + STROKE_GAP * max(0, len(strokes) - 1)
