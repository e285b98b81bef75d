"""The QObject that owns the state of the window: the experiment in the form, and what is trained."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.continuing import continued, without_mine
from resnet_gui.core.errors import DatasetError, DatasetUnavailable, ExplorerError
from resnet_gui.core.estimate import TRAINING_IMAGES, Calibration, seconds_per_epoch, seconds_to_first_step
from resnet_gui.core.events import Calibrated, Outcome, RunEnded, RunPrepared, StepsEnded
from resnet_gui.core.examination import Exam
from resnet_gui.core.experiment import DatasetName, Experiment, Precision, Recipe
from resnet_gui.core.experiment_text import experiment_of
from resnet_gui.core.history import History
from resnet_gui.core.inside.question import TestDigit
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.queue import Job, Queue
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Labels, Run, State, duration, new_run_id
from resnet_gui.core.sweep import Sweep, new_tag
from resnet_gui.ui.examining import ExaminationFailed, ExaminationProgressed, Examined
from resnet_gui.ui.inspector import Inspector
from resnet_gui.ui.readers import Readers
from resnet_gui.ui.reading import EngineFailed, EngineReady, NothingToRead, ReaderReady, ReadingFailed
from resnet_gui.ui.reading_beside import ReadBeside
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.threads import Engine, SavingFailed, preview_of, test_digit_of

LONG_START = 3.0  # seconds of compiling that are worth telling
DATA_ERRORS = {DatasetError.__name__, DatasetUnavailable.__name__}


class Workbench(QObject):
    """The state of the window; the runs are on its `shelf`, and its `readers` read what is drawn.

    Widgets ask it to change, it tells them what changed.

    Signals: `experiment_changed(object)` an Experiment; `facts_changed(str)` a sentence on it; `run_begun(object)` and
    `run_changed(object)` a Run; `queue_changed(int)` how many wait; `engine_changed()`; `problem_found(str, str)` a
    sentence and its details; `data_missing(str)` a sentence: data was not to be had; `examined(object)` what came of
    `examine`: Examined, ExaminationProgressed or ExaminationFailed; `previewed(object)` what came of `preview`, or
    None.
    """

    experiment_changed = Signal(object)
    facts_changed = Signal(str)
    run_begun = Signal(object)
    queue_changed = Signal(int)
    run_changed = Signal(object)
    engine_changed = Signal()
    problem_found = Signal(str, str)
    data_missing = Signal(str)
    examined = Signal(object)
    checked = Signal(object)
    previewed = Signal(object)

    def __init__(
        self, engine: Engine, shelf: Shelf, experiment: Experiment, data_file: Path | None, parent: QObject | None
    ) -> None:
        super().__init__(parent)
        self.shelf = shelf
        self.experiment = experiment
        self.data_file = data_file  # chosen in the window, or by --data-dir
        self.readers = Readers(engine, shelf, self)
        self.inspector = Inspector(engine, lambda: self.data_file, self)
        self.readers.problem_found.connect(lambda text: self.problem_found.emit(text, ""))
        self.device = ""  # what computes and why; empty until the engine is ready
        self.engine_problem = ""
        self.stopping = False
        self._engine = engine
        self._queue = Queue(engine)
        self._calibrations: dict[Precision, Calibration | None] = {}  # None: asked for, no answer yet
        engine.reported.connect(self._take)
        engine.noticed.connect(self._poll)
        engine.checked.connect(self.checked)

    @property
    def can_train(self) -> bool:
        """Whether a run can be trained, now or later."""
        return bool(self.device)

    @property
    def calibration(self) -> Calibration | None:
        """How fast this machine trains in the precision of the experiment, if that is known by now."""
        return self._calibrations.get(self.experiment.recipe.precision)

    @property
    def active(self) -> Run | None:
        """The run that is trained."""
        job = self._queue.active
        return None if job is None else self.shelf.entry(job.run).run

    @property
    def waiting(self) -> list[str]:
        """The ids of the runs that wait for their turn, the next one first."""
        return [job.run for job in self._queue.waiting]

    def start(self) -> None:
        """Load the engine."""
        self._engine.start()
        self._tell_facts()

    def close(self, seconds: float) -> bool:
        """Stop everything; whether the engine's threads ended in time."""
        self.readers.close()
        self.inspector.close()
        self.unqueue(self.waiting)  # they are there at the next start, and can be trained then
        return self._engine.close(seconds)

    def set_experiment(self, experiment: Experiment) -> None:
        """Take `experiment` as the setting of the next run."""
        if experiment != self.experiment:
            self.experiment = experiment
            self.experiment_changed.emit(experiment)
            self._tell_facts()

    def preview(self, recipe: Recipe, steps: int) -> None:
        """Find out what so many steps of a training with `recipe` would see; the answer comes by `previewed`."""
        data_file, tell = self.data_file, self.previewed.emit
        self.shelf.errands.do(lambda: preview_of(recipe, data_file, steps), tell, tell)

    def fetch_test_digit(self, number: int, done: Callable[[TestDigit | None], None]) -> None:
        """Find the test digit of this number, counted on after the last, and call `done` with it, or with None."""
        data_file = self.data_file
        self.shelf.errands.do(lambda: test_digit_of(number, data_file), done, lambda _: done(None))

    def reuse(self, run: str) -> None:
        """Take the setting of run `run` for the next one, which begins with new weights."""
        experiment = self.shelf.entry(run).run.experiment
        recipe = replace(experiment.recipe, start="", dataset=without_mine(experiment.recipe.dataset))
        self.set_experiment(replace(experiment, recipe=recipe))

    def choose_data(self, path: Path) -> None:
        """Look for MNIST in this file or folder from now on."""
        self.data_file = path
        recipe = replace(self.experiment.recipe, dataset=DatasetName.MNIST)
        self.set_experiment(replace(self.experiment, recipe=recipe))

    def train(self) -> None:
        """Train the experiment, unless another run is trained."""
        if self.active is None:
            self.train_all([self.experiment])

    def queue(self) -> None:
        """Train the experiment, after what is trained already."""
        self.train_all([self.experiment])

    def train_pair(self) -> None:
        """Train the experiment, and after it its plain twin, unless another run is trained."""
        if self.active is None:
            twin = replace(self.experiment, architecture=self.experiment.architecture.plain_twin)
            self.train_all([self.experiment, twin])

    def train_sweep(self, sweep: Sweep) -> None:
        """Train all runs of a sweep, which get a tag, and compare them alone."""
        if self.can_train:
            self.shelf.set_ticked([])
            self._train_runs(sweep.runs(new_tag()))

    def train_all(self, experiments: Iterable[Experiment]) -> None:
        """Train these one after the other, after what is trained already; nothing happens until the engine is ready."""
        if self.can_train:
            self._train_runs([Run(new_run_id(each), each, state=State.QUEUED) for each in experiments])

    def _train_runs(self, runs: Sequence[Run]) -> None:
        self.shelf.own.update(run.id for run in runs)
        for entry in self.shelf.add(runs):  # what it is called and painted now, it is from now on
            labels = replace(entry.run.labels, color=entry.color)
            if entry.name != entry.run.name:
                labels = replace(labels, name=entry.name)
            entry.run.labels = labels
        self.shelf.tick(run.id for run in runs)
        for run in runs:
            self._engine.recorder.begin(replace(run, history=History()))
            self._enqueue(Job(run.id, run.experiment, self.data_file))

    def train_on_mine(self, run_id: str) -> None:
        """Train the network of a run, or the starter's, on with the drawn digits, after what is trained already."""

        def begin(run: Run) -> None:
            experiment = continued(run, run_id)
            labels = Labels(name=f"{run.name} + my digits")
            self._train_runs([Run(new_run_id(experiment), experiment, labels=labels, state=State.QUEUED)])

        if self.can_train:
            self.shelf.errands.do(lambda: self.shelf.library.find(run_id), begin)

    def resume(self, run_id: str) -> None:
        """Train a run on that was stopped, interrupted or failed, from its last checkpoint."""
        run = self.shelf.entry(run_id).run
        if self.can_train and run.can_go_on and run_id not in self.waiting:
            run.state, run.message = State.QUEUED, "waiting to go on"
            self.shelf.own.add(run_id)
            self._enqueue(Job(run_id, run.experiment, self.data_file, resumed=True))
            self.run_changed.emit(run)

    def move(self, run_id: str, places: int) -> None:
        """Let a waiting run go so many places back in the queue, or forward if negative."""
        self._queue.move(run_id, places)
        self.queue_changed.emit(len(self.waiting))

    def unqueue(self, run_ids: Iterable[str]) -> None:
        """Take waiting runs off the queue. Those that were never begun can be trained later."""
        for run_id in run_ids:
            if run_id in self.waiting:
                self._queue.remove(run_id)
                run = self.shelf.entry(run_id).run
                message = f"taken off the queue after {run.step:,} steps"
                ended = RunEnded(run_id, Outcome.STOPPED, message, run.step, train_seconds=run.train_seconds)
                self._engine.recorder.take(ended)
                run.apply(ended)
                self.run_changed.emit(run)
        self.queue_changed.emit(len(self.waiting))

    def settle(self, run_id: str) -> None:
        """See to it that all of a run is written. Not for the GUI thread."""
        self._engine.recorder.settle(run_id)

    def skip(self) -> None:
        """Stop the run that is trained; the next one in the queue follows."""
        if self.active is not None:
            self.stopping = True
            self.active.message = "stopping"
            self._queue.cancel()
            self.run_changed.emit(self.active)

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
        runs = {f"Run: {entry.name}": entry.run.experiment.architecture for entry in self.shelf.ticked}
        return {"Plain twin": self.experiment.architecture.plain_twin, **runs, **presets}

    def _enqueue(self, job: Job) -> None:
        self._queue.add(job)
        self._follow_queue()

    def _follow_queue(self) -> None:
        """Take in that another run may be trained now."""
        run = self.active
        if run is not None and run.state is State.QUEUED:
            run.state, run.message = State.PREPARING, "loading the data"
            self.stopping = False
            self.readers.expect(run.id)
            self.run_begun.emit(run)
        self.queue_changed.emit(len(self.waiting))

    def pause(self) -> None:
        """Let the run wait after its current chunk."""
        if self.active is not None:
            self._engine.pause(self.active.id)

    def go_on(self) -> None:
        """Let the paused run go on."""
        if self.active is not None:
            self._engine.resume(self.active.id)

    def stop(self) -> None:
        """End the run, whose curve and weights are kept, and take all others off the queue."""
        self.unqueue(self.waiting)
        self.skip()

    def examine(self, run_ids: Iterable[str]) -> None:
        """Let the networks of these runs read their test images; the answers come by `examined`."""
        self._engine.examine([self.shelf.entry(run_id).run for run_id in run_ids], self.data_file)

    def check(self, run_ids: Iterable[str], exam: Exam) -> None:
        """Let the networks of these runs, or the starter's, read the images of `exam`; answers come by `checked`."""
        self._engine.check(run_ids, exam)

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
        elif self.device and self._queue.active is None and recipe.precision not in self._calibrations:
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
            case EngineFailed():
                self.engine_problem = event.message
                self.engine_changed.emit()
                self.problem_found.emit(event.message, event.details)
            case ReaderReady() | Reading() | NothingToRead() | ReadingFailed() | ReadBeside():
                self.readers.take(event)
            case Calibrated():
                self._calibrations[event.asked] = event.calibration
                self._tell_facts()
            case Examined() | ExaminationProgressed() | ExaminationFailed():
                self.examined.emit(event)
            case SavingFailed():
                self.problem_found.emit(event.message, "")
            case _:
                self._take_training(event)

    @Slot()
    def _poll(self) -> None:
        for event in self._engine.poll():
            self._take(event)

    def _take_training(self, event: Any) -> None:
        run = self.shelf.entry(event.run).run
        run.apply(event)
        match event:
            case RunPrepared() if self.stopping:
                run.message = "stopping"
            case StepsEnded():
                self.readers.take_steps(run.id)
                self.inspector.take_steps(run.id)
        self.run_changed.emit(run)
        if isinstance(event, RunEnded):
            self._end(run, event)

    def _end(self, run: Run, event: RunEnded) -> None:
        stopped, self.stopping = self.stopping, False
        self.readers.end_training()
        self.inspector.end_training()
        # A run that was to go on cannot take other data.
        replaced = event.error == DatasetUnavailable.__name__ and not stopped and not run.step
        following = self._queue.clear() if replaced else []
        self._queue.take(event)
        self._follow_queue()
        if self._queue.active is None:  # what was to be measured gave way to the run
            self._calibrations = {asked: found for asked, found in self._calibrations.items() if found is not None}
            self._tell_facts()
        if run.state is not State.FAILED or stopped:
            return
        if replaced:
            # The user wanted to see a network learn: the bundled digits always can.
            self.data_missing.emit(f"{event.message} Training goes on with the bundled digits.")
            fresh = [job for job in following if not job.resumed]
            others = [self.shelf.entry(job.run).run for job in fresh]
            for job in fresh:
                self._engine.recorder.forget(job.run)
            self.shelf.discard([job.run for job in fresh])
            if run.experiment == self.experiment:
                self.set_experiment(_on_digits(run.experiment))
            self._train_runs([_run_on_digits(each) for each in (run, *others)])
            for job in following:
                if job.resumed:
                    self._enqueue(job)
        elif event.error in DATA_ERRORS:
            self.data_missing.emit(event.message)
        else:
            self.problem_found.emit(event.message, event.details)


def _on_digits(experiment: Experiment) -> Experiment:
    """The same on the bundled digits, with the drawn ones if it was to learn from them."""
    mine = "mine" in experiment.recipe.dataset.parts
    dataset = DatasetName.DIGITS_MINE if mine else DatasetName.DIGITS
    return replace(experiment, recipe=replace(experiment.recipe, dataset=dataset))


def _run_on_digits(run: Run) -> Run:
    experiment = _on_digits(run.experiment)
    return Run(new_run_id(experiment), experiment, labels=Labels(name=run.labels.name), state=State.QUEUED)
