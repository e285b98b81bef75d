"""An architecture on paper: its layers with shapes, parameters and multiply-adds, without building it."""

from dataclasses import dataclass

from resnet_gui.core.experiment import Architecture, Head, Shortcut

Shape = tuple[int, int, int]  # height, width, channels


@dataclass(frozen=True)
class LayerPlan:
    """One layer: what it is, what it puts out, and what it costs for one image."""

    name: str
    kind: str
    shape: tuple[int, ...]  # of the output, without the batch
    parameters: int = 0  # trainable
    multiply_adds: int = 0


@dataclass(frozen=True)
class Blueprint:
    """All layers of an architecture in the order of the data's flow."""

    layers: tuple[LayerPlan, ...]
    depth: int  # weighted layers

    @property
    def parameters(self) -> int:
        """Trainable parameters."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of the convolutions and the dense layer for one image, forward."""
        return sum(layer.multiply_adds for layer in self.layers)

    @property
    def activations(self) -> int:
        """Values that one image leaves in all layers together: what training keeps for the way back."""
        total = 0
        for layer in self.layers:
            values = 1
            for side in layer.shape:
                values *= side
            total += values
        return total


def make_blueprint(architecture: Architecture, input_shape: Shape = (28, 28, 1), classes: int = 10) -> Blueprint:
    """The blueprint of `architecture` for images of `input_shape` and that many classes."""
    draft = _Draft(architecture.batch_norm)
    draft.add("image", "input", input_shape)
    shape = draft.conv("stem", input_shape, architecture.width, 3, architecture.stem_stride, relu=True)
    for stage, width in enumerate(architecture.widths, start=1):
        for block in range(1, architecture.blocks + 1):
            stride = 2 if stage > 1 and block == 1 else 1
            shape = draft.block(f"stage{stage}_block{block}", shape, width, stride, architecture.shortcut)
    if architecture.head is Head.FLATTEN:
        features = shape[0] * shape[1] * shape[2]
        draft.add("flatten", "flatten", (features,))
    else:
        features = shape[2]
        draft.add("average_pooling", "global average pooling", (features,))
    draft.add("classes", "dense, softmax", (classes,), (features + 1) * classes, features * classes)
    return Blueprint(tuple(draft.layers), architecture.depth)


class _Draft:
    def __init__(self, batch_norm: bool) -> None:
        self.layers: list[LayerPlan] = []
        self.batch_norm = batch_norm

    def add(self, name: str, kind: str, shape: tuple[int, ...], parameters: int = 0, multiply_adds: int = 0) -> None:
        self.layers.append(LayerPlan(name, kind, shape, parameters, multiply_adds))

    def conv(self, name: str, shape: Shape, filters: int, size: int, stride: int, relu: bool = False) -> Shape:
        height, width, channels = shape
        out = (-(-height // stride), -(-width // stride), filters)  # "same" padding rounds up
        kernel = size * size * channels * filters
        kind = f"conv {size}x{size}" + (f", stride {stride}" if stride > 1 else "")
        if not self.batch_norm:
            self.add(name, kind + (", ReLU" if relu else ""), out, kernel + filters, kernel * out[0] * out[1])
            return out
        self.add(name, kind, out, kernel, kernel * out[0] * out[1])
        self.add(f"{name}_bn", "batch norm", out, 2 * filters)
        if relu:
            self.add(f"{name}_relu", "ReLU", out)
        return out

    def block(self, name: str, shape: Shape, filters: int, stride: int, shortcut: Shortcut) -> Shape:
        plain = shortcut is Shortcut.NONE
        out = self.conv(f"{name}_conv1", shape, filters, 3, stride, relu=True)
        self.conv(f"{name}_conv2", out, filters, 3, 1, relu=plain)
        if plain:
            return out
        if shortcut is Shortcut.PROJECTION or out != shape:
            self.conv(f"{name}_projection", shape, filters, 1, stride)
        self.add(f"{name}_add", "add", out)
        self.add(f"{name}_relu", "ReLU", out)
        return out
