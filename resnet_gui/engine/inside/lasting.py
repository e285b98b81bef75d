"""Measurements that take seconds: one that newer pictures or weights interrupt goes on where it was."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from resnet_gui.engine.inside.trace import Specimen

KEPT = 12  # measurements


class Measurement(Protocol):
    """Holds a Specimen of its own: a network that trains has other weights before it is done."""

    specimen: Specimen

    @property
    def done(self) -> bool:
        """Whether there is nothing more to measure."""


Measured = TypeVar("Measured", bound=Measurement)
_kept: OrderedDict[Hashable, tuple[bytes, Any]] = OrderedDict()


def lasting(key: Hashable, specimen: Specimen, make: Callable[[Any], Measured]) -> Measured:
    """The measurement of this key, begun or done; a new one if its weights are not these any more and it is done.

    `make` gets the one before, or None. Called by one thread alone.
    """
    mark = hashlib.blake2b(specimen.trained.tobytes() + specimen.averages.tobytes(), digest_size=16).digest()
    before, kept = _kept.get(key, (b"", None))
    if kept is None or (before != mark and kept.done):
        kept = make(kept)
        _kept[key] = (mark, kept)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    measurement: Measured = kept
    return measurement
