"""What training costs in time: seconds from a blueprint, the batch size and a short calibration of the machine.

The model is a sum: each layer's amounts (multiply-adds, values, layers, weights) times what one of each costs here. The
costs are fitted to a few measured steps; where these do not tell two costs apart, the ratio of a typical machine stays.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import Blueprint, Kind, LayerPlan, make_blueprint
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import DatasetName, Experiment, Optimizer, Precision, Recipe

Floats = NDArray[np.float64]

VECTOR = 16  # channels: the kernels of a CPU are quick where a convolution has a multiple of it on both sides

# Nanoseconds of training (forward, backward, update) for one of each, on a core of 2025: what a fit starts from.
TYPICAL = {
    "step": 4e5,
    "layer": 1.5e4,
    "convolution": 2.3e5,
    "batch norm": 1.9e4,
    "multiply-add 3x3": 0.04,
    "multiply-add 3x3, odd width": 0.051,
    "multiply-add 1x1": 0.035,
    "value of a convolution": 0.38,  # read or written; or of the dense layer
    "value of a batch norm": 3.0,
    "value of a ReLU": 2.1,
    "value of a sum or product": 0.36,
    "value of a sigmoid": 2.0,
    "value of a dropout": 8.6,
    "value of a subsampling or padding": 1.1,
    "weight with Adam": 2.0,
    "weight with SGD": 1.7,
}
COSTS = tuple(TYPICAL)
VALUE_COSTS = {
    Kind.BATCH_NORM: "value of a batch norm",
    Kind.RELU: "value of a ReLU",
    Kind.ADD: "value of a sum or product",
    Kind.MULTIPLY: "value of a sum or product",
    Kind.SCALE: "value of a sum or product",
    Kind.DROPOUT: "value of a dropout",
    Kind.SUBSAMPLE: "value of a subsampling or padding",
    Kind.PAD: "value of a subsampling or padding",
}
ACTIVATION_COSTS = {"relu": "value of a ReLU", "sigmoid": "value of a sigmoid"}
WEIGHT_COSTS = {Optimizer.ADAM: "weight with Adam", Optimizer.SGD: "weight with SGD"}

# Seconds until the first step has ended, for the run and for each layer: TensorFlow traces and optimises.
START = 0.08
START_OF = {Kind.CONV: 0.016, Kind.BATCH_NORM: 0.009, Kind.DROPOUT: 0.009}
START_OF_OTHERS = 0.004

STIFFNESS = 0.08  # of a cost's ratio to the others, against the measurements: about (20 % error / factor 2)^2
EVALUATION_SHARE = 0.3  # of a training step's time, for validating as many images
FIT_ROUNDS = 60

_PARTS = {"mnist": 60_000, "digits": 20_000, "mine": 0}  # training images, as published; drawn digits are few
TRAINING_IMAGES = {name: sum(_PARTS[part] for part in name.parts) for name in DatasetName}
SCRIBBLES = 4_000  # that come with the bundled digits, and are trained on only


@dataclass(frozen=True)
class Calibration:
    """What this machine was measured to need, for one number format. Raises ExplorerError for what is none."""

    machine: str  # all that the figures hold for: TensorFlow's version, processor, cores
    precision: Precision
    costs: tuple[float, ...]  # nanoseconds, in the order of COSTS
    start_factor: float = 1.0  # time to the first step against START and START_OF

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "precision", Precision(self.precision))
            object.__setattr__(self, "costs", tuple(float(cost) for cost in self.costs))
            object.__setattr__(self, "start_factor", float(self.start_factor))
        except (TypeError, ValueError) as error:
            raise ExplorerError(f"That is no calibration: {error}.") from None
        figures = (*self.costs, self.start_factor)
        if not isinstance(self.machine, str) or len(self.costs) != len(COSTS):
            raise ExplorerError(f"A calibration names a machine and {len(COSTS)} costs.")
        if not all(math.isfinite(figure) and figure > 0 for figure in figures):
            raise ExplorerError("The figures of a calibration must be finite and above 0.")

    def to_dict(self) -> dict[str, Any]:
        """Plain strings and numbers, ready for JSON."""
        return {**asdict(self), "precision": str(self.precision), "costs": dict(zip(COSTS, self.costs, strict=True))}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The calibration that `to_dict` wrote. Raises ExplorerError for anything else."""
        known = {"machine", "precision", "costs", "start_factor"}
        if not isinstance(values, Mapping) or set(values) != known:
            raise ExplorerError(f"A calibration is an object with the fields {', '.join(sorted(known))}.")
        costs = values["costs"]
        if not isinstance(costs, Mapping) or set(costs) != set(COSTS):
            raise ExplorerError("The calibration is of another version: its costs are others.")
        return cls(values["machine"], values["precision"], tuple(costs[name] for name in COSTS), values["start_factor"])


def amounts(blueprint: Blueprint, batch_size: int, optimizer: Optimizer) -> Floats:
    """How many of each of COSTS a training step takes: float64 (len(COSTS),)."""
    total = dict.fromkeys(COSTS, 0.0)
    total["step"] = 1.0
    total[WEIGHT_COSTS[optimizer]] = blueprint.parameters
    plans = {layer.name: layer for layer in blueprint.layers}
    for layer in blueprint.layers:
        if layer.kind is Kind.INPUT:
            continue
        values = batch_size * layer.values
        total["layer"] += 1
        total["batch norm"] += layer.kind is Kind.BATCH_NORM
        if layer.kind in VALUE_COSTS:
            total[VALUE_COSTS[layer.kind]] += values
        if layer.activation in ACTIVATION_COSTS:
            total[ACTIVATION_COSTS[layer.activation]] += values
        if layer.kind in (Kind.CONV, Kind.DENSE):
            source = plans[layer.inputs[0]]
            total["value of a convolution"] += values + batch_size * source.values
            if layer.kind is Kind.CONV:  # the dense layer's arithmetic is nothing beside the reading of its input
                total["convolution"] += 1
                total[_multiply_add(layer, source)] += batch_size * layer.multiply_adds
    return np.array([total[name] for name in COSTS])


def _multiply_add(layer: LayerPlan, source: LayerPlan) -> str:
    if layer.size == 1:
        return "multiply-add 1x1"
    odd = layer.shape[-1] % VECTOR or source.shape[-1] % VECTOR
    return "multiply-add 3x3, odd width" if odd else "multiply-add 3x3"


def fit_costs(measured: Sequence[Floats], seconds: Sequence[float]) -> tuple[float, ...]:
    """The costs in nanoseconds that explain the `seconds` of steps of `measured` amounts, in the order of COSTS.

    Least squares of the logarithms (Gauss-Newton), since a factor counts and not a second; the common factor of all
    costs is free, their ratios are held to the typical machine's with STIFFNESS.
    """
    typical = np.array([TYPICAL[name] for name in COSTS])
    parts = np.array(measured, float).reshape(-1, len(COSTS)) * typical * 1e-9
    wanted = np.log(np.array(seconds, float))
    size = len(COSTS)
    common = np.full((size, size), 1 / size)
    hold = STIFFNESS * (np.eye(size) - common) + 1e-6 * common
    factors = np.full(size, np.mean(wanted - np.log(parts.sum(axis=1))))  # logarithms
    for _ in range(FIT_ROUNDS):
        shares = parts * np.exp(factors)
        predicted = shares.sum(axis=1)
        shares /= predicted[:, None]
        downhill = shares.T @ (wanted - np.log(predicted)) - hold @ factors
        factors += np.clip(np.linalg.solve(shares.T @ shares + hold, downhill), -1, 1)
    return tuple(float(cost) for cost in typical * np.exp(factors))


def typical_calibration(precision: Precision = Precision.FLOAT32) -> Calibration:
    """The typical machine's, for a first guess before anything was measured."""
    return Calibration("typical", precision, tuple(TYPICAL.values()))


def seconds_per_step(blueprint: Blueprint, batch_size: int, optimizer: Optimizer, calibration: Calibration) -> float:
    """Seconds of one training step on `batch_size` images."""
    return float(amounts(blueprint, batch_size, optimizer) @ np.array(calibration.costs)) * 1e-9


def seconds_per_epoch(experiment: Experiment, calibration: Calibration, images: int) -> float:
    """Seconds of one epoch with its validation, for a data set with that many training `images`.

    Limit and validation share are the recipe's. Compiling comes on top, see `seconds_to_first_step`.
    """
    recipe, blueprint = experiment.recipe, make_blueprint(experiment.architecture)
    training, validation = _split(recipe, images)

    def step(batch_size: int) -> float:
        return seconds_per_step(blueprint, batch_size, recipe.optimizer, calibration)

    full, rest = divmod(training, recipe.batch_size)
    seconds = full * step(recipe.batch_size) + (step(rest) if rest else 0.0)
    return seconds + EVALUATION_SHARE * step(recipe.batch_size) * validation / recipe.batch_size


def _split(recipe: Recipe, images: int) -> tuple[int, int]:
    """How many images are trained and how many validated on: the rounding of engine.datasets.split."""
    kept = min(recipe.limit, images) if recipe.limit else images
    validation = round(recipe.validation_share * kept)
    scribbles = round(SCRIBBLES * kept / images) if "digits" in recipe.dataset.parts else 0
    return kept - validation + scribbles, validation


def typical_start(architecture: Architecture) -> float:
    """Seconds from the loaded data to the end of the first step on the typical machine, without the step's own time."""
    kinds = [layer.kind for layer in make_blueprint(architecture).layers]
    return START + sum(START_OF.get(kind, START_OF_OTHERS) for kind in kinds)


def seconds_to_first_step(experiment: Experiment, calibration: Calibration) -> float:
    """Seconds from the loaded data to the end of the first step, in which the window says "compiling"."""
    architecture, recipe = experiment.architecture, experiment.recipe
    step = seconds_per_step(make_blueprint(architecture), recipe.batch_size, recipe.optimizer, calibration)
    return calibration.start_factor * typical_start(architecture) + step
