"""How the threads that compute give way to the one of the window."""

import os
import sys

NICENESS = 10  # drawing and buttons come first where cores are few


def give_way() -> None:
    """Let the GUI thread have the cores first. TensorFlow's own threads inherit it from the one that first computes."""
    if sys.platform == "linux":  # where niceness is a thread's own; elsewhere it is the process'
        os.nice(NICENESS)
