"""A drawn digit as a value; what a store makes of it is tested there."""

import numpy as np
import pytest

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.sample import Sample, checked, packed, pressure_of, unpacked

LINE = np.array([[0.5, 0.1], [0.5, 0.9]], np.float32)
PRESSED = np.array([[0.1, 0.1, 0.5], [0.4, 0.9, 1.0]], np.float32)


def sample(*strokes):
    return checked(Sample(3, 7, strokes, 0.12, 5.0))


def test_the_same_strokes_have_the_same_mark_and_others_another_one():
    marks = [
        sample(*strokes).mark
        for strokes in ((LINE,), (LINE, LINE), (np.vstack([LINE, LINE]),), (LINE + np.float32(1e-6),), (PRESSED,))
    ]
    assert len(set(marks)) == 5
    assert sample(LINE.astype(np.float64)).mark == marks[0]


def test_a_digit_knows_the_strokes_that_it_was_drawn_as():
    full = np.hstack([LINE, np.ones((2, 1), np.float32)])
    assert sample(LINE).drawn_as([full])
    assert not sample(LINE).drawn_as([LINE, PRESSED])
    assert not sample(LINE).drawn_as([])


def test_pressure_is_told_for_every_point_or_for_none():
    assert pressure_of([LINE]) is None
    np.testing.assert_array_equal(pressure_of([LINE, PRESSED]), np.array([1, 1, 0.5, 1], np.float32))


def test_strokes_come_back_from_their_bytes():
    whole = sample(LINE, PRESSED)
    again = unpacked(3, 7, packed(whole.strokes), 0.12, 5.0)
    assert [stroke.tolist() for stroke in again.strokes] == [LINE.tolist(), PRESSED.tolist()]
    assert again.mark == whole.mark


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_bytes_that_are_cut_short_are_no_digit(cut):
    parts = list(packed(sample(LINE, PRESSED).strokes))
    parts[cut] = parts[cut][:-1]
    with pytest.raises(DatasetError):
        unpacked(3, 7, tuple(parts), 0.12, 5.0)
