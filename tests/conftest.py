"""What every test relies on: it reads and writes nothing of this machine's user, and needs no GPU and no display."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

_PLACE = pytest.StashKey[Path]()
LONG = ("test_killed.py", "test_demo.py")  # minutes in one test


def pytest_configure(config):
    # Before the first test module is imported: Qt, TensorFlow and Keras read these when they are loaded.
    place = config.stash[_PLACE] = Path(tempfile.mkdtemp(prefix="resnet-gui-tests-"))
    os.environ["RESNET_GUI_HOME"] = str(place / "home")
    os.environ["KERAS_HOME"] = str(place / "keras")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(items):
    # The longest first: with several processes nobody waits for one of them in the end.
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_unconfigure(config):
    shutil.rmtree(config.stash[_PLACE], ignore_errors=True)


@pytest.fixture(autouse=True)
def plain_style():
    """The window's style sheet is the application's: what follows in this process is to begin without it."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        app = sys.modules["PySide6.QtWidgets"].QApplication.instance()
        if app is not None and app.styleSheet():
            app.setStyleSheet("")


@pytest.fixture
def bars_folder(tmp_path):
    """A folder with an mnist.npz of 600 + 100 images that is made here: a bright bar whose height is the digit."""
    rng = np.random.default_rng(0)
    labels = np.arange(700, dtype=np.uint8) % 10
    images = rng.integers(0, 40, (700, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 3 : 2 * label + 6] = 255
    folder = tmp_path / "data"
    folder.mkdir()
    train, test = slice(None, 600), slice(600, None)
    np.savez(
        folder / "mnist.npz",
        x_train=images[train],
        y_train=labels[train],
        x_test=images[test],
        y_test=labels[test],
    )
    return folder
