"""What a network says of one drawing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reading:
    """A network's answer: the image it saw, uint8 (28, 28), and ten probabilities, float32 (10,), that sum to 1."""

    run: str  # id of the run whose network answered
    network: str  # its name, for people
    image: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    unsure: bool = False  # the network does not know, whatever its probabilities are: it may be no digit at all
    step: int | None = None  # training steps, at least, that a network had made by then that is or was being trained

    @property
    def digit(self) -> int:
        """The most likely digit."""
        return int(self.probabilities.argmax())
