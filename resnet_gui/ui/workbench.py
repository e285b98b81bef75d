"""The QObject that owns all state of the window: the experiment in the form, the session's runs, who reads."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import DatasetError, DatasetUnavailable, ExplorerError
from resnet_gui.core.estimate import Calibration, seconds_per_epoch, seconds_to_first_step
from resnet_gui.core.events import RunEnded, RunPrepared, StepsEnded
from resnet_gui.core.experiment import DatasetName, Experiment, Precision
from resnet_gui.core.experiment_text import experiment_of
from resnet_gui.core.library import STARTER
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run, State, duration, new_run_id
from resnet_gui.core.strokes import PEN
from resnet_gui.ui.threads import (
    Calibrated,
    Engine,
    EngineFailed,
    EngineReady,
    NothingToRead,
    ReaderReady,
    ReadingFailed,
    SavingFailed,
)

REREAD_MS = 200  # how often the drawing is read again while the network that reads it trains
TRAINING_IMAGES = {DatasetName.MNIST: 60_000, DatasetName.DIGITS: 20_000}
LONG_START = 3.0  # seconds of compiling that are worth telling
DATA_ERRORS = {DatasetError.__name__, DatasetUnavailable.__name__}


class Workbench(QObject):
    """All state of the window. Widgets ask it to change, it tells them what changed.

    Signals: `experiment_changed(object)` an Experiment; `facts_changed(str)` a sentence on it; `run_added(object)` and
    `run_changed(object)` a Run; `reader_changed(str, str)` the reading
    network's name and where it comes from; `reading_changed(object)` a Reading or None; `engine_changed()`;
    `problem_found(str, str)` a sentence and its details; `data_missing(str)` a sentence: data was not to be had.
    """

    experiment_changed = Signal(object)
    facts_changed = Signal(str)
    run_added = Signal(object)
    run_changed = Signal(object)
    reader_changed = Signal(str, str)
    reading_changed = Signal(object)
    engine_changed = Signal()
    problem_found = Signal(str, str)
    data_missing = Signal(str)

    def __init__(self, engine: Engine, experiment: Experiment, data_file: Path | None, parent: QObject | None) -> None:
        super().__init__(parent)
        self.experiment = experiment
        self.data_file = data_file  # chosen in the window, or by --data-dir
        self.runs: dict[str, Run] = {}
        self.names: dict[str, str] = {}  # of the runs, for people: no two are the same
        self.active: Run | None = None  # the run in the training thread
        self.reader = STARTER  # id of the run whose network reads
        self._chosen = STARTER  # id of the run that is to read, as soon as it has a network
        self.device = ""  # what computes and why; empty until the engine is ready
        self.engine_problem = ""
        self.stopping = False
        self._engine = engine
        self._next: list[Experiment] = []  # what is trained after the active run
        self._calibrations: dict[Precision, Calibration | None] = {}  # None: asked for, no answer yet
        self._strokes: list[Any] = []
        self._pen = PEN
        self._reread = QTimer(self, interval=REREAD_MS)
        self._reread.timeout.connect(self._read)
        engine.reported.connect(self._take)

    @property
    def can_train(self) -> bool:
        """Whether Train would start a run now."""
        return bool(self.device) and self.active is None

    def start(self) -> None:
        """Load the engine."""
        self._engine.start()
        self._tell_facts()

    def close(self, seconds: float) -> bool:
        """Stop everything; whether the engine's threads ended in time."""
        self._reread.stop()
        return self._engine.close(seconds)

    def set_experiment(self, experiment: Experiment) -> None:
        """Take `experiment` as the setting of the next run."""
        if experiment != self.experiment:
            self.experiment = experiment
            self.experiment_changed.emit(experiment)
            self._tell_facts()

    def reuse(self, run: str) -> None:
        """Take the setting of run `run` for the next one."""
        self.set_experiment(self.runs[run].experiment)

    def choose_data(self, path: Path) -> None:
        """Look for MNIST in this file or folder from now on."""
        self.data_file = path
        recipe = replace(self.experiment.recipe, dataset=DatasetName.MNIST)
        self.set_experiment(replace(self.experiment, recipe=recipe))

    def train(self) -> None:
        """Start a run of the experiment."""
        if self.can_train:
            self._next = []
            self._start(self.experiment)

    def train_pair(self) -> None:
        """Start a run of the experiment, and after it one of its plain twin."""
        if self.can_train:
            self._next = [replace(self.experiment, architecture=self.experiment.architecture.plain_twin)]
            self._start(self.experiment)

    def take_text(self, text: str) -> None:
        """Take the experiment that `text` describes; say so if it describes none."""
        try:
            experiment = experiment_of(text)
        except ExplorerError as error:
            self.problem_found.emit(str(error), "")
            return
        if experiment == self.experiment:
            self.experiment_changed.emit(experiment)  # the form may hold something else that does not work
        self.set_experiment(experiment)

    def networks(self) -> dict[str, Architecture]:
        """What the network of the form can be compared with: the presets' and the session's, by their names."""
        presets = {f"Preset: {preset.title}": preset.experiment.architecture for preset in PRESETS.values()}
        runs = {f"Run: {self.names[run.id]}": run.experiment.architecture for run in self.runs.values()}
        return {"Plain twin": self.experiment.architecture.plain_twin, **runs, **presets}

    def _start(self, experiment: Experiment) -> None:
        run = Run(new_run_id(experiment), experiment, message="loading the data")
        self.runs[run.id] = self.active = run
        self._chosen = run.id
        self.names[run.id] = _free_name(run.experiment.architecture.name, set(self.names.values()))
        self.stopping = False
        self.run_added.emit(run)
        self._engine.train(run, self.data_file)

    def pause(self) -> None:
        """Let the run wait after its current chunk."""
        self._engine.control.pause()

    def resume(self) -> None:
        """Let the run go on."""
        self._engine.control.resume()

    def stop(self) -> None:
        """End the run; its curve and weights are kept."""
        if self.active is not None:
            self.stopping = True
            self._next = []
            self.active.message = "stopping"
            self._engine.control.stop()
            self.run_changed.emit(self.active)

    def read(self, strokes: list[Any]) -> None:
        """Read this drawing."""
        self._strokes = strokes
        self._read()

    def set_pen(self, pen: float) -> None:
        """Read with a pen of `pen` shares of the box."""
        self._pen = pen
        self._read()

    def read_with(self, run: str) -> None:
        """Let the network of `run` read, once it has one."""
        self._chosen = run
        if run == STARTER or self.runs[run].step > 0:
            self.reader = run
            self._engine.read_with(run)

    def _read(self) -> None:
        if self.device:
            self._engine.read(self._strokes, self._pen)

    def _tell_facts(self) -> None:
        blueprint = make_blueprint(self.experiment.architecture)
        facts = [
            f"{blueprint.parameters:,} parameters",
            f"{blueprint.multiply_adds / 1e6:,.1f} million multiply-adds an image",
        ]
        recipe = self.experiment.recipe
        calibration = self._calibrations.get(recipe.precision)
        if calibration is not None:
            seconds = seconds_per_epoch(self.experiment, calibration, TRAINING_IMAGES[recipe.dataset])
            facts.append(f"about {duration(seconds)} an epoch on this computer")
            start = seconds_to_first_step(self.experiment, calibration)
            if start > LONG_START:
                facts.append(f"about {duration(start)} until the first step")
        elif self.device and self.active is None and recipe.precision not in self._calibrations:
            self._calibrations[recipe.precision] = None
            self._engine.calibrate(recipe.precision)
        self.facts_changed.emit(" · ".join(facts))

    def _take(self, event: object) -> None:
        """One way in for everything that the engine says."""
        match event:
            case EngineReady():
                self.device = event.device
                self._tell_facts()
                self.engine_changed.emit()
                self._read()
            case EngineFailed():
                self.engine_problem = event.message
                self.engine_changed.emit()
                self.problem_found.emit(event.message, event.details)
            case ReaderReady():
                origin = f"run {event.run}" if event.run in self.runs else "comes with the app"
                self.reader_changed.emit(self.names.get(event.run, event.name), origin)
                self._read()
            case Reading():
                if event.run == self.reader:
                    self.reading_changed.emit(event)
            case Calibrated():
                self._calibrations[event.asked] = event.calibration
                self._tell_facts()
            case NothingToRead():
                self.reading_changed.emit(None)
            case ReadingFailed():
                if event.run == self.reader:
                    self.reader_changed.emit("", "")
                    self.reading_changed.emit(None)
                self.problem_found.emit(event.message, "")
            case SavingFailed():
                self.problem_found.emit(event.message, "")
            case _:
                self._take_training(event)

    def _take_training(self, event: Any) -> None:
        run = self.runs[event.run]
        run.apply(event)
        match event:
            case RunPrepared() if self.stopping:
                run.message = "stopping"
            case StepsEnded() if event.first_step == 0:
                if self._chosen == run.id:
                    self.read_with(run.id)
                self._reread.start()
        self.run_changed.emit(run)
        if isinstance(event, RunEnded):
            self._end(run, event)

    def _end(self, run: Run, event: RunEnded) -> None:
        stopped, self.active, self.stopping = self.stopping, None, False
        self._reread.stop()
        self._read()
        if run.state in (State.FINISHED, State.DIVERGED) and self._next:
            self._start(self._next.pop(0))
        else:  # what was to be measured gave way to the run
            self._calibrations = {asked: found for asked, found in self._calibrations.items() if found is not None}
            self._tell_facts()
        if run.state is not State.FAILED:
            return
        if stopped:
            return
        if event.error == DatasetUnavailable.__name__:
            # The user wanted to see a network learn: the bundled digits always can.
            self.data_missing.emit(f"{event.message} Training goes on with the bundled digits.")
            following = [_on_digits(experiment) for experiment in self._next]
            self.set_experiment(_on_digits(run.experiment))
            self.train()
            self._next = following
        elif event.error in DATA_ERRORS:
            self.data_missing.emit(event.message)
        else:
            self.problem_found.emit(event.message, event.details)


def _on_digits(experiment: Experiment) -> Experiment:
    return replace(experiment, recipe=replace(experiment.recipe, dataset=DatasetName.DIGITS))


def _free_name(name: str, taken: set[str]) -> str:
    """`name`, or `name (2)` and so on if it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
