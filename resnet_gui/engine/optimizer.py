"""Adam and SGD with momentum: one operation on the vector of all weights, with the arithmetic of Keras' optimisers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.experiment import Optimizer
from resnet_gui.engine.backend import tf

MOMENTUM = 0.9  # He et al. 2015, section 3.4
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # Adam's, as Keras sets them
# Of the squared gradient TensorFlow's Adam takes 1 - BETA_2 as float32 rounds it, Keras' the rounded difference.
KERAS_RATE = float(np.sqrt(np.subtract(1, BETA_2, dtype=np.float32) / np.float32(1 - BETA_2)))

# Loss scaling: float16 would lose small gradients, so the loss is multiplied until they overflow, then less.
FIRST_SCALE = 2.0**15
GROWTH_STEPS = 2000  # good steps until the scale is doubled


class OptimizerState(NamedTuple):
    """What an optimiser remembers between two steps."""

    step: tf.Variable  # int64 (): training steps made, which dropout counts
    updates: tf.Variable  # int64 (): of the weights; a step whose gradient overflowed makes none
    moment: tf.Variable  # float32 (weights,): SGD's momentum, or Adam's first moment
    second_moment: tf.Variable  # float32 (weights,), or (0,) for SGD
    loss_scale: tf.Variable  # float32 ()
    good_steps: tf.Variable  # int64 (): since the scale was changed

    @classmethod
    def new(cls, optimizer: Optimizer, weights: int, scaled: bool) -> "OptimizerState":
        """Before the first step on that many weights; `scaled` says whether the loss is to be scaled."""
        second = weights if optimizer is Optimizer.ADAM else 0
        return cls(
            tf.Variable(0, dtype=tf.int64),
            tf.Variable(0, dtype=tf.int64),
            tf.Variable(tf.zeros(weights)),
            tf.Variable(tf.zeros(second)),
            tf.Variable(FIRST_SCALE if scaled else 1.0),
            tf.Variable(0, dtype=tf.int64),
        )

    def restore(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Take up what another state of the same shape held. Raises ValueError if the shapes differ."""
        for name, variable in self._asdict().items():
            if name not in values or values[name].shape != tuple(variable.shape):
                raise ValueError(f"the optimiser's {name} is missing or of another shape")
            variable.assign(values[name])


def apply_gradient(
    optimizer: Optimizer, weights: tf.Variable, state: OptimizerState, gradient: tf.Tensor, learning_rate: tf.Tensor
) -> None:
    """One step down `gradient`, float32 (weights,)."""
    number = tf.cast(state.updates.assign_add(1), tf.float32)
    match optimizer:
        case Optimizer.ADAM:
            tf.raw_ops.ResourceApplyAdam(
                var=weights.handle,
                m=state.moment.handle,
                v=state.second_moment.handle,
                beta1_power=tf.pow(BETA_1, number),
                beta2_power=tf.pow(BETA_2, number),
                lr=learning_rate * KERAS_RATE,
                beta1=BETA_1,
                beta2=BETA_2,
                epsilon=EPSILON,
                grad=gradient,
            )
        case Optimizer.SGD:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=weights.handle, accum=state.moment.handle, lr=learning_rate, grad=gradient, momentum=MOMENTUM
            )


def apply_scaled_gradient(
    optimizer: Optimizer, weights: tf.Variable, state: OptimizerState, gradient: tf.Tensor, learning_rate: tf.Tensor
) -> None:
    """One step down the `gradient` of a loss that was multiplied by the state's scale; none where it overflowed."""
    finite = tf.reduce_all(tf.math.is_finite(gradient))

    def step() -> tf.Tensor:
        apply_gradient(optimizer, weights, state, gradient / state.loss_scale, learning_rate)
        grow = state.good_steps + 1 >= GROWTH_STEPS
        state.loss_scale.assign(tf.where(grow, state.loss_scale * 2, state.loss_scale))
        state.good_steps.assign(tf.where(grow, tf.constant(0, tf.int64), state.good_steps + 1))
        return finite

    def skip() -> tf.Tensor:
        state.loss_scale.assign(state.loss_scale / 2)
        state.good_steps.assign(0)
        return finite

    tf.cond(finite, step, skip)
