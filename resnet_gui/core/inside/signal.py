"""How strong the signal is in each block: forward through branch and shortcut, and backward as the gradient."""

import math
from dataclasses import dataclass

from resnet_gui.core.blueprint import BlockPlan
from resnet_gui.core.inside.decades import short_number
from resnet_gui.core.inside.lesion import block_name
from resnet_gui.core.inside.question import Question

SMALL_LOSS = 1e-5  # where a float32 softmax has hardly anything left that a gradient could come from
ALIKE = 1.5  # times; what differs by less counts as about the same

NOT_RECORDED = "Nobody recorded the gradients while this network was trained. Train one, and they grow here."
NOT_YET = "Is being looked into …"


@dataclass(frozen=True)
class SignalQuestion(Question):
    """How strong is the signal in every block? Answer: Signals."""

    of_label = True


@dataclass(frozen=True)
class BlockSignal:
    """One block; all numbers are L2 norms over every value.

    `branch` is of alpha F(x) and `shortcut` of h(x), None in a plain network; the norm of the gradient of the loss is
    `output_gradient` by the block's output, and `weight_gradient` by its weights.
    """

    plan: BlockPlan
    branch: float
    shortcut: float | None
    output_gradient: float
    weight_gradient: float

    @property
    def ratio(self) -> float | None:
        """|F(x)| / |h(x)|; None without a shortcut, or behind one that carries nothing."""
        return self.branch / self.shortcut if self.shortcut else None


@dataclass(frozen=True)
class Signals:
    """The blocks, first to last, and the loss of the picture if it shows the digit `label`."""

    label: int
    loss: float
    blocks: tuple[BlockSignal, ...]


def block_words(block: BlockSignal) -> str:
    """One block in lines, for who points at it."""
    lines = [
        block_name(block.plan),
        _share_words(block),
        f"Gradient at its output: {short_number(block.output_gradient)}",
        f"Gradient of its weights: {short_number(block.weight_gradient)}",
    ]
    return "\n".join(lines)


def _share_words(block: BlockSignal) -> str:
    if block.shortcut is None:
        return "No shortcut: all that leaves it is F(x)."
    if block.ratio is None:
        return "The shortcut carries nothing here: all of the sum is F(x)."
    return f"|F(x)| / |h(x)| = {short_number(block.ratio)}"


def signal_words(signals: Signals, other: Signals | None = None, names: tuple[str, str] = ("", "")) -> str:
    """What one sees, in a sentence or two; `other` is of the network beside it, and `names` are both networks'."""
    if not signals.blocks:
        return "This network has no blocks: there is nothing between stem and head that a signal could pass."
    if not all(math.isfinite(block.output_gradient) for block in signals.blocks):
        return "The gradient is not finite: the training of this network has gone wrong."
    if signals.loss < SMALL_LOSS:
        return (
            f"The network is so certain of its {signals.label} that the loss is almost 0, and with it the gradient: "
            "from this picture there is nothing to learn. A picture that it doubts shows more."
        )
    said = f"If this is {'an' if signals.label == 8 else 'a'} {signals.label}, {_reach(signals, 'the first block')}"
    if other is not None and other.blocks and other.loss >= SMALL_LOSS:
        said += f"; in {names[1]}, {_reach(other, 'the first block')}"
    ratios = [block.ratio for block in signals.blocks if block.ratio is not None]
    if ratios:
        mean = _rounded(sum(ratios) / len(ratios))
        said += f". On average the branches add {mean} times what the shortcuts carry"
    return f"{said}."


def _reach(signals: Signals, first: str) -> str:
    """How the gradient at the first block's output compares with that at the last one's."""
    start, end = signals.blocks[0].output_gradient, signals.blocks[-1].output_gradient
    if len(signals.blocks) == 1:
        return f"{first}, which is the last one too, gets a gradient of {short_number(start)}"
    if start == 0:
        return f"{first} gets no gradient at all"
    if end == 0:
        return f"{first} gets a gradient of {short_number(start)}, the last one none"
    share = start / end
    if 1 / ALIKE <= share <= ALIKE:
        return f"{first} gets about as much gradient as the last one"
    if share > 1:
        return f"{first} gets {_rounded(share)} times the gradient of the last one"
    return f"{first} gets {_rounded(100 * share)} % of the gradient that the last one gets"


def _rounded(value: float) -> str:
    return short_number(float(f"{value:.2g}"))
