"""Grad-CAM and input gradients against what a small change of the picture does."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.saliency import SaliencyQuestion
from resnet_gui.engine.inside.answers import answers
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


def logits(trace):
    return [trace.logits]


def saliency(specimen, label=None, image=IMAGE):
    ((found, share),) = answers(specimen, image, label, SaliencyQuestion())
    assert share == 1
    return found


@pytest.mark.parametrize("settings", [{}, {"shortcut": "none"}, {"order": "full-pre-activation", "stages": 2}])
def test_the_gradient_says_what_a_little_more_ink_does(settings):
    specimen = Specimen(network(**settings))
    found = saliency(specimen, label=4)
    row, column = np.unravel_index(np.abs(found.pixels[:, :]).argmax(), (28, 28))
    more, less = IMAGE.copy(), IMAGE.copy()
    more[row, column], less[row, column] = min(IMAGE[row, column] + 1, 255), max(IMAGE[row, column] - 1, 0)
    (scores,) = specimen.ask(logits, np.stack([more, less]))
    step = (int(more[row, column]) - int(less[row, column])) / 255
    slope = (scores[0, 4] - scores[1, 4]) / step
    assert slope == pytest.approx(found.pixels[row, column] * found.largest, rel=0.1)
    assert np.abs(found.pixels).max() == 1


def test_there_is_a_map_for_every_block_as_large_as_the_picture():
    found = saliency(Specimen(network(stages=2)))
    assert [cam.shape for cam in found.cams] == [(28, 28)] * 4
    assert all(cam.dtype == np.uint8 for cam in found.cams)


def test_without_a_label_it_is_about_the_digit_that_is_read():
    found = saliency(Specimen(network()))
    assert found.label == found.read
    other = (found.read + 1) % 10
    again = saliency(Specimen(network()), other)
    assert (again.label, again.read) == (other, found.read)


def test_a_network_without_blocks_has_a_gradient_only():
    found = saliency(Specimen(network(blocks=0)))
    assert found.cams == ()
    assert found.pixels.any()


def test_a_network_that_diverged_is_told():
    broken = network()
    broken.trained.assign(np.full(broken.trained.shape, np.nan, np.float32))
    assert not saliency(Specimen(broken)).finite
