"""The curves of a run: arrays that grow without copying what is already there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.gradients import Gradients

FIRST_CAPACITY = 1024
TAME = 1e4  # values below it lose nothing that could be seen in differences of a running sum


class Curve:
    """A float32 array that grows by doubling; `values` is a view, not a copy."""

    def __init__(self, values: NDArray[np.float32] | None = None) -> None:
        """`values`, shape (any,), are taken as they are, not copied. Raises ValueError for another shape."""
        if values is not None and values.ndim != 1:
            raise ValueError(f"a curve has one value for each step, not the shape {values.shape}")
        self._buffer = np.empty(FIRST_CAPACITY, np.float32) if values is None else values.astype(np.float32, copy=False)
        self._length = 0 if values is None else len(values)
        self.cuts = 0  # how often values were taken back: what was made of them is out of date then

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> NDArray[np.float32]:
        """All values so far, shape (length,); read only."""
        view = self._buffer[: self._length]
        view.flags.writeable = False
        return view

    def extend(self, values: NDArray[np.float32]) -> None:
        """Append `values`, shape (any,)."""
        if not len(values):
            return  # the array that the curve began with may be read only
        length = self._length + len(values)
        if length > len(self._buffer):
            grown = np.empty(max(length, 2 * len(self._buffer)), np.float32)
            grown[: self._length] = self._buffer[: self._length]
            self._buffer = grown
        self._buffer[self._length : length] = values
        self._length = length

    def cut(self, length: int) -> None:
        """Forget all values but the first `length`."""
        if length < self._length:
            self._buffer = self._buffer[:length].copy()  # views of the old values stay what they are
            self._length = length
            self.cuts += 1


@dataclass
class History:
    """What was measured while a run was trained: each step's loss, accuracy and time, each epoch's validation."""

    loss: Curve = field(default_factory=Curve)
    accuracy: Curve = field(default_factory=Curve)
    seconds: Curve = field(default_factory=Curve)  # training time at the end of each step, without pauses
    epochs: list[EpochEnded] = field(default_factory=list)
    gradients: Gradients = field(default_factory=Gradients)  # of the blocks

    def extend(self, event: StepsEnded) -> None:
        """Append the steps of `event`; its time is spread evenly over them, for they came in one call."""
        self.loss.extend(event.loss)
        self.accuracy.extend(event.accuracy)
        before = float(self.seconds.values[-1]) if len(self.seconds) else 0.0
        steps = len(event.loss)
        self.seconds.extend(np.linspace(before, max(before, event.seconds), steps + 1, dtype=np.float32)[1:])
        self.gradients = self.gradients.extended(len(self.loss) - steps, event.gradients)

    def rewind(self, steps: int, epochs: int) -> None:
        """Forget what came after so many steps and validated epochs."""
        for curve in (self.loss, self.accuracy, self.seconds):
            curve.cut(steps)
        del self.epochs[epochs:]
        self.gradients = self.gradients.cut(steps)

    def end_epoch(self, event: EpochEnded) -> None:
        """Append an epoch's validation figures."""
        self.epochs.append(event)

    @property
    def validation(self) -> tuple[list[int], list[float], list[float]]:
        """Steps, losses and accuracies of the epochs that were validated."""
        done = [e for e in self.epochs if e.validation_loss is not None and e.validation_accuracy is not None]
        return (
            [e.step for e in done],
            [float(e.validation_loss or 0.0) for e in done],
            [float(e.validation_accuracy or 0.0) for e in done],
        )

    @property
    def best_accuracy(self) -> float | None:
        """The best validation accuracy so far."""
        return max(self.validation[2], default=None)


def smoothed(values: NDArray[np.float32], span: int = 25, which: slice = slice(None)) -> NDArray[np.float32]:
    """`values` averaged over the last `span` steps (fewer at the beginning), shape (n,) to (n,), or `which` of those.

    What is not finite is left out; the average of nothing is NaN.
    """
    if not len(values):
        return values
    finite = np.isfinite(values)
    if finite.all() and np.abs(values).max() < TAME:
        sums = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
        ends = np.arange(1, len(values) + 1)[which]
        starts = np.maximum(ends - span, 0)
        tame: NDArray[np.float32] = ((sums[ends] - sums[starts]) / (ends - starts)).astype(np.float32)
        return tame
    before = np.zeros(span - 1)
    known = np.where(finite, values, np.float32(0))
    # Sums of their own: differences of one running sum would be wrong for good after one huge value.
    total = sliding_window_view(np.concatenate([before, known]), span)[which].sum(axis=1)
    if finite.all():
        count = np.minimum(np.arange(1, len(values) + 1), span)[which]
    else:
        count = sliding_window_view(np.concatenate([before, finite]), span)[which].sum(axis=1)
    with np.errstate(invalid="ignore"):
        average: NDArray[np.float32] = (total / count).astype(np.float32)
    return average
