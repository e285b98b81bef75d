"""The thread in which several networks read the same drawing, one after the other, after the one that reads first.

It is not the thread of that one: its answer is not to wait until a deep network is loaded or has read.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.reading import Reading
from resnet_gui.ui.networks import Networks
from resnet_gui.ui.reading import reason


@dataclass(frozen=True)
class ReadBeside:
    """The network of run `run` read the drawing; or cannot, and `message` says why."""

    run: str
    reading: Reading | None
    message: str = ""


class BesideThread(QThread):
    """Reads with each of several networks in turn, each time the newest image: a new one begins no new round.

    So every network has its turn also while the pen moves, and none reads what is out of date.

    Signals: `reported(object)`: ReadBeside.
    """

    reported = Signal(object)

    def __init__(self, networks: Networks, parent: QObject) -> None:
        super().__init__(parent)
        self._networks = networks
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._runs: tuple[str, ...] = ()
        self._due: list[str] = []  # of them those that are to read, the next one first
        self._broken: set[str] = set()  # those that could not be loaded; said once, not for each image
        self._image: NDArray[np.uint8] | None = None
        self._held = False
        self._closing = False

    def read_with(self, runs: Sequence[str]) -> None:
        """Let the networks of these runs read from now on, and no others."""
        with self._changed:
            fresh = [run for run in runs if run not in self._runs]
            self._runs = tuple(runs)
            self._broken.intersection_update(runs)
            self._due = [run for run in self._due if run in runs]
            self._call(fresh)

    def hold(self) -> None:
        """Begin with no network until the next image comes: what reads first has the processor for itself."""
        with self._changed:
            self._held = True

    def show(self, image: NDArray[np.uint8] | None) -> None:
        """Read this image, uint8 (28, 28), from now on; None without ink. The same array again changes nothing."""
        with self._changed:
            self._held = False
            changed, self._image = image is not self._image, image
            self._call(self._runs if changed else ())

    def read_again(self, run: str) -> None:
        """The network of run `run` has changed, or is to be had now; nothing happens if it is not to read."""
        with self._changed:
            self._broken.discard(run)
            self._call([run] if run in self._runs else [])

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """The thread's loop."""
        while (job := self._next()) is not None:
            run, image = job
            loaded = False
            try:
                self._networks.reader(run)
                loaded = True
                event = ReadBeside(run, self._networks.read(run, image))
            except Exception as error:  # a thread's edge
                event = ReadBeside(run, None, reason(error))
            with self._changed:
                if run not in self._runs or self._image is None:
                    continue
                if not loaded:
                    self._broken.add(run)
                # Still with the lock: once `show(None)` has returned, no answer follows.
                self.reported.emit(event)

    def _call(self, runs: Sequence[str]) -> None:
        self._due += [run for run in runs if run not in self._due and run not in self._broken]
        self._changed.notify()

    def _next(self) -> tuple[str, NDArray[np.uint8]] | None:
        """The run to read with now, and the image, once there are both; None at the end."""
        with self._changed:
            while True:
                if self._closing:
                    return None
                if self._due and self._image is not None and not self._held:
                    return self._due.pop(0), self._image
                self._changed.wait()
