"""One scale for signed numbers: colour says the sign, strength the magnitude. Zero is always in the middle.

Values become indices of a table of 256 colours here; the table is made of a scheme's colours.
"""

import math

import numpy as np
from numpy.typing import NDArray

GAP = 0  # between pictures
UNKNOWN = 1  # what is not a number
ZERO = 128
STEPS = 126  # of magnitude, on either side of zero
STRONG = 0.68  # share of full strength
EASE = 0.6  # strength = magnitude ** EASE: a few large values must not make all others invisible
SMALLEST = 1e-30  # a limit below it would not fit into float32 when it divides

Floats = NDArray[np.floating]


def largest(values: Floats) -> float:
    """The largest magnitude among `values` that is finite; 0 if there is none."""
    most = float(np.abs(values).max(initial=0.0))
    if math.isfinite(most):
        return most
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0))


def indices(values: Floats, limit: float) -> NDArray[np.uint8]:
    """The colours of `values`, of the same shape: full strength from `limit` on, UNKNOWN for not-a-number."""
    steps = np.clip(values * values.dtype.type(STEPS / max(limit, SMALLEST)), -STEPS, STEPS)
    unknown = np.isnan(steps)
    if unknown.any():
        steps = np.where(unknown, UNKNOWN - ZERO, steps)
    return np.rint(steps + ZERO).astype(np.uint8)


def strong(values: Floats, limit: float) -> NDArray[np.bool_]:
    """Where the colour is so strong that text on it has to be in the colour of zero, bool of the same shape."""
    # Not-a-number is not.
    where: NDArray[np.bool_] = np.abs(values) > limit * STRONG ** (1 / EASE)
    return where


def color_table(negative: str, zero: str, positive: str, gap: str, unknown: str) -> tuple[int, ...]:
    """The 256 colours of `indices` as 0xffrrggbb, of colours as #rrggbb."""
    below, middle, above = _rgb(negative), _rgb(zero), _rgb(positive)
    table = [_packed(middle)] * 256
    for step in range(1, STEPS + 1):
        table[ZERO - step] = _packed(_mixed(middle, below, (step / STEPS) ** EASE))
        table[ZERO + step] = _packed(_mixed(middle, above, (step / STEPS) ** EASE))
    table[GAP], table[UNKNOWN] = _packed(_rgb(gap)), _packed(_rgb(unknown))
    return tuple(table)


def number_text(value: float, digits: int = 3) -> str:
    """A number for the screen, such as `−0.0213`, `12.5` or `3.1e9`."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text.replace("-", "−")


def ends_text(limit: float) -> str:
    """What a scale reaches to, such as `±2.3`."""
    return f"±{number_text(limit)}" if limit else "all 0"


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _packed(rgb: tuple[int, int, int]) -> int:
    red, green, blue = rgb
    return 0xFF000000 | red << 16 | green << 8 | blue
