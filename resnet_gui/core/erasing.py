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
    if not strokes:
        return None
    # All strokes at once: an eraser that goes through a scribble leaves hundreds of short ones.
    points = np.concatenate([stroke[:, :2] for stroke in strokes]).astype(np.float64)
    lasts = np.cumsum([len(stroke) for stroke in strokes]) - 1
    following = np.r_[points[1:], points[-1:]]
    following[lasts] = points[lasts]  # no line leads from stroke to stroke; a dot is a line to itself
    enter, leave = _under(points, following, *_ends(path), radius)
    hits = np.flatnonzero(enter <= leave)
    if not len(hits):
        return None
    firsts = np.r_[0, lasts[:-1] + 1]
    owners = np.searchsorted(lasts, hits)
    left: list[Stroke] = []
    done = 0
    for owner in np.unique(owners).tolist():
        left.extend(strokes[done:owner])
        mine = hits[owners == owner]
        left.extend(_cut(strokes[owner], mine - firsts[owner], enter[mine], leave[mine]))
        done = owner + 1
    return (*left, *strokes[done:])


def touches(ink: NDArray[np.uint8], path: Line, radius: float) -> bool:
    """Whether an eraser that goes along `path` touches the ink, (side, side) on the whole paper, 255 where it is."""
    rows, columns = np.nonzero(ink > 127)
    places = (np.stack([columns, rows], axis=1) + 0.5) / len(ink)
    start, end = _ends(path)
    along = end - start
    share = np.clip((places - start) @ along / max(float(along @ along), 1e-18), 0.0, 1.0)
    return bool((np.hypot(*(places - start - share[:, None] * along).T) <= radius).any())


def _ends(path: Line) -> tuple[_Values, _Values]:
    start, end = (np.array(point[:2], np.float64) for point in path)
    return start, end


def _cut(stroke: Stroke, hits: NDArray[np.intp], enter: _Values, leave: _Values) -> list[Stroke]:
    """The pieces that are left of `stroke`, whose lines from the points `hits` go under the eraser."""
    points = stroke.astype(np.float64)
    steps = np.r_[points[1:], points[-1:]] - points
    pieces = []
    begin = points[:0]  # the end of the last cut, from where the piece goes on
    first = 0  # the first point after it
    for i, come, go in zip(hits.tolist(), enter.tolist(), leave.tolist(), strict=True):
        if come > 0:
            pieces.append(np.concatenate([begin, points[first : i + 1], [points[i] + come * steps[i]]]))
        begin = points[i : i + 1] + go * steps[i] if go < 1 else points[:0]
        first = i + 1
    pieces.append(np.concatenate([begin, points[first:]]))
    return [_kept(piece) for piece in pieces if len(piece) and np.ptp(piece[:, :2], axis=0).max() > CRUMB]


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
