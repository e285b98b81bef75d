"""The command: runs the parts that are asked for, and prints a table as they end."""

import json as json_module
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from resnet_gui.bench import child  # noqa: F401 - it is to see the environment before the engine does
from resnet_gui.bench.figure import Figure

# Each a module with `measure(quick)`.
PARTS = (
    "start",
    "training",
    "augmentation",
    "kernels",
    "scaling",
    "memory",
    "window",
    "reading",
    "streaming",
    "table",
    "library",
)
BY_NAME = ("quick", "inside")  # take minutes of their own, and are measured only if they are named


def part(name: str) -> Callable[[bool], list[Figure]]:
    """The measurement `name`, one of PARTS. Each is imported by itself: none is to pay for another's imports."""
    measure: Callable[[bool], list[Figure]] = import_module(f"resnet_gui.bench.{name}").measure
    return measure


def main(names: Sequence[str] = PARTS, json: bool = False, quick: bool = False) -> int:
    """Measure the parts `names`: a table on stderr as it comes, with `json` one object as the last line of stdout."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home, _environment(RESNET_GUI_HOME=home):
        for name in names:
            print(f"\n{name}", file=sys.stderr)
            for figure in part(name)(quick):
                figures[figure.name] = figure.value
                print(f"  {figure.text}", file=sys.stderr, flush=True)
    if json:
        print(json_module.dumps(figures))
    return 0


@contextmanager
def _environment(**more: str) -> Iterator[None]:
    """`more`, and windows that nobody sees, in the environment while the block lasts."""
    before = dict(os.environ)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if os.environ["QT_QPA_PLATFORM"] == "offscreen":
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # of what this platform lacks
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
