"""The thread that looks inside: the newest look wins, pictures are followed, and the window is never overrun."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.depth_reading import DepthQuestion
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.maps import MapsQuestion, Sheet
from resnet_gui.core.inside.paths import PathsQuestion
from resnet_gui.core.inside.question import Answered, Look, LookFailed, Subject
from resnet_gui.core.library import STARTER, Library
from resnet_gui.ui.inspecting import InspectingThread
from resnet_gui.ui.networks import Networks

ONE, OTHER = (np.full((28, 28), ink, np.uint8) for ink in (30, 200))
DRAWN = Look((Subject(STARTER),), MapsQuestion())


@pytest.fixture
def thread(tmp_path, qapp):
    made = InspectingThread(Networks(Library(tmp_path)), "cpu", qapp)
    made.heard = []
    made.reported.connect(made.heard.append)
    made.drawn_told = []
    made.drawn.connect(made.drawn_told.append)
    made.start()
    yield made
    made.close()
    assert made.wait(60_000)
    made.deleteLater()


def hear(thread, qtbot, count=1, taken=True):
    """The next reports; each is taken, as the window does."""
    for _ in range(count):
        wanted = len(thread.heard) + 1
        qtbot.waitUntil(lambda wanted=wanted: len(thread.heard) >= wanted, timeout=60_000)
        if taken:
            thread.taken()
    return thread.heard[-count:]


def test_what_is_drawn_is_looked_at_again_and_again(thread, qtbot):
    thread.look(DRAWN)
    thread.show(ONE)
    (first,) = hear(thread, qtbot)
    assert isinstance(first, Answered)
    assert isinstance(first.answer, Sheet)
    assert (first.image is ONE, first.share, first.step) == (True, 1.0, None)
    assert first.name.endswith("(starter)")
    thread.show(OTHER)
    (second,) = hear(thread, qtbot)
    assert second.image is OTHER


def test_without_ink_nothing_is_answered_and_the_same_picture_is_not_again(thread, qtbot):
    thread.look(DRAWN)
    thread.show(None)
    thread.show(ONE)
    hear(thread, qtbot)
    thread.show(ONE)
    thread.show(None)
    thread.look(Look((Subject(STARTER),), MapsQuestion(), OTHER))
    (event,) = hear(thread, qtbot)
    assert event.image is OTHER
    assert len(thread.heard) == 2


def test_no_answer_on_a_drawing_comes_after_it_was_wiped(thread, qtbot):
    thread.look(Look((Subject(STARTER),) * 9, MapsQuestion()))
    thread.show(ONE)
    hear(thread, qtbot, taken=False)
    thread.show(None)
    thread.taken()
    qtbot.waitUntil(lambda: thread.drawn_told == [True, False], timeout=60_000)
    qtbot.wait(200)
    assert len(thread.heard) == 1
    thread.show(OTHER)
    (event,) = hear(thread, qtbot)
    assert event.image is OTHER
    assert thread.drawn_told == [True, False, True]


def test_what_was_replaced_is_not_even_computed(thread, qtbot, monkeypatch):
    asked = []
    real = thread._networks.reader
    monkeypatch.setattr(thread._networks, "reader", lambda run: (asked.append(run), real(run))[1])
    thread.look(Look((Subject(STARTER), Subject("never-asked")), MapsQuestion(), ONE))
    hear(thread, qtbot, taken=False)
    qtbot.waitUntil(lambda: asked[-1] == "never-asked", timeout=60_000)  # its failure waits to be taken
    asked.clear()
    thread.look(Look((Subject(STARTER), Subject("b"), Subject("c")), MapsQuestion(), ONE))
    thread.look(new := Look((Subject(STARTER),), MapsQuestion(), OTHER))
    thread.taken()
    (event,) = hear(thread, qtbot)
    assert event.look is new
    assert asked == [STARTER]


def test_both_networks_are_asked(thread, qtbot):
    thread.look(
        Look((Subject(STARTER), Subject("no-such-run"), Subject(STARTER, Lesion.none(99))), MapsQuestion(), ONE)
    )
    answer, unknown, other_lesion = hear(thread, qtbot, 3)
    assert isinstance(answer, Answered)
    assert isinstance(unknown, LookFailed)
    assert "no-such-run" in unknown.message
    assert "the lesion is of 99" in other_lesion.message


def test_the_window_is_not_given_more_until_it_has_taken_what_came(thread, qtbot):
    thread.look(Look((Subject(STARTER),) * 3, MapsQuestion(), ONE))
    hear(thread, qtbot, taken=False)
    qtbot.wait(200)
    assert len(thread.heard) == 1
    thread.taken()
    hear(thread, qtbot, 2)


def test_the_newest_look_wins(thread, qtbot):
    old = Look((Subject(STARTER),) * 50, MapsQuestion(), ONE)
    thread.look(old)
    hear(thread, qtbot)
    new = Look((Subject(STARTER),), MapsQuestion(), OTHER)
    thread.look(new)
    while hear(thread, qtbot)[0].look is not new:
        pass
    assert len(thread.heard) < 50


def test_what_fails_for_another_reason_is_one_sentence(thread, qtbot, monkeypatch):
    def fail(run):
        raise RuntimeError("page 1" + 50 * "\nand more")

    monkeypatch.setattr(thread._networks, "reader", fail)
    thread.look(Look((Subject(STARTER),), MapsQuestion(), ONE))
    (event,) = hear(thread, qtbot)
    assert event.message == "Looking inside failed with RuntimeError; another network may show more."


def test_a_network_that_is_not_saved_is_read_at_every_depth_and_measured_on_nothing(thread, qtbot):
    from resnet_gui.engine.network import Network

    network = Network(Architecture(blocks=2, width=4))
    thread._networks.take("unsaved", network)
    thread.look(Look((Subject("unsaved"),), DepthQuestion(), ONE))
    while (event := hear(thread, qtbot)[0]).share < 1:
        pass
    assert event.answer.stopped.shape == (3, 10)
    assert event.answer.note.startswith("This run is not saved")


def test_it_ends_while_the_window_has_not_taken_what_came(thread, qtbot):
    thread.look(Look((Subject(STARTER),) * 2, MapsQuestion(), ONE))
    hear(thread, qtbot, taken=False)


def test_an_answer_that_still_grows_gives_way_to_a_newer_picture_and_goes_on_later(thread, qtbot, monkeypatch):
    monkeypatch.setattr("resnet_gui.engine.inside.paths.CALL_MULTIPLY_ADDS", 1)  # a path in each call
    thread.look(Look((Subject(STARTER),), PathsQuestion()))
    thread.show(ONE)
    hear(thread, qtbot, 10)
    (grown,) = hear(thread, qtbot, taken=False)
    thread.show(OTHER)
    thread.taken()
    # One more may have been on its way.
    while (event := hear(thread, qtbot)[0]).image is not OTHER:
        pass
    assert event.share < grown.share
    thread.show(again := ONE.copy())
    while (event := hear(thread, qtbot)[0]).image is not again:
        pass
    assert event.share > grown.share
    while event.share < 1:
        (event,) = hear(thread, qtbot)
    blocks = len(event.blueprint.blocks)
    assert event.answer.counts[[0, 1, blocks]].tolist() == [1, blocks, 1]
