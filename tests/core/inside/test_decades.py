import numpy as np
import pytest

from resnet_gui.core.inside.decades import INFINITE, TONES, UNKNOWN, Decades, decades, short_number


def test_a_scale_is_whole_decades_around_the_numbers():
    assert decades([3e-4, 0.02], [0.5]) == Decades(-4, 0)
    assert decades([0.5, 0.0, np.nan, np.inf]) == Decades(-2, 0)
    assert decades([]) == Decades(-2, 0)
    assert decades([1e-40, 1.0]) == Decades(-12, 0)


def test_places_on_a_scale_are_shares_of_its_length():
    shares = Decades(-4, 0).shares([1e-4, 1e-2, 1.0, 50.0, 0.0, np.nan, np.inf])
    np.testing.assert_allclose(shares, [0, 0.5, 1, 1, 0, np.nan, np.nan])


def test_colours_tell_what_is_unknown_and_what_is_infinite():
    assert Decades(-4, 0).tones([[0.0, 1.0], [np.nan, np.inf]]).tolist() == [[0, TONES - 1], [UNKNOWN, INFINITE]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.3141, "0.314"),
        (2.44e-7, "2.4 × 10⁻⁷"),
        (0, "0"),
        (12345.6, "12,346"),
        (999.7, "1,000"),
        (9.97e-7, "1.0 × 10⁻⁶"),
        (0.00099999, "0.001"),
        (2e9, "2.0 × 10⁹"),
        (np.nan, "not finite"),
    ],
)
def test_numbers_of_any_size_are_short(value, text):
    assert short_number(value) == text
