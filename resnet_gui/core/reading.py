"""What a network says of one drawing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.confidence import LEAST_SHARE

HARDLY = 0.01  # likely


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

    @property
    def guesses(self) -> tuple[int, ...]:
        """The two most likely digits, without one that is hardly likely at all."""
        first, second = np.argsort(-self.probabilities, kind="stable")[:2].tolist()
        return (first, second) if self.probabilities[second] >= HARDLY else (first,)

    @property
    def unlike(self) -> bool:
        """Whether it is unsure because the image is unlike those that it learned, whatever digit it is nearest to."""
        return self.unsure and float(self.probabilities.max()) >= LEAST_SHARE

    @property
    def in_words(self) -> str:
        """The answer as a sentence."""
        if not self.unsure:
            return f"Reads {self.digit} with {percent(float(self.probabilities.max()))}"
        if self.unlike:
            return f"Unsure: unlike the digits that it learned, perhaps {' or '.join(map(str, self.guesses))}"
        guesses = (f"{digit} ({percent(float(self.probabilities[digit]))})" for digit in self.guesses)
        return f"Unsure: perhaps {' or '.join(guesses)}"


def percent(share: float) -> str:
    """`share` in whole percent."""
    return f"{100 * share:.0f} %"
