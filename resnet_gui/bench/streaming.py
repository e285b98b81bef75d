"""The part `streaming`: how fast curves that grow are painted, and how long a long one takes to open."""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Run

SIZE = (1360, 820)  # pixels of the view
STEPS_PER_FRAME = 20  # that each run grows by: 600 a second, more than a small network makes on a GPU
PATIENCE_SECONDS = 20  # for one frame
LONG, MANY = 100_000, 10
CROWD, CROWD_POINTS = 50, 10_000
JOURNEY = 40  # places
MILLION = 1_000_000


def measure(quick: bool) -> list[Figure]:
    """Frames a second of many live runs, milliseconds to open a long one, and milliseconds a frame against points.

    A frame is `redraw` and all painting that follows from it, in the thread of the window.
    """
    from resnet_gui.ui.app import make_application

    application = make_application()
    frames, openings = (40, 3) if quick else (200, 9)
    stage = _Stage(application)
    stage.add(MANY, LONG)
    live = [stage.frame() for _ in range(frames)]
    anew = [stage.frame(anew=True) for _ in range(frames // 8)]
    stage.close()
    opened = [_open(application) for _ in range(openings)]
    stage = _Stage(application)
    stage.add(CROWD, CROWD_POINTS)
    moved = [stage.moved(number) for number in range(frames)]
    stage.close()
    crowd = f"{CROWD} curves of {CROWD_POINTS:,} points, panned and zoomed"
    figures = [
        Figure(f"frames of {MANY} live runs of {LONG:,} points", len(live) / sum(live), "a second", at_least=30),
        Figure("the same, half of the frames within", 1000 * statistics.median(live), "ms"),
        Figure("the same, 95 % of the frames within", 1000 * float(np.percentile(live, 95)), "ms"),
        Figure("the same, frames where all is painted anew", 1000 * statistics.median(anew), "ms"),
        Figure(crowd, len(moved) / sum(moved), "a second", at_least=30),
        Figure("the same, 95 % of the frames within", 1000 * float(np.percentile(moved, 95)), "ms"),
        Figure("curve of a million points opened", 1000 * statistics.median(opened), "ms", at_most=200),
    ]
    for runs in (1, MANY):
        for points in (1_000, 10_000, LONG, MILLION):
            stage = _Stage(application)
            stage.add(runs, points)
            milliseconds = 1000 * statistics.median(stage.frame() for _ in range(10 if quick else 60))
            stage.close()
            figures.append(Figure(f"frame, runs: {runs}, points of each: {points:,}", milliseconds, "ms"))
    return figures


def _open(application: Any) -> float:
    """Seconds from a run of a million points to its curves on the screen."""
    stage = _Stage(application)
    run = _make_run(0, MILLION)

    seconds = stage.seconds_to_paint(lambda: stage.view.show_runs([Entry(run, "ResNet-6", 0)]))
    stage.close()
    return seconds


class _Stage:
    """A view of curves on the screen."""

    def __init__(self, application: Any) -> None:
        from PySide6.QtCore import QEvent, QObject
        from PySide6.QtWidgets import QGraphicsView

        from resnet_gui.ui.curves_view import CurvesView

        self.view = CurvesView()
        self._application, self._runs, self._painted = application, [], False

        class Watch(QObject):
            def eventFilter(_, watched: QObject, event: QEvent) -> bool:
                self._painted = self._painted or event.type() == QEvent.Type.Paint
                return False

        self._watch = Watch(self.view)
        self._canvas = self.view.findChild(QGraphicsView).viewport()
        self._canvas.installEventFilter(self._watch)
        self.view.resize(*SIZE)
        self.seconds_to_paint(self.view.show)
        self._settle()

    def add(self, count: int, points: int) -> None:
        """Show `count` runs of `points` steps each."""
        for number in range(count):
            self._runs.append(_make_run(number, points))
        names = (f"ResNet-{2 * number + 2}" for number in range(len(self._runs)))
        self.view.show_runs(
            [Entry(run, name, color) for color, (run, name) in enumerate(zip(self._runs, names, strict=True))]
        )
        self._settle()

    def frame(self, anew: bool = False) -> float:
        """Seconds to paint what every run grew by, or with `anew` everything."""
        for number, run in enumerate(self._runs):
            _grow(run, number, STEPS_PER_FRAME)

        def show() -> None:
            self.view.redraw()
            if anew:
                self._canvas.update()

        return self.seconds_to_paint(show)

    def moved(self, number: int) -> float:
        """Seconds to paint the next place of a journey: to the right, into the curves and out again."""
        share = number % JOURNEY / JOURNEY
        length = max(run.step for run in self._runs)
        seen = length * (1 - 0.9 * math.sin(math.pi * share))
        begin = share * (length - seen)
        box = self.view.plots[0].getViewBox()
        box.sigRangeChangedManually.emit([True, True])  # as the wheel and the mouse do

        def move() -> None:
            box.setXRange(begin, begin + seen, padding=0)
            self.view.redraw()

        return self.seconds_to_paint(move)

    def seconds_to_paint(self, show: Callable[[], object]) -> float:
        """Seconds that `show` and the painting that follows from it take."""
        self._painted = False
        began = time.perf_counter()
        show()
        while not self._painted:
            self._application.processEvents()
            if time.perf_counter() > began + PATIENCE_SECONDS:
                raise RuntimeError("the curves were not painted")
        return time.perf_counter() - began

    def close(self) -> None:
        """Take the view away."""
        self.view.close()
        self.view.deleteLater()
        self._settle()

    def _settle(self) -> None:
        """Let everything happen that was asked for; some of it asks for more."""
        for _ in range(5):
            self._application.processEvents()


def _make_run(number: int, points: int) -> Run:
    """A run of `points` steps and ten validated epochs that looks like training; each `number` has its own pace."""
    run = Run(f"run-{number}", Experiment())
    _grow(run, number, points)
    for epoch in range(10):
        step = (epoch + 1) * points // 10
        loss = float(run.history.loss.values[max(0, step - 100) : step].mean())
        run.apply(EpochEnded(run.id, epoch, step, loss, max(0.0, 1 - loss / 2.3)))
    return run


def _grow(run: Run, number: int, count: int) -> None:
    """Append `count` steps: a loss that falls from 2.3, with noise of a third of it."""
    steps = run.step + np.arange(count)
    noise = np.random.default_rng((number, run.step)).normal(0, 0.3, count)
    loss = (0.05 + 2.25 * np.exp(-steps / (2_000 * (number + 1)))) * np.exp(noise)
    accuracy = np.clip(1 - loss / 2.3, 0, 1)
    run.apply(StepsEnded(run.id, run.step, loss.astype(np.float32), accuracy.astype(np.float32), 1.0, 1.0))
