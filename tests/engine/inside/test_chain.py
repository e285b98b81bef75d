"""Lesions against networks that are built without the block, or with exchanged weights, by plain Keras."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut
from resnet_gui.core.blueprint import Kind, make_blueprint
from resnet_gui.core.inside.lesion import Lesion, exchangeable, removable
from resnet_gui.engine.backend import keras
from resnet_gui.engine.inside.chain import Chain
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.keras_network import build_network, connect, put_weights
from resnet_gui.engine.network import Network

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
SMALL = Architecture(blocks=2, stages=2, width=4, batch_norm=True, stem_stride=2)
ARCHITECTURES = [
    *[replace(SMALL, shortcut=shortcut) for shortcut in Shortcut],
    *[replace(SMALL, order=order) for order in Order if order is not Order.ORIGINAL],
    *[replace(SMALL, order=Order.FULL_PRE_ACTIVATION, shortcut=s) for s in (Shortcut.NONE, Shortcut.PROJECTION)],
    replace(SMALL, order=Order.RELU_ONLY_PRE_ACTIVATION, shortcut=Shortcut.EXCLUSIVE_GATING, batch_norm=False),
    replace(SMALL, batch_norm=False),
    replace(SMALL, block=Block.BOTTLENECK),
    replace(SMALL, shortcut=Shortcut.CONSTANT_SCALING, branch_scale=0.5),
]
NAMES = [f"{a.name} {a.shortcut} {a.order} {'bn' if a.batch_norm else 'no bn'} {a.block}" for a in ARCHITECTURES]


def random_network(architecture):
    rng = np.random.default_rng(1)
    weights = {}
    for name, values in Network(architecture).weights().items():
        drawn = rng.normal(0, 0.3, values.shape).astype(np.float32)
        weights[name] = np.abs(drawn) + 0.5 if "variance" in name or "gamma" in name else drawn
    return Network(architecture, weights=weights)


def keras_without(network, off):
    """Probabilities of a Keras model in which the blocks `off` are their shortcuts alone: no branch is ever built."""
    blueprint = network.blueprint
    instead = {}  # what stands in for a layer that is left out
    for block in (blueprint.blocks[index] for index in off):
        adds = [layer for layer in block.layers if layer.kind is Kind.ADD]
        if adds:
            instead[adds[0].name] = adds[0].inputs[1]
        else:
            instead[block.layers[-1].name] = block.layers[0].inputs[0]

    def source(name):
        return source(instead[name]) if name in instead else name

    image, *layers = blueprint.layers
    layers = [replace(layer, inputs=tuple(map(source, layer.inputs))) for layer in layers if layer.name not in instead]
    wanted = {layers[-1].name}
    for layer in reversed(layers):
        wanted |= set(layer.inputs) if layer.name in wanted else set()
    layers = [layer for layer in layers if layer.name in wanted]
    outputs = {image.name: keras.Input(image.shape, name=image.name)}
    model = keras.Model(outputs[image.name], connect(layers, outputs))
    put_weights(model, network.weights())
    return np.asarray(model(IMAGES[..., None] / np.float32(255)))


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def chain_logits(network, lesions):
    found = {}
    for places, logits in Chain(network).logits(IMAGES, lesions):
        found |= dict.fromkeys(places, logits)
    return [found[place] for place in range(len(lesions))]


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=NAMES)
def test_a_switched_off_block_gives_the_network_that_is_built_without_its_branch(architecture):
    network = random_network(architecture)
    able = [index for index, possible in enumerate(removable(network.blueprint)) if possible]
    whole = Lesion.none(4)
    without = [(2,) if 2 in able else (3,), tuple(able)]
    lesions = []
    for blocks in without:
        lesion = whole
        for block in blocks:
            lesion = lesion.with_alpha(block, 0.0)
        lesions.append(lesion)
    for blocks, lesion, logits in zip(without, lesions, chain_logits(network, lesions), strict=True):
        np.testing.assert_allclose(softmax(logits), keras_without(network, blocks), rtol=1e-4, atol=1e-5)
        (traced,) = Specimen(network, lesion).ask(lambda trace: [trace.logits], IMAGES)
        np.testing.assert_allclose(traced, logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("architecture", [replace(SMALL, blocks=3, shortcut=s) for s in ("identity", "none", "A")])
def test_swapped_blocks_give_the_network_that_is_built_with_exchanged_weights(architecture):
    network = random_network(architecture)
    one, other = next(group for group in exchangeable(network.blueprint) if len(group) > 1)[:2]
    names = [network.blueprint.blocks[place].name for place in (one, other)]
    weights = {}
    for name, values in network.weights().items():
        block, slash, rest = name.partition("_conv")
        partner = {names[0]: names[1], names[1]: names[0]}.get(block, block)
        weights[f"{partner}{slash}{rest}"] = values
    model = build_network(architecture)
    put_weights(model, weights)
    (logits,) = chain_logits(network, [Lesion.none(6).swapped(one, other)])
    expected = np.asarray(model(IMAGES[..., None] / np.float32(255)))
    np.testing.assert_allclose(softmax(logits), expected, rtol=1e-4, atol=1e-5)
    assert np.abs(softmax(logits) - softmax(chain_logits(network, [Lesion.none(6)])[0])).max() > 1e-3


def test_alpha_scales_the_branch_alone():
    network = random_network(SMALL)
    half = Lesion.none(4).with_alpha(1, 0.5)
    (logits,) = chain_logits(network, [half])
    weights = network.weights()
    for kind in ("gamma", "beta"):  # of the last batch normalisation of the branch: F(x) itself is halved
        weights[f"stage1_block2_conv2_bn/{kind}"] *= 0.5
    model = build_network(SMALL)
    put_weights(model, weights)
    expected = np.asarray(model(IMAGES[..., None] / np.float32(255)))
    np.testing.assert_allclose(softmax(logits), expected, rtol=1e-4, atol=1e-5)


def test_many_lesions_at_once_are_what_each_is_alone_bit_for_bit():
    network = random_network(SMALL)
    whole = Lesion.none(4)
    lesions = [whole, *(whole.with_alpha(block, 0.0) for block in range(4)), whole.with_alpha(3, 0.5), whole]
    lesions.append(whole.swapped(0, 1).with_alpha(1, 0.0))
    together = chain_logits(network, lesions)
    for lesion, logits in zip(lesions, together, strict=True):
        np.testing.assert_array_equal(logits, chain_logits(network, [lesion])[0])


def test_alike_blocks_share_one_compiled_piece():
    chain = Chain(Network(replace(SMALL, blocks=3)))
    assert len(set(map(id, chain._blocks))) == 3  # those of stage 1, the first of stage 2, the others of stage 2


def test_a_network_without_blocks_is_read_too():
    network = random_network(replace(SMALL, blocks=0, stages=1))
    (logits,) = chain_logits(network, [Lesion()])
    np.testing.assert_allclose(softmax(logits), keras_without(network, ()), rtol=1e-4, atol=1e-5)
    assert make_blueprint(network.blueprint.architecture).blocks == ()


def test_many_blocks_do_not_exhaust_the_stack():
    network = Network(Architecture(blocks=60, width=1, stem_stride=2))
    lesions = [Lesion.none(60).with_alpha(block, 0.0) for block in range(60)]
    assert sorted(place for places, _ in Chain(network).logits(IMAGES[:1], lesions) for place in places) == list(
        range(60)
    )
