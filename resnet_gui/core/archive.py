"""Reading .npz archives that anybody may have made: nothing is unpickled, nor unpacked before its size is known."""

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.errors import ExplorerError, LibraryError

MOST_BYTES = 2**31  # an archive may not unpack to more


class Unfit(ValueError):
    """What is wrong with a file, as the end of a sentence."""


class Archive:
    """The arrays of an open archive, each read only if it is what is expected."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Raises Unfit if the archive would unpack to more than MOST_BYTES."""
        self._archive = archive
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise Unfit(f"it would unpack to more than {MOST_BYTES / 2**30:g} GiB")
        self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}

    @property
    def names(self) -> set[str]:
        """Of all its arrays."""
        return set(self._entries)

    def read(self, name: str, kind: type[np.generic], shape: tuple[int, ...] | None, most: int) -> NDArray[Any]:
        """The array `name`, if it is of this kind and shape (None: any number of values in a row), read only.

        Raises Unfit if it is not, or if it has more than `most` values.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise Unfit(f"it has no array {name}")
        # The two ways of NumPy, and the only ones that zipfile unpacks in bounded memory.
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unfit(f"{name} is packed in an unusual way")
        with self._archive.open(entry) as stream:
            if np.lib.format.read_magic(stream) != (1, 0):
                raise Unfit(f"{name} is in an unusual .npy version")
            found, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
            wanted = np.dtype(kind).newbyteorder("<")
            if dtype != wanted or (len(found) != 1 if shape is None else found != shape):
                need = f"{wanted} in a row" if shape is None else f"{wanted} {shape}"
                raise Unfit(f"{name} is {str(dtype)[:40]} {str(found)[:80]}, not {need}")
            count = math.prod(found)
            if not 0 <= count <= most:
                raise Unfit(f"{name} has {count:,} values; at most {most:,} work")
            # The header and the archive may each claim any size, and the data may be of a third.
            size = count * dtype.itemsize
            if size != entry.file_size - stream.tell():
                raise Unfit(f"{name} has not the size that it states")
            flat = np.frombuffer(stream.read(size), dtype)  # the last byte read, zipfile compares the checksum
        return np.asarray(flat.reshape(found, order="F" if fortran else "C"), order="C")


@contextmanager
def open_archive(path: Path, what: str, remedy: str) -> Iterator[Archive]:
    """The archive `path`, which is to be `what` (such as `run file`). All that is wrong with it is a LibraryError.

    Its sentence ends with `remedy`. Unfit and other ExplorerErrors from within the block say what is wrong.
    """
    shown = str(path) if str(path).isprintable() else ascii(str(path))
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise LibraryError(f"{shown} is no ordinary file; name a {what}.")
        file = path.open("rb")
    except FileNotFoundError:
        raise LibraryError(f"{shown} is missing; name a {what} that there is.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise LibraryError(f"{shown} cannot be read ({why}); name a {what} that can.") from None
    with file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield Archive(archive)
        except (Unfit, ExplorerError) as problem:
            raise LibraryError(f"{shown} is no {what}: {str(problem).rstrip('.')}; {remedy}.") from None
        except MemoryError:
            raise LibraryError(f"{shown} does not fit into the free memory; close other programs.") from None
        except Exception:  # zipfile, its decompressors and NumPy meet damaged bytes with a dozen kinds of errors
            raise LibraryError(f"{shown} is damaged, cut short or no {what}; {remedy}.") from None
