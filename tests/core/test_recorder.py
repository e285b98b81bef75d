"""The recorder with a real library, and with disks that refuse."""

import threading

import numpy as np
import pytest

from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.events import CheckpointMade, EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Labels, Run, State


def steps(first, count, run="a"):
    loss = np.arange(first, first + count, dtype=np.float32)
    return StepsEnded(run, first, loss, loss / 100, 50.0, 1.0, float(first + count))


def checkpoint(step, epochs=0):
    return Checkpoint(step, epochs, 1.0, "float32", {"kernel": np.full(3, step, np.float32)}, {"step": np.array(step)})


class Watched(Library):
    """A library that tells when something was written, and can refuse."""

    def __init__(self, folder):
        super().__init__(folder)
        self.wrote = threading.Semaphore(0)
        self.refusal = ""

    def write(self, run, since=0):
        try:
            if self.refusal:
                raise LibraryError(self.refusal)
            super().write(run, since)
        finally:
            self.wrote.release()


@pytest.fixture
def library(tmp_path):
    return Watched(tmp_path / "home")


@pytest.fixture
def problems():
    return []


@pytest.fixture
def recorder(library, problems):
    recorder = Recorder(library, lambda run, text: problems.append((run, text)))
    yield recorder
    recorder.finish()


def test_what_was_measured_is_on_the_disk_before_the_run_ends(library, recorder):
    recorder.begin(Run("a", Experiment(), Labels(name="mine")))
    assert library.wrote.acquire(timeout=30)
    recorder.take(steps(0, 5))
    assert library.wrote.acquire(timeout=30)
    recorder.take(steps(5, 3))
    assert library.wrote.acquire(timeout=30)
    run = library.find("a")
    assert run.history.loss.values.tolist() == list(range(8))
    assert run.history.seconds.values.tolist() == list(range(1, 9))
    assert run.name == "mine"
    assert run.state is State.TRAINING  # by a program that is alive: this one


def test_a_run_that_is_over_has_its_weights_and_its_curve_in_one_piece(library, recorder):
    recorder.begin(Run("a", Experiment()))
    for first in range(0, 20, 4):
        recorder.take(steps(first, 4))
        assert library.wrote.acquire(timeout=30)
    recorder.take(EpochEnded("a", 0, 20, 0.5, 0.75))
    recorder.take(CheckpointMade("a", checkpoint(20, 1)))
    recorder.take(RunEnded("a", Outcome.STOPPED, "stopped after 20 steps", 20, train_seconds=20.0))
    recorder.finish()
    run, weights = library.load("a")
    assert (run.state, run.step, run.best_accuracy) == (State.STOPPED, 20, 0.75)
    assert weights["kernel"].tolist() == [20, 20, 20]
    assert library.claim("a")[1].step == 20
    with library._open() as store:
        assert store.execute("SELECT count(*) FROM steps").fetchone() == (1,)


def test_a_refusing_disk_is_told_once_and_loses_nothing(library, recorder, problems):
    library.refusal = "The disk is full."
    recorder.begin(Run("a", Experiment()))
    for first in range(0, 12, 4):
        recorder.take(steps(first, 4))
        assert library.wrote.acquire(timeout=30)
    recorder.take(CheckpointMade("a", checkpoint(12)))
    assert library.wrote.acquire(timeout=30)
    assert problems == [("a", "The disk is full.")]
    assert library.runs() == []
    library.refusal = ""
    recorder.finish()
    assert library.find("a").history.loss.values.tolist() == list(range(12))
    assert library.claim("a")[1].step == 12


def test_runs_that_were_not_begun_or_are_forgotten_are_not_written(library, recorder):
    recorder.take(steps(0, 4, run="stranger"))
    recorder.begin(Run("a", Experiment(), state=State.QUEUED))
    assert library.wrote.acquire(timeout=30)
    recorder.forget("a")
    recorder.take(steps(0, 4))
    recorder.finish()
    assert [run.id for run in library.runs()] == ["a"]
    assert library.find("a").step == 0


def test_labels_that_were_written_meanwhile_stay(library, recorder):
    recorder.begin(Run("a", Experiment(), Labels(name="first")))
    assert library.wrote.acquire(timeout=30)
    library.label("a", Labels(name="second", tags=("x",)))
    recorder.take(steps(0, 4))
    recorder.finish()
    assert library.find("a").labels == Labels(name="second", tags=("x",))


def test_what_was_taken_in_of_a_run_can_be_put_down_at_once(library, recorder):
    recorder.begin(Run("a", Experiment()))
    recorder.take(steps(0, 3))
    recorder.take(CheckpointMade("a", checkpoint(3)))
    recorder.take(RunEnded("a", Outcome.STOPPED, "stopped after 3 steps", 3))
    recorder.settle("a")
    run, kept = library.claim("a")
    assert (run.step, kept.step) == (3, 3)
    recorder.settle("nobody")


def test_a_disk_that_refuses_says_so_to_who_wants_a_run_put_down(library, recorder):
    library.refusal = "The disk is full."
    recorder.begin(Run("a", Experiment()))
    with pytest.raises(LibraryError, match="disk is full"):
        recorder.settle("a")
    library.refusal = ""
    recorder.settle("a")
    assert library.find("a").id == "a"
