"""What frozen settings have in common: checks and conversions that make bad ones impossible to hold."""

import enum
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

from resnet_gui.core.errors import ExplorerError


def short(value: object) -> str:
    """`value` for a message; foreign text may be of any length."""
    try:
        text = ascii(value) if isinstance(value, str) else repr(value)
    except ValueError:  # an integer of thousands of digits
        return "a very large number"
    return text if len(text) <= 40 else f"{text[:40]}…"


class Value:
    """Base of the frozen dataclasses of settings; their `__post_init__` calls the checks."""

    _error: type[ExplorerError] = ExplorerError

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The value that `values` describes. Raises the value's own error for fields that are unknown."""
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        if not isinstance(values, Mapping):
            raise cls._error(f"{cls.__name__} needs an object with the fields {', '.join(sorted(known))}.")
        unknown = sorted(set(values) - known, key=str)
        if unknown:
            raise cls._error(f"{cls.__name__} has no field {unknown[0]!r}; it has {', '.join(sorted(known))}.")
        return cls(**values)

    def _whole(self, name: str, low: int, high: int, what: str) -> None:
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self._error(f"{what} must be a whole number from {low} to {high}; got {short(value)}.")

    def _one_of(self, name: str, kind: type[enum.StrEnum], what: str) -> None:
        value = getattr(self, name)
        try:
            object.__setattr__(self, name, kind(value))
        except ValueError:
            raise self._error(f"{what} must be one of {', '.join(kind)}; got {short(value)}.") from None

    def _flag(self, name: str, what: str) -> None:
        if not isinstance(getattr(self, name), bool):
            raise self._error(f"{what} must be true or false; got {short(getattr(self, name))}.")

    def _number(self, name: str, low: float, high: float, what: str) -> None:
        value = getattr(self, name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:  # which not-a-number and infinity are neither
            raise self._error(f"{what} must be a number from {low:g} to {high:g}; got {short(value)}.")
        object.__setattr__(self, name, float(value) + 0.0)  # -0.0 becomes 0.0
