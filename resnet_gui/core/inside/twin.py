"""Which run is the twin of another one: the same network but for its shortcuts."""

from collections.abc import Iterable

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.run import Run


def twin_of(run: Run, others: Iterable[Run]) -> Run | None:
    """Of a residual run its plain twin among `others`, of a plain one a residual twin; None if there is none.

    One that was trained by the same recipe comes first.
    """
    mine = run.experiment
    twins = []
    for other in others:
        architecture = other.experiment.architecture
        shortcuts = mine.architecture.shortcut, architecture.shortcut
        if shortcuts.count(Shortcut.NONE) == 1 and mine.architecture.plain_twin == architecture.plain_twin:
            twins.append(other)
    return max(twins, key=lambda twin: twin.experiment.recipe == mine.recipe, default=None)
