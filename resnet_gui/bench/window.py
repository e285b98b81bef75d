"""The part `window`: how the window feels while a network trains in it."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.pilot import rest, wait_until

PATIENCE_SECONDS = 120
BEAT_MS = 5  # interval of the heartbeat; its lateness is what the user feels


def measure(quick: bool) -> list[Figure]:
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
    return [
        Figure("heartbeat late while training, p50", float(np.percentile(late, 50)), "ms"),
        Figure("heartbeat late while training, p99", float(np.percentile(late, 99)), "ms", at_most=10),
        Figure("heartbeat late while training, longest", float(late.max()), "ms", at_most=50),
        Figure("stroke to bars while training, p50", float(np.percentile(delays, 50)), "ms"),
        Figure("stroke to bars while training, p95", float(np.percentile(delays, 95)), "ms"),
        Figure("stroke to bars while training, longest", float(max(delays)), "ms"),
    ]


def _wait(done: Callable[[], Any]) -> None:
    if not wait_until(done, PATIENCE_SECONDS):
        raise RuntimeError("the window did not do what was waited for")
