"""How sure a measured accuracy is, and whether two runs, or two groups of seeds, differ at all.

Accuracies are shares from 0 to 1; sentences speak of percentage points. Two-sided throughout, at 95 %.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
LEVEL = 1 - CONFIDENCE  # a smaller p counts as a difference
Z = 1.959963984540054  # the normal distribution's quantile of 1 - LEVEL / 2


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Mean and sample standard deviation (None for a single value) of `count` values."""

    mean: float
    deviation: float | None
    count: int


@dataclass(frozen=True)
class Difference:
    """How much better `names[0]` is than `names[1]`, and whether that can be told from chance."""

    difference: float  # as a share; negative where the second is better
    interval: Interval
    p: float
    needed: float | None  # about the smallest difference that would count; None if none would
    evidence: str  # what was measured, such as `10,000 test images`
    names: tuple[str, str] = ("A", "B")

    @property
    def shown(self) -> bool:
        """Whether the two differ: chance alone would rarely make such a difference."""
        return self.p < LEVEL and not self.interval.low <= 0 <= self.interval.high

    @property
    def sentence(self) -> str:
        """The outcome in one plain sentence."""
        size = 100 * abs(self.difference)
        if not self.shown:
            rest = "so few can show none" if self.needed is None else f"about {_rounded(100 * self.needed)} would count"
            return f"No difference that {self.evidence} could show ({size:.{_places(size)}f} points; {rest})."
        better = self.names[self.difference < 0]
        low, high = sorted((100 * abs(self.interval.low), 100 * abs(self.interval.high)))
        places = _places(size, low)
        return f"{better} is better by {size:.{places}f} points (95 %: {low:.{places}f} to {high:.{places}f})."


def wilson_interval(accuracy: float, images: int) -> Interval:
    """The interval on an accuracy measured on so many images (Wilson 1927: the score interval).

    It stays within 0 and 1, and is not empty even where all images were read. Raises ValueError for an accuracy that
    is no share, and for no images.
    """
    _require(accuracy, images)
    z2 = Z * Z / images
    centre = (accuracy + z2 / 2) / (1 + z2)
    half = Z * math.sqrt(accuracy * (1 - accuracy) / images + z2 / (4 * images)) / (1 + z2)
    return Interval(max(0.0, min(centre - half, accuracy)), min(1.0, max(centre + half, accuracy)))


def spread(values: Sequence[float]) -> Spread:
    """Mean and sample standard deviation of `values`. Raises ValueError if there are none."""
    if not values:
        raise ValueError("A mean needs at least one value; got none.")
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else None, len(values))


def compare_accuracies(first: float, second: float, images: int, names: tuple[str, str] = ("A", "B")) -> Difference:
    """Two accuracies on the same number of test images, of which no more is known: two-proportion z test.

    The interval is Newcombe's of 1998 (method 10: made of both Wilson intervals), which holds near 0 and 1 too.
    Where each image's outcome is known, `compare_answers` sees smaller differences.
    """
    _require(first, images)
    _require(second, images)
    p, interval = _z_test(first, second, images)
    best = max(first, second)
    counts = round(best * images)

    def counted(fewer: int) -> bool:
        worse = max(0.0, best - fewer / images)
        p, interval = _z_test(best, worse, images)
        return p < LEVEL and interval.low > 0

    fewer = _smallest(counted, counts)
    needed = None if fewer is None else fewer / images
    return Difference(first - second, interval, p, needed, _images(images), names)


def compare_answers(
    first: NDArray[np.bool_] | Sequence[bool],
    second: NDArray[np.bool_] | Sequence[bool],
    names: tuple[str, str] = ("A", "B"),
) -> Difference:
    """Which of the same images each of two runs read rightly, shape (images,) each: the exact test of McNemar 1947.

    Only images on which the two disagree say anything; by chance they fall to either side like coins. The interval is
    that of Agresti and Min 2005: Wald's, with half an image more in each of the four cells. Raises ValueError for
    arrays of other shapes.
    """
    a, b = np.asarray(first, bool), np.asarray(second, bool)
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise ValueError(f"Both runs need an answer for each image; got the shapes {a.shape} and {b.shape}.")
    images, only_first, only_second = a.size, int((a & ~b).sum()), int((b & ~a).sum())
    more, fewer, total = only_first + 0.5, only_second + 0.5, images + 2
    centre = (more - fewer) / total
    half = Z * math.sqrt(more + fewer - (more - fewer) ** 2 / total) / total
    disagreements = only_first + only_second
    # Of the same number of disagreements, or of as many as it takes if all fall to one side.
    pairs = disagreements // 2
    apart = _smallest(lambda n: _coin_p(pairs - n, disagreements) < LEVEL, pairs)
    if apart is not None:
        margin: int | None = disagreements - 2 * (pairs - apart)
    else:
        margin = _smallest(lambda n: _coin_p(0, n) < LEVEL, images)
    return Difference(
        (only_first - only_second) / images,
        Interval(max(-1.0, centre - half), min(1.0, centre + half)),
        _coin_p(min(only_first, only_second), disagreements),
        None if margin is None else margin / images,
        _images(images),
        names,
    )


def compare_seeds(first: Sequence[float], second: Sequence[float], names: tuple[str, str] = ("A", "B")) -> Difference:
    """Two groups of runs that differ in the seed, by one figure of each run: the t test of Welch 1947.

    Raises ValueError for fewer than two seeds in a group. Groups without any spread differ if their means do.
    """
    if min(len(first), len(second)) < 2:
        raise ValueError(f"Each group needs at least two seeds; got {len(first)} and {len(second)}.")
    a, b = spread(first), spread(second)
    difference = a.mean - b.mean
    parts = [(group.deviation or 0.0) ** 2 / group.count for group in (a, b)]
    error = math.sqrt(sum(parts))
    evidence = f"{a.count} seeds each" if a.count == b.count else f"{a.count} and {b.count} seeds"
    if error <= 1e-12 * max(abs(a.mean), abs(b.mean)):  # what rounding leaves of equal values
        same = abs(difference) <= 1e-12 * max(abs(a.mean), abs(b.mean))
        difference = 0.0 if same else difference
        return Difference(difference, Interval(difference, difference), float(same), 0.0, evidence, names)
    # Shares first: the squares of very small parts would vanish.
    shares = [part / sum(parts) for part in parts]
    freedom = 1 / sum(share**2 / (group.count - 1) for share, group in zip(shares, (a, b), strict=True))
    needed = t_quantile(freedom) * error
    interval = Interval(difference - needed, difference + needed)
    return Difference(difference, interval, t_p(difference / error, freedom), needed, evidence, names)


def t_p(t: float, freedom: float) -> float:
    """The two-sided p of Student's t with so many degrees of freedom."""
    return beta_share(freedom / (freedom + t * t), freedom / 2, 0.5)


def t_quantile(freedom: float) -> float:
    """The t beyond which 5 % lie, both sides together."""
    low, high = 0.0, 100.0  # 12.7 with one degree of freedom, which is the least that there is
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_p(middle, freedom) > LEVEL else (low, middle)
    return high


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly, the mirrored one does not
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x) - math.log(a)
    )
    # Lentz's method: numerator and denominator of the fraction so far, as ratios to those before.
    upper, lower = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = lower
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower = 1 / _not_zero(1 + term * lower)
            upper = _not_zero(1 + term / upper)
            value *= upper * lower
        if abs(upper * lower - 1) < 1e-15:
            break
    return front * value


def _z_test(first: float, second: float, images: int) -> tuple[float, Interval]:
    """p of the pooled z test, and Newcombe's interval on first - second."""
    pooled, difference = (first + second) / 2, first - second
    error = math.sqrt(2 * pooled * (1 - pooled) / images)
    p = math.erfc(abs(difference) / error / math.sqrt(2)) if error else 1.0
    a, b = wilson_interval(first, images), wilson_interval(second, images)
    low = difference - math.hypot(first - a.low, b.high - second)
    high = difference + math.hypot(a.high - first, second - b.low)
    return p, Interval(low, high)


def _coin_p(least: int, tosses: int) -> float:
    """Two-sided p of coins that fall to the rarer side at most `least` times; exact."""
    chosen = total = 1  # tosses over i, and their sum
    for i in range(least):
        chosen = chosen * (tosses - i) // (i + 1)
        total += chosen
    return min(1.0, float(2 * total / 2**tosses))


def _smallest(counts: Callable[[int], bool], most: int) -> int | None:
    """The smallest whole number from 1 to `most` that counts, given that all beyond it do; None if none does."""
    low, high = 1, most
    if most < 1 or not counts(most):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if counts(middle) else (middle + 1, high)
    return low


def _not_zero(value: float) -> float:
    return value if abs(value) > 1e-300 else 1e-300


def _images(count: int) -> str:
    return f"{count:,} test image{'' if count == 1 else 's'}"


def _rounded(value: float) -> str:
    """Two digits, never as a power of ten."""
    return f"{float(f'{value:.2g}'):g}"


def _places(size: float, low: float = 1.0) -> int:
    """Decimal places for points of this size; enough that an interval's end that is not 0 does not read as 0."""
    places = 1 if size >= 1 else 2
    while 0 < low < 0.5 * 10**-places and places < 4:
        places += 1
    return places


def _require(accuracy: float, images: int) -> None:
    if not 0 <= accuracy <= 1:
        raise ValueError(f"An accuracy is a share from 0 to 1; got {accuracy:g}.")
    if images < 1:
        raise ValueError(f"An accuracy needs at least one test image; got {images}.")
