"""What a trained network answers when it is asked to read the test images of a data set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Exam:
    """The test images of a data set; the examinations of several runs share one.

    `images` are uint8 (n, height, width), 0 for paper and 255 for ink; `labels`, uint8 (n,), are the classes that they
    are, from 0 to `classes` - 1. `source` says for people what they are and where they came from.
    """

    source: str
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    classes: int

    def same_as(self, other: "Exam") -> bool:
        """Whether the other one asks the same."""
        return self is other or (
            np.array_equal(self.labels, other.labels) and np.array_equal(self.images, other.images)
        )


@dataclass(frozen=True, eq=False)
class Examination:
    """The answers of the network of run `run`, uint8 (n,), and the probability that it gives to each, float32 (n,)."""

    run: str
    exam: Exam
    answers: NDArray[np.uint8]
    certainties: NDArray[np.float32]

    @property
    def labels(self) -> NDArray[np.uint8]:
        """What the images are, uint8 (n,)."""
        return self.exam.labels

    @property
    def images(self) -> NDArray[np.uint8]:
        """The images, uint8 (n, height, width)."""
        return self.exam.images

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which images the network reads as what they are, bool (n,)."""
        return np.equal(self.answers, self.exam.labels)

    @property
    def accuracy(self) -> float:
        """The share of the images that the network reads."""
        return float(self.right.mean())
