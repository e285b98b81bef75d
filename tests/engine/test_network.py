"""A network's weights, in and out of its vectors."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut, refusal
from resnet_gui.engine.keras_network import build_network
from resnet_gui.engine.network import Network

NORMED = Architecture(blocks=1, stages=2, width=4, batch_norm=True)


@pytest.mark.parametrize("shortcut", Shortcut)
@pytest.mark.parametrize("order", Order)
def test_it_begins_with_the_weights_that_keras_begins_with(shortcut, order):
    for batch_norm in (False, True):
        if refusal(shortcut, order, batch_norm):
            continue
        architecture = Architecture(1, 2, 3, shortcut, batch_norm, order=order)
        ours = Network(architecture, seed=5).weights()
        theirs = {weight.path: np.asarray(weight) for weight in build_network(architecture, seed=5).weights}
        assert ours.keys() == theirs.keys()
        for name, values in theirs.items():
            np.testing.assert_array_equal(ours[name], values, err_msg=name)


def test_same_seed_same_weights():
    first, again, other = (Network(NORMED, seed=seed).weights() for seed in (3, 3, 4))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["stem/kernel"], other["stem/kernel"])
    assert not np.array_equal(first["stage1_block1_conv1/kernel"], first["stage1_block1_conv2/kernel"])


def test_weights_survive_the_way_out_and_in():
    network = Network(NORMED)
    rng = np.random.default_rng(0)
    weights = {name: rng.normal(size=values.shape).astype(np.float32) for name, values in network.weights().items()}
    again = Network(NORMED, weights=weights).weights()
    assert list(again) == list(weights)
    assert all(np.array_equal(again[name], values) for name, values in weights.items())


def test_what_is_taken_out_is_a_copy():
    network = Network(NORMED)
    network.weights()["stem/kernel"][:] = 7
    assert not (network.weights()["stem/kernel"] == 7).any()


@pytest.mark.parametrize("other", [Architecture(blocks=0, width=4), Architecture(blocks=1, width=5)])
def test_another_networks_weights_are_refused(other):
    with pytest.raises(ValueError, match="the weights hold no"):
        Network(Architecture(blocks=1, width=4), weights=Network(other).weights())
