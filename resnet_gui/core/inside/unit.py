"""How one value of a feature map is computed: the literal arithmetic from a window of the input to the value itself.

A convolution, then bias or batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167), then what the block does
with each value: gate, factor, the addition of the shortcut, the activation.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint, Kind, LayerPlan, Role
from resnet_gui.core.inside.question import Question
from resnet_gui.core.inside.signed import number_text
from resnet_gui.core.inside.unit_steps import DIGITS, Step, Steps, Values, layers_of, plus

# What works on each value by itself.
POINTWISE = {Kind.BATCH_NORM, Kind.RELU, Kind.ADD, Kind.MULTIPLY, Kind.SCALE, Kind.DROPOUT}
TOLD = 4  # input channels whose sums are told one by one


@dataclass(frozen=True)
class UnitQuestion(Question):
    """How is this value computed? Answer: Unit.

    `layer` names a convolution, or is empty for one that adds a shortcut; `row` and `column` are of its output, None
    for the middle. What the network does not have is answered by the nearest that it has.
    """

    layer: str = ""
    channel: int = 0
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, eq=False)
class Unit:
    """The arithmetic of one value.

    `window` and `kernel` are float64 (size, size, inputs); `inside`, bool (size, size), is False where the window hangs
    over the edge, where all inputs are 0. `top` and `left` are the window's place in the input map, which begins at 0.
    `contributions`, (inputs,), are what each input channel adds to `total`, and `ranking` names the channels, the
    strongest first. `inputs`, float32 (height, width, inputs), is the convolution's input; `outputs`, (height, width),
    the feature map whose value at `row`, `column` is `value`.
    """

    layer: str
    channel: int
    channels: int
    row: int
    column: int
    stride: int
    top: int
    left: int
    window: NDArray[np.float64]
    inside: NDArray[np.bool_]
    kernel: NDArray[np.float64]
    contributions: NDArray[np.float64]
    ranking: NDArray[np.intp]
    total: float
    steps: tuple[Step, ...]
    value: float
    inputs: NDArray[np.float32]
    outputs: NDArray[np.float32]
    result: str  # what the map shows, such as `ReLU(x + F(x))`

    @property
    def size(self) -> int:
        """Pixels along a side of the kernel."""
        return int(self.kernel.shape[0])

    @property
    def inputs_words(self) -> str:
        """Such as `32 input channels`."""
        count = len(self.contributions)
        return f"{count} input channel{'s' if count > 1 else ''}"

    @property
    def place_words(self) -> str:
        """Such as `channel 5, row 3, column 12`, counted from 1."""
        return f"channel {self.channel + 1}, row {self.row + 1}, column {self.column + 1}"

    @property
    def lines(self) -> tuple[Step, ...]:
        """The whole arithmetic behind the products."""
        strongest = [float(self.contributions[channel]) for channel in self.ranking[:TOLD]]
        rest = self.total - sum(strongest)
        text = " ".join(number_text(value, DIGITS) if not n else plus(value) for n, value in enumerate(strongest))
        if len(self.contributions) > TOLD:
            text += f" {plus(rest)} of the other {len(self.contributions) - TOLD}"
        return Step(f"Sum over {self.inputs_words}", f"s = {text}", self.total, "s"), *self.steps

    @property
    def notes(self) -> str:
        """What is special about this place, in sentences; empty for nothing."""
        notes = []
        if not self.inside.all():
            notes.append("The window hangs over the edge; there the input is padded with zeros, which are hatched.")
        if self.stride > 1:
            notes.append(f"The stride is {self.stride}: from one value to the next the window moves by so many pixels.")
        return " ".join(notes)

    @property
    def products(self) -> NDArray[np.float64]:
        """Window times kernel, (size, size, inputs)."""
        return self.window * self.kernel


@lru_cache(maxsize=32)
def convolutions(blueprint: Blueprint) -> tuple[str, ...]:
    """The names of all convolutions, in the order of the data's flow."""
    return tuple(layer.name for layer in blueprint.layers if layer.kind is Kind.CONV)


def layer_words(blueprint: Blueprint, name: str) -> str:
    """What people call a convolution, such as `Block 2 of stage 1 · convolution 2`."""
    layer = layers_of(blueprint)[name]
    if not layer.block:
        return "Stem · convolution"
    block = next(block for block in blueprint.blocks if block.name == layer.block)
    names = [other.name for other in block.part(Role.BRANCH) if other.kind is Kind.CONV]
    what = f"convolution {names.index(name) + 1}" if name in names else f"{layer.role}, 1×1"
    return f"Block {block.number} of stage {block.stage} · {what}"


def nearest(blueprint: Blueprint, question: UnitQuestion) -> UnitQuestion:
    """The question as this network can answer it."""
    names = convolutions(blueprint)
    layer = question.layer
    if layer not in names:
        branch = [one.name for one in blueprint.blocks[0].part(Role.BRANCH)] if blueprint.blocks else []
        layer = ([name for name in names if name in branch] or ["stem"])[-1]
    height, width, channels = layers_of(blueprint)[layer].shape
    row = height // 2 if question.row is None else question.row
    column = width // 2 if question.column is None else question.column
    return UnitQuestion(
        layer,
        min(max(question.channel, 0), channels - 1),
        min(max(row, 0), height - 1),
        min(max(column, 0), width - 1),
    )


@lru_cache(maxsize=256)
def chain(blueprint: Blueprint, layer: str) -> tuple[LayerPlan, ...]:
    """The convolution `layer`, and what its values go through one by one until they are mixed or leave the block."""
    layers = layers_of(blueprint)
    found = [layers[layer]]
    while True:
        last = found[-1]
        readers = [other for other in blueprint.layers if last.name in other.inputs]
        if len(readers) != 1 or readers[0].kind not in POINTWISE or readers[0].block != last.block:
            return tuple(found)
        found.append(readers[0])


def evaluate(blueprint: Blueprint, values: Values, question: UnitQuestion) -> Unit:
    """The arithmetic of the value that `question` is about, in a network that computes these `values`."""
    question = nearest(blueprint, question)
    row, column = question.row or 0, question.column or 0
    plans = chain(blueprint, question.layer)
    conv, last = plans[0], plans[-1]
    incoming = values.outputs[conv.inputs[0]]
    top, left = (
        row * conv.stride - _padding(incoming.shape[0], conv.shape[0], conv.size, conv.stride),
        column * conv.stride - _padding(incoming.shape[1], conv.shape[1], conv.size, conv.stride),
    )
    window, inside = _window(incoming, top, left, conv.size)
    kernel = values.weights[f"{conv.name}/kernel"][:, :, :, question.channel].astype(np.float64)
    contributions = (window * kernel).sum((0, 1))
    total = float(contributions.sum())
    place = row, column, question.channel
    steps = Steps(blueprint, values, place, conv, total)
    for before, plan in pairwise(plans):
        steps.take(plan, before)
    steps.end_plain(last)
    return Unit(
        layer=conv.name,
        channel=question.channel,
        channels=conv.shape[-1],
        row=row,
        column=column,
        stride=conv.stride,
        top=top,
        left=left,
        window=window,
        inside=inside,
        kernel=kernel,
        contributions=contributions,
        ranking=np.argsort(-np.abs(contributions), kind="stable"),
        total=total,
        steps=tuple(steps.done),
        value=steps.value,
        inputs=incoming,
        outputs=values.outputs[last.name][:, :, question.channel],
        result=steps.name,
    )


def _padding(incoming: int, outgoing: int, size: int, stride: int) -> int:
    """Zeros before the first pixel; TensorFlow's "SAME" puts an odd one behind the last."""
    return max((outgoing - 1) * stride + size - incoming, 0) // 2


def _window(
    incoming: NDArray[np.float32], top: int, left: int, size: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What the kernel sees, 0 beyond the edges, and where it is not beyond them."""
    height, width, channels = incoming.shape
    window = np.zeros((size, size, channels))
    rows, columns = np.arange(top, top + size), np.arange(left, left + size)
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None]
    seen = incoming[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    window[inside] = seen[inside]
    return window, inside
