"""A blueprint as a plain Keras model, flat and with named layers: what opens without this package."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import BATCH_NORM_EPSILON, Kind, LayerPlan, Shape, make_blueprint
from resnet_gui.core.checkpoint import Weights
from resnet_gui.core.files import whole_file
from resnet_gui.engine.backend import keras
from resnet_gui.engine.forward import BATCH_NORM_MOMENTUM
from resnet_gui.engine.network import Network, layer_seeds


def build_network(
    architecture: Architecture,
    input_shape: Shape = (28, 28, 1),
    classes: int = 10,
    seed: int = 0,
) -> keras.Model:
    """The network of `architecture`: images float32 (n, height, width, channels) in 0..1 to probabilities (n, classes).

    Its layers are plain Keras ones, so that a saved model opens without this package.
    """
    blueprint = make_blueprint(architecture, input_shape, classes)
    image, *layers = blueprint.layers
    outputs = {image.name: keras.Input(input_shape, name=image.name)}
    probabilities = connect(layers, outputs, seed)
    return keras.Model(outputs[image.name], probabilities, name=architecture.name.replace("-", "_"))


def connect(layers: Iterable[LayerPlan], outputs: dict[str, Any], seed: int = 0) -> Any:  # a symbolic tensor
    """Make each layer behind its inputs, and return what the last one puts out.

    `outputs` holds the tensors of the names that are there already, (n, height, width, channels), and gains the others.
    All initial weights follow from `seed`.
    """
    dtype = keras.DTypePolicy("float32")  # explicit: Keras' global one belongs to a single thread, and may be another
    layers = tuple(layers)
    seeds = layer_seeds(layers, seed)
    for plan in layers:
        inputs = [outputs[name] for name in plan.inputs]
        layer = keras_layer(plan, inputs[0].shape, dtype, seeds.get(plan.name, 0))
        outputs[plan.name] = layer(inputs if len(inputs) > 1 else inputs[0])
    return outputs[plan.name]


def keras_layer(plan: LayerPlan, input_shape: Any, dtype: Any, seed: int) -> keras.layers.Layer:
    """The Keras layer of `plan`; what it draws at random follows from `seed`."""
    layers, initializers = keras.layers, keras.initializers
    common = {"name": plan.name, "dtype": dtype}
    match plan.kind:
        case Kind.CONV:
            return layers.Conv2D(
                plan.shape[-1],
                plan.size,
                strides=plan.stride,
                padding="same",
                activation=plan.activation or None,
                use_bias=plan.bias,
                kernel_initializer=initializers.HeNormal(seed=seed),
                bias_initializer=initializers.Constant(plan.bias_start) if plan.bias_start else "zeros",
                **common,
            )
        case Kind.BATCH_NORM:
            return layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, epsilon=BATCH_NORM_EPSILON, **common)
        case Kind.RELU:
            return layers.ReLU(**common)
        case Kind.ADD:
            return layers.Add(**common)
        case Kind.MULTIPLY:
            return layers.Multiply(**common)
        case Kind.SCALE:
            return layers.Rescaling(plan.factor, plan.offset, **common)
        case Kind.DROPOUT:
            return layers.Dropout(plan.factor, seed=seed, **common)
        case Kind.SUBSAMPLE:
            return layers.AveragePooling2D(1, strides=plan.stride, padding="same", **common)
        case Kind.PAD:
            # Told that its channels come first, the layer takes ours for the columns, and pads these.
            missing = plan.shape[-1] - input_shape[-1]
            return layers.ZeroPadding2D(((0, 0), (0, missing)), data_format="channels_first", **common)
        case Kind.FLATTEN:
            return layers.Flatten(**common)
        case Kind.AVERAGE_POOLING:
            return layers.GlobalAveragePooling2D(**common)
        case Kind.DENSE:
            # Softmax needs float32: bfloat16 has three significant digits.
            kernel = initializers.GlorotUniform(seed=seed)
            softmax = {"activation": plan.activation, "kernel_initializer": kernel}
            return layers.Dense(plan.shape[-1], **softmax, name=plan.name, dtype="float32")
    raise ValueError(f"there is no Keras layer for {plan.kind}")


def write_model(path: Path, architecture: Architecture, weights: Weights) -> None:
    """Put the network into the file `path`, for `keras.saving.load_model`.

    Raises FileError if the disk refuses, and ValueError if the weights are another network's.
    """
    model = build_network(architecture)
    put_weights(model, Network(architecture, weights=weights).weights())
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "network.keras"  # Keras writes step by step
        model.save(ready)
        with whole_file(path) as file:
            file.write(ready.read_bytes())


def put_weights(model: keras.Model, weights: Weights) -> None:
    """Put the `weights` of a Network of the same blueprint into `model`."""
    for variable in model.weights:
        variable.assign(weights[variable.path])
