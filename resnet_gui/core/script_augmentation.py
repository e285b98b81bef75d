"""The augmentation in an experiment's script: the amounts of its recipe, and a function that learners can play with."""

from resnet_gui.core.experiment import AUGMENTATIONS, Recipe

_NOTES = {
    "shift": "pixels that an image is moved at most",
    "rotation": "degrees that it is turned",
    "scale": "share by which its height and its width change",
    "shear": "share of its height by which it is slanted",
    "elastic": "pixels by which it is bent, as a standard deviation",
    "pen": "pixels by which the edges of its ink are moved",
}

# The same as engine.augmentation: the same random numbers in the same order.
FUNCTIONS = '''\
def bumps():
    """Return six smooth bumps along an axis of 28 pixels, (28, 6)."""
    places = np.arange(28) - 13.5
    knots = np.linspace(-13.5, 13.5, 6)
    values = np.exp(-0.5 * ((places[:, None] - knots) / (0.8 * 5.4)) ** 2)
    return values / np.sqrt((values**2).sum(axis=1, keepdims=True))


# The place of a pixel is a sum of these: 1, its row and its column from the middle, and bumps.
ROWS, COLUMNS = np.mgrid[0:28, 0:28].reshape(2, 784) - 13.5
BASIS = np.concatenate([[np.ones(784), ROWS, COLUMNS], np.kron(bumps(), bumps()).T])


def augment(images, step):
    """Return the images, (n, 28, 28, 1), each changed at random, anew in every step."""
    n = tf.shape(images)[0]
    seed = tf.stack([tf.constant(SEED, tf.int64), step])
    chance = tf.transpose(tf.random.stateless_uniform((n, 7), seed, -1.0, 1.0))

    # Pens of other widths: towards the brightest or the darkest of the nine pixels around each one.
    framed = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])
    wide = tf.nn.max_pool2d(framed, 3, 1, "VALID")
    thin = -tf.nn.max_pool2d(-framed, 3, 1, "VALID")
    change = PEN * chance[6][:, None, None, None]
    images += tf.maximum(change, 0.0) * (wide - images) + tf.minimum(change, 0.0) * (images - thin)

    # Where each pixel of the result comes from.
    angle = ROTATION * np.pi / 180 * chance[0]
    cosine, sine = tf.cos(angle), tf.sin(angle)
    tall, wide = 1 + SCALE * chance[1], 1 + SCALE * chance[2]
    row = [SHIFT * chance[3], cosine / tall, sine / tall]
    column = [SHIFT * chance[4], (SHEAR * chance[5] - sine) / wide, cosine / wide]
    affine = tf.transpose(tf.stack([row, column]), (2, 0, 1))
    other_seed = seed + tf.constant([2**32, 0], tf.int64)  # or both would be of the same bits
    bends = ELASTIC * tf.random.stateless_normal((n, 2, 36), other_seed)
    weights = tf.reshape(tf.concat([affine, bends], 2), (2 * n, 39))
    places = tf.reshape(weights @ BASIS.astype("float32"), (n, 2, 784)) + 14.5

    # Bilinear look-up there; what lies outside of the image is paper.
    pixels = tf.reshape(tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]]), (-1,))
    places = tf.clip_by_value(places, 0.0, 28.999)
    corners = tf.floor(places)
    down, right = tf.unstack(places - corners, axis=1)
    first = 900 * tf.range(n)[:, None] + tf.cast(30 * corners[:, 0] + corners[:, 1], tf.int32)
    a, b, c, d = [tf.gather(pixels, first + offset) for offset in (0, 1, 30, 31)]
    above = a + (b - a) * right
    return tf.reshape(above + (c + (d - c) * right - above) * down, (n, 28, 28, 1))'''


def amounts(recipe: Recipe) -> list[str]:
    """The lines that name the amounts; none without augmentation."""
    if not recipe.augmented:
        return []
    return [f"{name.upper()} = {getattr(recipe, name)!r}  # {_NOTES[name]}" for name in AUGMENTATIONS]


def functions(recipe: Recipe) -> list[str]:
    """The functions that change images at random; none without augmentation."""
    return [FUNCTIONS] if recipe.augmented else []
