"""Files of handwritten digits kept as pen strokes: reading them, and drawing them as a network sees them."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import DatasetError
from resnet_gui.core.strokes import SIDE, Stroke, to_image
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
}


@dataclass(frozen=True, eq=False)
class StrokeFile:
    """N samples: the strokes of each, labels uint8 (N,), and who collected and who wrote it (empty if not known).

    A stroke is float32 (points, 2), x to the right and y down, in mm where the file states its resolution.
    """

    samples: tuple[tuple[Stroke, ...], ...]
    labels: NDArray[np.uint8]
    groups: tuple[str, ...]
    writers: tuple[str, ...]

    def images(self) -> NDArray[np.uint8]:
        """The samples drawn like MNIST: (N, 28, 28)."""
        images = np.zeros((len(self.samples), SIDE, SIDE), np.uint8)
        for index, strokes in enumerate(self.samples):
            images[index] = to_image(strokes)
        return images


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
    pieces = tuple(points[start:end] for start, end in pairwise(strokes.tolist()))
    return StrokeFile(
        tuple(pieces[start:end] for start, end in pairwise(samples.tolist())),
        labels.astype(np.uint8),
        _names(shown, "donor", arrays),
        _names(shown, "writer", arrays),
    )


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
