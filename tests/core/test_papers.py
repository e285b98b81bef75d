"""The papers' figures and formulas for a kind of block."""

import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut, refusal
from resnet_gui.core.papers import changed_shape, formula, measured_error


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "y = ReLU(F(x) + x)"),
        ({"shortcut": "none"}, "y = ReLU(F(x))"),
        ({"shortcut": "A", "order": "relu-only-pre-activation"}, "y = F(x) + x"),
        ({"shortcut": "C"}, "y = ReLU(F(x) + W x)"),
        ({"shortcut": "constant-scaling"}, "y = ReLU(F(x) + 0.5 · x)"),
        ({"shortcut": "constant-scaling", "branch_scale": 0.5}, "y = ReLU(0.5 · F(x) + 0.5 · x)"),
        ({"shortcut": "exclusive-gating"}, "y = ReLU(g(x) · F(x) + (1 − g(x)) · x)"),
        ({"shortcut": "dropout", "order": "bn-after-addition", "batch_norm": True}, "y = ReLU(BN(F(x) + dropout(x)))"),
    ],
)
def test_formula_of_the_block(settings, text):
    assert formula(Architecture(**settings)) == text


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({}, "6.61 / 5.93 %"),
        ({"shortcut": "A"}, "6.61 / 5.93 %"),
        ({"shortcut": "none"}, "fails"),
        ({"shortcut": "constant-scaling"}, "fails"),
        ({"shortcut": "constant-scaling", "branch_scale": 0.5}, "12.35 %"),
        ({"shortcut": "exclusive-gating"}, "8.70 %"),
        ({"shortcut": "exclusive-gating", "gate_bias": -7}, "9.81 %"),
        ({"shortcut": "exclusive-gating", "gate_bias": -2}, "fails"),
        ({"shortcut": "shortcut-only-gating"}, "6.91 %"),
        ({"shortcut": "shortcut-only-gating", "gate_bias": 0}, "12.86 %"),
        ({"shortcut": "conv-1x1"}, "12.22 %"),
        ({"shortcut": "dropout"}, "fails"),
        ({"order": "full-pre-activation", "batch_norm": True}, "6.37 / 5.46 %"),
    ],
)
def test_error_that_the_papers_measured(settings, error):
    assert error in measured_error(Architecture(**{"batch_norm": True, **settings}))


@pytest.mark.parametrize(
    "settings", [{"shortcut": "constant-scaling", "shortcut_scale": 0.3}, {"shortcut": "dropout", "dropout_rate": 0.1}]
)
def test_what_the_papers_did_not_measure_has_no_figure(settings):
    assert measured_error(Architecture(**{"batch_norm": True, **settings})) == ""


def test_every_kind_of_block_has_a_formula():
    for shortcut in Shortcut:
        for order in Order:
            if not refusal(shortcut, order, True):
                architecture = Architecture(shortcut=shortcut, order=order, batch_norm=True)
                assert formula(architecture).startswith("y = ")
                assert changed_shape(architecture) or shortcut in ("none", "projection", "conv-1x1")
