"""A data set on the device, loaded once: the runs of a session share it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resnet_gui.core.experiment import DatasetName
from resnet_gui.engine.backend import tf
from resnet_gui.engine.datasets import Dataset, fingerprint, load_dataset
from resnet_gui.engine.device import Device
from resnet_gui.engine.download import Asked, Report


@dataclass(frozen=True, eq=False)
class Labelled:
    """Images uint8 (n, height, width) and labels int32 (n,) as tensors on the device.

    The label of a scribble is the number of classes.
    """

    images: tf.Tensor
    labels: tf.Tensor

    def __len__(self) -> int:
        return int(self.labels.shape[0])


@dataclass(frozen=True, eq=False)
class DeviceData:
    """A data set on the device."""

    source: str  # for people: what it is and where it came from
    input_shape: tuple[int, int, int]
    classes: int
    train: Labelled  # the digits, and behind them the scribbles
    test: Labelled
    scribbles: int = 0  # how many there are


def to_device(dataset: Dataset, device: Device) -> DeviceData:
    """A copy of `dataset` on `device`."""
    scribbles = len(dataset.x_scribbles)
    images = np.concatenate([dataset.x_train, dataset.x_scribbles]) if scribbles else dataset.x_train
    labels = np.concatenate([dataset.y_train, np.full(scribbles, dataset.classes, np.uint8)])
    with tf.device(device.tf_name):
        return DeviceData(
            dataset.source,
            dataset.input_shape,
            dataset.classes,
            Labelled(tf.constant(images), tf.constant(labels, tf.int32)),
            Labelled(tf.constant(dataset.x_test), tf.constant(dataset.y_test, tf.int32)),
            scribbles,
        )


_newest: dict[object, DeviceData] = {}  # one at most: the data set of the last run


def load_to_device(
    name: DatasetName, device: Device, *, data_dir: Path | None = None, progress: Report, cancelled: Asked
) -> DeviceData:
    """The data set `name` on `device`; from memory if it is the last run's and has not changed since.

    Raises what `load_dataset` raises.
    """
    print_of_files = fingerprint(name, data_dir)  # as they were before they are read
    key = None if print_of_files is None else (print_of_files, device.tf_name)
    if key in _newest:
        return _newest[key]
    _newest.clear()  # before the next one comes: both might not fit
    data = to_device(load_dataset(name, data_dir=data_dir, progress=progress, cancelled=cancelled), device)
    if key is not None:
        _newest[key] = data
    return data
