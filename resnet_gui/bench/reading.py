"""The part `reading`: from a new piece of a stroke to the repainted bars, and what several networks need to read."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.core.experiment import DatasetName
from resnet_gui.core.presets import PRESETS
from resnet_gui.pilot import rest, wait_until

PATIENCE_SECONDS = 120
MOVES, MOVES_QUICK = 150, 30
BESIDE = 8  # networks that read one drawing
IDLE_MS, TRAINING_MS, BESIDE_MS = 16, 25, 50
SETTLED_MS = 500  # after which nothing else happens


def measure(quick: bool) -> list[Figure]:
    """Milliseconds, half and 95 % of them, while nothing else happens and while the network that reads is trained.

    An empty drawing goes the same way without a network and tells how much of it is the machine's.
    """
    from resnet_gui.bench.stroke import Pen
    from resnet_gui.ui.app import Explorer, make_application

    moves = MOVES_QUICK if quick else MOVES
    explorer = Explorer(make_application(), remember=False)
    bench = explorer.workbench
    explorer.window.resize(1360, 820)
    explorer.start()
    _wait(lambda: bench.device)
    rest(SETTLED_MS)
    pen, beside, image = Pen(explorer, _wait), _read_beside(), _image()
    figures = [
        *_figures("empty drawing to bars, idle", pen.touch(moves)),
        *_figures("stroke to bars, idle", pen.draw(moves), IDLE_MS),
        *_figures(f"{BESIDE} networks read, idle", _times(beside, moves), BESIDE_MS),
        *_figures("model.predict of the same network, idle", _times(_predict(image), min(moves, 50))),
    ]
    experiment = PRESETS["seed"].experiment
    bench.set_experiment(
        replace(experiment, recipe=replace(experiment.recipe, dataset=DatasetName.DIGITS, epochs=1000))
    )
    bench.train()
    run: Any = bench.active
    _wait(lambda: run.step > 10)
    rest(SETTLED_MS)
    figures += [
        *_figures("empty drawing to bars, training", pen.touch(moves)),
        *_figures("stroke to bars, training", pen.draw(moves), TRAINING_MS),
        *_figures(f"{BESIDE} networks read, training", _times(beside, moves), BESIDE_MS),
    ]
    explorer.window.close()
    bench.close(PATIENCE_SECONDS)
    return figures


def _figures(name: str, times: list[float], at_most: float | None = None) -> list[Figure]:
    return [
        Figure(f"{name}, p50", float(np.percentile(times, 50)), "ms"),
        Figure(f"{name}, p95", float(np.percentile(times, 95)), "ms", at_most=at_most),
    ]


def _read_beside() -> Callable[[], object]:
    """Some of the networks that ship as examples, of all depths, read a drawing one after the other."""
    from resnet_gui.core.library import Library, example_runs
    from resnet_gui.engine.prediction import load_reader

    runs = example_runs()
    readers = [load_reader(Library(), runs[place * len(runs) // BESIDE].id) for place in range(BESIDE)]
    image = _image()
    return lambda: [reader.read(image) for reader in readers]


def _predict(image: Any) -> Callable[[], object]:
    """`model.predict` of the starter network, as a Keras model."""
    from resnet_gui.core.library import STARTER, Library
    from resnet_gui.engine.keras_network import build_network, put_weights

    run, weights = Library().load(STARTER)
    model = build_network(run.experiment.architecture)
    put_weights(model, weights)
    images = image[None, ..., None] / np.float32(255)
    return lambda: model.predict(images, verbose=0)


def _image() -> Any:
    from resnet_gui.core.strokes import to_image

    return to_image([np.array([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]])])


def _times(act: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each of `count` calls, after one that compiles."""
    from resnet_gui.bench.stroke import MOVE_MS

    act()
    times = []
    for _ in range(count):
        rest(MOVE_MS)
        began = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - began))
    return times


def _wait(done: Callable[[], Any]) -> None:
    if not wait_until(done, PATIENCE_SECONDS):
        raise RuntimeError("the window did not do what was waited for")
