"""The part `start`: from the start of the process to a painted window and a loaded engine, and how the window lives."""

import statistics
import time

from resnet_gui.bench.child import run_figures
from resnet_gui.bench.figure import Figure, median_ratio

# Each script gets the time when its process was started, and says how many seconds later something happened.
_BARE_ENGINE = """
import os, sys, time
import tensorflow
print(time.time() - float(sys.argv[1]), flush=True)
os._exit(0)
"""
_FIRST_PAINT = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
began = float(sys.argv[1])
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            app.removeEventFilter(self)
            QTimer.singleShot(0, painted)
        return False
def tell(*figures):
    print(*figures, flush=True)
    os._exit(0)
def painted():
    tell(time.time() - began)
app = QApplication(["resnet-gui"])
watch = Watch()
app.installEventFilter(watch)
"""
_BARE_WINDOW = """
import pyqtgraph
from PySide6.QtWidgets import QMainWindow
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget(window))
window.resize(1280, 720)
window.show()
app.exec()
"""
_OURS = """
from resnet_gui.__main__ import main
sys.argv = ["resnet-gui"]
main()
"""
_WORKBENCH = """
def painted():
    from resnet_gui.ui.app import Explorer
    listen(next(child for child in app.children() if isinstance(child, Explorer)).workbench)
"""
_ENGINE = """
def listen(workbench):
    workbench.engine_changed.connect(lambda: tell(time.time() - began))
"""
# Not in the same process as the seconds: the heartbeat takes Python's lock 200 times a second from the loading thread.
_PAUSE = """
from resnet_gui.bench.heartbeat import Heartbeat
beat, until = Heartbeat(app), sys.argv[2]
def listen(workbench):
    beat.start()
    if until == "engine":
        workbench.engine_changed.connect(end)
    workbench.facts_changed.connect(lambda text: end() if "an epoch on this computer" in text else None)
def end():
    tell(max(beat.stop()))
"""


def measure(quick: bool) -> list[Figure]:
    """Medians: seconds to the first paint and to a loaded engine, beside those of bare ones; the longest pause."""
    return [
        *_window(1 if quick else 8),
        *_engine(1 if quick else 5),
        _pause(1 if quick else 3, "engine" if quick else "calibration"),
    ]


def _window(repetitions: int) -> list[Figure]:
    ours, bare = [], []
    for repetition in range(repetitions + 1):
        bare += _figures(_FIRST_PAINT + _BARE_WINDOW)
        ours += _figures(_FIRST_PAINT + _OURS)
        if not repetition:  # the first pair warms up the disk cache
            del ours[:], bare[:]
    return [
        Figure("window shown", statistics.median(ours), "s"),
        Figure("bare window shown", statistics.median(bare), "s"),
        Figure("window shown, times a bare window", median_ratio(ours, bare), at_most=1.2),
    ]


def _engine(repetitions: int) -> list[Figure]:
    ours, bare = [], []
    for _ in range(repetitions):
        bare += _figures(_BARE_ENGINE)
        ours += _figures(_FIRST_PAINT + _WORKBENCH + _ENGINE + _OURS)
    return [
        Figure("engine ready", statistics.median(ours), "s"),
        Figure("bare import of TensorFlow", statistics.median(bare), "s"),
        Figure("engine ready, times a bare import", median_ratio(ours, bare), at_most=1.15),
    ]


def _pause(repetitions: int, until: str) -> Figure:
    """The longest pause of the window from its first paint `until` the engine is ready, or this machine measured."""
    script = _FIRST_PAINT + _WORKBENCH + _PAUSE + _OURS
    longest = max(_figures(script, until)[0] for _ in range(repetitions))
    return Figure(f"longest pause of the window until the {until} is there", longest, "ms", at_most=250)


def _figures(script: str, *arguments: str) -> list[float]:
    return run_figures(script, str(time.time()), *arguments)
