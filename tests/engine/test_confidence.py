"""The confidence of a network, fitted on images that it has not learned from."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Head
from resnet_gui.core.confidence import UNCALIBRATED, fit_confidence
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import reading_graph
from resnet_gui.engine.confidence import BATCH, measure_confidence
from resnet_gui.engine.device_data import Labelled
from resnet_gui.engine.network import Network
from resnet_gui.engine.prediction import Reader


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 10
    pixels = rng.integers(0, 40, (400, 28, 28)).astype(np.uint8)
    for image, label in zip(pixels, labels, strict=True):
        image[2 * label + 3 : 2 * label + 6] = 255
    return Labelled(tf.constant(pixels), tf.constant(labels, tf.int32))


def going_on():
    return False


@pytest.mark.parametrize("head", list(Head))
@pytest.mark.parametrize("shortcut", ["none", "identity"])
def test_any_network_gets_its_confidence(images, head, shortcut):
    network = Network(Architecture(1, 2, 4, shortcut, head=head, stem_stride=2), seed=1)
    rows = np.arange(BATCH, 400, dtype=np.int32)
    confidence = measure_confidence(network, images, rows, going_on)
    logits = reading_graph(network.blueprint)(network, tf.gather(images.images, rows).numpy())
    expected = fit_confidence(logits, images.labels.numpy()[rows])
    assert confidence.fitted
    assert confidence.temperature == pytest.approx(expected.temperature, rel=1e-3)
    assert confidence.farthest == pytest.approx(expected.farthest, rel=0.02)


def test_without_validation_images_it_is_not_fitted(images):
    assert (
        measure_confidence(Network(Architecture(1, width=4)), images, np.zeros(0, np.int32), going_on) is UNCALIBRATED
    )


def test_a_stop_ends_it(images):
    asked = []

    def stopped():
        asked.append(True)
        return len(asked) == 2

    rows = np.arange(400, dtype=np.int32)
    network = Network(Architecture(1, width=4, stem_stride=2))
    assert measure_confidence(network, images, rows, stopped) is UNCALIBRATED
    assert len(asked) == 2


def test_a_reader_takes_up_a_confidence_that_comes_later(images):
    network = Network(Architecture(1, 2, 4, stem_stride=2), seed=1)
    reader = Reader(network, "a", "net")
    image = images.images[3].numpy()
    before = reader.read(image)
    network.confidence = measure_confidence(network, images, np.arange(400, dtype=np.int32), going_on)
    after = reader.read(image)
    assert after.digit == before.digit
    assert not np.allclose(after.probabilities, before.probabilities, rtol=1e-3)
    assert after.probabilities.sum() == pytest.approx(1, abs=1e-5)
