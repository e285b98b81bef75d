"""Errands are done beside the GUI thread, one after the other, and answered in it."""

import threading

import pytest

from resnet_gui.core.errors import FileError
from resnet_gui.ui.errands import Errands


@pytest.fixture
def errands(qapp):
    made = Errands()
    yield made
    made.finish()


def test_work_is_done_in_order_in_another_thread_and_answered_in_this_one(errands, qtbot):
    threads, answers = [], []

    def work(number):
        threads.append(threading.current_thread())
        return number

    for number in range(5):
        errands.do(lambda n=number: work(n), lambda answer: answers.append((answer, threading.current_thread())))
    qtbot.waitUntil(lambda: len(answers) == 5)
    here = threading.current_thread()
    assert answers == [(number, here) for number in range(5)]
    assert here not in threads


def test_what_does_not_work_is_said_and_the_next_errand_is_done(errands, qtbot):
    said, answers = [], []
    errands.failed.connect(lambda text, details: said.append((text, bool(details))))

    def refuse():
        raise FileError("The disk is full.")

    errands.do(refuse, answers.append, lambda nothing: answers.append("given up"))
    errands.do(lambda: 1 / 0, answers.append)
    errands.do(lambda: 7, answers.append, lambda nothing: answers.append("given up"))
    qtbot.waitUntil(lambda: answers == ["given up", 7])
    assert said == [("The disk is full.", False), ("That failed with ZeroDivisionError.", True)]


def test_everything_is_done_before_the_end(qapp):
    errands, done = Errands(), []
    for number in range(20):
        errands.do(lambda n=number: done.append(n))
    errands.finish()
    assert done == list(range(20))
