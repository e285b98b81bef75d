"""The graphs that train and score a network, compiled once for each kind of network and kept for the next run.

They hold no weights and no data: both come as arguments, so that two runs of one architecture share a graph.
"""

import threading
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint, Kind
from resnet_gui.core.experiment import AUGMENTATIONS, Optimizer, Precision
from resnet_gui.core.weights import trained_sizes, weight_plans
from resnet_gui.engine.augmentation import augmented
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.network import Network
from resnet_gui.engine.optimizer import OptimizerState, apply_gradient, apply_scaled_gradient

KEPT = 4  # graphs of each kind; a deep network's takes some ten megabytes

DTYPES = {
    Precision.FLOAT32: tf.float32,
    Precision.MIXED_BFLOAT16: tf.bfloat16,
    Precision.MIXED_FLOAT16: tf.float16,
}


def needs_scaling(precision: Precision) -> bool:
    """Whether the loss is to be scaled: float16 loses small gradients, bfloat16 has the range of float32."""
    return precision is Precision.MIXED_FLOAT16


class TrainingGraph:
    """Several training steps in one call."""

    def __init__(
        self, blueprint: Blueprint, optimizer: Optimizer, precision: Precision, device: str, augment: bool = False
    ) -> None:
        """`augment` says whether the images are changed at random before the network sees them."""
        self._blueprint, self._optimizer, self._precision = blueprint, optimizer, precision
        self._augment = augment
        dropouts = sum(layer.kind is Kind.DROPOUT for layer in blueprint.layers)
        with tf.device(device):
            trained, averages = _vectors(blueprint)
            self._graph = tf.function(self._chunk, autograph=False).get_concrete_function(
                trained,
                averages,
                OptimizerState.new(optimizer, trained.shape[0], scaled=False),
                tf.TensorSpec([None, None], tf.int32),
                *_data(blueprint),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([dropouts], tf.int32),
                tf.TensorSpec([len(AUGMENTATIONS)], tf.float32),
                tf.TensorSpec([], tf.int64),
            )

    def __call__(
        self,
        network: Network,
        state: OptimizerState,
        rows: tf.Tensor,
        images: tf.Tensor,
        labels: tf.Tensor,
        learning_rates: tf.Tensor,
        amounts: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """A step for each of `rows`, int32 (steps, batch), of the images uint8 (n, height, width).

        `learning_rates` is float32 (steps,); `amounts` and `seed`, int64 (), are the augmentation's. Loss and accuracy
        of each step, float32 (steps,), and the norms of the blocks' gradients (core.gradients), (steps, blocks).
        """
        loss, accuracy, norms = self._graph(
            network.trained, network.averages, state, rows, images, labels, learning_rates, network.seeds, amounts, seed
        )
        return loss, accuracy, norms

    def _chunk(
        self,
        trained: tf.Variable,
        averages: tf.Variable,
        state: OptimizerState,
        rows: tf.Tensor,
        images: tf.Tensor,
        labels: tf.Tensor,
        learning_rates: tf.Tensor,
        seeds: tf.Tensor,
        amounts: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        steps = tf.shape(rows)[0]
        apply = apply_scaled_gradient if needs_scaling(self._precision) else apply_gradient

        def step(i: tf.Tensor, losses: tf.TensorArray, accuracies: tf.TensorArray, norms: tf.TensorArray) -> Any:
            batch = rows[i]
            pictures, answers = _batch(images, labels, batch)
            if self._augment:
                pictures = augmented(pictures, amounts, tf.stack([seed, state.step]))
            weights = trained.read_value()
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(weights)
                forward = Pass(
                    self._blueprint, weights, averages.read_value(), DTYPES[self._precision], state.step, seeds
                )
                logits = forward.logits(pictures)
                loss = tf.reduce_mean(_losses(answers, logits))
                scaled = loss * state.loss_scale if needs_scaling(self._precision) else loss
            gradient = tape.gradient(scaled, weights)
            of_blocks = self._norms(gradient, state.loss_scale.read_value())
            apply(self._optimizer, trained, state, gradient, learning_rates[i])
            averages.assign(forward.averages_after())
            state.step.assign_add(1)
            digits = tf.reduce_sum(tf.cast(answers < logits.shape[-1], tf.float32))
            accuracy = tf.math.divide_no_nan(tf.reduce_sum(_correct(answers, logits)), digits)
            return i + 1, losses.write(i, loss), accuracies.write(i, accuracy), norms.write(i, of_blocks)

        blocks = len(self._blueprint.blocks)
        empty = [tf.TensorArray(tf.float32, steps, element_shape=shape) for shape in ([], [], [blocks])]
        _, losses, accuracies, norms = tf.while_loop(
            lambda i, *_: i < steps, step, (tf.constant(0), *empty), parallel_iterations=1
        )
        return losses.stack(), accuracies.stack(), norms.stack()

    def _norms(self, gradient: tf.Tensor, scale: tf.Tensor) -> tf.Tensor:
        """The L2 norm of each block's part of `gradient`, whose loss was multiplied by `scale`: (blocks,)."""
        _, *parts, _ = tf.split(gradient, trained_sizes(self._blueprint))
        halves = tf.stack([tf.nn.l2_loss(part) for part in parts]) if parts else tf.zeros(0)  # of the squares' sums
        norms = tf.sqrt(2 * halves)
        return norms / scale if needs_scaling(self._precision) else norms


class ScoringGraph:
    """Summed loss and number of right answers of some images in one call."""

    def __init__(self, blueprint: Blueprint, precision: Precision, device: str) -> None:
        self._blueprint, self._precision = blueprint, precision
        with tf.device(device):
            self._graph = tf.function(self._score, autograph=False).get_concrete_function(
                *_vectors(blueprint), tf.TensorSpec([None], tf.int32), *_data(blueprint)
            )

    def __call__(
        self, network: Network, rows: tf.Tensor, images: tf.Tensor, labels: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """For `rows`, int32 (n,), of the images uint8 (m, height, width): both float32 ()."""
        loss, correct = self._graph(network.trained, network.averages, rows, images, labels)
        return loss, correct

    def _score(
        self, trained: tf.Variable, averages: tf.Variable, rows: tf.Tensor, images: tf.Tensor, labels: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        forward = Pass(self._blueprint, trained.read_value(), averages.read_value(), DTYPES[self._precision])
        pictures, answers = _batch(images, labels, rows)
        logits = forward.logits(pictures)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(answers, logits)
        return tf.reduce_sum(loss), tf.reduce_sum(_correct(answers, logits))


class ReadingGraph:
    """Logits of some images in one call, always in float32.

    A single image is read by the thread that calls and by no other: it is not to wait for the threads that train.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._lock = threading.Lock()  # of this graph alone: a deep one's compiling keeps no other from reading
        self._alone: Any = None
        self._together: Any = None

    def __call__(self, network: Network, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """float32 (n, classes) for images uint8 (n, height, width)."""
        answer: NDArray[np.float32]
        if len(images) == 1:
            with self._lock:
                self._alone = self._alone or self._compiled_alone()
            answer = self._alone(network.trained.numpy(), network.averages.numpy(), images)
        else:
            with self._lock:
                self._together = self._together or self._compiled_together()
            answer = self._together(network.trained, network.averages, tf.constant(images)).numpy()
        return answer

    def _compiled_together(self) -> Any:
        def read(trained: tf.Variable, averages: tf.Variable, images: tf.Tensor) -> tf.Tensor:
            return self._read(trained.read_value(), averages.read_value(), images)

        images, _ = _data(self._blueprint)
        return tf.function(read, autograph=False).get_concrete_function(*_vectors(self._blueprint), images)

    def _compiled_alone(self) -> Any:
        # A tf.function leaves convolutions to threads that all share; only a session can be told to have none.
        images, _ = _data(self._blueprint)
        config = tf.compat.v1.ConfigProto(
            intra_op_parallelism_threads=1, inter_op_parallelism_threads=-1, device_count={"GPU": 0}
        )
        vectors = _vectors(self._blueprint)
        with tf.Graph().as_default() as graph:
            inputs = [tf.compat.v1.placeholder(like.dtype, like.shape) for like in (*vectors, images)]
            answer = self._read(*inputs)
        return tf.compat.v1.Session(graph=graph, config=config).make_callable(answer, inputs)

    def _read(self, trained: tf.Tensor, averages: tf.Tensor, images: tf.Tensor) -> tf.Tensor:
        return Pass(self._blueprint, trained, averages).logits(images)


@lru_cache(maxsize=KEPT)
def training_graph(
    blueprint: Blueprint, optimizer: Optimizer, precision: Precision, device: str, augment: bool = False
) -> TrainingGraph:
    """The graph that trains such a network on TensorFlow's `device`; what it takes to compile is paid once."""
    return TrainingGraph(blueprint, optimizer, precision, device, augment)


@lru_cache(maxsize=KEPT)
def scoring_graph(blueprint: Blueprint, precision: Precision, device: str) -> ScoringGraph:
    """The graph that scores such a network on TensorFlow's `device`."""
    return ScoringGraph(blueprint, precision, device)


@lru_cache(maxsize=KEPT)
def reading_graph(blueprint: Blueprint) -> ReadingGraph:
    """The graph that reads with such a network."""
    return ReadingGraph(blueprint)


def _vectors(blueprint: Blueprint) -> tuple[tf.Variable, tf.Variable]:
    """Vectors as a Network's, for their shape."""
    plans = weight_plans(blueprint)
    trained = sum(plan.size for plan in plans if plan.trained)
    return tf.Variable(tf.zeros(trained)), tf.Variable(tf.zeros(sum(plan.size for plan in plans) - trained))


def _batch(images: tf.Tensor, labels: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Those `rows`, int32 (n,), of the data: images uint8 (n, height, width) and labels int32 (n,).

    Four pixels are gathered as one float32, and never computed with: no GPU has TensorFlow's gather for uint8, so the
    whole data set would be copied to the processor for it.
    """
    height, width = images.shape[1:]
    words = tf.bitcast(tf.reshape(images, (-1, height * width // 4, 4)), tf.float32)
    pictures = tf.reshape(tf.bitcast(tf.gather(words, rows), tf.uint8), (-1, height, width))
    return pictures, tf.gather(labels, rows)


def _data(blueprint: Blueprint) -> tuple[tf.TensorSpec, tf.TensorSpec]:
    """Images and labels."""
    height, width, _ = blueprint.layers[0].shape
    return tf.TensorSpec([None, height, width], tf.uint8), tf.TensorSpec([None], tf.int32)


def _losses(answers: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The cross-entropy of each answer, float32 (n,); for what is no digit the divergence from all digits alike.

    Outlier exposure (Hendrycks, Mazeika and Dietterich 2019, section 3), less the constant below which it cannot fall.
    """
    classes = logits.shape[-1]
    digit = tf.one_hot(answers, classes)  # nothing at all for the label of scribbles
    scribble = 1 - tf.reduce_sum(digit, -1)
    losses = tf.nn.softmax_cross_entropy_with_logits(digit + scribble[:, None] / classes, logits)
    return losses - scribble * np.log(classes)


def _correct(answers: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.equal(tf.argmax(logits, axis=-1, output_type=tf.int32), answers), tf.float32)
