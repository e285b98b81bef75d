"""How the threads that compute give way to those of the window."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

NICENESS = 10  # drawing and buttons come first where cores are few


def call_giving_way(act: Callable[[], None]) -> None:
    """Call `act` in a thread that gives way, and wait until it is done: threads that begin meanwhile give way too.

    Only for what begins threads that run no Python: one that waits for a core with Python's lock in its hand keeps the
    window waiting.
    """
    with ThreadPoolExecutor(1, initializer=_give_way) as thread:
        thread.submit(act).result()


def _give_way() -> None:
    if sys.platform == "linux":  # where niceness is a thread's own; elsewhere it is the process'
        os.nice(NICENESS)
