"""A network's weights: two vectors that live on the device, and the way of each array into and out of them.

One vector for all that the gradient trains: so an optimiser is one operation, however deep the network is.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import Blueprint, Kind, LayerPlan, Shape, make_blueprint
from resnet_gui.core.checkpoint import Weights
from resnet_gui.core.confidence import UNCALIBRATED, Confidence
from resnet_gui.core.weights import WeightKind, WeightPlan, weight_plans
from resnet_gui.engine.backend import keras, tf


class Network:
    """The network of an architecture, alive: who holds it sees its weights change while it trains.

    `trained` and `averages` are float32 vectors of all weights and of all moving averages; `seeds`, int32 (dropouts,),
    is what the random numbers of each dropout follow from. `confidence` says how far its answers can be trusted; it is
    fitted once it has been trained.
    """

    def __init__(
        self,
        architecture: Architecture,
        input_shape: Shape = (28, 28, 1),
        classes: int = 10,
        seed: int = 0,
        weights: Weights | None = None,
    ) -> None:
        """With these `weights`, or with new ones, which all follow from `seed`.

        Raises ValueError if the weights are another network's.
        """
        self.confidence: Confidence = UNCALIBRATED
        self.blueprint = make_blueprint(architecture, input_shape, classes)
        self._plans = weight_plans(self.blueprint)
        seeds = layer_seeds(self.blueprint.layers, seed)
        if weights is None:
            first = {plan.name: initial_values(plan, seeds.get(plan.layer, 0), self.blueprint) for plan in self._plans}
        else:
            first = self._checked(weights)
        self.trained = tf.Variable(self._vector(first, trained=True))
        self.averages = tf.Variable(self._vector(first, trained=False))
        dropouts = [layer.name for layer in self.blueprint.layers if layer.kind is Kind.DROPOUT]
        self.seeds = tf.constant([seeds[name] for name in dropouts], tf.int32)
        self.step: tf.Variable | None = None  # int64 (): steps made, as its optimiser counts them while it trains

    @property
    def name(self) -> str:
        """What people call it, such as `ResNet-6`."""
        return self.blueprint.architecture.name

    def weights(self) -> Weights:
        """A copy of all weights, moving averages included, as float32 arrays."""
        vectors = {trained: _pieces(self._of(trained), vector.numpy()) for trained, vector in self._vectors()}
        return {plan.name: vectors[plan.trained][plan.name] for plan in self._plans}

    def _checked(self, weights: Weights) -> Weights:
        if others := sorted(weights.keys() - {plan.name for plan in self._plans}):
            raise ValueError(f"the weights hold {others[0]}, which the network does not have")
        for plan in self._plans:
            values = weights.get(plan.name)
            if values is None or values.shape != plan.shape:
                raise ValueError(f"the weights hold no {plan.name} of shape {plan.shape}")
        return weights

    def _vectors(self) -> tuple[tuple[bool, tf.Variable], ...]:
        return (True, self.trained), (False, self.averages)

    def _of(self, trained: bool) -> list[WeightPlan]:
        return [plan for plan in self._plans if plan.trained is trained]

    def _vector(self, weights: Weights, trained: bool) -> NDArray[np.float32]:
        arrays = [np.ravel(weights[plan.name]) for plan in self._of(trained)]
        return np.concatenate([np.zeros(0), *arrays]).astype(np.float32)


def _pieces(plans: list[WeightPlan], vector: NDArray[np.float32]) -> Weights:
    ends = np.cumsum([plan.size for plan in plans], dtype=int)
    # Copies: a view would keep the whole vector.
    return {
        plan.name: vector[end - plan.size : end].reshape(plan.shape).copy()
        for plan, end in zip(plans, ends, strict=True)
    }


def layer_seeds(layers: Iterable[LayerPlan], seed: int) -> dict[str, int]:
    """The seed of each layer that draws random numbers, in the order of the layers."""
    seeds = np.random.SeedSequence(seed)
    return {
        layer.name: int(seeds.spawn(1)[0].generate_state(1)[0] >> 1)  # Keras wants a signed 32-bit seed
        for layer in layers
        if layer.kind in (Kind.CONV, Kind.DENSE, Kind.DROPOUT)
    }


def initial_values(plan: WeightPlan, seed: int, blueprint: Blueprint) -> NDArray[np.float32]:
    """The values that Keras' layers begin with: He-normal convolutions (He et al. 2015, section 3.4)."""
    match plan.kind:
        case WeightKind.KERNEL if len(plan.shape) == 4:
            return np.asarray(keras.initializers.HeNormal(seed=seed)(plan.shape))
        case WeightKind.KERNEL:
            return np.asarray(keras.initializers.GlorotUniform(seed=seed)(plan.shape))
        case WeightKind.BIAS:
            (layer,) = (layer for layer in blueprint.layers if layer.name == plan.layer)
            return np.full(plan.shape, layer.bias_start, np.float32)
        case WeightKind.GAMMA | WeightKind.VARIANCE:
            return np.ones(plan.shape, np.float32)
    return np.zeros(plan.shape, np.float32)
