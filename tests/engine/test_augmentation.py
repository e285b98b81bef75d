"""Training images that are changed at random."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.bundled import draw_digits
from resnet_gui.core.experiment import AUGMENTATIONS, Recipe
from resnet_gui.engine.augmentation import amounts_of, augmented, basis
from resnet_gui.engine.backend import tf

IMAGES = draw_digits(0, 40)[0]


def change(step: int = 0, images: np.ndarray = IMAGES, **amounts: float) -> np.ndarray:
    changed = augmented(tf.constant(images), amounts_of(Recipe(**amounts)), tf.constant([3, step], tf.int64))
    return np.asarray(changed)


def centres(images: np.ndarray) -> np.ndarray:
    """Centre of mass of each image, (n, 2): row and column."""
    weights = images / images.sum(axis=(1, 2), keepdims=True)
    places = np.arange(28)
    return np.stack([(weights.sum(axis=2) * places).sum(axis=1), (weights.sum(axis=1) * places).sum(axis=1)], 1)


def ellipses(images: np.ndarray) -> np.ndarray:
    """Second moments of each image about its centre, (n, 3): of rows, of columns, of both."""
    weights = images / images.sum(axis=(1, 2), keepdims=True)
    y, x = (np.arange(28)[None] - centres(images)[:, axis, None] for axis in (0, 1))
    return np.stack(
        [
            np.einsum("nyx,ny,ny->n", weights, y, y),
            np.einsum("nyx,nx,nx->n", weights, x, x),
            np.einsum("nyx,ny,nx->n", weights, y, x),
        ],
        1,
    )


def test_nothing_is_changed_by_nothing():
    np.testing.assert_allclose(change(), IMAGES, atol=0.01)


def test_every_image_and_every_step_is_changed_in_its_own_way_and_always_the_same():
    amounts = {name: most / 8 for name, (most, _) in AUGMENTATIONS.items()}
    twins = change(images=np.repeat(IMAGES[:1], 2, axis=0), **amounts)
    assert not np.allclose(twins[0], twins[1])
    np.testing.assert_array_equal(change(step=5, **amounts), change(step=5, **amounts))
    assert not np.allclose(change(step=5, **amounts), change(step=6, **amounts))


def test_a_shift_moves_by_at_most_so_many_pixels_and_keeps_the_ink():
    moved = change(shift=2.0)
    offsets = centres(moved) - centres(IMAGES)
    assert 1.5 < np.abs(offsets).max() < 2.1
    np.testing.assert_allclose(moved.sum(axis=(1, 2)), IMAGES.sum(axis=(1, 2)), rtol=0.01)


def test_a_rotation_keeps_size_and_place():
    turned = change(rotation=30.0)
    rows, columns, both = ellipses(turned).T
    before = ellipses(IMAGES).T
    np.testing.assert_allclose(rows + columns, before[0] + before[1], rtol=0.05)
    assert np.abs(both - before[2]).max() > 3
    assert np.abs(centres(turned) - centres(IMAGES)).max() < 1


def test_scale_changes_height_and_width_each_for_itself():
    wide = IMAGES[ellipses(IMAGES)[:, 1] > 16]  # a thin 1 is as wide as its pen
    height, width = np.sqrt(ellipses(change(images=wide, scale=0.2))[:, :2] / ellipses(wide)[:, :2]).T
    for ratio in (height, width):
        assert 0.78 < ratio.min() < 0.88
        assert 1.12 < ratio.max() < 1.22
    assert np.abs(height / width - 1).max() > 0.2


def test_shear_slants_and_keeps_the_height():
    before, after = ellipses(IMAGES), ellipses(change(shear=0.4))
    np.testing.assert_allclose(after[:, 0], before[:, 0], rtol=0.05)
    slant = after[:, 2] / after[:, 0] - before[:, 2] / before[:, 0]
    assert 0.3 < np.abs(slant).max() < 0.45


def test_elastic_moves_each_pixel_by_about_so_much():
    bumps = basis(28, 28)[3:]
    np.testing.assert_allclose((bumps**2).sum(axis=0), 1.0, rtol=1e-5)
    bent = change(elastic=0.8)
    assert not np.allclose(bent, IMAGES, atol=60)
    assert 0.2 < np.median(np.abs(centres(bent) - centres(IMAGES))) < 0.8


def test_pens_become_wider_and_thinner():
    inked = change(pen=1.0).sum(axis=(1, 2)) / IMAGES.sum(axis=(1, 2))
    assert inked.min() < 0.7
    assert inked.max() > 1.3


def test_pixels_stay_between_paper_and_ink():
    changed = change(**{name: most for name, (most, _) in AUGMENTATIONS.items()})
    assert np.isfinite(changed).all()
    assert changed.min() >= -0.1
    assert changed.max() <= 255.1


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 12, 20)])
def test_any_number_and_size_of_images(shape):
    images = np.full(shape, 200, np.uint8)
    assert change(images=images, shift=1.0, pen=0.5).shape == shape


def test_a_recipe_is_augmented_if_one_amount_is_not_zero():
    assert not Recipe().augmented
    assert all(replace(Recipe(), **{name: 0.1}).augmented for name in AUGMENTATIONS)
