"""How TensorFlow loads so that the threads that do not wait for it, such as a window's, live on meanwhile."""

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile, and none ever of what is there at the end: modules stay.

    Python would look through their objects again and again, and hold its lock for up to 0.2 s each time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load_libraries() -> None:
    """Load TensorFlow's large libraries while other threads run; the import would hold them up for half a second.

    Where there are no libraries of that name, or none that can be loaded, it leaves everything to the import.
    """
    package = find_spec("tensorflow")
    if os.name != "posix" or package is None:
        return
    dlopen = ctypes.CDLL(None).dlopen  # a foreign function lets go of Python's lock; ctypes.CDLL(library) does not
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for folder in package.submodule_search_locations or ():
        for library in sorted(Path(folder).glob("libtensorflow_*")):
            dlopen(os.fsencode(library), os.RTLD_NOW)
