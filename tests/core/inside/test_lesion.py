"""What can be changed inside a network, and what cannot."""

import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion, check_lesion, exchangeable, lesion_words, removable

TWO_STAGES = make_blueprint(Architecture(blocks=2, stages=2, width=4))
PLAIN = make_blueprint(Architecture(blocks=2, stages=2, width=4, shortcut=Shortcut.NONE))


def test_nothing_changed_is_no_lesion():
    lesion = Lesion.none(3)
    assert not lesion.touched
    assert lesion.with_alpha(1, 0).touched
    assert lesion.with_alpha(1, 0).with_alpha(1, 1) == lesion
    assert lesion.swapped(0, 2).swapped(2, 0) == lesion


def test_a_block_takes_its_alpha_along():
    assert Lesion((0, 1, 2), (0, 1, 2)).swapped(0, 1) == Lesion((1, 0, 2), (1, 0, 2))


@pytest.mark.parametrize("alpha", [-0.1, 2.1, float("nan"), float("inf")])
def test_an_alpha_out_of_range_is_refused(alpha):
    with pytest.raises(LesionError, match="Alpha must be a number from 0 to 2; got "):
        Lesion.none(2).with_alpha(0, alpha)


@pytest.mark.parametrize("order", [(0, 0), (0,), (1, 2), (0, 1, 2)])
def test_an_order_names_each_block_once(order):
    with pytest.raises(LesionError, match="An order of 2 blocks names each of them once"):
        Lesion((1, 1), order)


def test_blocks_that_are_alike_can_change_places():
    assert exchangeable(TWO_STAGES) == ((0, 1), (2,), (3,))
    # The first block of a pre-activation network gets an activated input.
    first = make_blueprint(Architecture(blocks=3, width=4, order=Order.FULL_PRE_ACTIVATION, batch_norm=True))
    assert exchangeable(first) == ((0,), (1, 2))
    check_lesion(Lesion.none(4).swapped(0, 1), TWO_STAGES)
    with pytest.raises(LesionError, match="Block 1 of stage 2 and Block 2 of stage 1 have other shapes or layers"):
        check_lesion(Lesion.none(4).swapped(1, 2), TWO_STAGES)


def test_nothing_stands_in_for_a_plain_block_that_changes_the_shape():
    assert removable(PLAIN) == (True, True, False, True)
    assert removable(TWO_STAGES) == (True,) * 4
    check_lesion(Lesion.none(4).with_alpha(2, 0), TWO_STAGES)
    with pytest.raises(LesionError, match="Block 1 of stage 2 of a plain network changes the shape"):
        check_lesion(Lesion.none(4).with_alpha(2, 0), PLAIN)


def test_a_lesion_is_told_in_words():
    assert lesion_words(Lesion.none(4)) == ""
    lesion = Lesion.none(4).swapped(0, 1).with_alpha(2, 0).with_alpha(3, 0.5)
    assert lesion_words(lesion) == "blocks 1 and 2 exchanged, block 3 off, block 4 at α 0.5"
    turned = Lesion((1, 1, 1), (1, 2, 0))
    assert lesion_words(turned) == "block 2 at place 1, block 3 at place 2, block 1 at place 3"
