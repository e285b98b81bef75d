"""What depth does: figures of runs over the depth of their networks, a line for each kind of network.

A kind is everything but the number of blocks and the seed. This is the picture of He et al. 2015, figure 6: plain
networks get worse with depth, residual ones do not.
"""

import enum
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.comparison import Entry, differing, grouped, settings, words
from resnet_gui.core.history import Curve
from resnet_gui.core.run import Run, State
from resnet_gui.core.statistics import Difference, Interval, compare_accuracies, compare_seeds, spread, wilson_interval

MOST_WORDS = 3  # settings in the name of a line
LAST_STEPS = 20  # training figures are means over so many last steps: single batches scatter


class XAxis(enum.StrEnum):
    """What the networks stand in order of."""

    LAYERS = "layers"  # weighted ones, the number in a network's name
    BLOCKS = "blocks per stage"


@dataclass(frozen=True)
class Figure:
    """One number about a run. `value` is None for a run that does not have it (yet)."""

    name: str  # within a sentence
    title: str  # of the axis
    help: str
    value: Callable[[Run], float | None]
    percent: bool = True
    higher_is_better: bool = False
    tested: bool = False  # measured on the test images alone, which says how sure it is

    def text(self, value: float) -> str:
        """`value` as it is read: `0.21`, `2.35 %`."""
        if not self.percent:
            return f"{value:.3g}"
        return f"{value:.{1 if 10 <= value <= 90 else 2}f} %"


def _last(curve: Curve) -> float | None:
    """The mean over the last steps, as far as they are finite."""
    values = curve.values[-LAST_STEPS:].astype(np.float64)
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _error(share: float | None) -> float | None:
    return None if share is None or not math.isfinite(share) else 100 * (1 - share)


def _accuracy(share: float | None) -> float | None:
    return None if share is None or not math.isfinite(share) else 100 * share


FIGURES: dict[str, Figure] = {
    "test_error": Figure(
        "test error",
        "Test error (%)",
        "Share of the test images that are misread; measured once training is finished.",
        lambda run: _error(run.test_accuracy),
        tested=True,
    ),
    "training_loss": Figure(
        "training loss",
        "Training loss",
        f"Mean loss of the last {LAST_STEPS} training steps: a network that cannot even fit its training images has "
        "not overfitted.",
        lambda run: _last(run.history.loss),
        percent=False,
    ),
    "training_error": Figure(
        "training error",
        "Training error (%)",
        f"Share of the training images of the last {LAST_STEPS} steps that were misread.",
        lambda run: _error(_last(run.history.accuracy)),
    ),
    "validation_error": Figure(
        "best validation error",
        "Best validation error (%)",
        "Least share of the held-out training images that were misread after an epoch.",
        lambda run: _error(run.history.best_accuracy),
    ),
    "test_accuracy": Figure(
        "test accuracy",
        "Test accuracy (%)",
        "Share of the test images that are read rightly; measured once training is finished.",
        lambda run: _accuracy(run.test_accuracy),
        higher_is_better=True,
        tested=True,
    ),
}


@dataclass(frozen=True)
class Point:
    """The networks of one kind and one depth. `value` is the mean over seeds, None if all diverged.

    `bar` is one standard deviation to either side; with one seed the 95 % interval of a figure of the test images, and
    None for all others.
    """

    blocks: int
    layers: int
    value: float | None
    deviation: float | None
    bar: Interval | None
    seeds: tuple[float, ...]  # the figure of each seed
    entries: tuple[Entry, ...]  # the runs behind it
    diverged: tuple[Entry, ...]
    finished: bool  # whether all runs behind it were trained to their end

    def x(self, axis: XAxis) -> int:
        """Where it stands."""
        return self.layers if axis is XAxis.LAYERS else self.blocks

    def best(self, figure: Figure) -> Entry:
        """The run with the best figure; of runs that diverged the first."""
        known = [(value, entry) for entry in self.entries if (value := figure.value(entry.run)) is not None]
        if not known:
            return self.diverged[0]
        return (max if figure.higher_is_better else min)(known, key=lambda pair: pair[0])[1]


@dataclass(frozen=True)
class Series:
    """Networks of one kind, shallow to deep."""

    label: str  # such as `identity, width 32`
    shortcut: Shortcut
    variant: str  # what tells it from other series with its shortcut, such as `width 32`
    points: tuple[Point, ...]

    @property
    def measured(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True)
class DepthChart:
    """One figure of many runs over depth. `notes` are sentences about what is not seen, or not as it seems."""

    figure: Figure
    series: tuple[Series, ...]
    notes: tuple[str, ...]


def depth_chart(entries: Sequence[Entry], figure: Figure) -> DepthChart:
    """The chart of `figure` for these runs: plain networks first, then in the order of Shortcut."""
    kinds = grouped(entries, "blocks", "seed")
    names = [name for name in differing(kind[0].run for kind in kinds) if name not in ("blocks", "seed", "shortcut")]
    series = [_series(kind, names, figure) for kind in kinds]
    order = list(Shortcut)
    series.sort(key=lambda each: order.index(each.shortcut))
    return DepthChart(figure, tuple(each for each in series if each.points), tuple(_notes(entries, figure)))


def difference(first: Point, second: Point, figure: Figure, names: tuple[str, str] = ("A", "B")) -> Difference | None:
    """How much better `first` is than `second`; None where nothing says what chance does.

    Two groups of seeds are compared by their spread, single runs by the number of test images. Of figures that are no
    shares only `shown` and `evidence` mean something.
    """
    sign = 1 if figure.higher_is_better else -1
    a, b = ([sign * value / 100 for value in point.seeds] for point in (first, second))
    if min(len(a), len(b)) > 1:
        return compare_seeds(a, b, names)
    images = first.entries[0].run.tested_on if first.entries else None
    if figure.tested and images and len(a) == len(b) == 1:
        shift = 0 if figure.higher_is_better else 1
        return compare_accuracies(_share(a[0] + shift), _share(b[0] + shift), images, names)
    return None


def _series(kind: tuple[Entry, ...], names: Iterable[str], figure: Figure) -> Series:
    values = settings(kind[0].run)
    variant = words(values, names)
    if variant.count(", ") >= MOST_WORDS:
        variant = f"{', '.join(variant.split(', ')[:MOST_WORDS])}, …"
    label = words(values, ["shortcut"])
    points = [_point(group, figure) for group in grouped(kind, "seed")]
    known = [point for point in points if point is not None]
    known.sort(key=lambda point: point.blocks)
    return Series(f"{label}, {variant}" if variant else label, values["shortcut"], variant, tuple(known))


def _point(group: tuple[Entry, ...], figure: Figure) -> Point | None:
    """The runs of one kind and depth; None if there is nothing to show of them."""
    diverged = tuple(entry for entry in group if entry.run.state is State.DIVERGED)
    by_seed: dict[int, list[float]] = {}
    behind = []
    for entry in group:
        value = figure.value(entry.run)
        if value is not None and entry.run.state is not State.DIVERGED:
            by_seed.setdefault(entry.run.experiment.recipe.seed, []).append(value)
            behind.append(entry)
    if not behind and not diverged:
        return None
    architecture = group[0].run.experiment.architecture
    make = partial(
        Point,
        architecture.blocks,
        architecture.depth,
        entries=tuple(behind),
        diverged=diverged,
        finished=all(entry.run.state is State.FINISHED for entry in behind),
    )
    if not behind:
        return make(None, None, None, ())
    seeds = tuple(float(np.mean(values)) for values in by_seed.values())  # the same seed twice is no second seed
    middle = spread(seeds)
    bar = None
    if middle.deviation is not None:
        low, high = middle.mean - middle.deviation, middle.mean + middle.deviation
        bar = Interval(max(0.0, low), min(100.0, high) if figure.percent else high)
    elif figure.tested and (images := behind[0].run.tested_on):
        share = _share(middle.mean / 100)
        interval = wilson_interval(share, images)
        bar = Interval(100 * interval.low, 100 * interval.high)
    return make(middle.mean, middle.deviation, bar, seeds)


def _notes(entries: Sequence[Entry], figure: Figure) -> Iterator[str]:
    kinds = Counter(_standing(entry.run, figure) for entry in entries)
    if count := kinds["diverged"]:
        yield f"{_runs(count)} diverged: {'a cross' if count == 1 else 'crosses'} at the top."
    if count := kinds["pending"]:
        yield f"{_runs(count)} {'has' if count == 1 else 'have'} no {figure.name} yet."
    if count := kinds["without"]:
        yield f"{_runs(count)} ended without a {figure.name}."
    if count := kinds["unfinished"]:
        yield f"Hollow: {_runs(count)} not trained to the end."


def _standing(run: Run, figure: Figure) -> str:
    if run.state is State.DIVERGED:
        return "diverged"
    if figure.value(run) is None:
        return "pending" if run.state.active or run.state is State.QUEUED else "without"
    return "finished" if run.state is State.FINISHED else "unfinished"


def _share(value: float) -> float:
    """`value` without what rounding put beyond 0 and 1."""
    return min(1.0, max(0.0, value))


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"
