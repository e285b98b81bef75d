from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.step import BlockStep, Phase, Step, loss_words, step_words

PLANS = make_blueprint(Architecture(blocks=2, width=4)).blocks
BLOCKS = (
    BlockStep(PLANS[0], 1.0, 2.0, 0.02, 0.01, 0.03, 10.0, 0.05),
    BlockStep(PLANS[1], 1.0, 2.0, 0.1, 0.01, 0.03, 10.0, 0.2),
)
DIGITS = np.arange(4, dtype=np.int32)
STEP = Step(
    2, 0.01, np.zeros((4, 28, 28), np.uint8), DIGITS, np.array([0, 1, 2, 9]), np.ones(4, np.float32), 1.0, 0.9, BLOCKS
)


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.FORWARD, "Step 2: 4 digits go forward through the network, which reads 3 of them right."),
        (Phase.LOSS, "1.000 on average"),
        (Phase.LOSS, "Who only guesses has 2.303."),
        (Phase.GRADIENT, "The first block gets 0.2 times as much as the last one. On average 75% of what arrives"),
        (Phase.UPDATE, "0.01 times its gradient. The first block's weights change by 0.5 %, the last one's by 2 %."),
        (Phase.UPDATE, "the loss goes from 1.000 to 0.900."),
    ],
)
def test_each_part_of_a_step_has_its_sentence(phase, words):
    assert words in step_words(STEP, phase)


def test_networks_without_shortcuts_or_blocks_are_told_so():
    plain = replace(STEP, blocks=tuple(replace(block, shortcut=None, through_shortcut=None) for block in BLOCKS))
    assert "there are no shortcuts" in step_words(plain, Phase.GRADIENT)
    bare = replace(STEP, blocks=())
    assert "no blocks" in step_words(bare, Phase.GRADIENT)
    assert step_words(bare, Phase.UPDATE).endswith("from 1.000 to 0.900.")


def test_steps_that_were_too_large_are_told_so():
    assert "smaller learning rate" in step_words(replace(STEP, loss=np.nan), Phase.FORWARD)
    assert "too large" in step_words(replace(STEP, after=np.inf), Phase.UPDATE)


def test_the_loss_is_told_once_it_is_known():
    assert loss_words(STEP, Phase.FORWARD) == ": 3 of 4 right"
    assert loss_words(STEP, Phase.GRADIENT) == ": loss 1.000"
    assert loss_words(STEP, Phase.UPDATE) == ": loss 1.000 → 0.900"
