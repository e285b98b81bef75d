"""A block as an equation: its terms from x to what leaves it, each with its formula, in words, and where it is made.

y = h(x) + F(x), and then f(y), after He et al. 2016, "Identity mappings in deep residual networks" (arXiv 1603.05027),
equations 1 and 2.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from resnet_gui.core.blueprint import BlockPlan, Blueprint, Kind, LayerPlan, Role
from resnet_gui.core.inside.signed import number_text


class Term(enum.StrEnum):
    """A place in a block where there are maps; the names are BlockMaps'."""

    X = "x"
    SHORTCUT = "shortcut"
    BRANCH = "branch"
    TOTAL = "total"
    OUTPUT = "output"


@dataclass(frozen=True)
class Part:
    """One term of the equation: the sign before it, its formula, a sentence, and the convolution that makes it.

    `layer` is empty where no convolution does.
    """

    term: Term
    sign: str
    name: str
    words: str
    layer: str


def equation(blueprint: Blueprint, index: int, alpha: float = 1.0) -> tuple[Part, ...]:
    """The terms of the block with that index, from 0, whose branch has the strength `alpha`."""
    block = blueprint.blocks[index]
    last = _last_convolution(block.layers, Role.BRANCH)
    before = blueprint.blocks[index - 1] if index else None
    source = "stem" if before is None else _last_convolution(before.layers, Role.BRANCH)
    x = Part(Term.X, "", "x", "x: what the block gets.", source)
    add = next((layer for layer in block.layers if layer.kind is Kind.ADD), None)
    if add is None:
        return (x, *_plain(block, alpha, last))
    shortcut_name, shortcut_words = _shortcut(block, add)
    branch_name, branch_words = _branch(block)
    parts = [x]
    if shortcut_name != "x":
        layer = _last_convolution(block.part(Role.SHORTCUT), Role.SHORTCUT)
        parts.append(Part(Term.SHORTCUT, "→", shortcut_name, shortcut_words, layer))
    strength = "" if alpha == 1 else f"{number_text(alpha)} · "
    parts.append(Part(Term.BRANCH, f"+ {strength}".strip(), branch_name, branch_words, last))
    after = [layer for layer in block.part(Role.SUM) if layer is not add]
    name = f"{shortcut_name} + {strength}{branch_name}"
    words = f"y = {name}: the sum of shortcut and residual branch."
    if not after:
        words += " Nothing is activated after the addition: it leaves the block as it is."
    parts.append(Part(Term.TOTAL, "=", f"y = {name}", words, last))
    if after:
        name = _applied(after, "y")
        parts.append(Part(Term.OUTPUT, "→", name, f"{name}: what leaves the block, and the next one gets.", last))
    return tuple(parts)


def _plain(block: BlockPlan, alpha: float, last: str) -> Iterable[Part]:
    words = "F(x): what the layers of the block make of x."
    if block.layers[-1].kind is Kind.RELU or block.layers[-1].activation == "relu":
        words += " Its last layer is a ReLU."
    if alpha == 1 or block.changes_shape:
        words += " There is no shortcut, so nothing is added to it: it leaves the block as it is."
        yield Part(Term.BRANCH, "→", "F(x)", words, last)
        return
    yield Part(Term.BRANCH, "→", "F(x)", words, last)
    name = f"{number_text(1 - alpha)} · x + {number_text(alpha)} · F(x)"
    words = f"{name}: what leaves the block, since it is changed. Without a shortcut, x stands in for what F(x) loses."
    yield Part(Term.TOTAL, "→", name, words, last)


def _shortcut(block: BlockPlan, add: LayerPlan) -> tuple[str, str]:
    """The formula of h(x), just `x` if it is that, and a sentence."""
    layers = {layer.name: layer for layer in block.layers}
    name, words = "x", []
    path: list[LayerPlan] = []
    at = layers.get(add.inputs[1])
    while at is not None:
        path.insert(0, at)
        at = layers.get(at.inputs[0])
    for layer in path:
        match layer.kind:
            case Kind.SCALE:
                name = f"{number_text(layer.factor)} {name}"
                words.append(f"times {number_text(layer.factor)}")
            case Kind.MULTIPLY:
                name = f"(1 − g(x)) {name}"
                words.append("times 1 minus the gate g(x)")
            case Kind.CONV:
                name = "W x"
                words.append("through a 1×1 convolution")
            case Kind.PAD:
                words.append("with channels of zeros behind its own")
                name = "h(x)"
            case Kind.SUBSAMPLE:
                words.append("every second pixel")
                name = "h(x)"
            case Kind.BATCH_NORM:
                words.append("batch normalised")
            case Kind.RELU:
                words.append("through a ReLU")
            case Kind.DROPOUT:
                pass  # drops nothing but in training
    if name == "W x" or name.startswith("h("):
        return "h(x)", f"h(x), the shortcut: x, {', '.join(words)}."
    if not words:
        return "x", ""
    return name, f"{name}, the shortcut: x, {', '.join(words)}."


def _branch(block: BlockPlan) -> tuple[str, str]:
    words = "F(x), the residual branch: what the layers of the block make of x"
    last = block.part(Role.BRANCH)[-1]
    if last.kind is Kind.MULTIPLY:
        return "g(x) F(x)", f"{words}, times the gate g(x)."
    if last.kind is Kind.SCALE:
        factor = number_text(last.factor)
        return f"{factor} F(x)", f"{words}, times {factor}."
    if last.kind is Kind.RELU or last.activation == "relu":
        words += "; its last layer is a ReLU, so it can only add"
    return "F(x)", f"{words}."


def _applied(layers: list[LayerPlan], name: str) -> str:
    for layer in layers:
        name = f"{'BN' if layer.kind is Kind.BATCH_NORM else 'ReLU'}({name})"
    return name


def _last_convolution(layers: Iterable[LayerPlan], role: Role) -> str:
    names = [layer.name for layer in layers if layer.kind is Kind.CONV and layer.role is role]
    return names[-1] if names else ""
