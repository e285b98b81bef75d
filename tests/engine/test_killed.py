"""A training process that is killed at random moments: nothing is lost but the last second, and the run goes on."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.events import Control
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.library import Library
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run, State
from resnet_gui.engine import training

KILLS = 25
LOST_SECONDS = 1.0  # of the curve, at most
EXPERIMENT = Experiment(
    Architecture(blocks=1, width=4, stem_stride=2, batch_norm=True, shortcut="dropout"),
    Recipe(batch_size=8, epochs=12, precision="float32", seed=3, validation_share=0.2),
)

# One process that has loaded TensorFlow is forked for each kill: loading it 25 times would take minutes.
TRAINER = """
import os, sys, time
from pathlib import Path
from resnet_gui.core.events import Control, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run
from resnet_gui.engine import training

home, data, experiment = Path(sys.argv[1]), Path(sys.argv[2]), Experiment.from_json(sys.argv[3])
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
        continue
    run_id = line.strip()
    steps = os.open(home / f"{run_id}.steps", os.O_CREAT | os.O_WRONLY)
    recorder = Recorder(Library(home), lambda run, problem: os.abort())
    recorder.begin(Run(run_id, experiment))

    def emit(event):
        recorder.take(event)
        if isinstance(event, StepsEnded):
            os.write(steps, f"{event.first_step + len(event.loss)} {time.time()}\\n".encode())

    training.run(run_id, experiment, emit=emit, control=Control(), data_dir=data, device="cpu")
    recorder.finish()
    os._exit(0)
"""


@pytest.fixture
def trainer(tmp_path, bars_folder):
    """A process that trains a run in a child of its own for each line that it is given."""
    command = [sys.executable, "-c", TRAINER, str(tmp_path), str(bars_folder), EXPERIMENT.to_json()]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def train_on(library, run_id, data, resumed):
    """Train a run to its end in this process, from its last checkpoint if it is `resumed`."""
    run, checkpoint = library.claim(run_id) if resumed else (Run(run_id, EXPERIMENT), None)
    run.history.rewind(*((checkpoint.step, checkpoint.epochs) if checkpoint else (0, 0)))
    problems = []
    recorder = Recorder(library, lambda run, problem: problems.append(problem))
    recorder.begin(run)
    training.run(
        run_id,
        EXPERIMENT,
        emit=recorder.take,
        control=Control(),
        data_dir=data,
        device="cpu",
        checkpoint=checkpoint,
    )
    recorder.finish()
    assert not problems
    return checkpoint


def same(run, weights, other, other_weights):
    """Whether two runs ended with the same curves, figures and weights, bit for bit."""
    for name in ("loss", "accuracy"):
        np.testing.assert_array_equal(getattr(run.history, name).values, getattr(other.history, name).values)
    assert [(e.epoch, e.step, e.validation_loss, e.validation_accuracy) for e in run.history.epochs] == [
        (e.epoch, e.step, e.validation_loss, e.validation_accuracy) for e in other.history.epochs
    ]
    assert (run.test_loss, run.test_accuracy) == (other.test_loss, other.test_accuracy)
    assert weights.keys() == other_weights.keys()
    for name, values in weights.items():
        np.testing.assert_array_equal(values, other_weights[name])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_at_any_moment_a_run_is_there_and_goes_on_to_the_same_end(tmp_path, bars_folder, trainer):
    library, chance = Library(tmp_path), random.Random(0)
    began = time.monotonic()
    train_on(library, "whole", bars_folder, resumed=False)
    whole, whole_weights = library.load("whole")
    assert whole.state is State.FINISHED
    length = time.monotonic() - began
    interrupted, on_the_way = 0, 0
    for number in range(KILLS):
        run_id = f"killed{number}"
        trainer.stdin.write(f"{run_id}\n")
        trainer.stdin.flush()
        child = int(trainer.stdout.readline())
        time.sleep(chance.uniform(0, length))
        killed = time.time()
        with suppress(ProcessLookupError):  # it may have ended
            os.kill(child, signal.SIGKILL)
        assert trainer.stdout.readline() == "gone\n"
        with closing(sqlite3.connect(tmp_path / "runs.sqlite3")) as store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        reported = Path(tmp_path / f"{run_id}.steps")
        lines = [line.split() for line in reported.read_text().splitlines()] if reported.exists() else []
        must_be_there = max((int(step) for step, when in lines if float(when) < killed - LOST_SECONDS), default=0)
        known = {run.id: run for run in library.runs()}
        if run_id not in known:  # killed before it was a run for a whole second
            assert must_be_there == 0
            continue
        run = known[run_id]
        assert run.step >= must_be_there
        np.testing.assert_array_equal(run.history.loss.values, whole.history.loss.values[: run.step])
        if run.state is State.FINISHED:
            same(*library.load(run_id), whole, whole_weights)
            continue
        assert run.state is State.INTERRUPTED
        interrupted += 1
        on_the_way += train_on(library, run_id, bars_folder, resumed=True) is not None
        assert library.find(run_id).state is State.FINISHED
        same(*library.load(run_id), whole, whole_weights)
    assert interrupted > 0
    assert on_the_way > 0
