"""A pen that draws in the window, and times how long the bars of the prediction take to follow."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.reading import Reading
from resnet_gui.pilot import rest
from resnet_gui.ui.app import Explorer

MOVE_MS = 15  # a pen moves about 60 times a second


class Pen(QObject):
    """Draws at random, and watches the bars."""

    def __init__(
        self,
        explorer: Explorer,
        wait: Callable[[Callable[[], Any]], None],
        told: SignalInstance | None = None,
        shown: QWidget | None = None,
    ) -> None:
        """`wait` waits for what it is given.

        It can watch another widget, `shown`, than the bars: it shows what `told` says, which has the `image` it is of.
        """
        super().__init__(explorer)
        self._panel = explorer.window.drawing
        self._canvas = self._panel.canvas
        self._wait = wait
        self._told = False  # what a network says came since the pen moved
        self._image: NDArray[np.uint8] | None = None  # that it saw
        self._paints: list[tuple[float, NDArray[np.uint8] | None]] = []  # when the bars showed what it says of which
        (told or explorer.workbench.readers.reading_changed).connect(self._take)
        (shown or self._panel.prediction).installEventFilter(self)

    def draw(self, moves: int) -> list[float]:
        """Milliseconds from each of the pen's `moves` to the painted bars; the paper is empty before and after."""
        side = min(self._canvas.width(), self._canvas.height())
        rng = np.random.default_rng(0)
        place = np.array([0.5, 0.3]) * side
        QTest.mousePress(self._canvas, Qt.MouseButton.LeftButton, pos=QPoint(*place.astype(int).tolist()))
        delays = []
        for _ in range(moves):
            place = np.clip(place + rng.normal(0, 0.04, 2) * side, 0.1 * side, 0.9 * side)
            point = QPoint(*place.astype(int).tolist())
            delays.append(self._delay(lambda point=point: QTest.mouseMove(self._canvas, point)))
        QTest.mouseRelease(self._canvas, Qt.MouseButton.LeftButton)
        self._canvas.clear()
        rest(MOVE_MS)
        return delays

    def touch(self, times: int) -> list[float]:
        """The same for a drawing without ink, which no network reads."""
        return [self._delay(lambda: self._panel.drawn.emit(Drawing())) for _ in range(times)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the bars are painted."""
        if event.type() == QEvent.Type.Paint and self._told:
            self._paints.append((time.perf_counter(), self._image))
        return False

    def _delay(self, act: Callable[[], object]) -> float:
        self._told, self._paints = False, []
        began = time.perf_counter()
        act()
        self._wait(self._painted)
        delay = 1000 * ((self._painted() or 0.0) - began)
        rest(MOVE_MS)
        return delay

    def _painted(self) -> float | None:
        """When the bars showed what is said of the newest drawing. An image costs time: nothing while one waits."""
        if not self._paints:
            return None
        # Training makes the window read the drawing again now and then: an older one's answer does not count.
        newest = None if self._canvas.drawing.empty else self._canvas.drawing.image()
        same = (moment for moment, image in self._paints if np.array_equal(image, newest))
        return next(same, None)

    def _take(self, reading: Reading | Answered | None) -> None:
        self._told, self._image = True, None if reading is None else reading.image
