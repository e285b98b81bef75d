"""The scripts of the part `start`."""

import pytest

from resnet_gui.bench import start


@pytest.mark.parametrize("window", [start._BARE_WINDOW, start._OURS], ids=["bare", "ours"])
def test_a_window_is_timed_until_it_is_painted(window):
    assert start._seconds(start._FIRST_PAINT + window)[0] > 0


def test_the_engine_is_timed_and_the_window_listened_to():
    figures = {figure.name: figure for figure in start._engine(1, "engine")}
    assert all(figure.value > 0 for figure in figures.values())
    assert [figure.at_most for figure in figures.values()] == [None, None, 1.15, 250]
