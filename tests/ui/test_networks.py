"""The networks that are ready to read: which are kept, and which of two is taken."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import Run
from resnet_gui.ui.networks import NETWORKS_KEPT, Networks

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[4:24, 13:15] = 255
SMALL = Architecture(blocks=1, width=4, stem_stride=2)


def made(**changes):
    from resnet_gui.engine.network import Network

    return Network(SMALL, **changes)


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


@pytest.fixture
def networks(library):
    return Networks(library)


def test_a_saved_network_is_loaded_once(networks):
    reader = networks.reader(STARTER)
    assert networks.reader(STARTER) is reader
    assert networks.live(STARTER) is None
    reading = networks.read(STARTER, IMAGE)
    assert reading.digit == 1
    assert reading.step is None


def test_a_run_without_a_network_is_an_error_in_a_sentence(networks):
    with pytest.raises(LibraryError, match="nobody"):
        networks.read("nobody", IMAGE)


def test_a_live_network_reads_as_it_is_and_says_how_many_steps_it_has_made(networks):
    from resnet_gui.engine.backend import tf

    network = made()
    networks.take("a", network)
    assert networks.live("a") is network
    assert networks.read("a", IMAGE).step is None  # not trained
    network.step = tf.Variable(7, dtype=tf.int64)
    before = networks.read("a", IMAGE)
    assert before.step == 7
    network.step.assign_add(1)
    network.trained.assign(-network.trained)
    after = networks.read("a", IMAGE)
    assert after.step == 8
    assert not np.array_equal(before.probabilities, after.probabilities)


def test_a_live_network_takes_the_place_of_the_saved_one(networks, library):
    library.save(Run("a", Experiment(SMALL)), made(seed=1).weights())
    saved = networks.read("a", IMAGE).probabilities
    live = made(seed=2)
    networks.take("a", live)
    assert not np.array_equal(networks.read("a", IMAGE).probabilities, saved)
    assert networks.live("a") is live


def test_so_many_networks_stay_ready_and_those_that_no_file_holds_whatever_happens(networks, library):
    first = networks.reader(STARTER)
    networks.take("unsaved", made())
    weights = made().weights()
    for number in range(NETWORKS_KEPT):
        library.save(Run(f"{number}", Experiment(SMALL)), weights)
        networks.reader(f"{number}")
    newest = networks.reader(f"{NETWORKS_KEPT - 1}")
    assert networks.live("unsaved") is not None
    assert networks.reader(f"{NETWORKS_KEPT - 1}") is newest
    assert networks.reader(STARTER) is not first
    assert networks.reader("unsaved").name == "ResNet-4"
