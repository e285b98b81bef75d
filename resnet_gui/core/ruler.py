"""Where the steps of a run lie on the axis of a plot: as steps, epochs, images or seconds, linear or logarithmic."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.curve_options import Axis
from resnet_gui.core.history import Curve
from resnet_gui.core.run import Run

FLOOR = 1e-6  # what lies at 0 or before it on a logarithmic axis

Floats = NDArray[np.floating[Any]]


class Ruler:
    """Maps steps, which count from 1, to places on an axis and back; later steps lie further to the right.

    Of several runs, which differ in their seed alone, the time is that of their mean pace.
    """

    def __init__(self, runs: Sequence[Run], axis: Axis, log: bool = False) -> None:
        self._runs, self._axis, self._log = runs, axis, log
        self._paced: tuple[tuple[int, ...], Floats] = ((), np.zeros(0))

    @property
    def unit(self) -> float:
        """What one step is on the axis, where all are the same; 0 if that is not known."""
        run = self._runs[0]
        if self._axis is Axis.EPOCH:
            per_epoch = steps_per_epoch(run)
            return 1 / per_epoch if per_epoch else 0.0
        return float(run.experiment.recipe.batch_size) if self._axis is Axis.IMAGES else 1.0

    def reach(self, steps: int) -> int:
        """How many of `steps` steps have a place."""
        if self._axis is Axis.TIME:
            return min(steps, max(len(run.history.seconds) for run in self._runs))
        return steps if self.unit else 0

    def places(self, steps: Floats) -> Floats:
        """Where `steps`, shape (n,), lie."""
        if self._axis is not Axis.TIME:
            places: Floats = np.asarray(steps, float) * self.unit
        else:
            clock = self._clock()
            if not len(clock):
                return np.zeros(len(steps))
            inside = np.clip(steps, 1, len(clock))
            before = inside.astype(np.intp)
            after = np.minimum(before, len(clock) - 1)
            early, late = clock[before - 1].astype(float), clock[after].astype(float)
            places = early + (inside - before) * (late - early)
        return np.log10(np.maximum(places, FLOOR)) if self._log else places

    def steps(self, places: Floats) -> Floats:
        """The steps at `places`, shape (n,), with fractions; none lies before 0."""
        values: Floats = 10.0**places if self._log else np.asarray(places, float)
        if self._axis is not Axis.TIME:
            steps: Floats = np.maximum(values / (self.unit or 1.0), 0.0)
            return steps
        return np.searchsorted(self._clock(), values, side="right").astype(float)

    def _clock(self) -> Floats:
        """Seconds at the end of each step."""
        if len(self._runs) == 1:
            return self._runs[0].history.seconds.values
        clocks = [run.history.seconds for run in self._runs]
        lengths = tuple(len(clock) for clock in clocks)
        if lengths != self._paced[0]:
            self._paced = lengths, _mean_clock(clocks)
        return self._paced[1]


def steps_per_epoch(run: Run) -> float:
    """How many steps an epoch of `run` has; 0 if nothing tells."""
    if run.total_steps:
        return run.total_steps / run.experiment.recipe.epochs
    if run.history.epochs:
        last = run.history.epochs[-1]
        return last.step / (last.epoch + 1)
    return 0.0


def _mean_clock(clocks: Sequence[Curve]) -> Floats:
    """Each step takes the mean of what it took the runs that made it: a run that ends early makes no jump."""
    taken, count = (np.zeros(max(len(clock) for clock in clocks)) for _ in range(2))
    for clock in clocks:
        taken[: len(clock)] += np.diff(clock.values, prepend=np.float32(0))
        count[: len(clock)] += 1
    return np.cumsum(taken / count)
