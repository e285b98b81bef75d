"""The part `training`: the preset `seed` against the plain Keras script of the same model."""

import os
import statistics
import tempfile

import numpy as np

from resnet_gui.bench.child import run_figures
from resnet_gui.bench.figure import Figure, median_ratio

_PLAIN_KERAS = """
import time, sys
import keras
import numpy as np
layers = keras.layers
x_train, y_train, x_test = (np.load(sys.argv[1])[key] for key in ("x_train", "y_train", "x_test"))
began = time.perf_counter()
x_train = x_train[..., None] / np.float32(255)
image = x = keras.Input((28, 28, 1))
x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
for _ in range(2):
    y = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(32, 3, padding="same")(y)
    x = layers.ReLU()(layers.Add()([y, x]))
model = keras.Model(image, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
class Clock(keras.callbacks.Callback):
    times = []
    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())
model.fit(x_train, y_train, batch_size=64, epochs=1, validation_split=0.1, verbose=0, callbacks=[Clock()])
seconds = time.perf_counter() - began
times = Clock.times
print(seconds, 64 * (len(times) - 11) / (times[-1] - times[10]))
"""
_OUR_TRAINING = """
import sys
from pathlib import Path
from dataclasses import replace
from resnet_gui.core.events import Control, RunEnded
from resnet_gui.core.presets import PRESETS
from resnet_gui.engine import training
experiment = PRESETS["seed"].experiment
experiment = replace(experiment, recipe=replace(experiment.recipe, precision=sys.argv[2]))
ends = []
training.run("bench", experiment, control=Control(), data_dir=Path(sys.argv[1]),
             emit=lambda event: ends.append(event) if isinstance(event, RunEnded) else None)
print(ends[0].train_seconds, ends[0].images_per_second)
"""


def measure(quick: bool) -> list[Figure]:
    """The preset `seed` and the plain Keras script of the same model in turn: the whole epoch and its steady speed."""
    from resnet_gui.core.experiment import DatasetName
    from resnet_gui.engine.datasets import load_dataset

    images = 10_000 if quick else 60_000
    rounds = 1 if quick else 3
    data = load_dataset(DatasetName.DIGITS)
    many = np.resize(np.arange(len(data.y_train)), images)
    measured: dict[str, list[tuple[float, float]]] = {"plain Keras": [], "auto": [], "float32": []}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mnist.npz")
        np.savez(
            path,
            x_train=data.x_train[many],
            y_train=data.y_train[many],
            x_test=data.x_test,
            y_test=data.y_test,
        )
        for _ in range(rounds):
            measured["plain Keras"].append(_pair(_PLAIN_KERAS, path))
            for precision in ("auto", "float32"):
                measured[precision].append(_pair(_OUR_TRAINING, path, precision))
    figures = []
    for name, values in measured.items():
        figures.append(Figure(f"{name}: epoch", statistics.median(seconds for seconds, _ in values), "s"))
        figures.append(Figure(f"{name}: images/s", statistics.median(rate for _, rate in values)))
    keras = measured["plain Keras"]
    for name in ("auto", "float32"):
        ours = measured[name]
        epoch = median_ratio([seconds for seconds, _ in keras], [seconds for seconds, _ in ours])
        steady = median_ratio([rate for _, rate in ours], [rate for _, rate in keras])
        figures.append(Figure(f"{name}: whole epoch, times faster", epoch))
        figures.append(Figure(f"{name}: steady, times faster", steady))
    return figures


def _pair(script: str, *arguments: str) -> tuple[float, float]:
    first, second = run_figures(script, *arguments)
    return first, second
