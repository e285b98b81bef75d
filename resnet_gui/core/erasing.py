"""An eraser that cuts strokes where it passes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.gesture import Line
from resnet_gui.core.strokes import Stroke

CRUMB = 0.005  # share of the paper's side: what a cut leaves of a line is swept away if it is shorter

_Values = NDArray[np.float64]


def erase(strokes: Sequence[Stroke], path: Line, radius: float) -> tuple[Stroke, ...] | None:
    """What is left of `strokes` where a round eraser went along `path`; None if it touched none of them."""
    start, end = (np.array(point[:2], np.float64) for point in path)
    low, high = np.minimum(start, end) - radius, np.maximum(start, end) + radius
    left: list[Stroke] = []
    touched = False
    for stroke in strokes:
        place = stroke[:, :2]
        if (place.max(axis=0) < low).any() or (place.min(axis=0) > high).any():
            left.append(stroke)
            continue
        pieces = _cut(stroke, start, end, radius)
        touched |= pieces is not None
        left.extend([stroke] if pieces is None else pieces)
    return tuple(left) if touched else None


def touches(ink: NDArray[np.uint8], path: Line, radius: float) -> bool:
    """Whether an eraser that goes along `path` touches the ink, (side, side) on the whole paper, 255 where it is."""
    rows, columns = np.nonzero(ink > 127)
    places = (np.stack([columns, rows], axis=1) + 0.5) / len(ink)
    start, end = (np.array(point[:2], np.float64) for point in path)
    return bool((_distance(places, start, end) <= radius).any())


def _distance(places: _Values, start: _Values, end: _Values) -> _Values:
    """From each of `places`, (n, 2), to the line from `start` to `end`."""
    along = end - start
    share = np.clip((places - start) @ along / max(float(along @ along), 1e-18), 0.0, 1.0)
    distance: _Values = np.hypot(*(places - start - share[:, None] * along).T)
    return distance


def _cut(stroke: Stroke, start: _Values, end: _Values, radius: float) -> list[Stroke] | None:
    """The pieces that are left of `stroke`, or None if all of it is."""
    points = stroke.astype(np.float64)
    if len(points) == 1:
        return [] if _distance(points[:, :2], start, end)[0] <= radius else None
    enter, leave = _under(points[:-1, :2], points[1:, :2], start, end, radius)
    hits = np.flatnonzero(enter <= leave)
    if not len(hits):
        return None
    pieces = []
    begin = points[:0]  # the end of the last cut, from where the piece goes on
    first = 0  # the first point after it
    for i in hits.tolist():
        step = points[i + 1] - points[i]
        if enter[i] > 0:
            pieces.append(np.concatenate([begin, points[first : i + 1], [points[i] + enter[i] * step]]))
        begin = points[i : i + 1] + leave[i] * step if leave[i] < 1 else points[:0]
        first = i + 1
    pieces.append(np.concatenate([begin, points[first:]]))
    return [_kept(piece) for piece in pieces if np.ptp(piece[:, :2], axis=0).max() > CRUMB]


def _under(a: _Values, b: _Values, start: _Values, end: _Values, radius: float) -> tuple[_Values, _Values]:
    """Where the lines from `a` to `b`, (n, 2), go under the eraser and come out again, in shares of their length.

    What the eraser sweeps is convex, so each line is under it once, if at all: else the first share is the larger.
    It is a rectangle with a disc at either end.
    """
    step = b - a
    squared = np.maximum((step**2).sum(axis=1), 1e-18)
    enter, leave = np.full(len(a), np.inf), np.full(len(a), -np.inf)
    for centre in (start, end):
        to_centre = centre - a
        middle = (to_centre * step).sum(axis=1) / squared
        half = (radius**2 - (to_centre**2).sum(axis=1)) / squared + middle**2  # squared, negative beside the disc
        reach = np.where(half >= 0, np.sqrt(np.maximum(half, 0)), -np.inf)
        enter, leave = np.minimum(enter, middle - reach), np.maximum(leave, middle + reach)
    length = float(np.hypot(*(end - start)))
    if length > 0:
        along = (end - start) / length
        across = np.array([-along[1], along[0]])
        first, last = np.full(len(a), -np.inf), np.full(len(a), np.inf)
        for axis, low, high in ((along, 0.0, length), (across, -radius, radius)):
            place, speed = (a - start) @ axis, step @ axis
            speed = np.where(np.abs(speed) < 1e-12, 1e-12, speed)
            one, other = (low - place) / speed, (high - place) / speed
            first, last = np.maximum(first, np.minimum(one, other)), np.minimum(last, np.maximum(one, other))
        inside = first <= last
        enter = np.where(inside, np.minimum(enter, first), enter)
        leave = np.where(inside, np.maximum(leave, last), leave)
    outside = (enter > 1) | (leave < 0) | (enter > leave)
    return np.where(outside, 1.0, np.clip(enter, 0, 1)), np.where(outside, 0.0, np.clip(leave, 0, 1))


def _kept(piece: _Values) -> Stroke:
    stroke: Stroke = piece.astype(np.float32)
    stroke.flags.writeable = False
    return stroke
