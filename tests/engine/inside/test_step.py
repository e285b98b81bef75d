"""Steps on a copy: plain gradient descent, with every number taken from the network."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.step import BATCH, StepQuestion
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.inside import step as steps
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

SMALL = {"blocks": 1, "stages": 2, "width": 4, "stem_stride": 2}
BLANK = np.zeros((28, 28), np.uint8)


@pytest.fixture(autouse=True)
def nothing_kept():
    steps._copies.clear()


def ask(specimen, *rates, **more):
    ((step, share),) = answers(specimen, BLANK, None, StepQuestion(rates, **more))
    assert share == 1
    return step


def gradient_of(network, step):
    """By the weights, and by the input of the first block, of the step's own batch."""
    layers = network.blueprint.layers
    with tf.GradientTape() as tape:
        tape.watch(network.trained)
        forward = Pass(network.blueprint, network.trained.read_value(), network.averages.read_value(), step=0)
        forward.outputs = {"image": tf.cast(step.images[..., None], tf.float32) / 255}
        first = network.blueprint.blocks[0]
        for layer in layers[1:]:
            forward.run([layer])
            if layer.name == first.layers[0].inputs[0]:
                tape.watch(forward.outputs[layer.name])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(step.labels, forward.outputs[layers[-1].name])
        loss = tf.reduce_mean(losses)
    x = forward.outputs[first.layers[0].inputs[0]]
    return float(loss), *[g.numpy() for g in tape.gradient(loss, [network.trained, x])]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch_norm": True},
        {"batch_norm": True, "order": "full-pre-activation"},
        {"shortcut": "none", "batch_norm": True},
        {"shortcut": "projection"},
        {"shortcut": "exclusive-gating"},
        {"shortcut": "dropout"},
        {"block": "bottleneck", "shortcut": "A"},
    ],
)
def test_a_step_goes_down_the_gradient_and_leaves_the_network_alone(more):
    network = Network(Architecture(**SMALL, **more))
    before = network.weights()
    step = ask(Specimen(network, run="a"), 0.01)
    assert (step.number, len(step.images), len(step.losses)) == (1, BATCH, BATCH)
    assert step.loss == pytest.approx(step.losses.mean())
    assert step.after < step.loss
    for block in step.blocks:
        assert (block.through_shortcut is None) == (more.get("shortcut") == "none")
        assert block.change > 0
    assert all(np.array_equal(before[name], values) for name, values in network.weights().items())


@pytest.mark.parametrize("more", [{}, {"batch_norm": True}, {"shortcut": "none", "batch_norm": True}])
def test_what_is_told_are_the_gradients_of_the_batch(more):
    network = Network(Architecture(**SMALL, **more))
    step = ask(Specimen(network, run="a"), 0.01)
    loss, by_weights, by_input = gradient_of(network, step)
    assert step.loss == pytest.approx(loss, rel=1e-4)
    first = step.blocks[0]
    if first.through_shortcut is None:
        assert first.through_branch == pytest.approx(np.linalg.norm(by_input), rel=1e-3)
    else:
        assert abs(first.through_branch - first.through_shortcut) <= np.linalg.norm(by_input) * 1.001
        assert np.linalg.norm(by_input) <= 1.001 * (first.through_branch + first.through_shortcut)
    changes = np.linalg.norm([block.change for block in step.blocks])
    assert 0 < changes <= 0.01 * np.linalg.norm(by_weights) * 1.001


def test_a_branch_that_is_off_lets_nothing_through():
    specimen = Specimen(Network(Architecture(**SMALL)), Lesion((0.0, 1.0), (0, 1)), "a")
    first, second = ask(specimen, 0.01).blocks
    assert first.branch == 0
    assert first.through_branch == pytest.approx(0, abs=1e-6)
    assert first.carried_back == pytest.approx(1)
    assert second.through_branch > 0


def test_steps_that_are_forgotten_are_made_again_alike():
    specimen = Specimen(Network(Architecture(**SMALL, batch_norm=True)), run="a")
    one, two, three = (ask(specimen, *[0.05] * count) for count in (1, 2, 3))
    assert not np.array_equal(one.images, two.images)
    steps._copies.clear()
    again = ask(specimen, 0.05, 0.05, 0.05)
    assert (again.loss, again.after, again.blocks) == (three.loss, three.after, three.blocks)
    assert len(steps._copies) <= steps.KEPT


def test_the_copy_stays_what_it_was_while_its_network_trains():
    network = Network(Architecture(**SMALL))
    first = ask(Specimen(network, run="a"), 0.01)
    network.trained.assign(network.trained * 2)
    assert ask(Specimen(network, run="a"), 0.02).loss == first.loss
    assert ask(Specimen(network, run="a"), 0.02, copy=1).loss != first.loss


def test_new_weights_know_nothing_yet():
    network = Network(Architecture(**SMALL), seed=5)
    network.trained.assign(tf.zeros_like(network.trained))
    step = ask(Specimen(network, run="a"), 0.01, fresh=True)
    assert step.blocks[0].weights > 0
    assert step.loss > 1


def test_a_network_without_blocks_steps_too():
    step = ask(Specimen(Network(Architecture(blocks=0, width=4)), run="a"), 0.01)
    assert step.blocks == ()
    assert step.after < step.loss
