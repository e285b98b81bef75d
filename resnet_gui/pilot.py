"""How demo and bench wait while they drive the window: events are handled, and other threads run."""

import time
from collections.abc import Callable

LOOK_MS = 10  # between two looks at a condition


def rest(milliseconds: int) -> None:
    """Let the window live for a while.

    An event loop of its own, since QTest.qWait keeps Python's lock: training would stand still.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(done: Callable[[], object], seconds: float) -> bool:
    """Let the window live until `done`; whether that happened within `seconds`."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        rest(LOOK_MS)
    return True
