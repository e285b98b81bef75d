"""What a measurement gives: figures, with the goal that each is to meet."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value. Without a goal it is told for scale only."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None if there is none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        return None

    @property
    def text(self) -> str:
        """The figure as a line of a table."""
        value = f"{self.value:,.0f}" if abs(self.value) >= 1000 else f"{self.value:.3g}"
        goal = ""
        if self.met is not None:
            limit = f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"
            goal = f"goal {limit}: {'met' if self.met else 'MISSED'}"
        return f"{self.name:58} {value:>9} {self.unit:9} {goal}".rstrip()


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the pairs' ratios: what is measured side by side is compared side by side."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))
