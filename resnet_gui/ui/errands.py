"""Work that would keep the window waiting, such as reading and writing files: done in one thread, in order."""

import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from resnet_gui.core.errors import ExplorerError


class Errands(QObject):
    """Hands each errand to a pool thread; its result comes back in the GUI thread.

    Signals: `failed(str, str)` a sentence on an errand that came to nothing, and details.
    """

    failed = Signal(str, str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)  # it ends what it has begun before it goes
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._answer)

    def do(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] = lambda result: None,
        given_up: Callable[[Any], None] = lambda result: None,
    ) -> None:
        """Carry out `work` after all that was asked for before, and call `done` with its result.

        If it fails, `failed` is emitted, and `given_up` is called with None.
        """

        def guarded() -> None:
            try:
                result = work()
            except ExplorerError as error:
                self.failed.emit(str(error), "")
                self._done.emit(given_up, None)
            except Exception as error:  # a thread's edge
                self.failed.emit(f"That failed with {type(error).__name__}.", traceback.format_exc())
                self._done.emit(given_up, None)
            else:
                self._done.emit(done, result)

        self._pool.start(guarded)

    def finish(self) -> None:
        """Return once everything is done."""
        self._pool.waitForDone()

    @Slot(object, object)
    def _answer(self, done: Callable[[Any], None], result: Any) -> None:
        done(result)
