"""The scripts of the part `start`."""

import pytest

from resnet_gui.bench import start


@pytest.mark.parametrize("script", [start._BARE, start._OURS], ids=["bare", "ours"])
def test_a_window_is_timed_until_it_is_painted(script):
    assert start._seconds_to_paint(script) > 0
