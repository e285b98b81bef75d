"""How the reading of one drawing changed from step to step while its network was trained."""

import numpy as np
from numpy.typing import NDArray

MOST = 256  # columns; more would be finer than the screen
TOLD = 3  # digits that a sentence names


class ReadingPath:
    """Readings of one image by the network of run `run`, in the order of their training steps.

    Once there are MOST, every other one is left out, and from then on only readings that are that far apart are kept;
    the newest one always is.
    """

    def __init__(self, run: str, image: NDArray[np.uint8]) -> None:
        self.run = run
        self._image = image
        self._steps: list[int] = []
        self._probabilities: list[NDArray[np.float32]] = []
        self._apart = 0.0  # steps, at least, from one column to the next

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def steps(self) -> NDArray[np.int64]:
        """Training steps made by the time of each reading, int64 (n,), rising."""
        return np.array(self._steps, np.int64)

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Those of the ten digits at each of `steps`, float32 (n, 10)."""
        return np.array(self._probabilities, np.float32).reshape(-1, 10)

    def shows(self, image: NDArray[np.uint8]) -> bool:
        """Whether `image`, uint8 (28, 28), is what was read."""
        return np.array_equal(image, self._image)

    def add(self, step: int, probabilities: NDArray[np.float32]) -> None:
        """Append a reading after `step` steps; what came later is forgotten, for the run went back to a checkpoint."""
        while self._steps and self._steps[-1] >= step:
            self._drop()
        # The last column stands for the present until it is far enough from the one before.
        if len(self) > 1 and self._steps[-1] - self._steps[-2] < self._apart:
            self._drop()
        self._steps.append(step)
        self._probabilities.append(probabilities)
        if len(self) > MOST:
            del self._steps[1:-1:2], self._probabilities[1:-1:2]
            self._apart = 2 * (step - self._steps[0]) / MOST

    def turns(self) -> list[tuple[int, int]]:
        """(step, digit) of the first reading, and of each at which another digit became the most likely one."""
        turns: list[tuple[int, int]] = []
        for step, probabilities in zip(self._steps, self._probabilities, strict=True):
            digit = int(probabilities.argmax())
            if not turns or turns[-1][1] != digit:
                turns.append((step, digit))
        return turns

    def told(self) -> str:
        """What was read when, the newest first: `has read 7 since step 120; before that 1 since step 3`."""
        now, *before = [f"{digit} since step {step:,}" for step, digit in reversed(self.turns())]
        if len(before) >= TOLD:
            before[TOLD - 1 :] = ["other digits"]
        return f"has read {'; before that '.join([now, ', '.join(before)] if before else [now])}"

    def _drop(self) -> None:
        del self._steps[-1], self._probabilities[-1]
