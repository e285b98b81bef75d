"""The QObject that knows what is drawn and who reads it: one network first, others beside it, also while they train."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.library import STARTER
from resnet_gui.core.reading import Reading
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.ui.reading import NothingToRead, ReaderReady, ReadingFailed
from resnet_gui.ui.reading_beside import ReadBeside
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.threads import Engine

REREAD_MS = 200  # how often the drawing is read again by the network that trains


class Readers(QObject):
    """Who reads the drawing, and what they say of it.

    Signals: `reader_changed(str, str)` the name of the network that reads first and where it comes from;
    `reading_changed(object)` what that says: a Reading or None; `row_read(object)` what any network says: a Reading,
    or None if nothing is drawn; `row_failed(str, str)` a run's id and why its network cannot read;
    `path_changed(object)` how the reading of the network that trains changed: a ReadingPath, or None;
    `problem_found(str)` why the first one cannot read.
    """

    reader_changed = Signal(str, str)
    reading_changed = Signal(object)
    row_read = Signal(object)
    row_failed = Signal(str, str)
    path_changed = Signal(object)
    problem_found = Signal(str)

    def __init__(self, engine: Engine, shelf: Shelf, parent: QObject) -> None:
        super().__init__(parent)
        self.reader = STARTER  # id of the run whose network reads first
        self.path: ReadingPath | None = None
        self._engine, self._shelf = engine, shelf
        self._name = ""  # of the network that reads first, as the engine calls it
        self._chosen = STARTER  # id of the run that is to read, as soon as it has a network
        self._trained = ""  # id of the run that was trained last
        self._training = ""  # id of the run that is making steps
        self._beside: tuple[str, ...] = ()  # ids of the runs that are looked at side by side
        self._drawing = Drawing()
        self._reread = QTimer(self, interval=REREAD_MS)
        self._reread.timeout.connect(self._read_again)
        shelf.relabelled.connect(lambda entries: self._name and self._tell_reader())
        shelf.removed.connect(lambda ids: self.reader in ids and self._tell_reader())

    def read(self, drawing: Drawing) -> None:
        """Read this drawing."""
        self._drawing = drawing
        self._engine.read(drawing)

    def read_with(self, run: str) -> None:
        """Let the network of `run` read first, once it has one."""
        self._chosen = run
        if run == STARTER or self._shelf.entry(run).run.step > 0:
            self.reader = run
            self._engine.read_with(run)
            self._tell_engine()

    def read_beside(self, runs: Sequence[str]) -> None:
        """Let the networks of these runs, and no others, read beside the first one: somebody looks at them."""
        self._beside = tuple(runs)
        self._tell_engine()
        if self.reader in runs:  # it has read already, but its row may be new
            self._engine.read(self._drawing)
        if self.path is not None and self.path.run == self._training not in (self.reader, *runs):
            self._follow(None)  # it would have a gap

    def expect(self, run: str) -> None:
        """A run is to be trained now: its network reads from its first step on, unless another one was chosen."""
        if self._chosen in (STARTER, self._trained):
            self._chosen = run
        self._trained = run

    def take_steps(self, run: str) -> None:
        """The network of `run` has made steps."""
        if self._training != run:
            self._training = run
            if self._chosen == run:
                self.read_with(run)
            self._reread.start()

    def end_training(self) -> None:
        """What was trained is over: what its network says now is what it will say."""
        self._reread.stop()
        self._read_again()
        self._training = ""

    def close(self) -> None:
        """Read no more by itself."""
        self._reread.stop()

    def take(self, event: ReaderReady | Reading | NothingToRead | ReadingFailed | ReadBeside) -> None:
        """Take in what the engine says of reading."""
        match event:
            case ReaderReady():
                self._name = event.name
                self._tell_reader()
                self._engine.read(self._drawing)
            case Reading():
                if event.run == self.reader:
                    self.reading_changed.emit(event)
                self._take_reading(event)
            case NothingToRead():
                self.reading_changed.emit(None)
                self.row_read.emit(None)
                self._follow(None)
            case ReadingFailed():
                if event.run == self.reader:
                    self.reader_changed.emit("", "")
                    self.reading_changed.emit(None)
                self.row_failed.emit(event.run, event.message)
                self.problem_found.emit(event.message)
            case ReadBeside(reading=None):
                self.row_failed.emit(event.run, event.message)
            case ReadBeside():
                self._take_reading(event.reading)

    def _take_reading(self, reading: Reading) -> None:
        self.row_read.emit(reading)
        path = self.path
        if reading.step is not None and reading.run == self._training:
            if path is None or path.run != reading.run or not path.shows(reading.image):
                path = ReadingPath(reading.run, reading.image)
            path.add(reading.step, reading.probabilities)
            self._follow(path)
        elif path is not None and not path.shows(reading.image):
            self._follow(None)
        elif path is not None and path.run == reading.run and reading.step is not None:
            path.add(reading.step, reading.probabilities)  # the last answer, after training
            self._follow(path)

    def _follow(self, path: ReadingPath | None) -> None:
        if path is not None or self.path is not None:
            self.path = path
            self.path_changed.emit(path)

    def _read_again(self) -> None:
        if self._training == self.reader:
            self._engine.read(self._drawing)
        else:
            self._engine.read_beside_again(self._training)

    def _tell_engine(self) -> None:
        self._engine.read_beside([run for run in self._beside if run != self.reader])

    def _tell_reader(self) -> None:
        if self.reader in self._shelf:
            entry = self._shelf.entry(self.reader)
            self.reader_changed.emit(entry.name, "an example" if entry.run.example else f"run {self.reader}")
        else:
            gone = "comes with the app" if self.reader == STARTER else "a run that was deleted"
            self.reader_changed.emit(self._name, gone)
