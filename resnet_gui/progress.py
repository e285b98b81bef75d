"""How far a training run is, on stderr: a bar on a terminal, a line for each epoch elsewhere; and Ctrl+C."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from resnet_gui.core.events import Control, EpochEnded, Event, Progressed, RunPrepared, StepsEnded
from resnet_gui.core.run import Run

SAID_STEPS = 20  # the last steps that a line's loss and accuracy are means of


class Progress:
    """Tells of one run. Use as a context; `show` each event after the run has taken it in."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}"),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._bar = self._bars.add_task("starting", total=None, figures="")
        self._said = ""

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, event: Event) -> None:
        """Say what `event` says."""
        run = self._run
        match event:
            case Progressed():
                if event.message != self._said:
                    self._said = event.message
                    self._say(event.message)
                self._bars.update(self._bar, description=event.message)
            case RunPrepared():
                self._say(
                    f"{run.experiment.architecture.name}: {run.parameters:,} parameters, {event.precision} on "
                    f"{event.device}; {event.dataset}"
                )
                self._bars.update(self._bar, description="compiling", total=run.total_steps)
            case StepsEnded() if run.step:
                figures = f"{self._means()}, {run.images_per_second:,.0f} images/s"
                self._bars.update(self._bar, description="training", completed=run.step, figures=figures)
            case EpochEnded():
                validated = ""
                if event.validation_loss is not None and event.validation_accuracy is not None:
                    validated = f"; validation loss {event.validation_loss:.4f}, {event.validation_accuracy:.2%}"
                self._say(
                    f"epoch {event.epoch + 1} of {run.experiment.recipe.epochs}: {self._means()}{validated}; "
                    f"{run.images_per_second:,.0f} images/s"
                )

    def _means(self) -> str:
        loss, accuracy = self._run.history.loss.values, self._run.history.accuracy.values
        return f"loss {loss[-SAID_STEPS:].mean():.4f}, {accuracy[-SAID_STEPS:].mean():.2%}"

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)


@contextmanager
def interruptible(control: Control) -> Iterator[None]:
    """Let Ctrl+C and SIGTERM stop the run; a second one ends the program at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        if control.stopped:
            raise KeyboardInterrupt
        control.stop()
        with suppress(OSError, RuntimeError):  # stderr may be gone, or in the middle of another line
            print("Stopping; what was learned is kept. Once more ends at once.", file=sys.stderr)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
