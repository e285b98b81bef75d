"""Labelled images, if possible such as a run has not learned from, to measure the inside of its network on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.experiment import DatasetName, Recipe
from resnet_gui.engine.datasets import Dataset, fingerprint, load_dataset, split


@dataclass(frozen=True, eq=False)
class Samples:
    """Images uint8 (n, 28, 28), labels uint8 (n,), and words on what they are."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    words: str


_newest: dict[object, Samples] = {}  # one at most


def samples_of(recipe: Recipe, data_file: Path | None, most: int) -> Samples:
    """Up to `most` images of the recipe's data set that it holds out: its validation images, else what it leaves out.

    Never test images. A recipe that trains on all images has only those; `words` says so. Raises DatasetError for files
    that are no data set, and DatasetUnavailable if MNIST is nowhere on this machine.
    """
    name = DatasetName("+".join(part for part in recipe.dataset.parts if part != "mine"))  # which are never held out
    setting = (recipe.seed, recipe.limit, recipe.validation_share, most)
    key = (fingerprint(name, data_file), *setting)
    known = _newest.get(key)
    if key[0] is not None and known is not None:
        return known
    data = load_dataset(name, data_dir=data_file, download=False)
    rows, words = _rows(data, recipe)
    rows = rows[:most]
    source = data.source.split(", from ")[0] if len(name.parts) == 1 else " and ".join(map(_called, name.parts))
    found = Samples(data.x_train[rows], data.y_train[rows], f"{len(rows):,} {words} of {source}")
    _newest.clear()
    _newest[key] = found
    return found


def _rows(data: Dataset, recipe: Recipe) -> tuple[NDArray[np.int32], str]:
    """Which training images, in random order, and what they are."""
    images = len(data.x_train)
    held_out = split(images, recipe).validation
    if len(held_out):
        return held_out, "validation images"
    order = np.random.default_rng(recipe.seed).permutation(images).astype(np.int32)  # as split's
    if 0 < recipe.limit < images:
        return order[recipe.limit :], "images that it did not train on,"
    return order, "images that it was trained on, for it held none out,"


def _called(part: str) -> str:
    return "MNIST" if part == "mnist" else "the bundled digits"
