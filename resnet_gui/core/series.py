"""What is drawn of a run, or of the mean of several, in a window: as many points as can be told apart, and no more."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.bins import FIRST_BIN, Bins
from resnet_gui.core.curve_options import CurveOptions, Quantity, Split
from resnet_gui.core.history import smoothed
from resnet_gui.core.ruler import Ruler
from resnet_gui.core.run import Run
from resnet_gui.core.window import Piece

MOST_MARKS = 100  # of one line; more would run into each other
DENSE = 2  # steps between two points of a smoothed line; beyond that raw values are drawn in bins
LEAST_TAIL = 8  # steps; of fewer the end of a smoothed line would be all noise
# What is drawn of a value of 0 or less on a logarithmic axis.
FLOORS = {Quantity.LOSS: 1e-6, Quantity.ERROR: 1e-2, Quantity.ACCURACY: 1e-2}

Floats = NDArray[np.floating[Any]]
EMPTY: Floats = np.zeros(0)


class Series:
    """One quantity of one run in a window. All places and values are as they are drawn, logarithms included.

    `raw`: place of the left and right edge of each bin, its lowest and highest value.
    `smooth`: places and values. `marks`: places and values of validation.
    `band`: places, lower and upper ends; empty for a single run.
    """

    def __init__(self, run: Run, quantity: Quantity) -> None:
        self.run, self.quantity = run, quantity
        self.curve = run.history.loss if quantity is Quantity.LOSS else run.history.accuracy
        self.bins = Bins(self.curve)
        self.raw = (EMPTY, EMPTY, EMPTY, EMPTY)
        self.smooth = self.marks = (EMPTY, EMPTY)
        self.band = (EMPTY, EMPTY, EMPTY)
        self.single = 0  # how many of `raw`, from the left, are steps and no bins: both edges are the step's place
        self._figure = "validation_loss" if quantity is Quantity.LOSS else "validation_accuracy"
        self._ruler: Ruler | None = None
        self._options = CurveOptions()
        self._key: tuple[object, ...] = ()
        self._end, self._settled = 0, -math.inf
        self._validated: tuple[object, tuple[Floats, Floats]] = ((), (EMPTY, EMPTY))

    @property
    def size(self) -> tuple[int, ...]:
        """What changes while the run is trained."""
        history = self.run.history
        return len(self.curve), self.curve.cuts, len(history.seconds), len(history.epochs)

    @property
    def steps(self) -> int:
        """How far it is drawn."""
        return len(self.curve)

    def update(self, pieces: Sequence[Piece], ruler: Ruler, options: CurveOptions, raw: bool = True) -> float:
        """Get ready to draw `pieces`, with the `raw` values behind the smoothed ones or without.

        Returns the place from which on it looks different now; infinity if nowhere.
        """
        length = ruler.reach(len(self.curve))
        starts = tuple((piece.first, piece.spacing) for piece in pieces)
        key = (starts, options, raw, self.quantity, ruler.unit, self.curve.cuts, len(self.run.history.epochs))
        end = min(length, pieces[-1].last + options.span) if pieces else 0
        if (key, end) == (self._key, self._end):
            return math.inf
        grown = key == self._key and end > self._end
        changed = self._settled if grown else -math.inf
        self._key, self._end, self._ruler, self._options = key, end, ruler, options
        training = options.split is not Split.VALIDATION
        self.raw = self._raw(pieces, length) if training and (raw or options.span == 1) else (EMPTY,) * 4
        steps, values = self.averages(pieces, length, options.span) if training and options.span > 1 else (EMPTY, EMPTY)
        settled = steps[max(0, len(steps) - 2) :][:1]
        if training and options.span > 1 and pieces and end == length:
            steps, values = self._with_tail(steps, values, max(options.span, pieces[-1].spacing), pieces[-1].spacing)
        steps, values = where_finite(values, steps, values)
        self.smooth = ruler.places(steps), self.shown(values)
        marked, figures = self.validation() if options.split is not Split.TRAINING else (EMPTY, EMPTY)
        self.marks = ruler.places(marked), self.shown(figures)
        # The last points of a line move while their bins fill; all before them stay.
        ends = [self.raw[0][-1:], ruler.places(settled)]
        self._settled = min((float(places[0]) for places in ends if len(places)), default=-math.inf)
        return changed

    def averages(self, pieces: Sequence[Piece], length: int, span: int) -> tuple[Floats, Floats]:
        """Middles and means of `span` steps at least, the same steps for every run; no further than step `length`."""
        parts = []
        for number, piece in enumerate(pieces):
            last = piece.last if number < len(pieces) - 1 else piece.last + span
            # Of few steps each has its own mean, but of many bins are enough where the mean is one of many steps.
            coarse = span >= 8 * FIRST_BIN and piece.last - piece.first > 4 * FIRST_BIN
            size = piece.spacing if piece.spacing >= FIRST_BIN else FIRST_BIN if coarse else 0
            first, last = piece.first, min(last, length)
            if first < last:
                means = self._binned(first, last, size, span) if size else self._direct(piece, last, span)
                parts.append(means)
        steps, values = _chained(parts, 2)
        return steps, values

    def validation(self) -> tuple[Floats, Floats]:
        """Steps and figures of the epochs that were validated; of very many the best and the worst."""
        if self._validated[0] == (read := (len(self.run.history.epochs), self.curve.cuts)):
            return self._validated[1]
        figures = [(epoch.step, getattr(epoch, self._figure)) for epoch in self.run.history.epochs]
        known = [(step, value) for step, value in figures if value is not None and math.isfinite(value)]
        steps, values = np.array(known, float).reshape(-1, 2).T
        self._validated = read, thinned(steps, values, MOST_MARKS)
        return self._validated[1]

    def read(self, place: float) -> tuple[float | None, float | None]:
        """Training and validation there, as drawn; None where there is none. Validation holds until the next one."""
        if self._ruler is None:
            return None, None
        step = round(float(self._ruler.steps(np.array([place]))[0]))
        if not 1 <= step <= self.steps:
            return None, None
        training = None
        if self._options.span > 1 and len(self.smooth[0]):
            training = float(np.interp(place, *self.smooth))
        elif self._options.span == 1 and self._options.split is not Split.VALIDATION:
            training = float(self.shown(self.curve.values[step - 1 : step])[0])
        return training, self._read_marks(place)

    def unshown(self, value: float) -> float:
        """The quantity itself, of a value as it is drawn."""
        return float(10.0**value) if self._options.logarithmic(self.quantity) else value

    def shown(self, values: Floats) -> Floats:
        """`values` as they are drawn: percent for shares, a logarithm on a logarithmic axis."""
        drawn = np.asarray(values, float)  # float32 would overflow where a loss goes to its largest number
        if self.quantity is not Quantity.LOSS:
            drawn = 100 * (1 - drawn) if self.quantity is Quantity.ERROR else 100 * drawn
        if not self._options.logarithmic(self.quantity):
            return drawn
        logarithms: Floats = np.log10(np.maximum(drawn, FLOORS[self.quantity]))
        return logarithms

    def _read_marks(self, place: float) -> float | None:
        before = int(np.searchsorted(self.marks[0], place, side="right"))
        return float(self.marks[1][before - 1]) if before else None

    def _raw(self, pieces: Sequence[Piece], length: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Bins of a quarter of the spacing: wide lines cost by their corners, and show less detail."""
        parts, singles = [], 0.0
        for piece in pieces:
            size, last = max(1, piece.spacing // 4), min(piece.last, length)
            if piece.spacing <= DENSE and piece.first <= singles:
                singles = float(last)
            if piece.first < last:
                low, high = self.bins.extremes(piece.first, last, size)
                left = piece.first + size * np.arange(len(low)) + 0.5
                parts.append((left, left + size, low, high))
        left, right, low, high = _chained(parts, 4)
        left, right, low, high = where_finite(low, left, right, low, high)
        low, high = self.shown(low), self.shown(high)
        if self.quantity is Quantity.ERROR:
            low, high = high, low
        assert self._ruler is not None
        self.single = int(np.searchsorted(right, singles + 1))
        middles = (left[: self.single] + right[: self.single]) / 2
        left, right = (np.concatenate([middles, edges[self.single :]]) for edges in (left, right))
        return self._ruler.places(left), self._ruler.places(right), low, high

    def _direct(self, piece: Piece, last: int, span: int) -> tuple[Floats, Floats]:
        """Means of the values themselves."""
        first, spacing = piece.first, piece.spacing
        span = max(span, spacing)
        start = max(0, first - span + 1)
        values = smoothed(self.curve.values[start:last], span, slice(first - start, None, spacing))
        steps = np.arange(first + 1, last + 1, spacing)
        return steps - np.minimum(steps - 1, span - 1) / 2, values.astype(float)

    def _binned(self, first: int, last: int, size: int, span: int) -> tuple[Floats, Floats]:
        """Means of whole bins."""
        bins = max(1, round(span / size))
        begin = first // size * size
        start = max(0, begin - (bins - 1) * size)
        middles, means = self.bins.means(start, last, size)
        if bins > 1:
            means = smoothed(means, bins)
            middles = middles - np.minimum(np.arange(len(middles)), bins - 1) * size / 2
        skipped = (begin - start) // size
        return middles[skipped:], means[skipped:].astype(float)

    def _with_tail(self, steps: Floats, values: Floats, span: int, spacing: int) -> tuple[Floats, Floats]:
        """A mean lies in the middle of its steps, so the line would end half a span early: go on with ever fewer."""
        length = len(self.curve)
        more: list[tuple[float, float]] = []
        while span >= min(max(LEAST_TAIL, spacing), 2 * span):
            end = self.curve.values[max(0, length - span) :]
            end = end[np.isfinite(end)]
            place = (max(0, length - span) + 1 + length) / 2
            if len(end) and place > (more[-1][0] if more else steps[-1] if len(steps) else 0):
                more.append((place, float(end.mean(dtype=np.float64))))
            span //= 2
        if not more:
            return steps, values
        places, means = np.array(more).T
        return np.concatenate([steps, places]), np.concatenate([values, means])

    def extent(self) -> tuple[float, float]:
        """The range of values worth seeing, the wrong way round if there is none.

        A diverging end must not flatten everything before it.
        """
        line = self.smooth[1]
        drawn = np.concatenate([*self.raw[2:], *self.band[1:], self.marks[1], line])
        lowest, top = math.inf, -math.inf
        if len(drawn):
            # On a logarithmic axis a single batch without an error would take half of the height.
            calm = np.concatenate([line, self.marks[1]])
            deepest = calm if self._options.logarithmic(self.quantity) and len(calm) else drawn
            lowest = float(deepest.min())
            rank = round(0.995 * (len(drawn) - 1))
            top = float(np.partition(drawn, rank)[rank])
        if len(line):
            first = self.unshown(float(line[0]))
            limit = math.log10(3 * first) if self._options.logarithmic(self.quantity) else 3 * first
            top = max(min(top, limit), float(line[0]))
        return lowest, top


def _chained(parts: Sequence[tuple[Floats, ...]], width: int) -> tuple[Floats, ...]:
    if not parts:
        return (EMPTY,) * width
    return parts[0] if len(parts) == 1 else tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def where_finite(deciding: Floats, *arrays: Floats) -> tuple[Floats, ...]:
    """`arrays` without the points where `deciding` is not finite."""
    finite = np.isfinite(deciding)
    return arrays if finite.all() else tuple(each[finite] for each in arrays)


def thinned(steps: Floats, values: Floats, most: int) -> tuple[Floats, Floats]:
    """At most `most` of the points: the lowest and the highest of each group of neighbours."""
    if len(values) <= most:
        return steps, values
    groups = np.array_split(np.arange(len(values)), most // 2)
    kept = [i for group in groups for i in sorted({group[values[group].argmin()], group[values[group].argmax()]})]
    return steps[kept], values[kept]
