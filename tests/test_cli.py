"""The commands, carried out in this process, and once as a user would."""

import json
import math
import os
import signal
import subprocess
import sys

import pytest

from resnet_gui.cli import run
from resnet_gui.cli_output import print_json
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.command_text import command_of
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.library import Library
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run, State
from resnet_gui.engine import training

TINY = ["--blocks", "1", "--width", "4", "--stem-stride", "2", "--batch-size", "16", "--precision", "float32"]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def told(capsys):
    """Carry out a command that succeeds: the JSON object on the last line of stdout."""

    def carry_out(*arguments, status=0):
        capsys.readouterr()
        found = run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        assert found == status, err
        return json.loads(out.splitlines()[-1])

    return carry_out


@pytest.fixture
def complaint(capsys):
    """Carry out a command that fails with `status`: its one line on stderr."""

    def carry_out(status, *arguments):
        capsys.readouterr()
        found = run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        assert found == status, err
        assert out == ""
        line = err.splitlines()[-1]
        assert line.startswith("resnet-gui: ")
        return line

    return carry_out


def test_train_ends_with_the_figures_and_keeps_the_run(told, bars_folder):
    figures = told("train", *TINY, "--epochs", "3", "--data-dir", bars_folder, "--device", "cpu", "--json")
    assert figures["outcome"] == "finished"
    assert figures["test_accuracy"] > 0.5
    assert figures["precision"] == "float32"
    assert "as asked for" in figures["device"]
    assert str(bars_folder) in figures["dataset"]
    for name in ("test_loss", "parameters", "train_seconds", "images_per_second"):
        assert figures[name] > 0
    (listed,) = told("runs", "list", "--json")["runs"]
    assert run(["runs"]) == run(["runs", "list"]) == 0
    assert (listed["id"], listed["outcome"]) == (figures["run"], "finished")
    evaluated = told("evaluate", "--run", figures["run"], "--dataset", "mnist", "--data-dir", bars_folder, "--json")
    assert evaluated["accuracy"] == pytest.approx(figures["test_accuracy"])
    assert evaluated["images"] == 100


def test_progress_and_figures_are_on_different_streams(capsys, bars_folder):
    assert run(["train", *TINY, "--data-dir", str(bars_folder)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("ResNet-4: test accuracy")
    assert "epoch 1 of 1" in err
    assert "validation loss" in err


def test_a_run_can_be_shown_exported_and_deleted(told, capsys, complaint, bars_folder, tmp_path):
    figures = told("train", *TINY, "--data-dir", bars_folder, "--json", "--export", tmp_path / "own.npz")
    shown = told("runs", "show", figures["run"], "--json")
    assert shown["command"] == f"resnet-gui train {' '.join(TINY)}"
    assert run(["runs", "export", figures["run"], str(tmp_path / "run.npz")]) == 0
    assert run(["runs", "export", figures["run"], str(tmp_path / "network.keras")]) == 0
    assert (tmp_path / "network.keras").is_file()
    assert (tmp_path / "run.npz").read_bytes() == (tmp_path / "own.npz").read_bytes()
    assert run(["runs", "show", figures["run"]]) == 0
    assert "test accuracy " in capsys.readouterr().out
    assert run(["runs", "delete", figures["run"]]) == 0
    assert told("runs", "list", "--json") == {"runs": []}
    assert "no saved run" in complaint(1, "runs", "show", figures["run"])


def test_without_runs_the_list_says_how_to_make_one(capsys):
    assert run(["runs", "list"]) == 0
    assert "resnet-gui train" in capsys.readouterr().out


def test_a_diverging_run_is_a_failure_that_says_so(capsys, bars_folder):
    options = ["--blocks", "30", "--optimizer", "sgd", "--lr", "100"]
    assert run(["train", *TINY, *options, "--data-dir", str(bars_folder), "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "diverged"
    assert "not finite" in err.splitlines()[-1]
    run_id = json.loads(out)["run"]
    assert run(["evaluate", "--run", run_id, "--dataset", "mnist", "--data-dir", str(bars_folder)]) == 1
    assert "diverged" in capsys.readouterr().err


def test_json_knows_no_numbers_that_are_not_finite(capsys):
    print_json({"loss": math.nan, "shares": [0.5, (math.inf,)], "run": "a"})
    assert json.loads(capsys.readouterr().out) == {"loss": None, "shares": [0.5, [None]], "run": "a"}


def test_describe_gives_the_published_figures(told):
    figures = told("describe", "--preset", "resnet20", "--input", "32x32x3", "--json")
    assert (figures["parameters"], figures["depth"]) == (272_474, 20)  # He et al. 2015, option B
    assert figures["layers"][0]["shape"] == [32, 32, 3]
    assert sum(layer["multiply_adds"] for layer in figures["layers"]) == figures["multiply_adds"]
    assert told("describe", "--json")["parameters"] == 288_202


def test_describe_prints_a_table(capsys):
    assert run(["describe", "--blocks", "1", "--shortcut", "none"]) == 0
    out = capsys.readouterr().out
    assert "stage1_block1_conv1" in out
    assert out.splitlines()[-1].startswith("plain-4: 4 weighted layers")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["train", "--blocks", "many"], "--blocks"),
        (["train", "--blocks", "201"], "from 0 to 200; got 201"),
        (["train", "--lr", "nan"], "learning rate"),
        (["train", "--shortcut", "bridge"], "--shortcut"),
        (["train", "--stages", "5", "--width", "512"], "at most 2048"),
        (["train", "--device", "tpu"], "--device"),
        (["train", "--preset", "none"], "--preset"),
        (["describe", "--input", "28"], "like 28x28x1"),
        (["describe", "--input", "0x28x1"], "like 28x28x1"),
        (["describe", "--input", f"{'9' * 5000}x1x1"], "like 28x28x1"),
        (["train", "--export", "."], "--export"),
        (["--device", "cpu", "train"], "behind train"),
        (["evaluate"], "one of --strokes FILE, --dataset NAME or --mine"),
        (["evaluate", "--strokes", "x", "--dataset", "mnist"], "one of"),
        (["predict"], "images"),
        (["nonsense"], "nonsense"),
        (["--nonsense"], "--nonsense"),
        (["runs", "export", "a"], "the file"),
    ],
)
def test_bad_arguments_end_with_status_2_and_a_sentence(complaint, arguments, expected):
    assert expected in complaint(2, *arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["train", "--data-dir", "/nowhere/at/all"], "/nowhere/at/all"),
        (["train", "--device", "gpu", "--dataset", "digits"], "no GPU"),
        (["predict", "/nowhere/x.png"], "does not exist"),
        (["predict", __file__], "is no picture"),
        (["evaluate", "--strokes", __file__], "no .npz archive"),
        (["evaluate", "--run", "nobody", "--dataset", "digits"], "no saved run"),
        (["runs", "show", "nobody"], "no saved run"),
        (["runs", "delete", "starter"], "no saved run"),
        (["runs", "export", "starter", "/proc/starter.npz"], "cannot be written"),
    ],
)
def test_other_failures_end_with_status_1_and_a_sentence(complaint, arguments, expected):
    assert expected in complaint(1, *arguments)


def test_a_run_that_cannot_be_saved_says_so_and_still_gives_its_figures(capsys, monkeypatch, bars_folder, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "file"))
    assert run(["train", *TINY, "--data-dir", str(bars_folder), "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["outcome"] == "finished"
    assert "cannot be" in err.splitlines()[-1]


EXPERIMENTS = [
    *(preset.experiment for preset in PRESETS.values()),
    Experiment(Architecture(9, 2, 16, "exclusive-gating", True, "average-pooling", 2, "full-pre-activation",
                            "bottleneck", gate_bias=-3.0),
               Recipe("digits", 2, 32, "sgd", 0.1, 7, "float32", 0.0, 100)),
    Experiment(Architecture(shortcut="constant-scaling", shortcut_scale=0.25, branch_scale=0.5)),
    Experiment(Architecture(shortcut="dropout", dropout_rate=0.25)),
]  # fmt: skip


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_command_of_an_experiment_leads_back_to_it(experiment, monkeypatch):
    asked = []
    monkeypatch.setattr(training, "run", lambda run_id, experiment, **_: asked.append(experiment))
    run(command_of(experiment).split()[1:])
    assert asked == [experiment]


def test_the_starter_can_be_shown_with_the_command_that_made_it(told):
    shown = told("runs", "show", "starter", "--json")
    assert shown["command"].startswith("resnet-gui train")
    assert shown["test_accuracy"] >= 0.99
    assert Experiment.from_dict(shown["experiment"])


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c_stops_the_run_and_keeps_it(bars_folder, home):
    command = [sys.executable, "-u", "-m", "resnet_gui", "train", *TINY, "--epochs", "1000"]
    command += ["--data-dir", str(bars_folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        said = ""
        while "epoch 1 of" not in said:  # its first epoch has ended
            said += child.stderr.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert child.returncode == 1
    assert json.loads(out)["outcome"] == "stopped"
    assert err.splitlines()[-1].startswith("resnet-gui: stopped after")
    assert "Traceback" not in err
    (kept,) = Library(home).runs()
    assert kept.step > 0
    assert Library(home).load(kept.id)[1]


def test_no_arguments_and_no_display_is_a_sentence(home):
    bare = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and not name.startswith("QT_")}
    done = subprocess.run(
        [sys.executable, "-m", "resnet_gui"], env=bare, capture_output=True, text=True, timeout=120, check=False
    )
    if sys.platform == "linux":
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("resnet-gui: There is no display here")
        assert done.stderr.count("\n") == 1


def test_describe_starts_without_tensorflow_and_qt():
    code = (
        "import sys; from resnet_gui.cli import run; run(['describe'])\n"
        "print(sorted({'tensorflow', 'keras', 'PySide6'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_shortcut_and_order_is_described(told):
    figures = told("describe", "--shortcut", "A", "--blocks", "3", "--stages", "3", "--width", "16", "--bn",
                   "--head", "average-pooling", "--input", "32x32x3", "--json")  # fmt: skip
    assert figures["parameters"] == 269_722
    figures = told("describe", "--shortcut", "exclusive-gating", "--gate-bias", "-3", "--order", "full-pre-activation",
                   "--bn", "--block", "bottleneck", "--json")  # fmt: skip
    assert {"conv 1x1, sigmoid", "multiply", "-1 x + 1"} <= {layer["kind"] for layer in figures["layers"]}
    assert figures["training_bytes"] > 1e6


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--shortcut", "D"], "'D' is not one of none, A, identity"),
        (["--order", "full-pre-activation"], "needs batch normalisation"),
        (["--shortcut", "none", "--order", "relu-before-addition"], "no addition"),
        (["--gate-bias", "-3"], "--gate-bias needs --shortcut exclusive-gating or shortcut-only-gating; got identity"),
    ],
)
def test_combinations_that_make_no_sense_are_bad_arguments(complaint, arguments, expected):
    for command in ("describe", "train", "script"):
        assert expected in complaint(2, command, *arguments)


def test_a_script_is_printed(capsys):
    assert run(["script", "--blocks", "9", "--shortcut", "C", "--bn"]) == 0
    out = capsys.readouterr().out
    compile(out, "script.py", "exec")
    assert "BLOCKS = 9" in out


def test_an_experiment_for_the_window_must_be_one(complaint):
    assert "--experiment: That text is no experiment" in complaint(2, "--experiment", "blocks=3")


def test_runs_go_on_one_after_the_other(bars_folder, tmp_path, monkeypatch, told, complaint):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    library = Library()
    small = Experiment(Architecture(blocks=1, width=4, stem_stride=2), Recipe(limit=64, batch_size=32))
    for name in ("a", "b"):
        library.write(Run(name, small, state=State.QUEUED))
        with library._writing() as store:
            store.execute("UPDATE run SET session = ''")
    assert "say --all" in complaint(2, "runs", "resume")
    assert run(["runs", "resume", "--all", "--data-dir", str(bars_folder), "--device", "cpu"]) == 0
    assert [kept.state for kept in library.runs()] == [State.FINISHED, State.FINISHED]
    assert "is finished" in complaint(1, "runs", "resume", "a")
