"""Measurements that take seconds: one that newer pictures or weights interrupt goes on where it was."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Protocol, TypeVar

from resnet_gui.engine.inside.trace import Specimen

KEPT = 12  # measurements
UNFINISHED = 2  # of them
ALMOST = 0.99  # the share of what is done, but of earlier weights


class Measurement(Protocol):
    """Holds a Specimen of its own: a network that trains has other weights before it is done."""

    specimen: Specimen

    @property
    def done(self) -> bool:
        """Whether there is nothing more to measure."""

    @property
    def share(self) -> float:
        """How much is done; 1 if all is."""

    def steps(self) -> Iterator[None]:
        """Goes on, a tenth of a second or so at a time."""


Measured = TypeVar("Measured", bound=Measurement)
_kept: OrderedDict[Hashable, tuple[bytes, Any]] = OrderedDict()


def growing(key: Hashable, specimen: Specimen, make: Callable[[Any], Measured]) -> Iterator[tuple[Measured, float]]:
    """The measurement of this key and the share that is done, again and again until it is whole.

    One that was begun on earlier weights is finished first, which is not the end: one of these weights follows. `make`
    gets the one before, or None. Called by one thread alone.
    """
    mark = hashlib.blake2b(specimen.trained.tobytes() + specimen.averages.tobytes(), digest_size=16).digest()
    while True:
        before, kept = _kept.get(key, (b"", None))
        if kept is None or (before != mark and kept.done):
            before, kept = _kept[key] = (mark, make(kept))
        _kept.move_to_end(key)
        _forget_old_ones()
        most = 1.0 if before == mark else ALMOST
        yield kept, min(kept.share, most)
        for _ in kept.steps():
            yield kept, min(kept.share, most)
        if before == mark:
            return


def _forget_old_ones() -> None:
    """Keep few, and of those that are not done, which hold most, the newest alone: of two networks side by side."""
    unfinished = [key for key, (_, measurement) in _kept.items() if not measurement.done]
    for key in [*unfinished[:-UNFINISHED], *list(_kept)[: max(len(_kept) - KEPT, 0)]]:
        _kept.pop(key, None)
