"""How the commands speak: tables and JSON on stdout, problems on stderr."""

import json
import math
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

import typer

from resnet_gui.core.run import Run
from resnet_gui.core.run_file import record_of


def complain(text: str, status: int) -> int:
    """Say `text` in one line on stderr; returns `status`."""
    print(f"resnet-gui: {' '.join(text.split())}", file=sys.stderr)
    return status


def refuse(text: str) -> NoReturn:
    """End with exit status 2."""
    raise typer.BadParameter(text)


def figures_of(run: Run) -> dict[str, Any]:
    """What is known of `run` but its id."""
    record = record_of(run)
    del record["id"]
    return {"outcome": record.pop("state"), "step": run.step, **record}


def date_of(run: Run) -> str:
    """When `run` began, in this machine's time."""
    return datetime.fromtimestamp(run.started).strftime("%Y-%m-%d %H:%M")


def print_json(values: Mapping[str, Any]) -> None:
    """`values` as one line of JSON on stdout."""
    print(json.dumps(finite(values), allow_nan=False))


def finite(value: Any) -> Any:
    """`value` with null for numbers that JSON has no word for, such as the loss of a diverged run."""
    match value:
        case Mapping():
            return {key: finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [finite(inner) for inner in value]
        case float() if not math.isfinite(value):
            return None
    return value


def print_table(titles: tuple[str, ...], rows: list[tuple[str, ...]], numbers: int = 0) -> None:
    """Columns as wide as their longest cell; the last `numbers` of them hold numbers."""
    table = [titles, *rows] if any(titles) else rows
    widths = [max(len(row[column]) for row in table) for column in range(len(titles))]
    words = len(titles) - numbers
    for row in table:
        cells = [
            cell.ljust(width) if index < words else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
