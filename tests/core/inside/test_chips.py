"""What is shown and said of the blocks that one operates on, and of what that changes."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.chips import chips_of, partners, swap_refusal, without_words
from resnet_gui.core.inside.effect import Effect, effect_words, images_words, reading_words, score_words
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.sweep import Score

NET = make_blueprint(Architecture(blocks=3, stages=2, width=4))
PLAIN = make_blueprint(Architecture(blocks=1, stages=2, width=4, shortcut="none"))


def reads(digit, share=0.9):
    probabilities = np.full(10, (1 - share) / 9, np.float32)
    probabilities[digit] = share
    return probabilities


def effect(before=None, after=None, without=(), right=900):
    return Effect(before, after, tuple(without), Score(990, 1000), Score(right, 1000), "MNIST, from there", 10_000)


def test_a_chip_tells_state_strength_and_what_is_read_without_the_block():
    lesion = Lesion.none(6).with_alpha(0, 0.0).with_alpha(1, 0.5).swapped(1, 2)
    without = [reads(3), reads(5), None, reads(3), reads(3), reads(3)]
    chips = chips_of(NET, lesion, effect(reads(3), reads(3), without))
    assert [chip.place for chip in chips] == [1, 2, 3, 4, 5, 6]
    assert [chip.stage for chip in chips] == [1, 1, 1, 2, 2, 2]
    assert [chip.stands for chip in chips] == [1, 3, 2, 4, 5, 6]
    assert [chip.shrinks for chip in chips] == [False, False, False, True, False, False]
    assert [chip.stays for chip in chips[:3]] == [True, False, False]
    assert [chip.without and chip.without[0] for chip in chips[:3]] == [3, None, 5]  # of the blocks that stand there
    assert "switched off" in chips[0].words
    assert "without it alone: 3 with 90 %" in chips[0].words
    assert "alpha 0.5; block 2 stands here" in chips[2].words
    assert "changes the shape" in chips[3].words


def test_chips_are_shown_before_there_is_an_answer():
    assert all(chip.without is None for chip in chips_of(NET, Lesion.none(6), None))


def test_plain_blocks_that_change_the_shape_cannot_be_removed_and_say_so():
    chips = chips_of(PLAIN, Lesion.none(2), None)
    assert [chip.removable for chip in chips] == [True, False]
    assert "cannot be removed" in chips[1].words


def test_only_alike_blocks_change_places_and_the_reason_is_one_sentence():
    assert partners(NET, 0) == (1, 2)
    assert partners(NET, 3) == ()
    assert swap_refusal(NET, 0, 2) == ""
    assert swap_refusal(NET, 0, 3) == (
        "Blocks 1 and 4 cannot change places: one makes 28x28x4 of 28x28x4, the other 14x14x8 of 28x28x4."
    )
    pre = make_blueprint(Architecture(blocks=2, width=4, order="full-pre-activation", batch_norm=True))
    assert swap_refusal(pre, 0, 1).endswith("they are not made of the same layers.")


def test_the_effect_is_told_in_a_sentence():
    assert effect_words(effect(reads(3), reads(3)), False) == "As it was trained it reads this as 3 with 90 %."
    assert effect_words(effect(reads(3), reads(3, 0.6)), True) == "It still reads 3: 90 % before, now 60 %."
    assert effect_words(effect(reads(3), reads(8, 0.6)), True) == "It read 3 with 90 %; now it reads 8 with 60 %."
    assert "not numbers" in effect_words(effect(reads(3)), True)
    assert reading_words(None) == "values that are not numbers"


def test_single_removals_are_counted():
    assert without_words(effect(reads(3), None, [reads(3), reads(3)])).endswith("missing, it reads 3.")
    said = without_words(effect(reads(3), None, [reads(3), reads(4), None]))
    assert said == "With 1 of 2 single blocks missing it still reads 3."
    assert without_words(effect(reads(3))) == ""
    assert without_words(effect()) == ""


def test_figures_come_with_their_uncertainty_and_the_number_of_images():
    assert score_words(Score(990, 1000)) == "99.0 % (98.2 to 99.5 %)"
    assert score_words(Score(0, 0)) == "…"
    assert images_words(effect()).startswith("Read so far: 1,000 of 10,000 test images (MNIST).")


@pytest.mark.parametrize("blocks", [0, 54])
def test_any_number_of_blocks_has_chips(blocks):
    deep = make_blueprint(Architecture(blocks=blocks, width=4))
    assert len(chips_of(deep, Lesion.none(blocks), None)) == blocks
