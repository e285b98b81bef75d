"""A data set on the device, loaded once: the runs of a session share it."""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

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
    train: Labelled  # the data set's, and behind them the scribbles, then the drawn digits
    test: Labelled
    scribbles: int = 0  # how many there are, and
    mine: int = 0  # of these
    digest: str = ""  # of all that is trained on

    @property
    def images(self) -> int:
        """How many training images the data set has, without scribbles and drawn digits."""
        return len(self.train) - self.scribbles - self.mine


def to_device(dataset: Dataset, device: Device) -> DeviceData:
    """A copy of `dataset` on `device`."""
    scribbles, mine = len(dataset.x_scribbles), len(dataset.x_mine)
    images = dataset.x_train
    if scribbles or mine:
        images = np.concatenate([images, dataset.x_scribbles, dataset.x_mine])
    no_digits = np.full(scribbles, dataset.classes, np.uint8)
    labels = np.concatenate([dataset.y_train, no_digits, dataset.y_mine])
    with tf.device(device.tf_name):
        return DeviceData(
            dataset.source,
            dataset.input_shape,
            dataset.classes,
            Labelled(tf.constant(images), tf.constant(labels, tf.int32)),
            Labelled(tf.constant(dataset.x_test), tf.constant(dataset.y_test, tf.int32)),
            scribbles,
            mine,
            f"{crc32(np.ascontiguousarray(images).data):08x}{crc32(labels.data):08x}",
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
