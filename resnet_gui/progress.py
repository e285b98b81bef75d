"""How far a training run is, or a sweep of them, on stderr: bars on a terminal, lines elsewhere; and Ctrl+C."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Column

from resnet_gui.core.events import Control, EpochEnded, Event, Progressed, RunEnded, RunPrepared, StepsEnded
from resnet_gui.core.run import Run, State, duration
from resnet_gui.core.sweep import run_names

SAID_STEPS = 20  # the last steps that a line's loss and accuracy are means of
BAR_WIDTH = 16  # of each run of a sweep; the figures beside it say more
SPARE_LINES = 3  # of a terminal, around the bars of a sweep


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
                figures = f"{_means(run)}, {run.images_per_second:,.0f} images/s"
                self._bars.update(self._bar, description="training", completed=run.step, figures=figures)
            case EpochEnded():
                validated = ""
                if event.validation_loss is not None and event.validation_accuracy is not None:
                    validated = f"; validation loss {event.validation_loss:.4f}, {event.validation_accuracy:.2%}"
                self._say(
                    f"epoch {event.epoch + 1} of {run.experiment.recipe.epochs}: {_means(run)}{validated}; "
                    f"{run.images_per_second:,.0f} images/s"
                )

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)


class SweepProgress:
    """Tells of many runs, of which one is trained at a time. Use as a context; `show` each event after its run."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = {run.id: run for run in runs}
        self._names = run_names(runs)
        self._ended = 0
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bars = Bars(
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(BAR_WIDTH),
            TextColumn("{task.fields[figures]}", table_column=Column(no_wrap=True)),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._all = self._bars.add_task(f"0 of {len(runs)} runs", total=len(runs), figures="")
        self._tasks = {run.id: self._bars.add_task("", total=1, figures="") for run in runs}

    def __enter__(self) -> Self:
        for run in self._runs.values():
            self._update(run)
        self._show_window(0)
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, event: Event) -> None:
        """Say what `event` says."""
        run = self._runs[event.run]
        self._update(run)
        match event:
            case RunPrepared():
                self._show_window(list(self._runs).index(run.id))
            case RunEnded():
                self._ended += 1
                if self._bars.disable or run.state is State.FAILED:
                    place = f"{self._ended} of {len(self._runs)}"
                    self._console.print(f"{place}: {self._names[run.id]}: {_outcome(run)}", markup=False)
        self._bars.update(self._all, completed=self._ended, description=f"{self._ended} of {len(self._runs)} runs")

    def _update(self, run: Run) -> None:
        name, figures, style = self._names[run.id], _outcome(run), ""
        match run.state:
            case State.QUEUED:
                figures, style = "waiting", "dim"
            case State.PREPARING:
                figures = run.message or "preparing"
            case State.TRAINING | State.PAUSED:
                figures = f"{_means(run)}, {duration(run.seconds_left)} left" if run.step else run.message
            case State.FAILED:
                figures, style = "failed", "red"
        if style:
            name, figures = f"[{style}]{escape(name)}[/]", f"[{style}]{escape(figures)}[/]"
        else:
            name, figures = escape(name), escape(figures)
        total = run.total_steps or 1
        self._bars.update(self._tasks[run.id], description=name, total=total, completed=run.step, figures=figures)

    def _show_window(self, active: int) -> None:
        """Show as many bars as the terminal has lines, those around the `active` one."""
        lines = max(3, self._console.height - SPARE_LINES)
        first = max(0, min(active - lines // 2, len(self._tasks) - lines))
        for index, task in enumerate(self._tasks.values()):
            self._bars.update(task, visible=first <= index < first + lines)


def _outcome(run: Run) -> str:
    """How a run that is over ended, in a few words."""
    if run.state is State.FINISHED and run.test_accuracy is not None:
        return f"test accuracy {run.test_accuracy:.2%}, {_means(run)} in training, {duration(run.train_seconds)}"
    return f"failed: {run.message}" if run.state is State.FAILED else run.message


def _means(run: Run) -> str:
    """Loss and accuracy of the last steps of a run that made some."""
    loss, accuracy = run.history.loss.values, run.history.accuracy.values
    return f"loss {loss[-SAID_STEPS:].mean():.4f}, {accuracy[-SAID_STEPS:].mean():.2%}"


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
