"""What a lesion changes, on a small network."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.effect import EffectQuestion, images_words
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network
from resnet_gui.engine.prediction import Reader

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
SMALL = Architecture(blocks=2, stages=2, width=4, batch_norm=True, stem_stride=2)


def effects(architecture, lesion, folder, network=None):
    network = network or Network(architecture)
    return list(answers(Specimen(network, lesion, data_file=folder), IMAGE, None, EffectQuestion()))


def test_before_is_what_the_network_reads_and_after_what_the_changed_one_does(bars_folder):
    network = Network(SMALL)
    lesion = Lesion.none(4).swapped(0, 1).with_alpha(2, 0.5)
    *_, (effect, share) = effects(SMALL, lesion, bars_folder, network)
    assert share == 1
    np.testing.assert_allclose(effect.before, Reader(network, "", "").probabilities(IMAGE[None])[0], atol=1e-5)
    (logits,) = Specimen(network, lesion).ask(lambda trace: [trace.logits], IMAGE[None])
    np.testing.assert_allclose(effect.after, network.confidence.probabilities(logits)[0], atol=1e-5)
    assert effect.intact.images == effect.changed.images == effect.total == 100


def test_each_block_is_removed_in_turn_whatever_the_lesion(bars_folder):
    network = Network(SMALL)
    (effect, _), *_ = effects(SMALL, Lesion.none(4).with_alpha(0, 0.0), bars_folder, network)
    np.testing.assert_allclose(effect.without[0], effect.after, atol=1e-6)
    (other, _), *_ = effects(SMALL, Lesion.none(4).with_alpha(3, 0.0), bars_folder, network)
    np.testing.assert_allclose(effect.without[3], other.after, atol=1e-6)


def test_plain_blocks_that_change_the_shape_are_not_removed(bars_folder):
    plain = Architecture(blocks=1, stages=2, width=4, shortcut="none", stem_stride=2)
    (effect, _), *_ = effects(plain, None, bars_folder)
    assert effect.without[0] is not None
    assert effect.without[1] is None


def test_the_picture_is_answered_at_once_and_the_test_images_as_they_are_read(tmp_path):
    images, labels = np.repeat(IMAGE[None], 330, axis=0), np.arange(330).astype(np.uint8) % 10
    file = tmp_path / "mnist.npz"
    np.savez(file, x_train=images, y_train=labels, x_test=images, y_test=labels)
    answered = effects(SMALL, Lesion.none(4).with_alpha(1, 0.0), file, Network(SMALL, seed=3))
    shares = [share for _, share in answered]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert answered[0][0].before is not None
    assert answered[0][0].changed.images == 0
    assert answered[1][0].changed.images == 100  # what is changed comes first
    assert answered[1][0].intact.images == 0
    assert effects(SMALL, Lesion.none(4).with_alpha(1, 0.0), file, Network(SMALL, seed=3))[0][1] == 1
    assert answered[-1][0].changed.images == answered[-1][0].total == 330


def test_a_network_that_diverged_has_no_readings(bars_folder):
    network = Network(SMALL)
    network.trained.assign(np.full(network.trained.shape, np.nan, np.float32))
    (effect, _), *_ = effects(SMALL, None, bars_folder, network)
    assert effect.before is None
    assert effect.after is None
    assert effect.without == (None,) * 4
    assert effect.intact.right == 0


@pytest.mark.parametrize("lesion", [None, Lesion()])
def test_a_network_without_blocks_has_nothing_to_remove(bars_folder, lesion):
    (effect, _), *_ = effects(Architecture(blocks=0, width=4), lesion, bars_folder)
    assert effect.without == ()
    np.testing.assert_array_equal(effect.before, effect.after)


def test_without_test_images_the_picture_is_still_answered_and_the_reason_told(bars_folder):
    (bars_folder / "mnist.npz").write_bytes(b"cut short")
    ((effect, share),) = effects(SMALL, Lesion.none(4).with_alpha(0, 0.0), bars_folder)
    assert share == 1
    assert effect.after.sum() == pytest.approx(1)
    assert effect.without[0] is not None
    assert "is damaged" in images_words(effect)
