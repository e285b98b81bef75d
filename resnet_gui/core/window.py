"""The part of a plot that is in view, and how its steps are thinned to what can be told apart there."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from resnet_gui.core.ruler import Ruler

MIN_SPACING = 4  # pixels between two points of a smoothed line
LEAST_PIXELS = 16.0  # that a piece is taken to have, so that it is longer than its spacing
ROOM = 64  # the steps of a view begin and end at multiples of so many spacings
LOG_PIECES = 12  # of a logarithmic axis, each thinned by itself: its left end shows few steps, its right end most


@dataclass(frozen=True)
class Window:
    """The part of an axis that is in view, and the pixels that it is drawn on."""

    low: float
    high: float
    pixels: float


@dataclass(frozen=True)
class Piece:
    """Steps `first` to `last` (0-based, exclusive), drawn `spacing` steps apart, a power of two."""

    first: int
    last: int
    spacing: int


def pieces_of(window: Window, ruler: Ruler, length: int, log: bool) -> list[Piece]:
    """The steps in view, cut where they are to be thinned by different numbers; and some more to both sides.

    Those more are there so that moving the view a little needs no other pieces.
    """
    if not length:
        return []
    count = LOG_PIECES if log else 1
    edges = ruler.steps(window.low + (window.high - window.low) / count * np.arange(count + 1))
    places = ruler.places(edges)
    scale = window.pixels / (window.high - window.low)
    parts = []
    for (begin, end), (left, right) in zip(pairwise(edges), pairwise(places), strict=True):
        pixels = max((right - left) * scale, LEAST_PIXELS)
        # A power of two: a curve that grows a little need not be thinned again.
        spacing = 2 ** max(0, math.ceil(math.log2(MIN_SPACING * max(end - begin, 1.0) / pixels)))
        parts.append((math.ceil(begin / spacing) * spacing, spacing))  # no earlier than where the one before begins
    first, spacing = parts[0]
    parts[0] = (max(0, first - 2 * spacing) // (ROOM * spacing) * ROOM * spacing, spacing)
    end = ROOM * parts[-1][1]
    lasts = [first for first, _ in parts[1:]] + [(math.ceil(edges[-1]) // end + 1) * end]
    pieces = [Piece(first, min(last, length), spacing) for (first, spacing), last in zip(parts, lasts, strict=True)]
    return [piece for piece in pieces if piece.first < piece.last]
