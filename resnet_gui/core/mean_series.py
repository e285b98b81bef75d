"""What is drawn of several runs that differ in their seed alone: their mean, and a band around it."""

import math
from collections.abc import Sequence

import numpy as np

from resnet_gui.core.curve_options import CurveOptions, Quantity, Split, Spread
from resnet_gui.core.ruler import Ruler
from resnet_gui.core.run import Run
from resnet_gui.core.seeds import mean_and_band
from resnet_gui.core.series import EMPTY, Floats, Series, where_finite
from resnet_gui.core.window import Piece


class MeanSeries(Series):
    """The mean of runs that differ in their seed alone, as far as at least two of them go, and a band around it."""

    def __init__(self, members: Sequence[Series]) -> None:
        super().__init__(members[0].run, members[0].quantity)
        self.members = members
        self._sizes: tuple[object, ...] = ()
        self._band_at = (EMPTY, EMPTY, EMPTY)

    @property
    def size(self) -> tuple[int, ...]:
        """What changes while the runs are trained."""
        return tuple(number for member in self.members for number in member.size)

    @property
    def steps(self) -> int:
        """How far at least two go."""
        return sorted(len(member.curve) for member in self.members)[-2]

    def update(self, pieces: Sequence[Piece], ruler: Ruler, options: CurveOptions, raw: bool = True) -> float:
        """Get ready to draw `pieces`, without raw values: those of several seeds would hide the band.

        Returns minus infinity if anything changed: a seed that ends moves the mean.
        """
        key = (tuple(pieces), options, self.quantity, ruler.unit, self.size)
        if key == self._key:
            return math.inf
        self._key, self._ruler, self._options = key, ruler, options
        self.smooth = self.marks = (EMPTY, EMPTY)
        self.band = (EMPTY, EMPTY, EMPTY)
        if options.split is not Split.VALIDATION:
            found = [
                member.averages(pieces, ruler.reach(min(len(member.curve), self.steps)), options.span)
                for member in self.members
            ]
            steps, mean, low, high = self._mean(found, options.spread)
            self.smooth, self.band = (ruler.places(steps), mean), (ruler.places(steps), low, high)
        if options.split is not Split.TRAINING:
            found = [member.validation() for member in self.members]
            steps, mean, low, high = self._mean(found, options.spread)
            self.marks = ruler.places(steps), mean
            if options.split is Split.VALIDATION:
                self.band = ruler.places(steps), low, high
        return -math.inf

    def read(self, place: float) -> tuple[float | None, float | None]:
        """Mean of training and of validation there, as drawn; None where there is none."""
        training = None
        if len(self.smooth[0]) and self._reaches(place):
            training = float(np.interp(place, *self.smooth))
        return training, self._read_marks(place) if self._reaches(place) else None

    def nearest(self, place: float, value: float) -> Run:
        """The run whose own curve is nearest to `value`, as drawn, at `place`."""

        def distance(member: Series) -> float:
            step = round(float(self._ruler.steps(np.array([place]))[0])) if self._ruler is not None else 0
            span = max(self._options.span, 2)
            around = member.curve.values[max(0, step - span) : step + span]
            around = around[np.isfinite(around)]
            if not len(around):
                return math.inf
            return abs(float(self.shown(np.array([around.mean(dtype=np.float64)]))[0]) - value)

        return min(self.members, key=distance).run

    def _reaches(self, place: float) -> bool:
        if self._ruler is None or not self.steps:
            return False
        first, last = self._ruler.places(np.array([1.0, float(self.steps)]))
        return bool(first <= place <= last)

    def _mean(self, found: Sequence[tuple[Floats, Floats]], spread: Spread) -> tuple[Floats, Floats, Floats, Floats]:
        """Steps, means and bands, as drawn, of the members' `found` steps and values."""
        steps = np.unique(np.concatenate([steps for steps, _ in found]))
        table = np.full((len(found), len(steps)), np.nan)
        for row, (at, values) in zip(table, found, strict=True):
            row[np.searchsorted(steps, at)] = values
        mean, low, high = mean_and_band(table, spread)
        steps, mean, low, high = where_finite(mean, steps, mean, low, high)
        low, high = self.shown(low), self.shown(high)
        if self.quantity is Quantity.ERROR:
            low, high = high, low
        return steps, self.shown(mean), low, high
