"""How good the estimate of core.estimate is here: calibrates, then times random networks through the training loop.

    python tests/engine/measure_estimate.py --count 20 --seed 7

On a machine that others use, wall time tells about the others: `--clock cpu` computes in one thread and reads this
process's processor time, for the calibration as for the truth. Even that grows while others fill the caches, so a fixed
small network is timed beside the calibration and beside each truth: "same load" takes the drift of its time out.
"""

import argparse
import os
import random
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.core.estimate import seconds_per_step, seconds_to_first_step
from resnet_gui.core.events import Control
from resnet_gui.core.experiment import Experiment, Optimizer, Precision, Recipe
from resnet_gui.engine.backend import tf
from resnet_gui.engine.calibration import calibrate, machine_name
from resnet_gui.engine.datasets import load_dataset
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.device_data import to_device
from resnet_gui.engine.loop import Gate, Loop
from resnet_gui.engine.network import Network

GOOD = 1.5  # a ratio of estimate and truth up to this is good
CHUNKS = 5  # that are measured; their median counts
MOST_SECONDS = 4.0  # of measuring one architecture
CHUNK_SECONDS = 0.1


def draw(rng, precision, most_multiply_adds):
    """A random experiment whose step fits into the memory and takes no more than seconds."""
    while True:
        try:
            architecture = Architecture(
                blocks=rng.randint(0, 12),
                stages=rng.randint(1, 3),
                width=rng.randint(8, 64),
                shortcut=rng.choice(list(Shortcut)),
                batch_norm=rng.random() < 0.5,
                head=rng.choice(list(Head)),
                stem_stride=rng.randint(1, 2),
                order=rng.choice(list(Order)),
                block=rng.choice(list(Block)),
            )
        except ArchitectureError:
            continue
        batch_size = rng.choice([32, 64, 128, 256, rng.randint(32, 256)])
        optimizer = rng.choice(list(Optimizer))
        blueprint = make_blueprint(architecture)
        if blueprint.multiply_adds * batch_size < most_multiply_adds and blueprint.training_bytes(batch_size) < 4e9:
            # A rate that learns nothing also keeps the networks that would diverge.
            recipe = Recipe(batch_size=batch_size, optimizer=optimizer, learning_rate=1e-6, precision=precision)
            return Experiment(architecture, recipe)


def measure(experiment, data, device, clock):
    """Seconds to the first step's end, and the median seconds of a later step."""
    recipe = experiment.recipe
    precision = device.precision(recipe.precision)
    rng = np.random.default_rng(0)

    def seconds(steps):
        rows = rng.integers(0, len(data.train), (steps, recipe.batch_size)).astype(np.int32)
        before = clock()
        loop.train_on(data.train, rows)
        return clock() - before

    began = clock()
    gate = Gate("truth", lambda event: None, Control())
    loop = Loop(Network(experiment.architecture), recipe, precision, device, gate)
    seconds(1)
    first = clock() - began
    steps = int(np.clip(CHUNK_SECONDS / seconds(1), 1, 64))
    chunks = []
    while len(chunks) < CHUNKS and (len(chunks) < 2 or sum(chunks) < MOST_SECONDS):
        chunks.append(seconds(steps))
    return first, statistics.median(chunks) / steps


class Reference:
    """A small network whose step is timed again and again."""

    def __init__(self, data, precision, device, clock):
        architecture = Architecture(blocks=1, width=24, batch_norm=True, stem_stride=2)
        gate = Gate("reference", lambda event: None, Control())
        self._loop = Loop(Network(architecture), Recipe(), precision, device, gate)
        self._data = data
        self._rows = np.arange(4 * 64, dtype=np.int32).reshape(4, 64)
        self._clock = clock
        self.seconds()

    def seconds(self):
        times = []
        for _ in range(5):
            before = self._clock()
            self._loop.train_on(self._data.train, self._rows)
            times.append(self._clock() - before)
        return statistics.median(times)


def share(ratios):
    return f"{sum(max(ratio, 1 / ratio) <= GOOD for ratio in ratios)} of {len(ratios)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--precision", type=Precision, default=Precision.AUTO, choices=list(Precision))
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--most", type=float, default=60e9, help="multiply-adds of a step's forward pass")
    options = parser.parse_args()
    clock = time.perf_counter
    if options.clock == "cpu":
        clock = time.process_time
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    device = choose_device("auto")
    data = to_device(load_dataset("digits"), device)
    rng = random.Random(options.seed)

    reference = Reference(data, device.precision(options.precision), device, clock)
    before = reference.seconds()
    began = time.perf_counter(), time.process_time()
    calibration = calibrate(device, options.precision, clock=clock)
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    usual = (before + reference.seconds()) / 2
    print(f"{machine_name(device)}; {calibration.precision}; clock {options.clock}; seed {options.seed}")
    print(f"calibration: {wall:.1f} s, of processor time {cpu:.1f} s", flush=True)

    ratios, starts, drifts = [], [], []
    for number in range(1, options.count + 1):
        experiment = draw(rng, calibration.precision, options.most)
        before = reference.seconds()
        first, step = measure(experiment, data, device, clock)
        drifts.append((before + reference.seconds()) / 2 / usual)
        architecture, recipe = experiment.architecture, experiment.recipe
        blueprint = make_blueprint(architecture)
        ratios.append(seconds_per_step(blueprint, recipe.batch_size, recipe.optimizer, calibration) / step)
        starts.append(seconds_to_first_step(experiment, calibration) / first)
        print(
            f"{number:3} estimate/truth {ratios[-1]:.2f}, same load {ratios[-1] * drifts[-1]:.2f}, "
            f"of {step * 1e3:7.1f} ms; "
            f"first step {starts[-1]:.2f} of {first:5.1f} s; {architecture.name} width {architecture.width} "
            f"stages {architecture.stages} {architecture.shortcut} {architecture.order} {architecture.block} "
            f"{'BN ' if architecture.batch_norm else ''}stem {architecture.stem_stride} batch {recipe.batch_size}",
            flush=True,
        )
    corrected = [ratio * drift for ratio, drift in zip(ratios, drifts, strict=True)]
    for name, figures in (("step", ratios), ("step, same load", corrected), ("time to the first step", starts)):
        print(f"{name}: within {GOOD} are {share(figures)}, median ratio {statistics.median(figures):.2f}")


if __name__ == "__main__":
    main()
