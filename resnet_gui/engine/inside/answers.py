"""Which function answers which question."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.depth_reading import DepthQuestion
from resnet_gui.core.inside.effect import EffectQuestion
from resnet_gui.core.inside.maps import MapsQuestion
from resnet_gui.core.inside.paths import PathsQuestion
from resnet_gui.core.inside.question import Question
from resnet_gui.core.inside.saliency import SaliencyQuestion
from resnet_gui.core.inside.signal import SignalQuestion
from resnet_gui.core.inside.step import StepQuestion
from resnet_gui.core.inside.sweep import SweepQuestion
from resnet_gui.core.inside.unit import UnitQuestion
from resnet_gui.engine.inside import depth_reading, effect, maps, paths, saliency, signal, step, sweeps, unit
from resnet_gui.engine.inside.trace import Specimen

# Each yields its answer with the share of it that is done: once, or often while it grows; the last share is 1.
Answer = Callable[[Specimen, NDArray[np.uint8], int, Any], Iterator[tuple[Any, float]]]
ANSWERS: dict[type[Question], Answer] = {
    MapsQuestion: maps.answer,
    EffectQuestion: effect.answer,
    SweepQuestion: sweeps.answer,
    SignalQuestion: signal.answer,
    DepthQuestion: depth_reading.answer,
    PathsQuestion: paths.answer,
    SaliencyQuestion: saliency.answer,
    StepQuestion: step.answer,
    UnitQuestion: unit.answer,
}


def answers(
    specimen: Specimen, image: NDArray[np.uint8], label: int | None, question: Question
) -> Iterator[tuple[Any, float]]:
    """The answers to `question` on `image`, uint8 (28, 28); without a `label` the one that the network reads.

    Raises ExplorerError for what the network cannot do.
    """
    if not question.of_label:
        label = 0  # finding it would take another pass through the network
    if label is None:
        (logits,) = specimen.ask(_logits, image[None])
        label = int(logits[0].argmax())
    yield from ANSWERS[type(question)](specimen, image, label, question)


def _logits(trace: Any) -> list[Any]:
    return [trace.logits]
