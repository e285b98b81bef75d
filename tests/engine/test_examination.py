"""Networks that read test images."""

import os

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.confusion import misread
from resnet_gui.core.errors import DatasetError, DatasetUnavailable, ReadingError
from resnet_gui.core.examination import Exam
from resnet_gui.core.experiment import DatasetName
from resnet_gui.core.library import STARTER, Library
from resnet_gui.engine.datasets import load_dataset
from resnet_gui.engine.examination import BATCH, examine, examine_in_steps, load_exam
from resnet_gui.engine.network import Network
from resnet_gui.engine.prediction import Reader, load_reader

SMALL = Architecture(blocks=1, width=4, stem_stride=2)


@pytest.fixture
def digits():
    return load_exam(DatasetName.DIGITS)


def test_the_exam_is_the_data_sets_test_images(digits):
    data = load_dataset(DatasetName.DIGITS)
    np.testing.assert_array_equal(digits.images, data.x_test)
    np.testing.assert_array_equal(digits.labels, data.y_test)
    assert (digits.source, digits.classes) == (data.source, data.classes)


def test_mnist_comes_from_the_folder_that_is_named(bars_folder):
    data = load_dataset(DatasetName.MNIST, data_dir=bars_folder)
    exam = load_exam(DatasetName.MNIST, bars_folder)
    np.testing.assert_array_equal(exam.images, data.x_test)
    assert exam.source == data.source


def test_examinations_of_several_runs_share_their_images(bars_folder):
    assert load_exam(DatasetName.MNIST, bars_folder) is load_exam(DatasetName.MNIST, bars_folder)


def test_a_file_that_has_changed_is_read_anew(bars_folder):
    before = load_exam(DatasetName.MNIST, bars_folder)
    path = bars_folder / "mnist.npz"
    arrays = {**np.load(path)}
    arrays["y_test"] = arrays["y_test"][::-1]
    np.savez(path.with_name("new.npz"), **arrays)
    os.replace(path.with_name("new.npz"), path)
    np.testing.assert_array_equal(load_exam(DatasetName.MNIST, bars_folder).labels, before.labels[::-1])


def test_without_mnist_it_says_what_would_help(monkeypatch):
    monkeypatch.delenv("RESNET_GUI_DATA", raising=False)
    with pytest.raises(DatasetUnavailable, match=r"not on this machine.*choose mnist\.npz"):
        load_exam(DatasetName.MNIST)


def test_labels_that_are_no_digits_are_refused(bars_folder):
    arrays = {**np.load(bars_folder / "mnist.npz")}
    arrays["y_test"] = arrays["y_test"] + 90
    np.savez(bars_folder / "mnist.npz", **arrays)
    with pytest.raises(DatasetError, match="label 9"):
        load_exam(DatasetName.MNIST, bars_folder)


def test_the_starter_is_examined_as_it_classifies(tmp_path, digits):
    reader = load_reader(Library(tmp_path), STARTER)
    examination = examine(reader, digits)
    np.testing.assert_array_equal(examination.answers, reader.probabilities(digits.images).argmax(axis=1))
    assert examination.run == STARTER
    assert examination.accuracy > 0.8
    assert examination.certainties.dtype == np.float32
    assert examination.certainties.min() >= 0.1
    assert len(misread(examination)) == round((1 - examination.accuracy) * len(digits.labels))


def test_shares_grow_to_one_also_where_the_last_batch_is_small():
    exam = Exam("some", np.zeros((2 * BATCH + 1, 28, 28), np.uint8), np.zeros(2 * BATCH + 1, np.uint8), 10)
    shares = list(examine_in_steps(Reader(Network(SMALL), "a", "net"), exam))
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_network_that_diverged_is_not_examined(digits):
    weights = {path: np.full_like(values, np.nan) for path, values in Network(SMALL).weights().items()}
    with pytest.raises(ReadingError, match="diverged"):
        examine(Reader(Network(SMALL, weights=weights), "a", "net"), digits)
