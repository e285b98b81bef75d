"""What a sweep shows, in words, and what one can guess of it beforehand."""

from dataclasses import dataclass
from enum import IntEnum

from resnet_gui.core.inside.sweep import Sweep, SweepKind
from resnet_gui.core.statistics import Interval

CHANCE = 0.9  # the error of guessing among ten digits
HARDLY = 0.05  # more error than before that counts as hardly any change
NEAR_CHANCE = 0.15  # this near to it, and it is as good as guessing


@dataclass(frozen=True)
class AxisWords:
    """How one kind of sweep is called: in the list, on the lower axis, in JSON, and in the question beforehand."""

    title: str
    axis: str
    key: str
    done: str  # what is done to the network, at the place that Sweep.typical tells of
    tip: str


AXES = {
    SweepKind.EACH: AxisWords(
        "Remove each block in turn",
        "Block that is removed (0: none)",
        "block",
        "without one block",
        "One block's branch is switched off, then it comes back and the next one is (Veit et al. 2016, section 4.1).",
    ),
    SweepKind.RANDOM: AxisWords(
        "Remove ever more random blocks",
        "Blocks that are removed",
        "removed",
        "without half of the blocks",
        "So many random blocks are switched off at once, several times over (Veit et al. 2016, section 4.2).",
    ),
    SweepKind.SHUFFLE: AxisWords(
        "Exchange ever more pairs of blocks",
        "Pairs that are exchanged",
        "pairs",
        "with half of the possible pairs exchanged",
        "So many random pairs of alike blocks change places, several times over (Veit et al. 2016, section 4.3).",
    ),
}


class Outcome(IntEnum):
    """How a network bears a lesion; also what one can guess."""

    HARDLY = 0
    WORSE = 1
    GUESSING = 2


OUTCOMES = {
    Outcome.HARDLY: "hardly changes",
    Outcome.WORSE: "reads worse",
    Outcome.GUESSING: "falls to guessing",
}


def outcome_of(sweep: Sweep) -> Outcome | None:
    """What the sweep came to where Sweep.typical tells of; None if nothing was measured yet."""
    error = sweep.typical
    if error is None:
        return None
    if error - sweep.intact.error < HARDLY:
        return Outcome.HARDLY
    return Outcome.GUESSING if error > CHANCE - NEAR_CHANCE else Outcome.WORSE


def guess_question(name: str, kind: SweepKind) -> str:
    """What is asked before the measurement is shown."""
    return f"What becomes of {name} {AXES[kind].done}?"


def guess_words(name: str, guess: Outcome, sweep: Sweep) -> str:
    """The guess beside what was measured."""
    measured = outcome_of(sweep)
    if measured is None:
        return f"{name}: you guessed that it {OUTCOMES[guess]}."
    said = "as you guessed" if measured is guess else f"you guessed that it {OUTCOMES[guess]}"
    return f"{name} {OUTCOMES[measured]}: {said}."


def sweep_sentence(name: str, sweep: Sweep) -> str:
    """The outcome of a sweep in a sentence or two; empty before there is one."""
    error = sweep.typical
    if error is None or not sweep.intact.images:
        return ""
    added = 100 * (error - sweep.intact.error)
    if sweep.kind is not SweepKind.EACH:
        return f"{name} {AXES[sweep.kind].done}: {100 * error:.1f} % error, {_points(added)}."
    usual = [point for point in sweep.points if point.x not in sweep.downsampling]
    parts = [f"{name} without one block: {100 * error:.1f} % error on average, {_points(added)}"]
    lost = [point for point in sweep.points if point.x in sweep.downsampling]
    if lost and usual:
        worst = max(lost, key=lambda point: point.error)
        parts.append(f"without block {worst.x}, which changes the shape, {100 * worst.error:.1f} %")
    return "; ".join(parts) + "."


def _points(added: float) -> str:
    return f"{abs(added):.1f} points {'more' if added >= 0 else 'less'} than whole"


@dataclass(frozen=True)
class Place:
    """A mark of the chart: the share that is misread at `x`, with `interval`; hollow for a block that downsamples."""

    x: int
    error: float
    interval: Interval
    hollow: bool = False
    draws: int = 1


def places_of(sweep: Sweep) -> tuple[Place, ...]:
    """From left to right; at 0 stands the network as it was trained."""
    places = [Place(0, sweep.intact.error, sweep.intact.interval)] if sweep.intact.images else []
    for point in sweep.points:
        if point.x:
            shrinks = sweep.kind is SweepKind.EACH and point.x in sweep.downsampling
            places.append(Place(point.x, point.error, point.interval, shrinks, len(point.scores)))
    return tuple(places)


def point_words(sweep: Sweep, place: Place) -> str:
    """A mark in words."""
    error = f"{100 * place.error:.1f} % error"
    low, high = f"{100 * place.interval.low:.1f}", f"{100 * place.interval.high:.1f} %"
    spread = f"95 %: {low} to {high}" if place.draws == 1 else f"{place.draws} draws: {low} to {high}"
    what = "as it was trained"
    if place.x and sweep.kind is SweepKind.EACH:
        what = f"without block {place.x}" + (", which changes the shape" if place.hollow else "")
    elif place.x:
        things = "block" if sweep.kind is SweepKind.RANDOM else "pair"
        verb = "without" if sweep.kind is SweepKind.RANDOM else "with"
        tail = "" if sweep.kind is SweepKind.RANDOM else " exchanged"
        what = f"{verb} {place.x} {things}{'s' if place.x > 1 else ''}{tail}"
    return f"{what}: {error} ({spread})"


def fixed_words(name: str, sweep: Sweep) -> str:
    """Which blocks the sweep leaves alone and why; empty for none."""
    if not sweep.fixed or sweep.kind is SweepKind.SHUFFLE:
        return ""
    several = len(sweep.fixed) > 1
    blocks = f"block{'s' if several else ''} {', '.join(map(str, sweep.fixed))}"
    return f"{name} keeps {blocks}: where a plain network changes the shape nothing can stand in for a block."


def images_words(sweep: Sweep) -> str:
    """How much was measured, and what the bars mean."""
    bars = (
        "bars: 95 % interval" if sweep.kind is SweepKind.EACH else "marks: mean of the draws, bars: from least to most"
    )
    hollow = (
        "; hollow marks: blocks that change the shape" if sweep.kind is SweepKind.EACH and sweep.downsampling else ""
    )
    return f"{sweep.images:,} test images each ({sweep.source.split(',')[0]}); {bars}{hollow}."
