"""The thread in which one network reads the drawing, as soon as there is another piece of it."""

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.library import STARTER
from resnet_gui.ui.networks import Networks
from resnet_gui.ui.niceness import call_giving_way


@dataclass(frozen=True)
class EngineReady:
    """TensorFlow is loaded. `device` says what computes and why."""

    device: str


@dataclass(frozen=True)
class EngineFailed:
    """TensorFlow cannot be used here, for the reason in `message`."""

    message: str
    details: str


@dataclass(frozen=True)
class ReaderReady:
    """The network of run `run` now reads the drawings; `name` is what people call it."""

    run: str
    name: str


@dataclass(frozen=True)
class ReadingFailed:
    """The network of run `run` cannot read, for the reason in `message`."""

    run: str
    message: str


@dataclass(frozen=True)
class NothingToRead:
    """The drawing has no ink."""


class ReadingThread(QThread):
    """Reads drawings with one network. The newest drawing wins; an older one still waiting is dropped.

    Signals: `reported(object)`: EngineReady, EngineFailed, ReaderReady, Reading, NothingToRead or ReadingFailed.
    """

    reported = Signal(object)

    def __init__(
        self,
        networks: Networks,
        device: str,
        seen: Callable[[NDArray[np.uint8] | None], None],
        answered: Callable[[NDArray[np.uint8] | None], None],
        parent: QObject,
    ) -> None:
        """`seen` and `answered` are called in this thread with the image of each drawing; None without ink.

        The one before it is read, the other when it is done with.
        """
        super().__init__(parent)
        self._networks = networks
        self._device = device
        self._seen, self._answered = seen, answered
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._drawing: Drawing | None = None
        self._wanted = STARTER
        self._broken: str | None = None  # the run whose network could not be loaded; said once, not for each drawing
        self._closing = False
        # The thread's own:
        self._current: str | None = None  # the run whose network reads
        self._drawn: Drawing | None = None  # the drawing that was read last, and its image
        self._image: NDArray[np.uint8] | None = None

    def read(self, drawing: Drawing) -> None:
        """Read this drawing next."""
        with self._changed:
            self._drawing = drawing
            self._changed.notify()

    def read_with(self, run: str) -> None:
        """Let the network of run `run` read from now on."""
        with self._changed:
            self._wanted = run
            self._changed.notify()

    def try_again(self, run: str) -> None:
        """The network of run `run` is to be had now, if it was not before."""
        with self._changed:
            if self._broken == run:
                self._broken = None
                self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """The thread's loop."""
        try:
            from resnet_gui.engine.device import choose_device, start_threads

            device = choose_device(self._device)
            call_giving_way(start_threads)
            self.reported.emit(EngineReady(device.text))
        except Exception as error:  # a thread's edge: TensorFlow can fail to load in many ways
            message = str(error) if isinstance(error, ExplorerError) else f"TensorFlow could not be loaded: {error}"
            self.reported.emit(EngineFailed(message, traceback.format_exc()))
            return
        while True:
            with self._changed:
                while not (self._closing or self._drawing or self._wanted not in (self._current, self._broken)):
                    self._changed.wait()
                if self._closing:
                    return
                drawing, self._drawing = self._drawing, None
                wanted = self._wanted
                if wanted != self._broken:
                    self._broken = None
                can_read = self._broken is None
            try:
                if can_read:
                    self._change_to(wanted)
                if drawing is not None:
                    self._read(drawing, wanted if can_read else None)
            except Exception as error:  # a thread's edge
                if self._current != wanted:
                    with self._changed:
                        self._broken = wanted
                self.reported.emit(ReadingFailed(wanted, reason(error)))
            if drawing is not None:
                self._answered(self._image)

    def _change_to(self, run: str) -> None:
        if run != self._current:
            self._current = None
            name = self._networks.reader(run).name
            self._current = run
            self.reported.emit(ReaderReady(run, name))

    def _read(self, drawing: Drawing, run: str | None) -> None:
        if drawing is not self._drawn:
            self._drawn, self._image = drawing, None if drawing.empty else drawing.image()
        self._seen(self._image)
        if self._image is None:
            self._answered(None)  # first: whoever hears that there is no ink hears no older answer after it
            self.reported.emit(NothingToRead())
        elif run is not None:
            self.reported.emit(self._networks.read(run, self._image))


def reason(error: Exception) -> str:
    """Why a network cannot read, in a sentence."""
    return str(error) if isinstance(error, ExplorerError) else f"Reading failed: {error}"
