"""The rows of a training step: what each part of it brings to every block."""

import numpy as np

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.inside.decades import Decades, short_number
from resnet_gui.core.inside.lesion import block_name
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.step import BlockStep, Phase, loss_words
from resnet_gui.ui.inside.block_rows import Side
from resnet_gui.ui.inside.columns import Bars, Shares


def step_side(answered: Answered, phase: Phase, norms: Decades, changes: Decades) -> Side:
    """One network in this phase: its columns fill from left to right. The scales are those of both networks."""
    blocks = answered.answer.blocks
    nothing, back, done = [0.0] * len(blocks), phase >= Phase.GRADIENT, phase >= Phase.UPDATE
    branches, shortcuts = [block.branch for block in blocks], [block.shortcut for block in blocks]
    outputs = norms.shares([block.output_gradient for block in blocks])
    changed = changes.shares([block.change / (block.weights or 1.0) for block in blocks])
    unknown = np.full(len(blocks), np.nan)
    through = [block.through_branch for block in blocks] if back else nothing
    aside = [block.through_shortcut for block in blocks] if back else nothing
    return Side(
        f"{answered.name}{loss_words(answered.answer, phase)}",
        tuple(block.plan for block in blocks),
        tuple(_words(block) for block in blocks),
        (
            Shares(("Forward", "F : h"), branches, shortcuts),
            Bars(("Gradient", "Grad."), outputs if back else unknown, ends=norms.ends if back else ("", "")),
            Shares(("Back to its input", "Back"), through, aside),
            Bars(("Change", "Δw"), changed if done else unknown, ends=changes.ends if done else ("", "")),
        ),
        answered.blueprint.architecture.shortcut is Shortcut.NONE,
        tuple(
            (shortcut or 0.0) / ((branch + (shortcut or 0.0)) or 1.0)
            for branch, shortcut in zip(branches, shortcuts, strict=True)
        ),
    )


def _words(block: BlockStep) -> str:
    ways = [f"Arriving at its input through F: {short_number(block.through_branch)}"]
    if block.through_shortcut is not None:
        ways.append(f"Arriving at its input by the shortcut: {short_number(block.through_shortcut)}")
    return "\n".join(
        [
            block_name(block.plan),
            f"Gradient at its output: {short_number(block.output_gradient)}",
            *ways,
            f"Its weights, of norm {short_number(block.weights)}, change by {short_number(block.change)}",
        ]
    )
