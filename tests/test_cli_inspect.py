"""Looking inside a network from the command line."""

import json

import numpy as np
import pytest
from PIL import Image

from resnet_gui.cli import run
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import Run
from resnet_gui.core.strokes import to_image


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def picture(tmp_path):
    """A one."""
    path = tmp_path / "one.png"
    Image.fromarray(to_image([np.array([[0.5, 0.1], [0.5, 0.9]])])).save(path)
    return str(path)


def told(capsys, *arguments):
    assert run(["inspect", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_every_block_is_told(capsys, picture):
    blocks = Library().load(STARTER)[0].experiment.architecture
    found = told(capsys, "--image", picture)
    assert (found["run"], found["label"], found["changed"]) == (STARTER, 1, "")
    assert len(found["blocks"]) == blocks.blocks * blocks.stages
    assert found["blocks"][-1]["read"] == 1
    assert 0.5 < found["blocks"][-1]["probability"] <= 1
    for block in found["blocks"]:
        assert block["ratio"] == pytest.approx(block["branch"] / block["shortcut"], rel=1e-4)
        assert min(block["x"], block["sum"], block["gradient"], block["weight_gradient"]) > 0
    assert run(["inspect", "--image", picture]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(found["blocks"])
    assert lines[2].startswith("Block 1 of stage 1")


def test_the_gradient_is_that_of_the_digit_that_one_names(capsys, picture):
    likely, unlikely = told(capsys, "--image", picture), told(capsys, "--image", picture, "--label", "4")
    assert unlikely["label"] == 4
    assert unlikely["loss"] > likely["loss"]
    assert unlikely["blocks"][0]["gradient"] > likely["blocks"][0]["gradient"]


def test_the_maps_of_a_changed_network_satisfy_the_blocks_equation(capsys, picture, tmp_path):
    maps = tmp_path / "maps.npz"
    found = told(capsys, "--image", picture, "--off", "2", "--alpha", "1=0.5", "--maps", str(maps))
    assert found["changed"] == "block 1 at α 0.5, block 2 off"
    assert [block["alpha"] for block in found["blocks"]][:3] == [0.5, 0, 1]
    with np.load(maps) as arrays:
        for block, alpha in (("stage1_block1", 0.5), ("stage1_block2", 0), ("stage2_block1", 1)):
            x, branch, shortcut, total, output = (
                arrays[f"{block}/{name}"] for name in ("x", "branch", "shortcut", "sum", "output")
            )
            np.testing.assert_allclose(total, shortcut + alpha * branch, atol=1e-5)
            np.testing.assert_allclose(output, np.maximum(total, 0), atol=1e-5)
            assert x.ndim == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--off", "99"], "are counted from 1 to"),
        (["--swap", "1"], "--swap must be like 2:4"),
        (["--swap", "1:3"], "only blocks that are alike can change places"),
        (["--alpha", "1=many"], "--alpha needs a number"),
        (["--alpha", "1=3"], "Alpha must be a number from 0 to 2; got 3"),
        (["--maps", "maps.txt"], "--maps needs a file"),
        (["--maps", 300 * "x" + ".npz"], "--maps needs a file"),
        (["--label", "10"], "less than or equal to 9"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(capsys, picture, arguments, said):
    assert run(["inspect", "--image", picture, *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert said in err


def test_a_missing_run_or_picture_is_said(capsys, picture, tmp_path):
    assert run(["inspect", "--image", str(tmp_path / "none.png")]) == 1
    assert "none.png" in capsys.readouterr().err
    assert run(["inspect", "--image", picture, "--run", "no-such-run"]) == 1
    assert "no-such-run" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["inspect", "--image", "one.png"], ["lesions", "--off", "1"]])
def test_a_network_whose_training_diverged_is_refused(capsys, picture, command):
    starter, weights = Library().load(STARTER)
    Library().save(Run("diverged", starter.experiment), {name: values * np.nan for name, values in weights.items()})
    command = [picture if word == "one.png" else word for word in command]
    assert run([*command, "--run", "diverged"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot read: its training diverged" in err
