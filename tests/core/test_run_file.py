"""Runs in files of their own: what comes back, and what is refused."""

import json
import os

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import FileError, LibraryError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Run
from resnet_gui.core.run_file import read_run, record_of, run_of, write_arrays, write_run

WEIGHTS = {"stem/kernel": np.arange(9, dtype=np.float32).reshape(3, 3), "stem/bias": np.zeros(1, np.float32)}
NOTHING = np.zeros(0, np.float32)


@pytest.fixture
def run():
    made = Run("a1", Experiment(Architecture(blocks=3)))
    made.apply(StepsEnded("a1", 0, np.array([2, 1], np.float32), np.array([0.1, 0.5], np.float32), 50.0, 1.0))
    made.apply(EpochEnded("a1", 0, 2, 1.5, 0.4))
    made.apply(RunEnded("a1", Outcome.STOPPED, "stopped after 2 steps", 2, train_seconds=3.5))
    return made


def assert_same(first, second):
    assert record_of(first) == record_of(second)
    np.testing.assert_array_equal(first.history.loss.values, second.history.loss.values)
    np.testing.assert_array_equal(first.history.accuracy.values, second.history.accuracy.values)
    assert first.history.epochs == second.history.epochs


def test_a_record_is_json_and_comes_back(run):
    record = json.loads(json.dumps(record_of(run)))
    assert_same(run_of(record, run.history.loss.values, run.history.accuracy.values), run)


def test_a_run_comes_back_from_its_file_with_its_weights(run, tmp_path):
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    again, weights = read_run(tmp_path / "run.npz")
    assert_same(again, run)
    assert weights.keys() == WEIGHTS.keys()
    assert all(np.array_equal(weights[name], WEIGHTS[name]) for name in WEIGHTS)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("state"),
        lambda record: record.update(state="asleep"),
        lambda record: record.update(experiment={}),
        lambda record: record["experiment"]["architecture"].update(blocks=-1),
        lambda record: record.update(epochs=[1]),
    ],
)
def test_a_record_that_makes_no_run_is_refused(run, change):
    record = record_of(run)
    change(record)
    with pytest.raises(LibraryError, match="another version"):
        run_of(record, NOTHING, NOTHING)


@pytest.mark.parametrize("record", [None, [], "text", 7])
def test_a_record_that_is_no_object_is_refused(record):
    with pytest.raises(LibraryError):
        run_of(record, NOTHING, NOTHING)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"text"])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=r"run\.npz"):
        read_run(path)
    assert path.read_bytes() == content


def test_an_archive_of_something_else_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(LibraryError, match="is no run file"):
        read_run(tmp_path / "other.npz")


def test_pickled_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "hostile.npz", record=np.array([{"id": "x"}], object))
    with pytest.raises(LibraryError, match=r"hostile\.npz"):
        read_run(tmp_path / "hostile.npz")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LibraryError, match="missing"):
        read_run(tmp_path / "nowhere.npz")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")

    class Unwritable:
        def __array__(self, *_, **__):
            raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match="No space left"):
        write_arrays(path, {"x": Unwritable()})
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX's")
def test_a_pipe_is_not_replaced_by_a_file(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="no ordinary file"):
        write_run(tmp_path / "pipe", run, WEIGHTS)
    assert [path.is_fifo() for path in tmp_path.iterdir()] == [True]


def test_a_place_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be written"):
        write_run(tmp_path / "file" / "run.npz", run, WEIGHTS)
