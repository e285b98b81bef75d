"""The QObject that looks inside networks for the window: what is watched, also while it trains, and what comes back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_gui.core.inside.question import Answered, Look, LookFailed
from resnet_gui.ui.threads import Engine

LOOK_AGAIN_MS = 200  # how often one looks inside a network that trains


class Inspector(QObject):
    """What is looked at, and what is seen.

    Signals: `answered(object)` an Answered; `failed(object)` a LookFailed; `drawn(bool)` whether there is something
    drawn to look at.
    """

    answered = Signal(object)
    failed = Signal(object)
    drawn = Signal(bool)

    def __init__(self, engine: Engine, data_file: Callable[[], Path | None], parent: QObject) -> None:
        """`data_file` says where MNIST is to be looked for."""
        super().__init__(parent)
        self._data_file = data_file
        self._engine = engine
        self._look: Look | None = None
        self._training = ""  # id of the run that is making steps
        self._again = QTimer(self, interval=LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self._learned = False  # whether it made steps since it was looked at
        engine.inspected.connect(self._take)
        engine.drawn.connect(self.drawn)

    def look(self, look: Look | None) -> None:
        """Look at this from now on; at nothing for None."""
        self._look = look
        self._engine.look(look, self._data_file())

    def take_steps(self, run: str) -> None:
        """The network of `run` is making steps."""
        self._training, self._learned = run, True
        if not self._again.isActive():
            self._again.start()

    def end_training(self) -> None:
        """What was trained is over: look at it once more."""
        self._again.stop()
        self._engine.look_again(self._training)
        self._training = ""

    def close(self) -> None:
        """Look no more by itself."""
        self._again.stop()

    def _look_again(self) -> None:
        if self._learned:
            self._learned = False
            self._engine.look_again(self._training)

    def _take(self, event: Answered | LookFailed) -> None:
        try:
            if event.look is self._look:  # the user may have looked elsewhere meanwhile
                (self.answered if isinstance(event, Answered) else self.failed).emit(event)
        finally:
            self._engine.taken()
