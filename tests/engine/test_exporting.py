"""Every kind of file through the one door, also for runs that are still being trained."""

import json

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.errors import FileError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.export import FileKind, Table
from resnet_gui.core.run import Run, State
from resnet_gui.core.run_file import read_run
from resnet_gui.engine.backend import keras
from resnet_gui.engine.exporting import write_export
from resnet_gui.engine.network import Network

ARCHITECTURE = Architecture(blocks=1, width=4, stem_stride=2)


@pytest.fixture
def network():
    return Network(ARCHITECTURE)


@pytest.fixture
def entry():
    run = Run("a1", Experiment(ARCHITECTURE), started=1e9)
    run.apply(StepsEnded("a1", 0, np.array([2, 1], np.float32), np.array([0, 1], np.float32), 9.0, 0.0, 3.0))
    run.apply(EpochEnded("a1", 0, 2, 1.5, 0.4))
    return Entry(run, "Mine", 3)


def test_a_run_that_is_still_trained_is_written_in_every_kind(tmp_path, entry, network):
    for kind in FileKind:
        write_export(tmp_path / f"run{kind}", [entry], network.weights())
    assert {path.suffix for path in tmp_path.iterdir()} == set(FileKind)
    run, weights = read_run(tmp_path / "run.npz")
    assert run.state is State.INTERRUPTED
    assert weights.keys() == network.weights().keys()
    assert ">Mine<" in (tmp_path / "run.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "run.json").read_text())["runs"][0]["id"] == "a1"


def test_the_table_is_chosen(tmp_path, entry):
    write_export(tmp_path / "runs.csv", [entry], table=Table.EPOCHS)
    assert (tmp_path / "runs.csv").read_text().startswith("run,epoch,step")


def test_a_network_opens_in_keras_whatever_the_case_of_its_suffix(tmp_path, entry, network):
    entry.run.apply(RunEnded("a1", Outcome.FINISHED, "finished", 2))
    write_export(tmp_path / "net.KERAS", [entry], network.weights())
    (tmp_path / "net.KERAS").rename(tmp_path / "net.keras")  # Keras reads no other
    model = keras.saving.load_model(tmp_path / "net.keras")
    for variable in model.weights:
        np.testing.assert_array_equal(variable.numpy(), network.weights()[variable.path])


def test_a_run_without_weights_has_no_network(tmp_path, entry):
    with pytest.raises(FileError, match="Mine has no weights yet"):
        write_export(tmp_path / "net.keras", [entry])
    write_export(tmp_path / "run.npz", [entry])
    assert read_run(tmp_path / "run.npz")[1] == {}
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_weights_of_another_network_are_refused(tmp_path, entry):
    with pytest.raises(FileError, match="The weights of a1 do not fit its network"):
        write_export(tmp_path / "net.keras", [entry], Network(Architecture(blocks=1, width=8)).weights())
    assert list(tmp_path.iterdir()) == []


def test_the_folder_must_be_there(tmp_path, entry):
    with pytest.raises(FileError, match="does not exist; make it, or name another"):
        write_export(tmp_path / "new" / "run.csv", [entry])
    assert list(tmp_path.iterdir()) == []
