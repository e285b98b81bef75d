"""How the learning rate changes in the course of a training."""

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.experiment import Recipe, Schedule

WARM_UP = 0.25  # share of the steps in which a cycle rises
FIRST = 0.04  # of the learning rate, where it rises from
DROPS = (1 / 2, 3 / 4)  # shares of the steps after which it is divided by ten (He et al. 2015, section 4.2)


def learning_rates(recipe: Recipe, first: int, count: int, total: int) -> NDArray[np.float32]:
    """The learning rates of `count` steps from the 0-based step `first` on, of `total`: float32 (count,)."""
    share = np.arange(first, first + count) / max(total, 1)
    match recipe.schedule:
        case Schedule.CONSTANT:
            factor: NDArray[np.float64] = np.ones(count)
        case Schedule.STEPS:
            factor = np.power(0.1, np.searchsorted(DROPS, share, side="right"))
        case Schedule.COSINE:
            factor = _cosine(share)
        case Schedule.ONE_CYCLE:
            rising = FIRST + (1 - FIRST) * share / WARM_UP
            factor = np.where(share < WARM_UP, rising, _cosine((share - WARM_UP) / (1 - WARM_UP)))
    return (recipe.learning_rate * factor).astype(np.float32)


def _cosine(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 1 to 0 along half a wave (Loshchilov and Hutter 2017)."""
    return 0.5 * (1 + np.cos(np.pi * share))
