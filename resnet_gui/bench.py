"""How fast the explorer is on this machine, as ratios that are measured side by side in one run.

Parts: `start` (the window against a bare PySide6 + pyqtgraph window), `training` (the preset `seed` against the plain
Keras script of the same model), `window` (GUI heartbeat and stroke to bars while a network trains).
"""

import json as json_module
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from resnet_gui.pilot import rest, wait_until

PATIENCE_SECONDS = 120  # for a window to paint itself
BEAT_MS = 5  # interval of the heartbeat; its lateness is what the user feels

_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget(window))
window.resize(1280, 720)
show = window.show
"""
_OURS = """
from resnet_gui.ui import app as ours
app = ours.make_application()
explorer = ours.Explorer(app)
window = explorer.window
show = explorer.start
"""
_FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            app.removeEventFilter(self)
            QTimer.singleShot(0, painted)
        return False
def painted():
    sys.stdout.write("painted"); sys.stdout.flush()
    os._exit(0)
watch = Watch()
app.installEventFilter(watch)
show()
app.exec()
"""
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


def main(json: bool = False, quick: bool = False) -> int:
    """Measure everything: a table on stderr as it comes, and with `json` one object as the last line of stdout."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESNET_GUI_HOME"] = home
        for part in (measure_start, measure_training, measure_window):
            for name, value in part(quick).items():
                figures[name] = value
                print(f"{name:45} {value:10.3g}" if value < 1000 else f"{name:45} {value:10,.0f}", file=sys.stderr)
    if json:
        print(json_module.dumps(figures))
    return 0


def measure_start(quick: bool) -> dict[str, float]:
    """Seconds from the start of the process to the first paint: ours, a bare window's, and the ratio; medians."""
    ours, bare, ratios = [], [], []
    for repetition in range(4 if quick else 12):
        seconds = {script: _seconds_to_paint(script) for script in (_BARE, _OURS)}
        if repetition:  # the first pair warms up the disk cache
            ours.append(seconds[_OURS])
            bare.append(seconds[_BARE])
            ratios.append(seconds[_OURS] / seconds[_BARE])
    return {
        "window shown, s": statistics.median(ours),
        "bare window shown, s": statistics.median(bare),
        "window shown, ratio to a bare window": statistics.median(ratios),
    }


def measure_training(quick: bool) -> dict[str, float]:
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
            measured["plain Keras"].append(_two_figures(_PLAIN_KERAS, path))
            for precision in ("auto", "float32"):
                measured[precision].append(_two_figures(_OUR_TRAINING, path, precision))
    figures = {}
    for name, values in measured.items():
        figures[f"{name}: epoch, s"] = statistics.median(seconds for seconds, _ in values)
        figures[f"{name}: images/s"] = statistics.median(rate for _, rate in values)
    for name in ("auto", "float32"):
        pairs = list(zip(measured[name], measured["plain Keras"], strict=True))
        figures[f"{name}: whole epoch, times faster"] = statistics.median(keras[0] / us[0] for us, keras in pairs)
        figures[f"{name}: steady, times faster"] = statistics.median(us[1] / keras[1] for us, keras in pairs)
    return figures


def measure_window(quick: bool) -> dict[str, float]:
    """Milliseconds while the preset `seed` trains: lateness of the GUI's heartbeat, and stroke to painted bars."""
    from dataclasses import replace

    from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
    from PySide6.QtTest import QTest

    from resnet_gui.core.experiment import DatasetName
    from resnet_gui.core.presets import PRESETS
    from resnet_gui.core.reading import Reading
    from resnet_gui.core.strokes import as_strokes, to_image
    from resnet_gui.ui.app import Explorer, make_application

    explorer = Explorer(make_application(), remember=False)
    window, bench = explorer.window, explorer.workbench
    window.resize(1360, 820)
    explorer.start()
    _wait(lambda: bool(bench.device))
    experiment = PRESETS["seed"].experiment
    recipe = replace(experiment.recipe, dataset=DatasetName.DIGITS, epochs=100)
    bench.set_experiment(replace(experiment, recipe=recipe))
    bench.train()
    _wait(lambda: bench.active is not None and bench.active.step > 50 and bench.reader == bench.active.id)

    beats: list[float] = []
    beat = QTimer(explorer, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))

    paints: list[float] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and readings:
                paints.append(time.perf_counter())
            return False

    readings: list[object] = []

    def take(reading: Reading | None) -> None:
        # Training makes the window read the drawing again now and then: only the answer to the newest drawing counts.
        if reading is not None and np.array_equal(reading.image, to_image(as_strokes(canvas.strokes))):
            readings.append(reading)

    bench.reading_changed.connect(take)
    watch = Watch(explorer)
    window.drawing.prediction.installEventFilter(watch)
    canvas = window.drawing.canvas
    side = min(canvas.width(), canvas.height())
    delays = []
    beat.start()
    rng = np.random.default_rng(0)
    place = np.array([0.5, 0.3]) * side
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*place.astype(int).tolist()))
    for _ in range(150 if quick else 600):
        place = np.clip(place + rng.normal(0, 0.04, 2) * side, 0.1 * side, 0.9 * side)
        readings.clear()
        paints.clear()
        began = time.perf_counter()
        QTest.mouseMove(canvas, QPoint(*place.astype(int).tolist()))
        _wait(lambda: bool(paints))
        delays.append(1000 * (paints[0] - began))
        rest(15)  # a pen moves about 60 times a second
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    beat.stop()
    late = np.maximum(0.0, 1000 * np.diff(beats) - BEAT_MS)
    window.close()
    bench.close(60)
    return {
        "heartbeat late while training, p50, ms": float(np.percentile(late, 50)),
        "heartbeat late while training, p99, ms": float(np.percentile(late, 99)),
        "heartbeat late while training, longest, ms": float(late.max()),
        "stroke to bars while training, p50, ms": float(np.percentile(delays, 50)),
        "stroke to bars while training, p95, ms": float(np.percentile(delays, 95)),
        "stroke to bars while training, longest, ms": float(max(delays)),
    }


def _seconds_to_paint(script: str) -> float:
    # Bytecode is kept from the first start on, as it is for a user; without it Python would compile ours each time.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", script + _FIRST_PAINT]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        said, _ = child.communicate(timeout=PATIENCE_SECONDS)
        seconds = time.perf_counter() - began
    if said != b"painted":
        raise RuntimeError("the window did not paint itself")
    return seconds


def _two_figures(script: str, *arguments: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"a measured script failed: {done.stderr}")
    first, second = done.stdout.split()[-2:]
    return float(first), float(second)


def _wait(done: Callable[[], Any]) -> None:
    if not wait_until(done, PATIENCE_SECONDS):
        raise RuntimeError("the window did not do what was waited for")
