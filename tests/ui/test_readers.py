"""Who reads what is drawn. The engine is the real one; what it would say is said for it."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.readers import Readers
from resnet_gui.ui.reading import NothingToRead, ReaderReady, ReadingFailed
from resnet_gui.ui.reading_beside import ReadBeside
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.threads import Engine

FIGURES = np.zeros(1, np.float32)
SIGNALS = ("reader_changed", "reading_changed", "row_read", "row_failed", "path_changed", "problem_found")


@pytest.fixture
def engine(tmp_path, qapp):
    made = Engine(Library(tmp_path), "cpu", qapp)
    made.beside, made.read_again = [], []
    yield made
    assert made.close(60)
    made.deleteLater()


@pytest.fixture
def readers(engine, tmp_path, qapp, monkeypatch):
    monkeypatch.setattr(engine, "read_beside", lambda runs: engine.beside.append(list(runs)))
    monkeypatch.setattr(engine, "read_beside_again", engine.read_again.append)
    shelf = Shelf(Library(tmp_path), Errands(qapp), qapp)
    runs = [Run(name, Experiment()) for name in ("a", "b", "c")]
    for run in runs:
        run.apply(StepsEnded(run.id, 0, FIGURES, FIGURES, 1.0, 1.0))
    shelf.add(runs)
    made = Readers(engine, shelf, qapp)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def heard(readers):
    found = []
    for name in SIGNALS:
        getattr(readers, name).connect(lambda *values, name=name: found.append((name, *values)))
    return found


def reading(run, digit=3, step=None, image=0):
    probabilities = np.eye(10, dtype=np.float32)[digit]
    return Reading(run, run, np.full((28, 28), image, np.uint8), probabilities, step=step)


def names(heard):
    return [what for what, *_ in heard]


def test_what_the_first_network_says_is_for_its_panel_and_for_its_row(readers, heard):
    answer = reading(STARTER)
    readers.take(answer)
    assert heard == [("reading_changed", answer), ("row_read", answer)]


def test_what_others_say_is_for_their_rows_alone(readers, heard):
    answer = reading("a")
    readers.take(ReadBeside("a", answer))
    readers.take(ReadBeside("b", None, "It diverged."))
    assert heard == [("row_read", answer), ("row_failed", "b", "It diverged.")]


def test_the_first_network_does_not_read_twice(readers, engine):
    readers.read_beside(("a", "b", "c"))
    readers.read_with("b")
    readers.read_with("c")
    readers.read_beside(())
    assert engine.beside == [["a", "b", "c"], ["a", "c"], ["a", "b"], []]


def test_without_ink_every_answer_goes(readers, heard):
    readers.take(NothingToRead())
    assert heard == [("reading_changed", None), ("row_read", None)]


def test_a_failure_of_the_first_network_leaves_the_others_rows_alone(readers, heard):
    readers.take(ReadingFailed(STARTER, "It is gone."))
    assert ("row_failed", STARTER, "It is gone.") in heard
    assert "row_read" not in names(heard)
    assert heard[-1] == ("problem_found", "It is gone.")


def test_the_network_that_trains_reads_again_first_or_beside(readers, engine, qtbot):
    readers.take_steps("a")
    readers.read_beside(("a", "b"))
    qtbot.waitUntil(lambda: "a" in engine.read_again)
    readers.end_training()
    engine.read_again.clear()
    readers.read_with("a")
    readers.take_steps("a")
    readers.end_training()
    assert not engine.read_again


def test_the_path_of_a_reading_grows_while_its_network_trains_and_stays_after_it(readers, heard):
    readers.take_steps("a")
    readers.read_with("a")
    for step in (1, 4, 9):
        readers.take(reading("a", step=step))
    readers.end_training()
    readers.take(reading("a", step=10))
    assert readers.path.run == "a"
    assert readers.path.steps.tolist() == [1, 4, 9, 10]
    assert names(heard).count("path_changed") == 4
    readers.take(reading("b", step=50))  # whoever else reads this drawing
    assert readers.path.steps.tolist() == [1, 4, 9, 10]


def test_another_drawing_begins_another_path_at_the_present_step(readers):
    readers.take_steps("a")
    readers.take(ReadBeside("a", reading("a", step=1)))
    readers.take(ReadBeside("a", reading("a", step=5, image=1)))
    assert readers.path.steps.tolist() == [5]
    readers.take(NothingToRead())
    assert readers.path is None
    readers.take(ReadBeside("a", reading("a", step=7)))
    readers.end_training()
    readers.take(replace(reading("a", step=7), image=np.ones((28, 28), np.uint8)))
    assert readers.path is None  # it would not grow any more


def test_another_run_begins_another_path(readers):
    for run in ("a", "b"):
        readers.take_steps(run)
        readers.take(ReadBeside(run, reading(run, step=3)))
        readers.end_training()
    assert readers.path.run == "b"
    assert readers.path.steps.tolist() == [3]


def test_a_path_that_would_have_a_gap_is_dropped(readers):
    readers.read_beside(("a",))
    readers.take_steps("a")
    readers.take(ReadBeside("a", reading("a", step=3)))
    readers.read_beside(())  # nobody looks, and another network reads first
    assert readers.path is None
    readers.read_with("a")
    readers.take(reading("a", step=5))
    readers.read_beside(("b",))
    assert readers.path.steps.tolist() == [5]


def test_the_drawing_is_read_again_by_who_begins_to_read(readers, engine, monkeypatch):
    read = []
    monkeypatch.setattr(engine, "read", read.append)
    drawing = Drawing((np.array([[0.5, 0.1], [0.5, 0.9]], np.float32),))
    readers.read(drawing)
    readers.take(ReaderReady(STARTER, "ResNet-6 (starter)"))
    readers.read_beside((STARTER, "a"))
    assert read == [drawing] * 3
