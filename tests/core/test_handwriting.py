"""Digits written by rule: what they are made of, and that they come out the same again."""

import numpy as np
import pytest

from resnet_gui.core.handwriting import ALLOGRAPHS, write


def shapes(digit: int) -> list[list[np.ndarray]]:
    return [write(digit, np.random.default_rng(seed)) for seed in range(60)]


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_written_with_finite_points_about_one_high(digit: int) -> None:
    for strokes in shapes(digit):
        points = np.concatenate(strokes)
        assert all(stroke.dtype == np.float32 and stroke.ndim == 2 and stroke.shape[1] == 2 for stroke in strokes)
        assert all(len(stroke) > 1 for stroke in strokes)
        assert np.isfinite(points).all()
        assert 0.3 < np.ptp(points, axis=0).max() < 4


@pytest.mark.parametrize("digit", range(10))
def test_all_ways_to_write_a_digit_can_be_mixed(digit: int) -> None:
    assert len(ALLOGRAPHS[digit]) > 1
    for way in ALLOGRAPHS[digit]:
        outline = [corners.tolist() for corners in way.poses[0].corners]
        assert way.weight > 0
        for pose in way.poses:
            assert [len(stroke) for stroke in pose.strokes] == [len(corners) for corners in outline]
            assert [corners.tolist() for corners in pose.corners] == outline


@pytest.mark.parametrize("digit", [0, 1, 4, 5, 7, 8, 9])
def test_some_digits_are_written_in_one_stroke_and_in_two(digit: int) -> None:
    assert {len(strokes) for strokes in shapes(digit)} == {1, 2}


def test_the_same_seed_writes_the_same_strokes() -> None:
    first, again = (write(4, np.random.default_rng(7)) for _ in range(2))
    assert [stroke.tolist() for stroke in first] == [stroke.tolist() for stroke in again]


def test_different_seeds_write_differently() -> None:
    assert len({np.concatenate(strokes).tobytes() for strokes in shapes(8)}) == 60


@pytest.mark.parametrize("digit", [10, -1])
def test_only_digits_can_be_written(digit: int) -> None:
    with pytest.raises(ValueError, match=f"from 0 to 9; got {digit}"):
        write(digit, np.random.default_rng(0))
