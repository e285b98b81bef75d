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
FADE = 0.5  # pixels: from full ink to none over twice as many, across the edge of the pen
FINEST = 0.25  # pixels: closer points are one point
SEGMENTS_AT_ONCE = 256  # bounds the memory of one step to about 1 MB an array

# Shape (points, 2): x to the right, y down, in any unit. In one of shape (points, 3) the third column is the pen's
# width at the point, as a share from 0 to 1 of its whole width.
Stroke = NDArray[np.float32]

_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5
_PIXELS = np.stack([_COLUMNS.ravel(), _ROWS.ravel()], axis=1)  # centres, (784, 2)
_CELLS = 1 << 7 * np.arange(6)  # what makes one number of the FINEST cells of a segment's ends


def as_strokes(strokes: Sequence[ArrayLike]) -> list[Stroke]:
    """`strokes` as float32 arrays of shape (points, 2) or (points, 3), their widths cut to 0 to 1.

    Without empty strokes and points that are not finite.
    """
    clean = []
    for stroke in strokes:
        points = np.asarray(stroke, np.float64)
        points = points.reshape(-1, 3 if points.shape[-1] == 3 else 2)
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            clean.append(np.hstack([points[:, :2], points[:, 2:].clip(0.0, 1.0)]).astype(np.float32))
    return clean


def to_image(strokes: Sequence[ArrayLike], pen: float = PEN) -> NDArray[np.uint8]:
    """The image of `strokes` as a network sees it, shape (28, 28), 0 for paper and 255 for ink.

    Place and size of the drawing do not matter. `pen` is the pen's whole width as a share of the 20-pixel box.
    No ink at all gives an empty image; a single point gives a dot.
    """
    clean = as_strokes(strokes)
    if not clean:
        return np.zeros((SIDE, SIDE), np.uint8)
    segments = _segments(_scaled(clean, pen * BOX))
    coverage = _coverage(segments)
    ink = coverage.sum()
    if ink:  # a dot can be too fine to reach the centre of any pixel
        # Centre of mass of the ink to the centre of the field, without pushing ink over its edge.
        mass = coverage @ _PIXELS / ink
        places, radii = segments[..., :2], segments[..., 2:] - FADE
        low, high = (places - radii).min(axis=(0, 1)), (places + radii).max(axis=(0, 1))
        segments[..., :2] += np.clip(SIDE / 2 - mass, -low, SIDE - high).astype(np.float32)
        coverage = _coverage(segments)
    return np.rint(255 * coverage).astype(np.uint8).reshape(SIDE, SIDE)


def _scaled(strokes: list[Stroke], pen: float) -> list[NDArray[np.float32]]:
    """`strokes` in pixels, (points, 3): x, y and how far the ink of a pen that is `pen` wide reaches from there.

    The longer side of the ink fills the box, which is centred in the field.
    """
    ends = np.cumsum([len(stroke) for stroke in strokes])
    points = np.ones((ends[-1], 3))
    for stroke, end in zip(strokes, ends, strict=True):
        points[end - len(stroke) : end, : stroke.shape[1]] = stroke
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    longer = float((high - low).max())
    scale = (BOX - pen * float(points[:, 2].max())) / longer if longer > 0 else 0.0
    points[:, :2] = (points[:, :2] - (low + high) / 2) * scale + SIDE / 2
    points[:, 2] = points[:, 2] * pen / 2 + FADE
    return np.split(points.astype(np.float32), ends[:-1])


def _segments(strokes: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The distinct line segments of `strokes`, (points, 3), at a resolution of FINEST pixels: (segments, 2 ends, 3)."""
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
    # The wider end first: it counts where the pen was pressed on the spot.
    segments = np.where(segments[:, :1, 2:] < segments[:, 1:, 2:], segments[:, ::-1], segments)
    if len(segments) > SEGMENTS_AT_ONCE:  # a scribble goes over the same ground again and again
        cells = np.rint(segments / FINEST).astype(np.int64).reshape(-1, 6) @ _CELLS
        segments = segments[np.unique(cells, return_index=True)[1]]
    return segments


def _coverage(segments: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share of each pixel that a round pen covers along `segments`: shape (784,), anti-aliased over one pixel.

    Each segment is compared with the pixels of a window around it alone: most are short.
    """
    covered = np.zeros(SIDE * SIDE, np.float32)
    # The long ones together: windows of one step are as large as its largest.
    segments = segments[np.abs(segments[:, 1, :2] - segments[:, 0, :2]).max(axis=1).argsort()]
    for first in range(0, len(segments), SEGMENTS_AT_ONCE):
        start, end = segments[first : first + SEGMENTS_AT_ONCE].transpose(1, 2, 0)[..., None, None]  # (3, n, 1, 1)
        reach = np.maximum(start[2], end[2])
        low = np.ceil(np.minimum(start, end)[:2] - reach - 0.5)  # the first column and row whose centres it may reach
        high = np.ceil(np.maximum(start, end)[:2] + reach - 0.5)
        side = min(int((high - low).max()), SIDE)
        window = np.clip(low, 0, SIDE - side) + np.arange(side, dtype=np.float32)
        column, row = window[0], window[1].transpose(0, 2, 1)  # (n, 1, side) and (n, side, 1)
        along_x, along_y, widening = end - start
        x, y = column + 0.5 - start[0], row + 0.5 - start[1]
        share = np.clip((x * along_x + y * along_y) / np.maximum(along_x**2 + along_y**2, 1e-12), 0.0, 1.0)
        distance = np.sqrt((x - share * along_x) ** 2 + (y - share * along_y) ** 2)
        ink = np.clip(start[2] + share * widening - distance, 0.0, 1.0)
        np.maximum.at(covered, (row * SIDE + column).astype(np.intp).ravel(), ink.ravel())
    return covered
