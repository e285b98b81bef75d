"""How many test images a network reads under each of some lesions: a count that grows, and goes on when asked again."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np

from resnet_gui.core.examination import Exam
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.sweep import Score
from resnet_gui.engine.inside.chain import Chain
from resnet_gui.engine.network import Network

BATCH = 100  # images in one call
KEPT = 12  # tallies, each with a copy of its network


class Tally:
    """The right answers so far."""

    def __init__(self, network: Network, lesions: Sequence[Lesion], exam: Exam) -> None:
        self._chain = Chain(network)
        self._lesions, self.exam = tuple(lesions), exam
        self._right = np.zeros(len(lesions), np.int64)
        self._seen = np.zeros(len(lesions), np.int64)

    @property
    def scores(self) -> list[Score]:
        """Of each lesion."""
        return [Score(int(right), int(seen)) for right, seen in zip(self._right, self._seen, strict=True)]

    def share(self, images: int) -> float:
        """How much is done of reading so many images."""
        return float(np.minimum(self._seen, images).sum() / (images * len(self._seen)))

    def grow(self, images: int) -> Iterator[None]:
        """Read until each lesion has read so many images, a BATCH under one lesion after another.

        Values that are not numbers are no right answer.
        """
        for first in range(0, images, BATCH):
            due = [number for number, seen in enumerate(self._seen) if seen == first]
            if not due:
                continue
            some = slice(first, min(first + BATCH, images))
            labels = self.exam.labels[some]
            for numbers, logits in self._chain.logits(self.exam.images[some], [self._lesions[i] for i in due]):
                right = int(((logits.argmax(axis=1) == labels) & np.isfinite(logits).all(axis=1)).sum())
                for number in numbers:
                    self._right[due[number]] += right
                    self._seen[due[number]] += len(labels)
                yield


_tallies: OrderedDict[tuple[object, ...], Tally] = OrderedDict()


def tally_of(network: Network, lesions: Sequence[Lesion], exam: Exam) -> Tally:
    """The tally of these lesions as far as it came, if the network has not learned since; else a new one.

    For the thread that looks inside, and for no other.
    """
    digest = hashlib.blake2b(network.trained.numpy().tobytes())
    digest.update(network.averages.numpy().tobytes())
    key = network.blueprint, digest.digest(), tuple(lesions)
    tally = _tallies.get(key)
    if tally is None or not tally.exam.same_as(exam):
        tally = _tallies[key] = Tally(network, lesions, exam)
    _tallies.move_to_end(key)
    if len(_tallies) > KEPT:
        _tallies.popitem(last=False)
    return tally
