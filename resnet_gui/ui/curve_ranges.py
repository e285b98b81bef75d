"""Which part of the axes shows all curves, with some room."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from resnet_gui.core.curve_options import CurveOptions, Quantity
from resnet_gui.core.ruler import Ruler
from resnet_gui.core.series import FLOORS, Series

MARGIN = 0.05  # share of a plot's height above and below the curves
LEAST_STEPS = 10  # that an axis shows


def steps_in_view(curves: Iterable[tuple[Ruler, Series]], options: CurveOptions, growing: bool) -> tuple[float, float]:
    """From the first step to the last of the longest curve, and a little further while it grows; as drawn."""
    firsts, lasts = [], []
    for ruler, series in curves:
        steps = ruler.reach(series.steps)
        if steps:
            first, last = ruler.places(np.array([1.0, max(steps, LEAST_STEPS)]))
            firsts.append(float(first))
            lasts.append(float(last))
    if not lasts:
        return (0.0, 1.0) if options.log_x else (0.0, float(LEAST_STEPS))
    last = max(lasts)
    if options.log_x:
        last = math.log10(roomy(10**last)) if growing else last
        return min(firsts), max(last, min(firsts) + 0.5)
    last = roomy(last) if growing else last
    return 0.0, last or 1.0


def values_in_view(series: Sequence[Series], quantity: Quantity, options: CurveOptions) -> tuple[float, float]:
    """From the lowest to the highest value worth seeing; as drawn."""
    extents = [low_high for low_high in (each.extent() for each in series) if math.isfinite(low_high[1])]
    lows, highs = [low for low, _ in extents], [high for _, high in extents]
    if options.logarithmic(quantity):
        floor = math.log10(FLOORS[quantity])
        low = max(min(lows, default=-2.0), floor)
        high = max(max(highs, default=0.5), floor + 1)
        if quantity is Quantity.ERROR:
            high = min(high, 2.0)
        high = max(high, low + 0.5)
    elif quantity is Quantity.LOSS:
        low, high = 0.0, max(highs, default=2.5) or 1.0
    elif quantity is Quantity.ACCURACY:
        low, high = min(95.0, max(min(lows, default=0.0), 0.0)), 100.0
    else:
        low, high = 0.0, max(5.0, min(max(highs, default=100.0), 100.0))
    room = MARGIN * (high - low)
    return low - room, high + room


def roomy(length: float) -> float:
    """`length` rounded up by a few percent, so that the axis moves now and then, not with every step."""
    if length <= 0:
        return 1.0
    unit = 2.0 ** (math.frexp(length)[1] - 5)
    return math.ceil(length / unit) * unit
