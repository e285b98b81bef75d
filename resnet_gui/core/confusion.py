"""Which classes a network takes for which, and what one of two networks reads that the other does not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import ReadingError
from resnet_gui.core.examination import Examination


def confusion_matrix(labels: NDArray[np.uint8], answers: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """How often each class, the row, was read as which, the column: int64 (classes, classes)."""
    places = labels.astype(np.int64) * classes + answers
    return np.bincount(places, minlength=classes * classes).reshape(classes, classes)


def misread(examination: Examination) -> NDArray[np.intp]:
    """The images that are misread, the surest mistakes first."""
    return surest_first(np.flatnonzero(~examination.right), examination.certainties)


def read_as(
    images: NDArray[np.intp], labels: NDArray[np.uint8], answers: NDArray[np.uint8], label: int, answer: int
) -> NDArray[np.intp]:
    """Those of `images`, in their order, that are a `label` and are read as an `answer`."""
    found: NDArray[np.intp] = images[(labels[images] == label) & (answers[images] == answer)]
    return found


def surest_first(images: NDArray[np.intp], certainties: NDArray[np.float32]) -> NDArray[np.intp]:
    """`images` by falling certainty; equally sure ones stay in their order."""
    return images[np.argsort(-certainties[images], kind="stable")]


@dataclass(frozen=True, eq=False)
class Pair:
    """The test images by which of two networks, A and B, reads them; each group with the surest mistakes first.

    Images that both misread come by the surer of the two mistakes.
    """

    both_right: NDArray[np.intp]
    only_a: NDArray[np.intp]
    only_b: NDArray[np.intp]
    both_wrong: NDArray[np.intp]

    @property
    def counts(self) -> tuple[int, int]:
        """How many images only A reads, and how many only B."""
        return len(self.only_a), len(self.only_b)


def compare(a: Examination, b: Examination) -> Pair:
    """Both networks side by side. Raises ReadingError if they were not asked to read the same images."""
    if not a.exam.same_as(b.exam):
        raise ReadingError(
            f"{a.run} read the test images of {a.exam.source} and {b.run} those of {b.exam.source}; "
            "only networks that read the same images can be compared."
        )
    right_a, right_b = a.right, b.right
    return Pair(
        both_right=np.flatnonzero(right_a & right_b),
        only_a=surest_first(np.flatnonzero(right_a & ~right_b), b.certainties),
        only_b=surest_first(np.flatnonzero(~right_a & right_b), a.certainties),
        both_wrong=surest_first(np.flatnonzero(~right_a & ~right_b), np.maximum(a.certainties, b.certainties)),
    )
