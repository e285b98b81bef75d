"""The residual network: an Architecture as a flat Keras functional model with named layers.

After He et al. 2015, "Deep residual learning for image recognition" (arXiv 1512.03385), in its words.
"""

import threading
from typing import Any

import numpy as np

from resnet_gui.core.experiment import Architecture, Head, Precision, Shortcut
from resnet_gui.core.run_file import Weights
from resnet_gui.engine.backend import keras

# Keras is not safe where it builds, traces, saves or loads in several threads: whoever does so holds this.
KERAS_LOCK = threading.RLock()


def build_network(
    architecture: Architecture,
    input_shape: tuple[int, int, int] = (28, 28, 1),
    classes: int = 10,
    precision: Precision = Precision.FLOAT32,
    seed: int = 0,
) -> keras.Model:
    """The network of `architecture`: images float32 (n, height, width, channels) in 0..1 to probabilities (n, classes).

    Its layers are plain Keras ones, so that a saved model opens without this package.
    """
    with KERAS_LOCK:
        make = LayerMaker(architecture.batch_norm, precision, seed)
        images = keras.Input(input_shape, name="image")
        x = make.conv(images, architecture.width, 3, architecture.stem_stride, "stem", relu=True)
        for stage, width in enumerate(architecture.widths, start=1):
            for block in range(1, architecture.blocks + 1):
                stride = 2 if stage > 1 and block == 1 else 1
                x = residual_block(x, width, stride, architecture.shortcut, make, f"stage{stage}_block{block}")
        if architecture.head is Head.FLATTEN:
            x = keras.layers.Flatten(dtype=make.dtype, name="flatten")(x)
        else:
            x = keras.layers.GlobalAveragePooling2D(dtype=make.dtype, name="average_pooling")(x)
        # Softmax needs float32: bfloat16 has three significant digits.
        probabilities = keras.layers.Dense(
            classes, activation="softmax", kernel_initializer=make.glorot(), dtype="float32", name="classes"
        )(x)
        return keras.Model(images, probabilities, name=architecture.name.replace("-", "_"))


def residual_block(
    x: Any, filters: int, stride: int, shortcut: Shortcut, make: "LayerMaker", name: str
) -> Any:  # symbolic tensors, (n, height, width, channels)
    """y = relu(F(x) + shortcut(x)), F two 3x3 convolutions (He et al. 2015, section 3.2); without shortcut relu(F(x)).

    The first convolution has the stride; F keeps x's shape if `stride` is 1 and `filters` is x's channels.
    """
    branch = make.conv(x, filters, 3, stride, f"{name}_conv1", relu=True)
    if shortcut is Shortcut.NONE:
        return make.conv(branch, filters, 3, 1, f"{name}_conv2", relu=True)
    branch = make.conv(branch, filters, 3, 1, f"{name}_conv2")
    same_shape = stride == 1 and x.shape[-1] == filters
    # Identity needs something where the shape changes: a 1x1 projection there is option B, everywhere option C.
    if shortcut is Shortcut.PROJECTION or not same_shape:
        x = make.conv(x, filters, 1, stride, f"{name}_projection")
    total = keras.layers.Add(dtype=make.dtype, name=f"{name}_add")([branch, x])
    return keras.layers.ReLU(dtype=make.dtype, name=f"{name}_relu")(total)


class LayerMaker:
    """Makes layers of one number format whose initial weights follow from one seed."""

    def __init__(self, batch_norm: bool, precision: Precision = Precision.FLOAT32, seed: int = 0) -> None:
        self.batch_norm = batch_norm
        # An explicit policy per layer: Keras' global one belongs to a single thread.
        self.dtype = keras.DTypePolicy("float32" if precision is Precision.AUTO else str(precision))
        self._seeds = np.random.SeedSequence(seed)

    def conv(self, x: Any, filters: int, size: int, stride: int, name: str, relu: bool = False) -> Any:
        """A convolution, with batch normalisation behind it if the network has it, and a ReLU if asked for."""
        x = keras.layers.Conv2D(
            filters,
            size,
            strides=stride,
            padding="same",
            activation="relu" if relu and not self.batch_norm else None,
            use_bias=not self.batch_norm,  # batch normalisation has its own offset
            kernel_initializer=keras.initializers.HeNormal(seed=self._next_seed()),
            dtype=self.dtype,
            name=name,
        )(x)
        if not self.batch_norm:
            return x
        # Momentum and epsilon as in the papers' code; Keras' slower 0.99 would lag behind in a short training.
        x = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, dtype=self.dtype, name=f"{name}_bn")(x)
        return keras.layers.ReLU(dtype=self.dtype, name=f"{name}_relu")(x) if relu else x

    def glorot(self) -> keras.initializers.Initializer:
        """The initial weights of the dense layer."""
        return keras.initializers.GlorotUniform(seed=self._next_seed())

    def _next_seed(self) -> int:
        return int(self._seeds.spawn(1)[0].generate_state(1)[0] >> 1)  # Keras wants a signed 32-bit seed


def weights_of(network: keras.Model) -> Weights:
    """A copy of all variables of `network`, moving averages included, as float32 arrays."""
    return {variable.path: variable.numpy().astype(np.float32) for variable in network.variables}


def set_weights(network: keras.Model, weights: Weights) -> None:
    """Put `weights` into `network`. Raises ValueError if they are another network's."""
    for variable in network.variables:
        values = weights.get(variable.path)
        if values is None or values.shape != tuple(variable.shape):
            raise ValueError(f"the weights hold no {variable.path} of shape {tuple(variable.shape)}")
    with KERAS_LOCK:
        for variable in network.variables:
            variable.assign(weights[variable.path])
