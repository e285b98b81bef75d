"""The part `memory`: a session of the real window in a process of its own."""

import sys

import pytest

from resnet_gui.bench import memory


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_a_session_tells_what_it_holds():
    small, large = (figure.value for figure in memory.measure(quick=True))
    assert small > 100  # MiB: Qt and TensorFlow are loaded
    assert 0.5 < large < 2
