"""The executor in this process: a thread that trains one run after another, and has the recorder write them down."""

import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from resnet_gui.core.checkpoint import Checkpoint, Weights
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.events import (
    Calibrated,
    CheckpointMade,
    Control,
    Event,
    Outcome,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Precision
from resnet_gui.core.library import Library
from resnet_gui.core.queue import Job
from resnet_gui.core.recorder import Recorder


class LocalExecutor:
    """Submit, poll and cancel for this process. TensorFlow is loaded by the thread, not before its first work."""

    def __init__(
        self,
        library: Library,
        recorder: Recorder,
        device: str = "auto",
        *,
        noticed: Callable[[], None] = lambda: None,
        share_network: Callable[[str, Any], None] = lambda run, network: None,
    ) -> None:
        """Both functions are called in the executor's thread.

        `noticed` whenever `poll` has something to say, and `share_network` with a run's id and its live Network once
        the first steps are made.
        """
        self._library, self._recorder, self._device = library, recorder, device
        self._noticed, self._share_network = noticed, share_network
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._events: SimpleQueue[Event | Calibrated] = SimpleQueue()
        self._controls: dict[str, Control] = {}
        self._wanted = threading.Event()  # a run, or the end: whatever else is being done is to stop
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="executor", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Train `job` after what was submitted before."""
        self._wanted.set()
        control = self._controls[job.run] = Control()
        if self._closing:
            control.stop()
        self._work.put(lambda: self._train(job, control))

    def poll(self) -> list[Any]:
        """What happened since the last call: events, and Calibrated."""
        events = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except Empty:
                return events

    def cancel(self, run: str) -> None:
        """Stop this run; nothing happens if it is over."""
        self._control(run).stop()

    def pause(self, run: str) -> None:
        """Let this run wait."""
        self._control(run).pause()

    def resume(self, run: str) -> None:
        """Let this run go on."""
        self._control(run).resume()

    def calibrate(self, precision: Precision) -> None:
        """Find out how fast this machine trains, unless a run is wanted; it says nothing if that fails."""
        self._work.put(lambda: self._calibrate(precision))

    def close(self) -> None:
        """Stop everything, and let the thread end."""
        self._closing = True
        self._wanted.set()
        for control in list(self._controls.values()):
            control.stop()
        self._work.put(None)

    def join(self, seconds: float) -> bool:
        """Whether the thread has ended within that time."""
        if self._thread.ident is not None:  # it was started
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _control(self, run: str) -> Control:
        return self._controls.get(run) or Control()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _say(self, event: Event | Calibrated) -> None:
        self._events.put(event)
        self._noticed()

    def _train(self, job: Job, control: Control) -> None:
        if not self._closing:
            self._wanted.clear()
        network: Any = None

        def emit(event: Event) -> None:
            nonlocal network
            self._recorder.take(event)
            match event:
                case RunPrepared():
                    network = event.network
                    event = replace(event, network=None)
                case CheckpointMade():
                    event = replace(event, checkpoint=None)
                case StepsEnded() if network is not None:
                    self._share_network(job.run, network)
                    network = None
                case RunEnded():  # before it is said: whoever hears it may submit the run again, to go on
                    self._controls.pop(job.run, None)
            self._say(event)

        try:
            from resnet_gui.engine import training

            checkpoint = self._taken_up(job) if job.resumed else None
            training.run(
                job.run,
                job.experiment,
                emit=emit,
                control=control,
                data_dir=job.data_file,
                device=self._device,
                checkpoint=checkpoint,
                start=self._start(job) if checkpoint is None else None,
            )
        except Exception as error:  # a thread's edge: the next job is to be trained whatever happened to this one
            emit(_failure(job.run, error))

    def _taken_up(self, job: Job) -> Checkpoint | None:
        """The checkpoint that a run goes on from, which is recorded from there on."""
        self._recorder.settle(job.run)  # it may have been stopped a moment ago
        run, checkpoint = self._library.claim(job.run)
        self._recorder.begin(run)
        return checkpoint

    def _start(self, job: Job) -> Weights | None:
        """The weights that a new run begins with, if they are another's."""
        start = job.experiment.recipe.start
        if not start:
            return None
        self._recorder.settle(start)  # it may have ended a moment ago
        return self._library.load(start)[1]

    def _calibrate(self, precision: Precision) -> None:
        from resnet_gui.engine.calibration import calibration_for
        from resnet_gui.engine.device import choose_device

        with suppress(Exception):  # a thread's edge: the estimate is a convenience
            device = choose_device(self._device)
            self._say(Calibrated(precision, calibration_for(device, precision, cancelled=self._wanted.is_set)))


def _failure(run_id: str, error: Exception) -> RunEnded:
    """The end of a run that could not even begin: its checkpoint is not to be had, or TensorFlow does not load."""
    known = isinstance(error, ExplorerError)
    message = str(error) if known else f"Training could not begin ({error}); `resnet-gui doctor` may say why."
    details = "" if known else "".join(traceback.format_exception(error))
    return RunEnded(run_id, Outcome.FAILED, message, 0, details=details, error=type(error).__name__)
