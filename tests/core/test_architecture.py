"""What an architecture accepts, what it refuses, and what it is called."""

import pytest

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut, refusal
from resnet_gui.core.errors import ArchitectureError


@pytest.mark.parametrize(
    ("text", "shortcut"),
    [
        ("A", Shortcut.OPTION_A),
        ("a", Shortcut.OPTION_A),
        ("option-A", Shortcut.OPTION_A),
        ("B", Shortcut.IDENTITY),
        ("c", Shortcut.PROJECTION),
        ("option-c", Shortcut.PROJECTION),
        ("conv-1x1", Shortcut.CONV_1X1),
    ],
)
def test_the_papers_letters_name_shortcuts_too(text, shortcut):
    assert Architecture(shortcut=text).shortcut is shortcut


def test_settings_of_other_shortcuts_make_no_other_network():
    assert Architecture(gate_bias=-3.0, dropout_rate=0.1) == Architecture()
    gated = Architecture(shortcut="exclusive-gating", gate_bias=-3, dropout_rate=0.1)
    assert (gated.gate_bias, gated.dropout_rate) == (-3.0, 0.5)
    assert gated != Architecture(shortcut="exclusive-gating")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"shortcut": "none", "order": "bn-after-addition", "batch_norm": True}, "no addition"),
        ({"shortcut": "none", "order": "relu-before-addition"}, "no addition"),
        ({"order": "bn-after-addition"}, "needs batch normalisation"),
        ({"order": "full-pre-activation"}, "relu-only-pre-activation"),
        ({"shortcut": "D"}, "must be one of none, A, identity"),
        ({"order": "first"}, "must be one of original"),
        ({"block": "huge"}, "must be one of basic, bottleneck"),
        ({"shortcut": "dropout", "dropout_rate": 1.0}, "from 0 to 0.95"),
        ({"shortcut": "exclusive-gating", "gate_bias": float("nan")}, "from -20 to 20"),
        ({"shortcut": "constant-scaling", "shortcut_scale": True}, "from -2 to 2"),
        ({"width": 512, "stages": 2, "block": "bottleneck"}, "end with 4096"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(settings, words):
    with pytest.raises(ArchitectureError, match=words):
        Architecture(**settings)


def test_only_four_kinds_of_combinations_are_refused():
    refused = {
        (shortcut, order, batch_norm)
        for shortcut in Shortcut
        for order in Order
        for batch_norm in (False, True)
        if refusal(shortcut, order, batch_norm)
    }
    plain = {
        (Shortcut.NONE, order, bn) for order in (Order.RELU_BEFORE_ADDITION, Order.BN_AFTER_ADDITION) for bn in (0, 1)
    }
    assert refused == plain | {
        (shortcut, order, False)
        for shortcut in Shortcut
        for order in (Order.BN_AFTER_ADDITION, Order.FULL_PRE_ACTIVATION)
    }


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"blocks": 18, "stages": 3}, "ResNet-110"),
        ({"blocks": 18, "stages": 3, "block": Block.BOTTLENECK}, "ResNet-164"),  # He et al. 2016, table 2
        ({"blocks": 2, "order": "relu-only-pre-activation"}, "PreResNet-6"),
        ({"blocks": 9, "shortcut": "none"}, "plain-20"),
    ],
)
def test_names_tell_kind_and_depth(settings, name):
    assert Architecture(**settings).name == name
