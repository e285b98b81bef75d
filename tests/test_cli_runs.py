"""The commands on saved runs, carried out in this process: what leaves as files, and what comes back."""

import csv
import json
import os

import pytest

from resnet_gui.cli import run
from resnet_gui.core.library import Library

TINY = ["--blocks", "1", "--width", "4", "--stem-stride", "2", "--batch-size", "16", "--precision", "float32"]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def trained(bars_folder, capsys):
    """The ids of two runs that were trained here."""
    ids = []
    for shortcut in ("identity", "none"):
        assert run(["train", *TINY, "--shortcut", shortcut, "--data-dir", str(bars_folder), "--json"]) == 0
        ids.append(json.loads(capsys.readouterr().out.splitlines()[-1])["run"])
    return ids


def complaint(capsys, status, *arguments):
    """Carry out a command that fails with `status`: its one line on stderr."""
    capsys.readouterr()
    assert run([str(argument) for argument in arguments]) == status
    said, err = capsys.readouterr()
    assert said == ""
    assert err.count("\n") == 1
    return err


def test_several_runs_are_written_to_one_file_of_each_kind(trained, out):
    for name in ("runs.csv", "RUNS.JSON", "report.html", "runs.tb"):
        assert run(["runs", "export", *trained, str(out / name)]) == 0
    assert {path.name for path in out.iterdir()} == {"runs.csv", "RUNS.JSON", "report.html", "runs.tb"}
    with (out / "runs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    steps = {record["id"]: record["step"] for record in json.loads((out / "RUNS.JSON").read_text())["runs"]}
    assert {run_id: sum(row["run"] == run_id for row in rows) for run_id in trained} == steps
    assert all(run_id in (out / "report.html").read_text() for run_id in trained)
    assert len(list((out / "runs.tb").iterdir())) == 2


def test_all_runs_and_other_tables(trained, out):
    assert run(["runs", "export", "--all", "--table", "runs", str(out / "runs.csv")]) == 0
    with (out / "runs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run"] for row in rows] == trained
    assert [row["shortcut"] for row in rows] == ["identity", "none"]
    assert run(["runs", "export", trained[0], trained[0], str(out / "epochs.csv"), "--table", "epochs"]) == 0
    assert len((out / "epochs.csv").read_text().splitlines()) == 2


def test_the_starter_is_written_like_any_run(out):
    assert run(["runs", "export", "starter", str(out / "starter.html")]) == 0
    assert Library().find("starter").id in (out / "starter.html").read_text()


def test_the_network_is_for_keras_whatever_the_case_of_the_suffix(out):
    import keras

    assert run(["runs", "export", "starter", str(out / "NETWORK.KERAS")]) == 0
    (out / "NETWORK.KERAS").rename(out / "network.keras")  # Keras reads no other
    assert keras.saving.load_model(out / "network.keras").count_params() > 70_000


def test_a_run_file_goes_into_another_library(trained, out, capsys, monkeypatch, tmp_path):
    assert run(["runs", "export", trained[0], str(out / "run.npz")]) == 0
    before = Library().load(trained[0])
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "elsewhere"))
    capsys.readouterr()
    assert run(["runs", "import", str(out / "run.npz")]) == 0
    assert capsys.readouterr().out == f"Imported ResNet-4 as run {trained[0]}.\n"
    after = Library().load(trained[0])
    assert after[0].experiment == before[0].experiment
    assert all((after[1][name] == before[1][name]).all() for name in before[1])
    assert run(["runs", "import", str(out / "run.npz"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"run": trained[0], "added": False, "former_id": trained[0]}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["export", "starter"], "Name the runs, or --all, and then the file"),
        (["export", "--all", "starter", "a.csv"], "Name runs or say --all, not both"),
        (["export", "starter", "a.txt"], "a.txt ends in none of .npz (run file)"),
        (["export", "starter", "other", "a.npz"], "A .npz file holds one run, not 2"),
        (["export", "starter", "nowhere/a.npz"], "The folder nowhere does not exist"),
        (["export", "--all", "a.csv"], "There are no runs to write to a.csv"),
        (["export", "starter", "a.csv", "--table", "pages"], "--table"),
        (["import"], "file"),
    ],
)
def test_bad_arguments_end_with_status_2_and_a_sentence(capsys, monkeypatch, out, arguments, expected):
    monkeypatch.chdir(out)
    assert expected in complaint(capsys, 2, "runs", *arguments)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["export", "nobody", "a.csv"], "no saved run 'nobody'"),
        (["export", "starter", "nobody", "a.json"], "no saved run 'nobody'"),
        (["import", "nowhere.npz"], "nowhere.npz is missing"),
        (["import", __file__], "is damaged, cut short or no run file"),
    ],
)
def test_other_failures_end_with_status_1_and_a_sentence(capsys, monkeypatch, out, arguments, expected):
    monkeypatch.chdir(out)
    assert expected in complaint(capsys, 1, "runs", *arguments)
    assert list(out.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_a_device_is_not_replaced_by_a_file(capsys, out):
    (out / "full.csv").symlink_to("/dev/full")
    assert "is no ordinary file" in complaint(capsys, 1, "runs", "export", "starter", out / "full.csv")
