"""Threads that compute give way, and no others."""

import os
import sys
import threading

import pytest

from resnet_gui.ui.niceness import NICENESS, call_giving_way


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is the whole process'")
def test_what_begins_meanwhile_gives_way_and_the_caller_does_not():
    before, found = niceness(), []

    def begin_a_thread():
        thread = threading.Thread(target=lambda: found.append(niceness()))
        thread.start()
        thread.join()

    call_giving_way(begin_a_thread)
    assert found == [min(before + NICENESS, 19)]
    assert niceness() == before


def test_what_goes_wrong_is_told():
    def fail():
        raise OSError("no threads left")

    with pytest.raises(OSError, match="no threads left"):
        call_giving_way(fail)
