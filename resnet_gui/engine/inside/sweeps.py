"""Sweeps of lesions: the test error without each block, without ever more of them, and with ever more of them mixed."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.examination import Exam
from resnet_gui.core.inside.lesion import Lesion, removable
from resnet_gui.core.inside.sweep import Point, Sweep, SweepQuestion, half_of, kendall_tau, sweep_steps
from resnet_gui.engine.examination import load_test_exam
from resnet_gui.engine.inside.tally import tally_of
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: SweepQuestion
) -> Iterator[tuple[Sweep, float]]:
    """The sweep of the specimen's network as it was trained, growing; once whole if it was done before."""
    yield from sweep(specimen.network, question, load_test_exam(specimen.data_file))


def sweep(network: Network, question: SweepQuestion, exam: Exam) -> Iterator[tuple[Sweep, float]]:
    """The same on the images of `exam`, with the share that is done. Raises LesionError as `sweep_steps`."""
    blueprint = network.blueprint
    steps = sweep_steps(question, blueprint)
    blocks = blueprint.blocks
    lesions = [Lesion.none(len(blocks)), *(lesion for step in steps for lesion in step.lesions)]
    images = min(question.images or len(exam.labels), len(exam.labels))
    tally = tally_of(network, lesions, exam)

    def so_far() -> Sweep:
        intact, *scores = tally.scores
        rest = iter(scores)
        points = []
        for step in steps:
            tried = tuple(score for _, score in zip(step.lesions, rest, strict=False) if score.images)
            if tried:
                tau = float(np.mean([kendall_tau(lesion.order) for lesion in step.lesions]))
                points.append(Point(step.x, tried, tau))
        return Sweep(
            question.kind,
            exam.source,
            intact,
            tuple(points),
            len(blocks),
            tuple(number for number, block in enumerate(blocks, 1) if block.changes_shape),
            tuple(number for number, possible in enumerate(removable(blueprint), 1) if not possible),
            half_of(steps),
        )

    for _ in tally.grow(images):
        if (share := tally.share(images)) < 1:
            yield so_far(), share
    yield so_far(), 1.0
