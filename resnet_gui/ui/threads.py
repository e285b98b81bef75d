"""The only door from Qt to the engine: threads that train, read drawings and examine.

They import TensorFlow inside their functions, so that the window is on the screen before it loads.
"""

import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from weakref import WeakValueDictionary

from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.estimate import Calibration
from resnet_gui.core.events import Control, Event, RunPrepared, StepsEnded
from resnet_gui.core.experiment import Precision
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import Run
from resnet_gui.core.strokes import as_strokes, to_image
from resnet_gui.ui.examining import ExaminingThread, Job
from resnet_gui.ui.niceness import give_way as _give_way

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


@dataclass(frozen=True)
class Calibrated:
    """How fast this machine trains in the number format `asked` for is known now."""

    asked: Precision
    calibration: Calibration


class TrainingThread(QThread):
    """Trains one run after another; while there is none, it measures how fast this machine is.

    Signals: `reported(object)`, an Event of the run, SavingFailed or Calibrated. `share_network` is called in this
    thread with a run's id and its live Network once the first steps are made.
    """

    reported = Signal(object)

    def __init__(
        self, library: Library, device: str, share_network: Callable[[str, Any], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._share_network = share_network
        self._library = library
        self._device = device
        self._wanted = threading.Event()  # a run, or the end: whatever else is being done is to stop
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._control = Control()
        self._closing = False
        self.saving = False

    @property
    def control(self) -> Control:
        """Pause, resume and stop of the newest run."""
        return self._control

    def train(self, run: Run, data_dir: Path | None) -> None:
        """Train `run`'s experiment when the thread is free. `run` itself is the GUI's and is not touched here."""
        self._wanted.set()
        control = self._control = Control()
        self._jobs.put(lambda: self._train(Run(run.id, run.experiment), data_dir, control))

    def close(self) -> None:
        """Stop the run, save it, and end the thread."""
        self._closing = True
        self._wanted.set()
        self._control.stop()
        self._jobs.put(None)

    def run(self) -> None:
        """The thread's loop."""
        _give_way()
        while (job := self._jobs.get()) is not None:
            job()

    def calibrate(self, precision: Precision) -> None:
        """Find out how fast this machine trains, unless a run is wanted; it says nothing if that fails."""
        self._jobs.put(lambda: self._calibrate(precision))

    def _calibrate(self, precision: Precision) -> None:
        from resnet_gui.engine.calibration import calibration_for
        from resnet_gui.engine.device import choose_device

        with suppress(Exception):  # a thread's edge: the estimate is a convenience
            device = choose_device(self._device)
            calibration = calibration_for(device, precision, cancelled=self._wanted.is_set)
            self.reported.emit(Calibrated(precision, calibration))

    def _train(self, run: Run, data_dir: Path | None, control: Control) -> None:
        from resnet_gui.engine import training

        if not self._closing:
            self._wanted.clear()
        prepared: RunPrepared | None = None

        def emit(event: Event) -> None:
            nonlocal prepared
            run.apply(event)
            if isinstance(event, RunPrepared):
                prepared = event
                event = replace(event, network=None)
            elif isinstance(event, StepsEnded) and event.first_step == 0 and prepared is not None:
                self._share_network(run.id, prepared.network)
            self.reported.emit(event)

        network = training.run(
            run.id, run.experiment, emit=emit, control=control, data_dir=data_dir, device=self._device
        )
        if network is None or not run.step:
            return
        self.saving = True
        try:
            self._library.save(run, network.weights())
        except Exception as error:  # a thread's edge: memory can run out here too
            message = str(error) if isinstance(error, ExplorerError) else f"The run could not be saved: {error!r}."
            if self._closing:  # nobody is there any more to show it
                print(f"resnet-gui: {message}", file=sys.stderr)
            self.reported.emit(SavingFailed(run.id, message))
        finally:
            self.saving = False


@dataclass(frozen=True)
class _Drawing:
    strokes: list[Any]
    pen: float


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
        self._drawing: _Drawing | None = None
        self._wanted = STARTER
        self._shared: dict[str, Any] = {}  # live networks that have no reader yet
        self._live: WeakValueDictionary[str, Any] = WeakValueDictionary()  # live networks, as long as they are kept
        self._closing = False
        # The thread's own:
        self._readers: OrderedDict[str, Any] = OrderedDict()

    def read(self, strokes: list[Any], pen: float) -> None:
        """Read this drawing next, with a pen of `pen` shares of the box."""
        with self._changed:
            self._drawing = _Drawing(strokes, pen)
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
            from resnet_gui.engine.device import choose_device

            # Not before: a thread that waits for a core with Python's lock in its hand keeps the GUI waiting too.
            _give_way()
            self.reported.emit(EngineReady(choose_device(self._device).text))
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
                    strokes = as_strokes(drawing.strokes)
                    self.reported.emit(reader.read(to_image(strokes, drawing.pen)) if strokes else NothingToRead())
            except Exception as error:  # a thread's edge
                broken = None if wanted in self._readers else wanted
                current = wanted
                message = str(error) if isinstance(error, ExplorerError) else f"Reading failed: {error}"
                self.reported.emit(ReadingFailed(wanted, message))

    def _reader(self, run: str) -> Any:
        from resnet_gui.engine.prediction import load_reader

        if run not in self._readers:
            self._add(run, load_reader(self._library, run))
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
    """All threads as one object that lives in the GUI thread.

    Signals: `reported(object)`: everything that the threads say.
    """

    reported = Signal(object)

    def __init__(self, library: Library, device: str, parent: QObject | None) -> None:
        super().__init__(parent)
        self._reading = ReadingThread(library, device, self)
        self._training = TrainingThread(library, device, self._reading.take_network, self)
        self._examining = ExaminingThread(library, device, self._reading.live_network, self)
        self._training.reported.connect(self.reported)
        self._reading.reported.connect(self.reported)
        self._examining.reported.connect(self.reported)

    def start(self) -> None:
        """Start the threads; TensorFlow loads in the reading one."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._reading.start()
        self._training.start()

    def calibrate(self, precision: Precision) -> None:
        """Measure in the training thread how fast this machine is; the answer comes as Calibrated."""
        self._training.calibrate(precision)

    def train(self, run: Run, data_dir: Path | None) -> None:
        """Train `run` in the training thread."""
        self._training.train(run, data_dir)

    @property
    def control(self) -> Control:
        """Pause, resume and stop of the newest run."""
        return self._training.control

    def read(self, strokes: list[Any], pen: float) -> None:
        """Read a drawing; the answer comes as a Reading or NothingToRead."""
        self._reading.read(strokes, pen)

    def read_with(self, run: str) -> None:
        """Let the network of `run` read from now on."""
        self._reading.read_with(run)

    def examine(self, runs: Iterable[Run], data_file: Path | None) -> None:
        """Let the networks of `runs` read their test images; each is answered by Examined or ExaminationFailed.

        The newest request wins: a run that it does not name is not examined any more.
        """
        self._examining.examine([Job(run.id, run.experiment.recipe.dataset, data_file) for run in runs])
        if not self._examining.isRunning():
            self._examining.start()

    def close(self, seconds: float) -> bool:
        """Stop everything; whether all threads ended within `seconds` each (compiling cannot be interrupted).

        A run that is being saved gets all the time that it needs.
        """
        self._training.close()
        self._reading.close()
        self._examining.close()
        milliseconds = int(1000 * seconds)
        trained = self._training.wait(milliseconds) or (self._training.saving and self._training.wait())
        others = [thread.wait(milliseconds) for thread in (self._reading, self._examining)]
        return bool(trained) and all(others)
