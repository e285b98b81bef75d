"""A run: its experiment, its curves and what is known of it; one value for window, library and tables."""

import enum
import os
import re
import time
from dataclasses import dataclass, field

from resnet_gui.core.architecture import SHORTCUT_SETTINGS
from resnet_gui.core.confidence import UNCALIBRATED, Confidence
from resnet_gui.core.events import (
    CheckpointMade,
    EpochEnded,
    Event,
    Paused,
    Progressed,
    Resumed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import DatasetName, Experiment
from resnet_gui.core.history import History
from resnet_gui.core.statistics import wilson_interval

# Of the data sets as they are published.
TEST_IMAGES = {DatasetName.MNIST: 10_000, DatasetName.DIGITS: 4_000}


class State(enum.StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # the program that trained it ended before it did

    @property
    def active(self) -> bool:
        """Whether the run still occupies the training thread."""
        return self in (State.PREPARING, State.TRAINING, State.PAUSED)


@dataclass(frozen=True)
class Labels:
    """What people write on a run."""

    name: str = ""  # empty: the network's
    tags: tuple[str, ...] = ()
    notes: str = ""
    color: int | None = None  # index into the colours of curves; None: whichever is next


@dataclass
class Run:
    """One training of one experiment. What training says changes it by `apply`; who queues and labels it, directly."""

    id: str
    experiment: Experiment
    labels: Labels = Labels()
    started: float = field(default_factory=time.time)  # seconds since 1970, UTC
    history: History = field(default_factory=History)
    state: State = State.PREPARING
    message: str = ""  # what is being done, or how it ended
    details: str = ""
    dataset: str = ""
    device: str = ""
    precision: str = ""
    parameters: int = 0
    total_steps: int = 0
    share: float | None = None  # of a preparation step
    images_per_second: float = 0.0
    seconds_left: float = 0.0
    train_seconds: float = 0.0
    test_loss: float | None = None
    test_accuracy: float | None = None
    versions: dict[str, str] = field(default_factory=dict)  # of the programs that trained it, by their names
    test_images: int = 0  # that its test accuracy is of; 0 if that is not known
    machine: str = ""  # what it was trained on: system, processor, cores
    example: bool = False  # ships with the explorer
    confidence: Confidence = UNCALIBRATED  # how far its network's answers can be trusted

    @property
    def tested_on(self) -> int:
        """How many test images its accuracy is of: as many as its data set is published with, if it does not say."""
        return self.test_images or TEST_IMAGES[self.experiment.recipe.dataset.test]

    @property
    def data(self) -> str:
        """What it was trained on, without where that lay: for files that may go anywhere."""
        return re.sub(r", from .*(?=, mixed with )|, from .*", "", self.dataset)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.labels.name or self.experiment.architecture.name

    @property
    def can_go_on(self) -> bool:
        """Whether it was begun, or was to be, and can be trained on."""
        return self.state in (State.STOPPED, State.INTERRUPTED, State.FAILED)

    @property
    def step(self) -> int:
        """Training steps made so far."""
        return len(self.history.loss)

    @property
    def best_accuracy(self) -> float | None:
        """The test accuracy once it is measured, else the best validation accuracy so far."""
        return self.test_accuracy if self.test_accuracy is not None else self.history.best_accuracy

    def apply(self, event: Event) -> None:
        """Take in what training said."""
        match event:
            case RunPrepared():
                self.dataset, self.device, self.precision = event.dataset, event.device, event.precision
                self.parameters = event.parameters
                self.total_steps = event.steps_per_epoch * self.experiment.recipe.epochs
                self.versions, self.machine = dict(event.versions), event.machine
                self.test_images = event.test_images
                self.history.rewind(event.first_step, event.first_epoch)
                self.confidence = UNCALIBRATED  # it changes from here on
                self.state, self.message, self.share = State.PREPARING, "compiling", None
            case Progressed():
                self.message, self.share = event.message, event.share
                if self.state is State.QUEUED:
                    self.state = State.PREPARING
            case StepsEnded():
                self.history.extend(event)
                self.state, self.message, self.share = State.TRAINING, "training", None
                self.images_per_second, self.seconds_left = event.images_per_second, event.seconds_left
            case EpochEnded():
                self.history.end_epoch(event)
            case Paused():
                self.state, self.message = State.PAUSED, "paused"
            case Resumed():
                self.state, self.message = State.TRAINING, "training"
            case RunEnded():
                self.state, self.message, self.details = State(event.outcome), event.message, event.details
                # A run that could not go on keeps what it had.
                self.train_seconds = event.train_seconds or self.train_seconds
                self.images_per_second = event.images_per_second or self.images_per_second
                self.test_loss, self.test_accuracy = event.test_loss, event.test_accuracy
                self.confidence = event.confidence
                self.seconds_left, self.share = 0.0, None
            case CheckpointMade():
                pass


def new_run_id(experiment: Experiment) -> str:
    """A new id: the experiment's digest and eight random hexadecimal digits."""
    return f"{experiment.digest}-{os.urandom(4).hex()}"


def accuracy_text(run: Run) -> str:
    """The test accuracy with its 95 % interval; empty before it is measured."""
    if run.test_accuracy is None:
        return ""
    interval = wilson_interval(run.test_accuracy, run.tested_on)
    return f"test accuracy {run.test_accuracy:.2%} (95 % interval {interval.low:.2%} to {interval.high:.2%})"


def described(run: Run) -> str:
    """Everything about `run` as lines of text: its outcome, its figures and the settings that it was made with."""
    figures = {
        "test loss": run.test_loss,
    }
    lines = [f"run {run.id}, {run.message or run.state}", f"{run.step:,} steps in {run.train_seconds:.1f} s"]
    lines[-1] += f", {run.images_per_second:,.0f} images/s"
    if run.test_accuracy is not None:
        lines.append(accuracy_text(run))
    if run.history.best_accuracy is not None:
        lines.append(f"best validation accuracy {run.history.best_accuracy:.2%}")
    lines += [f"{name} {value:.4f}" for name, value in figures.items() if value is not None]
    lines += [text for text in (run.dataset, run.device, run.precision) if text]
    if run.confidence.fitted:
        lines.append(f"calibrated: temperature {run.confidence.temperature:.2f}")
    if run.parameters:
        lines.append(f"{run.parameters:,} parameters")
    if run.labels.tags:
        lines.append(f"tags: {', '.join(run.labels.tags)}")
    if run.labels.notes:
        lines.append(run.labels.notes)
    unused = {name for name, kinds in SHORTCUT_SETTINGS.items() if run.experiment.architecture.shortcut not in kinds}
    for part in run.experiment.to_dict().values():
        settings = {name.replace("_", " "): value for name, value in part.items() if name not in unused}
        lines.append(", ".join(f"{name} {_said(value)}" for name, value in settings.items() if value != ""))
    return "\n".join(lines)


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def duration(seconds: float) -> str:
    """`seconds` as a person would say it: 9 s, 2 min 05 s, 1 h 10 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
