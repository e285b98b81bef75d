"""A sweep: one run for each combination of depth, shortcut type and seed; and how long it will take."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resnet_gui.core.architecture import SHORTCUT_SETTINGS, Architecture, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.comparison import SHORTCUT_WORDS
from resnet_gui.core.errors import ArchitectureError, RecipeError
from resnet_gui.core.estimate import (
    EVALUATION_SHARE,
    TRAINING_IMAGES,
    Calibration,
    seconds_per_epoch,
    seconds_per_step,
    seconds_to_first_step,
)
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import TEST_IMAGES, Labels, Run, State, new_run_id

MAX_RUNS = 500  # of a sweep; more is a mistake in typing, or takes weeks
_SHOWN = 40  # characters of foreign text in a message


@dataclass(frozen=True)
class Sweep:
    """All combinations of `blocks`, `shortcuts` and `seeds`; everything else is as in `base`.

    `seeds` are the seeds, or how many from the base's on. `settings` are those of single shortcut types, such as
    ("gate_bias", -3.0), where they differ from the base's. Doubles are dropped, depths put in order. Raises
    ArchitectureError or RecipeError if any combination cannot be built, if there is none, or if there are too many.
    """

    base: Experiment
    blocks: tuple[int, ...]
    shortcuts: tuple[Shortcut, ...]
    seeds: int | tuple[int, ...] = 1
    settings: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(sorted(set(self.blocks))))
        object.__setattr__(self, "shortcuts", tuple(dict.fromkeys(Shortcut(kind) for kind in self.shortcuts)))
        if isinstance(self.seeds, int):
            if not 1 <= self.seeds <= MAX_RUNS:
                raise RecipeError(f"The number of seeds must be from 1 to {MAX_RUNS}; got {self.seeds}.")
        else:
            object.__setattr__(self, "seeds", tuple(dict.fromkeys(self.seeds)))
        for values, what in ((self.blocks, "depth"), (self.shortcuts, "shortcut type"), (self.all_seeds, "seed")):
            if not values:
                raise RecipeError(f"A sweep needs at least one {what}.")
        if len(self) > MAX_RUNS:
            raise RecipeError(
                f"A sweep trains at most {MAX_RUNS} runs; {len(self.blocks)} depths, {len(self.shortcuts)} shortcut "
                f"types and {len(self.all_seeds)} seeds make {len(self):,}."
            )
        self.experiments()

    def __len__(self) -> int:
        """The number of runs."""
        return len(self.blocks) * len(self.shortcuts) * len(self.all_seeds)

    @property
    def all_seeds(self) -> tuple[int, ...]:
        """Each seed."""
        if isinstance(self.seeds, tuple):
            return self.seeds
        first = self.base.recipe.seed
        return tuple(range(first, first + self.seeds))

    def architectures(self) -> tuple[Architecture, ...]:
        """The networks, shallow to deep, and of each depth all shortcut types."""
        return tuple(self._architecture(blocks, kind) for blocks in self.blocks for kind in self.shortcuts)

    def experiments(self) -> tuple[Experiment, ...]:
        """The experiments in the order in which they are worth training.

        With the first seed all networks, the shallow ones, which are quick, first: the whole picture is there after one
        seed, and grows evenly from left to right meanwhile. Further seeds then say how sure it is.
        """
        architectures = self.architectures()
        recipes = [replace(self.base.recipe, seed=seed) for seed in self.all_seeds]
        return tuple(Experiment(architecture, recipe) for recipe in recipes for architecture in architectures)

    def runs(self, tag: str = "") -> list[Run]:
        """New runs that wait, one for each experiment, labelled with `tag` and named so that they can be told apart."""
        labels = Labels(tags=(tag,) if tag else ())
        runs = [Run(new_run_id(each), each, labels, state=State.QUEUED) for each in self.experiments()]
        names = run_names(runs)
        for run in runs:
            if names[run.id] != run.name:
                run.labels = replace(labels, name=names[run.id])
        return runs

    def _architecture(self, blocks: int, kind: Shortcut) -> Architecture:
        settings: dict[str, Any] = {name: value for name, value in self.settings if kind in SHORTCUT_SETTINGS[name]}
        try:
            return replace(self.base.architecture, blocks=blocks, shortcut=kind, **settings)
        except ArchitectureError as error:
            raise ArchitectureError(
                f"{blocks} blocks with the shortcut {SHORTCUT_WORDS.get(kind, kind)} cannot be trained: {error}"
            ) from None


def new_tag() -> str:
    """A tag to find the runs of one sweep by, such as `sweep 3f2a9c`."""
    return f"sweep {os.urandom(3).hex()}"


def parse_blocks(text: str) -> tuple[int, ...]:
    """The depths in a text such as `2, 8, 24`. Raises ArchitectureError if it is no such list."""
    words = _words(text)
    if not all(re.fullmatch("[0-9]{1,9}", word) for word in words):
        raise ArchitectureError(
            f"Blocks per stage are whole numbers with commas between them, such as 2, 8, 24; got {text[:_SHOWN]!a}."
        )
    return tuple(dict.fromkeys(int(word) for word in words))


def parse_shortcuts(text: str) -> tuple[Shortcut, ...]:
    """The shortcut types in a text such as `none, identity`, also by the papers' letters. Raises ArchitectureError."""
    kinds = []
    for word in _words(text):
        try:
            kinds.append(Shortcut(word))
        except ValueError:
            raise ArchitectureError(
                f"The shortcut {word[:_SHOWN]!a} is not one of {', '.join(Shortcut)} (or B, C)."
            ) from None
    return tuple(dict.fromkeys(kinds))


def estimate(sweep: Sweep, calibration: Calibration) -> float:
    """Seconds that the whole sweep takes on the machine of `calibration`; compiling and testing included."""
    return sum(seconds for _, seconds in estimates(sweep, calibration))


def estimates(sweep: Sweep, calibration: Calibration) -> Iterator[tuple[Architecture, float]]:
    """Each network and the seconds for all its seeds. Very deep ones take a while: go on when there is time."""
    for architecture in sweep.architectures():
        yield architecture, len(sweep.all_seeds) * _seconds(replace(sweep.base, architecture=architecture), calibration)


def _seconds(experiment: Experiment, calibration: Calibration) -> float:
    """Of one run. What another one compiled is not counted on: few graphs are kept."""
    recipe = experiment.recipe
    epoch = seconds_per_epoch(experiment, calibration, TRAINING_IMAGES[recipe.dataset])
    blueprint = make_blueprint(experiment.architecture)
    step = seconds_per_step(blueprint, recipe.batch_size, recipe.optimizer, calibration)
    test = EVALUATION_SHARE * step * TEST_IMAGES[recipe.dataset.test] / recipe.batch_size
    return seconds_to_first_step(experiment, calibration) + recipe.epochs * epoch + test


def roughly(seconds: float) -> str:
    """A time no more exact than an estimate: 40 s, 9 min, 2 h 10 min."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    tens = 10 * round(minutes / 10)
    return f"{tens // 60} h {tens % 60:02d} min" if tens % 60 else f"{tens // 60} h"


def run_names(runs: Sequence[Run]) -> dict[str, str]:
    """What to call the runs of a sweep, by id: the network, and what tells it from the others, such as its seed."""
    kinds = {run.experiment.architecture.shortcut for run in runs} - {Shortcut.NONE}
    seeds = {run.experiment.recipe.seed for run in runs}
    names = {}
    for run in runs:
        architecture, parts = run.experiment.architecture, [run.experiment.architecture.name]
        if len(kinds) > 1 and architecture.shortcut is not Shortcut.NONE:
            parts.append(SHORTCUT_WORDS.get(architecture.shortcut, str(architecture.shortcut)))
        if len(seeds) > 1:
            parts.append(f"seed {run.experiment.recipe.seed}")
        names[run.id] = ", ".join(parts)
    return names


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", text) if word]
