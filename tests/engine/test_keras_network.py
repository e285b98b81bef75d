"""The network against independent renderings in plain Keras, written as a learner would write them."""

import keras
import numpy as np
import pytest
from keras import layers

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut, refusal
from resnet_gui.core.blueprint import Draft, Kind, LayerPlan, Role, make_blueprint
from resnet_gui.core.presets import PRESETS
from resnet_gui.engine.keras_network import build_network, connect, put_weights, write_model
from resnet_gui.engine.network import Network
from resnet_gui.engine.prediction import Reader

IMAGES = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)


def plain_block(x, filters, stride=1):
    shortcut = x
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", activation="relu")(x)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    if x.shape[-1] != filters or stride != 1:
        if stride != 1:
            shortcut = layers.AveragePooling2D(1, strides=stride, padding="same")(x)
        shortcut = layers.Conv2D(filters, 1, padding="same")(shortcut)
    return layers.ReLU()(layers.Add()([y, shortcut]))


def assert_same_network(ours, theirs, images):
    """Same layer types, shapes and parameter counts, and the same output for the same weights."""

    def layer_list(model):
        return sorted((type(layer).__name__, layer.output.shape[1:], layer.count_params()) for layer in model.layers)

    assert layer_list(ours) == layer_list(theirs)
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, 0.05, w.shape).astype(np.float32) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(weights)
    np.testing.assert_allclose(ours(images), theirs(images), rtol=1e-5, atol=1e-6)


def one_block(x, filters, stride):
    """Our residual block behind the symbolic tensor `x`."""
    draft = Draft(Architecture(shortcut=Shortcut.IDENTITY))
    image = draft.layer("image", Kind.INPUT, LayerPlan("", Kind.INPUT, (), x.shape[1:], Role.STEM))
    draft.residual_block(image, "stage1_block1", filters, stride, activated=True)
    return connect(draft.layers[1:], {"image": x})


@pytest.mark.parametrize("filters", [1, 32, 64])
def test_block_with_identity_shortcut(filters):
    x = keras.Input((9, 9, filters))
    ours = keras.Model(x, one_block(x, filters, 1))
    z = keras.Input((9, 9, filters))
    theirs = keras.Model(z, plain_block(z, filters))
    assert_same_network(ours, theirs, np.random.default_rng(0).normal(size=(2, 9, 9, filters)).astype(np.float32))


@pytest.mark.parametrize(("channels", "filters", "stride"), [(32, 64, 1), (32, 64, 2), (64, 32, 1), (16, 16, 2)])
def test_block_with_1x1_convolution_where_the_shape_changes(channels, filters, stride):
    x = keras.Input((9, 9, channels))
    ours = keras.Model(x, one_block(x, filters, stride))
    z = keras.Input((9, 9, channels))
    theirs = keras.Model(z, plain_block(z, filters, stride))
    assert_same_network(ours, theirs, np.random.default_rng(0).normal(size=(2, 9, 9, channels)).astype(np.float32))


def test_a_projection_of_every_second_pixel_is_a_convolution_with_a_stride():
    x = keras.Input((9, 9, 3))
    ours = keras.Model(x, one_block(x, 4, 2))
    kernel, bias = ours.get_layer("stage1_block1_projection").weights
    values = np.random.default_rng(0).normal(size=(2, 9, 9, 3)).astype(np.float32)
    strided = keras.ops.conv(values, kernel, strides=2, padding="same") + bias
    projected = keras.Model(x, ours.get_layer("stage1_block1_projection").output)(values)
    np.testing.assert_allclose(projected, strided, rtol=1e-5, atol=1e-6)


def test_seed_preset():
    z = x = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    for _ in range(2):
        x = plain_block(x, 32)
    theirs = keras.Model(z, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
    ours = build_network(PRESETS["seed"].experiment.architecture)
    assert ours.count_params() == 288_202
    assert_same_network(ours, theirs, IMAGES)


def test_plain_network_has_no_shortcut():
    kinds = {type(layer).__name__ for layer in build_network(Architecture(shortcut=Shortcut.NONE)).layers}
    assert "Add" not in kinds


def test_projection_stands_on_every_shortcut():
    names = {layer.name for layer in build_network(Architecture(shortcut=Shortcut.PROJECTION)).layers}
    assert {"stage1_block1_projection", "stage1_block2_projection"} <= names


def sensible(shortcut, order, batch_norm):
    return not refusal(shortcut, order, batch_norm)


def assert_blueprint_agrees(architecture, input_shape=(28, 28, 1), classes=10):
    network = build_network(architecture, input_shape, classes)
    blueprint = make_blueprint(architecture, input_shape, classes)
    assert {layer.name: tuple(layer.output.shape[1:]) for layer in network.layers} == {
        layer.name: layer.shape for layer in blueprint.layers
    }
    assert {layer.name: sum(int(np.prod(w.shape)) for w in layer.trainable_weights) for layer in network.layers} == {
        layer.name: layer.parameters for layer in blueprint.layers
    }


@pytest.mark.parametrize("shortcut", Shortcut)
@pytest.mark.parametrize("order", Order)
def test_blueprint_agrees_with_keras_for_every_type_and_order(shortcut, order):
    for batch_norm in (False, True):
        if sensible(shortcut, order, batch_norm):
            for block in Block:
                assert_blueprint_agrees(
                    Architecture(2, 2, 3, shortcut, batch_norm, order=order, block=block, branch_scale=0.5)
                )


def test_blueprint_agrees_with_keras_for_random_architectures():
    rng = np.random.default_rng(5)
    for _ in range(30):
        shortcut, order, batch_norm = rng.choice(list(Shortcut)), rng.choice(list(Order)), bool(rng.integers(2))
        if not sensible(Shortcut(shortcut), Order(order), batch_norm):
            order = Order.ORIGINAL
        architecture = Architecture(
            blocks=int(rng.integers(0, 5)),
            stages=int(rng.integers(1, 5)),
            width=int(rng.integers(1, 9)),
            shortcut=str(shortcut),
            batch_norm=batch_norm,
            head=str(rng.choice(list(Head))),
            stem_stride=int(rng.integers(1, 3)),
            order=str(order),
            block=str(rng.choice(list(Block))),
        )
        shape = tuple(int(side) for side in (*rng.integers(5, 40, 2), rng.integers(1, 5)))
        assert_blueprint_agrees(architecture, shape, int(rng.integers(1, 30)))


def outputs(architecture, seed=0):
    """What each layer of a network with random weights says of `IMAGES`, and the network."""
    network = build_network(architecture)
    rng = np.random.default_rng(seed)
    for weight in network.weights:
        if weight.dtype == "float32":
            values = rng.normal(0, 0.3, weight.shape)
            weight.assign(np.abs(values) + 0.1 if "variance" in weight.path else values)
    everything = keras.Model(network.input, [layer.output for layer in network.layers])
    names = [layer.name for layer in network.layers]
    return dict(zip(names, map(np.asarray, everything(IMAGES)), strict=True)), network


@pytest.mark.parametrize(
    ("settings", "parts_of"),
    [
        ({"shortcut": "identity"}, lambda x, f, g: (f, x)),
        ({"shortcut": "A"}, lambda x, f, g: (f, x)),
        ({"shortcut": "constant-scaling", "shortcut_scale": 0.25}, lambda x, f, g: (f, 0.25 * x)),
        ({"shortcut": "constant-scaling", "branch_scale": 0.5}, lambda x, f, g: (0.5 * f, 0.5 * x)),
        ({"shortcut": "exclusive-gating"}, lambda x, f, g: (g * f, (1 - g) * x)),
        ({"shortcut": "shortcut-only-gating"}, lambda x, f, g: (f, (1 - g) * x)),
        ({"shortcut": "dropout"}, lambda x, f, g: (f, x)),  # it drops in training alone
    ],
)
def test_the_sum_is_that_of_the_papers_formula(settings, parts_of):
    said, network = outputs(Architecture(blocks=2, width=4, batch_norm=True, **settings))
    x, branch, gate = said["stage1_block1_relu"], said["stage1_block2_conv2_bn"], None
    if "gating" in settings["shortcut"]:
        kernel, bias = (np.asarray(weight) for weight in network.get_layer("stage1_block2_gate").weights)
        gate = 1 / (1 + np.exp(-(x @ kernel[0, 0] + bias)))
    total = sum(parts_of(x, branch, gate))
    np.testing.assert_allclose(said["stage1_block2_add"], total, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(said["stage1_block2_relu"], np.maximum(total, 0), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("block", Block)
def test_option_a_keeps_every_second_pixel_and_fills_up_with_zeros(block):
    said, _ = outputs(Architecture(blocks=1, stages=2, width=3, shortcut="A", block=block))
    x, padded = said["stage1_block1_relu"], said["stage2_block1_pad"]
    channels = x.shape[-1]
    assert x.any()
    np.testing.assert_array_equal(padded[..., :channels], x[:, ::2, ::2])
    assert padded.shape[-1] == 2 * channels
    assert not padded[..., channels:].any()


def test_option_a_need_not_double_the_channels():
    draft = Draft(Architecture(shortcut="A"))
    image = draft.add(LayerPlan("image", Kind.INPUT, (), (5, 5, 3), Role.STEM))
    draft.residual_block(image, "stage1_block1", 8, 1, activated=True)
    x = keras.Input((5, 5, 3))
    made = {"image": x}
    connect(draft.layers[1:], made)
    values = np.random.default_rng(0).normal(size=(2, 5, 5, 3)).astype(np.float32)
    padded = np.asarray(keras.Model(x, made["stage1_block1_pad"])(values))
    np.testing.assert_array_equal(padded, np.pad(values, ((0, 0), (0, 0), (0, 0), (0, 5))))


def test_gates_begin_at_their_bias():
    network = build_network(Architecture(blocks=1, shortcut="exclusive-gating", gate_bias=-3))
    assert (np.asarray(network.get_layer("stage1_block1_gate").bias) == -3).all()


@pytest.mark.parametrize("blocks", [0, 100])
def test_very_shallow_and_very_deep_networks_answer(blocks):
    answer = build_network(Architecture(blocks=blocks, width=2, stem_stride=2, batch_norm=True))(IMAGES)
    np.testing.assert_allclose(np.sum(answer, axis=1), 1.0, rtol=1e-5)


def test_a_written_network_opens_in_plain_keras_and_answers_as_ours(tmp_path):
    network = Network(Architecture(blocks=1, stages=2, width=4, batch_norm=True), seed=3)
    path = tmp_path / "network.keras"
    write_model(path, network.blueprint.architecture, network.weights())
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    theirs = keras.saving.load_model(path)(images[..., None] / np.float32(255))
    np.testing.assert_allclose(theirs, Reader(network, "run", "net").probabilities(images), rtol=1e-4, atol=1e-6)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_plain_model_takes_the_weights_of_a_network():
    architecture = Architecture(blocks=1, width=4, batch_norm=True)
    model = build_network(architecture, seed=0)
    weights = Network(architecture, seed=1).weights()
    put_weights(model, weights)
    assert {weight.path: weight.shape for weight in model.weights} == {k: v.shape for k, v in weights.items()}
    np.testing.assert_array_equal(model.get_layer("stem").kernel, weights["stem/kernel"])
