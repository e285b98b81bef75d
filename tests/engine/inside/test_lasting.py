"""Measurements that last: interrupted ones go on, and what is told to be whole is of the weights asked about."""

from types import SimpleNamespace

import numpy as np
import pytest

from resnet_gui.engine.inside import lasting
from resnet_gui.engine.inside.lasting import KEPT, UNFINISHED, growing


@pytest.fixture(autouse=True)
def nothing_kept():
    lasting._kept.clear()
    yield
    lasting._kept.clear()


def specimen(weight):
    return SimpleNamespace(trained=np.array([weight], np.float32), averages=np.zeros(0, np.float32))


class Counting:
    """Measures its specimen's weight four times."""

    def __init__(self, specimen):
        self.weight, self.measured = float(specimen.trained[0]), 0

    @property
    def done(self):
        return self.measured == 4

    @property
    def share(self):
        return self.measured / 4

    def steps(self):
        while not self.done:
            self.measured += 1
            yield


def told(subject, key="a"):
    return [(one.weight, one.measured, share) for one, share in growing(key, subject, lambda before: Counting(subject))]


def told_some(subject, times):
    found = growing("a", subject, lambda before: Counting(subject))
    return [(one.weight, one.measured, share) for one, share in (next(found) for _ in range(times))]


def test_it_grows_until_it_is_whole_and_is_kept():
    assert told(specimen(1)) == [(1, 0, 0), (1, 1, 0.25), (1, 2, 0.5), (1, 3, 0.75), (1, 4, 1)]
    assert told(specimen(1)) == [(1, 4, 1)]


def test_what_was_interrupted_goes_on():
    told_some(specimen(1), 3)
    assert told(specimen(1)) == [(1, 2, 0.5), (1, 3, 0.75), (1, 4, 1)]


def test_what_was_begun_on_other_weights_is_finished_and_is_not_the_end():
    told_some(specimen(1), 4)
    shares = told(specimen(2))
    assert shares[:2] == [(1, 3, 0.75), (1, 4, lasting.ALMOST)]
    assert shares[2:] == [(2, 0, 0), (2, 1, 0.25), (2, 2, 0.5), (2, 3, 0.75), (2, 4, 1)]


def test_few_are_kept_and_of_unfinished_ones_the_newest_alone():
    for number in range(KEPT + 5):
        told(specimen(1), key=number)
    assert len(lasting._kept) == KEPT
    for number in range(5):
        next(growing(("begun", number), specimen(1), lambda before: Counting(specimen(1))))
    begun = [key for key, (_, measurement) in lasting._kept.items() if not measurement.done]
    assert begun == [("begun", number) for number in range(5)][-UNFINISHED:]
