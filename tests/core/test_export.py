"""Tables and records: every number of a run, in forms that other programs read."""

import csv
import json
import math
import os
from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import FileError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.export import FileKind, Table, entries_of, kind_of, write_csv, write_json
from resnet_gui.core.run import Labels, Run


def ended(run_id="a", loss=(2.0, 1.5, 0.1, 0.25), labels=Labels(), **architecture):  # noqa: B008 - frozen
    run = Run(run_id, Experiment(Architecture(**architecture), Recipe(epochs=2, batch_size=10)), labels, started=1e9)
    run.total_steps = 4
    accuracy = np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    run.apply(StepsEnded(run_id, 0, np.array(loss, np.float32), accuracy, 50.0, 1.0, 2.0))
    run.apply(EpochEnded(run_id, 0, 2, 1.75, 0.5))
    run.apply(EpochEnded(run_id, 1, 4, None, None))
    run.apply(RunEnded(run_id, Outcome.FINISHED, "finished", 4, 0.3, 0.9, 2.5, 50.0))
    run.versions = {"keras": "3.15", "tensorflow": "2.21"}
    return run


def table(tmp_path, kind, *runs):
    write_csv(tmp_path / "runs.csv", runs, kind)
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_step(tmp_path):
    rows = table(tmp_path, Table.STEPS, ended("a"), ended("b"))
    assert [row["run"] for row in rows] == ["a"] * 4 + ["b"] * 4
    assert rows[2] == {"run": "a", "step": "3", "epoch": "2", "images": "30", "seconds": "1.5", "loss": "0.1",
                       "accuracy": "0.3"}  # fmt: skip
    assert [row["epoch"] for row in rows[:4]] == ["1", "1", "2", "2"]


def test_a_row_for_each_epoch(tmp_path):
    first, second = table(tmp_path, Table.EPOCHS, ended())
    assert {name: first[name] for name in ("epoch", "step", "images", "seconds", "mean_loss")} == {
        "epoch": "1", "step": "2", "images": "20", "seconds": "1.0", "mean_loss": "1.75",
    }  # fmt: skip
    assert (first["validation_loss"], first["validation_accuracy"]) == ("1.75", "0.5")
    assert (second["validation_loss"], second["validation_accuracy"]) == ("", "")
    assert float(second["mean_accuracy"]) == pytest.approx(0.35)


def test_a_row_for_each_run_with_its_settings_and_results(tmp_path):
    gated, plain = table(tmp_path, Table.RUNS, ended("a", shortcut="exclusive-gating", batch_norm=True),
                         ended("b", shortcut="none", labels=Labels("Mine", ("x", "y"), "two\nlines")))  # fmt: skip
    assert (gated["name"], gated["depth"], gated["shortcut"], gated["batch_norm"]) == (
        "ResNet-6", "6", "exclusive-gating", "true",
    )  # fmt: skip
    assert (gated["gate_bias"], plain["gate_bias"]) == ("-6.0", "")  # a number, not a formula
    assert (plain["name"], plain["tags"], plain["notes"]) == ("Mine", "x, y", "two\nlines")
    assert (plain["test_accuracy"], plain["steps"], plain["best_validation_accuracy"]) == ("0.9", "4", "0.5")
    assert plain["started"] == "2001-09-09 01:46:40Z"
    assert plain["versions"] == "keras 3.15; tensorflow 2.21"
    assert plain["command"] == "resnet-gui train --shortcut none --epochs 2 --batch-size 10"


@pytest.mark.parametrize("kind", Table)
def test_numbers_that_are_not_finite_are_empty_cells(tmp_path, kind):
    run = replace(ended(loss=(math.nan, math.inf, -math.inf, 1)), test_loss=math.nan)
    run.history.epochs[0] = EpochEnded("a", 0, 2, math.inf, 0.5)
    rows = table(tmp_path, kind, run)
    assert not {cell.lower() for row in rows for cell in row.values()} & {"nan", "inf", "-inf"}
    if kind is Table.STEPS:
        assert [row["loss"] for row in rows] == ["", "", "", "1.0"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1"])
def test_text_does_not_become_a_formula(tmp_path, formula):
    (row,) = table(tmp_path, Table.RUNS, ended(labels=Labels(formula, (formula,), formula)))
    assert row["name"] == row["tags"] == row["notes"] == f"'{formula}"


def test_a_run_that_has_not_begun_is_a_row_without_results(tmp_path):
    new = Run("new", Experiment(), started=1e9)
    assert table(tmp_path, Table.STEPS, new) == table(tmp_path, Table.EPOCHS, new) == []
    (row,) = table(tmp_path, Table.RUNS, new)
    assert (row["steps"], row["test_accuracy"], row["loss_of_last_20_steps"], row["parameters"]) == ("0", "", "", "")


def test_letters_of_all_kinds_are_kept(tmp_path):
    (row,) = table(tmp_path, Table.RUNS, ended(labels=Labels('Größe, "数字"; \ud800')))
    assert row["name"] == 'Größe, "数字"; ?'


def test_records_are_json_with_curves_and_epochs(tmp_path):
    write_json(tmp_path / "runs.json", [ended("a"), ended("b", loss=(math.nan, math.inf, 1, 2))])
    content = json.loads((tmp_path / "runs.json").read_text(), parse_constant=pytest.fail)
    assert content["format"] == "resnet-gui/runs/1"
    first, second = content["runs"]
    assert (first["id"], first["name"], first["outcome"], first["step"]) == ("a", "ResNet-6", "finished", 4)
    assert first["curves"] == {"loss": [2.0, 1.5, 0.1, 0.25], "accuracy": [0.1, 0.2, 0.3, 0.4],
                               "seconds": [0.5, 1.0, 1.5, 2.0]}  # fmt: skip
    assert first["epochs"][0] == {"epoch": 1, "step": 2, "validation_loss": 1.75, "validation_accuracy": 0.5}
    assert second["curves"]["loss"] == [None, None, 1.0, 2.0]
    assert Experiment.from_dict(first["experiment"]) == ended().experiment


def test_a_run_that_is_still_trained_is_cut_where_all_its_curves_are_known(tmp_path):
    run = ended()
    run.history.loss.extend(np.ones(1, np.float32))
    assert len(table(tmp_path, Table.STEPS, run)) == 4


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
@pytest.mark.parametrize("write", [lambda path: write_csv(path, [ended()], Table.STEPS),
                                   lambda path: write_json(path, [ended()])])  # fmt: skip
def test_a_failure_leaves_what_was_there(tmp_path, monkeypatch, write):
    (tmp_path / "runs.csv").write_text("old")

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(FileError, match="No space left"):
        write(tmp_path / "runs.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]
    assert (tmp_path / "runs.csv").read_text() == "old"


@pytest.mark.parametrize(("name", "kind"), [
    ("a.npz", FileKind.RUN), ("a.KERAS", FileKind.NETWORK), ("a.Csv", FileKind.TABLE), ("a.b.json", FileKind.RECORDS),
    ("a.html", FileKind.REPORT), ("a.tb", FileKind.EVENTS),
])  # fmt: skip
def test_the_suffix_says_the_kind_in_any_case(tmp_path, name, kind):
    assert kind_of(tmp_path / name, 1) is kind


@pytest.mark.parametrize(("name", "count", "words"), [
    ("a", 1, "ends in none of .npz (run file), .keras (Keras network)"),
    ("a.txt", 1, "ends in none of"),
    ("", 1, "ends in none of"),
    ("a.npz", 2, "A .npz file holds one run, not 2; choose one, or a file that ends in .csv, .json, .html, .tb."),
    ("a.keras", 12, "holds one run, not 12"),
    ("a.csv", 0, "There are no runs to write"),
    ("nowhere/a.csv", 1, "nowhere does not exist; make it, or name another."),
    ("folder.csv", 1, "is a folder; name a file."),
    ("folder.tb", 1, "exists already; name another folder"),
])  # fmt: skip
def test_places_where_runs_cannot_be_written_are_refused(tmp_path, name, count, words):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.tb").mkdir()
    with pytest.raises(FileError) as caught:
        kind_of(tmp_path / name, count)
    assert words in str(caught.value)
    assert not (tmp_path / "nowhere").exists()


def test_entries_have_names_of_their_own_and_the_runs_colours():
    runs = [ended("a"), ended("b", labels=Labels("ResNet-6 (2)", color=5)), ended("c"), ended("d", shortcut="none")]
    assert [(entry.name, entry.color) for entry in entries_of(runs)] == [
        ("ResNet-6", 0), ("ResNet-6 (2)", 5), ("ResNet-6 (3)", 2), ("plain-6", 3),
    ]  # fmt: skip
