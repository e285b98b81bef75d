"""Grad-CAM and signed gradients, ready to be shown."""

import numpy as np

from resnet_gui.core.inside.saliency import Saliency, cam_words, enlarged, grad_cam, pixel_words, signed


def test_grad_cam_weighs_channels_by_their_mean_gradient_and_drops_what_speaks_against():
    total = np.zeros((2, 2, 2), np.float32)
    total[0, 0, 0] = 1  # speaks for
    total[1, 0, 0] = 0.5
    total[1, 1, 1] = 5  # speaks against
    gradient = np.stack([np.full((2, 2), 2.0), np.full((2, 2), -1.0)], axis=-1).astype(np.float32)
    np.testing.assert_array_equal(grad_cam(total, gradient), [[255, 0], [128, 0]])


def test_nothing_that_speaks_for_a_digit_is_an_empty_map():
    assert not grad_cam(np.ones((2, 2, 1), np.float32), -np.ones((2, 2, 1), np.float32)).any()
    assert not grad_cam(np.full((2, 2, 1), np.inf, np.float32), np.ones((2, 2, 1), np.float32)).any()


def test_a_map_is_enlarged_smoothly():
    large = enlarged(np.array([[0, 200]], np.uint8), (2, 4))
    np.testing.assert_array_equal(large, [[0, 50, 150, 200]] * 2)
    same = np.arange(16, dtype=np.uint8).reshape(4, 4)
    np.testing.assert_array_equal(enlarged(same, (4, 4)), same)


def test_a_gradient_keeps_its_signs():
    shares, largest = signed(np.array([[2.0, -4.0]], np.float32))
    np.testing.assert_array_equal(shares, [[0.5, -1.0]])
    assert largest == 4
    shares, largest = signed(np.zeros((1, 2), np.float32))
    assert not shares.any()
    assert largest == 0


def test_empty_maps_are_told_in_words():
    nothing = Saliency(8, 3, (np.zeros((28, 28), np.uint8),), np.zeros((28, 28), np.float32), 0.0)
    assert cam_words(nothing, 0) == "Nothing here speaks for an 8."
    assert pixel_words(nothing) == "No pixel changes how much this looks like an 8."
