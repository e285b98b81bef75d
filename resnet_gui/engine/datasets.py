"""The data sets: finding, checking and splitting labelled 28x28 images, and the careful reading of .npz archives."""

import math
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import Cancelled, DatasetError, DatasetUnavailable, NoDrawnDigits
from resnet_gui.core.experiment import DatasetName, Recipe
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.paths import assets_folder, home_folder
from resnet_gui.engine.download import Asked, Report
from resnet_gui.engine.download import download as download_file

SIDE = 28  # pixels
CLASSES = 10
MOST_BYTES = 2**31  # an archive may not unpack to more

DIGITS_FILE = assets_folder() / "digits.npz"
MINE_SHARE = 0.1  # so many drawn digits are trained on for each other image, each several times if need be
MOST_TIMES = 200  # a few digits must not count for a whole data set
DRAWN_AT_ONCE = 200  # drawn digits, some 0.2 s

MNIST_FILE = "mnist.npz"
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"  # as keras.datasets.mnist
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"

# The arrays of an archive: kind and shape of each. A side with a name has the same length wherever the name comes up.
Layout = Mapping[str, tuple[type[np.generic], tuple[int | str, ...]]]

DATASET_LAYOUT: Layout = {
    "x_train": (np.uint8, ("training images", SIDE, SIDE)),
    "y_train": (np.uint8, ("training images",)),
    "x_test": (np.uint8, ("test images", SIDE, SIDE)),
    "y_test": (np.uint8, ("test images",)),
}

SCRIBBLES_LAYOUT: Layout = {"x_scribbles": (np.uint8, ("scribbles", SIDE, SIDE))}  # optional


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images: uint8 (n, 28, 28), 0 for paper and 255 for ink; labels uint8 (n,), 0 to 9.

    `x_scribbles`, uint8 (m, 28, 28), are no digits: a network that is trained on them too learns to be unsure. `x_mine`
    and `y_mine` are what people drew here and labelled. Both are trained on only.
    """

    name: str
    source: str  # for people: what it is and where it came from
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    x_scribbles: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, SIDE, SIDE), np.uint8))
    x_mine: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, SIDE, SIDE), np.uint8))
    y_mine: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of an image."""
        return (SIDE, SIDE, 1)

    @property
    def classes(self) -> int:
        """Number of classes."""
        return CLASSES


@dataclass(frozen=True, eq=False)
class Split:
    """Which training images to train on and which to validate on: indices, int32, without overlap.

    Those of the scribbles, then of the drawn digits, follow on those of the data set; they are trained on only.
    """

    train: NDArray[np.int32]
    validation: NDArray[np.int32]


def split(images: int, recipe: Recipe, scribbles: int = 0, mine: int = 0) -> Split:
    """Shuffle so many training images by the recipe's seed, keep `limit` (0 = all), hold the validation share out.

    The share is rounded to whole images; of the scribbles so large a part is taken as of the images. All
    drawn digits are taken, several times each, until they are MINE_SHARE of the images. What is held out depends on the
    data set and the seed alone, so that a run that trains another one's network on validates on what neither has
    learned. Raises DatasetError if nothing is left to train on.
    """
    order = np.random.default_rng(recipe.seed).permutation(images).astype(np.int32)
    kept = order[: recipe.limit] if recipe.limit else order
    held_out = round(recipe.validation_share * len(kept))
    if held_out == len(kept):
        raise DatasetError(
            f"Of {len(kept)} images {held_out} are held out for validation and none is left to train on: "
            "take more images or a smaller validation share."
        )
    taken = round(scribbles * len(kept) / images)
    times = int(np.clip(MINE_SHARE * len(kept) / max(mine, 1), 1, MOST_TIMES))
    first = images + scribbles
    others = [np.arange(images, images + taken), np.tile(np.arange(first, first + mine), times)]
    train = np.concatenate([kept[held_out:], *others]).astype(np.int32)
    return Split(train=train, validation=kept[:held_out])


def load_dataset(
    name: DatasetName,
    *,
    data_dir: Path | None = None,
    download: bool = True,
    progress: Report | None = None,
    cancelled: Asked | None = None,
) -> Dataset:
    """The data set `name`; MNIST is looked for in `data_dir` (a folder or an .npz file), else wherever it usually is.

    Raises DatasetError, DatasetUnavailable if MNIST is nowhere, and Cancelled during its download.
    """
    if name not in tuple(DatasetName):
        raise DatasetError(f"There is no data set {name!r}; there are {', '.join(DatasetName)}.")
    parts = [PARTS[part](data_dir, download, progress, cancelled) for part in DatasetName(name).parts]
    return parts[0] if len(parts) == 1 else mixed(name, parts)


def mixed(name: str, parts: Sequence[Dataset]) -> Dataset:
    """The training images of all `parts`, with the first one's test images."""
    first, *others = parts
    return Dataset(
        name,
        f"{first.source}, mixed with {' and '.join(part.source for part in others)}",
        np.concatenate([part.x_train for part in parts]),
        np.concatenate([part.y_train for part in parts]),
        first.x_test,
        first.y_test,
        *(np.concatenate([getattr(part, key) for part in parts]) for key in ("x_scribbles", "x_mine", "y_mine")),
    )


def load_digits(data_dir: Path | None, download: bool, progress: Report | None, cancelled: Asked | None) -> Dataset:
    """The digits that the explorer ships; the arguments are MNIST's."""
    return read_dataset(DatasetName.DIGITS, "bundled digits", DIGITS_FILE)


def load_mnist(data_dir: Path | None, download: bool, progress: Report | None, cancelled: Asked | None) -> Dataset:
    """MNIST from the first place that holds it; downloaded into the explorer's home if none does and it may be."""
    path = find_mnist(data_dir)
    if path is None:
        path = _downloads() / MNIST_FILE
        try:
            if not download:
                raise DatasetError("it was not to be downloaded.")
            download_file(MNIST_URL, path, MNIST_SHA256, progress, cancelled)
        except DatasetError as error:
            raise DatasetUnavailable(
                f"MNIST is not on this machine, and {str(error).removesuffix('.')}; choose {MNIST_FILE} with "
                "--data-dir or in the window, or take the bundled digits."
            ) from None
    if progress:
        progress(f"reading {path.name}", None)
    return read_dataset(DatasetName.MNIST, mnist_at(path), path)


def load_mine(data_dir: Path | None, download: bool, progress: Report | None, cancelled: Asked | None) -> Dataset:
    """The digits that people drew here and labelled, as a part of a data set.

    Raises NoDrawnDigits if there are none, Cancelled, and LibraryError if their store cannot be read.
    """
    store = MyDigits()
    samples = store.all()
    if not samples:
        raise NoDrawnDigits("No drawn digits are kept yet: draw one and press its key, 0 to 9, then train on them.")
    pieces = []
    for first in range(0, len(samples), DRAWN_AT_ONCE):
        if cancelled and cancelled():
            raise Cancelled("Stopped.")
        pieces.append(store.pictures(samples[first : first + DRAWN_AT_ONCE]))
    images, labels = np.concatenate(pieces), np.array([sample.label for sample in samples], np.uint8)
    source = f"{len(labels):,} drawn digit{'s' if len(labels) > 1 else ''}"
    nothing, none = images[:0], labels[:0]
    return Dataset("mine", source, nothing, none, nothing, none, x_mine=images, y_mine=labels)


PARTS: dict[str, Callable[[Path | None, bool, Report | None, Asked | None], Dataset]] = {
    "mnist": load_mnist,
    "digits": load_digits,
    "mine": load_mine,
}


def dataset_file(part: str, data_dir: Path | None) -> Path | None:
    """The file that holds MNIST, or the bundled digits, on this machine, if there is one. Raises as find_mnist."""
    return find_mnist(data_dir) if part == "mnist" else DIGITS_FILE


def fingerprint(name: DatasetName, data_dir: Path | None) -> object:
    """What changes whenever the data set `name` does; None if one of its files is not there (yet).

    Raises DatasetError as find_mnist, and LibraryError if the store of drawn digits cannot be read.
    """
    prints: list[object] = [name]
    for part in name.parts:
        if part == "mine":
            prints.append(MyDigits().version())
            continue
        path = dataset_file(part, data_dir)
        try:
            state = os.stat(path) if path else None
        except OSError:
            return None
        if state is None:
            return None
        # Size and time of change alone can be those of the file that this one has replaced.
        prints.append((path, state.st_ino, state.st_ctime_ns, state.st_mtime_ns, state.st_size))
    return tuple(prints)


def find_mnist(data_dir: Path | None) -> Path | None:
    """The file that holds MNIST on this machine, if there is one.

    Raises DatasetError if `data_dir` is given and is neither a file nor a folder with one: who names a place means it.
    """
    if data_dir is not None:
        chosen = Path(os.path.expanduser(data_dir))
        file = chosen if os.path.isfile(chosen) else chosen / MNIST_FILE
        if not os.path.isfile(file):
            raise DatasetError(f"There is no {MNIST_FILE} in {printable(chosen)}; choose a folder that holds one.")
        return file
    keras_home = os.environ.get("KERAS_HOME") or "~/.keras"
    folders = [Path(os.path.expanduser(keras_home), "datasets"), _downloads()]
    if named := os.environ.get("RESNET_GUI_DATA"):
        folders.insert(0, Path(os.path.expanduser(named)))
    files = (folder / MNIST_FILE for folder in folders)
    return next((file for file in files if os.path.isfile(file)), None)


def _downloads() -> Path:
    return home_folder() / "datasets"


def read_dataset(name: str, source: str, path: Path) -> Dataset:
    """The data set in the archive `path`. Raises DatasetError if it is not one."""
    arrays = read_arrays(path, DATASET_LAYOUT, SCRIBBLES_LAYOUT)
    for key in ("y_train", "y_test"):
        require_digits(path, key, arrays[key])
    return Dataset(name, source, **arrays)


def require_digits(path: Path, key: str, labels: NDArray[Any]) -> None:
    """Raises DatasetError unless all of the whole numbers `labels` are from 0 to 9."""
    wrong = labels[(labels < 0) | (labels >= CLASSES)]
    if len(wrong):
        raise DatasetError(f"{printable(path)} has the label {wrong[0]} in {key}; the labels must be 0 to 9.")


def read_arrays(path: Path, layout: Layout = DATASET_LAYOUT, optional: Layout | None = None) -> dict[str, NDArray[Any]]:
    """The arrays of the .npz archive `path`, read only: all of `layout`, and those of `optional` that are there.

    Raises DatasetError for whatever else the file may be: missing, no archive, damaged, of other arrays, empty, huge.
    Nothing is unpickled, and nothing is unpacked before its header and size are found to be right.
    """
    shown = printable(path)
    try:
        if path.is_dir():
            raise DatasetError(f"{shown} is a folder; choose an .npz file.")
        if path.exists() and not path.is_file():  # a pipe, say, would be waited for
            raise DatasetError(f"{shown} is no ordinary file; choose an .npz file.")
        file = path.open("rb")
    except FileNotFoundError:
        raise DatasetError(f"{shown} does not exist; choose an .npz file that does.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise DatasetError(f"{shown} cannot be opened ({why}); choose a file that you may read.") from None
    with file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _unpack(archive, shown, layout, optional or {})
        except DatasetError:
            raise
        except MemoryError:
            raise DatasetError(f"{shown} does not fit into the free memory; close other programs.") from None
        except Exception:  # zipfile, its decompressors and NumPy meet damaged bytes with a dozen kinds of errors
            raise DatasetError(f"{shown} is damaged, cut short or no .npz archive; get the file again.") from None


def _unpack(archive: zipfile.ZipFile, shown: str, layout: Layout, optional: Layout) -> dict[str, NDArray[Any]]:
    entries = {entry.filename: entry for entry in archive.infolist()}
    if sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
        raise DatasetError(f"{shown} would unpack to more than {MOST_BYTES / 2**30:g} GiB; choose a smaller file.")
    arrays: dict[str, NDArray[Any]] = {}
    sizes: dict[str, int] = {}  # of the named sides
    for key, (kind, sides) in {**layout, **optional}.items():
        entry = entries.get(f"{key}.npy")
        if entry is None and key in optional:
            continue
        if entry is None:
            raise DatasetError(f"{shown} has no array {key}; it needs {', '.join(layout)}.")
        if entry.flag_bits & 1:
            raise DatasetError(f"{shown} is encrypted; save it without a password.")
        # The two ways of NumPy, and the only ones that zipfile unpacks in bounded memory.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DatasetError(f"{shown} is packed in an unusual way; save it anew with numpy.savez_compressed.")
        with archive.open(entry) as stream:
            if np.lib.format.read_magic(stream) != (1, 0):
                raise DatasetError(f"{shown} keeps {key} in an unusual .npy version; save it anew with numpy.savez.")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
            wanted = tuple(sizes.get(side, side) if isinstance(side, str) else side for side in sides)
            if 0 in shape:
                raise DatasetError(f"{shown} is empty: {key} has the shape {shape}; choose a file with data in it.")
            if not (np.issubdtype(dtype, kind) and _fits(shape, wanted)):
                need = ", ".join(str(side) for side in wanted)
                raise DatasetError(f"{shown} has {key} as {dtype} {shape}; it must be {kind.__name__} ({need}).")
            sizes |= {side: size for side, size in zip(sides, shape, strict=True) if isinstance(side, str)}
            # The header and the archive may each claim any size, and the data may be of a third.
            size = math.prod(shape) * dtype.itemsize
            if size != entry.file_size - stream.tell():
                raise DatasetError(f"{shown} is damaged: {key} has not the size that it states; get the file again.")
            flat = np.frombuffer(stream.read(size), dtype)  # the last byte read, zipfile compares the checksum
        arrays[key] = np.asarray(flat.reshape(shape, order="F" if fortran else "C"), order="C")
    return arrays


def _fits(shape: tuple[int, ...], wanted: tuple[int | str, ...]) -> bool:
    """Whether `shape` is the wanted one; a side that is only named may have any length."""
    return len(shape) == len(wanted) and all(
        isinstance(want, str) or side == want for side, want in zip(shape, wanted, strict=True)
    )


def mnist_at(path: Path) -> str:
    """Where MNIST came from, in words; short if it lies in the user's own folder."""
    with suppress(RuntimeError, ValueError):  # no home; not in it
        path = Path("~") / path.relative_to(Path.home())
    return f"MNIST, from {printable(path)}"


def printable(path: Path) -> str:
    """`path` for a message: on one line, whatever its name is made of."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
