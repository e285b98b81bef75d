"""Which number format trains a network fastest here: what the hardware has is asked first, then the clock."""

import time
from functools import lru_cache

from resnet_gui.core.blueprint import Blueprint, Kind
from resnet_gui.core.experiment import Precision
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import DTYPES
from resnet_gui.engine.device import Device

ROUNDS = 5  # of each format, in turn; the quickest counts, since whatever disturbs makes slower


@lru_cache(maxsize=64)
def fastest_precision(blueprint: Blueprint, batch_size: int, device: Device) -> Precision:
    """The format for `auto`: the device's fast one, unless it is slower for this network and batch size.

    The network's largest convolution, forward and backward, decides: it is where the time goes, and kernels for
    bfloat16 or float16 can be missing for its shape, or for the processor.
    """
    fast = device.fast_precision
    convolutions = [layer for layer in blueprint.layers if layer.kind is Kind.CONV]
    largest = max(convolutions, key=lambda layer: layer.multiply_adds)
    source = next(layer for layer in blueprint.layers if layer.name == largest.inputs[0])
    if fast is Precision.FLOAT32:
        return fast
    with tf.device(device.tf_name):
        image = tf.random.normal((batch_size, *source.shape))
        kernel = tf.random.normal((largest.size, largest.size, source.shape[-1], largest.shape[-1]))

        def both_gradients(dtype: tf.DType) -> tf.Tensor:
            x, weights = tf.cast(image, dtype), tf.cast(kernel, dtype)
            with tf.GradientTape() as tape:
                tape.watch((x, weights))
                y = tf.nn.conv2d(x, weights, largest.stride, "SAME")
            # Sums bring both gradients together into one number, for which the device has to have finished.
            return sum(tf.reduce_sum(tf.cast(part, tf.float32)) for part in tape.gradient(y, (x, weights)))

        train = tf.function(both_gradients, autograph=False)
        seconds = {precision: float("inf") for precision in (Precision.FLOAT32, fast)}
        for _ in range(1 + ROUNDS):  # the first one compiles, and never is the quickest
            for precision in seconds:
                began = time.perf_counter()
                train(DTYPES[precision]).numpy()
                seconds[precision] = min(seconds[precision], time.perf_counter() - began)
    return min(seconds, key=lambda precision: seconds[precision])
