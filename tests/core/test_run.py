"""A run takes in what training says, and nothing else changes it."""

import numpy as np
import pytest

from resnet_gui.core.events import (
    EpochEnded,
    Outcome,
    Paused,
    Progressed,
    Resumed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Run, State, accuracy_text, described, new_run_id

PREPARED = RunPrepared(
    "a", Experiment(), None, dataset="MNIST", device="CPU", precision="float32", parameters=7, steps_per_epoch=5,
)  # fmt: skip


def steps(first, *losses):
    return StepsEnded("a", first, np.array(losses, np.float32), np.zeros(len(losses), np.float32), 100.0, 9.0)


@pytest.fixture
def run():
    return Run("a", Experiment())


def test_a_run_goes_from_preparing_over_training_to_its_outcome(run):
    states = [run.state]
    for event in (
        Progressed("a", "reading", 0.5),
        PREPARED,
        steps(0, 2.0),
        Paused("a", 1),
        Resumed("a"),
        RunEnded("a", Outcome.FINISHED, "finished", 1, test_loss=0.1, test_accuracy=0.9),
    ):
        run.apply(event)
        states.append(run.state)
    assert states == [
        State.PREPARING, State.PREPARING, State.PREPARING, State.TRAINING, State.PAUSED, State.TRAINING, State.FINISHED,
    ]  # fmt: skip
    assert (run.parameters, run.total_steps, run.step, run.test_accuracy) == (7, 5, 1, 0.9)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_a_state_that_is_not_active(run, outcome):
    run.apply(RunEnded("a", outcome, "over", 0))
    assert run.state == outcome
    assert not run.state.active


def test_the_best_accuracy_is_the_tests_once_it_is_measured(run):
    assert run.best_accuracy is None
    run.apply(EpochEnded("a", 0, 1, 0.3, 0.8))
    run.apply(EpochEnded("a", 1, 2, 0.4, 0.7))
    assert run.best_accuracy == 0.8
    run.apply(RunEnded("a", Outcome.FINISHED, "finished", 2, test_loss=0.5, test_accuracy=0.75))
    assert run.best_accuracy == 0.75


def test_ids_begin_with_the_digest_and_differ():
    first, second = new_run_id(Experiment()), new_run_id(Experiment())
    assert first.startswith(Experiment().digest)
    assert first != second


def test_an_accuracy_is_told_with_its_interval():
    run = Run("a", Experiment())
    assert accuracy_text(run) == ""
    run.test_accuracy, run.test_images = 0.9, 100
    assert accuracy_text(run) == "test accuracy 90.00% (95 % interval 82.56% to 94.48%)"
    assert accuracy_text(run) in described(run)
