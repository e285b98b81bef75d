"""What can be done with runs, through the real table, shelf, library and engine (which is not started)."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from resnet_gui.core.events import Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.export import Table
from resnet_gui.core.library import Library
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.core.run_file import write_run
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.reading import EngineReady
from resnet_gui.ui.run_actions import RunActions
from resnet_gui.ui.runs_table import RunsTable
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.threads import Engine
from resnet_gui.ui.workbench import Workbench


def ended(run_id):
    run = Run(run_id, Experiment(), Labels(name=run_id))
    curve = np.linspace(2, 1, 4, dtype=np.float32)
    run.apply(StepsEnded(run_id, 0, curve, curve / 2, 50.0, 1.0, 2.0))
    run.apply(RunEnded(run_id, Outcome.STOPPED, "stopped after 4 steps", 4))
    return run


class Place:
    """A table with all that is behind it."""

    def __init__(self, folder, qapp):
        self.library, self.errands = Library(folder), Errands()
        for name in ("a", "b"):
            self.library.save(ended(name), {})
        self.shelf = Shelf(self.library, self.errands)
        self.engine = Engine(self.library, "cpu", qapp)
        self.bench = Workbench(self.engine, self.shelf, Experiment(), None, qapp)
        self.window = QWidget()
        self.table = RunsTable(self.window)
        self.actions = RunActions(self.table, self.bench, self.window)
        self.said = []
        for name in ("told", "refused", "deleted"):
            getattr(self.actions, name).connect(lambda *values, name=name: self.said.append((name, values)))
        self.errands.failed.connect(lambda text, details: self.said.append(("failed", (text,))))


@pytest.fixture
def place(tmp_path, qapp, qtbot):
    made = Place(tmp_path / "home", qapp)
    qtbot.addWidget(made.window)
    made.table.resize(900, 300)
    made.window.show()
    made.shelf.load(["a"])
    qtbot.waitUntil(lambda: len(made.shelf.runs) == 2)
    yield made
    made.bench.close(60)
    made.errands.finish()


def test_ticks_go_both_ways(place):
    assert place.table.ticked == ("a",)
    place.table.select("b")
    QTest.keyClick(place.table.view, Qt.Key.Key_Space)
    assert [entry.run.id for entry in place.shelf.ticked] == ["a", "b"]
    place.shelf.set_ticked(["b"])
    assert place.table.ticked == ("b",)


def test_a_deleted_run_is_gone_until_it_is_brought_back(place, qtbot):
    place.table.select("a")
    QTest.keyClick(place.table.view, Qt.Key.Key_Delete)
    ((name, (text, restore)),) = place.said
    assert (name, text) == ("deleted", "a deleted.")
    place.errands.finish()
    assert [run.id for run in place.library.runs()] == ["b"]
    assert place.table.ticked == ()
    restore()
    place.errands.finish()
    assert {run.id for run in place.library.runs()} == {"a", "b"}
    assert place.table.ticked == ("a",)


def test_written_labels_are_kept(place):
    place.table.labels_changed.emit({"a": Labels(name="deep one", tags=("x",))})
    place.errands.finish()
    assert place.library.find("a").labels.tags == ("x",)
    assert place.shelf.entry("a").name == "deep one"


@pytest.mark.parametrize(("name", "table"), [("a.csv", Table.RUNS), ("a.json", Table.RUNS), ("a.html", Table.RUNS)])
def test_runs_are_written_to_a_file(place, qtbot, tmp_path, name, table):
    place.actions.export(["a", "b", "nobody"], tmp_path / name, table)
    qtbot.waitUntil(lambda: bool(place.said))
    assert place.said == [("told", (f"Saved as {tmp_path / name}",))]
    assert (tmp_path / name).stat().st_size > 100


def test_what_cannot_be_written_is_said(place, qtbot, tmp_path):
    place.actions.export(["a", "b"], tmp_path / "runs.npz")
    qtbot.waitUntil(lambda: bool(place.said))
    assert "holds one run, not 2" in place.said[0][1][0]
    assert not (tmp_path / "runs.npz").exists()


def test_a_run_from_elsewhere_is_taken_in(place, qtbot, tmp_path):
    other = ended("c")
    other.started = 5.0
    write_run(tmp_path / "c.npz", other, {})
    place.actions.take_in(tmp_path / "c.npz")
    qtbot.waitUntil(lambda: bool(place.said))
    assert place.said == [("told", ("Imported c as run c.",))]
    assert "c" in place.table.ticked
    (tmp_path / "d.npz").write_bytes(json.dumps({}).encode())
    place.actions.take_in(tmp_path / "d.npz")
    qtbot.waitUntil(lambda: len(place.said) == 2)
    assert "d.npz" in place.said[1][1][0]


def test_waiting_runs_are_moved_and_taken_off(place):
    place.engine.reported.emit(EngineReady("CPU"))
    for _ in range(3):
        place.bench.queue()
    first, second, third = list(place.shelf.runs)[2:]
    assert place.bench.active.id == first
    place.table.select(third)
    place.actions._sooner.trigger()
    assert place.bench.waiting == [third, second]
    place.actions._unqueue.trigger()
    assert place.bench.waiting == [second]
    assert place.shelf.runs[third].state is State.STOPPED
    place.table.select(second)
    QTest.keyClick(place.table.view, Qt.Key.Key_Delete)
    assert place.bench.waiting == []
    assert second not in place.shelf
    place.table.select(first)
    QTest.keyClick(place.table.view, Qt.Key.Key_Delete)  # it is being trained
    assert first in place.shelf
    assert place.said[-1][0] == "refused"


def test_examples_keep_their_names_and_are_not_deleted(place):
    place.shelf.add([replace(ended("e"), example=True)])
    place.table.labels_changed.emit({"e": Labels(name="other"), "a": Labels(name="mine")})
    assert (place.shelf.entry("e").name, place.shelf.entry("a").name) == ("e", "mine")
    place.table.delete_requested.emit(("e", "a"))
    assert "e" in place.shelf
    assert "a" in place.shelf
    assert [name for name, _ in place.said] == ["refused", "refused"]


def test_a_run_keeps_the_name_and_the_colour_that_it_was_given(place):
    place.engine.reported.emit(EngineReady("CPU"))
    place.bench.train()
    place.bench.queue()
    first, second = list(place.shelf.runs.values())[2:]
    assert (first.name, second.name) == ("ResNet-6", "ResNet-6 (2)")
    colors = [entry.color for entry in place.shelf.ticked]
    assert len(set(colors)) == len(colors)
    assert [run.labels.color for run in (first, second)] == colors[-2:]


def test_a_waiting_run_that_is_deleted_stays_deleted(place):
    place.engine.reported.emit(EngineReady("CPU"))
    place.bench.train()
    place.bench.queue()
    waiting = place.bench.waiting[0]
    place.table.delete_requested.emit((waiting,))
    place.errands.finish()
    place.engine.recorder.finish()
    assert waiting not in {run.id for run in place.library.runs()}
