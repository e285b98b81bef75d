"""The paper: gestures, pictures, and what is undone."""

import numpy as np
import pytest

from resnet_gui.core.gesture import Pointer
from resnet_gui.core.paper import Changed, Erased, Inked, Paper, Sheet

MOUSE, PEN, RUBBER = Pointer("mouse"), Pointer("pen"), Pointer("mouse", erases=True)


@pytest.fixture
def paper():
    return Paper()


def go(paper, pointer, *points, eraser=None):
    paper.begin(pointer, eraser)
    changes = [paper.go_on(pointer, point) for point in points]
    paper.finish()
    return changes


def picture():
    ink = np.zeros((50, 50), np.uint8)
    ink[20:30, 20:30] = 255
    return Sheet((), ink, np.ones((28, 28), np.uint8))


def test_the_first_ink_changes_the_paper_and_more_goes_along_lines(paper):
    changes = go(paper, MOUSE, (0.1, 0.1), (0.2, 0.1), (0.2, 0.1), (0.3, 0.1))
    assert changes == [Changed(), Inked(((0.1, 0.1), (0.2, 0.1))), None, Inked(((0.2, 0.1), (0.3, 0.1)))]


def test_one_gesture_of_the_eraser_is_one_step_to_undo(paper):
    go(paper, MOUSE, (0.1, 0.5), (0.9, 0.5))
    before = paper.sheet
    changes = go(paper, RUBBER, (0.3, 0.0), (0.3, 1.0), (0.6, 1.0), (0.6, 0.0), eraser=0.05)
    assert len(paper.sheet.strokes) == 3
    assert changes[1] == Erased(((0.3, 0.0), (0.3, 1.0)), 0.05)
    assert changes[2] is None
    paper.undo()
    assert paper.sheet is before
    paper.redo()
    assert len(paper.sheet.strokes) == 3


def test_an_eraser_that_touches_nothing_is_nothing_to_undo(paper):
    paper.begin(RUBBER, 0.1)
    assert paper.go_on(RUBBER, (0.5, 0.5)) is None
    assert not paper.finish()
    assert not paper.can_undo


def test_a_dropped_gesture_leaves_things_as_they_were(paper):
    go(paper, MOUSE, (0.1, 0.5), (0.9, 0.5))
    before = paper.sheet
    for pointer, eraser in ((PEN, None), (RUBBER, 0.3)):
        paper.begin(pointer, eraser)
        paper.go_on(pointer, (0.5, 0.5))
        paper.drop()
        assert paper.sheet is before
        assert paper.growing == []


def test_the_first_stroke_replaces_a_picture_and_undo_brings_it_back(paper):
    paper.put(picture())
    shown = paper.sheet
    assert go(paper, MOUSE, (0.1, 0.1), (0.2, 0.2))[0] == Changed()
    assert paper.sheet.picture is None
    assert len(paper.sheet.strokes) == 1
    paper.undo()
    assert paper.sheet is shown
    paper.undo()
    assert paper.sheet.empty


def test_the_eraser_takes_a_picture_away_where_it_touches_its_ink(paper):
    paper.put(picture())
    assert go(paper, RUBBER, (0.1, 0.1), eraser=0.05) == [None]
    assert not paper.sheet.empty
    assert go(paper, RUBBER, (0.5, 0.1), (0.5, 0.5), eraser=0.05) == [None, Changed()]
    assert paper.sheet.empty


def test_only_the_device_that_began_is_heard_until_it_is_silent_for_long(paper, monkeypatch):
    paper.begin(PEN, None)
    assert paper.go_on(MOUSE, (0.5, 0.5)) is None
    assert not paper.is_free_for(MOUSE)
    assert paper.is_free_for(PEN)
    monkeypatch.setattr("resnet_gui.core.paper.monotonic", lambda: float("inf"))
    assert paper.is_free_for(MOUSE)
