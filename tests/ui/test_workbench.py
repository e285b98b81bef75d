"""The state behind the window. The engine is the real one; what it would say is said for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.estimate import typical_calibration
from resnet_gui.core.events import Calibrated, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import DatasetName, Experiment, Precision
from resnet_gui.core.experiment_text import text_of
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run, State
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.reading import EngineFailed, EngineReady, NothingToRead, ReaderReady, ReadingFailed
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.threads import Engine, SavingFailed
from resnet_gui.ui.workbench import Workbench

FIGURES = np.zeros(1, np.float32)
SIGNALS = ("experiment_changed", "facts_changed", "run_begun", "run_changed", "engine_changed", "problem_found")
SIGNALS += ("data_missing",)
OF_READERS = ("reader_changed", "reading_changed")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


@pytest.fixture
def engine(library, qapp):
    return Engine(library, "cpu", qapp)


@pytest.fixture
def bench(engine, library, qapp):
    errands = Errands(qapp)
    made = Workbench(engine, Shelf(library, errands, qapp), Experiment(), None, qapp)
    yield made
    made.close(60)
    errands.finish()
    made.deleteLater()


@pytest.fixture
def heard(bench):
    """Every signal of the workbench, as (name, arguments)."""
    found = []
    for name in (*SIGNALS, *OF_READERS):
        getattr(bench.readers if name in OF_READERS else bench, name).connect(
            lambda *values, name=name: found.append((name, values))
        )
    return found


def names(heard):
    return [name for name, _ in heard]


def test_nothing_trains_before_the_engine_is_ready(bench, engine, heard):
    bench.train()
    assert not bench.shelf.runs
    engine.reported.emit(EngineReady("CPU, 2 cores"))
    assert bench.can_train
    bench.train()
    assert names(heard) == ["facts_changed", "engine_changed", "run_begun"]
    assert bench.active.state is State.PREPARING
    assert bench.active is next(iter(bench.shelf.runs.values()))
    bench.train()  # one at a time
    assert len(bench.shelf.runs) == 1


def test_an_engine_that_fails_is_a_problem_with_details(bench, engine, heard):
    engine.reported.emit(EngineFailed("TensorFlow could not be loaded: no AVX", "Traceback"))
    assert not bench.can_train
    assert heard[-1] == ("problem_found", ("TensorFlow could not be loaded: no AVX", "Traceback"))


def test_an_edited_experiment_is_told_once_with_its_facts(bench, heard):
    bench.set_experiment(PRESETS["quick"].experiment)
    bench.set_experiment(PRESETS["quick"].experiment)
    assert names(heard) == ["experiment_changed", "facts_changed"]
    assert "77,290 parameters" in heard[1][1][0]


def test_a_chosen_file_means_mnist(bench):
    recipe = replace(bench.experiment.recipe, dataset=DatasetName.DIGITS)
    bench.set_experiment(replace(bench.experiment, recipe=recipe))
    bench.choose_data(Path("/data/mnist.npz"))
    assert bench.experiment.recipe.dataset is DatasetName.MNIST
    assert bench.data_file == Path("/data/mnist.npz")


def train(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train()
    return bench.active


def test_a_network_reads_from_its_first_step_on(bench, engine, heard):
    run = train(bench, engine)
    bench.readers.read_with(run.id)
    assert bench.readers.reader == STARTER  # nothing learned yet
    engine.reported.emit(StepsEnded(run.id, 0, FIGURES, FIGURES, 10.0, 5.0))
    assert bench.readers.reader == run.id
    engine.reported.emit(ReaderReady(run.id, "ResNet-6"))
    assert ("reader_changed", ("ResNet-6", f"run {run.id}")) in heard


def test_a_reading_of_a_network_that_no_longer_reads_is_dropped(bench, engine, heard):
    reading = Reading("other", "other", np.zeros((28, 28), np.uint8), np.full(10, 0.1, np.float32))
    engine.reported.emit(reading)
    assert heard == []
    engine.reported.emit(replace(reading, run=STARTER))
    engine.reported.emit(NothingToRead())
    assert [values[0] is None for _, values in heard] == [False, True]


def test_a_failed_run_leaves_the_workbench_free(bench, engine, heard):
    run = train(bench, engine)
    engine.reported.emit(RunEnded(run.id, Outcome.FAILED, "The memory ran out.", 0, details="Traceback"))
    assert run.state is State.FAILED
    assert bench.can_train
    assert ("problem_found", ("The memory ran out.", "Traceback")) in heard


def test_a_stopping_run_says_so_until_it_ends(bench, engine):
    run = train(bench, engine)
    bench.stop()
    assert run.message == "stopping"
    assert engine._executor._controls[run.id].stopped
    engine.reported.emit(RunEnded(run.id, Outcome.STOPPED, "stopped before the first step", 0))
    assert not bench.stopping
    bench.stop()  # nothing to stop: no harm


def test_a_run_that_could_not_be_saved_is_a_problem(bench, engine, heard):
    engine.reported.emit(SavingFailed("a", "The disk is full."))
    assert heard == [("problem_found", ("The disk is full.", ""))]


def test_a_runs_settings_can_be_used_again(bench, engine):
    bench.set_experiment(PRESETS["deep"].experiment)
    run = train(bench, engine)
    bench.set_experiment(PRESETS["quick"].experiment)
    bench.reuse(run.id)
    assert bench.experiment == PRESETS["deep"].experiment


def test_a_run_that_was_chosen_while_another_compiles_goes_on_reading(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train()
    first = bench.active
    engine.reported.emit(StepsEnded(first.id, 0, FIGURES, FIGURES, 1.0, 1.0))
    assert bench.readers.reader == first.id
    engine.reported.emit(RunEnded(first.id, Outcome.STOPPED, "stopped", 1))
    bench.train()
    second = bench.active
    bench.readers.read_with(first.id)
    engine.reported.emit(StepsEnded(second.id, 0, FIGURES, FIGURES, 1.0, 1.0))
    assert bench.readers.reader == first.id
    bench.readers.read_with(second.id)
    assert bench.readers.reader == second.id


def test_a_network_that_cannot_read_leaves_no_old_answer_behind(bench, engine, heard):
    engine.reported.emit(ReadingFailed(STARTER, "It diverged."))
    assert heard == [
        ("reader_changed", ("", "")),
        ("reading_changed", (None,)),
        ("problem_found", ("It diverged.", "")),
    ]


def test_a_pair_is_the_network_and_then_its_plain_twin(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train_pair()
    first = bench.active
    engine.reported.emit(RunEnded(first.id, Outcome.FINISHED, "finished", 1))
    second = bench.active
    assert second.experiment == replace(first.experiment, architecture=first.experiment.architecture.plain_twin)
    assert bench.experiment == first.experiment
    engine.reported.emit(RunEnded(second.id, Outcome.FINISHED, "finished", 1))
    assert bench.active is None
    assert [entry.name for entry in bench.shelf.ticked] == ["ResNet-6", "plain-6"]


def test_a_stop_ends_the_pair(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train_pair()
    bench.stop()
    engine.reported.emit(RunEnded(bench.active.id, Outcome.STOPPED, "stopped", 1))
    assert bench.active is None
    assert [run.state for run in bench.shelf.runs.values()] == [State.STOPPED, State.STOPPED]


def test_both_of_a_pair_go_on_with_the_bundled_digits(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train_pair()
    engine.reported.emit(RunEnded(bench.active.id, Outcome.FAILED, "no MNIST", 0, error="DatasetUnavailable"))
    engine.reported.emit(RunEnded(bench.active.id, Outcome.FINISHED, "finished", 1))
    recipes = [run.experiment.recipe.dataset for run in bench.shelf.runs.values()]
    assert recipes == [DatasetName.MNIST, DatasetName.DIGITS, DatasetName.DIGITS]
    assert bench.active.experiment.architecture.shortcut == "none"


def test_runs_that_are_to_go_on_are_not_replaced_where_the_data_is_missing(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    old = Run("old", Experiment(), state=State.STOPPED)
    old.history.extend(StepsEnded("old", 0, FIGURES, FIGURES, 1.0, 1.0))
    bench.shelf.add([old])
    bench.train()
    bench.resume("old")
    engine.reported.emit(RunEnded(bench.active.id, Outcome.FAILED, "no MNIST", 0, error="DatasetUnavailable"))
    assert bench.active.experiment.recipe.dataset is DatasetName.DIGITS
    assert bench.waiting == ["old"]
    engine.reported.emit(RunEnded(bench.active.id, Outcome.FINISHED, "finished", 1))
    engine.reported.emit(RunEnded("old", Outcome.FAILED, "no MNIST", 1, error="DatasetUnavailable"))
    assert bench.active is None
    assert old.can_go_on
    assert old.step == 1
    assert len(bench.shelf.runs) == 3


def test_text_becomes_the_experiment_or_a_problem(bench, heard):
    bench.take_text("resnet-gui/1 blocks=9 shortcut=A")
    assert bench.experiment.architecture.blocks == 9
    before = bench.experiment
    bench.take_text("resnet-gui/1 blocks=9 magic=1")
    assert bench.experiment == before
    assert "magic" in dict(heard)["problem_found"][0]


def test_the_time_of_an_epoch_is_told_once_the_machine_is_known(bench, engine, heard):
    bench.set_experiment(PRESETS["quick"].experiment)
    assert "epoch" not in dict(heard)["facts_changed"][0]
    engine.reported.emit(Calibrated(Precision.AUTO, typical_calibration()))
    slow = dict(heard)["facts_changed"][0]
    assert "an epoch on this computer" in slow
    assert "first step" not in slow
    deep = PRESETS["deep"].experiment
    bench.set_experiment(replace(deep, architecture=replace(deep.architecture, blocks=200)))
    assert "until the first step" in dict(heard)["facts_changed"][0]
    bench.set_experiment(PRESETS["resnet20"].experiment)
    assert dict(heard)["facts_changed"][0] != slow
    other = replace(bench.experiment, recipe=replace(bench.experiment.recipe, precision="float32"))
    bench.set_experiment(other)
    assert "epoch" not in dict(heard)["facts_changed"][0]  # that format is not measured yet


def test_pasting_what_is_there_already_brings_the_form_back(bench, heard):
    bench.take_text(text_of(bench.experiment))
    assert heard == [("experiment_changed", (bench.experiment,))]


def test_networks_to_compare_with(bench, engine):
    engine.reported.emit(EngineReady("CPU"))
    bench.train()
    networks = bench.networks()
    assert networks["Plain twin"].shortcut == "none"
    assert networks["Run: ResNet-6"] == bench.active.experiment.architecture
    assert networks["Preset: ResNet-20"].depth == 20


def test_a_network_is_trained_on_with_drawn_digits_in_a_run_of_its_own(bench, engine, qtbot):
    run = train(bench, engine)
    with qtbot.waitSignal(bench.queue_changed):
        bench.train_on_mine(STARTER)
    assert bench.shelf.entry(bench.waiting[0]).name == f"{Library().find(STARTER).name} + my digits"
    recipe = bench.shelf.entry(bench.waiting[0]).run.experiment.recipe
    assert (recipe.start, recipe.dataset.parts[-1]) == (STARTER, "mine")
    assert bench.active is run


def test_drawn_digits_are_still_learned_where_mnist_is_missing_and_the_form_stays(bench, engine, qtbot):
    engine.reported.emit(EngineReady("CPU"))
    with qtbot.waitSignal(bench.queue_changed):
        bench.train_on_mine(STARTER)
    form, name = bench.experiment, bench.shelf.entry(bench.active.id).name
    engine.reported.emit(RunEnded(bench.active.id, Outcome.FAILED, "no MNIST", 0, error="DatasetUnavailable"))
    assert bench.active.experiment.recipe.dataset is DatasetName.DIGITS_MINE
    assert bench.active.experiment.recipe.start == STARTER
    assert bench.shelf.entry(bench.active.id).name.startswith(name)
    assert bench.experiment == form
