"""The gradient that paths of each length bring to the picture."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.inside.paths import Paths, PathsQuestion, coarse_to_fine, sampled_paths
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside.lasting import growing
from resnet_gui.engine.inside.trace import Specimen, Trace

CALL_MULTIPLY_ADDS = 1e8  # forward, of one call: with the way back some 0.1 s
MOST_ROWS = 64
MOST_LENGTHS = 65  # that are measured; those between are interpolated


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: PathsQuestion
) -> Iterator[tuple[Paths, float]]:
    """What is known by now, again and again, until `samples` paths of each length are measured."""
    key = (Measuring, specimen.run, specimen.lesion, image.tobytes(), label, question)
    for measuring, share in growing(key, specimen, lambda _: Measuring(specimen, image, label, question.samples)):
        if share:  # before the first round there is nothing to show
            yield measuring.paths, share


class Measuring:
    """Measures paths, all lengths a little at first: a round has one path of each."""

    def __init__(self, specimen: Specimen, image: NDArray[np.uint8], label: int, samples: int) -> None:
        self.specimen, self._image, self._label = specimen, image, label
        blocks = len(specimen.blueprint.blocks)
        self._plain = specimen.blueprint.architecture.shortcut is Shortcut.NONE
        self._sums, self._counts = np.zeros(blocks + 1), np.zeros(blocks + 1, np.int64)
        lengths = np.unique(np.linspace(0, blocks, min(blocks + 1, MOST_LENGTHS)).round().astype(int))
        order = [int(lengths[place]) for place in coarse_to_fine(len(lengths))]
        if self._plain:
            order = []  # there is nothing to compare
        of_length = {length: sampled_paths(blocks, length, samples) for length in order}
        rows = [of_length[k][round_] for round_ in range(samples) for k in order if round_ < len(of_length[k])]
        self._rows = np.array(rows, np.float32).reshape(len(rows), blocks)
        self._measured = 0

    @property
    def done(self) -> bool:
        """Whether all were measured."""
        return self._measured == len(self._rows)

    @property
    def share(self) -> float:
        """How many of them were."""
        return 1.0 if self.done else self._measured / len(self._rows)

    @property
    def paths(self) -> Paths:
        """What is known by now."""
        return Paths(self._plain, self._label, self._sums.copy(), self._counts.copy())

    def steps(self) -> Iterator[None]:
        """Goes on, a tenth of a second or so at a time."""
        cost = max(self.specimen.blueprint.multiply_adds, 1)
        size = int(np.clip(CALL_MULTIPLY_ADDS / cost, 1, MOST_ROWS))
        while not self.done:
            rows = self._rows[self._measured : self._measured + size]
            norms = gradient_norms(self.specimen, self._image, self._label, rows)
            lengths = rows.sum(axis=1).astype(int)
            np.add.at(self._sums, lengths, norms)
            np.add.at(self._counts, lengths, 1)
            self._measured += len(rows)
            yield


def gradient_norms(
    specimen: Specimen, image: NDArray[np.uint8], label: int, paths: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The norm of the gradient of the loss that each of `paths`, (n, blocks), brings to the image's pixels, (n,).

    All see the same forward pass; a pixel is from 0 to 1.
    """
    images = np.repeat(image[None], len(paths), axis=0)
    (norms,) = specimen.ask(_norms, images, np.full(len(paths), label, np.int32), paths=paths)
    found: NDArray[np.float32] = norms
    return found


def _norms(trace: Trace) -> list[tf.Tensor]:
    along = trace.along_paths()
    pixels = along.forward.outputs[along.blueprint.layers[0].name]
    (gradient,) = tf.gradients(along.losses, [pixels])
    return [tf.sqrt(tf.reduce_sum(gradient**2, (1, 2, 3)))]
