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
# Until the engine is ready; then until this machine is measured too, if the second argument says so.
_ENGINE = """
from resnet_gui.bench.heartbeat import Heartbeat
def painted():
    from resnet_gui.ui.app import Explorer
    workbench = next(child for child in app.children() if isinstance(child, Explorer)).workbench
    workbench.engine_changed.connect(ready)
    workbench.facts_changed.connect(facts)
    beat.start()
def ready():
    seconds.append(time.time() - began)
    if sys.argv[2] == "engine":
        tell(*seconds, max(beat.stop()))
def facts(text):
    if "an epoch on this computer" in text:
        tell(*seconds, max(beat.stop()))
beat, seconds = Heartbeat(app), []
"""


def measure(quick: bool) -> list[Figure]:
    """Medians: seconds to the first paint and to a loaded engine, beside those of bare ones; the longest pause."""
    return [*_window(1 if quick else 8), *_engine(1 if quick else 5, "engine" if quick else "calibration")]


def _window(repetitions: int) -> list[Figure]:
    ours, bare = [], []
    for repetition in range(repetitions + 1):
        bare.append(_seconds(_FIRST_PAINT + _BARE_WINDOW)[0])
        ours.append(_seconds(_FIRST_PAINT + _OURS)[0])
        if not repetition:  # the first pair warms up the disk cache
            del ours[:], bare[:]
    return [
        Figure("window shown", statistics.median(ours), "s"),
        Figure("bare window shown", statistics.median(bare), "s"),
        Figure("window shown, times a bare window", median_ratio(ours, bare), at_most=1.2),
    ]


def _engine(repetitions: int, until: str) -> list[Figure]:
    ours, bare, pauses = [], [], []
    for _ in range(repetitions):
        bare.append(_seconds(_BARE_ENGINE)[0])
        seconds, pause = _seconds(_FIRST_PAINT + _ENGINE + _OURS, until)
        ours.append(seconds)
        pauses.append(pause)
    return [
        Figure("engine ready", statistics.median(ours), "s"),
        Figure("bare import of TensorFlow", statistics.median(bare), "s"),
        Figure("engine ready, times a bare import", median_ratio(ours, bare), at_most=1.15),
        Figure(f"longest pause of the window, paint to {until}", max(pauses), "ms", at_most=250),
    ]


def _seconds(script: str, *arguments: str) -> list[float]:
    return run_figures(script, str(time.time()), *arguments)
