"""The gradient along single paths against what adds up to the whole of it."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.paths import PathsQuestion
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside import lasting, paths
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.paths import gradient_norms
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)


def network(seed=0, **settings):
    """With random weights, moving averages included."""
    architecture = Architecture(**{"blocks": 2, "width": 4, "stem_stride": 2, "batch_norm": True, **settings})
    rng = np.random.default_rng(seed)
    weights = {}
    for name, values in Network(architecture).weights().items():
        drawn = rng.normal(0, 0.3, values.shape).astype(np.float32)
        weights[name] = np.abs(drawn) + 0.5 if "variance" in name or "gamma" in name else drawn
    return Network(architecture, weights=weights)


def gradients(trace):
    along = trace.along_paths()
    pixels = along.forward.outputs["image"]
    return [*tf.gradients(along.losses, [pixels]), *tf.gradients(trace.losses, [trace.forward.outputs["image"]])]


def every(blocks):
    return np.array([[number >> block & 1 for block in range(blocks)] for number in range(2**blocks)], np.float32)


@pytest.fixture(autouse=True)
def forgotten():
    lasting._kept.clear()


@pytest.mark.parametrize(
    "settings",
    [{}, {"stages": 2}, {"order": "full-pre-activation"}, {"shortcut": "exclusive-gating"}, {"shortcut": "projection"}],
)
def test_the_gradients_of_all_paths_add_up_to_the_gradient(settings):
    specimen = Specimen(network(**settings))
    rows = every(len(specimen.blueprint.blocks))
    images = np.repeat(IMAGE[None], len(rows), axis=0)
    along, whole = specimen.ask(gradients, images, np.full(len(rows), 3, np.int32), paths=rows)
    np.testing.assert_allclose(along.sum(axis=0), whole[0], rtol=1e-3, atol=1e-5)
    norms = gradient_norms(specimen, IMAGE, 3, rows)
    np.testing.assert_allclose(norms, np.sqrt((along**2).sum(axis=(1, 2, 3))), rtol=1e-4)


def test_few_paths_are_all_measured():
    *_, (found, share) = answers(Specimen(network(blocks=3), run="a"), IMAGE, 3, PathsQuestion())
    assert share == 1
    assert found.counts.tolist() == [1, 3, 3, 1]
    assert found.label == 3
    assert found.carried.sum() == pytest.approx(1)


def test_many_are_sampled_and_every_answer_covers_all_lengths(monkeypatch):
    monkeypatch.setattr(paths, "CALL_MULTIPLY_ADDS", 1)
    specimen = Specimen(network(blocks=6), run="a")
    found = list(answers(specimen, IMAGE, 3, PathsQuestion(samples=2)))
    assert found[-1][0].counts.tolist() == [1, 2, 2, 2, 2, 2, 1]
    assert all(np.isfinite(answer.norms).all() for answer, _ in found)
    assert [share for _, share in found] == sorted(share for _, share in found)


def test_the_same_network_and_picture_give_the_same_answer():
    def sums():
        return [answer.sums for answer, _ in answers(Specimen(network(blocks=4), run="a"), IMAGE, 3, PathsQuestion(3))][
            -1
        ]

    first = sums()
    lasting._kept.clear()
    np.testing.assert_array_equal(first, sums())


def test_a_plain_network_needs_no_measuring():
    ((found, share),) = answers(Specimen(network(shortcut="none"), run="a"), IMAGE, 3, PathsQuestion())
    assert share == 1
    assert found.plain
    assert not found.counts.any()


def test_a_network_without_blocks_is_one_path():
    *_, (found, _) = answers(Specimen(network(blocks=0), run="a"), IMAGE, 3, PathsQuestion())
    assert found.blocks == 0
    assert found.counts.tolist() == [1]


def test_a_branch_that_is_off_carries_nothing():
    specimen = Specimen(network(), Lesion((0.0, 1.0), (0, 1)))
    norms = gradient_norms(specimen, IMAGE, 3, np.array([[1, 0], [0, 0]], np.float32))
    assert norms[0] == 0
    assert norms[1] > 0


def test_a_network_that_diverged_is_told():
    broken = network()
    broken.trained.assign(np.full(broken.trained.shape, np.nan, np.float32))
    *_, (found, _) = answers(Specimen(broken, run="a"), IMAGE, 3, PathsQuestion())
    assert not found.finite
