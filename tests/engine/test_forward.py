"""The forward pass against plain Keras models of the same blueprints: answers, gradients and moving averages."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut, refusal
from resnet_gui.engine.backend import keras, tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.keras_network import build_network, put_weights
from resnet_gui.engine.network import Network

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 28, 28)).astype(np.uint8)
LABELS = np.array([1, 7, 0, 3])


def pair(architecture, seed=0):
    """A network with random weights, and the plain Keras model with the same."""
    network = Network(architecture)
    rng = np.random.default_rng(seed)
    weights = {}
    for name, values in network.weights().items():
        drawn = rng.normal(0, 0.3, values.shape).astype(np.float32)
        weights[name] = np.abs(drawn) + 0.1 if "variance" in name or "gamma" in name else drawn
    model = build_network(architecture)
    put_weights(model, weights)
    return Network(architecture, weights=weights), model


def scaled(images=IMAGES):
    return images[..., None] / np.float32(255)


def named(network, vector):
    """A vector of the trained weights, by name."""
    holder = Network(network.blueprint.architecture)
    holder.trained.assign(vector)
    return holder.weights()


def logits(network, images=IMAGES, dtype=tf.float32):
    return Pass(network.blueprint, network.trained.read_value(), network.averages.read_value(), dtype).logits(images)


def assert_same_answers(architecture):
    network, model = pair(architecture)
    np.testing.assert_allclose(tf.nn.softmax(logits(network)), model(scaled()), rtol=1e-4, atol=1e-5)


def assert_same_training(architecture):
    """Loss, gradients and averages of a training step, without the dropout that draws at random."""
    network, model = pair(architecture)
    weights = network.trained.read_value()
    with tf.GradientTape() as tape:
        tape.watch(weights)
        step = Pass(network.blueprint, weights, network.averages.read_value(), step=tf.constant(0, tf.int64))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, step.logits(IMAGES)))
    gradient = named(network, tape.gradient(loss, weights))
    network.averages.assign(step.averages_after())
    with tf.GradientTape() as tape:
        answers = model(scaled(), training=True)
        theirs = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(LABELS, answers))
    # Through probabilities, as Keras computes eagerly, a loss of many loses digits.
    np.testing.assert_allclose(loss, theirs, rtol=1e-3)
    expected = dict(
        zip(
            (variable.path for variable in model.trainable_variables),
            map(np.asarray, tape.gradient(theirs, model.trainable_variables)),
            strict=True,
        )
    )
    largest = max(np.abs(values).max() for values in expected.values())
    for name, values in expected.items():
        size = np.abs(values).max() + 1e-3 * largest  # what a later batch norm takes away has a gradient of rounding
        np.testing.assert_allclose(gradient[name] / size, values / size, atol=2e-3, err_msg=name)
    averages = network.weights()
    for variable in model.non_trainable_variables:
        if "moving" in variable.path:
            np.testing.assert_allclose(averages[variable.path], variable, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shortcut", Shortcut)
@pytest.mark.parametrize("order", Order)
def test_it_answers_as_keras_for_every_type_and_order(shortcut, order):
    for batch_norm, block in ((True, Block.BASIC), (False, Block.BOTTLENECK)):
        if not refusal(shortcut, order, batch_norm):
            assert_same_answers(Architecture(1, 2, 3, shortcut, batch_norm, order=order, block=block))


@pytest.mark.parametrize("shortcut", [kind for kind in Shortcut if kind is not Shortcut.DROPOUT])
@pytest.mark.parametrize("order", Order)
def test_it_learns_as_keras_for_every_type_and_order(shortcut, order):
    for batch_norm in (True, False):
        if not refusal(shortcut, order, batch_norm):
            assert_same_training(Architecture(1, 2, 2, shortcut, batch_norm, order=order, stem_stride=2))
            break  # one of both: the operations are the same


def test_it_answers_as_keras_for_random_architectures():
    rng = np.random.default_rng(11)
    for _ in range(6):
        assert_same_answers(
            Architecture(
                blocks=int(rng.integers(0, 4)),
                stages=int(rng.integers(1, 5)),
                width=int(rng.integers(1, 9)),
                shortcut=str(rng.choice(list(Shortcut))),
                batch_norm=True,
                head=str(rng.choice(list(Head))),
                stem_stride=int(rng.integers(1, 3)),
                block=str(rng.choice(list(Block))),
                shortcut_scale=0.5,
                branch_scale=0.25,
            )
        )


@pytest.mark.parametrize("dtype", [tf.bfloat16, tf.float16])
def test_half_the_bits_give_about_the_same_answers(dtype):
    network = Network(Architecture(1, 2, 4, batch_norm=True))
    half = logits(network, dtype=dtype)
    assert half.dtype == tf.float32
    np.testing.assert_allclose(half, logits(network), atol=0.1)


def test_dropout_draws_anew_in_each_step_and_never_in_reading():
    network = Network(Architecture(1, 1, 4, Shortcut.DROPOUT))
    weights, averages = network.trained.read_value(), network.averages.read_value()

    def in_step(number):
        step = tf.constant(number, tf.int64)
        return Pass(network.blueprint, weights, averages, step=step, seeds=network.seeds).logits(IMAGES).numpy()

    np.testing.assert_array_equal(in_step(3), in_step(3))
    assert not np.array_equal(in_step(3), in_step(4))
    np.testing.assert_array_equal(logits(network), logits(network))


def test_dropout_drops_what_keras_drops():
    architecture = Architecture(1, 1, 4, Shortcut.DROPOUT, dropout_rate=0.4)
    network, model = pair(architecture)
    model = build_network(architecture, seed=0)  # its dropout begins with the seed of Network's
    put_weights(model, network.weights())
    for number in range(3):
        step = tf.constant(number, tf.int64)
        ours = Pass(network.blueprint, network.trained.read_value(), network.averages, step=step, seeds=network.seeds)
        np.testing.assert_allclose(
            tf.nn.softmax(ours.logits(IMAGES)), model(scaled(), training=True), rtol=1e-4, atol=1e-5
        )
