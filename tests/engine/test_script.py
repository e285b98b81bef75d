"""The scripts, run in a process that cannot import this package, against the engine's own training."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.script import script_of

ROOT = Path(__file__).parents[2]
STEPS = 50
ADAM = Recipe(batch_size=8, epochs=2, precision="float32", limit=230, learning_rate=3e-3)  # 26 steps an epoch
SGD = Recipe(batch_size=9, epochs=2, precision="float32", seed=7, optimizer="sgd", validation_share=0.0)
AUGMENTED = {"shift": 2.0, "rotation": 15.0, "scale": 0.2, "shear": 0.3, "elastic": 0.7, "pen": 0.5}


def net(shortcut, order="original", **settings):
    return Architecture(1, 2, 4, shortcut, order=order, stem_stride=2, **settings)


EXACT = {
    "plain": Experiment(net("none"), ADAM),
    "option_a": Experiment(net("A", "relu-only-pre-activation"), SGD),
    "identity": Experiment(net("identity", "full-pre-activation", batch_norm=True, head="average-pooling"), ADAM),
    "projection": Experiment(net("projection", "relu-only-pre-activation", block="bottleneck"), ADAM),
    "scaling": Experiment(net("constant-scaling", "relu-before-addition", batch_norm=True, branch_scale=0.5), SGD),
    "exclusive": Experiment(net("exclusive-gating", "full-pre-activation", batch_norm=True, block="bottleneck"), SGD),
    "shortcut_only": Experiment(net("shortcut-only-gating", "bn-after-addition", batch_norm=True, gate_bias=0.0), SGD),
    "conv_1x1": Experiment(net("conv-1x1", batch_norm=True), ADAM),
    "dropout": Experiment(net("dropout"), ADAM),
    "one_cycle": Experiment(net("identity"), replace(ADAM, schedule="one-cycle")),
    "steps": Experiment(net("A"), replace(SGD, schedule="steps")),
    "cosine": Experiment(net("none"), replace(ADAM, schedule="cosine")),
}
# The images are multiplied by 1/255 before they are changed, and by the engine after it: the last bits differ.
CLOSE = {
    "augmented": Experiment(net("identity"), replace(SGD, **AUGMENTED, schedule="one-cycle")),
    "with_digits": Experiment(net("A"), replace(ADAM, dataset="digits")),
}
MIXED = {
    "float16": Experiment(net("A", batch_norm=True), Recipe(batch_size=50, limit=200, precision="mixed_float16")),
}

# Runs every script of a folder, and those that are to fail; prints what came of it as JSON.
RUNNER = """
import contextlib, io, json, pathlib, runpy, sys

sys.modules["resnet_gui"] = None  # whoever imports it fails, wherever it is installed
folder = pathlib.Path(sys.argv[1])
results = {}


def run(script, *arguments):
    sys.argv = [script.name, *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        names = runpy.run_path(str(script))
    return names, said.getvalue()


for script in sorted(folder.glob("*.py")):
    names, said = run(script, str(folder / ("digits.npz" if "digits" in script.name else "data.npz")))
    results[script.stem] = {
        "losses": names["losses"],
        "parameters": int(names["parameters"]),
        "test": [float(names["loss"]), float(names["accuracy"])],
        "said": said,
    }
    names["keras"].config.set_dtype_policy("float32")
for case in json.loads((folder / "wrong.json").read_text()):
    try:
        run(folder / case[0], *case[1:])
    except SystemExit as end:
        results[" ".join(case)] = end.code
print(json.dumps(results))
"""


# The engine's side of it: trains every experiment of a file on the same data.
ENGINE = """
import json, pathlib, sys
import numpy as np
from resnet_gui.core.events import Control, RunPrepared, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.engine.datasets import read_dataset
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.device_data import to_device
from resnet_gui.engine.training import train

folder = pathlib.Path(sys.argv[1])
cpu = choose_device("cpu")
data = {
    name: to_device(read_dataset("bars", "bars made by the test", folder / f"{name}.npz"), cpu)
    for name in ("data", "digits")
}
results = {}
for name, experiment in json.loads((folder / "experiments.json").read_text()).items():
    events, data_of_it = [], data["digits" if "digits" in name else "data"]
    train(name, Experiment.from_dict(experiment), data_of_it, cpu, emit=events.append, control=Control())
    results[name] = {
        "losses": [float(loss) for event in events if isinstance(event, StepsEnded) for loss in event.loss],
        "parameters": events[0].parameters,
        "test": [events[-1].test_loss, events[-1].test_accuracy],
    }
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with data of ten bright bars, with the scripts, and with what is to go wrong."""
    folder = tmp_path_factory.mktemp("scripts")
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 330).astype(np.uint8)
    images = rng.integers(0, 60, (330, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 3 : 2 * label + 6] = 255
    np.savez(folder / "data.npz", x_train=images[:230], y_train=labels[:230], x_test=images[230:], y_test=labels[230:])
    with np.load(folder / "data.npz") as data:
        np.savez(folder / "digits.npz", **data, x_scribbles=rng.integers(0, 256, (40, 28, 28)).astype(np.uint8))
    np.savez(folder / "other.npz", x_train=images)
    (folder / "text.npz").write_text("no archive")
    (folder / "digits").mkdir()
    (folder / "digits" / "script.py").write_text(script_of(Experiment(recipe=Recipe("digits"))))
    for name, experiment in (EXACT | CLOSE | MIXED).items():
        (folder / f"{name}.py").write_text(script_of(experiment))
    experiments = {name: experiment.to_dict() for name, experiment in (EXACT | CLOSE | MIXED).items()}
    (folder / "experiments.json").write_text(json.dumps(experiments))
    wrong = [["plain.py", "a", "b"], ["plain.py", "nowhere.npz"], ["digits/script.py"], ["digits/script.py", "a", "b"]]
    wrong += [["plain.py", str(folder / file)] for file in ("text.npz", "other.npz", "digits")]
    (folder / "wrong.json").write_text(json.dumps(wrong))
    return folder


@pytest.fixture(scope="module")
def results(folder):
    """What the engine and the scripts came to, by name: two processes at a time."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with contextlib.ExitStack() as stack:
        started = []
        for code, path in ((ENGINE, {"PYTHONPATH": str(ROOT)}), (RUNNER, {})):
            process = subprocess.Popen(
                [sys.executable, "-c", code, str(folder)],
                cwd=folder,
                env=environment | path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            started.append(stack.enter_context(process))
            stack.callback(process.kill)
        results = []
        for process in started:
            out, errors = process.communicate(timeout=300)
            assert process.returncode == 0, errors[-3000:]
            results.append(json.loads(out.splitlines()[-1]))
        return results


@pytest.fixture(scope="module")
def ours(results):
    return results[0]


@pytest.fixture(scope="module")
def theirs(results):
    return results[1]


@pytest.mark.parametrize("name", EXACT)
def test_a_script_has_the_losses_of_the_engine(ours, theirs, name):
    expected = ours[name]["losses"]
    assert len(theirs[name]["losses"]) == len(expected) >= STEPS
    np.testing.assert_allclose(theirs[name]["losses"][:STEPS], expected[:STEPS], rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", EXACT | MIXED)
def test_a_script_has_as_many_parameters_as_the_engines_network(ours, theirs, name):
    assert theirs[name]["parameters"] == ours[name]["parameters"]


@pytest.mark.parametrize("name", EXACT)
def test_a_script_ends_with_the_engines_test(ours, theirs, name):
    np.testing.assert_allclose(theirs[name]["test"], ours[name]["test"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", CLOSE)
def test_a_script_changes_images_and_learns_what_is_no_digit_as_the_engine_does(ours, theirs, name):
    losses, expected = theirs[name]["losses"], ours[name]["losses"]
    assert len(losses) == len(expected)
    np.testing.assert_allclose(losses[:STEPS], expected[:STEPS], rtol=0, atol=2e-3)


def test_mixed_precision_learns_about_the_same(ours, theirs):
    np.testing.assert_allclose(theirs["float16"]["losses"][0], ours["float16"]["losses"][0], atol=0.02)
    assert np.isfinite(theirs["float16"]["losses"]).all()


def test_a_script_says_how_it_goes(theirs):
    said = theirs["plain"]["said"].splitlines()
    assert "207 training images, 52 steps" in said[0]
    assert [line.split(":")[0] for line in said[1:]] == ["epoch 1", "step 50 of 52", "epoch 2", said[-1].split(":")[0]]
    assert said[-1].startswith("test loss ")
    assert "validation" not in theirs["scaling"]["said"]


def test_a_bad_command_line_is_answered_with_one_line(theirs):
    answers = {name: end for name, end in theirs.items() if isinstance(end, str)}
    assert len(answers) == 7
    assert all("\n" not in answer for answer in answers.values())
    assert answers["plain.py a b"].endswith("plain.py [mnist.npz]")
    assert answers["digits/script.py"].endswith("script.py digits.npz")
    assert answers["plain.py nowhere.npz"] == (
        "nowhere.npz is no .npz file with x_train, y_train, x_test, y_test (FileNotFoundError)."
    )
