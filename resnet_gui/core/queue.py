"""The queue of runs, and the interface of whatever trains them: submit, poll, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from resnet_gui.core.events import Event, RunEnded
from resnet_gui.core.experiment import Experiment


@dataclass(frozen=True)
class Job:
    """What an executor needs to know to train a run."""

    run: str  # the id
    experiment: Experiment
    data_file: Path | None = None  # mnist.npz or a folder that holds it, instead of where it is looked for by itself
    resumed: bool = False  # whether it goes on from its last checkpoint in the library


class Executor(Protocol):
    """Whatever trains runs: a thread of this process, another machine.

    Everything that it has to say comes from `poll`; the last event of each job is its RunEnded, whatever happens.
    """

    def submit(self, job: Job) -> None:
        """Train this as soon as possible."""

    def poll(self) -> Sequence[Event]:
        """What happened since the last call. Never waits."""

    def cancel(self, run: str) -> None:
        """Stop a run that was submitted; what it has learned is kept."""


class Queue:
    """Runs that wait for their turn, and the one that is trained. A run that fails does not stop the rest."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.active: Job | None = None
        self.waiting: list[Job] = []

    def add(self, job: Job) -> None:
        """Train `job` after all others."""
        self.waiting.append(job)
        self._advance()

    def move(self, run: str, places: int) -> None:
        """Let a waiting run go so many places back, or forward if negative; unknown ids are ignored."""
        for index, job in enumerate(self.waiting):
            if job.run == run:
                del self.waiting[index]
                self.waiting.insert(max(0, index + places), job)
                return

    def remove(self, run: str) -> None:
        """Do not train a run that waits; unknown ids are ignored."""
        self.waiting = [job for job in self.waiting if job.run != run]

    def clear(self) -> list[Job]:
        """Let nothing wait any more; what waited."""
        jobs, self.waiting = self.waiting, []
        return jobs

    def cancel(self) -> None:
        """Stop the run that is trained; the next one follows."""
        if self.active is not None:
            self._executor.cancel(self.active.run)

    def poll(self) -> list[Event]:
        """What happened since the last call; starts the next run where one has ended."""
        events = list(self._executor.poll())
        for event in events:
            self.take(event)
        return events

    def take(self, event: Event) -> None:
        """Start the next run if `event`, which came from the executor, is the end of the one that is trained."""
        if isinstance(event, RunEnded) and self.active is not None and event.run == self.active.run:
            self.active = None
            self._advance()

    def _advance(self) -> None:
        if self.active is None and self.waiting:
            self.active = self.waiting.pop(0)
            self._executor.submit(self.active)
