"""A checkpoint: all that a run needs to be trained on as if it had never stopped."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

Weights = dict[str, NDArray[Any]]  # variable path, such as stage1_block1_conv1/kernel, to its values


@dataclass(frozen=True)
class Checkpoint:
    """A network after `step` steps, `epochs` validated epochs and `seconds` of training.

    `state` is what the optimiser remembers, by the names of its fields; empty where nothing is left to be trained.
    """

    step: int
    epochs: int
    seconds: float
    precision: str  # the number format that the run was trained in
    weights: Weights
    state: dict[str, NDArray[Any]] = field(default_factory=dict)
    steps_per_epoch: int = 0  # of the data that it was trained on; 0 if that is not known
    data: str = ""  # a digest of that data; empty if it is not known
