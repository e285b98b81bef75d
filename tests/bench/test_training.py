"""The scripts of the part `training`, on little data: each does its work and gives its figures."""

import numpy as np
import pytest

from resnet_gui.bench import training


@pytest.mark.parametrize(
    ("script", "arguments"),
    [(training._PLAIN_KERAS, ()), (training._OUR_TRAINING, ("float32",))],
    ids=["keras", "ours"],
)
def test_an_epoch_is_timed(script, arguments, bars_folder):
    with np.load(bars_folder / "mnist.npz") as bars:
        twice = {name: np.concatenate([bars[name]] * 2) for name in bars.files}  # the steady speed needs some steps
    np.savez(bars_folder / "twice.npz", **twice)
    seconds, rate = training._pair(script, str(bars_folder / "twice.npz"), *arguments)
    assert seconds > 0
    assert rate > 0
