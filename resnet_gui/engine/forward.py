"""The forward pass of a blueprint, in TensorFlow's own operations.

A plain Keras model of the same blueprint (keras_network) gives the same answers. This one compiles in a fraction of the
time, since it makes few operations, and runs faster, since its batch normalisation is a single one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import BATCH_NORM_EPSILON, BlockPlan, Blueprint, Kind, LayerPlan
from resnet_gui.core.weights import WeightKind, WeightPlan, weight_plans
from resnet_gui.engine.backend import tf

# As in the papers' code; Keras' 0.99 would lag behind in a short training.
BATCH_NORM_MOMENTUM = 0.9
SEED_RANGE = np.iinfo(np.int32).max - 1  # Keras folds its seeds into it


@dataclass
class Pass:
    """One way through the network: its vectors of weights, and what the layers draw and leave on the way.

    `trained` and `averages` are a Network's vectors. With `step`, int (), it is the training step of that number: batch
    normalisation takes the batch's own statistics, and dropout drops; `seeds`, int32 (dropouts,), is a Network's.
    `alphas` and `paths`, float32 (n or 1, blocks), are for looking inside: the strength of each image's residual
    branches (core.inside.lesion), and whether the gradient of a block takes the branch, 1, or the shortcut, 0.
    """

    blueprint: Blueprint
    trained: tf.Tensor
    averages: tf.Tensor
    dtype: tf.DType = tf.float32
    step: tf.Tensor | None = None
    seeds: tf.Tensor | None = None
    alphas: tf.Tensor | None = None
    paths: tf.Tensor | None = None

    def __post_init__(self) -> None:
        plans = weight_plans(self.blueprint)
        self._weights = _arrays([plan for plan in plans if plan.trained], self.trained)
        self._weights |= _arrays([plan for plan in plans if not plan.trained], self.averages)
        self._dropouts = count()
        self._statistics: list[tf.Tensor] = []  # of the batches, in the order of `averages`
        self._places = {block.name: place for place, block in enumerate(self.blueprint.blocks)}
        plain = self.blueprint.architecture.shortcut is Shortcut.NONE
        self._plain_ends = {block.layers[-1].name: block for block in self.blueprint.blocks if plain}
        self.outputs: dict[str, tf.Tensor] = {}  # of the layers, by their names
        self.branches: dict[str, tf.Tensor] = {}  # F(x) of the blocks, by their names, before alpha

    def logits(self, images: tf.Tensor) -> tf.Tensor:
        """What the softmax gets, float32 (n, classes), for images (n, height, width) of 0 to 255."""
        image, *layers = self.blueprint.layers
        pixels = tf.cast(tf.cast(images, tf.float32)[..., None] / 255.0, self.dtype)
        pixels.set_shape((None, *image.shape))
        self.outputs = {image.name: pixels}
        self.run(layers)
        return self.outputs[layers[-1].name]

    def run(self, layers: Iterable[LayerPlan]) -> None:
        """Put the outputs of these layers into `outputs`, which holds those of their inputs."""
        for plan in layers:
            inputs = (self.outputs[name] for name in plan.inputs)
            y = OPERATIONS[plan.kind](self, plan, *inputs)
            if plan.name in self._plain_ends:
                y = self._without_shortcut(self._plain_ends[plan.name], y)
            self.outputs[plan.name] = y

    def averages_after(self) -> tf.Tensor:
        """The moving averages with this batch in them, float32, in the order of `averages`; call it after `logits`."""
        if not self._statistics:
            return self.averages
        batch = tf.concat(self._statistics, 0)
        return self.averages * BATCH_NORM_MOMENTUM + batch * (1 - BATCH_NORM_MOMENTUM)

    def _weight(self, plan: LayerPlan, kind: WeightKind) -> tf.Tensor:
        return self._weights[f"{plan.name}/{kind}"]

    def _conv(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        y = tf.nn.conv2d(x, tf.cast(self._weight(plan, WeightKind.KERNEL), self.dtype), plan.stride, "SAME")
        if plan.bias:
            y = tf.nn.bias_add(y, tf.cast(self._weight(plan, WeightKind.BIAS), self.dtype))
        return ACTIVATIONS[plan.activation](y)

    def _batch_norm(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        training = self.step is not None
        if not training and self.dtype == tf.float32:
            return self._affine(plan, x)
        nothing = tf.zeros(0)
        y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=self._weight(plan, WeightKind.GAMMA),
            offset=self._weight(plan, WeightKind.BETA),
            mean=nothing if training else self._weight(plan, WeightKind.MEAN),
            variance=nothing if training else self._weight(plan, WeightKind.VARIANCE),
            epsilon=BATCH_NORM_EPSILON,
            is_training=training,
        )
        if training:
            # TensorFlow tells the unbiased variance, n / (n - 1) of the batch's own, and Keras keeps the latter.
            n = tf.cast(tf.size(x) / plan.shape[-1], tf.float32)
            self._statistics += [mean, variance * (tf.maximum(n - 1, 1) / n)]
        return y

    def _affine(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        """Batch normalisation by the moving averages; for one image much quicker than TensorFlow's operation."""
        deviation = tf.sqrt(self._weight(plan, WeightKind.VARIANCE) + BATCH_NORM_EPSILON)
        scale = self._weight(plan, WeightKind.GAMMA) / deviation
        return x * scale + (self._weight(plan, WeightKind.BETA) - self._weight(plan, WeightKind.MEAN) * scale)

    def _add(self, plan: LayerPlan, branch: tf.Tensor, shortcut: tf.Tensor) -> tf.Tensor:
        self.branches[plan.block] = branch
        if self.alphas is not None:
            branch *= self._of_block(self.alphas, plan.block)
        if self.paths is not None:
            return _add_on_path(branch, shortcut, self._of_block(self.paths, plan.block))
        return branch + shortcut

    def _without_shortcut(self, block: BlockPlan, branch: tf.Tensor) -> tf.Tensor:
        """What a plain block puts out: F(x), or what an alpha leaves of it."""
        self.branches[block.name] = branch
        if self.alphas is None or block.changes_shape:
            return branch
        alpha = self._of_block(self.alphas, block.name)
        return (1 - alpha) * self.outputs[block.layers[0].inputs[0]] + alpha * branch

    def _of_block(self, values: tf.Tensor, block: str) -> tf.Tensor:
        """The column of `values`, (n or 1, blocks), for a block, (n or 1, 1, 1, 1)."""
        return values[:, self._places[block], None, None, None]

    def _scale(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        y = x * tf.cast(plan.factor, self.dtype)
        return y + tf.cast(plan.offset, self.dtype) if plan.offset else y

    def _dropout(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        number = next(self._dropouts)
        if self.step is None or not plan.factor or self.seeds is None:
            return x
        # The sequence of a keras.random.SeedGenerator, one draw a step.
        seed = tf.math.floormod(tf.stack([tf.cast(self.seeds[number], tf.int64), self.step]), SEED_RANGE)
        return tf.nn.experimental.stateless_dropout(x, plan.factor, tf.cast(seed, tf.int32))

    def _pad(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        return tf.pad(x, [[0, 0], [0, 0], [0, 0], [0, plan.shape[-1] - x.shape[-1]]])

    def _dense(self, plan: LayerPlan, x: tf.Tensor) -> tf.Tensor:
        # In float32, as the softmax behind it: bfloat16 has three significant digits.
        y = tf.cast(x, tf.float32) @ self._weight(plan, WeightKind.KERNEL)
        return y + self._weight(plan, WeightKind.BIAS)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _add_on_path(branch: tf.Tensor, shortcut: tf.Tensor, through: tf.Tensor) -> tuple[tf.Tensor, Callable[..., Any]]:
    """The sum, whose gradient goes to the branch where `through`, (n or 1, 1, 1, 1), is 1, and to the shortcut for 0.

    So few operations: with stop_gradient, a deep network takes twice as long to compile.
    """
    return branch + shortcut, lambda gradient: (through * gradient, (1 - through) * gradient, None)


def _arrays(plans: list[WeightPlan], vector: tf.Tensor) -> dict[str, tf.Tensor]:
    if not plans:
        return {}
    parts = tf.split(vector, [plan.size for plan in plans])
    return {
        plan.name: part if len(plan.shape) == 1 else tf.reshape(part, plan.shape)
        for plan, part in zip(plans, parts, strict=True)
    }


ACTIVATIONS: dict[str, Callable[[tf.Tensor], tf.Tensor]] = {"": lambda x: x, "relu": tf.nn.relu, "sigmoid": tf.sigmoid}

# Of the inputs of each layer, (n, height, width, channels), the output. Softmax is the loss' or the reader's.
OPERATIONS: dict[Kind, Callable[..., tf.Tensor]] = {
    Kind.CONV: Pass._conv,
    Kind.BATCH_NORM: Pass._batch_norm,
    Kind.RELU: lambda _, plan, x: tf.nn.relu(x),
    Kind.ADD: Pass._add,
    Kind.MULTIPLY: lambda _, plan, x, y: x * y,
    Kind.SCALE: Pass._scale,
    Kind.DROPOUT: Pass._dropout,
    Kind.SUBSAMPLE: lambda _, plan, x: x[:, :: plan.stride, :: plan.stride],
    Kind.PAD: Pass._pad,
    Kind.FLATTEN: lambda _, plan, x: tf.reshape(x, (-1, *plan.shape)),
    Kind.AVERAGE_POOLING: lambda _, plan, x: tf.reduce_mean(x, (1, 2)),
    Kind.DENSE: Pass._dense,
}
