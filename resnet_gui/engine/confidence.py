"""Fits how far a network's answers can be trusted, on images that it has not learned from."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.confidence import UNCALIBRATED, Confidence, fit_confidence
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import reading_graph
from resnet_gui.engine.device_data import Labelled
from resnet_gui.engine.network import Network

MOST_IMAGES = 6_000  # more would hardly change it; a tenth of MNIST
BATCH = 100  # images in one call, short enough to stop in between


def measure_confidence(
    network: Network, data: Labelled, rows: NDArray[np.int32], stopped: Callable[[], bool]
) -> Confidence:
    """The confidence of `network` by those `rows` of the data, in random order; not fitted if they are too few.

    `stopped` is asked again and again, and ends it: then it is not fitted either.
    """
    rows = rows[:MOST_IMAGES]
    if not len(rows):
        return UNCALIBRATED
    images = tf.gather(data.images, rows).numpy()
    graph = reading_graph(network.blueprint)
    logits = []
    for first in range(0, len(rows), BATCH):
        if stopped():
            return UNCALIBRATED
        logits.append(graph(network, images[first : first + BATCH]))
    return fit_confidence(np.concatenate(logits), tf.gather(data.labels, rows).numpy())
