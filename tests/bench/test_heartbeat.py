"""What the heartbeat notices."""

import time

from resnet_gui.bench.heartbeat import Heartbeat
from resnet_gui.pilot import rest


def test_a_pause_of_the_gui_thread_is_noticed(qapp):
    beat = Heartbeat(qapp)
    beat.start()
    rest(50)
    time.sleep(0.3)
    rest(50)
    late = beat.stop()
    assert max(late) > 250
    assert len(late) > 2
    beat.deleteLater()


def test_a_pause_at_the_end_counts(qapp):
    beat = Heartbeat(qapp)
    beat.start()
    time.sleep(0.3)
    assert max(beat.stop()) > 250
    beat.deleteLater()
