"""The paths through a residual network: how many there are of each length, and how much of the gradient they carry.

After Veit, Wilber and Belongie 2016, "Residual networks behave like ensembles of relatively shallow networks" (arXiv
1605.06431), sections 3 and 5. n blocks are 2^n paths: each block is either gone through, by its residual branch, or
passed by, on its shortcut. The length of a path is the number of residual branches on it.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import comb, log

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.question import Question

EFFECTIVE = 0.9  # share of the gradient that the effective paths carry
SEED = 1605  # of the paths that are sampled
EXPLAINED = 3  # blocks of the little picture, as in the paper's figure 1
_SHORTCUT_STEPS = {
    Shortcut.PROJECTION: "a 1x1 convolution in every block",
    Shortcut.CONV_1X1: "a 1x1 convolution in every block",
    Shortcut.CONSTANT_SCALING: "a constant factor",
    Shortcut.EXCLUSIVE_GATING: "a gate, through which gradient flows as well",
    Shortcut.SHORTCUT_ONLY_GATING: "a gate, through which gradient flows as well",
}


@dataclass(frozen=True)
class PathsQuestion(Question):
    """How much gradient do paths of each length carry? Answer: Paths, which grows with `samples` paths a length."""

    of_label = True

    samples: int = 24


@dataclass(frozen=True, eq=False)
class Paths:
    """Of a network of n blocks, for the gradient of the loss on one picture.

    `sums` and `counts`, both (n + 1,), are of the paths of each length that were measured: the sum of the norms of the
    gradient that arrives at the picture, and their number. A plain network has one path, that of length n.
    """

    plain: bool
    label: int
    sums: NDArray[np.float64]
    counts: NDArray[np.int64]

    @property
    def blocks(self) -> int:
        """n."""
        return len(self.counts) - 1

    @property
    def finite(self) -> bool:
        """Whether all norms are numbers."""
        return bool(np.isfinite(self.sums).all())

    @cached_property
    def norms(self) -> NDArray[np.float64]:
        """The mean norm of each length, (n + 1,); between lengths that were measured by interpolating its logarithm."""
        lengths = np.flatnonzero(self.counts)
        if not len(lengths):
            return np.full(len(self.counts), np.nan)
        means = self.sums[lengths] / self.counts[lengths]
        least = np.finfo(np.float64).tiny
        between = np.interp(np.arange(len(self.counts)), lengths, np.log(np.maximum(means, least)))
        norms: NDArray[np.float64] = np.exp(between)
        norms[lengths] = means
        return norms

    @cached_property
    def carried(self) -> NDArray[np.float64]:
        """The share of the gradient that the paths of each length carry, (n + 1,): number times norm, sum 1.

        All 0 if no gradient arrives at all.
        """
        if self.plain:
            alone = np.zeros(len(self.counts))
            alone[-1] = 1
            return alone
        # In logarithms: both are tiny where the network is deep.
        with np.errstate(divide="ignore"):
            logs = log_shares(self.blocks) + np.log(self.norms)
        if not np.isfinite(logs).any():
            return np.zeros(len(self.counts))
        powers = np.exp(logs - logs.max())
        shares: NDArray[np.float64] = powers / powers.sum()
        return shares

    @cached_property
    def effective(self) -> tuple[int, int] | None:
        """The shortest range of lengths, both ends in it, that carries EFFECTIVE of the gradient; None without any."""
        if not self.carried.any():
            return None
        up_to = np.concatenate([[0.0], self.carried.cumsum()])
        last = np.searchsorted(up_to, up_to + EFFECTIVE * (1 - 1e-12))
        widths = last - np.arange(len(up_to))
        reached = last < len(up_to)
        first = int(np.argmin(np.where(reached, widths, len(up_to) + 1)))
        return first, int(last[first]) - 1

    @property
    def words(self) -> str:
        """What was measured, as sentences."""
        n, found = self.blocks, self.effective
        if not self.finite:
            return "The gradient is not a number: the training of this network diverged."
        if not n:
            return "A network without blocks is one path, without any residual branch on it."
        if self.plain:
            return (
                f"A plain network is one single path of length {n}: all of the gradient must come through every block. "
                "Look at a network with shortcuts to see many paths."
            )
        if not self.counts.any():
            return "Measuring…"
        if found is None:
            return "No gradient arrives at the picture: the network is as sure as its numbers can tell."
        low, high = found
        lengths = f"length {low}" if low == high else f"lengths {low} to {high}"
        share, every = share_text(path_share(n, low, high)), count_text(n)
        return (
            f"Paths of {lengths} carry {100 * EFFECTIVE:.0f} % of the gradient: they are {share} of all {every} paths. "
            f"Through all {n} blocks goes a single path."
        )


def length_words(paths: Paths, length: int) -> str:
    """What is known of the paths of one length, as a sentence."""
    share, norm = share_text(path_share(paths.blocks, length, length)), paths.norms[length]
    number = comb(paths.blocks, length)
    words = f"Length {length}: {number:,} path{'s' * (number > 1)}" if number < 10**7 else f"Length {length}"
    words += f", {share} of all"
    if not np.isfinite(norm):
        return f"{words}."
    return f"{words}; each brings {norm:.2g} of gradient, all together {share_text(paths.carried[length])} of it."


def path_share(blocks: int, low: int, high: int) -> Fraction:
    """The share of the 2^n paths whose length is from `low` to `high`, exactly."""
    return Fraction(sum(comb(blocks, length) for length in range(low, high + 1)), 2**blocks)


def log_shares(blocks: int) -> NDArray[np.float64]:
    """The logarithm of the share of the paths of each length, binomial: log(C(n, k) / 2^n), (n + 1,)."""
    # math.log takes integers of any size, and NumPy's does not.
    return np.array([log(comb(blocks, length)) for length in range(blocks + 1)]) - blocks * log(2.0)


def sampled_paths(blocks: int, length: int, samples: int) -> NDArray[np.float32]:
    """Paths of this length, float32 (m, blocks), 1 where a branch is gone through: all if they are at most `samples`.

    Otherwise so many at random, always the same for the same network.
    """
    if comb(blocks, length) <= samples:
        paths = np.zeros((comb(blocks, length), blocks), np.float32)
        for row, chosen in enumerate(combinations(range(blocks), length)):
            paths[row, list(chosen)] = 1
        return paths
    rng = np.random.default_rng((SEED, blocks, length))
    order = rng.random((samples, blocks)).argsort(axis=1)
    return (order < length).astype(np.float32)


def coarse_to_fine(count: int) -> list[int]:
    """0 to count - 1: both ends first, then what is in the middle of gaps, so that a beginning covers everything."""
    found, gaps = list(dict.fromkeys([0, count - 1]))[:count], [(0, count - 1)]
    while gaps:
        low, high = gaps.pop(0)
        if high - low > 1:
            middle = (low + high) // 2
            found.append(middle)
            gaps += [(low, middle), (middle, high)]
    return found


def measured_words(blueprint: Blueprint) -> str:
    """What the shortcuts of these paths are, where they are more than x; empty where they are not."""
    architecture = blueprint.architecture
    words = _SHORTCUT_STEPS.get(architecture.shortcut, "")
    if not words and architecture.shortcut is not Shortcut.NONE and any(b.changes_shape for b in blueprint.blocks):
        words = (
            "a subsampling where the shape changes"
            if architecture.shortcut is Shortcut.OPTION_A
            else "a 1x1 convolution where the shape changes"
        )
    return f"The shortcuts hold {words}; it counts as part of the shortcut, not of the length." if words else ""


def explained_paths() -> tuple[tuple[int, ...], ...]:
    """The paths of EXPLAINED blocks, shortest first: for each block whether its branch is on it."""
    every = [tuple(number >> block & 1 for block in range(EXPLAINED)) for number in range(2**EXPLAINED)]
    return tuple(sorted(every, key=lambda path: (sum(path), path[::-1])))


def share_text(share: Fraction | float) -> str:
    """A share in percent, with as many digits as it needs to be told from 0 and from 100."""
    value = 100 * float(share)
    if value and value < 0.01:
        return f"{value:.1e} %"
    if value < 1:
        return f"{value:.2g} %"
    if 99.95 <= value < 100:
        return "over 99.9 %"
    return f"{value:.0f} %" if value == int(value) else f"{value:.1f} %"


def count_text(blocks: int) -> str:
    """2^n, as people write it."""
    return f"{2**blocks:,}" if blocks <= 30 else f"2^{blocks}"
