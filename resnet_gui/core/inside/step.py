"""One training step, taken apart: forward, loss, gradient, update; and the sentences on each."""

import enum
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import BlockPlan
from resnet_gui.core.inside.decades import short_number
from resnet_gui.core.inside.question import Question

BATCH = 32  # digits


class Phase(enum.IntEnum):
    """What happens in a step, one after the other."""

    FORWARD = 0
    LOSS = 1
    GRADIENT = 2
    UPDATE = 3


PHASES = {Phase.FORWARD: "Forward", Phase.LOSS: "Loss", Phase.GRADIENT: "Gradient", Phase.UPDATE: "Update"}


@dataclass(frozen=True)
class StepQuestion(Question):
    """What happens in the last of these steps, made on a copy of the network? Answer: Step.

    `rates` are the learning rates of all steps since the copy was made. `fresh` lets it begin with new weights. Another
    number `copy` begins anew. The steps are plain gradient descent, w - rate dL/dw, on batches of bundled digits.
    """

    of_picture: ClassVar[bool] = False

    rates: tuple[float, ...]
    fresh: bool = False
    copy: int = 0


@dataclass(frozen=True)
class BlockStep:
    """One block in a step; all numbers are L2 norms, over all images of the batch.

    `branch` is of alpha F(x) and `shortcut` of h(x); the gradient of the loss is `output_gradient` by the block's
    output, and arrives at its input by `through_branch` and `through_shortcut`, which add up as vectors. In a plain
    network what goes through shortcuts is None. `weights` are changed by `change`.
    """

    plan: BlockPlan
    branch: float
    shortcut: float | None
    output_gradient: float
    through_branch: float
    through_shortcut: float | None
    weights: float
    change: float

    @property
    def carried_back(self) -> float | None:
        """The shortcut's share of both ways back; None in a plain network."""
        if self.through_shortcut is None:
            return None
        return self.through_shortcut / ((self.through_branch + self.through_shortcut) or 1.0)


@dataclass(frozen=True, eq=False)
class Step:
    """A step, counted from 1, on `images` uint8 (n, 28, 28): what they show, what is read, and the loss of each.

    `loss` is their mean, `after` that of the same batch once the weights have changed.
    """

    number: int
    rate: float
    images: NDArray[np.uint8]
    labels: NDArray[np.int32]
    readings: NDArray[np.intp]
    losses: NDArray[np.float32]
    loss: float
    after: float
    blocks: tuple[BlockStep, ...]

    @property
    def right(self) -> int:
        """How many are read right."""
        return int((self.readings == self.labels).sum())


def step_words(step: Step, phase: Phase, classes: int = 10) -> str:
    """What happens in this phase, for people."""
    if not math.isfinite(step.loss):
        return "The loss is no number any more: the steps were too large. Take a smaller learning rate and start again."
    match phase:
        case Phase.FORWARD:
            return (
                f"Step {step.number}: {len(step.images)} digits go forward through the network, which reads "
                f"{step.right} of them right. In each block x flows through F, and past it through the shortcut."
            )
        case Phase.LOSS:
            return (
                f"The loss says how wrong that was: {step.loss:.3f} on average, longer bars for the digits that cost "
                f"most. Who only guesses has {math.log(classes):.3f}."
            )
        case Phase.GRADIENT:
            return f"The gradient goes back, from the last block to the first. {_back(step)}"
    return (
        f"Every weight takes a step downhill: {step.rate:g} times its gradient. {_changes(step)}On the same digits the "
        f"loss goes from {step.loss:.3f} to {_after(step)}."
    )


def _back(step: Step) -> str:
    blocks = step.blocks
    if not blocks:
        return "There are no blocks on its way."
    shares = [block.carried_back for block in blocks if block.carried_back is not None]
    first, last = blocks[0].output_gradient, blocks[-1].output_gradient
    reach = ""
    if len(blocks) > 1 and last > 0:
        reach = f"The first block gets {short_number(float(f'{first / last:.2g}'))} times as much as the last one. "
    if not shares:
        return f"{reach}Its only way is through every F: there are no shortcuts."
    return f"{reach}On average {sum(shares) / len(shares):.0%} of what arrives at a block's input came by the shortcut."


def _changes(step: Step) -> str:
    if not step.blocks:
        return ""
    first, last = (f"{short_number(100 * b.change / (b.weights or 1.0))} %" for b in (step.blocks[0], step.blocks[-1]))
    if len(step.blocks) == 1:
        return f"The block's weights change by {first}. "
    return f"The first block's weights change by {first}, the last one's by {last}. "


def _after(step: Step) -> str:
    return f"{step.after:.3f}" if math.isfinite(step.after) else "what is no number: the step was too large"


def loss_words(step: Step, phase: Phase) -> str:
    """What is to be put behind a network's name: its loss, once that is known, and what becomes of it."""
    if phase is Phase.FORWARD:
        return f": {step.right} of {len(step.images)} right"
    if not math.isfinite(step.loss):
        return ": no loss any more"
    return f": loss {step.loss:.3f}" + (f" → {step.after:.3f}" if phase is Phase.UPDATE else "")
