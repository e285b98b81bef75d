"""The part `training`: each network against `model.fit` of a plain Keras script of the same model, in turn.

Both sides run in processes of their own, and begin with the data in memory.
"""

import statistics
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from resnet_gui.bench.child import run_figures
from resnet_gui.bench.figure import Figure, median_ratio

PLAIN_KERAS = """
import sys, time
import keras
import numpy as np
from keras import layers

path, blocks, stages, width, batch_norm, limit = sys.argv[1], *map(int, sys.argv[2:7])
file = np.load(path)
keras.ops.convert_to_tensor(np.zeros(1))  # TensorFlow begins here, for which the other side does not pay either
images, labels = file["x_train"][:limit], file["y_train"][:limit]
began = time.perf_counter()
images = images[..., None] / np.float32(255)


def conv(x, filters, strides=1, size=3):
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=not batch_norm)(x)
    return layers.BatchNormalization()(x) if batch_norm else x


image = keras.Input((28, 28, 1))
x = layers.ReLU()(conv(image, width))
for stage in range(stages):
    for block in range(blocks):
        strides = 2 if stage and not block else 1
        y = layers.ReLU()(conv(x, width * 2**stage, strides))
        y = conv(y, width * 2**stage)
        x = conv(x, width * 2**stage, strides, 1) if strides > 1 else x
        x = layers.ReLU()(layers.Add()([y, x]))
x = layers.GlobalAveragePooling2D()(x) if batch_norm else layers.Flatten()(x)
model = keras.Model(image, layers.Dense(10, activation="softmax")(x))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


class Clock(keras.callbacks.Callback):
    times = []

    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())


model.fit(images, labels, batch_size=64, epochs=1, validation_split=0.1, verbose=0, callbacks=[Clock()])
ended = time.perf_counter()
times = Clock.times
warm = min(10, len(times) // 3)
print(times[0] - began, ended - began, 64 * (len(times) - 1 - warm) / (times[-1] - times[warm]))
"""
OURS = """
import sys, time
from pathlib import Path
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.events import Control, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.engine import training
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.device_data import load_to_device

path, blocks, stages, width, batch_norm, limit, precision = Path(sys.argv[1]), *map(int, sys.argv[2:7]), sys.argv[7]
head = "average-pooling" if batch_norm else "flatten"
architecture = Architecture(blocks, stages, width, batch_norm=bool(batch_norm), head=head)
experiment = Experiment(architecture, Recipe(limit=limit, precision=precision))
first, ends = [], []


def hear(event):
    if isinstance(event, StepsEnded) and not first:
        first.append(time.perf_counter())
    if isinstance(event, RunEnded):
        ends.append(event)


load_to_device(
    experiment.recipe.dataset, choose_device(), data_dir=path, progress=lambda *_: None, cancelled=lambda: False
)
began = time.perf_counter()
training.run("bench", experiment, control=Control(), data_dir=path, emit=hear)
assert first, ends[0].message
print(first[0] - began, ends[0].train_seconds, ends[0].images_per_second)
"""


@dataclass(frozen=True)
class Case:
    """A network, how many images it trains on, and what is to be reached."""

    name: str
    blocks: int
    images: int
    rounds: int = 1
    stages: int = 1
    width: int = 16
    batch_norm: bool = True
    steady: float | None = 1.7  # times the images per second of model.fit, in float32
    steady_auto: float | None = 2.2  # with bfloat16
    first: float | None = None  # seconds to the first step

    @property
    def arguments(self) -> tuple[str, ...]:
        """What both scripts are told."""
        return tuple(str(int(v)) for v in (self.blocks, self.stages, self.width, self.batch_norm, self.images))


SEED = Case("seed preset", 2, 8_000, 1, width=32, batch_norm=False, steady=1.15, steady_auto=1.8, first=1.5)
CASES = (
    SEED,
    Case("2 blocks", 2, 5_000, 2, first=1.5),
    Case("9 blocks", 9, 1_600),
    Case("ResNet-20", 3, 2_000, stages=3),
    Case("27 blocks", 27, 600, first=5.0),
)
QUICK = (replace(CASES[1], images=2_500, rounds=1),)


def measure(quick: bool) -> list[Figure]:
    """Images per second and time to the first step, ours and `model.fit`'s, and how many times better ours are."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        path = str(_data(Path(folder)))
        for case in QUICK if quick else CASES:
            figures += _measure(case, path)
    return figures


def _measure(case: Case, path: str) -> list[Figure]:
    from resnet_gui.core.experiment import Precision
    from resnet_gui.engine.device import choose_device

    half = choose_device().fast_precision is not Precision.FLOAT32
    precisions = ("auto", "float32") if half else ("float32",)  # where auto is float32, it is measured once
    fit: list[list[float]] = []
    ours: dict[str, list[list[float]]] = {precision: [] for precision in precisions}
    for _ in range(case.rounds):
        fit.append(run_figures(PLAIN_KERAS, path, *case.arguments))
        for precision in precisions:
            ours[precision].append(run_figures(OURS, path, *case.arguments, precision))
        print(".", end="", file=sys.stderr, flush=True)
    figures = [Figure(f"{case.name}: model.fit", statistics.median(rate for *_, rate in fit), "images/s")]
    for precision, runs in ours.items():
        name = f"{case.name}, {precision}"
        rate, first = (statistics.median(run[column] for run in runs) for column in (2, 0))
        steady = median_ratio([run[2] for run in runs], [run[2] for run in fit])
        goal = case.steady if precision == "float32" else case.steady_auto
        figures += [
            Figure(f"{name}: steady", rate, "images/s"),
            Figure(f"{name}: steady, times model.fit", steady, at_least=goal),
            Figure(f"{name}: first step", first, "s", at_most=case.first),
            Figure(f"{name}: first step, share of fit's", _ratio(runs, fit, 0), at_most=0.6),
        ]
        if case.name == SEED.name:
            epoch = _ratio(fit, runs, 1)
            figures.append(
                Figure(f"{name}: whole epoch, times as fast", epoch, at_least=2.2 if precision == "auto" else None)
            )
    return figures


def _ratio(over: list[list[float]], under: list[list[float]], column: int) -> float:
    return median_ratio([run[column] for run in over], [run[column] for run in under])


def _data(folder: Path) -> Path:
    """The bundled digits in the form and number of MNIST."""
    from resnet_gui.core.experiment import DatasetName
    from resnet_gui.engine.datasets import load_dataset

    data = load_dataset(DatasetName.DIGITS)
    many = np.resize(np.arange(len(data.y_train)), max(case.images for case in CASES))
    path = folder / "mnist.npz"
    np.savez(
        path, x_train=data.x_train[many], y_train=data.y_train[many], x_test=data.x_test[:100], y_test=data.y_test[:100]
    )
    return path
