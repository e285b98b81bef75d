"""One file from the web: continued where it was cut off, checked by its hash, never half-written under its name."""

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from resnet_gui.core.errors import Cancelled, DatasetError

Report = Callable[[str, float | None], None]  # takes what is being done, and how much of it, 0 to 1, if known
Asked = Callable[[], bool]  # whether the user took the request back

BLOCK = 65536  # bytes
RANGE_NOT_SATISFIABLE = 416  # HTTP


def download(
    url: str,
    target: Path,
    sha256: str,
    progress: Report | None = None,
    cancelled: Asked | None = None,
    timeout: float = 10.0,
) -> None:
    """Fetch `url` into `target`; `timeout` in seconds holds for connecting and for each read.

    What arrived stays in `target`.part after a failure or a cancel, and the next call goes on from there.
    Raises Cancelled, and DatasetError if the network, the disk or the file's hash (hexadecimal) is against it.
    """
    part = target.with_name(target.name + ".part")
    host = urlsplit(url).netloc
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(url, part, f"downloading {target.name} from {host}", progress, cancelled, timeout)
        genuine = _has_hash(part, sha256)
        if genuine:
            os.replace(part, target)
        else:
            part.unlink()
    except (OSError, http.client.HTTPException) as error:  # the network's errors and the disk's
        _raise_if(cancelled)
        if target.is_file() and _has_hash(target, sha256):  # somebody else fetched it at the same time
            return
        why = _why(error, timeout)
        raise DatasetError(f"{target.name} could not be downloaded from {host} to {target.parent} ({why}).") from None
    if not genuine:
        raise DatasetError(f"{target.name} from {host} was thrown away, since its SHA-256 is not the expected one.")


def _has_hash(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _fetch(
    url: str, part: Path, message: str, progress: Report | None, cancelled: Asked | None, timeout: float
) -> None:
    """Complete `part`, saying `message` whenever another percent has arrived."""
    _raise_if(cancelled)
    if progress:
        progress(message, None)
    have = part.stat().st_size if part.exists() else 0
    with _open(url, have, timeout) as response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:  # the server begins at the beginning
            have = 0
        total = None if response.length is None else have + response.length
        shown = None
        with part.open("ab" if have else "wb") as file:
            while have != total:
                _raise_if(cancelled)
                block = response.read1(BLOCK)  # what is there: `read` would wait for a full block on a slow line
                if not block:
                    break
                file.write(block)
                have += len(block)
                if progress and total and shown != (share := round(have / total, 2)):
                    progress(message, share)
                    shown = share
    if total is not None and have != total:
        raise http.client.IncompleteRead(b"", total - have)


def _open(url: str, start: int, timeout: float) -> http.client.HTTPResponse:
    """The answer to a request for `url` from byte `start` on, or for all of it where it has no such byte."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if start and error.code == RANGE_NOT_SATISFIABLE:
            return _open(url, 0, timeout)
        raise
    return response


def _raise_if(cancelled: Asked | None) -> None:
    if cancelled and cancelled():
        raise Cancelled("The download was cancelled.")


def _why(error: Exception, timeout: float) -> str:
    """A few words for what went wrong."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {timeout:g} seconds"
    if isinstance(reason, http.client.HTTPException):
        return "the connection was cut"
    return " ".join(str(getattr(reason, "strerror", None) or reason or type(reason).__name__).split())
