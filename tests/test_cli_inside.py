"""The command `lesions`, as a shell would call it."""

import json

import pytest

from resnet_gui.cli import run
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def net():
    """The id of a run with new weights: two stages of three blocks."""
    from resnet_gui.engine.network import Network

    architecture = Architecture(blocks=3, stages=2, width=4, stem_stride=2)
    Library().save(Run("net", Experiment(architecture)), Network(architecture).weights())
    return "net"


@pytest.fixture
def told(capsys, bars_folder, net):
    """What `lesions` says with --json."""

    def call(*arguments):
        assert run(["lesions", "--run", net, "--data-dir", str(bars_folder), "--json", *map(str, arguments)]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return call


def test_a_sweep_has_a_point_for_each_block(told):
    figures = told("--remove", "each")
    assert {"run", "network", "blocks", "dataset", "images", "remove", "intact", "typical_error"} <= figures.keys()
    assert (figures["blocks"], figures["images"], figures["downsampling"]) == (6, 100, [4])
    assert [point["block"] for point in figures["points"]] == [1, 2, 3, 4, 5, 6]
    assert [point["downsampling"] for point in figures["points"]] == [False] * 3 + [True] + [False] * 2
    for point in figures["points"]:
        assert point["interval"][0] <= point["error"] <= point["interval"][1]


@pytest.mark.parametrize(("kind", "key", "most"), [("random", "removed", 6), ("shuffle", "pairs", 2)])
def test_random_sweeps_follow_from_the_seed(told, kind, key, most):
    figures = told("--remove", kind, "--draws", 2, "--seed", 5, "--images", 50)
    assert figures == told("--remove", kind, "--draws", 2, "--seed", 5, "--images", 50)
    assert figures["images"] == 50
    assert [point[key] for point in figures["points"]] == list(range(most + 1))
    assert all(1 <= len(point["errors"]) <= 2 for point in figures["points"])
    assert figures["points"][0]["error"] == figures["intact"]["error"]


def test_one_lesion_is_measured_beside_the_whole_network(told):
    figures = told("--off", "3,5", "--swap", "1:2", "--alpha", "6=0.5")
    assert figures["alphas"] == [1, 1, 0, 1, 0, 0.5]
    assert figures["order"] == [2, 1, 3, 4, 5, 6]
    assert "block 3 off" in figures["changed"]
    assert 0 <= figures["error"] <= 1
    assert told("--alpha", "1=1")["error"] == told("--alpha", "1=1")["intact"]["error"]


def test_people_get_a_table_or_a_sentence(capsys, bars_folder, net):
    assert run(["lesions", "--run", net, "--data-dir", str(bars_folder), "--remove", "each"]) == 0
    out = capsys.readouterr().out
    assert "changes the shape" in out
    assert "without one block:" in out
    assert run(["lesions", "--run", net, "--data-dir", str(bars_folder), "--off", "2"]) == 0
    assert "ResNet-14, changed: block 2 off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to do"),
        (["--remove", "each", "--off", "1"], "Say what to do"),
        (["--remove", "some"], "some"),
        (["--off", "7"], "counted from 1 to 6; got '7'"),
        (["--swap", "1:4"], "only blocks that are alike"),
        (["--alpha", "1=3"], "from 0 to 2"),
        (["--remove", "random", "--draws", "0"], "draws"),
        (["--remove", "random", "--seed", "-1"], "seed"),
        (["--remove", "each", "--images", "-1"], "images"),
    ],
)
def test_bad_input_is_one_sentence_and_status_two(capsys, bars_folder, net, arguments, said):
    assert run(["lesions", "--run", net, "--data-dir", str(bars_folder), *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_an_unknown_run_and_missing_data_fail(capsys, net, tmp_path):
    assert run(["lesions", "--run", "nobody", "--remove", "each"]) == 1
    assert run(["lesions", "--run", net, "--remove", "each", "--data-dir", str(tmp_path)]) == 1
    assert "There is no mnist.npz" in capsys.readouterr().err
