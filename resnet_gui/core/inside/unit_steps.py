"""What happens to the sum of a convolution before it is a value of a feature map, step by step with the numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import BATCH_NORM_EPSILON, Blueprint, Kind, LayerPlan, Role
from resnet_gui.core.inside.signed import number_text

DIGITS = 5  # of the numbers in the arithmetic: its parts are to add up for the eye

Arrays = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic: what is done, with which numbers, and what comes out, which may have a name."""

    title: str
    formula: str
    value: float
    name: str = ""


@dataclass(frozen=True, eq=False)
class Values:
    """What a network computes of one picture, for `evaluate`.

    `weights` are named as in core.weights; `outputs` are those of the layers, float32 (height, width, channels);
    `branches` are F(x), and `alphas` the strength, of each block by its name.
    """

    weights: Arrays
    outputs: Arrays
    branches: Arrays
    alphas: Mapping[str, float]


class Steps:
    """The steps behind a convolution, taken one after the other: `done`, the `value` they lead to, and its `name`."""

    def __init__(
        self, blueprint: Blueprint, values: Values, place: tuple[int, int, int], conv: LayerPlan, total: float
    ) -> None:
        """After the convolution `conv`, whose `total` at `place`, row, column and channel, has no bias yet."""
        self._blueprint, self._values, self._place = blueprint, values, place
        self.value, self.name = total, "s"
        self.done: list[Step] = []
        if conv.bias:
            bias = self._weight(conv, "bias")
            self._add("Bias", f"s + b = {_n(self.value)} {plus(bias)}", self.value + bias, "s + b")
        if conv.activation == "relu":
            self._relu()
        if conv.activation == "sigmoid":
            value = 1 / (1 + math.exp(-self.value)) if self.value > -700 else 0.0
            self._add("Sigmoid", f"g(x) = 1 / (1 + exp(−({_n(self.value)})))", value, "g(x)")
        self._name_branch(conv)

    def take(self, plan: LayerPlan, before: LayerPlan) -> None:
        """Take the step of the layer `plan`; `before` is the one that the value comes from."""
        match plan.kind:
            case Kind.BATCH_NORM:
                self._batch_norm(plan)
            case Kind.RELU:
                self._relu()
            case Kind.SCALE:
                value = plan.factor * self.value + plan.offset
                offset = f" {plus(plan.offset)}" if plan.offset else ""
                name = f"{number_text(plan.factor)} · {self.name}"
                self._add("Constant factor", f"{_n(plan.factor)} · {_n(self.value)}{offset}", value, name)
            case Kind.MULTIPLY:
                other = self._at(next(name for name in plan.inputs if name != before.name))
                gate = "(1 − g(x))" if plan.role is Role.SHORTCUT else "g(x)"
                formula = f"{gate} · {self.name} = {_n(other)} · {_n(self.value)}"
                self._add("Gate", formula, other * self.value, f"{gate} · {self.name}")
            case Kind.DROPOUT:
                self._add("Dropout", "drops values in training alone", self.value, self.name)
            case Kind.ADD:
                self._addition(plan, before)
        self._name_branch(plan)

    def end_plain(self, last: LayerPlan) -> None:
        """Take what an alpha does at the end of a plain block."""
        block = next((block for block in self._blueprint.blocks if block.layers[-1].name == last.name), None)
        if block is None or any(layer.kind is Kind.ADD for layer in block.layers) or block.changes_shape:
            return
        alpha = self._values.alphas[block.name]
        if alpha != 1:
            x = self._at(block.layers[0].inputs[0])
            value = (1 - alpha) * x + alpha * self.value
            formula = f"(1 − α) x + α F(x) = {_n(1 - alpha)} · {_n(x)} {plus(alpha)} · {_n(self.value)}"
            self._add("Changed block", formula, value, f"{number_text(1 - alpha)} x + {number_text(alpha)} F(x)")

    def _batch_norm(self, plan: LayerPlan) -> None:
        gamma, beta = self._weight(plan, "gamma"), self._weight(plan, "beta")
        mean, variance = self._weight(plan, "moving_mean"), self._weight(plan, "moving_variance")
        value = gamma * (self.value - mean) / math.sqrt(variance + BATCH_NORM_EPSILON) + beta
        centred = f"({_n(self.value)} {plus(-mean)})"
        deviation = f"√({_n(variance)} + {BATCH_NORM_EPSILON:.5f})"
        formula = f"γ ({self.name} − μ) / √(σ² + ε) + β = {_n(gamma)} · {centred} / {deviation} {plus(beta)}"
        self._add("Batch normalisation", formula, value, f"BN({self.name})")

    def _relu(self) -> None:
        # Not-a-number stays what it is, as in the network.
        value = self.value if math.isnan(self.value) else max(0.0, self.value)
        self._add("ReLU", f"max(0, {self.name}) = max(0, {_n(self.value)})", value, f"ReLU({self.name})")

    def _addition(self, plan: LayerPlan, before: LayerPlan) -> None:
        alpha = self._values.alphas[plan.block]
        branch_name = self.name if before.name == plan.inputs[0] else "F(x)"
        if alpha != 1:
            branch_name = f"{number_text(alpha)} {branch_name}"
        if before.name == plan.inputs[0]:
            if alpha != 1:
                formula = f"α F(x) = {_n(alpha)} · {_n(self.value)}"
                self._add("Changed block", formula, alpha * self.value, branch_name)
            shortcut = self._at(plan.inputs[1])
            name = "x" if _is_x(self._blueprint, plan) else "h(x)"
            formula = f"{branch_name} + {name} = {_n(self.value)} {plus(shortcut)}"
            self._add("Shortcut", formula, self.value + shortcut, f"{name} + {branch_name}")
            return
        row, column, channel = self._place
        branch = alpha * float(self._values.branches[plan.block][row, column, channel])
        formula = f"h(x) + {branch_name} = {_n(self.value)} {plus(branch)}"
        self._add("Residual branch", formula, self.value + branch, f"h(x) + {branch_name}")

    def _name_branch(self, plan: LayerPlan) -> None:
        """What goes into the addition is F(x) or h(x) by name; so is what leaves a plain block."""
        if not plan.block:
            return
        block = next(block for block in self._blueprint.blocks if block.name == plan.block)
        add = next((layer for layer in block.layers if layer.kind is Kind.ADD), None)
        if add is not None and plan.name in add.inputs:
            self.name = "F(x)" if add.inputs[0] == plan.name else "h(x)"
        elif add is None and block.layers[-1] is plan:
            self.name = "F(x)"
        else:
            return
        if self.done:
            self.done[-1] = replace(self.done[-1], name=self.name)

    def _add(self, title: str, formula: str, value: float, name: str) -> None:
        self.value, self.name = value, name
        self.done.append(Step(title, formula, value, name))

    def _weight(self, plan: LayerPlan, kind: str) -> float:
        return float(self._values.weights[f"{plan.name}/{kind}"][self._place[2]])

    def _at(self, layer: str) -> float:
        row, column, channel = self._place
        return float(self._values.outputs[layer][row, column, channel])


@lru_cache(maxsize=32)
def layers_of(blueprint: Blueprint) -> dict[str, LayerPlan]:
    """All layers by their names."""
    return {layer.name: layer for layer in blueprint.layers}


def _is_x(blueprint: Blueprint, add: LayerPlan) -> bool:
    """Whether the shortcut of this addition is the block's input as it is."""
    at = layers_of(blueprint)[add.inputs[1]]
    while at.block == add.block and at.kind is Kind.DROPOUT:
        at = layers_of(blueprint)[at.inputs[0]]
    return at.block != add.block


def _n(value: float) -> str:
    return number_text(value, DIGITS)


def plus(value: float) -> str:
    """A summand with its sign, such as `− 0.3`."""
    return f"− {_n(-value)}" if value < 0 else f"+ {_n(value)}"
