"""The only door from Qt to the engine: the executor with its thread, and threads that read drawings and examine.

They import TensorFlow inside their functions, so that the window is on the screen before it loads.
"""

import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.comparison import Entry
from resnet_gui.core.drawing import Drawing
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import Precision, Recipe
from resnet_gui.core.export import Table, kind_of
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.queue import Job
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run
from resnet_gui.ui.examining import ExaminationJob, ExaminingThread
from resnet_gui.ui.niceness import call_giving_way

SWITCH_SECONDS = 0.001  # how long the GUI thread waits for Python's lock while another thread compiles: 5 ms by itself
READERS_KEPT = 8  # networks that stay ready to read; others come back from the library, if it holds them


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


@dataclass(frozen=True)
class SavingFailed:
    """Run `run` stays in this session but could not be saved, for the reason in `message`."""

    run: str
    message: str


def write_runs(path: Path, entries: Sequence[Entry], table: Table, library: Library) -> None:
    """Write runs to a file of any kind, with their weights where it holds them. Not for the GUI thread.

    Raises FileError for what cannot be written.
    """
    from resnet_gui.engine.exporting import write_export

    weights = library.load(entries[0].run.id)[1] if kind_of(path, len(entries)).of_one_run else None
    write_export(path, entries, weights, table)


def preview_of(recipe: Recipe, data_file: Path | None, steps: int) -> Any:
    """An engine.preview.Preview of what `steps` training steps would see. Not for the GUI thread.

    Raises DatasetError for files that are no data set.
    """
    from resnet_gui.engine.preview import preview

    return preview(recipe, data_file, steps)


class ReadingThread(QThread):
    """Reads drawings with one network. The newest drawing wins; an older one still waiting is dropped.

    Signals: `reported(object)`: EngineReady, EngineFailed, ReaderReady, Reading, NothingToRead or ReadingFailed.
    """

    reported = Signal(object)

    def __init__(self, library: Library, device: str, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._device = device
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._drawing: Drawing | None = None
        self._wanted = STARTER
        self._shared: dict[str, Any] = {}  # live networks that have no reader yet
        self._live: WeakValueDictionary[str, Any] = WeakValueDictionary()  # live networks, as long as they are kept
        self._closing = False
        # The thread's own:
        self._readers: OrderedDict[str, Any] = OrderedDict()

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

    def take_network(self, run: str, network: Any) -> None:
        """The live network of run `run` can be read with. Called from the training thread."""
        with self._changed:
            self._shared[run] = self._live[run] = network
            self._changed.notify()

    def live_network(self, run: str) -> Any:
        """The live network of run `run`; None if it is not kept, since the library holds it. From any thread."""
        with self._changed:
            return self._live.get(run)

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
        current: str | None = None
        broken: str | None = None  # the run whose network could not be loaded; said once, not for each drawing
        while True:
            with self._changed:
                while not (self._closing or self._drawing or self._shared or self._wanted != current):
                    self._changed.wait()
                if self._closing:
                    return
                drawing, self._drawing = self._drawing, None
                shared, self._shared = self._shared, {}
                wanted = self._wanted
            if wanted != broken:
                broken = None
            elif not shared:
                continue
            try:
                for run, network in shared.items():
                    self._keep(run, network)
                reader = self._reader(wanted)
                if wanted != current:
                    current = wanted
                    self.reported.emit(ReaderReady(wanted, reader.name))
                if drawing is not None:
                    self.reported.emit(NothingToRead() if drawing.empty else reader.read(drawing.image()))
            except Exception as error:  # a thread's edge
                broken = None if wanted in self._readers else wanted
                current = wanted
                message = str(error) if isinstance(error, ExplorerError) else f"Reading failed: {error}"
                self.reported.emit(ReadingFailed(wanted, message))

    def _reader(self, run: str) -> Any:
        from resnet_gui.engine.prediction import load_reader

        if run not in self._readers:
            live = self.live_network(run)  # it may be trained at this moment
            if live is None:
                self._add(run, load_reader(self._library, run))
            else:
                self._keep(run, live)
        self._readers.move_to_end(run)
        return self._readers[run]

    def _keep(self, run: str, network: Any) -> None:
        from resnet_gui.engine.prediction import Reader

        self._add(run, Reader(network, run, network.name))

    def _add(self, run: str, reader: Any) -> None:
        self._readers[run] = reader
        spare = [old for old in self._readers if old != run and self._library.holds(old)]
        for old in spare[: max(0, len(self._readers) - READERS_KEPT)]:
            del self._readers[old]


class Engine(QObject):
    """Everything that computes, as one object that lives in the GUI thread. It is an Executor of runs.

    Signals: `reported(object)`: what the reading thread says, and SavingFailed; `noticed()`: `poll` has news.
    """

    reported = Signal(object)
    noticed = Signal()

    def __init__(self, library: Library, device: str, parent: QObject | None) -> None:
        super().__init__(parent)
        from resnet_gui.engine.executor import LocalExecutor

        self._library = library
        self._reading = ReadingThread(library, device, self)
        self._reading.reported.connect(self.reported)
        self.recorder = Recorder(library, self._tell_problem)
        self._executor = LocalExecutor(
            library,
            self.recorder,
            device,
            noticed=self.noticed.emit,
            share_network=self._reading.take_network,
        )
        self._examining = ExaminingThread(library, device, self._reading.live_network, self)
        self._examining.reported.connect(self.reported)
        self._closing = False

    def start(self) -> None:
        """Start the threads; TensorFlow loads in the reading one."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._reading.start()
        self._executor.start()

    def calibrate(self, precision: Precision) -> None:
        """Measure in the training thread how fast this machine is; the answer comes as Calibrated."""
        self._executor.calibrate(precision)

    def submit(self, job: Job) -> None:
        """Train `job` when the training thread is free."""
        self._executor.submit(job)

    def poll(self) -> list[Any]:
        """What training said since the last call: events, and Calibrated."""
        return self._executor.poll()

    def cancel(self, run: str) -> None:
        """Stop a run; what it has learned is kept."""
        self._executor.cancel(run)

    def pause(self, run: str) -> None:
        """Let a run wait after its current chunk."""
        self._executor.pause(run)

    def resume(self, run: str) -> None:
        """Let a run go on that waits."""
        self._executor.resume(run)

    def read(self, drawing: Drawing) -> None:
        """Read a drawing; the answer comes as a Reading or NothingToRead."""
        self._reading.read(drawing)

    def read_with(self, run: str) -> None:
        """Let the network of `run` read from now on."""
        self._reading.read_with(run)

    def examine(self, runs: Iterable[Run], data_file: Path | None) -> None:
        """Let the networks of `runs` read their test images; each is answered by Examined or ExaminationFailed.

        The newest request wins: a run that it does not name is not examined any more.
        """
        self._examining.examine([ExaminationJob(run.id, run.experiment.recipe.dataset, data_file) for run in runs])
        if not self._examining.isRunning():
            self._examining.start()

    def close(self, seconds: float) -> bool:
        """Stop everything; whether all threads ended within `seconds` each (compiling cannot be interrupted).

        What is to be written gets all the time that it needs.
        """
        self._closing = True
        self._executor.close()
        self._reading.close()
        self._examining.close()
        milliseconds = int(1000 * seconds)
        trained = self._executor.join(seconds)
        others = [thread.wait(milliseconds) for thread in (self._reading, self._examining)]
        self.recorder.finish()
        return trained and all(others)

    def _tell_problem(self, run: str, message: str) -> None:
        if self._closing:  # nobody is there any more to show it
            print(f"resnet-gui: {message}", file=sys.stderr)
        self.reported.emit(SavingFailed(run, message))
