"""What can be taken back, and what was taken back and can be brought again."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Undo(Generic[T]):
    """Remembers values that something had, as many as `steps`; it does not hold the present one."""

    def __init__(self, steps: int) -> None:
        self._past: deque[T] = deque(maxlen=steps)
        self._future: list[T] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to bring again."""
        return bool(self._future)

    def remember(self, before: T) -> None:
        """Take in a change from `before`; what was taken back until now is gone."""
        self._past.append(before)
        self._future.clear()

    def undo(self, now: T) -> T:
        """What was before `now`. Raises IndexError if nothing was."""
        before = self._past.pop()
        self._future.append(now)
        return before

    def redo(self, now: T) -> T:
        """What was taken back last and came after `now`. Raises IndexError if nothing did."""
        after = self._future.pop()
        self._past.append(now)
        return after
