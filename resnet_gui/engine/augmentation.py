"""Augmentation: every training image a little changed, anew in each step, within the compiled step.

Affine and elastic distortions as Simard, Steinkraus and Platt 2003 used them on MNIST, and pens of other widths. One
matrix product says where each pixel comes from, and one bilinear look-up fetches it.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.experiment import AUGMENTATIONS, Recipe
from resnet_gui.engine.backend import tf

KNOTS = 6  # of the elastic distortion on each axis
# Added to the seed of the bending: from the same seed normal and uniform numbers would be made of the same bits.
BENDING = np.array([2**32, 0])
SOFTNESS = 0.8  # its standard deviation, in distances of the knots


def amounts_of(recipe: Recipe) -> NDArray[np.float32]:
    """The recipe's amounts as `augmented` takes them: float32 (6,), the angle in radians."""
    amounts = {name: getattr(recipe, name) for name in AUGMENTATIONS}
    return np.array(list({**amounts, "rotation": np.radians(amounts["rotation"])}.values()), np.float32)


def augmented(images: tf.Tensor, amounts: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """`images`, uint8 (n, height, width), each changed at random: float32 (n, height, width), still 0 to 255.

    `amounts`, float32 (6,), is what `amounts_of` makes; `seed`, int64 (2,), all that the random numbers follow from.
    """
    n, (height, width) = tf.shape(images)[0], images.shape[1:]
    shift, rotation, scale, shear, elastic, pen = tf.unstack(amounts)
    chance = tf.transpose(tf.random.stateless_uniform((n, 7), seed, -1.0, 1.0))
    # Where the pixel of the result that lies (y, x) off the centre comes from: an affine map of y and x, and bumps.
    cosine, sine = tf.cos(rotation * chance[0]), tf.sin(rotation * chance[0])
    tall, wide = 1 + scale * chance[1], 1 + scale * chance[2]
    row = [shift * chance[3], cosine / tall, sine / tall]
    column = [shift * chance[4], (shear * chance[5] - sine) / wide, cosine / wide]
    affine = tf.transpose(tf.stack([row, column]), (2, 0, 1))  # (n, 2 axes, 3)
    bumps = elastic * tf.random.stateless_normal((n, 2, KNOTS**2), seed + BENDING)
    offsets = tf.reshape(tf.concat([affine, bumps], 2), (2 * n, -1)) @ basis(height, width)
    places = tf.reshape(offsets, (n, 2, height * width))
    return tf.reshape(_fetched(_pen(images, pen * chance[6]), places), (n, height, width))


def _pen(images: tf.Tensor, change: tf.Tensor) -> tf.Tensor:
    """`images` as if drawn with a pen that is wider by 2 pixels where `change`, (n,), is 1, and thinner where -1."""
    around = tf.pad(images, [[0, 0], [1, 1], [1, 1]])
    wide, thin = (f(f(around[:, :-2], around[:, 1:-1]), around[:, 2:]) for f in (tf.maximum, tf.minimum))
    wide, thin = (f(f(x[:, :, :-2], x[:, :, 1:-1]), x[:, :, 2:]) for f, x in ((tf.maximum, wide), (tf.minimum, thin)))
    ink, wide, thin = (tf.cast(x, tf.float32) for x in (images, wide, thin))
    change = change[:, None, None]
    return ink + tf.maximum(change, 0.0) * (wide - ink) + tf.minimum(change, 0.0) * (ink - thin)


def _fetched(images: tf.Tensor, places: tf.Tensor) -> tf.Tensor:
    """Bilinear look-up in `images`, (n, height, width), at `places`, (n, 2, pixels), off the centre: (n, pixels)."""
    height, width = images.shape[1:]
    framed = tf.reshape(tf.pad(images, [[0, 0], [1, 1], [1, 1]]), (-1,))  # what lies outside is paper
    across = width + 2
    y = tf.clip_by_value(places[:, 0] + (height + 1) / 2, 0.0, height + 0.999)
    x = tf.clip_by_value(places[:, 1] + (width + 1) / 2, 0.0, width + 0.999)
    top, left = tf.floor(y), tf.floor(x)
    first = across * (height + 2) * tf.range(tf.shape(images)[0])[:, None]
    corner = first + tf.cast(top * across + left, tf.int32)
    down, right = y - top, x - left
    a, b, c, d = (tf.gather(framed, corner + step) for step in (0, 1, across, across + 1))
    above = a + (b - a) * right
    return above + (c + (d - c) * right - above) * down


@lru_cache(maxsize=4)
def basis(height: int, width: int) -> NDArray[np.float32]:
    """What the place of each pixel is a sum of: 1, y, x and KNOTS x KNOTS bumps, float32 (3 + KNOTS^2, pixels).

    y and x count from the centre. The bumps, weighted by standard normal numbers, make a smooth field of variance 1.
    """
    rows, columns = (np.arange(side, dtype=np.float64) - (side - 1) / 2 for side in (height, width))
    y, x = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    bumps = np.kron(_bumps(rows), _bumps(columns)).T
    return np.concatenate([[np.ones(len(y)), y, x], bumps]).astype(np.float32)


def _bumps(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gaussian bumps at KNOTS even places: (places, KNOTS), of squared sum 1 at each place."""
    knots = np.linspace(places[0], places[-1], KNOTS)
    bumps = np.exp(-0.5 * ((places[:, None] - knots) / (SOFTNESS * (knots[1] - knots[0]))) ** 2)
    scaled: NDArray[np.float64] = bumps / np.sqrt((bumps**2).sum(axis=1, keepdims=True))
    return scaled
