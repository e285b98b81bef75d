"""Which number format trains a network fastest here: what the hardware has is asked first, then the clock."""

import time
from collections.abc import Callable
from functools import lru_cache

from resnet_gui.core.blueprint import Blueprint, Kind
from resnet_gui.core.experiment import Precision
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import DTYPES
from resnet_gui.engine.device import Device

ROUNDS = 5  # of each format, in turn; the quickest counts, since whatever disturbs makes slower
MOST_MULTIPLY_ADDS = 2e9  # in a measured call, forward: so many images and no more are taken
MARGIN = 1.15  # by so much float32 must be quicker: what is about equal is not to depend on the moment


@lru_cache(maxsize=64)
def fastest_precision(
    blueprint: Blueprint, batch_size: int, device: Device, clock: Callable[[], float] = time.perf_counter
) -> Precision:
    """The format for `auto`: the device's fast one, unless float32 is quicker for this network and batch size.

    The network's largest convolution, forward and backward, decides: it is where the time goes, and kernels for
    bfloat16 or float16 can be missing for its shape, or for the processor.
    """
    fast = device.fast_precision
    if fast is Precision.FLOAT32:
        return fast
    convolutions = [layer for layer in blueprint.layers if layer.kind is Kind.CONV]
    largest = max(convolutions, key=lambda layer: layer.multiply_adds)
    source = next(layer for layer in blueprint.layers if layer.name == largest.inputs[0])
    images = max(1, min(batch_size, int(MOST_MULTIPLY_ADDS / largest.multiply_adds)))
    with tf.device(device.tf_name):
        image = tf.random.normal((images, *source.shape))
        kernel = tf.random.normal((largest.size, largest.size, source.shape[-1], largest.shape[-1]))

        def forward_and_back(dtype: tf.DType) -> tf.Tensor:
            x, weights = tf.cast(image, dtype), tf.cast(kernel, dtype)
            with tf.GradientTape() as tape:
                tape.watch((x, weights))
                y = tf.nn.conv2d(x, weights, largest.stride, "SAME")
            # Their sums bring all three together into one number, for which the device has to have finished.
            return sum(tf.reduce_sum(tf.cast(part, tf.float32)) for part in (y, *tape.gradient(y, (x, weights))))

        run = tf.function(forward_and_back, autograph=False)
        seconds = {precision: float("inf") for precision in (Precision.FLOAT32, fast)}
        for _ in range(1 + ROUNDS):  # the first one compiles, and never is the quickest
            for precision in seconds:
                began = clock()
                run(DTYPES[precision]).numpy()
                seconds[precision] = min(seconds[precision], clock() - began)
    return Precision.FLOAT32 if MARGIN * seconds[Precision.FLOAT32] < seconds[fast] else fast
