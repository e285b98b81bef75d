"""The reading at every depth against whole passes with later branches off; probes on what leaves the blocks."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import DatasetUnavailable
from resnet_gui.core.inside.depth_reading import DepthQuestion
from resnet_gui.core.inside.lesion import Lesion, removable
from resnet_gui.engine.inside import depth_reading, lasting
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.depth_reading import Fitting, batch_size, depth_probe
from resnet_gui.engine.inside.samples import Samples
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (28, 28)).astype(np.uint8)
NETWORKS = {
    "identity": {"stages": 2},
    "plain": {"stages": 2, "shortcut": "none"},
    "option A": {"stages": 2, "shortcut": "A"},
    "projection": {"shortcut": "projection"},
    "constant scaling": {"shortcut": "constant-scaling"},
    "exclusive gating": {"shortcut": "exclusive-gating", "stages": 2, "gate_bias": 0.0},
    "shortcut-only gating": {"shortcut": "shortcut-only-gating"},
    "dropout": {"shortcut": "dropout"},
    "BN after addition": {"order": "bn-after-addition"},
    "ReLU before addition": {"order": "relu-before-addition", "stages": 2},
    "ReLU-only pre-activation": {"order": "relu-only-pre-activation", "stages": 2},
    "full pre-activation": {"order": "full-pre-activation", "stages": 2},
    "gating, pre-activation": {"order": "full-pre-activation", "stages": 2, "shortcut": "exclusive-gating"},
    "plain pre-activation": {"order": "full-pre-activation", "stages": 2, "shortcut": "none"},
    "bottleneck": {"block": "bottleneck", "stages": 2},
    "without batch norm": {"batch_norm": False},
    "average pooling": {"head": "average-pooling"},
}


def network(seed=0, **settings):
    """With random weights, moving averages included."""
    architecture = Architecture(**{"blocks": 2, "width": 4, "stem_stride": 2, "batch_norm": True, **settings})
    rng = np.random.default_rng(seed)
    weights = {}
    for name, values in Network(architecture).weights().items():
        drawn = rng.normal(0, 0.3, values.shape).astype(np.float32)
        weights[name] = np.abs(drawn) + 0.5 if "variance" in name or "gamma" in name else drawn
    return Network(architecture, weights=weights)


def logits(trace):
    return [trace.logits]


def samples(most):
    """Images with a bright bar whose height is the digit."""
    labels = (np.arange(90) % 10).astype(np.uint8)
    images = np.zeros((90, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 3 : 2 * label + 6] = 255
    return Samples(images, labels, "90 bars")


@pytest.fixture(autouse=True)
def forgotten():
    lasting._kept.clear()


@pytest.mark.parametrize("name", NETWORKS)
def test_stopping_is_switching_all_later_branches_off(name):
    specimen = Specimen(network(**NETWORKS[name]))
    blocks = len(specimen.blueprint.blocks)
    alphas = np.tril(np.ones((blocks + 1, blocks), np.float32), -1)
    alphas[:, ~np.array(removable(specimen.blueprint))] = 1
    (expected,) = specimen.ask(logits, np.repeat(IMAGE[None], blocks + 1, axis=0), alphas=alphas)
    stopped = specimen.ask(depth_probe, IMAGE[None])[0]
    assert stopped.shape == (blocks + 1, 1, 10)
    np.testing.assert_allclose(stopped[:, 0], expected, rtol=1e-3, atol=1e-4)


def test_several_images_keep_their_places():
    specimen = Specimen(network(stages=2))
    images = np.stack([IMAGE, IMAGE.T])
    together = specimen.ask(depth_probe, images)
    for place in range(2):
        alone = specimen.ask(depth_probe, images[place : place + 1])
        for one, both in zip(alone[1:], together[1:], strict=True):
            np.testing.assert_allclose(one[0], both[place], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(alone[0][:, 0], together[0][:, place], rtol=1e-3, atol=1e-4)


def test_the_last_depth_is_what_the_network_reads_also_with_a_lesion():
    specimen = Specimen(network(), Lesion((0.0, 0.5), (1, 0)))
    (whole,) = specimen.ask(logits, IMAGE[None])
    np.testing.assert_allclose(specimen.ask(depth_probe, IMAGE[None])[0][-1], whole, rtol=1e-4, atol=1e-5)


def test_without_blocks_there_is_one_depth():
    specimen = Specimen(network(blocks=0))
    (whole,) = specimen.ask(logits, IMAGE[None])
    stopped, features = specimen.ask(depth_probe, IMAGE[None])
    np.testing.assert_allclose(stopped[0], whole, rtol=1e-4, atol=1e-5)
    assert features.shape == (1, 4 * 16)


def test_features_are_means_of_what_the_head_sees():
    assert [x.shape for x in Specimen(network(head="average-pooling", stages=2)).ask(depth_probe, IMAGE[None])[1:]] == [
        (1, 4),
        (1, 4),
        (1, 4),
        (1, 8),
        (1, 8),
    ]


def test_the_answer_grows_from_readings_to_probes_and_is_known_the_next_time():
    specimen = Specimen(network(), run="a", samples=samples)
    found = list(answers(specimen, IMAGE, None, DepthQuestion()))
    shares = [share for _, share in found]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    first, last = found[0][0], found[-1][0]
    assert np.isnan(first.probed).all()
    np.testing.assert_array_equal(first.stopped, last.stopped)
    np.testing.assert_allclose(last.probed.sum(axis=1), 1, rtol=1e-4)
    assert last.accuracies.source == "90 bars"
    assert (last.accuracies.probes > 0.3).all()  # a tenth by chance
    assert np.isfinite(last.accuracies.stopped).all()
    ((again, share),) = answers(specimen, IMAGE, None, DepthQuestion())
    assert share == 1
    np.testing.assert_array_equal(again.probed, last.probed)


def test_what_was_interrupted_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(depth_reading, "CALL_MULTIPLY_ADDS", 1)
    specimen = Specimen(network(), run="a", samples=samples)
    begun = answers(specimen, IMAGE, None, DepthQuestion())
    for _ in range(5):
        next(begun)
    begun.close()
    _, share = next(answers(specimen, IMAGE.T.copy(), None, DepthQuestion()))
    assert share == pytest.approx(0.5 * 4 / 90)


def test_other_weights_are_measured_anew_and_old_probes_stay_meanwhile():
    first, second = network(), network(seed=1)
    *_, (done, _) = answers(Specimen(first, run="a", samples=samples), IMAGE, None, DepthQuestion())
    begun, share = next(answers(Specimen(second, run="a", samples=samples), IMAGE, None, DepthQuestion()))
    assert share == 0
    np.testing.assert_array_equal(begun.accuracies.probes, done.accuracies.probes)


def test_without_data_the_readings_still_stand():
    def missing(most):
        raise DatasetUnavailable("MNIST is not on this machine.")

    *_, (last, share) = answers(Specimen(network(), run="a", samples=missing), IMAGE, None, DepthQuestion())
    assert share == 1
    assert last.note == "MNIST is not on this machine."
    assert last.finite


def test_a_network_that_diverged_is_not_measured():
    broken = network()
    broken.trained.assign(np.full(broken.trained.shape, np.nan, np.float32))
    ((answer, share),) = answers(Specimen(broken, run="a", samples=samples), IMAGE, None, DepthQuestion())
    assert share == 1
    assert not answer.finite


def test_probes_are_fitted_on_the_network_as_it_was_trained_whose_accuracies_are_not_those_of_a_changed_one():
    lesioned = Specimen(network(), Lesion((0.0, 0.0), (0, 1)), "a", samples)
    *_, (last, _) = answers(lesioned, IMAGE, None, DepthQuestion())
    fitting = Fitting(Specimen(network(), None, "a", samples))
    for _ in fitting.steps():
        pass
    _, *features = lesioned.ask(depth_probe, IMAGE[None])
    np.testing.assert_array_equal(last.probed, fitting.reading(last.stopped, features).probed)
    assert last.accuracies is None
    assert "as it was trained" in last.note


def test_calls_are_short_for_large_networks():
    small, large = network().blueprint, Network(Architecture(blocks=50, width=64)).blueprint
    assert batch_size(small) == 100
    assert batch_size(large) == 1
