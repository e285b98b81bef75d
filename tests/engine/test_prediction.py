"""Saved networks that read again."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.confidence import fit_confidence
from resnet_gui.core.errors import LibraryError, ReadingError
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import Run
from resnet_gui.core.strokes import to_image
from resnet_gui.engine.network import Network
from resnet_gui.engine.prediction import Reader, load_reader

SMALL = Architecture(blocks=1, stages=2, width=4, batch_norm=True)
ONE = to_image([np.array([[0.5, 0.1], [0.5, 0.9]])])


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


def test_a_saved_network_gives_the_same_answers(library):
    network = Network(SMALL, seed=3)
    library.save(Run("a", Experiment(SMALL)), network.weights())
    before, again = Reader(network, "a", "net").read(ONE), load_reader(library, "a").read(ONE)
    np.testing.assert_array_equal(before.probabilities, again.probabilities)
    assert again.run == "a"
    assert again.network == "ResNet-6"


def test_weights_of_another_network_are_refused(library):
    library.save(Run("a", Experiment(Architecture(blocks=2, width=4))), Network(SMALL).weights())
    with pytest.raises(LibraryError, match="do not fit"):
        load_reader(library, "a")


def test_an_unknown_run_is_refused(library):
    with pytest.raises(LibraryError, match="no saved run"):
        load_reader(library, "nobody")


def test_the_starter_reads_a_drawn_one(library):
    reading = load_reader(library, STARTER).read(ONE)
    assert reading.digit == 1
    assert reading.run == STARTER
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_every_image_is_judged(library):
    probabilities, unsure = load_reader(library, STARTER).judge(np.stack([ONE] * 501))
    assert (probabilities.argmax(axis=1) == 1).all()
    assert (probabilities.shape, unsure.shape) == ((501, 10), (501,))


def test_a_saved_network_keeps_its_confidence(library):
    network = Network(SMALL, seed=3)
    rng = np.random.default_rng(0)
    network.confidence = fit_confidence(
        rng.normal(0, 1, (300, 10)) + 5 * np.eye(10)[np.arange(300) % 10], np.arange(300) % 10
    )
    library.save(Run("a", Experiment(SMALL), confidence=network.confidence), network.weights())
    again = load_reader(library, "a")
    assert again.confidence == network.confidence
    before = Reader(network, "a", "net").read(ONE)
    np.testing.assert_array_equal(again.read(ONE).probabilities, before.probabilities)
    assert again.read(ONE).unsure == before.unsure


def test_a_network_that_diverged_refuses_to_read(library):
    network = Network(SMALL)
    weights = {path: np.full_like(values, np.nan) for path, values in network.weights().items()}
    library.save(Run("a", Experiment(SMALL)), weights)
    with pytest.raises(ReadingError, match="diverged"):
        load_reader(library, "a").read(ONE)
