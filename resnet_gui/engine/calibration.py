"""How fast this machine trains: a few steps of small networks through the real training loop, kept in the home folder.

The networks are chosen so that between them each cost of core.estimate has a large share somewhere.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Architecture, Block, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import Cancelled, ExplorerError, FileError
from resnet_gui.core.estimate import Calibration, Floats, amounts, fit_costs, typical_start
from resnet_gui.core.events import Control
from resnet_gui.core.experiment import Optimizer, Precision, Recipe
from resnet_gui.core.files import whole_file
from resnet_gui.core.paths import home_folder
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import TrainingGraph
from resnet_gui.engine.datasets import CLASSES, SIDE, Dataset
from resnet_gui.engine.device import Device, processor_name
from resnet_gui.engine.device_data import to_device
from resnet_gui.engine.loop import Gate, Loop
from resnet_gui.engine.network import Network

VERSION = 3  # of the file, and of what its figures mean
FOLDER = "calibration"
LEARNING_RATE = 1e-6  # the steps are for the clock: the weights should stay where they are
IMAGES = 256
ROUNDS = 4  # of one chunk for each network and batch size
CHUNK_SECONDS = 0.04
MOST_STEPS = 16  # in a chunk
LEAST_START_FACTOR = 0.01  # where the clock shows nothing at all


@dataclass(frozen=True)
class Probe:
    """A network to measure, and the batch sizes to measure it with: one compilation serves them all."""

    architecture: Architecture
    batch_sizes: tuple[int, ...]
    optimizer: Optimizer = Optimizer.ADAM


PROBES = (
    Probe(Architecture(blocks=1, width=64, stages=2, stem_stride=2), (1, 32)),
    Probe(Architecture(blocks=1, width=16, batch_norm=True), (2, 64)),
    Probe(Architecture(blocks=1, width=16, shortcut=Shortcut.DROPOUT), (64,)),
    Probe(Architecture(blocks=1, width=12, shortcut=Shortcut.EXCLUSIVE_GATING, block=Block.BOTTLENECK), (32,)),
    Probe(Architecture(blocks=1, width=24, shortcut=Shortcut.OPTION_A, stem_stride=2, stages=2), (64,), Optimizer.SGD),
)


class _Bench:
    """The compiled probes of one calibration, and what was measured of them."""

    def __init__(self, device: Device, clock: Callable[[], float], cancelled: Callable[[], bool]) -> None:
        self._device, self._clock, self._cancelled = device, clock, cancelled
        self._data = to_device(_noise(), device)
        self._cases: list[tuple[Loop, NDArray[np.int32]]] = []
        self.amounts: list[Floats] = []  # of a step of each case
        self.seconds: list[float] = []  # of its quickest step
        self.starts: list[float] = []  # seconds to the first step against the typical ones

    def compile(self, probe: Probe, precision: Precision) -> None:
        """Make the cases of `probe`, one for each batch size."""
        self._ask()
        blueprint = make_blueprint(probe.architecture)
        recipe = Recipe(batch_size=probe.batch_sizes[0], optimizer=probe.optimizer, learning_rate=LEARNING_RATE)
        began = self._clock()
        network = Network(probe.architecture)
        gate = Gate("calibration", lambda event: None, Control())
        # A graph of its own: one that is kept would take no time to compile, and these are not worth keeping.
        loop = Loop(network, recipe, precision, self._device, gate, TrainingGraph)
        for number, batch_size in enumerate(probe.batch_sizes):
            self._chunk(loop, _rows(1, batch_size))  # optimises the graph, and prepares the kernels for this size
            first = self._clock() - began
            step = self._chunk(loop, _rows(1, batch_size))
            if not number:
                self.starts.append((first - step) / typical_start(probe.architecture))
            steps = int(np.clip(CHUNK_SECONDS / max(step, 1e-6), 1, MOST_STEPS))
            self._cases.append((loop, _rows(steps, batch_size)))
            self.amounts.append(amounts(blueprint, batch_size, probe.optimizer))
            self.seconds.append(max(step, 1e-9))

    def measure(self) -> None:
        """One chunk of each case. All that disturbs makes slower, so the quickest of several rounds counts."""
        for number, (loop, rows) in enumerate(self._cases):
            step = self._chunk(loop, rows) / len(rows)
            self.seconds[number] = min(self.seconds[number], max(step, 1e-9))

    def _chunk(self, loop: Loop, rows: NDArray[np.int32]) -> float:
        self._ask()
        began = self._clock()
        loop.train_on(self._data.train, rows, np.full(len(rows), LEARNING_RATE, np.float32))
        return self._clock() - began

    def _ask(self) -> None:
        if self._cancelled():
            raise Cancelled("The measurement of this machine was cancelled.")


def calibration_for(
    device: Device, precision: Precision, *, cancelled: Callable[[], bool] = lambda: False
) -> Calibration:
    """The kept calibration of this machine, or a new one, which is kept.

    Raises Cancelled, LibraryError if there is no home folder, and what TensorFlow raises.
    """
    kept = load_calibration(device, precision)
    if kept is not None:
        return kept
    calibration = calibrate(device, precision, cancelled=cancelled)
    save_calibration(calibration, calibration_file(device, precision))
    return calibration


def calibrate(
    device: Device,
    precision: Precision,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    probes: Sequence[Probe] = PROBES,
    clock: Callable[[], float] = time.perf_counter,
) -> Calibration:
    """Measure `probes` in a few seconds; `cancelled` is asked before each compilation and each chunk of steps.

    Raises Cancelled once it says so, and what TensorFlow raises.
    """
    precision = device.precision(precision)
    bench = _Bench(device, clock, cancelled)
    with tf.device(device.tf_name):
        for probe in probes:
            bench.compile(probe, precision)
        for _ in range(ROUNDS):
            bench.measure()
    start_factor = max(float(np.median(bench.starts)), LEAST_START_FACTOR)
    return Calibration(machine_name(device), precision, fit_costs(bench.amounts, bench.seconds), start_factor)


def _rows(steps: int, batch_size: int) -> NDArray[np.int32]:
    return np.arange(steps * batch_size, dtype=np.int32).reshape(steps, batch_size) % IMAGES


def _noise() -> Dataset:
    """Images that cost what real ones cost."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (IMAGES, SIDE, SIDE)).astype(np.uint8)
    labels = (np.arange(IMAGES) % CLASSES).astype(np.uint8)
    return Dataset("noise", "made for measuring", images, labels, images, labels)


def machine_name(device: Device) -> str:
    """All that a calibration depends on but the precision, in words."""
    try:
        cores = len(os.sched_getaffinity(0))  # type: ignore[attr-defined,unused-ignore]  # not on macOS and Windows
    except (AttributeError, OSError):
        cores = os.cpu_count() or 1
    # What a GPU's text says beside its name is always the same; a CPU's says nothing about its make.
    hardware = device.text if device.kind == "gpu" else processor_name()
    return f"TensorFlow {tf.__version__}, {device.kind}: {hardware}, {cores} cores"


def calibration_file(device: Device, precision: Precision) -> Path:
    """Where the calibration of this machine is kept. Raises LibraryError if there is no home folder."""
    key = f"{VERSION} {machine_name(device)} {device.precision(precision)}"
    return home_folder() / FOLDER / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def load_calibration(device: Device, precision: Precision) -> Calibration | None:
    """The kept calibration, or None if there is none, or none that can be read and is of this machine and version."""
    try:
        values = json.loads(calibration_file(device, precision).read_text(encoding="utf-8"))
        if not isinstance(values, dict) or values.pop("version", None) != VERSION:
            return None
        calibration = Calibration.from_dict(values)
    except (OSError, ValueError, RecursionError, ExplorerError):
        return None
    expected = (machine_name(device), device.precision(precision))
    return calibration if (calibration.machine, calibration.precision) == expected else None


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Keep `calibration` in `path`, whole or not at all; a folder that cannot be written costs another measurement."""
    with suppress(FileError), whole_file(path) as file:
        file.write(json.dumps({"version": VERSION, **calibration.to_dict()}, indent=1).encode())
