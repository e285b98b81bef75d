"""A linear softmax regression, fitted on few features: the probe of a layer (Alain and Bengio 2016)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.engine.backend import tf

CLASSES = 10
RIDGE = 1e-3  # of the weights, for standardised features
BIAS_RIDGE = 1e-6  # the bias is free, but the curvature must have an inverse
ITERATIONS = 100

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Probe:
    """Weights float32 (features + 1, 10), the last row a bias, for features less `mean` over `scale`."""

    mean: Floats
    scale: Floats
    weights: Floats

    def probabilities(self, features: Floats) -> Floats:
        """float32 (n, 10) for features (n, d)."""
        logits = (features - self.mean) / self.scale @ self.weights[:-1] + self.weights[-1]
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares


def fit_probe(features: Floats, labels: NDArray[np.integer[Any]]) -> Probe:
    """Fitted on features float32 (n, d) and their digits (n,), by the smallest cross-entropy with a small ridge."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    # A feature that never changes says nothing; rounding must not be blown up.
    scale = np.where(scale > 1e-6 * np.maximum(np.abs(mean), 1e-6), scale, 1).astype(np.float32)
    return Probe(mean, scale, _fit()((features - mean) / scale, labels.astype(np.int32)))


@lru_cache(maxsize=1)
def _fit() -> Any:
    """A function of features and labels to weights.

    Each step minimises a quadratic that lies above the loss everywhere (Böhning 1992, "Multinomial logistic regression
    algorithm"): its curvature is the same in every step, so it is inverted once. Steps are accelerated (Nesterov 1983).
    It is TensorFlow's, since NumPy's threads cannot be told to be few, and wait for each other while a network trains.
    """
    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=1, inter_op_parallelism_threads=-1, device_count={"GPU": 0}
    )
    with tf.Graph().as_default() as graph:
        features = tf.compat.v1.placeholder(tf.float32, [None, None])
        labels = tf.compat.v1.placeholder(tf.int32, [None])
        count = tf.cast(tf.shape(features)[0], tf.float32)
        x = tf.concat([features, tf.ones_like(features[:, :1])], 1)
        ridge = tf.concat([tf.fill([tf.shape(features)[1]], RIDGE), [BIAS_RIDGE]], 0)
        step = tf.linalg.inv(tf.matmul(x, x, transpose_a=True) / (2 * count) + tf.linalg.diag(ridge))
        wanted = tf.one_hot(labels, CLASSES)
        start = tf.zeros([tf.shape(x)[1], CLASSES])

        def improve(number: tf.Tensor, weights: tf.Tensor, ahead: tf.Tensor) -> tuple[tf.Tensor, ...]:
            slope = tf.matmul(x, wanted - tf.nn.softmax(x @ ahead), transpose_a=True) / count - ridge[:, None] * ahead
            newer = ahead + step @ slope
            return number + 1, newer, newer + number / (number + 3) * (newer - weights)

        _, weights, _ = tf.while_loop(lambda number, *_: number < ITERATIONS, improve, (0.0, start, start))
    return tf.compat.v1.Session(graph=graph, config=config).make_callable(weights, [features, labels])
