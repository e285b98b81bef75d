"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from resnet_gui.core.errors import FileError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to; it stands under `path` once the block has ended well, and nothing does if it has not.

    Raises FileError if the disk refuses, or if `path` is something else than an ordinary file.
    """
    path = Path(os.path.realpath(path))  # what a link points to is written, not the link
    try:
        if not path.name or (path.exists() and not path.is_file()):  # a device or pipe would be replaced by the file
            raise FileError(f"{path} is no ordinary file; name another one.")
        part = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as file:
                yield file
            os.replace(part, path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    except (OSError, ValueError) as error:  # a ValueError is a name with a NUL in it
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{path} cannot be written ({why}); make room or choose another folder.") from None


def write_file(path: Path, content: bytes) -> None:
    """Put `content` into the file `path`, whole or not at all. Raises FileError if the disk refuses."""
    with whole_file(path) as file:
        file.write(content)


def read_text(path: Path, longest: int) -> str:
    """The text in the file `path`. Raises FileError if it is none, or has more than `longest` bytes."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise FileError(f"{path} is no ordinary file; name another one.")
        with path.open("rb") as file:
            content = file.read(longest + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{path} cannot be read ({why}); choose another file.") from None
    if len(content) > longest:
        raise FileError(f"{path} is too long: at most {longest:,} bytes work.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path} is no text (UTF-8); choose another file.") from None
