"""The executor of this process with real training, a real recorder and a real library."""

import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import UnknownRun
from resnet_gui.core.events import (
    Calibrated,
    CheckpointMade,
    Outcome,
    Progressed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Experiment, Precision, Recipe
from resnet_gui.core.library import Library
from resnet_gui.core.queue import Job
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run, State
from resnet_gui.engine.executor import LocalExecutor

SMALL = Experiment(
    Architecture(blocks=1, width=4, stem_stride=2),
    Recipe(batch_size=32, epochs=2, precision="float32", learning_rate=0.01),
)
SILENCE = 120  # seconds in which nothing at all is said: nothing will be
LONG = replace(SMALL, recipe=replace(SMALL.recipe, epochs=1000))


class Bench:
    """An executor with what it needs, and everything that it said."""

    def __init__(self, home, data):
        self.library, self.data, self.problems = Library(home), data, []
        self.recorder = Recorder(self.library, lambda run, problem: self.problems.append(problem))
        self.noticed, self.events, self.shared = threading.Event(), [], []
        self.executor = LocalExecutor(
            self.library,
            self.recorder,
            "cpu",
            noticed=self.noticed.set,
            share_network=lambda run, network: self.shared.append((run, network)),
        )

    def submit(self, run_id, experiment=SMALL, data=None, resumed=False):
        if not resumed:
            self.recorder.begin(Run(run_id, experiment, state=State.QUEUED))
        self.executor.submit(Job(run_id, experiment, data or self.data, resumed))

    def until(self, wanted):
        """Poll until an event is `wanted`, which is returned."""
        while True:
            assert self.noticed.wait(SILENCE)
            self.noticed.clear()
            events = self.executor.poll()
            self.events += events
            for event in events:
                if wanted(event):
                    return event

    def ended(self, run_id):
        return self.until(lambda event: isinstance(event, RunEnded) and event.run == run_id)

    def trains(self, run_id):
        return self.until(lambda event: isinstance(event, StepsEnded) and event.run == run_id)

    def close(self):
        self.executor.close()
        assert self.executor.join(60)
        self.recorder.finish()
        assert not self.problems


@pytest.fixture
def bench(tmp_path, bars_folder):
    bench = Bench(tmp_path / "home", bars_folder)
    bench.executor.start()
    yield bench
    bench.close()


def test_a_job_is_trained_its_events_are_in_order_and_it_is_written_down(bench):
    bench.submit("a")
    end = bench.ended("a")
    assert end.outcome is Outcome.FINISHED
    assert bench.events[-1] is end
    assert isinstance(bench.events[0], Progressed)
    kinds = [type(event) for event in bench.events]
    assert kinds.index(RunPrepared) < kinds.index(StepsEnded) < kinds.index(CheckpointMade) < kinds.index(RunEnded)
    steps = [event for event in bench.events if isinstance(event, StepsEnded)]
    np.testing.assert_array_equal([each.first_step for each in steps[1:]],
                                  np.cumsum([len(each.loss) for each in steps])[:-1])  # fmt: skip
    assert bench.executor.poll() == []
    bench.recorder.settle("a")
    run, weights = bench.library.load("a")
    assert (run.state, run.step, run.test_accuracy) == (State.FINISHED, end.step, end.test_accuracy)
    np.testing.assert_array_equal(run.history.loss.values, np.concatenate([each.loss for each in steps]))
    assert weights


def test_networks_and_checkpoints_stay_out_of_the_events_and_the_network_is_shared_once(bench):
    bench.submit("a")
    bench.ended("a")
    assert [event.network for event in bench.events if isinstance(event, RunPrepared)] == [None]
    assert {event.checkpoint for event in bench.events if isinstance(event, CheckpointMade)} == {None}
    ((run, network),) = bench.shared
    assert run == "a"
    assert network.weights()


def test_jobs_are_trained_one_after_the_other(bench):
    for name in "abc":
        bench.submit(name)
    bench.ended("c")
    assert [event.run for event in bench.events if isinstance(event, RunEnded)] == ["a", "b", "c"]
    order = [event.run for event in bench.events]
    assert order == sorted(order)


def test_a_run_can_begin_where_another_one_ended(bench):
    bench.submit("a", replace(SMALL, recipe=replace(SMALL.recipe, epochs=4)))
    bench.submit("b", replace(SMALL, recipe=replace(SMALL.recipe, start="a", learning_rate=1e-8)))
    end = bench.ended("b")
    (first,) = (event for event in bench.events if isinstance(event, RunEnded) and event.run == "a")
    assert end.test_accuracy == first.test_accuracy > 0.5
    bench.submit("c", replace(SMALL, recipe=replace(SMALL.recipe, start="nothing")))
    assert "nothing" in bench.ended("c").message


def test_a_job_that_fails_says_why_and_the_next_one_is_trained(bench, tmp_path):
    bench.submit("a", data=tmp_path / "nowhere")
    bench.submit("b")
    assert bench.ended("b").outcome is Outcome.FINISHED
    (failed,) = (event for event in bench.events if isinstance(event, RunEnded) and event.run == "a")
    assert failed.outcome is Outcome.FAILED
    assert "nowhere" in failed.message
    bench.recorder.settle("a")
    assert bench.library.find("a").message == failed.message


def test_a_cancelled_run_stops_and_goes_on_to_the_same_end_as_a_whole_one(bench):
    experiment = replace(SMALL, recipe=replace(SMALL.recipe, epochs=8))
    bench.submit("whole", experiment)
    whole = bench.ended("whole")
    bench.submit("a", experiment)
    bench.trains("a")
    bench.executor.cancel("a")
    stopped = bench.ended("a")
    assert stopped.outcome is Outcome.STOPPED
    assert 0 < stopped.step < whole.step
    bench.submit("a", experiment, resumed=True)  # at once: nothing may be on the disk yet
    prepared = bench.until(lambda event: isinstance(event, RunPrepared))
    assert prepared.first_step == stopped.step
    end = bench.ended("a")
    assert (end.outcome, end.step, end.test_loss) == (Outcome.FINISHED, whole.step, whole.test_loss)
    for name in ("whole", "a"):
        bench.recorder.settle(name)
    np.testing.assert_array_equal(
        bench.library.find("a").history.loss.values, bench.library.find("whole").history.loss.values
    )


def test_a_run_that_waits_can_be_cancelled_before_its_turn(bench):
    bench.submit("a", LONG)
    bench.submit("b")
    bench.trains("a")
    bench.executor.cancel("b")
    bench.executor.cancel("nobody")
    bench.executor.cancel("a")
    end = bench.ended("b")
    assert (end.outcome, end.step) == (Outcome.STOPPED, 0)
    assert not [event for event in bench.events if isinstance(event, StepsEnded) and event.run == "b"]
    bench.recorder.settle("b")
    assert bench.library.find("b").state is State.STOPPED


def test_a_run_that_goes_on_the_moment_it_has_ended_can_still_be_cancelled(tmp_path, bars_folder):
    bench = Bench(tmp_path / "home", bars_folder)
    ends = []

    def resubmit():
        """In the executor's thread, as early as anybody can know of the end."""
        events = bench.executor.poll()
        bench.events += events
        for event in events:
            if isinstance(event, RunEnded):
                ends.append(event)
                if len(ends) == 1:
                    bench.submit("a", LONG, resumed=True)
                bench.noticed.set()
            elif isinstance(event, StepsEnded):
                bench.executor.cancel("a")

    bench.executor._noticed = resubmit
    bench.executor.start()
    bench.submit("a", LONG)
    while len(ends) < 2:
        assert bench.noticed.wait(SILENCE)
        bench.noticed.clear()
    assert [end.outcome for end in ends] == [Outcome.STOPPED, Outcome.STOPPED]
    assert ends[1].step > ends[0].step
    bench.close()


def test_what_cannot_go_on_ends_with_a_sentence(bench):
    bench.submit("nobody", resumed=True)
    end = bench.ended("nobody")
    assert end.outcome is Outcome.FAILED
    assert "no saved run 'nobody'" in end.message
    assert end.error == UnknownRun.__name__
    assert not end.details


def test_a_job_ends_even_where_training_cannot_be_loaded(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "resnet_gui.engine.training", None)
    monkeypatch.delattr("resnet_gui.engine.training")
    bench.submit("a")
    end = bench.ended("a")
    assert end.outcome is Outcome.FAILED
    assert "resnet-gui doctor" in end.message
    assert "Traceback" in end.details
    bench.recorder.settle("a")
    assert bench.library.find("a").state is State.FAILED


def test_closing_stops_what_is_trained_and_what_it_learned_is_kept(tmp_path, bars_folder):
    bench = Bench(tmp_path / "home", bars_folder)
    bench.executor.start()
    bench.submit("a", LONG)
    bench.trains("a")
    bench.close()
    last = bench.executor.poll()[-1]
    assert (type(last), last.outcome) == (RunEnded, Outcome.STOPPED)
    run, weights = bench.library.load("a")
    assert (run.state, run.step) == (State.STOPPED, last.step)
    assert weights


def test_one_that_was_never_started_closes_too(tmp_path, bars_folder):
    Bench(tmp_path / "home", bars_folder).close()


def test_a_paused_run_waits_and_goes_on(bench):
    bench.submit("a", LONG)
    bench.trains("a")
    bench.executor.pause("a")
    bench.until(lambda event: type(event).__name__ == "Paused")
    bench.executor.resume("a")
    bench.trains("a")
    bench.executor.cancel("a")
    assert bench.ended("a").outcome is Outcome.STOPPED


def test_the_machine_is_measured_unless_a_run_is_wanted(bench, monkeypatch):
    asked = []

    def calibration_for(device, precision, *, cancelled):
        asked.append(cancelled())
        return "fast"

    monkeypatch.setattr("resnet_gui.engine.calibration.calibration_for", calibration_for)
    bench.executor.calibrate(Precision.FLOAT32)
    assert bench.until(lambda event: True) == Calibrated(Precision.FLOAT32, "fast")
    bench.submit("a", LONG)
    bench.trains("a")
    bench.executor.calibrate(Precision.FLOAT32)
    bench.submit("b")
    bench.executor.cancel("a")
    bench.ended("b")
    assert asked == [False, True]
