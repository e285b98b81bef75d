"""The queue, with an executor that a test moves by hand."""

import pytest

from resnet_gui.core.events import Outcome, Progressed, RunEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.queue import Job, Queue


class ByHand:
    """An executor that does what the test says."""

    def __init__(self):
        self.submitted, self.cancelled, self.events = [], [], []

    def submit(self, job):
        self.submitted.append(job.run)

    def poll(self):
        events, self.events = self.events, []
        return events

    def cancel(self, run):
        self.cancelled.append(run)

    def end(self, run, outcome=Outcome.FINISHED):
        self.events.append(RunEnded(run, outcome, str(outcome), 0))


@pytest.fixture
def executor():
    return ByHand()


@pytest.fixture
def queue(executor):
    queue = Queue(executor)
    for name in "abcd":
        queue.add(Job(name, Experiment()))
    return queue


def names(queue):
    return [job.run for job in queue.waiting]


def test_runs_are_submitted_one_after_the_other(queue, executor):
    assert (queue.active.run, names(queue)) == ("a", ["b", "c", "d"])
    executor.events.append(Progressed("a", "compiling"))
    assert queue.poll() == [Progressed("a", "compiling")]
    assert executor.submitted == ["a"]
    executor.end("a")
    queue.poll()
    assert (queue.active.run, executor.submitted) == ("b", ["a", "b"])


@pytest.mark.parametrize("outcome", Outcome)
def test_however_a_run_ends_the_next_one_follows(queue, executor, outcome):
    for name in "abcd":
        executor.end(name, outcome)
        queue.poll()
    assert executor.submitted == ["a", "b", "c", "d"]
    assert queue.active is None


def test_waiting_runs_change_places(queue):
    queue.move("d", -2)
    assert names(queue) == ["d", "b", "c"]
    queue.move("d", 9)
    queue.move("b", -9)
    queue.move("nobody", 1)
    assert names(queue) == ["b", "c", "d"]


def test_waiting_runs_are_taken_off(queue, executor):
    queue.remove("c")
    queue.remove("nobody")
    assert names(queue) == ["b", "d"]
    assert [job.run for job in queue.clear()] == ["b", "d"]
    executor.end("a")
    queue.poll()
    assert queue.active is None


def test_the_run_that_is_trained_is_cancelled_and_the_next_follows(queue, executor):
    queue.cancel()
    assert executor.cancelled == ["a"]
    assert queue.active.run == "a"  # until it says that it has ended
    executor.end("a", Outcome.STOPPED)
    queue.poll()
    assert queue.active.run == "b"
    Queue(executor).cancel()  # nothing is trained: no harm
    assert executor.cancelled == ["a"]
