"""The thread that looks inside networks while somebody watches, beside the one that reads."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.errors import DatasetError, ExplorerError, LibraryError
from resnet_gui.core.inside.question import Answered, Look, LookFailed, Subject
from resnet_gui.ui.networks import Networks

BLANK = np.zeros((28, 28), np.uint8)  # for questions that are not about a picture


class InspectingThread(QThread):
    """Answers one Look at a time. The newest wins; so does the newest picture, but a round that was begun is finished.

    An answer that is not its subject's last gives way to a newer picture.

    Signals: `drawn(bool)`: there is something drawn now, or nothing any more; `reported(object)`: Answered or
    LookFailed. It waits for `taken` after each of these before it goes on: the window is never given more than it can
    paint.
    """

    reported = Signal(object)
    drawn = Signal(bool)

    def __init__(self, networks: Networks, device: str, parent: QObject) -> None:
        super().__init__(parent)
        self._networks = networks
        self._device = device
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._look: Look | None = None
        self._data_file: Path | None = None
        self._drawn: NDArray[np.uint8] | None = None  # what is drawn, as the network sees it; None without ink
        self._due = False  # whether the look is to be answered now
        self._untaken = False  # whether the window has not yet taken the last answer
        self._closing = False

    def look(self, look: Look | None, data_file: Path | None = None) -> None:
        """Answer this from now on, and nothing else; None ends it. MNIST is looked for in `data_file` first."""
        with self._changed:
            self._look, self._data_file = look, data_file
            self._due = look is not None
            self._changed.notify()

    def show(self, image: NDArray[np.uint8] | None) -> None:
        """This is drawn now, uint8 (28, 28); None without ink. The same array again changes nothing."""
        with self._changed:
            changed, before, self._drawn = image is not self._drawn, self._drawn, image
            if (before is None) != (image is None):
                self.drawn.emit(image is not None)  # with the lock: no answer on what was wiped comes after it
            if changed and self._look is not None and self._look.image is None and self._look.question.of_picture:
                self._due = True
                self._changed.notify()

    def look_again(self, run: str) -> None:
        """The network of run `run` has changed, or is to be had now."""
        with self._changed:
            look = self._look
            if look is not None and look.question.of_picture and run in [subject.run for subject in look.subjects]:
                self._due = True
                self._changed.notify()

    def taken(self) -> None:
        """The window has taken the last answer."""
        with self._changed:
            self._untaken = False
            self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """The thread's loop."""
        prepared = False
        while (job := self._next()) is not None:
            look, image = job
            for subject in look.subjects:
                try:
                    if not prepared:
                        from resnet_gui.engine.device import choose_device

                        choose_device(self._device)
                        prepared = True
                    wanted = self._answer(look, subject, image)
                except Exception as error:  # a thread's edge
                    wanted = self._report(look, LookFailed(look, subject, _reason(error)))
                if not wanted:
                    break

    def _answer(self, look: Look, subject: Subject, image: NDArray[np.uint8]) -> bool:
        """Answer one subject; whether the look is still wanted."""
        from resnet_gui.engine.inside.answers import answers
        from resnet_gui.engine.inside.trace import Specimen

        reader = self._networks.reader(subject.run)
        live = self._networks.live(subject.run)
        step = None if live is None or live.step is None else int(live.step.numpy())
        samples = partial(self._samples, subject.run)
        specimen = Specimen(reader.network, subject.lesion, subject.run, samples, self._data_file)
        for answer, share in answers(specimen, image, look.label, look.question):
            event = Answered(look, subject, reader.name, specimen.blueprint, image, step, answer, share)
            if not self._report(look, event):
                return False
            if share < 1 and self._due:
                break
        return True

    def _samples(self, run: str, most: int) -> Any:
        """Images that the network of a run has not learned from, an engine.inside.samples.Samples."""
        from resnet_gui.engine.inside.samples import samples_of

        try:
            recipe = self._networks.run(run).experiment.recipe
        except LibraryError:
            raise DatasetError(
                "This run is not saved, so nobody knows which images it held out: nothing is measured on any."
            ) from None
        return samples_of(recipe, self._data_file, most)

    def _report(self, look: Look, event: Answered | LookFailed) -> bool:
        """Tell the window, once it has taken what came before; whether this look is still wanted."""
        with self._changed:
            while self._untaken and not self._closing:
                self._changed.wait()
            if self._closing or self._look is not look:
                return False
            if self._drawn is None and look.image is None and look.question.of_picture:
                return True  # it was wiped meanwhile: nothing to show
            self._untaken = True
            self.reported.emit(event)
            return True

    def _next(self) -> tuple[Look, NDArray[np.uint8]] | None:
        """What to answer now, and the picture, once there are both; None at the end."""
        with self._changed:
            while True:
                if self._closing:
                    return None
                look = self._look
                if self._due and look is not None:
                    image = look.image if look.image is not None else self._drawn
                    if image is None and not look.question.of_picture:
                        image = BLANK
                    if image is not None:
                        self._due = False
                        return look, image
                self._changed.wait()


def _reason(error: Exception) -> str:
    """Why there is no answer, in a sentence: TensorFlow's own messages are pages long."""
    if isinstance(error, ExplorerError):
        return str(error)
    return f"Looking inside failed with {type(error).__name__}; another network may show more."
