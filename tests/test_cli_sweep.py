"""The command `resnet-gui sweep`."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from rich.console import Console

from resnet_gui import progress
from resnet_gui.cli import run
from resnet_gui.core.events import EpochEnded, Outcome, Progressed, RunEnded, RunPrepared, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import State
from resnet_gui.core.sweep import Sweep

TINY = ["--preset", "seed", "--width", "4", "--stem-stride", "2", "--batch-size", "16", "--precision", "float32"]
LOOK_SECONDS = 0.02
CALIBRATION = "resnet_gui.engine.calibration.calibration_for"
TINY += ["--device", "cpu"]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch):
    """Measuring the machine takes seconds."""

    def fail(*_):
        raise OSError

    monkeypatch.setattr(CALIBRATION, fail)


def test_all_combinations_are_trained_kept_and_told_of(capsys, bars_folder, home):
    options = ["--blocks", "2,1", "--shortcut", "none,identity", "--seeds", "2", "--epochs", "3"]
    assert run(["sweep", *TINY, *options, "--data-dir", str(bars_folder), "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out.splitlines()[-1])
    assert [(each["seed"], each["blocks"], each["shortcut"]) for each in told["runs"]] == [
        (0, 1, "none"), (0, 1, "identity"), (0, 2, "none"), (0, 2, "identity"),
        (1, 1, "none"), (1, 1, "identity"), (1, 2, "none"), (1, 2, "identity"),
    ]  # fmt: skip
    assert {each["outcome"] for each in told["runs"]} == {"finished"}
    assert told["seconds"] > sum(each["train_seconds"] for each in told["runs"])
    lines = err.splitlines()
    assert lines[0] == "8 runs: 1, 2 blocks with the shortcuts none (plain), identity; seeds 0 to 1."
    assert "on this computer" not in err  # the measurement failed, which is nobody's concern
    assert sum(" of 8: " in line for line in lines) == 8
    assert any(line.startswith("1 of 8: plain-4, seed 0: test accuracy ") for line in lines)
    kept = {each.id: each for each in Library(home).runs()}
    assert {each.labels.tags for each in kept.values()} == {(told["tag"],)}
    for each in told["runs"]:
        assert kept[each["id"]].test_accuracy == each["test_accuracy"]
        assert kept[each["id"]].state is State.FINISHED


def test_it_ends_with_a_table_of_depth_and_shortcut(capsys, bars_folder):
    options = ["--blocks", "0,1", "--shortcut", "none,C", "--seeds", "2", "--data-dir", str(bars_folder)]
    assert run(["sweep", *TINY, *options]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Test error in %, mean ± standard deviation of 2 seeds"
    assert out[1].split() == ["layers", "blocks", "none", "(plain)", "projection"]
    assert [line.split()[:2] for line in out[2:4]] == [["2", "0"], ["4", "1"]]
    assert out[2].count("±") == 2
    assert out[5].startswith("Final training loss")
    assert out[-1].startswith("8 runs, ")


def test_a_dry_run_says_what_would_be_trained_and_trains_nothing(capsys, home, monkeypatch):
    from resnet_gui.core.estimate import typical_calibration

    monkeypatch.setattr(CALIBRATION, lambda device, precision: typical_calibration(precision))
    assert run(["sweep", "--dry-run", "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [each["network"] for each in told["runs"]] == [
        "plain-6", "ResNet-6", "plain-18", "ResNet-18", "plain-50", "ResNet-50",
    ]  # fmt: skip
    assert told["seconds"] > 10
    assert "About " in err
    assert run(["sweep", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["plain-6", "2", "none", "1"]
    assert not (home / "runs.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--blocks", "2,x"], "such as 2, 8, 24; got '2,x'"),
        (["--blocks", ""], "at least one depth"),
        (["--blocks", "300"], "from 0 to 200; got 300"),
        (["--shortcut", "none,bridge"], "'bridge' is not one of"),
        (["--seeds", "0"], "--seeds"),
        (["--seeds", "200"], "at most 500 runs"),
        (["--order", "relu-before-addition"], "2 blocks with the shortcut none (plain) cannot be trained"),
        (["--gate-bias", "-3"], "--gate-bias needs exclusive-gating or shortcut-only-gating among --shortcut"),
        (["--epochs", "0"], "The number of epochs"),
        (["--seed", "2147483647", "--seeds", "2"], "The seed"),
    ],
)
def test_what_cannot_be_trained_ends_with_status_2_before_anything_starts(capsys, home, arguments, expected):
    assert run(["sweep", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert expected in err
    assert not home.exists()


def test_it_says_how_many_runs_before_tensorflow_loads():
    code = (
        "import builtins, sys; from resnet_gui.cli import run\n"
        "sys.modules['tensorflow'] = None\n"
        "print(run(['sweep', '--blocks', '1,2']), run(['sweep', '--blocks', 'x']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "2"]
    assert done.stderr.startswith("4 runs: ")


def test_settings_of_a_shortcut_type_reach_the_types_that_have_them(capsys, bars_folder, home):
    options = ["--blocks", "1", "--shortcut", "identity,exclusive-gating", "--gate-bias", "-3"]
    assert run(["sweep", *TINY, *options, "--data-dir", str(bars_folder)]) == 0
    biases = {each.experiment.architecture.shortcut: each.experiment.architecture.gate_bias
              for each in Library(home).runs()}  # fmt: skip
    assert biases == {"identity": -6.0, "exclusive-gating": -3.0}


def test_a_failed_run_does_not_stop_the_rest(capsys, bars_folder, monkeypatch):
    from resnet_gui.engine import training

    require_memory = training.require_memory

    def fail(blueprint, recipe, images):
        if blueprint.architecture.blocks == 1:
            raise RuntimeError("broken")
        require_memory(blueprint, recipe, images)

    monkeypatch.setattr(training, "require_memory", fail)
    options = ["--blocks", "1,2", "--shortcut", "identity", "--data-dir", str(bars_folder)]
    assert run(["sweep", *TINY, *options, "--json"]) == 1
    out, err = capsys.readouterr()
    assert [each["outcome"] for each in json.loads(out)["runs"]] == ["failed", "finished"]
    assert "1 of 2: ResNet-4: failed: " in err
    assert err.splitlines()[-1].startswith("resnet-gui: 1 of 2 runs failed; ResNet-4: ")
    assert err.count("Traceback") == 1


def test_data_that_is_not_to_be_had_ends_the_sweep_once(capsys, home, monkeypatch):
    from resnet_gui.core.errors import DatasetUnavailable
    from resnet_gui.engine import training

    tried = []

    def fail(*_, **__):
        tried.append(1)
        raise DatasetUnavailable("There is no data.")

    monkeypatch.setattr(training, "load_to_device", fail)
    assert run(["sweep", *TINY, "--blocks", "1,2", "--json"]) == 1
    out, err = capsys.readouterr()
    outcomes = [each["outcome"] for each in json.loads(out)["runs"]]
    assert outcomes == ["failed", "interrupted", "interrupted", "interrupted"]
    assert len(tried) == 1
    assert "There is no data." in err
    assert "3 runs of 4 not begun; `resnet-gui runs resume " in err.splitlines()[-1]


def test_runs_that_cannot_be_saved_are_trained_all_the_same(capsys, bars_folder, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "file"))
    options = ["--blocks", "1", "--shortcut", "identity", "--data-dir", str(bars_folder)]
    assert run(["sweep", *TINY, *options, "--json"]) == 1
    out, err = capsys.readouterr()
    assert [each["outcome"] for each in json.loads(out)["runs"]] == ["finished"]
    assert "cannot be" in err.splitlines()[-1]


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c_stops_the_run_keeps_it_and_leaves_the_rest_for_later(capsys, bars_folder, home):
    command = [sys.executable, "-u", "-m", "resnet_gui", "sweep", *TINY, "--epochs", "60"]
    command += ["--blocks", "1,2", "--shortcut", "identity", "--data-dir", str(bars_folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        while not (home / "weights").exists():  # its first epoch has ended: there is a checkpoint
            assert child.poll() is None
            time.sleep(LOOK_SECONDS)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert child.returncode == 1
    assert "Traceback" not in err
    stopped, waiting = json.loads(out)["runs"]
    assert (stopped["outcome"], waiting["outcome"]) == ("stopped", "interrupted")
    library = Library(home)
    assert library.find(stopped["id"]).step == stopped["step"] > 0
    assert library.find(waiting["id"]).state is State.INTERRUPTED
    assert f"runs resume {waiting['id']}" in err.splitlines()[-1]
    _, checkpoint = library.claim(stopped["id"])
    assert checkpoint.step == stopped["step"]
    assert run(["runs", "resume", waiting["id"], "--data-dir", str(bars_folder), "--device", "cpu", "--json"]) == 0
    resumed = json.loads(capsys.readouterr().out)
    assert (resumed["outcome"], resumed["labels"]["tags"]) == ("finished", [json.loads(out)["tag"]])


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c_once_more_ends_at_once(bars_folder, home):
    command = [sys.executable, "-u", "-m", "resnet_gui", "sweep", *TINY, "--blocks", "60"]
    command += ["--shortcut", "identity", "--data-dir", str(bars_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        while not (home / "runs.sqlite3").exists():
            assert child.poll() is None
            time.sleep(LOOK_SECONDS)
        child.send_signal(signal.SIGINT)
        said = ""
        while "Once more ends at once" not in said:
            said += child.stderr.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert (child.returncode, out) == (1, "")
    assert "Interrupted" in err.splitlines()[-1]
    assert "Traceback" not in err


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of 12 lines; calling it gives what is on its screen now."""

    def console(**_):
        return Console(file=io.StringIO(), force_terminal=True, width=100, height=12, highlight=False)

    monkeypatch.setattr(progress, "Console", console)

    def shown(bars):
        screen = console()
        screen.print(bars._bars.get_renderable())
        return screen.file.getvalue()

    return shown


def test_a_terminal_shows_a_bar_for_each_run_the_waiting_ones_grey(terminal):
    base = Experiment()
    runs = Sweep(base, (1, 2, 3), ("identity",)).runs()
    first = runs[0].id
    with progress.SweepProgress(runs) as bars:

        def happens(event):
            runs[0].apply(event)
            bars.show(event)

        assert terminal(bars).count("\x1b[2mwaiting") == 3
        happens(Progressed(first, "reading [x]"))
        assert "reading [x]" in terminal(bars)
        happens(RunPrepared(first, base, None, "bars", "CPU", "float32", 10, 100))
        assert "compiling" in terminal(bars)
        happens(StepsEnded(first, 0, np.full(50, 0.5, np.float32), np.full(50, 0.75, np.float32), 10.0, 61.0))
        assert "loss 0.5000, 75.00%, 1 min 01 s left" in terminal(bars)
        happens(EpochEnded(first, 0, 50, None, None))
        happens(RunEnded(first, Outcome.FINISHED, "finished", 50, 0.1, 0.97, 3.0))
        seen = terminal(bars)
    assert "test accuracy 97.00%" in seen
    assert seen.count("\x1b[2mwaiting") == 2
    assert "1 of 3 runs" in seen


def test_a_small_terminal_shows_the_runs_around_the_one_that_is_trained(terminal):
    base = Experiment()
    runs = Sweep(base, (1,), ("identity",), seeds=40).runs()
    with progress.SweepProgress(runs) as bars:
        assert "seed 0" in terminal(bars)
        for each in runs[:21]:
            event = RunPrepared(each.id, base, None, "bars", "CPU", "float32", 10, 100)
            each.apply(event)
            bars.show(event)
        seen = terminal(bars)
    assert "seed 20" in seen
    assert "seed 0 " not in seen
    assert seen.count("\n") <= 12
