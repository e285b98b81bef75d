"""The part `inside`: from a new piece of a stroke to the repainted feature maps, and how free the window stays."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject

from resnet_gui.bench.figure import Figure
from resnet_gui.bench.heartbeat import Heartbeat
from resnet_gui.bench.stroke import Pen
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run, State
from resnet_gui.pilot import rest, wait_until

PATIENCE_SECONDS = 120
MOVES, MOVES_QUICK = 150, 30
WARM_UP = 10  # moves that are not counted: the first one compiles
SETTLED_MS = 500  # after which nothing else happens
REPAINT_MS, HEARTBEAT_MS = 50, 16
NETWORKS = {
    "9 blocks": Architecture(blocks=9, stages=1, width=32, batch_norm=True),
    "54 blocks": Architecture(blocks=18, stages=3, width=16, batch_norm=True),
}
GOALS = {"9 blocks"}  # the other one is told for scale


class MapsPen(Pen):
    """Watches the maps, which take longer to paint than the bars: the time that counts is when they are painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the maps be painted, and note when they are."""
        if event.type() != QEvent.Type.Paint or not self._told:
            return False
        watched.event(event)
        self._paints.append((time.perf_counter(), self._image))
        return True


def measure(quick: bool) -> list[Figure]:
    """Milliseconds of untrained networks that read what is drawn, with their maps open; nothing else happens."""
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.network import Network
    from resnet_gui.ui.app import Explorer, make_application
    from resnet_gui.ui.centre import INSIDE
    from resnet_gui.ui.inside.maps_page import MapsPage

    choose_device("cpu")
    for name, architecture in NETWORKS.items():
        run = Run(_id(name), Experiment(architecture))
        loss = np.ones(1, np.float32)
        run.apply(StepsEnded(run.id, 0, loss, loss, 1.0, 1.0))  # a run without a step has no network yet
        run.state = State.FINISHED
        Library().save(run, Network(architecture).weights())
    explorer = Explorer(make_application(), remember=False)
    bench, centre = explorer.workbench, explorer.window.centre
    explorer.window.resize(1360, 820)
    explorer.start()
    _wait(lambda: bench.device and all(_id(name) in bench.shelf for name in NETWORKS))
    _wait(lambda: bench.calibration)  # which trains, for some seconds
    centre.setCurrentIndex(INSIDE)
    view: Any = centre.inside
    view.turn_to(MapsPage)
    pen = MapsPen(explorer, _wait, bench.inspector.answered, view.page.rows)
    beats = Heartbeat(explorer)
    figures = []
    for name in NETWORKS:
        bench.readers.read_with(_id(name))
        _wait(lambda name=name: bench.readers.reader == _id(name))
        rest(SETTLED_MS)
        pen.draw(WARM_UP)
        rest(SETTLED_MS)
        beats.start()
        times = pen.draw(MOVES_QUICK if quick else MOVES)
        late = beats.stop()
        goals = (REPAINT_MS, HEARTBEAT_MS) if name in GOALS else (None, None)
        figures += [
            Figure(f"stroke to maps of {name}, p50", float(np.percentile(times, 50)), "ms"),
            Figure(f"stroke to maps of {name}, p95", float(np.percentile(times, 95)), "ms", at_most=goals[0]),
            Figure(f"heartbeat late, maps of {name}, p99", float(np.percentile(late, 99)), "ms", at_most=goals[1]),
            Figure(f"heartbeat late, maps of {name}, longest", max(late), "ms"),
        ]
    explorer.window.close()
    bench.close(PATIENCE_SECONDS)
    return figures


def _id(name: str) -> str:
    return name.replace(" ", "-")


def _wait(done: Callable[[], Any]) -> None:
    if not wait_until(done, PATIENCE_SECONDS):
        raise RuntimeError("the window did not do what was waited for")
