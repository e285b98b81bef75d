"""A network's blocks for the views, at the price of two per stage: all after a stage's second one are equal to it."""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from resnet_gui.core import papers
from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.blueprint import BlockPlan, Blueprint, Kind, LayerPlan, Role, Shape, make_blueprint

SAMPLED = 2  # blocks per stage; a blueprint of 1000 blocks takes some 50 ms, in which nothing would be painted
IMAGE: Shape = (28, 28, 1)
CLASSES = 10


@dataclass(frozen=True)
class NetworkPlan:
    """An architecture's stem, blocks and head with their shapes and costs; equal to its blueprint, part by part."""

    architecture: Architecture
    image: Shape = IMAGE
    classes: int = CLASSES

    @cached_property
    def stem(self) -> tuple[LayerPlan, ...]:
        """The image and the layers before the first block."""
        return self._sample.part(Role.STEM)

    @cached_property
    def head(self) -> tuple[LayerPlan, ...]:
        """The layers behind the last block."""
        layers = self._sample.part(Role.HEAD)
        return tuple(self._renamed(layer, layer.name, "") for layer in layers)

    @cached_property
    def parameters(self) -> int:
        """Trainable parameters of the whole network."""
        return self._total("parameters")

    @cached_property
    def multiply_adds(self) -> int:
        """Multiply-adds of the whole network for one image, forward."""
        return self._total("multiply_adds")

    @cached_property
    def stem_shape(self) -> Shape:
        """What the stem puts out."""
        height, width, channels = self.stem[-1].shape
        return height, width, channels

    def stage_shape(self, stage: int) -> Shape:
        """What stage number `stage` puts out; without blocks, what goes in."""
        return self.sample(stage, 1).shape if self.architecture.blocks else self.stem_shape

    def sample(self, stage: int, number: int) -> BlockPlan:
        """A block equal to number `number` of `stage` but for its name."""
        per_stage = min(SAMPLED, self.architecture.blocks)
        return self._blocks[(stage - 1) * per_stage + min(number, per_stage) - 1]

    def block(self, stage: int, number: int) -> BlockPlan:
        """The block as the network's own blueprint has it."""
        sample = self.sample(stage, number)
        name = f"stage{stage}_block{number}"
        layers = tuple(self._renamed(layer, layer.name.replace(sample.name, name, 1), name) for layer in sample.layers)
        return replace(sample, name=name, number=number, layers=layers)

    @cached_property
    def _sample(self) -> Blueprint:
        small = replace(self.architecture, blocks=min(SAMPLED, self.architecture.blocks))
        return make_blueprint(small, self.image, self.classes)

    @cached_property
    def _blocks(self) -> tuple[BlockPlan, ...]:
        return self._sample.blocks

    def _renamed(self, layer: LayerPlan, name: str, block: str) -> LayerPlan:
        """`layer` of the sample, with the names that it and its inputs have in the whole network."""
        inputs = []
        for other in layer.inputs:
            if not other.startswith("stage"):
                inputs.append(other)
                continue
            place, _, rest = other.partition("_block")
            number, _, rest = rest.partition("_")
            if block and place == block.partition("_block")[0]:
                own = layer.block.rpartition("block")[2]
                real = int(block.rpartition("block")[2]) - (int(own) - int(number))
            else:  # the last block of the stage before
                real = self.architecture.blocks
            inputs.append(f"{place}_block{real}_{rest}")
        return replace(layer, name=name, block=block, inputs=tuple(inputs))

    def _total(self, quantity: str) -> int:
        total: int = sum(getattr(layer, quantity) for layer in (*self.stem, *self.head))
        blocks = self.architecture.blocks
        for stage in range(1, self.architecture.stages + 1) if blocks else ():
            total += getattr(self.sample(stage, 1), quantity)
            total += (blocks - 1) * getattr(self.sample(stage, 2), quantity)
        return total


@lru_cache(maxsize=32)
def make_plan(architecture: Architecture) -> NetworkPlan:
    """The plan of `architecture` for the app's images and classes."""
    return NetworkPlan(architecture)


def shape_text(shape: tuple[int, ...]) -> str:
    """Such as `28×28×16`, height, width and channels; a vector as `1,568 values`."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]:,} values"


def layer_text(layer: LayerPlan) -> str:
    """What the layer does, such as `conv 3×3, stride 2`."""
    return layer.text.replace("3x3", "3×3").replace("1x1", "1×1")


def count_text(number: int) -> str:
    """A count of at most four figures and its unit, such as `2,304`, `36.9 k` or `1.81 M`."""
    if number < 10_000:
        return f"{number:,}"
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= 0.9995 * size:
            return f"{number / size:.3g} {unit}"
    return str(number)


def block_formula(architecture: Architecture, block: BlockPlan) -> str:
    """What this very block computes: the paper's formula, with what brings x into a new shape."""
    formula = papers.formula(architecture)
    if activation := block.part(Role.PRE_ACTIVATION):  # branch and shortcut share it
        activated = "ReLU(BN(x))" if len(activation) > 1 else "ReLU(x)"
        of_activated = re.sub(r"\bx\b", "a", formula)
        return f"{_with_shape(of_activated, 'a', architecture, block)}, a = {activated}"
    return _with_shape(formula, "x", architecture, block)


def _with_shape(formula: str, x: str, architecture: Architecture, block: BlockPlan) -> str:
    """`formula` with what the shortcut does to its input `x` in this block."""
    kinds = {layer.kind for layer in block.part(Role.SHORTCUT)}
    before, _, after = formula.rpartition(x)
    if Kind.CONV in kinds:
        always = architecture.shortcut in (Shortcut.PROJECTION, Shortcut.CONV_1X1)
        return formula if always else f"{before}W {x}{after}"
    return f"{before}pad({x}){after}" if kinds & {Kind.SUBSAMPLE, Kind.PAD} else formula
