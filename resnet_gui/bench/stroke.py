"""A pen that draws in the window, and times how long the bars of the prediction take to follow."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest

from resnet_gui.core.reading import Reading
from resnet_gui.pilot import rest
from resnet_gui.ui.app import Explorer

MOVE_MS = 15  # a pen moves about 60 times a second


class Pen(QObject):
    """Draws at random, and watches the bars."""

    def __init__(self, explorer: Explorer) -> None:
        super().__init__(explorer)
        self._canvas = explorer.window.drawing.canvas
        self._answered = False  # the newest drawing was read
        self._painted: float | None = None  # when the bars showed that
        explorer.workbench.readers.reading_changed.connect(self._take)
        explorer.window.drawing.prediction.installEventFilter(self)

    def draw(self, moves: int, wait: Callable[[Callable[[], Any]], None]) -> list[float]:
        """Milliseconds from each of the pen's `moves` to the painted bars; `wait` waits for what it is given."""
        side = min(self._canvas.width(), self._canvas.height())
        rng = np.random.default_rng(0)
        place = np.array([0.5, 0.3]) * side
        QTest.mousePress(self._canvas, Qt.MouseButton.LeftButton, pos=QPoint(*place.astype(int).tolist()))
        delays = []
        for _ in range(moves):
            place = np.clip(place + rng.normal(0, 0.04, 2) * side, 0.1 * side, 0.9 * side)
            self._answered, self._painted = False, None
            began = time.perf_counter()
            QTest.mouseMove(self._canvas, QPoint(*place.astype(int).tolist()))
            wait(lambda: self._painted)
            delays.append(1000 * ((self._painted or 0.0) - began))
            rest(MOVE_MS)
        QTest.mouseRelease(self._canvas, Qt.MouseButton.LeftButton)
        return delays

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the bars are painted."""
        if event.type() == QEvent.Type.Paint and self._answered and self._painted is None:
            self._painted = time.perf_counter()
        return False

    def _take(self, reading: Reading | None) -> None:
        # Training makes the window read the drawing again now and then: only the answer to the newest drawing counts.
        if reading is not None and np.array_equal(reading.image, self._canvas.drawing.image()):
            self._answered = True
