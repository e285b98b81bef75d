"""A plan made of two blocks per stage is the whole network's blueprint."""

from itertools import product

import pytest

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.blueprint import Role, make_blueprint
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.ui.network.plan import block_formula, count_text, layer_text, make_plan, shape_text

KINDS = list(product(Shortcut, Order, Block, (False, True)))


def architectures(blocks, stages):
    for shortcut, order, block, batch_norm in KINDS:
        try:
            yield Architecture(blocks, stages, 16, shortcut, batch_norm, Head.FLATTEN, 2, order, block)
        except ArchitectureError:
            continue


@pytest.mark.parametrize("stages", [1, 3])
@pytest.mark.parametrize("blocks", [0, 1, 2, 4])
def test_the_plan_is_the_blueprint_part_by_part(blocks, stages):
    for architecture in architectures(blocks, stages):
        plan, whole = make_plan(architecture), make_blueprint(architecture)
        assert plan.stem == whole.part(Role.STEM)
        assert plan.head == whole.part(Role.HEAD), architecture
        assert (plan.parameters, plan.multiply_adds) == (whole.parameters, whole.multiply_adds)
        assert tuple(plan.block(block.stage, block.number) for block in whole.blocks) == whole.blocks, architecture


def test_a_stage_has_the_shape_of_its_blocks():
    plan = make_plan(Architecture(3, 3, 16))
    assert [plan.stage_shape(stage) for stage in (1, 2, 3)] == [(28, 28, 16), (14, 14, 32), (7, 7, 64)]
    assert make_plan(Architecture(0, 3, 16)).stage_shape(3) == (28, 28, 16)


@pytest.mark.parametrize(
    ("shortcut", "text"),
    [
        ("none", "y = ReLU(F(x))"),
        ("A", "y = ReLU(F(x) + pad(x))"),
        ("identity", "y = ReLU(F(x) + W x)"),
        ("projection", "y = ReLU(F(x) + W x)"),
        ("conv-1x1", "y = ReLU(F(x) + W x)"),
        ("constant-scaling", "y = ReLU(F(x) + 0.5 · W x)"),
        ("exclusive-gating", "y = ReLU(g(x) · F(x) + (1 − g(x)) · W x)"),
        ("shortcut-only-gating", "y = ReLU(F(x) + (1 − g(x)) · W x)"),
        ("dropout", "y = ReLU(F(x) + dropout(W x))"),
    ],
)
def test_the_formula_tells_what_brings_x_into_a_new_shape(shortcut, text):
    architecture = Architecture(2, 2, 16, shortcut)
    plan = make_plan(architecture)
    assert block_formula(architecture, plan.block(2, 1)) == text
    if shortcut not in ("projection", "conv-1x1"):
        assert "W x" not in block_formula(architecture, plan.block(2, 2))


def test_texts_are_short_and_exact_enough():
    assert shape_text((28, 14, 3)) == "28×14×3"
    assert shape_text((1568,)) == "1,568 values"
    assert [count_text(number) for number in (0, 9999, 12_345, 1_806_336, 7_430_000_000)] == [
        "0",
        "9,999",
        "12.3 k",
        "1.81 M",
        "7.43 G",
    ]
    assert layer_text(make_plan(Architecture(1, 2, 16)).block(2, 1).layers[0]) == "conv 3×3, stride 2, ReLU"


def test_a_pre_activation_that_both_parts_share_stands_in_the_formula():
    architecture = Architecture(1, 2, 4, "identity", True, order="full-pre-activation")
    plan = make_plan(architecture)
    assert block_formula(architecture, plan.block(1, 1)) == "y = F(x) + x"
    assert block_formula(architecture, plan.block(2, 1)) == "y = F(a) + W a, a = ReLU(BN(x))"
