import math

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.signal import BlockSignal, Signals, block_words, signal_words

PLANS = make_blueprint(Architecture(blocks=2, width=4)).blocks


def signals(*gradients, shortcut=2.0, loss=0.5):
    blocks = [BlockSignal(plan, 1.0, shortcut, g, 0.1) for plan, g in zip(PLANS, gradients, strict=False)]
    return Signals(3, loss, tuple(blocks))


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ((0.004, 1.0), "If this is a 3, the first block gets 0.4 % of the gradient that the last one gets."),
        ((0.0, 1.0), "If this is a 3, the first block gets no gradient at all."),
        ((22.4, 1.0), "If this is a 3, the first block gets 22 times the gradient of the last one."),
        ((1.1, 1.0), "If this is a 3, the first block gets about as much gradient as the last one."),
        ((0.5, 0.0), "If this is a 3, the first block gets a gradient of 0.5, the last one none."),
        ((0.5,), "If this is a 3, the first block, which is the last one too, gets a gradient of 0.5."),
    ],
)
def test_a_sentence_compares_the_first_block_with_the_last(gradients, words):
    assert signal_words(signals(*gradients, shortcut=None)) == words


def test_the_sentence_tells_of_the_twin_and_of_the_branches():
    words = signal_words(signals(1.0, 1.0), signals(0.001, 1.0, shortcut=None), ("ResNet-6", "plain-6"))
    assert words == (
        "If this is a 3, the first block gets about as much gradient as the last one; in plain-6, the first block "
        "gets 0.1 % of the gradient that the last one gets. On average the branches add 0.5 times what the "
        "shortcuts carry."
    )


def test_what_shows_nothing_is_said():
    assert "no blocks" in signal_words(Signals(3, 0.5, ()))
    assert "not finite" in signal_words(signals(math.nan, 1.0))
    assert "certain of its 3" in signal_words(signals(1e-9, 1e-9, loss=1e-7))


def test_a_block_is_told_in_lines():
    assert block_words(signals(0.5).blocks[0]) == (
        "Block 1 of stage 1\n|F(x)| / |h(x)| = 0.5\nGradient at its output: 0.5\nGradient of its weights: 0.1"
    )
    assert "No shortcut" in block_words(signals(0.5, shortcut=None).blocks[0])
