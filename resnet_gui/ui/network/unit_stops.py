"""The boxes and nodes that a line through a residual unit meets, in the papers' words."""

from dataclasses import dataclass

from resnet_gui.core.blueprint import Kind, LayerPlan
from resnet_gui.ui.network.plan import layer_text


@dataclass(frozen=True)
class Stop:
    """Something that a line passes through: a box with a text, or without one the node of an operation."""

    kind: Kind
    text: str = ""
    strong: bool = False


def _stops_of_one(layer: LayerPlan) -> tuple[Stop, ...]:
    """The boxes of a layer: its activation is a box of its own, as in the papers."""
    match layer.kind:
        case Kind.CONV:
            text = f"conv {layer.size}×{layer.size}, {layer.shape[-1]}" + (", /2" if layer.stride > 1 else "")
            if layer.activation == "sigmoid":
                return Stop(Kind.CONV, text, True), Stop(
                    Kind.RELU, f"g: sigmoid, b = {layer.bias_start:g}".replace("-", "−")
                )
            stops = (Stop(Kind.CONV, text, True),)
            return (*stops, Stop(Kind.RELU, "ReLU")) if layer.activation == "relu" else stops
        case Kind.BATCH_NORM:
            return (Stop(layer.kind, "BN"),)
        case Kind.SCALE if layer.offset:
            return (Stop(layer.kind, "1 − g"),)
        case Kind.SCALE:
            return (Stop(layer.kind, f"× {layer.factor:g}"),)
        case Kind.MULTIPLY | Kind.ADD:
            return (Stop(layer.kind),)
        case Kind.SUBSAMPLE:
            return (Stop(layer.kind, "every 2nd pixel"),)
        case Kind.PAD:
            return (Stop(layer.kind, f"zero-pad to {layer.shape[-1]}"),)
        case Kind.DENSE:
            return Stop(layer.kind, f"dense, {layer.shape[0]}", True), Stop(Kind.RELU, "softmax")
        case Kind.AVERAGE_POOLING:
            return (Stop(layer.kind, "average pooling"),)
    return (Stop(layer.kind, layer_text(layer)),)


def stops_of(layers: tuple[LayerPlan, ...]) -> list[Stop]:
    """The stops of layers that follow each other."""
    return [stop for layer in layers for stop in _stops_of_one(layer)]
