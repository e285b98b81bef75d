"""What augmentation makes of a digit of each kind."""

import numpy as np
import pytest

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.experiment import Recipe
from resnet_gui.engine import preview as preview_module
from resnet_gui.engine.datasets import load_dataset
from resnet_gui.engine.preview import preview


@pytest.fixture(autouse=True)
def forget():
    preview_module._one_of_each.cache_clear()


def test_one_of_each_digit_and_what_some_steps_make_of_it():
    made = preview(Recipe("digits", rotation=20.0), None, 3)
    data = load_dataset("digits")
    assert made.originals.shape == (10, 28, 28)
    assert made.changed.shape == (3, 10, 28, 28)
    assert made.changed.dtype == np.uint8
    for digit, original in enumerate(made.originals):
        places = np.flatnonzero((data.x_train == original).all(axis=(1, 2)))
        assert data.y_train[places].tolist() == [digit]
        assert not np.array_equal(made.changed[0][digit], original)
        assert not np.array_equal(made.changed[0][digit], made.changed[1][digit])


def test_without_augmentation_nothing_changes():
    made = preview(Recipe("digits"), None, 1)
    np.testing.assert_array_equal(made.changed[0], made.originals)


def test_of_mixed_data_the_digits_are_those_that_were_mixed_in(bars_folder):
    made = preview(Recipe("mnist+digits"), bars_folder, 1)
    np.testing.assert_array_equal(made.originals, preview(Recipe("digits"), None, 1).originals)
    assert not np.array_equal(made.originals, preview(Recipe("mnist"), bars_folder, 1).originals)


def test_the_bundled_digits_stand_in_for_data_that_is_not_here(monkeypatch, tmp_path):
    for name in ("RESNET_GUI_DATA", "KERAS_HOME", "RESNET_GUI_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    np.testing.assert_array_equal(preview(Recipe(), None, 1).originals, preview(Recipe("digits"), None, 1).originals)


def test_a_wrong_file_is_said(tmp_path):
    (tmp_path / "mnist.npz").write_text("no archive")
    with pytest.raises(DatasetError, match="damaged"):
        preview(Recipe(), tmp_path, 1)
