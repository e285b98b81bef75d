"""What the lesion in force changes: the reading of a picture at once, that of the test images as it is counted."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.inside.effect import Effect, EffectQuestion
from resnet_gui.core.inside.lesion import Lesion, removable
from resnet_gui.core.inside.sweep import Score
from resnet_gui.engine.backend import tf
from resnet_gui.engine.examination import load_test_exam
from resnet_gui.engine.inside.tally import tally_of
from resnet_gui.engine.inside.trace import Specimen, Trace

SAMPLE = 500  # test images that are read before the rest


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: EffectQuestion
) -> Iterator[tuple[Effect, float]]:
    """First the picture and the test images that are counted already, then more and more of them."""
    network = specimen.network
    intact = Specimen(network)
    blocks = len(specimen.blueprint.blocks)
    able = removable(specimen.blueprint)
    lesions = [Lesion.none(blocks)]
    lesions += [lesions[0].with_alpha(block, 0.0) for block in range(blocks) if able[block]]
    before, *others = _readings(intact, image, [lesion.alphas for lesion in lesions])
    rest = iter(others)
    without = tuple(next(rest) if possible else None for possible in able)
    (after,) = _readings(specimen, image, [specimen.lesion.alphas])
    try:
        exam = load_test_exam(specimen.data_file)
    except DatasetError as error:  # what becomes of the picture still stands
        yield Effect(before, after, without, Score(0, 0), Score(0, 0), str(error), 0), 1.0
        return
    images = min(question.images or len(exam.labels), len(exam.labels))
    tallies = [tally_of(network, [lesion], exam) for lesion in (lesions[0], specimen.lesion)]

    def so_far() -> tuple[Effect, float]:
        (one,), (other,) = (tally.scores for tally in tallies)
        share = sum(tally.share(images) for tally in tallies) / 2
        return Effect(before, after, without, one, other, exam.source, len(exam.labels)), share

    yield so_far()
    for most in dict.fromkeys((min(SAMPLE, images), images)):
        for tally in reversed(tallies):  # the changed network is what one waits for
            for _ in tally.grow(most):
                yield so_far()


def _readings(
    specimen: Specimen, image: NDArray[np.uint8], alphas: Sequence[tuple[float, ...]]
) -> list[NDArray[np.float32] | None]:
    """The probabilities under each row of alphas, float32 (10,); None where they are not numbers."""
    rows = np.array(alphas, np.float32).reshape(len(alphas), -1)
    (logits,) = specimen.ask(_logits, image[None], alphas=rows)  # what comes before the first alpha is computed once
    logits = np.broadcast_to(logits, (len(rows), logits.shape[-1]))
    finite = np.asarray(np.isfinite(logits).all(axis=1))
    probabilities = specimen.network.confidence.probabilities(np.where(finite[:, None], logits, 0))
    return [row if fine else None for row, fine in zip(probabilities, finite, strict=True)]


def _logits(trace: Trace) -> list[tf.Tensor]:
    return [trace.logits]
