"""What training tells the world (frozen events), and what the world asks of it (Control)."""

import enum
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.confidence import UNCALIBRATED, Confidence
from resnet_gui.core.errors import Cancelled
from resnet_gui.core.estimate import Calibration
from resnet_gui.core.experiment import Experiment, Precision


class Outcome(enum.StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"  # by the user; curve and weights are kept
    DIVERGED = "diverged"  # the loss was no longer finite
    FAILED = "failed"


@dataclass(frozen=True)
class RunPrepared:
    """The data is there and the network is made; compiling comes next. `network` is the live engine Network."""

    run: str
    experiment: Experiment
    network: Any
    dataset: str  # what the data is and where it came from
    device: str
    precision: str
    parameters: int
    steps_per_epoch: int
    first_step: int = 0  # steps and validated epochs of an earlier start that this one goes on from
    first_epoch: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)  # of the programs that train, by their names
    machine: str = ""  # what it is trained on: system, processor, cores
    test_images: int = 0


@dataclass(frozen=True)
class Progressed:
    """A preparation step: what is being done (one short phrase) and how much of it, 0 to 1, or None if unknown."""

    run: str
    message: str
    share: float | None = None


@dataclass(frozen=True)
class StepsEnded:
    """Training steps were made: `loss` and `accuracy` of each, float32, from the 0-based `first_step` on.

    `seconds` is the training time up to the last of them, counted from the call and without pauses. `gradients`,
    float32 (steps, blocks), are the norms that core.gradients keeps; there may be none.
    """

    run: str
    first_step: int
    loss: NDArray[np.float32]
    accuracy: NDArray[np.float32]
    images_per_second: float
    seconds_left: float
    seconds: float = 0.0
    gradients: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))


@dataclass(frozen=True)
class EpochEnded:
    """An epoch is over. `step` is the number of steps made so far; validation figures are None without validation."""

    run: str
    epoch: int
    step: int
    validation_loss: float | None
    validation_accuracy: float | None


@dataclass(frozen=True)
class CheckpointMade:
    """The network and its optimiser as they are now; the last one of a run comes right before its end."""

    run: str
    checkpoint: Checkpoint | None  # None where it was taken out, for those who need to know only that there was one


@dataclass(frozen=True)
class Paused:
    """Training waits after `step` steps."""

    run: str
    step: int


@dataclass(frozen=True)
class Resumed:
    """Training goes on."""

    run: str


@dataclass(frozen=True)
class RunEnded:
    """A run is over. Figures that were not measured are None.

    `train_seconds` runs from the call to the last step, without pauses.
    """

    run: str
    outcome: Outcome
    message: str
    step: int
    test_loss: float | None = None
    test_accuracy: float | None = None
    train_seconds: float = 0.0
    images_per_second: float = 0.0
    details: str = ""  # a traceback, for those who want it
    error: str = ""  # the name of the error's class, if one ended the run
    confidence: Confidence = UNCALIBRATED  # how far the network's answers can be trusted


@dataclass(frozen=True)
class Calibrated:
    """How fast this machine trains in the number format `asked` for is known now."""

    asked: Precision
    calibration: Calibration


Event = RunPrepared | Progressed | StepsEnded | EpochEnded | CheckpointMade | Paused | Resumed | RunEnded


class Control:
    """Pause, resume and stop, called from any thread; training looks at it between chunks."""

    def __init__(self) -> None:
        self._may_run = threading.Event()
        self._may_run.set()
        self._stopped = False

    def pause(self) -> None:
        """Ask training to wait."""
        self._may_run.clear()

    def resume(self) -> None:
        """Let training go on."""
        self._may_run.set()

    def stop(self) -> None:
        """Ask training to end; ends a pause too."""
        self._stopped = True
        self._may_run.set()

    @property
    def stopped(self) -> bool:
        """Whether stop was asked for."""
        return self._stopped

    @property
    def paused(self) -> bool:
        """Whether training is to wait."""
        return not self._may_run.is_set()

    def wait_while_paused(self) -> None:
        """Return as soon as training may go on or is to stop."""
        self._may_run.wait()

    def raise_if_stopped(self) -> None:
        """Raises Cancelled once stop was asked for."""
        if self._stopped:
            raise Cancelled("Stopped.")
