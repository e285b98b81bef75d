"""The one writer of this program's runs: whatever was measured is on the disk within a second."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.events import CheckpointMade, Event, RunEnded
from resnet_gui.core.history import Curve, History
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run, State

WRITE_SECONDS = 0.4  # between two times of writing; far below the second that may be lost


@dataclass
class _Recorded:
    """A run that is being written."""

    run: Run
    written: int = 0  # steps that are on the disk
    checkpoint: Checkpoint | None = None  # not on the disk yet
    waiting: bool = True  # whether anything is not on the disk yet


class Recorder:
    """Takes in what training says, from any thread, and writes it down in a thread of its own.

    Where the disk refuses, everything stays in memory and is tried again; `finish` tries for the last time.
    """

    def __init__(self, library: Library, problem: Callable[[str, str], None]) -> None:
        """`problem` is told a run's id and a sentence, in the recorder's thread, once for each sentence."""
        self._library = library
        self._problem = problem
        self._told: set[str] = set()
        self._changed = threading.Condition()
        self._writing = threading.Lock()  # taken before _changed
        self._runs: dict[str, _Recorded] = {}  # guarded by _changed, as what it holds
        self._urgent = False  # a run has ended, or all has
        self._finishing = False
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def begin(self, run: Run) -> None:
        """Record `run` from now on; it is the recorder's alone. One that goes on was rewound to where it does."""
        with self._changed:
            self._runs[run.id] = _Recorded(run)
            self._changed.notify()

    def take(self, event: Event) -> None:
        """Record what `event` says; nothing happens if its run was not begun."""
        with self._changed:
            recorded = self._runs.get(event.run)
            if recorded is None:
                return
            recorded.run.apply(event)
            recorded.waiting = True
            match event:
                case CheckpointMade():
                    recorded.checkpoint = event.checkpoint
                case RunEnded():
                    self._urgent = True
            self._changed.notify()

    def settle(self, run_id: str) -> None:
        """Write down now what was taken in of a run, so that it can go on from there. Raises what the disk says."""
        with self._writing:
            with self._changed:
                waiting = run_id in self._waiting()
            if waiting:
                self._write(run_id)

    def forget(self, run_id: str) -> None:
        """Record a run no longer that was begun and will never be trained."""
        with self._changed:
            self._runs.pop(run_id, None)

    def finish(self) -> None:
        """Write down what is left, and end the thread."""
        with self._changed:
            self._finishing = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._finishing or self._waiting())
            self._write_all()
            with self._changed:
                if self._finishing:
                    break
                # A run that has ended is written at once, but what the disk refuses is not tried again and again.
                self._urgent = False
                self._changed.wait_for(lambda: self._finishing or self._urgent, WRITE_SECONDS)
        self._write_all()

    def _waiting(self) -> list[str]:
        return [run_id for run_id, recorded in self._runs.items() if recorded.waiting]

    def _write_all(self) -> None:
        with self._changed:
            waiting = self._waiting()
        for run_id in waiting:
            try:
                with self._writing:
                    self._write(run_id)
            except Exception as error:  # a thread's edge: memory can run out here too
                message = str(error) if isinstance(error, ExplorerError) else f"A run could not be saved: {error!r}."
                if message not in self._told:
                    self._told.add(message)
                    self._problem(run_id, message)

    def _write(self, run_id: str) -> None:
        with self._changed:
            recorded = self._runs.get(run_id)
            if recorded is None:
                return
            run, checkpoint, recorded.waiting = _snapshot(recorded.run), recorded.checkpoint, False
            written = recorded.written
        ended = run.state not in (State.QUEUED, State.PREPARING, State.TRAINING, State.PAUSED)
        try:
            if checkpoint is not None:
                # In this order: a curve reaches as far as its checkpoint, and a run that is over has its weights.
                self._library.write(replace(run, state=State.TRAINING) if ended else run, written)
                self._library.keep(run_id, checkpoint)
            if checkpoint is None or ended:
                self._library.write(run, 0 if ended else written)  # once it is over, its curves are one piece
        except BaseException:
            with self._changed:
                recorded.waiting = True
            raise
        with self._changed:
            recorded.written = run.step
            if recorded.checkpoint is checkpoint:
                recorded.checkpoint = None
            if ended and not recorded.waiting:
                self._runs.pop(run_id, None)


def _snapshot(run: Run) -> Run:
    """`run` as it is now, while the original goes on: curves only grow, so that their arrays are shared."""
    history = run.history
    loss, accuracy, seconds = (Curve(curve.values) for curve in (history.loss, history.accuracy, history.seconds))
    return replace(run, history=History(loss, accuracy, seconds, list(history.epochs), history.gradients))
