"""A digit that somebody drew, as it is kept: what it may hold, and the bytes of its strokes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.strokes import Stroke

CLASSES = 10
MOST_POINTS = 100_000  # of one digit
LATEST = 253_402_200_000  # seconds since 1970: the last day that has a date in every zone
THINNEST, THICKEST = 0.03, 0.5  # pen widths as shares of the box; a thinner pen may miss every pixel

_INT, _FLOAT = np.dtype("<i4"), np.dtype("<f4")


@dataclass(frozen=True, eq=False)
class Sample:
    """A digit that somebody drew, when (seconds since 1970), and with a pen how wide (a share of the digit's box).

    A stroke is float32 (points, 2), or (points, 3) with the pen's width at each point as a share of the whole width.
    """

    id: int
    label: int
    strokes: tuple[Stroke, ...]
    pen: float
    written: float

    @cached_property
    def mark(self) -> bytes:
        """The same for the same strokes, and for no others."""
        return _mark(packed(self.strokes))

    def drawn_as(self, strokes: Sequence[Stroke]) -> bool:
        """Whether these are its strokes."""
        try:
            return checked(replace(self, strokes=tuple(strokes))).mark == self.mark
        except DatasetError:  # no ink, say
            return False


def checked(sample: Sample) -> Sample:
    """`sample` with strokes as they are kept: float32, none empty, a third column only where it is not all 1.

    Raises DatasetError if it cannot be kept.
    """
    _require_sense(sample)
    points = sum(len(stroke) for stroke in sample.strokes)
    if not 1 <= points <= MOST_POINTS:
        raise DatasetError(f"A digit has from 1 to {MOST_POINTS:,} points; got {points:,}.")
    strokes = tuple(_stroke(stroke) for stroke in sample.strokes if len(stroke))
    return Sample(sample.id, int(sample.label), strokes, float(sample.pen), float(sample.written))


def _stroke(stroke: Stroke) -> Stroke:
    if stroke.ndim != 2 or stroke.shape[1] not in (2, 3):
        raise DatasetError(f"A stroke has 2 or 3 numbers for each point; got an array of shape {stroke.shape}.")
    with np.errstate(over="ignore"):  # what becomes infinite is found right below
        stroke = stroke.astype(_FLOAT)
    if not np.isfinite(stroke).all():
        raise DatasetError("The points of a digit must be finite numbers.")
    if stroke.shape[1] == 3:
        if not ((stroke[:, 2] >= 0) & (stroke[:, 2] <= 1)).all():
            raise DatasetError("The pressure at a point must be from 0 to 1.")
        if (stroke[:, 2] == 1).all():
            stroke = stroke[:, :2]
    return stroke


def _require_sense(sample: Sample) -> None:
    """Raises DatasetError unless all but the strokes is as it must be; NaN is not."""
    require_digit(sample.label)
    if not THINNEST <= sample.pen <= THICKEST:
        raise DatasetError(
            f"A pen's width is a share of the digit's box, from {THINNEST} to {THICKEST}; got {sample.pen}."
        )
    if not 0 <= sample.written <= LATEST:
        raise DatasetError(f"When a digit was written is told in seconds since 1970; got {sample.written}.")


def require_digit(label: int) -> None:
    """Raises DatasetError unless `label` is from 0 to 9."""
    if label not in range(CLASSES):
        raise DatasetError(f"A digit's label is from 0 to {CLASSES - 1}; got {label}.")


def pressure_of(strokes: Sequence[Stroke]) -> NDArray[np.float32] | None:
    """The third columns of `strokes`, 1 for those without; None if none of them has one."""
    if all(stroke.shape[1] == 2 for stroke in strokes):
        return None
    widths = [stroke[:, 2] if stroke.shape[1] == 3 else np.ones(len(stroke)) for stroke in strokes]
    return np.concatenate(widths).astype(_FLOAT)


Packed = tuple[bytes, bytes, bytes]  # points of each stroke, x and y of each point, pressure there or nothing


def packed(strokes: Sequence[Stroke]) -> Packed:
    """The bytes of `strokes`."""
    lengths = np.array([len(stroke) for stroke in strokes], _INT)
    points = np.concatenate([stroke[:, :2] for stroke in strokes]).astype(_FLOAT)
    pressure = pressure_of(strokes)
    return lengths.tobytes(), points.tobytes(), b"" if pressure is None else pressure.tobytes()


def _mark(packed: Packed) -> bytes:
    lengths, points, pressure = packed
    # How many points there are tells where the first part ends and the next begins.
    return hashlib.blake2b(lengths + points + pressure, digest_size=16).digest()


def unpacked(digit_id: int, label: int, strokes: Packed, pen: float, written: float) -> Sample:
    """The sample with these bytes as strokes. Raises DatasetError if they make no sense."""
    try:
        lengths = np.frombuffer(strokes[0], _INT)
        points, pressure = (np.frombuffer(part, _FLOAT) for part in strokes[1:])
        places, ends = points.reshape(-1, 2), lengths.cumsum(dtype=np.int64).tolist()
        if not ends or ends[-1] != len(places) or lengths.min() < 1 or not np.isfinite(places).all():
            raise DatasetError("Its strokes do not add up.")
        if len(pressure):
            places = np.hstack([places, pressure[:, None]])
        sample = Sample(digit_id, label, tuple(places[a:b] for a, b in pairwise((0, *ends))), pen, written)
        _require_sense(sample)
        return checked(sample) if len(pressure) else sample  # which is quicker by far
    except (ValueError, TypeError) as error:
        raise DatasetError(f"Its strokes are damaged: {error}.") from None


def a_digit(label: int) -> str:
    """The digit with its article: a 7, an 8."""
    return f"{'an' if label == 8 else 'a'} {label}"
