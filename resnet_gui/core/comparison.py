"""Runs side by side: what the views of a comparison are given, what differs among runs, and which differ by chance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from resnet_gui.core.architecture import SHORTCUT_SETTINGS, Shortcut
from resnet_gui.core.run import Run


@dataclass(frozen=True)
class Entry:
    """A run in a comparison: the name and the colour (an index) that it has in every view."""

    run: Run
    name: str
    color: int


@dataclass(frozen=True)
class Group:
    """Runs that differ only in the seed, and what they are called together, such as `ResNet-20, 3 seeds`."""

    name: str
    entries: tuple[Entry, ...]


SHORTCUT_WORDS: dict[Shortcut, str] = {Shortcut.NONE: "none (plain)", Shortcut.OPTION_A: "option A"}
_COUNTED = {"blocks": "block", "stages": "stage", "epochs": "epoch"}
_WORDS: dict[str, Callable[[Any], str]] = {
    "shortcut": lambda kind: SHORTCUT_WORDS.get(kind, str(kind)),
    "width": "width {}".format,
    "batch_norm": lambda on: "batch norm" if on else "no batch norm",
    "head": "{} head".format,
    "stem_stride": "stem stride {}".format,
    "order": "{} order".format,
    "block": "{} blocks".format,
    "shortcut_scale": "x × {:g}".format,
    "branch_scale": "F(x) × {:g}".format,
    "gate_bias": "gate bias {:g}".format,
    "dropout_rate": lambda rate: f"dropout {100 * rate:g} %",
    "dataset": lambda name: "MNIST" if name == "mnist" else str(name),
    "batch_size": "batch {}".format,
    "learning_rate": "rate {:g}".format,
    "seed": "seed {}".format,
    "validation_share": lambda share: f"{100 * share:g} % for validation",
    "limit": lambda images: f"{images:,} images" if images else "all images",
    "schedule": "{} rate".format,
    "start": lambda run_id: f"from {run_id}" if run_id else "new weights",
    "shift": "shift {:g}".format,
    "rotation": "rotation {:g}°".format,
    "scale": "scale {:g}".format,
    "shear": "slant {:g}".format,
    "elastic": "bending {:g}".format,
    "pen": "pen width {:g}".format,
}


def settings(run: Run) -> dict[str, Any]:
    """All settings of `run` by their names: the architecture's, then the recipe's."""
    parts = (run.experiment.architecture, run.experiment.recipe)
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}


def differing(runs: Iterable[Run]) -> tuple[str, ...]:
    """The names of the settings that are not equal among `runs`, in the order of `settings`."""
    first, *others = [settings(run) for run in runs] or [{}]
    return tuple(name for name, value in first.items() if any(other[name] != value for other in others))


def words(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """These of the settings `values` as people say them, such as `identity, width 32`.

    Settings that the shortcut does not have are left out.
    """
    said = []
    for name in names:
        if values["shortcut"] not in SHORTCUT_SETTINGS.get(name, (values["shortcut"],)):
            continue
        value = values[name]
        if name in _COUNTED:
            said.append(f"{value} {_COUNTED[name]}{'' if value == 1 else 's'}")
        else:
            said.append(_WORDS.get(name, str)(value))
    return ", ".join(said)


def kind_of(run: Run, *ignored: str) -> tuple[object, ...]:
    """What is equal for two runs that differ in nothing but the settings `ignored`."""
    return tuple(value for name, value in settings(run).items() if name not in ignored)


def grouped(entries: Iterable[Entry], *ignored: str) -> tuple[tuple[Entry, ...], ...]:
    """`entries` in groups that differ in nothing but the settings `ignored`, each where its first one stands."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(kind_of(entry.run, *ignored), []).append(entry)
    return tuple(tuple(group) for group in groups.values())


def by_seed(entries: Sequence[Entry]) -> tuple[Group, ...]:
    """`entries` in groups that differ only in the seed, each where its first one stands.

    A run alone keeps its name. Groups have their network's name, the number of seeds, and what tells them from other
    groups of that network's name.
    """
    groups = grouped(entries, "seed")
    return tuple(Group(_name(group, groups), group) for group in groups)


def _name(group: tuple[Entry, ...], groups: tuple[tuple[Entry, ...], ...]) -> str:
    first = group[0]
    if len(group) == 1:
        return first.name
    names = {entry.run.labels.name for entry in group}
    own, network = names.pop() if len(names) == 1 else "", first.run.experiment.architecture.name
    alike = [other[0].run for other in groups if other[0].run.experiment.architecture.name == network]
    several = [] if own else [words(settings(first.run), [name for name in differing(alike) if name != "seed"])]
    seeds = len({entry.run.experiment.recipe.seed for entry in group})
    count = f"{seeds} seeds" if seeds > 1 else f"{len(group)} runs"
    return ", ".join(part for part in (own or network, *several, count) if part)
