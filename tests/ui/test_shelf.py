"""The runs in the window, with a real library behind them."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.shelf import Shelf


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "home")


@pytest.fixture
def errands(qapp):
    errands = Errands()
    yield errands
    errands.finish()


@pytest.fixture
def shelf(library, errands):
    return Shelf(library, errands)


@pytest.fixture
def heard(shelf):
    found = []
    for name in ("added", "relabelled", "removed", "ticks_changed"):
        getattr(shelf, name).connect(lambda value, name=name: found.append((name, [told(v) for v in value])))
    return found


def told(value):
    return value if isinstance(value, str) else value.name


def run(run_id, **labels):
    return Run(run_id, Experiment(), Labels(**labels), state=State.FINISHED)


def test_names_are_told_apart_and_colours_follow_each_other(shelf, heard):
    shelf.add([run("a"), run("b"), run("c", name="mine", color=5)])
    shelf.add([run("a"), run("d")])
    assert heard == [("added", ["ResNet-6", "ResNet-6 (2)", "mine"]), ("added", ["ResNet-6 (3)"])]
    assert [shelf.entry(i).color for i in "abcd"] == [0, 1, 5, 2]


def test_a_name_that_is_free_again_is_given_again(shelf):
    shelf.add([run("a"), run("b")])
    shelf.label({"a": Labels(name="mine")})
    shelf.add([run("c")])
    assert shelf.entry("c").name == "ResNet-6"


def test_ticked_runs_are_told_in_the_order_of_the_table(shelf, heard):
    shelf.add([run("a"), run("b"), run("c")])
    shelf.tick(["c"])
    shelf.tick(["a", "c", "nobody"])
    shelf.tick(["a"])
    assert heard[1:] == [("ticks_changed", ["ResNet-6 (3)"]), ("ticks_changed", ["ResNet-6", "ResNet-6 (3)"])]


def test_labels_reach_views_and_library(shelf, library, errands, heard, qtbot):
    library.save(run("a"), {"k": np.zeros(1, np.float32)})
    shelf.load(["a"])
    qtbot.waitUntil(lambda: "a" in shelf)
    shelf.label({"a": Labels(name="mine", tags=("x",), color=3), "nobody": Labels()})
    errands.finish()
    assert library.find("a").labels == Labels("mine", ("x",), "", 3)
    assert heard[-2:] == [("relabelled", ["mine"]), ("ticks_changed", ["mine"])]
    shelf.label({"a": shelf.entry("a").run.labels})
    assert len(heard) == 4  # nothing changed


def test_discarded_runs_come_back_with_their_ticks(shelf, library, errands, qtbot):
    for name in "ab":
        library.save(run(name), {"k": np.zeros(1, np.float32)})
    shelf.load(["a", "b"])
    qtbot.waitUntil(lambda: len(shelf.runs) == 2)
    restore = shelf.discard(["a", "nobody"])
    errands.finish()
    assert list(shelf.runs) == ["b"]
    assert [entry.run.id for entry in shelf.ticked] == ["b"]
    assert [kept.id for kept in library.runs()] == ["b"]
    restore()
    errands.finish()
    assert {entry.run.id for entry in shelf.ticked} == {"a", "b"}
    assert len(library.runs()) == 2


def test_a_store_that_cannot_be_used_is_a_sentence_and_the_shelf_works_on(shelf, errands, tmp_path, qtbot):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "runs.sqlite3").write_bytes(b"no store" * 200)
    problems = []
    errands.failed.connect(lambda text, details: problems.append(text))
    shelf.load([])
    qtbot.waitUntil(lambda: bool(problems))
    assert "it is damaged, or something else: move it away" in problems[0]
    shelf.add([run("a")])
    assert "a" in shelf


def test_what_another_window_saved_is_there_after_a_refresh(shelf, library, qtbot):
    shelf.refresh()
    shelf.load([])
    library.save(run("a"), {"k": np.zeros(1, np.float32)})
    qtbot.waitUntil(lambda: "a" in shelf or not shelf.refresh())
    qtbot.waitUntil(lambda: "a" in shelf)
    library.save(run("b"), {"k": np.zeros(1, np.float32)})
    shelf.refresh()
    qtbot.waitUntil(lambda: "b" in shelf)
    assert not shelf.ticked


def test_a_run_that_another_window_trained_on_is_shown_as_it_is_now(shelf, library, qtbot):
    library.save(replace(run("a"), state=State.STOPPED), {"k": np.zeros(1, np.float32)})
    library.save(replace(run("b"), state=State.STOPPED), {"k": np.zeros(1, np.float32)})
    shelf.load(["a", "b"])
    qtbot.waitUntil(lambda: len(shelf.ticked) == 2)
    shelf.own.add("b")  # what this window trains, it knows better than the library
    for name in "ab":
        library.save(run(name), {"k": np.zeros(1, np.float32)})
    shelf.refresh()
    qtbot.waitUntil(lambda: shelf.runs["a"].state is State.FINISHED)
    assert shelf.runs["b"].state is State.STOPPED
    assert {entry.run.id for entry in shelf.ticked} == {"a", "b"}


def test_examples_are_compared_at_the_first_start_and_hidden_on_request(shelf, library, qtbot):
    library.save(run("a"), {"k": np.zeros(1, np.float32)})
    shelf.load(None, examples=True)
    qtbot.waitUntil(lambda: "a" in shelf)
    assert len(shelf.ticked) > 3
    assert all(entry.run.example for entry in shelf.ticked)
    shelf.show_examples(False)
    assert list(shelf.runs) == ["a"]
    assert not shelf.ticked
    shelf.show_examples(True)
    qtbot.waitUntil(lambda: len(shelf.ticked) > 3)
