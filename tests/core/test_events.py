"""Control: what the world asks of training."""

import threading

import pytest

from resnet_gui.core.errors import Cancelled
from resnet_gui.core.events import Control


def test_a_new_control_asks_for_nothing():
    control = Control()
    control.wait_while_paused()
    control.raise_if_stopped()
    assert (control.paused, control.stopped) == (False, False)


def test_stop_ends_a_pause_and_raises():
    control = Control()
    control.pause()
    assert control.paused
    waiter = threading.Thread(target=control.wait_while_paused)
    waiter.start()
    control.stop()
    waiter.join(60)
    assert not waiter.is_alive()
    with pytest.raises(Cancelled):
        control.raise_if_stopped()
