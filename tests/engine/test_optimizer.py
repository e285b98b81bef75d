"""The optimisers against Keras' own."""

import numpy as np
import pytest

from resnet_gui.core.experiment import Optimizer
from resnet_gui.engine import optimizer as module
from resnet_gui.engine.backend import keras, tf
from resnet_gui.engine.optimizer import OptimizerState, apply_gradient, apply_scaled_gradient

THEIRS = {
    Optimizer.ADAM: lambda rate: keras.optimizers.Adam(rate),
    Optimizer.SGD: lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
}


@pytest.mark.parametrize("optimizer", Optimizer)
def test_steps_are_keras_steps(optimizer):
    rng = np.random.default_rng(0)
    first = rng.normal(size=50).astype(np.float32)
    ours, theirs = tf.Variable(first), keras.Variable(first)
    state, reference = OptimizerState.new(optimizer, 50, scaled=False), THEIRS[optimizer](0.01)
    for _ in range(30):
        gradient = tf.constant(rng.normal(size=50).astype(np.float32) * 10.0 ** rng.integers(-6, 3, 50), tf.float32)
        apply_gradient(optimizer, ours, state, gradient, tf.constant(0.01))
        reference.apply([gradient], [theirs])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-6)


@pytest.fixture
def scaled():
    weights = tf.Variable(tf.ones(3))
    return weights, OptimizerState.new(Optimizer.SGD, 3, scaled=True)


def step(weights, state, gradient):
    apply_scaled_gradient(Optimizer.SGD, weights, state, tf.constant(gradient) * state.loss_scale, tf.constant(0.1))


def test_a_scaled_gradient_is_the_gradient(scaled):
    weights, state = scaled
    step(weights, state, [1.0, -2.0, 0.0])
    np.testing.assert_allclose(weights, [0.9, 1.2, 1.0], rtol=1e-6)
    assert state.loss_scale.numpy() == module.FIRST_SCALE


def test_adam_counts_no_step_that_overflowed():
    ours, theirs = tf.Variable([1.0, 1.0]), keras.Variable([1.0, 1.0])
    state = OptimizerState.new(Optimizer.ADAM, 2, scaled=True)
    reference = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.1))
    reference.build([theirs])
    for gradient in ([np.inf, 1.0], [np.nan, 1.0], [0.5, -2.0], [0.25, 1.0]):
        scaled = tf.constant(gradient) * state.loss_scale
        assert float(state.loss_scale) == float(reference.dynamic_scale)
        apply_scaled_gradient(Optimizer.ADAM, ours, state, scaled, tf.constant(0.1))
        reference.apply([scaled], [theirs])
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_gradient_that_overflows_changes_nothing_but_the_scale(scaled, bad):
    weights, state = scaled
    step(weights, state, [1.0, bad, 0.0])
    np.testing.assert_array_equal(weights, np.ones(3))
    np.testing.assert_array_equal(state.moment, np.zeros(3))
    assert state.loss_scale.numpy() == module.FIRST_SCALE / 2


def test_the_scale_grows_after_many_good_steps(scaled, monkeypatch):
    monkeypatch.setattr(module, "GROWTH_STEPS", 3)
    weights, state = scaled
    scales = []
    for _ in range(4):
        step(weights, state, [0.1, 0.1, 0.1])
        scales.append(state.loss_scale.numpy() / module.FIRST_SCALE)
    assert scales == [1, 1, 2, 2]
