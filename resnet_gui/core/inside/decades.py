"""A scale of powers of ten: where numbers of very different sizes stand on it, as lengths and as colours."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST, MOST = 2, 12  # decades; what is smaller than the lowest counts as that
TONES = 254  # colours of the scale; behind them follow those of
INFINITE, UNKNOWN = 254, 255
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Decades:
    """From 10^low to 10^high."""

    low: int
    high: int

    def shares(self, values: ArrayLike) -> NDArray[np.float64]:
        """How far along the scale each of these stands, 0 to 1; NaN for what is not finite."""
        numbers = np.asarray(values, np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = (np.log10(numbers) - self.low) / (self.high - self.low)
        clipped: NDArray[np.float64] = np.where(np.isfinite(numbers), np.clip(shares, 0, 1), np.nan)
        return clipped

    def tones(self, values: ArrayLike) -> NDArray[np.uint8]:
        """The colour of each of these, an index: 0 to TONES - 1, INFINITE, or UNKNOWN for NaN."""
        numbers = np.asarray(values, np.float64)
        tones = np.nan_to_num(self.shares(numbers) * (TONES - 1)).round()
        tones[np.isinf(numbers)] = INFINITE
        tones[np.isnan(numbers)] = UNKNOWN
        return tones.astype(np.uint8)

    @property
    def ends(self) -> tuple[str, str]:
        """What stands at both ends."""
        return power(self.low), power(self.high)


def decades(*groups: Iterable[float]) -> Decades:
    """The scale on which all these numbers have room, in whole decades, so that it is steady while they change."""
    numbers = np.concatenate([np.zeros(0), *[np.ravel(np.asarray(group, np.float64)) for group in groups]])
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not len(numbers):
        return Decades(-LEAST, 0)
    high = math.ceil(math.log10(numbers.max()))
    low = math.floor(math.log10(numbers.min()))
    return Decades(min(max(low, high - MOST), high - LEAST), high)


def power(exponent: int) -> str:
    """A power of ten, such as 10⁻³."""
    return f"10{str(exponent).translate(_RAISED)}"


def short_number(value: float) -> str:
    """A number of any size in few characters, such as `0.31` or `2.4 × 10⁻⁷`."""
    if value == 0 or not math.isfinite(value):
        return {0.0: "0"}.get(value, "not finite")
    rounded = float(f"{value:.2e}")  # three digits: 999.7 is 1,000
    exponent = math.floor(math.log10(abs(rounded)))
    if -3 <= exponent < 5:
        return f"{rounded:.3g}" if exponent < 3 else f"{value:,.0f}"
    digits, exponent_text = f"{value:.1e}".split("e")  # 9.97 is 10.0 with two of them
    return f"{digits} × {power(int(exponent_text))}"
