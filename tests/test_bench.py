"""What the bench measures with, on little data: each script does its work and gives its figures."""

import numpy as np
import pytest

from resnet_gui import bench


@pytest.mark.parametrize("script", [bench._BARE, bench._OURS], ids=["bare", "ours"])
def test_a_window_is_timed_until_it_is_painted(script):
    assert bench._seconds_to_paint(script) > 0


@pytest.mark.parametrize(
    ("script", "arguments"), [(bench._PLAIN_KERAS, ()), (bench._OUR_TRAINING, ("float32",))], ids=["keras", "ours"]
)
def test_an_epoch_is_timed(script, arguments, bars_folder):
    with np.load(bars_folder / "mnist.npz") as bars:
        twice = {name: np.concatenate([bars[name]] * 2) for name in bars.files}  # the steady speed needs some steps
    np.savez(bars_folder / "twice.npz", **twice)
    seconds, rate = bench._two_figures(script, str(bars_folder / "twice.npz"), *arguments)
    assert seconds > 0
    assert rate > 0
