"""What augmentation makes of some training images, to be looked at before a training."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import DatasetUnavailable
from resnet_gui.core.experiment import DatasetName, Recipe
from resnet_gui.engine.augmentation import amounts_of, augmented
from resnet_gui.engine.backend import tf
from resnet_gui.engine.datasets import CLASSES, fingerprint, load_dataset

Images = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Preview:
    """Ten digits as they are, uint8 (10, 28, 28), and each as several steps would see it: (steps, 10, 28, 28)."""

    recipe: Recipe
    originals: Images
    changed: Images


def preview(recipe: Recipe, data_dir: Path | None, steps: int) -> Preview:
    """A digit of each kind from the recipe's data set, changed as in so many training steps.

    The bundled digits stand in for what is not on this machine. Raises DatasetError for files that are no data set.
    """
    originals = _one_of_each(recipe.dataset, data_dir, fingerprint(recipe.dataset, data_dir))
    amounts = amounts_of(recipe)
    changed = [
        augmented(tf.constant(originals), amounts, tf.constant([recipe.seed, step], tf.int64)) for step in range(steps)
    ]
    return Preview(recipe, originals, np.rint(np.clip(changed, 0, 255)).astype(np.uint8))


@lru_cache(maxsize=4)
def _one_of_each(name: DatasetName, data_dir: Path | None, state: object) -> Images:
    """From the data set in this `state`, which the cache goes by."""
    try:
        data = load_dataset(name, data_dir=data_dir, download=False)
    except DatasetUnavailable:
        data = load_dataset(DatasetName.DIGITS)
    images, labels = np.concatenate([data.x_train, data.x_mine]), np.concatenate([data.y_train, data.y_mine])
    return images[_places(labels)]


def _places(labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Where the last image of each digit is: of several parts the last one's, which were mixed in."""
    backwards = labels[::-1]
    return np.array([len(labels) - 1 - int(np.argmax(backwards == digit)) for digit in range(CLASSES)])
