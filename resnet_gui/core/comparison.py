"""Runs side by side: what the views of a comparison are given."""

from dataclasses import dataclass

from resnet_gui.core.run import Run


@dataclass(frozen=True)
class Entry:
    """A run in a comparison: the name and the colour (an index) that it has in every view."""

    run: Run
    name: str
    color: int
