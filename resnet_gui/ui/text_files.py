"""Reading and writing small text files beside the GUI thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from resnet_gui.core.errors import FileError
from resnet_gui.core.files import read_text, whole_file

LONGEST = 100_000  # bytes that are read


class TextFiles(QObject):
    """Hands each file to a pool thread; the answers come as signals.

    Signals: `opened(str)` the text of a file; `saved(str)` its path; `failed(str)` a sentence.
    """

    opened = Signal(str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)  # it ends what it has begun before it goes
        self._pool.setMaxThreadCount(1)

    def open(self, path: Path) -> None:
        """Read `path`."""
        self._do(lambda: self.opened.emit(read_text(path, LONGEST)))

    def save(self, path: Path, text: str) -> None:
        """Write `text` to `path`, whole or not at all."""

        def write() -> None:
            with whole_file(path) as file:
                file.write(text.encode())
            self.saved.emit(str(path))

        self._do(write)

    def finish(self) -> None:
        """Return once everything is done."""
        self._pool.waitForDone()

    def _do(self, job: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                job()
            except FileError as error:
                self.failed.emit(str(error))

        self._pool.start(guarded)
