"""A lesion as people type it: which blocks are off, swapped or weaker, counted from 1."""

import re

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion, check_lesion
from resnet_gui.core.value import short


def lesion_of(blueprint: Blueprint, off: str = "", swap: str = "", alpha: str = "") -> Lesion:
    """The lesion of `off`, such as `3,5`, `swap`, such as `2:4,5:6`, and `alpha`, such as `3=0.5,4=0`.

    First blocks change places, in the order given; then the places are switched off or weakened. Raises LesionError for
    other text, blocks that there are not, and what this network does not allow.
    """
    lesion = Lesion.none(len(blueprint.blocks))
    for one, other in _pairs("swap", "2:4", swap, ":"):
        lesion = lesion.swapped(_place(one, blueprint), _place(other, blueprint))
    for part in _parts(off):
        lesion = lesion.with_alpha(_place(part, blueprint), 0.0)
    for block, value in _pairs("alpha", "3=0.5", alpha, "="):
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}", value):
            raise LesionError(f"--alpha needs a number behind the =, such as 3=0.5; got {short(value)}.")
        lesion = lesion.with_alpha(_place(block, blueprint), float(value))
    check_lesion(lesion, blueprint)
    return lesion


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _pairs(option: str, example: str, text: str, between: str) -> list[tuple[str, str]]:
    pairs = []
    for part in _parts(text):
        one, found, other = part.partition(between)
        if not found or between in other:
            raise LesionError(f"--{option} must be like {example}, several with commas; got {short(part)}.")
        pairs.append((one.strip(), other.strip()))
    return pairs


def _place(text: str, blueprint: Blueprint) -> int:
    """The index, from 0, of the block that `text` counts from 1."""
    blocks, name = len(blueprint.blocks), blueprint.architecture.name
    if not blocks:
        raise LesionError(f"{name} has no blocks, so there is nothing to change.")
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= blocks:
        raise LesionError(f"The blocks of {name} are counted from 1 to {blocks}; got {short(text)}.")
    return int(text) - 1
