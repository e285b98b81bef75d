"""Files of handwritten digits kept as pen strokes: reading, writing, and drawing them as a network sees them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.files import whole_file
from resnet_gui.core.sample import THICKEST, THINNEST, Sample, pressure_of
from resnet_gui.core.strokes import PEN, SIDE, Stroke, to_image
from resnet_gui.engine.datasets import Layout, printable, read_arrays, require_digits

# Stroke k is points[stroke_offsets[k]:stroke_offsets[k + 1]]; sample_offsets cuts the strokes into samples likewise.
LAYOUT: Layout = {
    "points": (np.floating, ("points", 2)),
    "stroke_offsets": (np.integer, ("strokes + 1",)),
    "sample_offsets": (np.integer, ("samples + 1",)),
    "labels": (np.integer, ("samples",)),
}
OPTIONAL: Layout = {
    "points_per_mm": (np.floating, ("samples", 2)),
    "donor": (np.integer, ("samples",)),
    "donor_names": (np.str_, ("donors",)),
    "writer": (np.integer, ("samples",)),
    "writer_names": (np.str_, ("writers",)),
    "pressure": (np.floating, ("points",)),  # the pen's width at a point, as a share of the whole width
    "pen": (np.floating, ("samples",)),  # the whole width, as a share of the box that a digit is scaled into
    "written": (np.floating, ("samples",)),  # seconds since 1970
}
MOST_STROKES = 1_000_000


@dataclass(frozen=True, eq=False)
class StrokeFile:
    """N samples: the strokes of each, labels uint8 (N,), and who collected and who wrote it (empty if not known).

    A stroke is float32 (points, 2), x to the right and y down, in mm where the file states its resolution; or
    (points, 3), if the file states the pressure. `pens` are as wide as the file says, `written` empty if it does not.
    """

    samples: tuple[tuple[Stroke, ...], ...]
    labels: NDArray[np.uint8]
    groups: tuple[str, ...]
    writers: tuple[str, ...]
    pens: tuple[float, ...]
    written: tuple[float, ...]

    def images(self) -> NDArray[np.uint8]:
        """The samples drawn like MNIST: (N, 28, 28)."""
        images = np.zeros((len(self.samples), SIDE, SIDE), np.uint8)
        for index, (strokes, pen) in enumerate(zip(self.samples, self.pens, strict=True)):
            images[index] = to_image(strokes, pen)
        return images

    def digits(self) -> list[Sample]:
        """The samples as My digits takes them in; what has no date was written now."""
        written = self.written or (time.time(),) * len(self.samples)
        parts = zip(self.labels.tolist(), self.samples, self.pens, written, strict=True)
        return [Sample(0, *part) for part in parts]


def read_strokes(path: Path) -> StrokeFile:
    """The stroke file `path`. Raises DatasetError if it is none, or if its numbers do not fit together."""
    arrays = read_arrays(path, LAYOUT, OPTIONAL)
    shown = printable(path)
    points, labels = arrays["points"], arrays["labels"]
    require_digits(path, "labels", labels)
    strokes = _cuts(shown, "stroke_offsets", arrays["stroke_offsets"], len(points))
    samples = _cuts(shown, "sample_offsets", arrays["sample_offsets"], len(strokes) - 1)
    if len(samples) - 1 != len(labels):
        raise DatasetError(f"{shown} has {len(samples) - 1} samples and {len(labels)} labels; each needs its own.")
    if len(strokes) - 1 > MOST_STROKES:
        raise DatasetError(f"{shown} has {len(strokes) - 1:,} strokes; at most {MOST_STROKES:,} work.")
    resolution = arrays.get("points_per_mm")
    if resolution is not None:
        if not ((resolution > 0) & (resolution < np.inf)).all():
            raise DatasetError(
                f"{shown} has points_per_mm that are no positive numbers; leave the key out if it is unknown."
            )
        with np.errstate(all="ignore"):  # whatever overflows is found right below
            points = points / np.repeat(resolution, np.diff(strokes[samples]), axis=0)
    with np.errstate(all="ignore"):
        points = points.astype(np.float32)
    if not np.isfinite(points).all():
        raise DatasetError(f"{shown} has points that are not finite numbers; leave these out.")
    pressure = arrays.get("pressure")
    if pressure is not None:
        if not ((pressure >= 0) & (pressure <= 1)).all():
            raise DatasetError(f"{shown} has pressure that is not from 0 to 1; leave the key out if it is unknown.")
        points = np.column_stack([points, pressure.astype(np.float32)])
    pens = arrays.get("pen", np.full(len(labels), PEN))
    if not ((pens >= THINNEST) & (pens <= THICKEST)).all():
        raise DatasetError(f"{shown} has pens that are not {THINNEST} to {THICKEST} wide; leave the key out.")
    pieces = tuple(points[start:end] for start, end in pairwise(strokes.tolist()))
    return StrokeFile(
        tuple(pieces[start:end] for start, end in pairwise(samples.tolist())),
        labels.astype(np.uint8),
        _names(shown, "donor", arrays),
        _names(shown, "writer", arrays),
        tuple(pens.tolist()),
        tuple(arrays["written"].tolist() if "written" in arrays else ()),
    )


def write_strokes(path: Path, samples: Sequence[Sample]) -> None:
    """Put `samples` into the stroke file `path`. Raises DatasetError if there are none, FileError if the disk refuses.

    Their writers are left out, as nobody asked for their names.
    """
    if not samples:
        raise DatasetError("There are no digits to write; draw one and press its key, 0-9.")
    strokes = [stroke for sample in samples for stroke in sample.strokes]
    arrays = {
        "points": np.concatenate([stroke[:, :2] for stroke in strokes]),
        "stroke_offsets": _offsets([len(stroke) for stroke in strokes]),
        "sample_offsets": _offsets([len(sample.strokes) for sample in samples]),
        "labels": np.array([sample.label for sample in samples], np.uint8),
        "pen": np.array([sample.pen for sample in samples]),
        "written": np.array([sample.written for sample in samples]),
    }
    pressure = pressure_of(strokes)
    if pressure is not None:
        arrays["pressure"] = pressure
    with whole_file(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def _offsets(lengths: Sequence[int]) -> NDArray[np.int32]:
    """Where pieces of these lengths begin, and the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def _cuts(shown: str, key: str, offsets: NDArray[Any], end: int) -> NDArray[np.int64]:
    """`offsets` as int64. Raises DatasetError unless they rise from 0 to `end`."""
    cuts = offsets.astype(np.int64)
    if cuts[0] != 0 or cuts[-1] != end or (cuts[1:] < cuts[:-1]).any():
        raise DatasetError(f"{shown} has {key} that do not rise from 0 to {end}, the number of what they divide.")
    return cuts


def _names(shown: str, key: str, arrays: dict[str, NDArray[Any]]) -> tuple[str, ...]:
    """A name for each sample: from the list of names, else the number itself; nothing if the file has neither."""
    if key not in arrays:
        return ()
    numbers = arrays[key].tolist()
    if f"{key}_names" not in arrays:
        return tuple(str(number) for number in numbers)
    names = arrays[f"{key}_names"]
    if not _is_text(names):
        raise DatasetError(f"{shown} has {key}_names that are not printable text; write them anew.")
    if not all(0 <= number < len(names) for number in numbers):
        raise DatasetError(f"{shown} has {key} numbers that {key}_names does not cover; they count from 0.")
    return tuple(str(names[number]) for number in numbers)


def _is_text(names: NDArray[np.str_]) -> bool:
    """Whether `names` can be shown; NumPy lets any four bytes pass as a character."""
    try:
        names.astype(names.dtype.newbyteorder("<")).tobytes().decode("utf-32-le")
    except UnicodeDecodeError:
        return False
    return all(name.isprintable() for name in names.tolist())
