"""Several networks that read the same drawing: which of them do, why others cannot, and how far they agree."""

from collections.abc import Sequence

from resnet_gui.core.comparison import Entry, grouped
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run, State

BESIDE = 8  # networks that read each new piece of a stroke, beside the one of the drawing panel
NAMED = 2  # networks that disagree are called by their names; more are counted

_NOT_YET = {State.QUEUED: "Waits for its turn", State.PREPARING: "Is being prepared", State.FAILED: "Failed"}


def obstacle(run: Run) -> str:
    """Why the network of `run` cannot read; empty if it can."""
    if run.state is State.DIVERGED:
        return "Diverged in training: cannot read."
    if run.step:
        return ""
    return f"{_NOT_YET.get(run.state, 'Made no training step')}: no network to read with."


def side_by_side(entries: Sequence[Entry], reader: str) -> tuple[Entry, ...]:
    """The run `reader`, if it is among `entries`, and at most BESIDE others; what trains first, then in their order.

    What is being trained is chosen first, then what can read, then one of each kind before a second seed of any.
    """
    seeds = {entry.run.id: place for group in grouped(entries, "seed") for place, entry in enumerate(group)}

    def rank(entry: Entry) -> tuple[bool, bool, bool, int]:
        run = entry.run
        return run.id != reader, not run.state.active, bool(obstacle(run)), seeds[run.id]

    ranked = sorted(entries, key=rank)
    most = BESIDE + any(entry.run.id == reader for entry in entries)
    kept = {entry.run.id for entry in ranked[:most]}
    shown = [entry for entry in entries if entry.run.id in kept]
    return tuple(sorted(shown, key=lambda entry: not entry.run.state.active))


def agreement(readings: Sequence[tuple[str, Reading]]) -> str:
    """A sentence on what several networks, each with its name, read; empty for none."""
    answers: dict[str, list[str]] = {}
    for name, reading in readings:
        answers.setdefault("unsure" if reading.unsure else str(reading.digit), []).append(name)
    ranked = sorted(answers.items(), key=lambda answer: len(answer[1]), reverse=True)
    total = len(readings)
    if len(ranked) == 1 and total > 1:
        everybody = "Both networks" if total == 2 else f"All {total} networks"
        return f"{everybody} {_does(ranked[0][0], total)}."
    named = total - len(ranked[0][1]) <= NAMED if ranked else False
    said = []
    for place, (answer, names) in enumerate(ranked):
        count = len(names)
        if place == 0 and count > 1:
            who = f"{count} of {total} networks"
        else:
            who = " and ".join(names) if named else str(count)
        said.append(f"{who} {_does(answer, count)}")
    return f"{'; '.join(said)}." if said else ""


def _does(answer: str, count: int) -> str:
    if answer == "unsure":
        return "is unsure" if count == 1 else "are unsure"
    return f"{'reads' if count == 1 else 'read'} {answer}"
