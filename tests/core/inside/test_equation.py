"""Blocks as equations."""

import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.equation import Term, equation


def names(index=1, alpha=1.0, **settings):
    blueprint = make_blueprint(Architecture(**{"blocks": 2, "stages": 2, "width": 4} | settings))
    return [" ".join([part.sign, part.name]).strip() for part in equation(blueprint, index, alpha)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.ORIGINAL, ["x", "+ F(x)", "= y = x + F(x)", "→ ReLU(y)"]),
        (Order.BN_AFTER_ADDITION, ["x", "+ F(x)", "= y = x + F(x)", "→ ReLU(BN(y))"]),
        (Order.RELU_BEFORE_ADDITION, ["x", "+ F(x)", "= y = x + F(x)"]),
        (Order.RELU_ONLY_PRE_ACTIVATION, ["x", "+ F(x)", "= y = x + F(x)"]),
        (Order.FULL_PRE_ACTIVATION, ["x", "+ F(x)", "= y = x + F(x)"]),
    ],
)
def test_what_comes_after_the_addition_is_that_of_the_order(order, expected):
    assert names(order=order, batch_norm=True) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"shortcut": "none"}, ["x", "→ F(x)"]),
        ({"shortcut": "dropout"}, ["x", "+ F(x)", "= y = x + F(x)", "→ ReLU(y)"]),
        ({"shortcut": "projection"}, ["x", "→ h(x)", "+ F(x)", "= y = h(x) + F(x)", "→ ReLU(y)"]),
        (
            {"shortcut": "constant-scaling", "branch_scale": 0.5},
            ["x", "→ 0.5 x", "+ 0.5 F(x)", "= y = 0.5 x + 0.5 F(x)", "→ ReLU(y)"],
        ),
        (
            {"shortcut": "exclusive-gating"},
            ["x", "→ (1 − g(x)) x", "+ g(x) F(x)", "= y = (1 − g(x)) x + g(x) F(x)", "→ ReLU(y)"],
        ),
        (
            {"shortcut": "shortcut-only-gating"},
            ["x", "→ (1 − g(x)) x", "+ F(x)", "= y = (1 − g(x)) x + F(x)", "→ ReLU(y)"],
        ),
    ],
)
def test_the_shortcut_is_named_after_what_it_does(settings, expected):
    assert names(**settings) == expected


@pytest.mark.parametrize("shortcut", [Shortcut.IDENTITY, Shortcut.OPTION_A])
@pytest.mark.parametrize("order", [Order.ORIGINAL, Order.RELU_ONLY_PRE_ACTIVATION])
def test_where_the_shape_changes_the_shortcut_is_not_x(shortcut, order):
    assert names(2, shortcut=shortcut, order=order)[:3] == ["x", "→ h(x)", "+ F(x)"]


def test_a_changed_block_says_so():
    assert names(alpha=0.5)[1:3] == ["+ 0.5 · F(x)", "= y = x + 0.5 · F(x)"]
    assert names(alpha=0.25, shortcut="none") == ["x", "→ F(x)", "→ 0.75 · x + 0.25 · F(x)"]


def test_every_term_is_explained_and_made_by_a_convolution():
    blueprint = make_blueprint(Architecture(blocks=1, stages=2, width=4, shortcut="projection", batch_norm=True))
    first, second = (equation(blueprint, index) for index in (0, 1))
    assert all(part.words for part in first + second)
    assert {part.term: part.layer for part in second} == {
        Term.X: "stage1_block1_conv2",
        Term.SHORTCUT: "stage2_block1_projection",
        Term.BRANCH: "stage2_block1_conv2",
        Term.TOTAL: "stage2_block1_conv2",
        Term.OUTPUT: "stage2_block1_conv2",
    }
    assert first[0].layer == "stem"
