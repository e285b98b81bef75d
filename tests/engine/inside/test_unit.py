"""The arithmetic of one value against the network's own."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut, refusal
from resnet_gui.core.blueprint import Kind
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.unit import UnitQuestion, chain, convolutions
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.inside.unit import _maps, _tensors, unit_of
from resnet_gui.engine.network import Network

IMAGE = np.random.default_rng(5).integers(0, 256, (28, 28)).astype(np.uint8)


def network(**settings):
    architecture = Architecture(**{"blocks": 2, "stages": 2, "width": 4} | settings)
    made = Network(architecture, seed=3)
    rng = np.random.default_rng(1)
    made.averages.assign(rng.uniform(0.2, 1.5, made.averages.shape).astype(np.float32))
    made.trained.assign_add(rng.normal(0, 0.1, made.trained.shape).astype(np.float32))
    return made


def check(specimen):
    """Every convolution at a corner, at the far edge and within, against the values of the graph."""
    blueprint = specimen.blueprint
    values = [array[0] for array in specimen.ask(_tensors, IMAGE[None])]
    outputs = dict(zip([layer.name for layer in _maps(blueprint)], values, strict=False))
    rng = np.random.default_rng(2)
    names = convolutions(blueprint)
    for name in names[:4] + names[-4:]:
        last = chain(blueprint, name)[-1].name
        height, width, channels = outputs[last].shape
        for row, column in ((0, 0), (height - 1, width - 1), (height // 2, width // 3)):
            channel = int(rng.integers(channels))
            unit = unit_of(specimen, IMAGE, UnitQuestion(name, channel, row, column))
            truth = outputs[last][row, column, channel]
            assert unit.value == pytest.approx(truth, rel=1e-5, abs=1e-5)
            assert unit.outputs[row, column] == truth
            assert unit.total == pytest.approx(unit.products.sum())


CASES = [
    (shortcut, order, batch_norm)
    for shortcut in Shortcut
    for order in Order
    for batch_norm in (True, False)
    if not refusal(shortcut, order, batch_norm)
    if shortcut in (Shortcut.NONE, Shortcut.IDENTITY, Shortcut.PROJECTION) or order is Order.ORIGINAL
]


@pytest.mark.parametrize(("shortcut", "order", "batch_norm"), CASES)
def test_the_arithmetic_ends_at_the_networks_own_value(shortcut, order, batch_norm):
    check(Specimen(network(blocks=1, shortcut=shortcut, order=order, batch_norm=batch_norm)))


@pytest.mark.parametrize("order", [Order.ORIGINAL, Order.FULL_PRE_ACTIVATION])
def test_so_it_does_in_bottlenecks_behind_a_stem_with_stride(order):
    check(Specimen(network(block=Block.BOTTLENECK, order=order, batch_norm=True, stem_stride=2)))


@pytest.mark.parametrize("shortcut", [Shortcut.NONE, Shortcut.IDENTITY, Shortcut.PROJECTION])
def test_so_it_does_where_blocks_are_changed(shortcut):
    check(Specimen(network(stages=1, shortcut=shortcut), Lesion((0.5, 0.0), (1, 0))))


def test_so_it_does_without_blocks():
    check(Specimen(network(blocks=0)))


def test_the_window_hangs_over_the_edge_where_the_input_is_padded():
    unit = unit_of(Specimen(network()), IMAGE, UnitQuestion("stem", 0, 0, 0))
    assert (unit.top, unit.left) == (-1, -1)
    assert unit.inside.tolist() == [[False] * 3, [False, True, True], [False, True, True]]
    assert not unit.window[~unit.inside].any()


def test_a_stride_of_two_steps_by_two_pixels_and_pads_behind_alone():
    specimen = Specimen(network())
    name = next(layer.name for layer in specimen.blueprint.layers if layer.kind is Kind.CONV and layer.stride == 2)
    first, second = (unit_of(specimen, IMAGE, UnitQuestion(name, 0, 0, column)) for column in (0, 1))
    assert (first.top, first.left, second.left) == (0, 0, 2)
    assert unit_of(specimen, IMAGE, UnitQuestion(name, 0, 13, 13)).inside.tolist() == [[True, True, False]] * 2 + [
        [False] * 3
    ]


def test_what_a_network_lacks_is_answered_by_the_nearest_that_it_has():
    unit = unit_of(Specimen(network(stages=1)), IMAGE, UnitQuestion("stage9_block9_conv1", 99, 99, -5))
    assert (unit.layer, unit.channel, unit.row, unit.column) == ("stage1_block1_conv2", 3, 27, 0)
    assert unit_of(Specimen(network(blocks=0)), IMAGE, UnitQuestion()).layer == "stem"


def test_the_channels_that_matter_most_come_first():
    unit = unit_of(Specimen(network()), IMAGE, UnitQuestion())
    magnitudes = np.abs(unit.contributions[unit.ranking])
    assert (np.diff(magnitudes) <= 0).all()
    assert unit.contributions.sum() == pytest.approx(unit.total)
