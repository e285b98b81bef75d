"""The scripts of the part `start`."""

import pytest

from resnet_gui.bench import start


@pytest.mark.parametrize("window", [start._BARE_WINDOW, start._OURS], ids=["bare", "ours"])
def test_a_window_is_timed_until_it_is_painted(window):
    assert start._figures(start._FIRST_PAINT + window)[0] > 0


def test_the_engine_is_timed_beside_a_bare_import():
    figures = start._engine(1)
    assert all(figure.value > 0 for figure in figures)
    assert [figure.at_most for figure in figures] == [None, None, 1.15]


@pytest.mark.parametrize("until", ["engine", "calibration"])
def test_the_window_is_listened_to_while_the_engine_loads(until):
    assert start._pause(1, until).value > 0
