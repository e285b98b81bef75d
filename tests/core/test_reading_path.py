"""How a reading changed from step to step, in as many columns as a screen has room for."""

import numpy as np
import pytest

from resnet_gui.core.reading_path import MOST, ReadingPath

IMAGE = np.zeros((28, 28), np.uint8)


def reads(digit, share=0.91):
    probabilities = np.full(10, (1 - share) / 9, np.float32)
    probabilities[digit] = share
    return probabilities


@pytest.fixture
def path():
    return ReadingPath("a", IMAGE)


def follow(path, *readings):
    for step, digit in readings:
        path.add(step, reads(digit))
    return path


def test_a_new_path_has_nothing_on_it(path):
    assert len(path) == 0
    assert path.steps.shape == (0,)
    assert path.probabilities.shape == (0, 10)
    assert path.turns() == []


def test_readings_are_kept_with_their_steps(path):
    follow(path, (1, 3), (5, 7))
    assert path.steps.tolist() == [1, 5]
    assert path.probabilities.argmax(axis=1).tolist() == [3, 7]


def test_it_knows_its_drawing(path):
    assert path.shows(IMAGE.copy())
    assert not path.shows(IMAGE + 1)


def test_a_reading_of_the_same_step_takes_the_place_of_the_last(path):
    follow(path, (1, 3), (5, 7), (5, 9))
    assert path.steps.tolist() == [1, 5]
    assert path.turns()[-1] == (5, 9)


def test_what_came_after_a_checkpoint_is_forgotten_when_the_run_goes_back_to_it(path):
    follow(path, (1, 3), (5, 7), (9, 8), (6, 2))
    assert path.steps.tolist() == [1, 5, 6]


def test_however_long_training_takes_there_are_so_many_columns_and_the_newest_is_among_them(path):
    for step in range(1, 20 * MOST):
        path.add(step, reads(step % 10))
        assert len(path) <= MOST
        assert path.steps[-1] == step
    assert path.steps[0] == 1
    gaps = np.diff(path.steps)
    assert len(path) > MOST / 2
    assert gaps.max() <= 4 * np.median(gaps)  # as fine at the beginning as at the end


def test_turns_are_where_another_digit_becomes_the_likeliest(path):
    follow(path, (1, 3), (2, 3), (5, 7), (9, 7), (12, 3))
    assert path.turns() == [(1, 3), (5, 7), (12, 3)]


def test_the_path_is_told_the_newest_first(path):
    assert follow(path, (1, 3)).told() == "has read 3 since step 1"
    assert follow(path, (5, 7)).told() == "has read 7 since step 5; before that 3 since step 1"
    follow(path, (6, 1), (1200, 2), (1300, 4))
    assert path.told() == ("has read 4 since step 1,300; before that 2 since step 1,200, 1 since step 6, other digits")
