"""Real pen strokes, replayed as mouse events at the speed at which they were written, and read off the widgets."""

import os
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from resnet_gui.core.handwriting import write
from resnet_gui.pilot import rest, wait_until
from resnet_gui.ui import shelf
from resnet_gui.ui.app import Explorer
from resnet_gui.ui.drawing_canvas import DrawingCanvas
from resnet_gui.ui.prediction_view import NetworkImageView, PredictionView

RECORDED = Path(os.environ.get("RESNET_GUI_DATA", "nowhere"), "unipen_dev.npz")
HANG = 120  # seconds; a limit for what must not hang, not a measurement
SIZE = 0.6  # of the canvas' side
POINTS_A_SECOND = 60.0  # of what was never written in any time
MOST_MISREAD = 1  # of ten


def recorded():
    """A sample of each digit, each by somebody else: its strokes in mm, and points a second."""
    with np.load(RECORDED, allow_pickle=False) as file:
        data = dict(file)
    writers = set()
    for digit in range(10):
        for sample in np.flatnonzero(data["labels"] == digit)[37 * digit :]:
            if data["writer"][sample] not in writers:
                break
        writers.add(data["writer"][sample])
        first, end = data["sample_offsets"][sample : sample + 2]
        ends = data["stroke_offsets"][first : end + 1]
        strokes = [data["points"][a:b] / data["points_per_mm"][sample] for a, b in pairwise(ends)]
        yield strokes, float(data["points_per_second"][sample])


def by_rule():
    for digit in range(10):
        yield write(digit, np.random.default_rng(digit)), POINTS_A_SECOND


@pytest.fixture
def explorer(qtbot, monkeypatch, tmp_path):
    from resnet_gui.engine.executor import LocalExecutor

    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(shelf, "example_runs", list)
    monkeypatch.setattr(LocalExecutor, "calibrate", lambda thread, precision: None)
    made = Explorer(QApplication.instance(), device="cpu")
    qtbot.addWidget(made.window)
    made.window.resize(1280, 820)
    made.start()
    assert wait_until(lambda: made.workbench.device, HANG)
    yield made
    made.window.close()
    assert made.workbench.close(HANG)
    made.errands.finish()
    made.setParent(None)
    made.deleteLater()


def replay(canvas, strokes, points_a_second):
    """Move the mouse as the pen was moved."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = SIZE * min(canvas.width(), canvas.height()) / max((high - low).max(), 1e-6)
    middle = np.array([canvas.width(), canvas.height()]) / 2
    began, moved = time.monotonic(), 0
    for stroke in strokes:
        places = [QPoint(*map(round, (point - (low + high) / 2) * scale + middle)) for point in stroke]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            moved += 1
            if (wait := began + moved / points_a_second - time.monotonic()) > 0:
                rest(round(1000 * wait))
            QTest.mouseMove(canvas, place)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def seen(view):
    """What the window shows as the network's image, (28, 28)."""
    image = view.image
    return None if image is None else np.frombuffer(image.constBits(), np.uint8).reshape(28, -1)[:, :28]


@pytest.mark.parametrize(
    "source",
    [
        by_rule,
        pytest.param(recorded, marks=pytest.mark.skipif(not RECORDED.is_file(), reason="no recorded strokes here")),
    ],
)
def test_what_people_write_is_read_while_they_write_it(explorer, source):
    window = explorer.window
    canvas, prediction = window.findChild(DrawingCanvas), window.findChild(PredictionView)
    image = window.findChild(NetworkImageView)
    readings = []
    explorer.workbench.readers.reading_changed.connect(readings.append)
    read, counts = [], []
    for strokes, points_a_second in source():
        readings.clear()
        replay(canvas, strokes, points_a_second)
        expected = canvas.drawing.image()
        assert wait_until(lambda: np.array_equal(seen(image), expected), HANG)  # noqa: B023 - called at once
        read.append(prediction.verdict)
        counts.append(len(readings))
        QTest.mouseClick(window.findChild(QPushButton, "clearButton"), Qt.MouseButton.LeftButton)
        assert wait_until(lambda: prediction.verdict is None, HANG)
    assert sum(verdict != digit for digit, verdict in enumerate(read)) <= MOST_MISREAD, read
    assert min(counts) > 1  # read as it grows, and not at its end alone
