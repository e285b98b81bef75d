"""TensorBoard's files, read back as TensorBoard reads them."""

import os
from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.errors import FileError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Labels, Run
from resnet_gui.engine.backend import tf
from resnet_gui.engine.event_files import folder_name, write_events


def ended(run_id="a", name=""):
    run = Run(run_id, Experiment(), Labels(name), started=1e9)
    loss = np.array([2.0, np.nan, 0.5], np.float32)
    run.apply(StepsEnded(run_id, 0, loss, np.array([0.1, 0.2, 0.3], np.float32), 50.0, 1.0, 6.0))
    run.apply(EpochEnded(run_id, 0, 2, 1.25, 0.75))
    run.apply(EpochEnded(run_id, 1, 3, None, None))
    run.apply(RunEnded(run_id, Outcome.FINISHED, "finished", 3, 0.3, 0.9, 2.5, 50.0))
    return run


def events(folder):
    (path,) = folder.iterdir()
    assert "tfevents" in path.name  # or TensorBoard passes it by
    return [tf.compat.v1.Event.FromString(record.numpy()) for record in tf.data.TFRecordDataset(str(path))]


def test_scalars_of_steps_and_epochs_with_their_times(tmp_path):
    write_events(tmp_path / "runs.tb", [ended()])
    first, *others = events(tmp_path / "runs.tb" / "ResNet-6 a")
    assert first.file_version == "brain.Event:2"
    found = [
        (event.step, event.wall_time, {value.tag: value.simple_value for value in event.summary.value})
        for event in others
    ]
    assert [(step, time) for step, time, _ in found] == [(1, 1e9 + 2), (2, 1e9 + 4), (2, 1e9 + 4), (3, 1e9 + 6)]
    assert found[0][2] == {"loss": 2.0, "accuracy": pytest.approx(0.1)}
    assert np.isnan(found[1][2]["loss"])
    assert found[2][2] == {"validation_loss": 1.25, "validation_accuracy": 0.75}


def test_tensorflows_own_reader_reads_them(tmp_path):
    write_events(tmp_path / "runs.tb", [ended()])
    (path,) = (tmp_path / "runs.tb" / "ResNet-6 a").iterdir()
    read = list(tf.compat.v1.train.summary_iterator(str(path)))
    assert [event.step for event in read] == [0, 1, 2, 2, 3]


def test_each_run_has_a_folder(tmp_path):
    write_events(tmp_path / "runs.tb", [ended("a"), ended("b"), ended("c", "../<b> ä/nul:")])
    assert {path.name for path in (tmp_path / "runs.tb").iterdir()} == {"ResNet-6 a", "ResNet-6 b", "__b_ __nul_ c"}
    assert [path.name for path in tmp_path.iterdir()] == ["runs.tb"]


@pytest.mark.parametrize("name", ["..", ". .", "a" * 500, "数字", "x\0y", "/etc/passwd"])
def test_no_name_leads_elsewhere(tmp_path, name):
    write_events(tmp_path / "runs.tb", [ended("a", name)])
    (made,) = (tmp_path / "runs.tb").iterdir()
    assert made.name == folder_name(ended("a", name))
    assert made.name.endswith("a")
    assert len(made.name) < 100


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "runs.tb").mkdir()
    (tmp_path / "runs.tb" / "mine").touch()
    with pytest.raises(FileError, match="exists already"):
        write_events(tmp_path / "runs.tb", [ended()])
    assert [path.name for path in (tmp_path / "runs.tb").iterdir()] == ["mine"]


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    with pytest.raises(FileError, match="cannot be written"):
        write_events(tmp_path / "nowhere" / "runs.tb", [ended()])

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(FileError, match="No space left"):
        write_events(tmp_path / "runs.tb", [ended()])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_others_may_read_the_folder_as_any_new_one(tmp_path):
    write_events(tmp_path / "runs.tb", [ended()])
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "runs.tb").stat().st_mode == (tmp_path / "plain").stat().st_mode
