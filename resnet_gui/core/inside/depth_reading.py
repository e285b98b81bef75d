"""The reading at every depth: what a network would say if it stopped after each block, and what probes read there.

Stopping is a lesion of all later blocks: their residual branches are off, their shortcuts stay (Veit, Wilber and
Belongie 2016, arXiv 1605.06431, section 4.2, for runs of blocks). The probes are those of Alain and Bengio 2016,
"Understanding intermediate layers using linear classifier probes" (arXiv 1610.01644).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.lesion import block_name
from resnet_gui.core.inside.question import Question
from resnet_gui.core.reading import percent

SURE = 0.9  # probability of the digit from which on a network counts as sure of it here
NO_NUMBERS = "The network answers with values that are not numbers: its training diverged."


@dataclass(frozen=True)
class DepthQuestion(Question):
    """What does the network say at every depth? Answer: DepthReading, which grows while probes are fitted."""


@dataclass(frozen=True, eq=False)
class Accuracies:
    """Shares of held-out images that are read right at each depth, float32 (depths,); NaN where it is not known yet.

    `stopped` is the network's own head, if it stopped there; `probes` are linear probes. `source` says what images.
    """

    stopped: NDArray[np.float32]
    probes: NDArray[np.float32]
    source: str


@dataclass(frozen=True, eq=False)
class DepthReading:
    """Of one picture. Depth 0 is behind the stem, before the first block; depth k is behind block k.

    `stopped` and `probed` are probabilities, float32 (depths, 10), with NaN in rows of `probed` that have no probe yet.
    `note` says why there are no accuracies, or what else is to be known of them.
    """

    stopped: NDArray[np.float32]
    probed: NDArray[np.float32]
    accuracies: Accuracies | None = None
    note: str = ""

    @property
    def finite(self) -> bool:
        """Whether the network answers with numbers."""
        return bool(np.isfinite(self.stopped).all())


def depth_name(blueprint: Blueprint, depth: int) -> str:
    """What stands in front of a depth, such as `block 4 of 9 (block 1 of stage 2)`."""
    blocks = blueprint.blocks
    if not depth:
        return "the stem"
    name = f"block {depth} of {len(blocks)}"
    return name if blueprint.architecture.stages == 1 else f"{name} ({block_name(blocks[depth - 1]).lower()})"


def stages_of(blueprint: Blueprint) -> tuple[int, ...]:
    """The depths at which a stage after the first begins: that of its first block."""
    return tuple(
        depth for depth, block in enumerate(blueprint.blocks, start=1) if block.number == 1 and block.stage > 1
    )


def settled_at(probabilities: NDArray[np.float32]) -> int:
    """The depth from which on the digit is the last one's, for probabilities (depths, 10)."""
    digits = probabilities.argmax(axis=1)
    others = np.flatnonzero(digits != digits[-1])
    return int(others[-1]) + 1 if len(others) else 0


def sure_at(probabilities: NDArray[np.float32]) -> int | None:
    """The depth from which on the last digit has at least SURE; None if it has not at the end."""
    share = probabilities[:, probabilities[-1].argmax()]
    doubts = np.flatnonzero(share < SURE)
    depth = int(doubts[-1]) + 1 if len(doubts) else 0
    return depth if depth < len(share) else None


def verdict_words(probabilities: NDArray[np.float32], what: str = "It") -> str:
    """How the verdict came about, as a sentence, for probabilities (depths, 10); empty while one is not known."""
    if not np.isfinite(probabilities).all():
        return ""
    blocks = len(probabilities) - 1
    digits = probabilities.argmax(axis=1)
    first, last, share = int(digits[0]), int(digits[-1]), percent(float(probabilities[-1, digits[-1]]))
    if not blocks:
        return f"{what} says {last} with {share} right behind the stem."
    settled, sure, turns = settled_at(probabilities), sure_at(probabilities), int((np.diff(digits) != 0).sum())
    if sure is None:
        end = f"but is never sure: {share} at the end"
    elif sure <= settled:
        end = f"with {percent(SURE)} or more at once"
    else:
        end = f"and is sure ({percent(SURE)} or more) {_place(sure, blocks)}"
    if not turns:
        return f"{what} says {last} from the stem on, {end}."
    times = "once" if turns == 1 else f"{turns} times"
    return f"{what} begins with {first}, changes its mind {times}, says {last} {_place(settled, blocks)}, {end}."


def _place(depth: int, blocks: int) -> str:
    if depth == 0:
        return "from the stem on"
    return "after the last block" if depth == blocks else f"from block {depth} of {blocks} on"


def depth_words(reading: DepthReading, blueprint: Blueprint, depth: int, probes: bool) -> str:
    """What is read at one depth, as a sentence."""
    row = (reading.probed if probes else reading.stopped)[depth]
    place = f"After {depth_name(blueprint, depth)}"
    if not np.isfinite(row).all():
        return f"{place}: the probe is not fitted yet."
    first, second = np.argsort(-row, kind="stable")[:2].tolist()
    words = f"{place}: {first} with {percent(float(row[first]))}"
    if row[second] >= 0.01:
        words += f", then {second} with {percent(float(row[second]))}"
    if reading.accuracies is not None:
        share = (reading.accuracies.probes if probes else reading.accuracies.stopped)[depth]
        if np.isfinite(share):
            words += f"; of {reading.accuracies.source} {percent(float(share))} are read right here"
    return f"{words}."


def stopping_words(blueprint: Blueprint) -> str:
    """What stopping means in this network."""
    if not blueprint.blocks:
        return "This network has no blocks: there is nowhere to stop."
    if blueprint.architecture.shortcut is Shortcut.NONE:
        if any(block.changes_shape for block in blueprint.blocks):
            return "To stop a plain network, later blocks are left out; those that change the shape still run."
        return "To stop a plain network, later blocks are left out."
    return "Later residual branches are off, their shortcuts stay."
