"""How strong the gradient was in each block while a network was trained: rows of norms, few enough to be kept."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 1024  # once there are more, every second one is left out: a long run needs no more room than a picture

Norms = NDArray[np.float32]


def _none() -> Norms:
    return np.zeros((0, 0), np.float32)


@dataclass(frozen=True, eq=False)
class Gradients:
    """Row r: L2 norms of the gradient of the loss by each block's weights, first to last, in the 0-based step r stride.

    `norms` is float32 (rows, blocks), NaN for steps that were made before norms were recorded, and infinite where the
    gradient was. Values change by replacement, so that any thread may keep one.
    """

    norms: Norms = field(default_factory=_none)
    stride: int = 1

    @classmethod
    def of(cls, norms: Norms, stride: int, blocks: int, steps: int) -> "Gradients":
        """What was kept of a run of so many `steps` and `blocks`, with its rows behind each other, (any,).

        Raises ValueError if that cannot be.
        """
        rows = min(-(-steps // max(stride, 1)), MOST_ROWS)
        if stride < 1 or blocks < 1 or len(norms) % blocks or len(norms) // blocks > rows:
            raise ValueError(f"{len(norms)} gradient norms of {blocks} blocks for every step {stride} of {steps}")
        if (norms < 0).any():
            raise ValueError("gradient norms below 0")
        return cls(norms.astype(np.float32, copy=False).reshape(-1, blocks), stride)

    def __len__(self) -> int:
        return len(self.norms)

    @property
    def known(self) -> bool:
        """Whether any step was recorded."""
        return bool(np.any(~np.isnan(self.norms)))

    def extended(self, first: int, norms: Norms) -> "Gradients":
        """The same with the `norms` of all steps, (steps, blocks), from the 0-based step `first` on."""
        blocks, end = norms.shape[1], first + len(norms)
        if not norms.size:
            return self
        kept = self
        while -(-end // kept.stride) > MOST_ROWS:
            kept = Gradients(kept.norms[::2], 2 * kept.stride)
        missing = np.full((-(-first // kept.stride) - len(kept), blocks), np.nan, np.float32)
        before = kept.norms.reshape(-1, blocks) if kept.norms.size else missing[:0]
        new = norms[-first % kept.stride :: kept.stride]
        return replace(kept, norms=np.concatenate([before, missing, new]))

    def cut(self, steps: int) -> "Gradients":
        """What was recorded in the first so many steps."""
        return replace(self, norms=self.norms[: -(-steps // self.stride)])
