"""The learning rate of each step."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.experiment import Recipe, Schedule
from resnet_gui.core.schedule import learning_rates

RECIPE = Recipe(learning_rate=0.5)
TOTAL = 200


def rates(schedule: Schedule) -> np.ndarray:
    return learning_rates(replace(RECIPE, schedule=schedule), 0, TOTAL, TOTAL)


def test_a_constant_rate_is_exactly_the_recipes():
    assert (rates(Schedule.CONSTANT) == np.float32(0.5)).all()


def test_steps_divide_by_ten_at_half_and_three_quarters_as_in_the_paper():
    """32k and 48k of 64k iterations: He et al. 2015, section 4.2."""
    np.testing.assert_allclose(rates(Schedule.STEPS)[[0, 99, 100, 149, 150, 199]], [0.5, 0.5, 0.05, 0.05, 5e-3, 5e-3])


def test_a_cosine_falls_from_the_rate_to_nothing():
    falling = rates(Schedule.COSINE)
    assert falling[0] == np.float32(0.5)
    assert falling[100] == pytest.approx(0.25)
    assert falling[-1] < 1e-4
    assert (np.diff(falling) < 0).all()


def test_one_cycle_rises_to_the_rate_and_falls_to_nothing():
    cycle = rates(Schedule.ONE_CYCLE)
    assert cycle.argmax() == 50
    assert cycle.max() == np.float32(0.5)
    assert cycle[0] == pytest.approx(0.02)
    assert (np.diff(cycle[:51]) > 0).all()
    assert (np.diff(cycle[50:]) < 0).all()


@pytest.mark.parametrize("schedule", Schedule)
def test_a_piece_is_the_same_as_in_the_whole(schedule):
    """A run that goes on from a checkpoint makes the steps that it would have made."""
    piece = learning_rates(replace(RECIPE, schedule=schedule), 70, 31, TOTAL)
    assert piece.dtype == np.float32
    np.testing.assert_array_equal(piece, rates(schedule)[70:101])
