"""The thread that reads first: what it says, what it hands on, and how it goes on after a failure."""

import numpy as np
import pytest
from PySide6.QtCore import QObject

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.reading import Reading
from resnet_gui.ui.networks import Networks
from resnet_gui.ui.reading import EngineReady, NothingToRead, ReaderReady, ReadingFailed, ReadingThread

LONG = 120_000  # ms; a limit for what must not hang, not a measurement
ONE = Drawing((np.array([[0.5, 0.1], [0.5, 0.9]], np.float32),))


@pytest.fixture
def networks(tmp_path):
    return Networks(Library(tmp_path))


@pytest.fixture
def thread(qtbot, networks):
    parent = QObject()
    seen, handed_on = [], []
    made = ReadingThread(networks, "cpu", seen.append, handed_on.append, parent)
    made.seen, made.handed_on, made.said = seen, handed_on, []
    made.reported.connect(made.said.append)
    yield made
    made.close()
    assert made.wait(LONG)
    parent.deleteLater()


def kinds(thread):
    return [type(event) for event in thread.said]


def wait_for(qtbot, thread, kind, count=1):
    qtbot.waitUntil(lambda: kinds(thread).count(kind) >= count, timeout=LONG)


def test_every_drawing_is_answered_and_its_image_handed_on(thread, qtbot):
    thread.read(ONE)
    thread.start()
    wait_for(qtbot, thread, Reading)
    assert kinds(thread) == [EngineReady, ReaderReady, Reading]
    thread.read(Drawing())
    wait_for(qtbot, thread, NothingToRead)
    thread.read(ONE)
    wait_for(qtbot, thread, Reading, 2)
    qtbot.waitUntil(lambda: thread.handed_on[-1] is not None, timeout=LONG)
    assert thread.seen[0] is thread.handed_on[0] is thread.said[2].image
    assert any(image is None for image in thread.handed_on)


def test_a_drawing_that_is_read_again_is_the_same_image(thread, qtbot):
    thread.start()
    for count in (1, 2):
        thread.read(ONE)
        wait_for(qtbot, thread, Reading, count)
    qtbot.waitUntil(lambda: len(thread.handed_on) == 2, timeout=LONG)
    assert thread.handed_on[0] is thread.handed_on[1]


def test_others_get_the_image_although_the_first_network_is_gone_which_is_said_once(thread, qtbot):
    thread.read_with("nobody")
    thread.start()
    wait_for(qtbot, thread, ReadingFailed)
    for drawing in (ONE, Drawing(), ONE):
        before = len(thread.handed_on)
        thread.read(drawing)
        qtbot.waitUntil(lambda before=before: len(thread.handed_on) > before, timeout=LONG)
    qtbot.waitUntil(lambda: thread.handed_on[-1] is not None, timeout=LONG)
    assert kinds(thread) == [EngineReady, ReadingFailed, NothingToRead]


def test_a_network_that_comes_after_all_reads(thread, networks, qtbot, monkeypatch):
    find = networks.reader

    def reader(run):
        if run == "late":
            raise LibraryError("There is no network of late.")
        return find(run)

    monkeypatch.setattr(networks, "reader", reader)
    thread.read_with("late")
    thread.start()
    wait_for(qtbot, thread, ReadingFailed)
    monkeypatch.setattr(networks, "reader", lambda run: find(STARTER))
    thread.try_again("another")
    thread.try_again("late")
    wait_for(qtbot, thread, ReaderReady)
    assert kinds(thread) == [EngineReady, ReadingFailed, ReaderReady]
    assert thread.said[-1].run == "late"
