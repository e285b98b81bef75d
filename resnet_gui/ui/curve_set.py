"""The compared runs as curves: one for each run, or one for the mean of those that differ in their seed alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF

from resnet_gui.core.comparison import Entry, grouped
from resnet_gui.core.curve_options import Axis, CurveOptions, Quantity, Split, Spread
from resnet_gui.core.mean_series import MeanSeries
from resnet_gui.core.ruler import Ruler
from resnet_gui.core.run import Run
from resnet_gui.core.seeds import LEAST
from resnet_gui.core.series import Series
from resnet_gui.core.window import Piece, Window, pieces_of
from resnet_gui.ui.curve_lines import Line
from resnet_gui.ui.curves_legend import Key
from resnet_gui.ui.curves_readout import Row
from resnet_gui.ui.theme import Colors


class _Shown:
    """A compared run, with what was made of its steps: that is kept as long as the run is compared."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._loss = Series(entry.run, Quantity.LOSS)
        self._share = Series(entry.run, Quantity.ACCURACY)

    def series(self, quantity: Quantity) -> Series:
        """Of `quantity`; accuracy and error are two ways to show the same."""
        if quantity is Quantity.LOSS:
            return self._loss
        self._share.quantity = quantity
        return self._share


@dataclass(frozen=True)
class Drawn:
    """A run, or the mean of several, in all plots."""

    key: Key
    runs: tuple[Run, ...]
    ruler: Ruler
    lines: tuple[Line, ...]  # one for each plot

    @property
    def size(self) -> tuple[object, ...]:
        """What changes while the runs are trained."""
        return (*(line.series.size for line in self.lines), self.ruler.unit)

    @property
    def active(self) -> bool:
        """Whether it still grows."""
        return any(run.state.active for run in self.runs)

    def pieces(self, window: Window, options: CurveOptions) -> list[Piece]:
        """The steps that are drawn in `window`, the same in all plots."""
        return pieces_of(window, self.ruler, self.ruler.reach(self.lines[0].series.steps), options.log_x)

    def read(self, place: QPointF, number: int, options: CurveOptions) -> Row | None:
        """What it says at `place` of the plot with this number; None where it says nothing."""
        cells, heights = [], []
        for at, line in enumerate(self.lines):
            series = line.series
            training, validation = series.read(place.x())
            said = "" if training is None else _written(series.unshown(training), series.quantity)
            if validation is not None:
                figure = _written(series.unshown(validation), series.quantity)
                said = f"{said} ({figure})" if options.split is Split.BOTH else figure
            cells.append(said.strip())
            if at == number:
                heights = [value for value in (training, validation) if value is not None]
        if not heights:
            return None
        nearest = min(heights, key=lambda height: abs(height - place.y()))
        return Row(self.key.name, self.key.color, tuple(cells), heights[0], abs(nearest - place.y()))

    def nearest(self, place: QPointF, number: int) -> Run:
        """The run that is meant at `place` of the plot with this number."""
        series = self.lines[number].series
        return series.nearest(place.x(), place.y()) if isinstance(series, MeanSeries) else series.run


class CurveSet:
    """The runs that are compared. What was made of a run's steps stays as long as the run does."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}

    @property
    def runs(self) -> list[Run]:
        """In the order that they were given in."""
        return [shown.entry.run for shown in self._shown.values()]

    @property
    def has_seeds(self) -> bool:
        """Whether some of the runs differ in their seed alone."""
        return any(len(group) >= LEAST for group in grouped(self._entries, "seed"))

    @property
    def _entries(self) -> list[Entry]:
        return [shown.entry for shown in self._shown.values()]

    def show(self, entries: Sequence[Entry]) -> None:
        """Compare these runs, and no others."""
        before, self._shown = self._shown, {}
        for entry in entries:
            shown = before.get(entry.run.id)
            if shown is None or shown.entry.run is not entry.run:
                shown = _Shown(entry)
            shown.entry = entry
            self._shown[entry.run.id] = shown

    def curves(self, options: CurveOptions, colors: Colors) -> list[Drawn]:
        """What is to be drawn of them."""
        groups = grouped(self._entries, "seed")
        if options.spread is Spread.EACH:
            groups = [(entry,) for entry in self._entries]
        return [self._curve(group, options, colors) for group in groups]

    def _curve(self, group: Sequence[Entry], options: CurveOptions, colors: Colors) -> Drawn:
        first = group[0]
        runs = tuple(entry.run for entry in group)
        lines = []
        for quantity in options.plots.quantities:
            members = [self._shown[run.id].series(quantity) for run in runs]
            lines.append(Line(members[0] if len(members) < LEAST else MeanSeries(members)))
        name, tip = first.name, _told(first)
        if len(group) >= LEAST:
            lowest_to_highest = options.spread is Spread.RANGE
            name = f"{first.name}: mean {'and range' if lowest_to_highest else '± SD'}, {len(group)} seeds"
            band = "from the lowest to the highest" if lowest_to_highest else "one standard deviation to both sides"
            names = ", ".join(entry.name for entry in group)
            tip = f"The mean of {names}, which differ in their seed alone, as far as at least two go.\nBand: {band}."
        key = Key(first.run.id, name, colors.runs[first.color % len(colors.runs)], tip)
        return Drawn(key, runs, Ruler(runs, options.axis, options.log_x), tuple(lines))


def title_at(x: float, curves: Sequence[Drawn], options: CurveOptions) -> str:
    """What a place on the horizontal axis is called."""
    value = 10.0**x if options.log_x else x
    match options.axis:
        case Axis.STEP:
            step = round(float(curves[0].ruler.steps(np.array([x]))[0])) if curves else round(value)
            return f"Step {step:,}"
        case Axis.EPOCH:
            return f"Epoch {value:,.2f}"
        case Axis.IMAGES:
            return f"{value:,.0f} images seen"
    return f"{value:,.1f} s of training"


def _told(entry: Entry) -> str:
    """A run's settings in one line."""
    recipe, architecture = entry.run.experiment.recipe, entry.run.experiment.architecture
    return (
        f"{entry.name}: {architecture.stages} × {architecture.blocks} blocks, {architecture.shortcut} shortcut, "
        f"{recipe.optimizer} at {recipe.learning_rate:g}, batch {recipe.batch_size}, seed {recipe.seed}"
    )


def _written(value: float, quantity: Quantity) -> str:
    return f"{value:.4g}" if quantity is Quantity.LOSS else f"{value:.1f}%"
