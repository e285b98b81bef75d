"""The part `window`: how the window feels while the engine compiles, trains, evaluates, saves, loads and ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from resnet_gui.bench.figure import Figure
from resnet_gui.core.experiment import DatasetName, Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run
from resnet_gui.pilot import rest, wait_until

PATIENCE_SECONDS = 120
IDLE_MS = 1000
SAVED_MS = 500  # after a run's end: it is saved in that time, and the views take in that it ended


def measure(quick: bool) -> list[Figure]:
    """Milliseconds: lateness of the GUI's heartbeat in each phase, and stroke to painted bars."""
    from resnet_gui.bench.stroke import Pen
    from resnet_gui.ui.app import Explorer, make_application

    explorer = Explorer(make_application(), remember=False)
    bench = explorer.workbench
    explorer.window.resize(1360, 820)
    phases = _Phases(explorer)
    explorer.start()
    _wait(lambda: bool(bench.device))
    with phases.listen("nothing happens", judged=False):
        rest(IDLE_MS)
    _compile(bench, phases, blocks=2 if quick else 9)
    bench.set_experiment(_experiment(epochs=100))
    _train(bench, lambda run: run.step > 10 and bench.readers.reader == run.id)
    with phases.listen("training"):
        delays = Pen(explorer, _wait).draw(60 if quick else 600)
    _stop(bench)
    saved = _evaluate_and_save(bench, phases, quick)
    _load(saved, explorer, phases)
    _train(bench, lambda run: run.step > 0)
    with phases.listen("closing"):
        explorer.window.close()
        rest(0)
    bench.close(PATIENCE_SECONDS)
    return [
        *phases.figures,
        Figure("stroke to bars while training, p50", float(np.percentile(delays, 50)), "ms"),
        Figure("stroke to bars while training, p95", float(np.percentile(delays, 95)), "ms"),
        Figure("stroke to bars while training, longest", float(max(delays)), "ms"),
    ]


class _Phases:
    """Listens to the heartbeat of the GUI thread, and keeps a figure for what it heard."""

    def __init__(self, parent: Any) -> None:
        from resnet_gui.bench.heartbeat import Heartbeat

        self._beat = Heartbeat(parent)
        self.figures: list[Figure] = []

    @contextmanager
    def listen(self, phase: str, judged: bool = True) -> Iterator[None]:
        """Listen while the block lasts. What is not `judged` is told for scale: other programs disturb too."""
        self._beat.start()
        yield
        late = self._beat.stop()
        self.figures += [
            Figure(
                f"heartbeat late while {phase}, p99",
                float(np.percentile(late, 99)),
                "ms",
                at_most=10 if judged else None,
            ),
            Figure(f"heartbeat late while {phase}, longest", max(late), "ms", at_most=50 if judged else None),
        ]


def _experiment(**changes: Any) -> Experiment:
    """The preset `seed` on the bundled digits, with `changes` of its recipe."""
    experiment = PRESETS["seed"].experiment
    return replace(experiment, recipe=replace(experiment.recipe, dataset=DatasetName.DIGITS, **changes))


def _train(bench: Any, until: Callable[[Run], bool]) -> Run:
    """Start a run, and wait for it to come so far."""
    bench.train()
    run: Run = bench.active
    _wait(lambda: until(run))
    return run


def _stop(bench: Any) -> None:
    bench.stop()
    _wait(lambda: bench.active is None)


def _compile(bench: Any, phases: _Phases, blocks: int) -> None:
    experiment = _experiment()
    architecture = replace(experiment.architecture, blocks=blocks, width=16, batch_norm=True)
    bench.set_experiment(replace(experiment, architecture=architecture))
    with phases.listen("compiling"):
        _train(bench, lambda run: run.step > 0)
    _stop(bench)


def _evaluate_and_save(bench: Any, phases: _Phases, quick: bool) -> str:
    """The id of a run with hardly any training."""
    bench.set_experiment(_experiment(epochs=1, limit=500 if quick else 4000, validation_share=0.5))
    run = _train(bench, lambda run: run.message in ("validating", "testing"))
    with phases.listen("evaluating"):
        _wait(lambda: not run.state.active)
    with phases.listen("saving"):
        rest(SAVED_MS)
    _wait(lambda: any(kept.id == run.id and not kept.state.active for kept in Library().runs()))
    return run.id


def _load(run: str, explorer: Any, phases: _Phases) -> None:
    """By an engine that never saw the run: the one that trained it has its network in memory."""
    from resnet_gui.ui.reading import ReaderReady
    from resnet_gui.ui.threads import Engine

    said: list[object] = []
    engine = Engine(Library(), "auto", explorer)
    engine.reported.connect(said.append)
    with phases.listen("loading a run"):
        engine.start()
        engine.read_with(run)
        _wait(lambda: any(isinstance(event, ReaderReady) and event.run == run for event in said))
    engine.close(PATIENCE_SECONDS)


def _wait(done: Callable[[], Any]) -> None:
    if not wait_until(done, PATIENCE_SECONDS):
        raise RuntimeError("the window did not do what was waited for")
