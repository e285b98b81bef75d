"""The commands that read with a network, as a shell would call them."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resnet_gui import cli_reading
from resnet_gui.cli import run
from resnet_gui.core.confidence import Confidence
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import Run
from resnet_gui.core.strokes import to_image

DATA = os.environ.get("RESNET_GUI_DATA")
EYE = tuple(tuple(float(row == column) for column in range(10)) for row in range(10))


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def told(capsys):
    """What a command says with --json."""

    def call(*arguments):
        assert run([*map(str, arguments), *([] if "--json" in arguments else ["--json"])]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return call


@pytest.fixture
def doubter():
    """The id of a run with the starter's weights that is unsure of everything."""
    starter, weights = Library().load(STARTER)
    confidence = Confidence(2.0, EYE, EYE, farthest=0.0, weakest=0.0)
    Library().save(Run("doubter", starter.experiment, confidence=confidence), weights)
    return "doubter"


def test_the_starter_reads_pictures_of_either_polarity(told, capsys, tmp_path):
    one = Image.fromarray(to_image([np.array([[0.5, 0.1], [0.5, 0.9]])])).resize((200, 200))
    paths = [tmp_path / "dark.png", tmp_path / "light.png"]
    one.save(paths[0])
    Image.eval(one, lambda value: 255 - value).save(paths[1])
    predictions = told("predict", *paths, "--json")["predictions"]
    assert [(p["image"], p["digit"]) for p in predictions] == [(str(path), 1) for path in paths]
    assert sum(predictions[0]["probabilities"]) == pytest.approx(1)
    assert run(["predict", str(paths[0])]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{paths[0]}: 1 (")


def test_one_bad_picture_does_not_take_the_others_with_it(capsys, tmp_path):
    Image.fromarray(to_image([np.array([[0.5, 0.1], [0.5, 0.9]])])).save(tmp_path / "one.png")
    Image.new("L", (50, 50)).save(tmp_path / "blank.png")
    assert run(["predict", str(tmp_path / "blank.png"), str(tmp_path / "one.png"), "--json"]) == 1
    out, err = capsys.readouterr()
    assert [p["digit"] for p in json.loads(out)["predictions"]] == [1]
    assert "blank.png shows nothing" in err


def test_evaluate_tells_the_groups_of_a_stroke_file_apart(told, capsys, tmp_path):
    line = np.array([[5, 0], [5, 9]], np.float32)
    np.savez(
        tmp_path / "strokes.npz",
        points=np.concatenate([line, line + 1]),
        stroke_offsets=np.array([0, 2, 4]),
        sample_offsets=np.array([0, 1, 2]),
        labels=np.array([1, 7]),
        donor=np.array([0, 1]),
        donor_names=np.array(["ann", "bob"]),
    )
    figures = told("evaluate", "--strokes", tmp_path / "strokes.npz", "--json")
    assert figures["accuracy_by_group"] == {"ann": 1.0, "bob": 0.0}
    assert (figures["accuracy"], figures["mean_over_groups"], figures["images"]) == (0.5, 0.5, 2)
    assert run(["evaluate", "--strokes", str(tmp_path / "strokes.npz")]) == 0
    assert "mean over groups 50.00%" in capsys.readouterr().out


@pytest.mark.skipif(DATA is None, reason="RESNET_GUI_DATA names no folder with real data")
def test_the_starter_reads_real_handwriting(told):
    assert told("evaluate", "--dataset", "mnist", "--json")["accuracy"] >= 0.99
    real = told("evaluate", "--strokes", Path(DATA or "", "unipen_dev.npz"), "--json")
    assert real["accuracy"] > 0.9
    assert len(real["accuracy_by_group"]) == 9


def test_evaluate_says_how_far_the_answers_can_be_trusted(told, capsys, doubter, bars_folder):
    source = ("--dataset", "mnist", "--data-dir", bars_folder)
    figures = told("evaluate", "--run", doubter, *source)
    assert (figures["temperature"], figures["calibrated"], figures["refused"]) == (2.0, True, 1.0)
    assert 0 < figures["expected_calibration_error"] < 1
    assert "scribbles_refused" not in figures
    assert run([*map(str, ("evaluate", "--run", doubter, *source))]) == 0
    out = capsys.readouterr().out
    assert "calibrated: temperature 2.00" in out
    assert "(15 bins of equal width)" in out
    assert "unsure of 100.00% of these images" in out


def test_evaluate_measures_scribbles_alone_or_beside(told, capsys, monkeypatch, doubter, bars_folder):
    monkeypatch.setattr(cli_reading, "SCRIBBLES", 20)
    alone = told("evaluate", "--run", doubter, "--scribbles")
    assert (alone["scribbles"], alone["scribbles_refused"]) == (20, 1.0)
    assert "accuracy" not in alone
    beside = told("evaluate", "--run", doubter, "--scribbles", "--dataset", "mnist", "--data-dir", bars_folder)
    assert {"accuracy", "refused", "scribbles_refused"} <= beside.keys()
    assert run(["evaluate", "--run", doubter, "--scribbles"]) == 0
    assert "unsure of 100.00% of 20 drawn scribbles" in capsys.readouterr().out


def test_a_network_that_is_not_calibrated_says_so(told, capsys, bars_folder, doubter):
    starter, weights = Library().load(STARTER)
    Library().save(Run("old", starter.experiment), weights)
    assert told("evaluate", "--run", "old", "--dataset", "mnist", "--data-dir", bars_folder)["calibrated"] is False
    assert run(["evaluate", "--run", "old", "--dataset", "mnist", "--data-dir", str(bars_folder)]) == 0
    assert "is not calibrated" in capsys.readouterr().out


def test_predict_says_of_what_it_is_unsure(told, capsys, tmp_path, doubter):
    Image.fromarray(to_image([np.array([[0.5, 0.1], [0.5, 0.9]])])).save(tmp_path / "one.png")
    (prediction,) = told("predict", "--run", doubter, tmp_path / "one.png")["predictions"]
    assert (prediction["digit"], prediction["unsure"]) == (1, True)
    assert run(["predict", "--run", doubter, str(tmp_path / "one.png")]) == 0
    assert "one.png: unsure (perhaps 1, " in capsys.readouterr().out
