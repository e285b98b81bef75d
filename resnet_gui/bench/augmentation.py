"""The part `augmentation`: what changing every training image at random costs, step by step beside the same without."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.core.experiment import AUGMENTATIONS, Experiment, Recipe
from resnet_gui.core.presets import PRESETS

NETWORKS = ("seed", "quick")  # presets
MOST_SHARE = 0.15  # of the images per second without
ROUNDS = 25
SECONDS = 0.2  # of a measurement, about


def measure(quick: bool) -> list[Figure]:
    """Images per second of presets without augmentation, and the share of them that it costs."""
    figures = []
    for name in NETWORKS:
        experiment = PRESETS[name].experiment
        changes = {amount: most / 4 for amount, (most, _) in AUGMENTATIONS.items()}
        plain = _steps(experiment)
        changed = _steps(Experiment(experiment.architecture, replace(experiment.recipe, **changes)))
        shares, rates = [], []
        for _ in range(ROUNDS // 5 if quick else ROUNDS):
            before, after = plain(), changed()
            rates.append(experiment.recipe.batch_size / before)
            shares.append(1 - before / after)
        figures += [
            Figure(f"preset {name}: without augmentation", statistics.median(rates), "images/s"),
            Figure(f"preset {name}: share that augmentation costs", statistics.median(shares), at_most=MOST_SHARE),
        ]
    return figures


def _steps(experiment: Experiment) -> Callable[[], float]:
    """A function that trains for some SECONDS, and returns the seconds of a step."""
    from resnet_gui.core.events import Control
    from resnet_gui.core.experiment import Precision
    from resnet_gui.engine.datasets import load_dataset
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.device_data import to_device
    from resnet_gui.engine.loop import Gate, Loop
    from resnet_gui.engine.network import Network

    device, recipe = choose_device(), experiment.recipe
    data = to_device(load_dataset(Recipe("digits").dataset), device).train
    loop = Loop(
        Network(experiment.architecture), recipe, Precision.FLOAT32, device, Gate("bench", lambda _: None, Control())
    )
    rng = np.random.default_rng(0)

    def train(steps: int) -> float:
        rows = rng.integers(0, len(data), (steps, recipe.batch_size)).astype(np.int32)
        began = time.perf_counter()
        loop.train_on(data, rows, np.full(steps, 1e-4, np.float32))
        return (time.perf_counter() - began) / steps

    train(2)
    steps = max(1, round(SECONDS / train(2)))
    return lambda: train(steps)
