"""A timer in the GUI thread that notes how late it comes: what keeps it waiting keeps the user waiting."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """Beats between `start` and `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._beats: list[float] = []
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Beat from now on."""
        self._beats = [time.perf_counter()]
        self._timer.start()

    def stop(self) -> list[float]:
        """End, and tell by how many milliseconds each beat was late; the time since the last beat counts as one."""
        self._timer.stop()
        self._note()
        pairs = zip(self._beats, self._beats[1:], strict=False)
        return [max(0.0, 1000 * (after - before) - BEAT_MS) for before, after in pairs]

    def _note(self) -> None:
        self._beats.append(time.perf_counter())
