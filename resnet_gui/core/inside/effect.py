"""What a lesion that was made by hand does to the reading of one picture, and to the reading of all test images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.question import Question
from resnet_gui.core.inside.sweep import Score
from resnet_gui.core.reading import percent


@dataclass(frozen=True)
class EffectQuestion(Question):
    """What does the lesion in force change? The first `images` test images, all for 0, are read. Answer: Effect."""

    images: int = 0


@dataclass(frozen=True, eq=False)
class Effect:
    """Before and after: probabilities, float32 (10,), of the picture, and scores on the test images read so far.

    Probabilities are None if the network answers with values that are not numbers. `without[i]` are those of the
    network as it was trained but for its i-th block; None where that cannot be removed. `total` test images there are,
    `source` says in words which; if there are none, why.
    """

    before: NDArray[np.float32] | None
    after: NDArray[np.float32] | None
    without: tuple[NDArray[np.float32] | None, ...]
    intact: Score
    changed: Score
    source: str
    total: int


def reading_words(probabilities: NDArray[np.float32] | None) -> str:
    """What is read, such as `3 with 97 %`."""
    if probabilities is None:
        return "values that are not numbers"
    return f"{int(probabilities.argmax())} with {percent(float(probabilities.max()))}"


def score_words(score: Score) -> str:
    """The share of the test images that is read, with its uncertainty."""
    if not score.images:
        return "…"
    low, high = 1 - score.interval.high, 1 - score.interval.low
    return f"{100 * score.accuracy:.1f} % ({100 * low:.1f} to {100 * high:.1f} %)"


def effect_words(effect: Effect, touched: bool) -> str:
    """What the lesion does, in a sentence."""
    if not touched:
        return f"As it was trained it reads this as {reading_words(effect.before)}."
    before, after = effect.before, effect.after
    if before is None or after is None:
        return "The changed network answers with values that are not numbers."
    if before.argmax() == after.argmax():
        shares = f"{percent(float(before.max()))} before, now {percent(float(after.max()))}"
        return f"It still reads {int(after.argmax())}: {shares}."
    return f"It read {reading_words(before)}; now it reads {reading_words(after)}."


def images_words(effect: Effect) -> str:
    """Which test images were read so far, and how the figures are to be understood."""
    if not effect.total:
        return effect.source
    read = min(effect.intact.images, effect.changed.images)
    count = f"all {effect.total:,}" if read == effect.total else f"{read:,} of {effect.total:,}"
    return f"Read so far: {count} test images ({effect.source.split(',')[0]}). In brackets: 95 % interval."
