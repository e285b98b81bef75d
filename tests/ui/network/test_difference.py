"""Two networks compared, in words and block by block."""

from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture, Head, Order, Shortcut
from resnet_gui.ui.network.difference import block_difference, chain_difference, difference_in_words, only_in
from resnet_gui.ui.network.plan import make_plan

ONE = Architecture(3, 3, 16, batch_norm=True)


def words(**changes):
    return difference_in_words(make_plan(ONE), make_plan(replace(ONE, **changes)))


def test_equal_networks_are_the_same():
    assert words() == "the same network"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"blocks": 5}, "6 blocks more"),
        ({"blocks": 2}, "3 blocks fewer"),
        ({"stages": 2}, "1 stage fewer, 3 blocks fewer"),
        ({"shortcut": Shortcut.NONE}, "no shortcuts"),
        ({"shortcut": Shortcut.DROPOUT}, "dropout shortcuts"),
        ({"order": Order.FULL_PRE_ACTIVATION}, "full pre-activation instead of original order"),
        ({"order": Order.BN_AFTER_ADDITION}, "BN after addition instead of original order"),
        ({"order": Order.RELU_ONLY_PRE_ACTIVATION}, "ReLU only pre-activation instead of original order"),
        ({"block": "bottleneck"}, "bottleneck blocks"),
        ({"batch_norm": False}, "no batch normalisation"),
        ({"width": 32}, "width 32 instead of 16"),
        ({"head": Head.AVERAGE_POOLING}, "average pooling"),
        ({"stem_stride": 2}, "stem stride 2 instead of 1"),
    ],
)
def test_each_setting_is_told(changes, said):
    assert said in words(**changes)


def test_parameters_are_counted():
    plain = make_plan(replace(ONE, shortcut=Shortcut.NONE))
    missing = make_plan(ONE).parameters - plain.parameters
    assert words(shortcut="none").endswith(f"{missing:,} parameters fewer")
    assert words(shortcut="A").endswith("parameters fewer")
    assert difference_in_words(plain, make_plan(replace(ONE, shortcut="A"))).endswith("as many parameters")


def test_settings_of_a_shortcut_count_only_where_both_have_it():
    half, third = (make_plan(replace(ONE, shortcut="constant-scaling", shortcut_scale=s)) for s in (0.5, 0.3))
    assert "x times 0.3 instead of 0.5" in difference_in_words(half, third)
    assert "times" not in difference_in_words(make_plan(ONE), third)


def test_a_block_tells_which_layers_it_has_alone():
    ours, theirs = make_plan(replace(ONE, shortcut="projection")), make_plan(ONE)
    assert [layer.name for layer in only_in(ours.block(1, 2), theirs.block(1, 2))] == [
        "stage1_block2_projection",
        "stage1_block2_projection_bn",
    ]
    assert block_difference(ours, theirs, 1, 2) == "Only here: projection (conv 1×1), projection bn (batch norm)."
    assert block_difference(theirs, ours, 1, 2).startswith("Only in the other network: projection")
    assert block_difference(ours, theirs, 2, 1) == ""


def test_shapes_and_missing_blocks_are_told():
    wide, small = make_plan(replace(ONE, width=32)), make_plan(replace(ONE, blocks=1, stages=1))
    assert block_difference(wide, make_plan(ONE), 1, 1) == "Puts out 28×28×32 instead of 28×28×16."
    for stage, number in ((1, 2), (2, 1)):
        assert block_difference(wide, small, stage, number) == "Only this network has this block."


def test_stem_and_head_are_compared():
    one, other = make_plan(ONE), make_plan(replace(ONE, width=32, head="average-pooling"))
    assert chain_difference(one.stem, one.stem) == ""
    assert chain_difference(one.stem, other.stem) == "Puts out 28×28×16 instead of 28×28×32."
    assert "global average pooling" in chain_difference(one.head, other.head)
