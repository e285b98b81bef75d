"""Networks that read in turn: the newest image wins, every network has its turn, and what reads first goes first."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QObject

from resnet_gui.core.errors import LibraryError
from resnet_gui.core.reading import Reading
from resnet_gui.ui.reading_beside import BesideThread

LONG = 60_000  # ms; a limit for what must not hang, not a measurement
IMAGES = [np.full((28, 28), number, np.uint8) for number in range(5)]


class Networks:
    """Networks that read when they are let: each answers once `turn` is released."""

    def __init__(self):
        self.turn = threading.Semaphore(0)
        self.began = []  # (run, number of the image)
        self.missing = set()
        self.loaded = []

    def reader(self, run):
        self.loaded.append(run)
        if run in self.missing:
            raise LibraryError(f"{run} is gone.")

    def read(self, run, image):
        self.began.append((run, int(image[0, 0])))
        self.turn.acquire()
        return Reading(run, run, image, np.eye(10, dtype=np.float32)[0])


@pytest.fixture
def networks():
    return Networks()


@pytest.fixture
def thread(qtbot, networks):
    parent = QObject()
    made = BesideThread(networks, parent)
    made.said = []
    made.reported.connect(made.said.append)
    made.start()
    yield made
    made.close()
    networks.turn.release(100)
    assert made.wait(LONG)
    parent.deleteLater()


def read(thread):
    """(run, number of the image) of each answer."""
    return [(event.run, int(event.reading.image[0, 0])) for event in thread.said if event.reading is not None]


def test_all_read_the_image_one_after_the_other(thread, networks, qtbot):
    thread.read_with(["a", "b", "c"])
    assert not networks.began
    thread.show(IMAGES[1])
    networks.turn.release(3)
    qtbot.waitUntil(lambda: len(thread.said) == 3, timeout=LONG)
    assert read(thread) == [("a", 1), ("b", 1), ("c", 1)]


def test_a_newer_image_is_what_is_read_next_and_the_round_goes_on(thread, networks, qtbot):
    thread.read_with(["a", "b", "c"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(networks.began) == 1, timeout=LONG)
    thread.show(IMAGES[2])
    thread.show(IMAGES[3])
    networks.turn.release(4)
    qtbot.waitUntil(lambda: len(thread.said) == 4, timeout=LONG)
    assert read(thread) == [("a", 1), ("b", 3), ("c", 3), ("a", 3)]


def test_none_begins_while_another_thread_reads_first(thread, networks, qtbot):
    thread.read_with(["a", "b"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(networks.began) == 1, timeout=LONG)
    thread.hold()
    networks.turn.release(10)
    qtbot.waitUntil(lambda: len(thread.said) == 1, timeout=LONG)
    assert networks.began == [("a", 1)]
    thread.show(IMAGES[2])
    qtbot.waitUntil(lambda: len(thread.said) == 3, timeout=LONG)
    assert read(thread)[1:] == [("b", 2), ("a", 2)]


def test_the_same_image_again_is_not_read_again_but_for_what_has_learned(thread, networks, qtbot):
    networks.turn.release(10)
    thread.read_with(["a", "b"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(thread.said) == 2, timeout=LONG)
    thread.show(IMAGES[1])
    thread.read_again("nobody looks at")
    thread.read_again("b")
    qtbot.waitUntil(lambda: len(thread.said) == 3, timeout=LONG)
    assert [run for run, _ in networks.began] == ["a", "b", "b"]


def test_without_ink_nothing_is_read_and_no_late_answer_comes(thread, networks, qtbot):
    thread.read_with(["a", "b"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(networks.began) == 1, timeout=LONG)
    thread.show(None)
    networks.turn.release(10)
    thread.read_with(["c"])
    thread.show(IMAGES[2])
    qtbot.waitUntil(lambda: bool(thread.said), timeout=LONG)
    assert read(thread) == [("c", 2)]


def test_who_is_no_longer_wanted_does_not_answer_and_who_comes_reads(thread, networks, qtbot):
    thread.read_with(["a", "b"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(networks.began) == 1, timeout=LONG)
    thread.read_with(["b", "c"])
    networks.turn.release(10)
    qtbot.waitUntil(lambda: len(thread.said) == 2, timeout=LONG)
    assert read(thread) == [("b", 1), ("c", 1)]


def test_one_that_is_gone_says_so_once_and_disturbs_no_other(thread, networks, qtbot):
    networks.missing.add("a")
    networks.turn.release(10)
    thread.read_with(["a", "b"])
    for image in IMAGES[1:3]:
        thread.show(image)
        qtbot.waitUntil(lambda image=image: ("b", int(image[0, 0])) in read(thread), timeout=LONG)
    assert [event.message for event in thread.said if event.reading is None] == ["a is gone."]
    networks.missing.clear()
    thread.read_again("a")
    qtbot.waitUntil(lambda: ("a", 2) in read(thread), timeout=LONG)


def test_an_error_that_nobody_foresaw_is_told_of_that_network(thread, networks, qtbot, monkeypatch):
    def fail(run, image):
        raise RuntimeError("no memory")

    monkeypatch.setattr(networks, "read", fail)
    thread.read_with(["a"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: bool(thread.said), timeout=LONG)
    assert thread.said[0].message == "Reading failed: no memory"


def test_closing_waits_for_one_network_at_most(thread, networks, qtbot):
    thread.read_with(["a", "b"])
    thread.show(IMAGES[1])
    qtbot.waitUntil(lambda: len(networks.began) == 1, timeout=LONG)
    thread.close()
    networks.turn.release(10)
    assert thread.wait(LONG)
    QCoreApplication.processEvents()
    assert networks.began == [("a", 1)]
