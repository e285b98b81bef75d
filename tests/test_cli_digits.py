"""`resnet-gui digits` and what reads them, as a shell would call them."""

import json

import numpy as np
import pytest

from resnet_gui.cli import run
from resnet_gui.core import continuing
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.strokes import PEN

ONE = np.array([[0.5, 0.1], [0.5, 0.9]], np.float32)
SEVEN = np.array([[0.2, 0.1], [0.8, 0.1], [0.4, 0.9]], np.float32)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def digits():
    store = MyDigits()
    return [store.add(1, [ONE], PEN), store.add(7, [SEVEN, ONE], PEN)]


@pytest.fixture
def told(capsys):
    """What a command says with --json."""

    def call(*arguments):
        assert run([str(argument) for argument in (*arguments, "--json")]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return call


@pytest.fixture
def complaint(capsys):
    """The one line on stderr of a command that fails."""

    def call(status, *arguments):
        assert run([str(argument) for argument in arguments]) == status
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        return err

    return call


def test_nothing_yet_says_how_to_begin(capsys, told, tmp_path):
    assert run(["digits"]) == 0
    assert "press its key, 0-9" in capsys.readouterr().out
    assert told("digits", "list") == {"digits": [], "counts": {str(label): 0 for label in range(10)}}
    assert not (tmp_path / "home").exists()


def test_digits_are_listed_with_their_counts(capsys, told, digits):
    listed = told("digits", "list")
    assert [(d["id"], d["label"], d["strokes"], d["points"]) for d in listed["digits"]] == [(1, 1, 1, 2), (2, 7, 2, 5)]
    assert listed["counts"]["7"] == 1
    assert run(["digits", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 in all: 1 x 1, 1 x 7"


def test_digits_go_out_and_come_in(told, digits, tmp_path):
    file = tmp_path / "mine.npz"
    assert told("digits", "export", file) == {"file": str(file), "digits": 2}
    assert told("digits", "import", file) == {"added": 0, "known": 2, "empty": 0}
    assert told("digits", "delete", "--all") == {"deleted": 2}
    assert told("digits", "import", file) == {"added": 2, "known": 0, "empty": 0}
    assert [digit.label for digit in MyDigits().all()] == [1, 7]


def test_digits_are_relabelled_and_deleted_by_their_numbers(told, digits):
    assert run(["digits", "label", "4", "1", "2"]) == 0
    assert [digit.label for digit in MyDigits().all()] == [4, 4]
    assert told("digits", "delete", "2") == {"deleted": 1}
    assert [digit.id for digit in MyDigits().all()] == [1]


def test_what_does_not_exist_is_said_and_nothing_is_changed(complaint, digits, tmp_path):
    assert "There is no digit 9;" in complaint(1, "digits", "delete", "1", "9")
    assert "There is no digit 9;" in complaint(1, "digits", "label", "3", "1", "9")
    assert "does not exist" in complaint(1, "digits", "import", tmp_path / "none.npz")
    assert [digit.label for digit in MyDigits().all()] == [1, 7]


@pytest.mark.parametrize("arguments", [["delete"], ["delete", "1", "--all"], ["label", "10", "1"], ["label", "1"]])
def test_bad_arguments_end_with_status_2(complaint, digits, arguments):
    complaint(2, "digits", *arguments)
    assert MyDigits().count() == 2


def test_a_network_is_measured_on_them(told, complaint):
    for label, stroke in ((1, ONE), (7, SEVEN)):
        MyDigits().add(label, [stroke], PEN)
    figures = told("evaluate", "--mine")
    assert (figures["run"], figures["dataset"]) == ("starter", "my digits")
    assert (figures["images"], figures["accuracy"]) == (2, 1.0)
    MyDigits().relabel([1], 8)
    assert told("evaluate", "--mine")["accuracy"] == 0.5
    MyDigits().delete([1, 2])
    assert "kept no digits yet" in complaint(1, "evaluate", "--mine")


def test_a_network_is_trained_on_with_them(told, complaint, digits, monkeypatch):
    monkeypatch.setattr(continuing, "IMAGES", 64)
    small = ["--preset", "quick", "--width", 4, "--dataset", "digits", "--limit", 64, "--precision", "float32"]
    first = told("train", *small)["run"]
    figures = told("digits", "train", "--run", first)
    assert figures["outcome"] == "finished"
    assert figures["experiment"]["recipe"]["start"] == first
    assert "mixed with 2 drawn digits" in figures["dataset"]
    assert figures["labels"]["name"] == "ResNet-6 + my digits"
    assert "nowhere" in complaint(1, "digits", "train", "--run", "nowhere")
