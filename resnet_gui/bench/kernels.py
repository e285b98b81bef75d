"""The part `kernels`: how much of what its bare convolutions allow a training step reaches.

The bare convolutions are the network's own, forward and backward to input and kernel, with nothing between them.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from resnet_gui.bench.figure import Figure, median_ratio
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import Blueprint, Kind, make_blueprint
from resnet_gui.core.experiment import AUGMENTATIONS, Optimizer, Precision

BATCH = 64
STEPS = 5  # in one measurement
GOALS = {Precision.FLOAT32: 0.9, Precision.MIXED_BFLOAT16: 0.8}


def measure(quick: bool) -> list[Figure]:
    """Images per second of the preset `seed` and of its bare convolutions, in turn, in each format that is quick."""
    from resnet_gui.engine.device import choose_device

    device = choose_device()
    blueprint = make_blueprint(Architecture())
    figures = []
    for precision in dict.fromkeys((Precision.FLOAT32, device.fast_precision)):
        train = _training(blueprint, precision, device.tf_name)
        bare = _convolutions(blueprint, precision)
        rates: dict[str, list[float]] = {"step": [], "bare": []}
        for _ in range(3 if quick else 9):
            rates["step"].append(_rate(train))
            rates["bare"].append(_rate(bare))
        figures += [
            Figure(f"{precision}: bare convolutions", statistics.median(rates["bare"]), "images/s"),
            Figure(f"{precision}: training", statistics.median(rates["step"]), "images/s"),
            Figure(
                f"{precision}: share of what convolutions allow",
                median_ratio(rates["step"], rates["bare"]),
                at_least=GOALS.get(precision),
            ),
        ]
    return figures


def _rate(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return STEPS * BATCH / (time.perf_counter() - began)


def _training(blueprint: Blueprint, precision: Precision, device: str) -> Callable[[], Any]:
    """A function that trains STEPS steps and waits for them."""
    from resnet_gui.engine.backend import tf
    from resnet_gui.engine.compiled import needs_scaling, training_graph
    from resnet_gui.engine.network import Network
    from resnet_gui.engine.optimizer import OptimizerState

    rng = np.random.default_rng(0)
    images = tf.constant(rng.integers(0, 256, (1024, *blueprint.layers[0].shape[:2])).astype(np.uint8))
    labels = tf.constant(rng.integers(0, 10, 1024).astype(np.int32))
    graph = training_graph(blueprint, Optimizer.ADAM, precision, device)
    network = Network(blueprint.architecture)
    state = OptimizerState.new(Optimizer.ADAM, network.trained.shape[0], needs_scaling(precision))
    rates, unchanged = tf.fill([STEPS], 1e-3), (tf.zeros(len(AUGMENTATIONS)), tf.constant(0, tf.int64))

    def train() -> Any:
        rows = tf.constant(rng.integers(0, 1024, (STEPS, BATCH)).astype(np.int32))
        loss, *_ = graph(network, state, rows, images, labels, rates, *unchanged)
        return loss.numpy()

    train()
    return train


def _convolutions(blueprint: Blueprint, precision: Precision) -> Callable[[], Any]:
    """A function that computes all convolutions of STEPS steps; their shapes in the last one."""
    from resnet_gui.engine.backend import tf
    from resnet_gui.engine.compiled import DTYPES

    dtype = DTYPES[precision]
    shapes = {layer.name: layer.shape for layer in blueprint.layers}

    def random(*shape: int) -> Any:
        return tf.cast(tf.random.normal(shape), dtype)

    layers = [layer for layer in blueprint.layers if layer.kind is Kind.CONV]
    inputs = []  # of each layer its own: what is equal would be computed once for all
    for layer in layers:
        source = shapes[layer.inputs[0]]
        kernel = random(layer.size, layer.size, source[-1], layer.shape[-1])
        inputs.append((random(BATCH, *source), kernel, random(BATCH, *layer.shape)))

    def all_of_them(inputs: Any) -> Any:
        results = []
        for layer, (x, kernel, gradient) in zip(layers, inputs, strict=True):
            strides = [1, layer.stride, layer.stride, 1]
            results.append(tf.nn.conv2d(x, kernel, strides, "SAME"))
            results.append(
                tf.raw_ops.Conv2DBackpropFilter(
                    input=x, filter_sizes=tf.shape(kernel), out_backprop=gradient, strides=strides, padding="SAME"
                )
            )
            if shapes[layer.inputs[0]] != blueprint.layers[0].shape:  # the image needs no gradient
                results.append(
                    tf.raw_ops.Conv2DBackpropInput(
                        input_sizes=tf.shape(x), filter=kernel, out_backprop=gradient, strides=strides, padding="SAME"
                    )
                )
        return results

    graph = tf.function(all_of_them, autograph=False)

    def compute() -> Any:
        for _ in range(STEPS):
            results = graph(inputs)
        tf.test.experimental.sync_devices()  # a GPU has only been told to compute until now
        return [result.shape for result in results]

    compute()
    return compute
