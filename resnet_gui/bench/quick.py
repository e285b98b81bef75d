"""The part `quick`: the preset of that name to its test on MNIST, beside one epoch of a plain Keras script.

The script is what one would write for the preset `seed`. It takes minutes, so it is measured by name only.
"""

import statistics
import sys

from resnet_gui.bench.child import run_figures
from resnet_gui.bench.figure import Figure
from resnet_gui.bench.training import PLAIN_KERAS, SEED

SEEDS = 5
ACCURACY = 0.99
SHARE = 1 / 3

OURS = """
import sys
from dataclasses import replace
from pathlib import Path
from resnet_gui.core.events import Control, RunEnded
from resnet_gui.core.presets import PRESETS
from resnet_gui.engine import training
from resnet_gui.engine.backend import tf

tf.zeros(1).numpy()  # TensorFlow begins here, as in the window before anybody can press Train
experiment = PRESETS["quick"].experiment
experiment = replace(experiment, recipe=replace(experiment.recipe, seed=int(sys.argv[2])))
events = []
training.run("bench", experiment, control=Control(), data_dir=Path(sys.argv[1]), emit=events.append)
end = events[-1]
assert isinstance(end, RunEnded) and end.test_accuracy is not None, end.message
print(end.train_seconds, end.test_accuracy)
"""


def measure(quick: bool) -> list[Figure]:
    """Seconds from the press of Train to the last step, accuracy on MNIST's test images, and the script's seconds.

    Raises DatasetUnavailable if MNIST is not on this machine.
    """
    from resnet_gui.core.errors import DatasetUnavailable
    from resnet_gui.engine.datasets import find_mnist

    path = find_mnist(None)
    if path is None:
        raise DatasetUnavailable("The part quick needs MNIST: name the folder of mnist.npz in RESNET_GUI_DATA.")
    images = 6_000 if quick else 60_000
    _, epoch, _ = run_figures(PLAIN_KERAS, str(path), *SEED.arguments[:-1], str(images))
    epoch *= 60_000 / images
    runs = []
    for seed in range(1 if quick else SEEDS):
        runs.append(run_figures(OURS, str(path), str(seed)))
        print(".", end="", file=sys.stderr, flush=True)
    seconds = statistics.mean(run[0] for run in runs)
    return [
        Figure("one epoch of the Keras script of preset seed", epoch, "s"),
        Figure("preset quick: from the press of Train to its end", seconds, "s"),
        Figure("preset quick: share of the script's time", seconds / epoch, at_most=SHARE),
        Figure("preset quick: read of MNIST's test images", statistics.mean(run[1] for run in runs), at_least=ACCURACY),
    ]
