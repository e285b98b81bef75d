"""Lines cut where they leave a rectangle, for pictures in formats that cannot clip."""

import numpy as np
from numpy.typing import NDArray

FAR = 1e6  # heights of the rectangle beyond which a line is as good as upright

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, bottom, right, top; values grow upwards


def clipped(x: Floats, y: Floats, box: Box) -> list[tuple[Floats, Floats]]:
    """The parts inside `box` of the line through the points `x`, `y`, shape (n,) each.

    After Y.-D. Liang and B. A. Barsky, "A new concept and method for line clipping" (1984).
    """
    if len(x) < 2:
        return []
    left, bottom, right, top = box
    x = np.asarray(x, float)
    y = np.clip(y, bottom - FAR * (top - bottom), top + FAR * (top - bottom))  # where a curve diverges digits run out
    dx, dy = np.diff(x), np.diff(y)
    enter, leave, hit = np.zeros(len(dx)), np.ones(len(dx)), np.ones(len(dx), bool)
    for step, room in (
        (-dx, x[:-1] - left),
        (dx, right - x[:-1]),
        (-dy, y[:-1] - bottom),
        (dy, top - y[:-1]),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            at = room / step
        hit &= (step != 0) | (room >= 0)
        enter = np.where(step < 0, np.maximum(enter, at), enter)
        leave = np.where(step > 0, np.minimum(leave, at), leave)
    hit &= enter <= leave
    starts = np.stack([x[:-1] + enter * dx, y[:-1] + enter * dy], axis=1)
    ends = np.stack([x[:-1] + leave * dx, y[:-1] + leave * dy], axis=1)
    parts = []
    inside = np.flatnonzero(hit)
    # A part goes on where one piece ends at a point and the next one begins there.
    breaks = np.flatnonzero((np.diff(inside) > 1) | (leave[inside[:-1]] < 1) | (enter[inside[1:]] > 0)) + 1
    for run in np.split(inside, breaks):
        if len(run):
            points = np.concatenate([starts[run[:1]], ends[run]])
            parts.append((points[:, 0], points[:, 1]))
    return parts
