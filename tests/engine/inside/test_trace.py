"""What is seen inside is what the network computes: the block's equation holds, and Keras agrees."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut, refusal
from resnet_gui.core.blueprint import Kind
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion, exchangeable
from resnet_gui.engine.backend import keras, tf
from resnet_gui.engine.inside.maps import maps_of
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.keras_network import build_network, put_weights
from resnet_gui.engine.network import Network

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (2, 28, 28)).astype(np.uint8)
CLOSE = 1e-5
SOME_SHORTCUTS = (Shortcut.NONE, Shortcut.IDENTITY, Shortcut.PROJECTION, Shortcut.EXCLUSIVE_GATING)
SOME_ORDERS = (Order.ORIGINAL, Order.RELU_ONLY_PRE_ACTIVATION)
EVERY = [
    Architecture(2, 2, 4, shortcut, batch_norm, order=order, block=block, stem_stride=2)
    for shortcut in Shortcut
    for order in Order
    for batch_norm, block in ((True, Block.BASIC), (False, Block.BASIC), (True, Block.BOTTLENECK))
    if not refusal(shortcut, order, batch_norm)
    and ((batch_norm and block is Block.BASIC) or (shortcut in SOME_SHORTCUTS and order in SOME_ORDERS))
]


def network_of(architecture, seed=1):
    """A network none of whose weights is special: batch normalisation's are not 0 and 1 either."""
    weights = Network(architecture, seed=seed).weights()
    rng = np.random.default_rng(seed)
    for name, values in weights.items():
        noise = rng.uniform(0.5, 1.5, values.shape).astype(np.float32)
        weights[name] = noise if name.endswith("variance") else values * noise + 0.1 * (noise - 1)
    return Network(architecture, weights=weights)


def after_the_sum(order, total, block, specimen):
    """f of the paper, independent of the engine."""
    if order is Order.BN_AFTER_ADDITION:
        weights = specimen.network.weights()
        gamma, beta, mean, variance = (
            weights[f"{block.plan.name}_add_bn/{kind}"] for kind in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        total = (total - mean) / np.sqrt(variance + 1e-5) * gamma + beta
    return np.maximum(total, 0) if order in (Order.ORIGINAL, Order.BN_AFTER_ADDITION) else total


def assert_close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=CLOSE * max(1.0, np.abs(theirs).max()))


@pytest.mark.parametrize("architecture", EVERY, ids=lambda a: f"{a.shortcut}-{a.order}-{a.batch_norm}-{a.block}")
def test_every_block_satisfies_its_equation_and_is_what_keras_computes(architecture):
    network = network_of(architecture)
    alphas = np.round(np.random.default_rng(2).uniform(0, 2, len(network.blueprint.blocks)), 2)
    if architecture.shortcut is Shortcut.NONE:
        alphas[[block.changes_shape for block in network.blueprint.blocks]] = 1
    lesioned = Specimen(network, replace(Lesion.none(len(alphas)), alphas=tuple(alphas)))
    for block in maps_of(lesioned, IMAGES[0]).blocks:
        if block.shortcut is None:
            alpha = block.alpha
            expected = block.branch if block.plan.changes_shape else (1 - alpha) * block.x + alpha * block.branch
            assert_close(block.total, expected)
            assert_close(block.output, block.total)
        else:
            assert_close(block.total, block.shortcut + block.alpha * block.branch)
            assert_close(block.output, after_the_sum(architecture.order, block.total, block, lesioned))

    model = build_network(architecture)
    put_weights(model, network.weights())
    outputs = {layer.name: layer.output for layer in model.layers}
    theirs = keras.Model(model.input, outputs)(IMAGES[:1, ..., None] / np.float32(255))
    for block in maps_of(Specimen(network), IMAGES[0]).blocks:
        layers = block.plan.layers
        assert_close(block.x, theirs[layers[0].inputs[0]][0])
        assert_close(block.output, theirs[layers[-1].name][0])
        for add in [layer for layer in layers if layer.kind is Kind.ADD]:
            branch, shortcut = add.inputs
            assert_close(block.branch, theirs[branch][0])
            assert_close(block.shortcut, theirs[shortcut][0])
            assert_close(block.total, theirs[add.name][0])


def _logits(trace):
    return [trace.logits]


def _path_gradient(trace):
    other = trace.along_paths()
    return [other.logits, tf.gradients(other.scores, other.forward.outputs["image"])[0]]


def _gradient(trace):
    return tf.gradients(trace.scores, trace.forward.outputs["image"])


def test_images_of_one_batch_can_have_lesions_of_their_own():
    network = network_of(Architecture(blocks=2, width=4, batch_norm=True))
    rows = np.array([[1, 0], [0.5, 2]], np.float32)
    (together,) = Specimen(network).ask(_logits, IMAGES, alphas=rows)
    for image, row, logits in zip(IMAGES, rows, together, strict=True):
        (alone,) = Specimen(network, Lesion(tuple(row), (0, 1))).ask(_logits, image[None])
        np.testing.assert_allclose(logits, alone[0], rtol=1e-5, atol=1e-5)


def test_exchanged_blocks_exchange_their_weights():
    architecture = Architecture(blocks=3, width=4, batch_norm=True)
    network = network_of(architecture)
    weights = network.weights()
    one, other = "stage1_block1", "stage1_block3"
    exchanged = {name: weights[name.replace(one, "?").replace(other, one).replace("?", other)] for name in weights}
    (expected,) = Specimen(Network(architecture, weights=exchanged)).ask(_logits, IMAGES)
    (logits,) = Specimen(network, Lesion.none(3).swapped(0, 2)).ask(_logits, IMAGES)
    np.testing.assert_array_equal(logits, expected)
    assert not np.allclose(logits, Specimen(network).ask(_logits, IMAGES)[0])


def test_the_gradients_along_all_paths_add_up_to_the_whole():
    network = network_of(Architecture(blocks=3, width=4))
    paths = np.array(np.meshgrid(*[[0, 1]] * 3), np.float32).reshape(3, -1).T
    images = np.repeat(IMAGES[:1], len(paths), axis=0)
    logits, gradients = Specimen(network).ask(_path_gradient, images, paths=paths)
    (whole,) = Specimen(network).ask(_gradient, IMAGES[:1])
    np.testing.assert_allclose(gradients.sum(axis=0), whole[0], rtol=1e-4, atol=1e-6)
    (plain,) = Specimen(network).ask(_logits, IMAGES[:1])
    np.testing.assert_allclose(logits, np.repeat(plain, len(paths), axis=0), rtol=1e-5)


def test_a_lesion_of_another_network_is_refused():
    with pytest.raises(LesionError, match="ResNet-6 has 2 blocks; the lesion is of 3"):
        Specimen(Network(Architecture(blocks=2, width=4)), Lesion.none(3))


def test_a_network_without_blocks_can_be_asked():
    network = network_of(Architecture(blocks=0, width=4))
    assert maps_of(Specimen(network), IMAGES[0]).blocks == ()
    assert Specimen(network).ask(_logits, IMAGES)[0].shape == (2, 10)


def test_all_blocks_of_a_group_may_stand_in_any_order():
    network = network_of(Architecture(blocks=3, stages=2, width=4, order=Order.FULL_PRE_ACTIVATION, batch_norm=True))
    order = list(range(6))
    for group in exchangeable(network.blueprint):
        for place, index in zip(group, reversed(group), strict=True):
            order[place] = index
    (logits,) = Specimen(network, Lesion((1.0,) * 6, tuple(order))).ask(_logits, IMAGES)
    assert np.isfinite(logits).all()
