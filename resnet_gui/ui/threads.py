"""The only door from Qt to the engine: the executor with its thread, and threads that read drawings and examine.

All import TensorFlow inside their functions, so that the window is on the screen before it loads.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from resnet_gui.core.comparison import Entry
from resnet_gui.core.drawing import Drawing
from resnet_gui.core.examination import Exam
from resnet_gui.core.experiment import Precision, Recipe
from resnet_gui.core.export import Table, kind_of
from resnet_gui.core.inside.question import Look, TestDigit
from resnet_gui.core.library import Library
from resnet_gui.core.queue import Job
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run
from resnet_gui.core.sample import a_digit
from resnet_gui.ui.examining import ExaminationJob, ExaminingThread
from resnet_gui.ui.inspecting import InspectingThread
from resnet_gui.ui.networks import Networks
from resnet_gui.ui.reading import ReadingThread
from resnet_gui.ui.reading_beside import BesideThread

SWITCH_SECONDS = 0.001  # how long the GUI thread waits for Python's lock while another thread compiles: 5 ms by itself


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


def test_digit_of(number: int, data_file: Path | None) -> TestDigit:
    """The test digit of this number, modulo how many there are: MNIST's, or a bundled one where MNIST is not at hand.

    Not for the GUI thread. Raises DatasetError for files that are no data set.
    """
    from resnet_gui.engine.examination import load_test_exam

    exam = load_test_exam(data_file)
    number %= len(exam.labels)
    name = exam.source.split(",")[0]
    label = int(exam.labels[number])
    return TestDigit(number, exam.images[number], label, f"{a_digit(label).capitalize()}: no. {number + 1:,}, {name}")


class Engine(QObject):
    """Everything that computes, as one object that lives in the GUI thread. It is an Executor of runs.

    Signals: `reported(object)`: what the threads that read and examine say, and SavingFailed; `noticed()`: `poll` has
    news; `checked(object)`: what comes of `check`, as of `examine`; `inspected(object)`: what comes of `look`;
    `drawn(bool)`: whether there is something drawn, in step with it.
    """

    reported = Signal(object)
    checked = Signal(object)
    inspected = Signal(object)
    drawn = Signal(bool)
    noticed = Signal()

    def __init__(self, library: Library, device: str, parent: QObject | None) -> None:
        super().__init__(parent)
        from resnet_gui.engine.executor import LocalExecutor

        self._library = library
        self._networks = Networks(library)
        self._beside = BesideThread(self._networks, self)
        self._beside.reported.connect(self.reported)
        self._inspecting = InspectingThread(self._networks, device, self)
        self._inspecting.reported.connect(self.inspected)
        self._inspecting.drawn.connect(self.drawn)
        self._reading = ReadingThread(self._networks, device, self._inspecting.show, self._beside.show, self)
        self._reading.reported.connect(self.reported)
        self.recorder = Recorder(library, self._tell_problem)
        self._executor = LocalExecutor(
            library,
            self.recorder,
            device,
            noticed=self.noticed.emit,
            share_network=self._take_network,
        )
        self._examining = ExaminingThread(library, device, self._networks.live, self)
        self._examining.reported.connect(self.reported)
        self._checking = ExaminingThread(library, device, self._networks.live, self)
        self._checking.reported.connect(self.checked)
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
        """Read a drawing; the answer comes as a Reading or NothingToRead, those of `read_beside` as ReadBeside."""
        self._beside.hold()
        self._reading.read(drawing)

    def read_with(self, run: str) -> None:
        """Let the network of `run` read from now on."""
        self._reading.read_with(run)

    def read_beside(self, runs: Sequence[str]) -> None:
        """Let the networks of these runs, and no others, read as well, after the first one has answered."""
        self._beside.read_with(runs)
        if runs and not (self._closing or self._beside.isRunning()):
            self._beside.start()

    def read_beside_again(self, run: str) -> None:
        """Let the network of `run`, if it reads as well, read the same drawing anew: it has learned."""
        self._beside.read_again(run)

    def examine(self, runs: Iterable[Run], data_file: Path | None) -> None:
        """Let the networks of `runs` read their test images; each is answered by Examined or ExaminationFailed.

        The newest request wins: a run that it does not name is not examined any more.
        """
        self._examining.examine([ExaminationJob(run.id, run.experiment.recipe.dataset, data_file) for run in runs])
        if not self._examining.isRunning():
            self._examining.start()

    def check(self, runs: Iterable[str], exam: Exam) -> None:
        """Let the networks of these runs read the images of `exam`, and do no check that was wanted before."""
        self._checking.examine([ExaminationJob(run, exam, None) for run in runs])
        if not self._checking.isRunning():
            self._checking.start()

    def look(self, look: Look | None, data_file: Path | None = None) -> None:
        """Look inside networks from now on, and only so; answers come by `inspected`, each to be taken by `taken`.

        What is measured on images of MNIST takes them from `data_file`, if there is one.
        """
        self._inspecting.look(look, data_file)
        if look is not None and not (self._closing or self._inspecting.isRunning()):
            self._inspecting.start()

    def look_again(self, run: str) -> None:
        """The network of `run` has learned: what is seen inside it is out of date."""
        self._inspecting.look_again(run)

    def taken(self) -> None:
        """What `inspected` brought is on show."""
        self._inspecting.taken()

    def close(self, seconds: float) -> bool:
        """Stop everything; whether all threads ended within `seconds` each (compiling cannot be interrupted).

        What is to be written gets all the time that it needs.
        """
        self._closing = True
        self._executor.close()
        self._reading.close()
        self._beside.close()
        self._examining.close()
        self._checking.close()
        self._inspecting.close()
        milliseconds = int(1000 * seconds)
        trained = self._executor.join(seconds)
        threads = (self._reading, self._beside, self._examining, self._checking, self._inspecting)
        others = [thread.wait(milliseconds) for thread in threads]
        self.recorder.finish()
        return trained and all(others)

    def _take_network(self, run: str, network: Any) -> None:
        """Called in the training thread."""
        self._networks.take(run, network)
        self._reading.try_again(run)
        self._beside.read_again(run)
        self._inspecting.look_again(run)

    def _tell_problem(self, run: str, message: str) -> None:
        if self._closing:  # nobody is there any more to show it
            print(f"resnet-gui: {message}", file=sys.stderr)
        self.reported.emit(SavingFailed(run, message))
