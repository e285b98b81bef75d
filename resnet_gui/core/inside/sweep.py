"""Sweeps of lesions: each block removed in turn, ever more random blocks removed, ever more pairs exchanged.

After Veit, Wilber and Belongie 2016 (arXiv 1605.06431): section 4.1 deletes single blocks, 4.2 several, 4.3 shuffles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import ClassVar

import numpy as np

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion, exchangeable, removable
from resnet_gui.core.inside.question import Question
from resnet_gui.core.statistics import Interval, wilson_interval

MOST_STEPS = 13  # numbers of removed blocks, or of exchanged pairs, in one sweep: more would be hard to wait for
MOST_DRAWS = 50


class SweepKind(StrEnum):
    """What a sweep does to the network."""

    EACH = "each"
    RANDOM = "random"
    SHUFFLE = "shuffle"


@dataclass(frozen=True)
class SweepQuestion(Question):
    """How many test images are misread under each lesion of a sweep? Answer: Sweep, of the network as it was trained.

    `draws` lesions for each number of random blocks or pairs, which all follow from `seed`; the first `images` test
    images are read, all for 0.
    """

    of_picture: ClassVar[bool] = False

    kind: SweepKind = SweepKind.EACH
    draws: int = 5
    seed: int = 0
    images: int = 0


@dataclass(frozen=True)
class Score:
    """So many of so many test images are read rightly."""

    right: int
    images: int

    @property
    def error(self) -> float:
        """The share that is misread; not a number before any was read."""
        return 1 - self.accuracy

    @property
    def accuracy(self) -> float:
        """The share that is read."""
        return self.right / self.images if self.images else float("nan")

    @property
    def interval(self) -> Interval:
        """95 % of the error, as `wilson_interval`. Raises ValueError before any image was read."""
        return wilson_interval(self.error, self.images)


@dataclass(frozen=True)
class Step:
    """The lesions at one place of the lower axis: `x` is a block, counted from 1, or a number of blocks or pairs."""

    x: int
    lesions: tuple[Lesion, ...]


@dataclass(frozen=True)
class Point:
    """What came of one Step: a score of each lesion that was tried yet.

    `kendall_tau` is the mean rank correlation of the order of the blocks with that of the training, 1 for the same.
    """

    x: int
    scores: tuple[Score, ...]
    kendall_tau: float = 1.0

    @property
    def errors(self) -> tuple[float, ...]:
        """The share that is misread under each lesion."""
        return tuple(score.error for score in self.scores)

    @property
    def error(self) -> float:
        """The mean of them."""
        return float(np.mean(self.errors))

    @property
    def interval(self) -> Interval:
        """The uncertainty of a single lesion's error, or the range of those of several."""
        if len(self.scores) == 1:
            return self.scores[0].interval
        return Interval(min(self.errors), max(self.errors))


@dataclass(frozen=True)
class Sweep:
    """A sweep, as far as it is done: the network as it was trained, and a point for each step that was begun.

    `downsampling` are the blocks, counted from 1, that change the shape; `fixed` those that cannot be removed. `source`
    says in words which test images were read. `half` is the number of blocks or pairs that one names for the whole
    sweep, about half of what can be touched; None where that is a single one.
    """

    kind: SweepKind
    source: str
    intact: Score
    points: tuple[Point, ...]
    blocks: int
    downsampling: tuple[int, ...] = ()
    fixed: tuple[int, ...] = ()
    half: int | None = None

    @property
    def images(self) -> int:
        """Test images that were read under every lesion so far."""
        return min((score.images for point in self.points for score in point.scores), default=0)

    @property
    def typical(self) -> float | None:
        """The error that one names for the whole: without one block, or half of the blocks, or with half the pairs.

        The mean over single blocks leaves those out that change the shape (Veit et al., section 4.1). None if there is
        none yet.
        """
        if self.kind is SweepKind.EACH:
            usual = [point.error for point in self.points if point.x not in self.downsampling] or [
                point.error for point in self.points
            ]
            return float(np.mean(usual)) if usual else None
        return next((point.error for point in self.points if point.x == self.half), None)


def sweep_steps(question: SweepQuestion, blueprint: Blueprint) -> tuple[Step, ...]:
    """The lesions to try, from left to right. Raises LesionError if the network has no such blocks."""
    name, blocks = blueprint.architecture.name, len(blueprint.blocks)
    if not blocks:
        raise LesionError(f"{name} has no blocks, so none can be removed.")
    if not 1 <= question.draws <= MOST_DRAWS:
        raise LesionError(f"There must be from 1 to {MOST_DRAWS} draws; got {question.draws}.")
    intact = Lesion.none(blocks)
    able = [block for block, possible in enumerate(removable(blueprint)) if possible]
    if question.kind is SweepKind.SHUFFLE:
        return _shuffles(question, blueprint, intact)
    if not able:
        raise LesionError(f"No block of {name} can be removed: all change the shape, and it has no shortcuts.")
    if question.kind is SweepKind.EACH:
        return tuple(Step(block + 1, (intact.with_alpha(block, 0.0),)) for block in able)
    steps = [Step(0, (intact,))]
    for count in numbers(len(able)):
        drawn = [_random(question.seed, count, draw).permutation(able)[:count] for draw in range(question.draws)]
        steps.append(Step(count, _distinct([_without(intact, removed.tolist()) for removed in drawn])))
    return tuple(steps)


def half_of(steps: Sequence[Step]) -> int | None:
    """The middle one of the numbers of blocks or pairs that these steps touch; None if there are not two."""
    touched = [step.x for step in steps if step.x]
    return touched[(len(touched) - 1) // 2] if len(touched) > 1 else None


def numbers(most: int) -> tuple[int, ...]:
    """From 1 to `most`: all, or MOST_STEPS of them, the ends among them."""
    return tuple(sorted({round(number) for number in np.linspace(1, most, min(most, MOST_STEPS))}))


def kendall_tau(order: Sequence[int]) -> float:
    """Kendall's rank correlation of `order` with 0, 1, 2, ...: 1 for the same, -1 for the reverse."""
    signs = [1 if one < other else -1 for one, other in combinations(order, 2)]
    return sum(signs) / len(signs) if signs else 1.0


def _shuffles(question: SweepQuestion, blueprint: Blueprint, intact: Lesion) -> tuple[Step, ...]:
    """`k` exchanges of pairs without a block in common, all of blocks that are alike."""
    groups = [group for group in exchangeable(blueprint) if len(group) > 1]
    if not groups:
        raise LesionError(f"No two blocks of {blueprint.architecture.name} are alike, so none can change places.")
    steps = [Step(0, (intact,))]
    for count in numbers(sum(len(group) // 2 for group in groups)):
        lesions = []
        for draw in range(question.draws):
            rng, lesion = _random(question.seed, count, draw), intact
            mixed = [rng.permutation(group).tolist() for group in groups]
            pairs = [(one, other) for group in mixed for one, other in zip(group[::2], group[1::2], strict=False)]
            for pair in rng.permutation(len(pairs))[:count]:
                lesion = lesion.swapped(*pairs[pair])
            lesions.append(lesion)
        steps.append(Step(count, _distinct(lesions)))
    return tuple(steps)


def _random(seed: int, count: int, draw: int) -> np.random.Generator:
    return np.random.default_rng((seed, count, draw))


def _without(lesion: Lesion, blocks: Sequence[int]) -> Lesion:
    for block in blocks:
        lesion = lesion.with_alpha(block, 0.0)
    return lesion


def _distinct(lesions: Sequence[Lesion]) -> tuple[Lesion, ...]:
    """Draws that came to the same are one, except that there is always one: with all blocks there is but one way."""
    return tuple(dict.fromkeys(lesions))
