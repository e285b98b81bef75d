"""The part `start`: from the start of the process to a painted window and a loaded engine."""

import os
import statistics
import subprocess
import sys
import time

from resnet_gui.bench.figure import Figure, median_ratio

PATIENCE_SECONDS = 120  # for a window to paint itself

_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget(window))
window.resize(1280, 720)
show = window.show
"""
_OURS = """
from resnet_gui.ui import app as ours
app = ours.make_application()
explorer = ours.Explorer(app)
window = explorer.window
show = explorer.start
"""
_FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            app.removeEventFilter(self)
            QTimer.singleShot(0, painted)
        return False
def painted():
    sys.stdout.write("painted"); sys.stdout.flush()
    os._exit(0)
watch = Watch()
app.installEventFilter(watch)
show()
app.exec()
"""


def measure(quick: bool) -> list[Figure]:
    """Seconds from the start of the process to the first paint: ours, a bare window's, and the ratio; medians."""
    ours, bare = [], []
    for repetition in range(4 if quick else 12):
        seconds = {script: _seconds_to_paint(script) for script in (_BARE, _OURS)}
        if repetition:  # the first pair warms up the disk cache
            ours.append(seconds[_OURS])
            bare.append(seconds[_BARE])
    return [
        Figure("window shown", statistics.median(ours), "s"),
        Figure("bare window shown", statistics.median(bare), "s"),
        Figure("window shown, times a bare window", median_ratio(ours, bare), at_most=1.2),
    ]


def _seconds_to_paint(script: str) -> float:
    # Bytecode is kept from the first start on, as it is for a user; without it Python would compile ours each time.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", script + _FIRST_PAINT]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        said, _ = child.communicate(timeout=PATIENCE_SECONDS)
        seconds = time.perf_counter() - began
    if said != b"painted":
        raise RuntimeError("the window did not paint itself")
    return seconds
