"""How the threads that compute give way to the one of the window."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

NICENESS = 10  # drawing and buttons come first where cores are few


def give_way() -> None:
    """Let the threads of the window have the cores first. Threads that begin in this one inherit it."""
    if sys.platform == "linux":  # where niceness is a thread's own; elsewhere it is the process'
        os.nice(NICENESS)


def call_giving_way(act: Callable[[], None]) -> None:
    """Call `act` in a thread that gives way, for those that begin in it, and wait until it is done."""
    with ThreadPoolExecutor(1, initializer=give_way) as thread:
        thread.submit(act).result()
