"""The commands' way in. Without arguments it opens the window, and loads nothing that the window does not need."""

import builtins
import gc
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import Experiment


def main() -> None:
    """The command `resnet-gui`, and `python -m resnet_gui`."""
    try:
        if len(sys.argv) == 1:
            sys.exit(window())
        from resnet_gui.cli import run

        _end(run(sys.argv[1:]))
    except KeyboardInterrupt:  # while the commands or the window were still being loaded
        sys.exit("resnet-gui: Interrupted.")


def _end(status: int) -> NoReturn:
    """End the program, even while a thread computes that is not to be waited for, as after a second Ctrl+C.

    Python would tear down what TensorFlow still uses in that thread, which can abort the process.
    """
    if threading.active_count() == 1:
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError, ValueError):  # closed, or none at all
            stream.flush()
    os._exit(status)


def window(device: str = "auto", data_dir: Path | None = None, experiment: Experiment | None = None) -> int:
    """Open the window; the exit status once it is closed."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in displays):
        # Qt would abort the process.
        print(
            "resnet-gui: There is no display here (DISPLAY and WAYLAND_DISPLAY are not set); "
            "`resnet-gui demo --out DIR` needs none.",
            file=sys.stderr,
        )
        return 1
    # From here on Ctrl+C and SIGTERM close the window; an exception from them in the midst of Qt would crash it.
    asked_to_end: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked_to_end.append(number))
    try:
        _import_quickly()
        from resnet_gui.ui.app import main
    except ImportError as error:
        print(f"resnet-gui: The window cannot open ({error}); `resnet-gui doctor` says what to do.", file=sys.stderr)
        return 1
    try:
        return main(device, data_dir, experiment, asked_to_end)
    except ExplorerError as error:
        print(f"resnet-gui: {error}", file=sys.stderr)
        return 1


def _import_quickly() -> None:
    """Leave out of the coming imports what they can do without: it takes a fifth of the start."""
    gc.disable()  # until the engine is loaded, see resnet_gui.engine.loading
    import PySide6.QtCore  # noqa: F401

    # PySide has put an import of its own in place that reads the source of every module, in case it uses `__feature__`.
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


if __name__ == "__main__":
    main()
