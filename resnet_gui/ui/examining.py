"""The thread in which networks read the test images of their data sets.

It is not the one that reads drawings: loading images and compiling a deep network would hold the pen up.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.examination import Exam, Examination
from resnet_gui.core.experiment import DatasetName
from resnet_gui.core.library import Library


@dataclass(frozen=True)
class Examined:
    """A network has read the test images."""

    examination: Examination


@dataclass(frozen=True)
class ExaminationProgressed:
    """The network of run `run` has read this share of the test images."""

    run: str
    share: float


@dataclass(frozen=True)
class ExaminationFailed:
    """The network of run `run` cannot be examined, for the reason in `message`."""

    run: str
    message: str


@dataclass(frozen=True)
class ExaminationJob:
    """The network of run `run` is to read the test images of `dataset`, or an exam that was made elsewhere.

    MNIST is looked for in `data_file` first.
    """

    run: str
    dataset: DatasetName | Exam
    data_file: Path | None


class ExaminingThread(QThread):
    """Examines one network after another. The newest request wins: what it does not ask for is dropped.

    Signals: `reported(object)`: ExaminationProgressed, Examined or ExaminationFailed.
    """

    reported = Signal(object)

    def __init__(self, library: Library, device: str, live: Callable[[str], Any], parent: QObject) -> None:
        """`live` gives the live Network of the run with an id, or None if it has to come from the library."""
        super().__init__(parent)
        self._library = library
        self._device = device
        self._live = live
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._jobs: list[ExaminationJob] = []
        self._closing = False

    def examine(self, jobs: Sequence[ExaminationJob]) -> None:
        """Do these jobs and no others; one that is being done goes on if it is among them."""
        with self._changed:
            self._jobs = list(jobs)
            self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """The thread's loop."""
        while (job := self._next()) is not None:
            try:
                self._examine(job)
            except Exception as error:  # a thread's edge
                message = str(error) if isinstance(error, ExplorerError) else f"The examination failed: {error}"
                if self._finish(job):
                    self.reported.emit(ExaminationFailed(job.run, message))

    def _next(self) -> ExaminationJob | None:
        """The job to do now, once there is one; None at the end."""
        with self._changed:
            while not (self._closing or self._jobs):
                self._changed.wait()
            return None if self._closing else self._jobs[0]

    def _wanted(self, job: ExaminationJob) -> bool:
        with self._changed:
            return not self._closing and job in self._jobs

    def _finish(self, job: ExaminationJob) -> bool:
        """Take `job` off the list; whether it was still on it."""
        with self._changed:
            if job not in self._jobs:
                return False
            self._jobs.remove(job)
            return True

    def _examine(self, job: ExaminationJob) -> None:
        from resnet_gui.engine.device import choose_device
        from resnet_gui.engine.examination import examine_in_steps, load_exam
        from resnet_gui.engine.prediction import Reader, load_reader

        choose_device(self._device)
        exam = job.dataset if isinstance(job.dataset, Exam) else load_exam(job.dataset, job.data_file)
        network = self._live(job.run)
        reader = load_reader(self._library, job.run) if network is None else Reader(network, job.run, network.name)
        steps = examine_in_steps(reader, exam)
        while self._wanted(job):
            try:
                self.reported.emit(ExaminationProgressed(job.run, next(steps)))
            except StopIteration as end:
                if self._finish(job):
                    self.reported.emit(Examined(end.value))
