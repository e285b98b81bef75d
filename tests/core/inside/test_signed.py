"""The scale of signed numbers."""

import numpy as np
import pytest

from resnet_gui.core.inside.signed import (
    GAP,
    STEPS,
    UNKNOWN,
    ZERO,
    color_table,
    ends_text,
    indices,
    largest,
    number_text,
)

TABLE = color_table("#0000ff", "#ffffff", "#ff0000", "#123456", "#abcdef")


def test_zero_is_in_the_middle_and_the_limit_at_the_ends():
    values = np.array([-2, -1, 0, 1, 2, 9], np.float32)
    assert indices(values, 2.0).tolist() == [ZERO - STEPS, ZERO - 63, ZERO, ZERO + 63, ZERO + STEPS, ZERO + STEPS]


def test_what_is_no_number_has_a_colour_of_its_own_and_infinity_is_at_the_end():
    values = np.array([np.nan, np.inf, -np.inf, 0], np.float32)
    assert indices(values, 1.0).tolist() == [UNKNOWN, ZERO + STEPS, ZERO - STEPS, ZERO]


def test_maps_of_nothing_but_zeros_have_the_colour_of_zero():
    assert (indices(np.zeros((3, 3), np.float32), 0.0) == ZERO).all()


def test_the_largest_magnitude_is_that_of_finite_numbers():
    assert largest(np.array([1, -3, np.inf, np.nan], np.float32)) == 3
    assert largest(np.array([np.nan], np.float32)) == 0
    assert largest(np.zeros(0, np.float32)) == 0


def test_the_table_goes_from_one_colour_over_zero_to_the_other():
    assert TABLE[ZERO - STEPS] == 0xFF0000FF
    assert TABLE[ZERO] == 0xFFFFFFFF
    assert TABLE[ZERO + STEPS] == 0xFFFF0000
    assert (TABLE[GAP], TABLE[UNKNOWN], len(TABLE)) == (0xFF123456, 0xFFABCDEF, 256)
    green = [color >> 8 & 255 for color in TABLE[ZERO : ZERO + STEPS + 1]]
    assert green == sorted(green, reverse=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.02134, "−0.0213"), (1234567.0, "1.23e6"), (np.nan, "not a number"), (-np.inf, "−∞")],
)
def test_numbers_are_short(value, text):
    assert number_text(value) == text


def test_ends_of_a_scale_are_told():
    assert ends_text(2.345) == "±2.35"
    assert ends_text(0) == "all 0"
