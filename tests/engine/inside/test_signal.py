"""The norms that are told are those of the network's own numbers."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.signal import SignalQuestion
from resnet_gui.engine.backend import tf
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
SMALL = {"blocks": 1, "stages": 2, "width": 4, "stem_stride": 2}


def ask(specimen, label=3):
    ((signals, share),) = answers(specimen, IMAGE, label, SignalQuestion())
    assert share == 1
    return signals


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"batch_norm": True, "order": "full-pre-activation"},
        {"batch_norm": True, "order": "bn-after-addition"},
        {"shortcut": "exclusive-gating"},
        {"block": "bottleneck", "shortcut": "A"},
    ],
)
def test_norms_are_those_of_the_block_s_values_and_gradients(more):
    network = Network(Architecture(**SMALL, **more))
    signals = ask(Specimen(network))
    with tf.GradientTape() as tape:
        forward = Pass(network.blueprint, network.trained.read_value(), network.averages.read_value())
        layers = network.blueprint.layers
        forward.outputs = {"image": tf.cast(IMAGE[None, ..., None], tf.float32) / 255}
        last = [block.layers[-1].name for block in network.blueprint.blocks]
        for layer in layers[1:]:
            forward.run([layer])
            if layer.name in last:
                tape.watch(forward.outputs[layer.name])
        logits = forward.outputs[layers[-1].name]
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits([3], logits)
    gradients = tape.gradient(loss, [forward.outputs[name] for name in last])
    for block, gradient in zip(signals.blocks, gradients, strict=True):
        assert block.output_gradient == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
        branch = forward.branches[block.plan.name].numpy()
        assert block.branch == pytest.approx(np.linalg.norm(branch), rel=1e-4)
        (add,) = (layer for layer in block.plan.layers if layer.kind == "add")
        assert block.shortcut == pytest.approx(np.linalg.norm(forward.outputs[add.inputs[1]]), rel=1e-4)
        assert block.weight_gradient > 0
    assert signals.loss == pytest.approx(float(loss[0]), rel=1e-4)


def test_a_plain_network_has_no_shortcuts_to_compare_with():
    signals = ask(Specimen(Network(Architecture(**SMALL, shortcut="none"))))
    assert [block.ratio for block in signals.blocks] == [None, None]


def test_a_branch_that_is_off_adds_nothing():
    network = Network(Architecture(**SMALL))
    signals = ask(Specimen(network, Lesion((0.0, 1.0), (0, 1))))
    assert signals.blocks[0].ratio == 0
    assert signals.blocks[1].ratio > 0


def test_a_network_without_blocks_answers_with_none():
    assert ask(Specimen(Network(Architecture(blocks=0, width=4)))).blocks == ()
