"""Which running program a run belongs to, so that a run whose program is gone can be told from one that is trained."""

import os
import platform

_SECONDS = 2.0  # by which a clock may tell another start of the same process


def this_session() -> str:
    """The name of this process: host, number and start."""
    import psutil  # takes some milliseconds, and the window can be shown without it

    return f"{platform.node()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def is_alive(session: str) -> bool:
    """Whether the process of this name still runs here."""
    import psutil

    try:
        host, number, start = session.rsplit(":", 2)
        if host != platform.node():
            return False
        process = psutil.Process(int(number))
        return bool(process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - float(start)) < _SECONDS)
    except (psutil.Error, ValueError):
        return False
