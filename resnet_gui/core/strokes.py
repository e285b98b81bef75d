"""Pen strokes to a 28x28 image made as MNIST was: the one rasteriser for canvas, stroke files and bundled digits.

MNIST's digits were scaled, keeping their aspect, into a 20x20 box with anti-aliasing and placed so that their centre
of mass is the centre of the 28x28 field (LeCun, Cortes and Burges). An image that is made otherwise is misread,
however good the network.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIDE = 28  # pixels of the image
BOX = 20.0  # pixels of the box that the ink is scaled into
PEN = 0.12  # pen width as a share of the box
FINEST = 0.25  # pixels: closer points are one point
SEGMENTS_AT_ONCE = 256  # bounds the memory of one step to about 1 MB an array

Stroke = NDArray[np.float32]  # shape (points, 2): x to the right, y down, in any unit

_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5
_PIXELS = np.stack([_COLUMNS.ravel(), _ROWS.ravel()], axis=1)  # centres, (784, 2)


def as_strokes(strokes: Sequence[ArrayLike]) -> list[Stroke]:
    """`strokes` as float32 arrays of shape (points, 2), without empty strokes and points that are not finite."""
    clean = []
    for stroke in strokes:
        points = np.asarray(stroke, np.float64).reshape(-1, 2)
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            clean.append(points.astype(np.float32))
    return clean


def to_image(strokes: Sequence[ArrayLike], pen: float = PEN) -> NDArray[np.uint8]:
    """The image of `strokes` as a network sees it, shape (28, 28), 0 for paper and 255 for ink.

    Place and size of the drawing do not matter. `pen` is the pen's width as a share of the 20-pixel box.
    No ink at all gives an empty image; a single point gives a dot.
    """
    clean = as_strokes(strokes)
    if not clean:
        return np.zeros((SIDE, SIDE), np.uint8)
    pen_pixels = pen * BOX
    segments = _segments(_scaled(clean, BOX - pen_pixels))
    coverage = _coverage(segments, pen_pixels / 2)
    # Centre of mass of the ink to the centre of the field, without pushing ink over its edge.
    mass = coverage.ravel() @ _PIXELS / coverage.sum()
    low, high = segments.min(axis=(0, 1)) - pen_pixels / 2, segments.max(axis=(0, 1)) + pen_pixels / 2
    shift = np.clip(SIDE / 2 - mass, -low, SIDE - high).astype(np.float32)
    return np.rint(255 * _coverage(segments + shift, pen_pixels / 2)).astype(np.uint8)


def _scaled(strokes: list[Stroke], extent: float) -> list[Stroke]:
    """`strokes` with their longer side `extent` pixels long, their box centred in the field."""
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    longer = float((high - low).max())
    scale = extent / longer if longer > 0 else 0.0
    return [((s - (low + high) / 2) * scale + SIDE / 2).astype(np.float32) for s in strokes]


def _segments(strokes: list[Stroke]) -> NDArray[np.float32]:
    """The distinct line segments of `strokes` at a resolution of FINEST pixels, shape (segments, 2 ends, 2)."""
    pieces = []
    for stroke in strokes:
        cells = np.rint(stroke / FINEST).astype(np.int32)
        moved = np.ones(len(stroke), bool)
        moved[1:] = (cells[1:] != cells[:-1]).any(axis=1)
        kept = stroke[moved]
        if len(kept) == 1:
            kept = np.repeat(kept, 2, axis=0)
        pieces.append(np.stack([kept[:-1], kept[1:]], axis=1))
    segments = np.concatenate(pieces)
    if len(segments) > SEGMENTS_AT_ONCE:  # a scribble goes over the same ground again and again
        cells = np.rint(segments / FINEST).astype(np.int32).reshape(-1, 4)
        segments = segments[np.sort(np.unique(cells, axis=0, return_index=True)[1])]
    return segments


def _coverage(segments: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    """Share of each pixel that a round pen covers along `segments`: shape (28, 28), anti-aliased over one pixel."""
    nearest = np.full(SIDE * SIDE, np.inf, np.float32)
    for first in range(0, len(segments), SEGMENTS_AT_ONCE):
        start, end = segments[first : first + SEGMENTS_AT_ONCE].transpose(1, 2, 0)[:, :, None, :]  # (2, 1, segments)
        along = end - start
        squared_length = np.maximum((along**2).sum(axis=0), 1e-12)
        x, y = _PIXELS[:, :1] - start[0], _PIXELS[:, 1:] - start[1]  # (784, segments)
        share = np.clip((x * along[0] + y * along[1]) / squared_length, 0.0, 1.0)
        squared_distance = (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2
        np.minimum(nearest, squared_distance.min(axis=1), out=nearest)
    covered: NDArray[np.float32] = np.clip(radius + 0.5 - np.sqrt(nearest), 0.0, 1.0).astype(np.float32)
    return covered.reshape(SIDE, SIDE)
