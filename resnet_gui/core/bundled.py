"""The bundled digits: a file of images that were written by rule, and of scribbles that are no digits.

`python -m resnet_gui.core.bundled assets/digits.npz` makes the shipped file again, byte for byte.
"""

import os
import sys
from collections.abc import Sequence
from itertools import count as numbers_from
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.handwriting import PEN, SEED, write
from resnet_gui.core.scribbles import draw_scribble
from resnet_gui.core.strokes import SIDE, to_image

TRAINING_IMAGES = 20_000
TEST_IMAGES = 4_000
SCRIBBLES = 4_000
FIRST_SCRIBBLE = 1_000_000  # those of lower numbers are never trained on
# Nor are those of these kinds: what a network says of them shows whether it has learned what a digit is, or scribbles.
UNSEEN = ("E", "K", "W", "arrow", "heart", "envelope", "hatching", "spiral")
GREY_STEP = 15  # of 255: 18 levels look the same, and the file is a third smaller

Images = NDArray[np.uint8]


def draw_digits(first: int, count: int) -> tuple[Images, NDArray[np.uint8]]:
    """Samples `first` to `first + count - 1` of an endless series: images (count, 28, 28) and labels (count,).

    A sample depends on its number alone. Each ten numbers hold each digit once, in random order.
    """
    images, labels = np.empty((count, SIDE, SIDE), np.uint8), np.empty(count, np.uint8)
    for place, number in enumerate(range(first, first + count)):
        labels[place] = np.random.default_rng((SEED, 1, number // 10)).permutation(10)[number % 10]
        rng = np.random.default_rng((SEED, 0, number))
        strokes = write(int(labels[place]), rng)
        images[place] = _coarse(to_image(strokes, rng.uniform(*PEN)))
    return images, labels


def training_scribbles(count: int) -> Images:
    """So many scribbles to train on, (count, 28, 28): from FIRST_SCRIBBLE on, without those that are UNSEEN."""
    drawn = (draw_scribble(number) for number in numbers_from(FIRST_SCRIBBLE))
    seen = (image for image, kind in drawn if kind not in UNSEEN)
    return np.stack([_coarse(image) for image in islice(seen, count)])


def _coarse(image: Images) -> Images:
    coarse: Images = (np.rint(image / GREY_STEP) * GREY_STEP).astype(np.uint8)
    return coarse


def save_digits(
    path: Path, training: int = TRAINING_IMAGES, test: int = TEST_IMAGES, scribbles: int = SCRIBBLES
) -> None:
    """Write the archive that `engine.datasets` reads, whole or not at all.

    Raises OSError if `path` cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("xb") as file:  # opened before the long work: a bad target is found at once
            x_train, y_train = draw_digits(0, training)
            x_test, y_test = draw_digits(training, test)
            x_scribbles = training_scribbles(scribbles)
            np.savez_compressed(
                file, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, x_scribbles=x_scribbles
            )
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def main(arguments: Sequence[str]) -> int:
    """Write the bundled digits to the one path in `arguments`; the exit status."""
    if len(arguments) != 1 or not arguments[0].endswith(".npz"):
        given = " ".join(arguments) or "nothing"
        print(f"Name one .npz file to write, such as assets/digits.npz; got {given}.", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    if path.is_dir():
        print(f"{path} is a folder; name a file to write.", file=sys.stderr)
        return 2
    try:
        save_digits(path)
    except OSError as error:
        print(f"{path} cannot be written ({error.strerror}); name a file in a folder of yours.", file=sys.stderr)
        return 2
    print(
        f"{path}: {TRAINING_IMAGES} training and {TEST_IMAGES} test images, {SCRIBBLES} scribbles, "
        f"{path.stat().st_size / 1e6:.2f} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
