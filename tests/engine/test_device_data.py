"""A data set that stays on the device."""

import os

import numpy as np
import pytest

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.experiment import DatasetName
from resnet_gui.engine import datasets, device_data
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.device_data import load_to_device

CPU = choose_device("cpu")


def load(folder, name=DatasetName.MNIST):
    said = []
    data = load_to_device(
        name, CPU, data_dir=folder, progress=lambda message, share: said.append(message), cancelled=lambda: False
    )
    return data, said


def test_a_data_set_is_read_once(bars_folder):
    data, said = load(bars_folder)
    assert said == ["reading mnist.npz"]
    assert (len(data.train), len(data.test)) == (600, 100)
    with np.load(bars_folder / "mnist.npz") as file:
        np.testing.assert_array_equal(data.train.images, file["x_train"])
        np.testing.assert_array_equal(data.test.labels, file["y_test"])
    again, said = load(bars_folder)
    assert again is data
    assert said == []


def test_a_file_that_changed_is_read_again(bars_folder):
    data, _ = load(bars_folder)
    path = bars_folder / "mnist.npz"
    with np.load(path) as file:
        np.savez(path, **{**file, "y_test": np.zeros(100, np.uint8)})
    os.utime(path, ns=(0, 0))
    again, _ = load(bars_folder)
    assert again is not data
    assert not again.test.labels.numpy().any()


def test_one_data_set_at_a_time_is_kept(bars_folder):
    load(bars_folder)
    load(None, DatasetName.DIGITS)
    assert len(device_data._newest) == 1
    _, said = load(bars_folder)
    assert said == ["reading mnist.npz"]


def test_what_cannot_be_read_is_said_and_nothing_is_kept(bars_folder, tmp_path):
    load(bars_folder)
    with pytest.raises(DatasetError, match=r"no mnist\.npz"):
        load(tmp_path / "nowhere")
    (bars_folder / "mnist.npz").write_text("no archive")
    with pytest.raises(DatasetError, match="damaged"):
        load(bars_folder)
    assert not device_data._newest


def test_a_file_that_is_gone_is_said_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "DIGITS_FILE", tmp_path / "digits.npz")
    with pytest.raises(DatasetError, match="does not exist"):
        load(None, DatasetName.DIGITS)


def test_a_file_of_the_same_size_and_time_is_another_one(bars_folder):
    path = bars_folder / "mnist.npz"
    load(bars_folder)
    before = os.stat(path)
    with np.load(path) as file:
        np.savez(bars_folder / "other.npz", **{**file, "y_test": np.zeros(100, np.uint8)})
    os.replace(bars_folder / "other.npz", path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(path).st_size == before.st_size
    again, _ = load(bars_folder)
    assert not again.test.labels.numpy().any()
