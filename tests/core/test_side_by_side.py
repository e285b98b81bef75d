"""Which networks read side by side, and what is said of how far they agree."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run, State
from resnet_gui.core.side_by_side import BESIDE, agreement, obstacle, side_by_side


def entry(name, blocks=2, seed=0, steps=1, state=State.FINISHED):
    run = Run(name, Experiment(Architecture(blocks), Recipe(seed=seed)))
    figures = np.zeros(steps, np.float32)
    run.apply(StepsEnded(name, 0, figures, figures, 1.0, 1.0))
    run.state = state
    return Entry(run, name, 0)


def ids(entries):
    return [each.run.id for each in entries]


def test_few_runs_are_all_seen_in_their_order():
    entries = [entry("b"), entry("a")]
    assert ids(side_by_side(entries, "starter")) == ["b", "a"]
    assert side_by_side([], "starter") == ()


def test_of_many_so_many_are_seen_and_the_reader_as_well():
    entries = [entry(f"{number}", blocks=number + 1) for number in range(12)]
    assert ids(side_by_side(entries, "starter")) == [f"{number}" for number in range(BESIDE)]
    assert ids(side_by_side(entries, "11")) == [*(f"{number}" for number in range(BESIDE)), "11"]


def test_one_of_each_kind_is_seen_before_a_second_seed():
    entries = [entry(f"{blocks}-{seed}", blocks, seed) for blocks in (1, 2, 3) for seed in range(5)]
    seen = ids(side_by_side(entries, "starter"))
    assert seen == ["1-0", "1-1", "1-2", "2-0", "2-1", "2-2", "3-0", "3-1"]


def test_what_trains_is_seen_and_what_cannot_read_gives_way():
    entries = [entry(f"waits{number}", number + 1, steps=0, state=State.QUEUED) for number in range(9)]
    entries += [entry("ended", 20), entry("trains", 21, state=State.TRAINING)]
    seen = ids(side_by_side(entries, "starter"))
    assert len(seen) == BESIDE
    assert (seen[0], seen[-1]) == ("trains", "ended")


@pytest.mark.parametrize(
    ("state", "steps", "said"),
    [
        (State.FINISHED, 5, ""),
        (State.TRAINING, 5, ""),
        (State.QUEUED, 5, ""),  # it is to go on
        (State.QUEUED, 0, "Waits for its turn: no network to read with."),
        (State.PREPARING, 0, "Is being prepared: no network to read with."),
        (State.FAILED, 0, "Failed: no network to read with."),
        (State.STOPPED, 0, "Made no training step: no network to read with."),
        (State.DIVERGED, 5, "Diverged in training: cannot read."),
    ],
)
def test_a_network_that_cannot_read_says_why(state, steps, said):
    assert obstacle(entry("a", steps=steps, state=state).run) == said


def read(*answers):
    """(name, Reading) of each digit; None is unsure."""
    readings = []
    for name, digit in zip("abcdefgh", answers, strict=False):
        probabilities = np.eye(10, dtype=np.float32)[digit or 0]
        readings.append((name, Reading(name, name, np.zeros((28, 28), np.uint8), probabilities, digit is None)))
    return readings


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((), ""),
        ((7,), "a reads 7."),
        ((None,), "a is unsure."),
        ((7, 7), "Both networks read 7."),
        ((7, 7, 7), "All 3 networks read 7."),
        ((None, None, None), "All 3 networks are unsure."),
        ((7, 1), "a reads 7; b reads 1."),
        ((7, 1, 7, 7, 7, 7), "5 of 6 networks read 7; b reads 1."),
        ((7, 1, 7, 7, 1), "3 of 5 networks read 7; b and e read 1."),
        ((7, 1, 7, 7, None), "3 of 5 networks read 7; b reads 1; e is unsure."),
        ((7, 1, 7, 7, 1, 2, None), "3 of 7 networks read 7; 2 read 1; 1 reads 2; 1 is unsure."),
    ],
)
def test_agreement_is_one_sentence(answers, said):
    assert agreement(read(*answers)) == said
