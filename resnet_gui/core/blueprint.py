"""An architecture on paper: the graph of its layers with shapes, parameters, multiply-adds and memory, unbuilt.

This is where a network is defined; the engine only makes the operations of each plan. The words are those of He et
al. 2015 (arXiv 1512.03385) and He et al. 2016 (arXiv 1603.05027).
"""

import enum
import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from resnet_gui.core.architecture import EXPANSION, Architecture, Block, Head, Order, Shortcut

Shape = tuple[int, int, int]  # height, width, channels
BATCH_NORM_EPSILON = 1e-5  # is added to the variance
NO_PROJECTION_BN = {Order.FULL_PRE_ACTIVATION}  # its batch normalisation stands before the convolutions


class Kind(enum.StrEnum):
    """What a layer does."""

    INPUT = "input"
    CONV = "conv"
    BATCH_NORM = "batch norm"
    RELU = "ReLU"
    ADD = "add"
    MULTIPLY = "multiply"
    SCALE = "scale"  # factor x + offset
    DROPOUT = "dropout"
    SUBSAMPLE = "subsample"  # every second pixel
    PAD = "zero-pad"  # channels of zeros behind those that there are
    FLATTEN = "flatten"
    AVERAGE_POOLING = "global average pooling"
    DENSE = "dense"


class Role(enum.StrEnum):
    """The part of the network that a layer belongs to."""

    STEM = "stem"
    PRE_ACTIVATION = "pre-activation"  # of a block, before branch and shortcut part
    BRANCH = "branch"  # F(x)
    GATE = "gate"  # g(x)
    SHORTCUT = "shortcut"
    SUM = "sum"  # the addition, and what comes after it
    HEAD = "head"


@dataclass(frozen=True)
class LayerPlan:
    """One layer: what it is, where it stands, what it puts out, and what it costs for one image."""

    name: str
    kind: Kind
    inputs: tuple[str, ...]
    shape: tuple[int, ...]  # of the output, without the batch
    role: Role
    block: str = ""  # the residual block it belongs to, such as `stage1_block2`
    size: int = 1  # pixels along a side of a convolution's kernel
    stride: int = 1
    bias: bool = False
    bias_start: float = 0.0
    activation: str = ""  # what a convolution or dense layer puts its sum through
    factor: float = 1.0  # of a scale, or the rate of a dropout
    offset: float = 0.0
    parameters: int = 0  # trainable
    multiply_adds: int = 0

    @property
    def text(self) -> str:
        """The layer in words, such as `conv 3x3, stride 2, ReLU`."""
        words = [str(self.kind)]
        if self.kind is Kind.CONV:
            words[0] += f" {self.size}x{self.size}"
        if self.stride > 1:
            words.append(f"stride {self.stride}")
        if self.kind is Kind.SCALE:
            words[0] = f"{self.factor:g} x" + (f" + {self.offset:g}" if self.offset else "")
        if self.kind is Kind.DROPOUT:
            words[0] += f" {self.factor:g}"
        if self.activation:
            words.append({"relu": "ReLU"}.get(self.activation, self.activation))
        return ", ".join(words)

    @property
    def values(self) -> int:
        """Values that one image leaves here."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class BlockPlan:
    """One residual block: its layers in the order of the data's flow."""

    name: str
    stage: int
    number: int  # within the stage
    input_shape: Shape
    layers: tuple[LayerPlan, ...]

    @property
    def shape(self) -> Shape:
        """Of the block's output."""
        height, width, channels = self.layers[-1].shape
        return height, width, channels

    @property
    def changes_shape(self) -> bool:
        """Whether the output has another shape than the input."""
        return self.shape != self.input_shape

    @property
    def parameters(self) -> int:
        """Trainable parameters of the block."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of the block for one image, forward."""
        return sum(layer.multiply_adds for layer in self.layers)

    def part(self, role: Role) -> tuple[LayerPlan, ...]:
        """The block's layers with this role."""
        return tuple(layer for layer in self.layers if layer.role is role)


@dataclass(frozen=True)
class Blueprint:
    """All layers of an architecture in the order of the data's flow; each comes after its inputs."""

    architecture: Architecture
    layers: tuple[LayerPlan, ...]

    @property
    def depth(self) -> int:
        """Weighted layers."""
        return self.architecture.depth

    @cached_property
    def parameters(self) -> int:
        """Trainable parameters."""
        return sum(layer.parameters for layer in self.layers)

    @cached_property
    def multiply_adds(self) -> int:
        """Multiply-adds of the convolutions and the dense layer for one image, forward."""
        return sum(layer.multiply_adds for layer in self.layers)

    @cached_property
    def blocks(self) -> tuple[BlockPlan, ...]:
        """The residual blocks, first to last."""
        groups: dict[str, list[LayerPlan]] = {}
        for layer in self.layers:
            if layer.block:
                groups.setdefault(layer.block, []).append(layer)
        shapes = {layer.name: layer.shape for layer in self.layers}
        blocks = []
        for name, layers in groups.items():
            stage, number = (int(part.lstrip("stageblock")) for part in name.split("_"))
            height, width, channels = shapes[layers[0].inputs[0]]
            blocks.append(BlockPlan(name, stage, number, (height, width, channels), tuple(layers)))
        return tuple(blocks)

    def part(self, role: Role) -> tuple[LayerPlan, ...]:
        """The layers outside of the blocks with this role."""
        return tuple(layer for layer in self.layers if layer.role is role and not layer.block)

    def training_bytes(self, batch_size: int) -> int:
        """Memory of a training step in float32: all outputs and their gradients, weights, gradients, two moments."""
        return 4 * (2 * batch_size * sum(layer.values for layer in self.layers) + 4 * self.parameters)


@lru_cache(maxsize=32)
def make_blueprint(architecture: Architecture, input_shape: Shape = (28, 28, 1), classes: int = 10) -> Blueprint:
    """The blueprint of `architecture` for images of `input_shape` and that many classes."""
    draft = Draft(architecture)
    x = draft.add(LayerPlan("image", Kind.INPUT, (), input_shape, Role.STEM))
    x = draft.conv(x, "stem", architecture.width, 3, architecture.stem_stride, relu=True)
    for stage, width in enumerate(architecture.widths, start=1):
        for number in range(1, architecture.blocks + 1):
            stride = 2 if stage > 1 and number == 1 else 1
            first = stage == number == 1
            x = draft.residual_block(x, f"stage{stage}_block{number}", width, stride, activated=first)
    draft.enter(Role.HEAD)
    if architecture.order.pre_activation and architecture.blocks:
        x = draft.activation(x, "final")  # the last block has no next one that would activate its sum
    if architecture.head is Head.FLATTEN:
        x = draft.layer("flatten", Kind.FLATTEN, x, shape=(math.prod(x.shape),))
    else:
        x = draft.layer("average_pooling", Kind.AVERAGE_POOLING, x, shape=x.shape[-1:])
    features = x.shape[0]
    draft.layer(
        "classes",
        Kind.DENSE,
        x,
        shape=(classes,),
        bias=True,
        activation="softmax",
        parameters=(features + 1) * classes,
        multiply_adds=features * classes,
    )
    return Blueprint(architecture, tuple(draft.layers))


class Draft:
    """A blueprint in the making: each method adds layers behind `x` and returns the last of them."""

    def __init__(self, architecture: Architecture) -> None:
        self.layers: list[LayerPlan] = []
        self._architecture = architecture
        self._batch_norm = architecture.batch_norm
        self._role, self._block = Role.STEM, ""

    def enter(self, role: Role, block: str = "") -> None:
        """What is added from now on has this role, in this residual block."""
        self._role, self._block = role, block

    def add(self, plan: LayerPlan) -> LayerPlan:
        """Add `plan` as it is."""
        self.layers.append(plan)
        return plan

    def layer(self, name: str, kind: Kind, *inputs: LayerPlan, **settings: object) -> LayerPlan:
        """Add a layer that keeps its input's shape and has no parameters, except as `settings` say."""
        settings.setdefault("shape", inputs[0].shape)
        names = tuple([x.name for x in inputs])
        return self.add(LayerPlan(name, kind, names, role=self._role, block=self._block, **settings))  # type: ignore[arg-type]

    def residual_block(self, x: LayerPlan, name: str, filters: int, stride: int, activated: bool) -> LayerPlan:
        """y = f(F(x) + h(x)), after He et al. 2016, section 2; without a shortcut f(F(x)).

        `activated` says that x comes out of an activation: so it does in the first block of a pre-activation network,
        which the paper activates right after the first convolution, before branch and shortcut part (appendix).
        """
        architecture = self._architecture
        order, shortcut = architecture.order, architecture.shortcut
        bottleneck = architecture.block is Block.BOTTLENECK
        channels = filters * (EXPANSION if bottleneck else 1)
        same_shape = stride == 1 and x.shape[-1] == channels
        into_branch = x
        if order.pre_activation and not activated:
            # Where the shape changes, branch and shortcut share the activation, as in the paper's code.
            self.enter(Role.BRANCH if same_shape else Role.PRE_ACTIVATION, name)
            into_branch = self.activation(x, f"{name}_preactivation")
            x = x if same_shape else into_branch
        branch = self._branch(into_branch, name, filters, channels, stride)
        if shortcut is Shortcut.NONE:
            return branch
        return self._sum(branch, x, into_branch, name, channels, stride)

    def activation(self, x: LayerPlan, name: str) -> LayerPlan:
        """Batch normalisation, if the network has it and the order puts it there, and a ReLU."""
        if self._batch_norm and self._architecture.order is not Order.RELU_ONLY_PRE_ACTIVATION:
            x = self.batch_norm(x, f"{name}_bn")
        return self.layer(f"{name}_relu", Kind.RELU, x)

    def batch_norm(self, x: LayerPlan, name: str) -> LayerPlan:
        """Batch normalisation: a scale and an offset for each channel."""
        return self.layer(name, Kind.BATCH_NORM, x, parameters=2 * x.shape[-1])

    def conv(
        self,
        x: LayerPlan,
        name: str,
        filters: int,
        size: int,
        stride: int = 1,
        *,
        batch_norm: bool = True,
        relu: bool = False,
    ) -> LayerPlan:
        """A convolution without bias and batch normalisation behind it, or with a bias if the network has none.

        A 1x1 convolution with a stride sees only every second pixel of its input, so these are taken out first: the
        result is the same, and TensorFlow 2.21 breaks the heap on CPUs with AVX-512 in the gradient of a strided 1x1
        convolution of few channels and an odd number of images.
        """
        if size == 1:
            x, stride = self.subsample(x, f"{name}_subsample", stride), 1
        height, width, channels = x.shape
        shape = (-(-height // stride), -(-width // stride), filters)  # "same" padding rounds up
        kernel = size * size * channels * filters
        normalised = self._batch_norm and batch_norm
        x = self.layer(
            name,
            Kind.CONV,
            x,
            shape=shape,
            size=size,
            stride=stride,
            bias=not self._batch_norm,
            activation="relu" if relu and not normalised else "",
            parameters=kernel + (0 if self._batch_norm else filters),
            multiply_adds=kernel * shape[0] * shape[1],
        )
        if normalised:
            x = self.batch_norm(x, f"{name}_bn")
            if relu:
                x = self.layer(f"{name}_relu", Kind.RELU, x)
        return x

    def subsample(self, x: LayerPlan, name: str, stride: int) -> LayerPlan:
        """The pixels of x at multiples of `stride`; x itself for a stride of 1."""
        if stride == 1:
            return x
        height, width, channels = x.shape
        shape = (-(-height // stride), -(-width // stride), channels)
        return self.layer(name, Kind.SUBSAMPLE, x, shape=shape, stride=stride)

    def _branch(self, x: LayerPlan, name: str, filters: int, channels: int, stride: int) -> LayerPlan:
        """F(x): two 3x3 convolutions, or 1x1, 3x3, 1x1 (He et al. 2015, figure 5); the first one has the stride."""
        self.enter(Role.BRANCH, name)
        order, plain = self._architecture.order, self._architecture.shortcut is Shortcut.NONE
        sizes = (1, 3, 1) if self._architecture.block is Block.BOTTLENECK else (3, 3)
        for number, size in enumerate(sizes, start=1):
            last = number == len(sizes)
            x = self.conv(
                x,
                f"{name}_conv{number}",
                channels if last else filters,
                size,
                stride if number == 1 else 1,
                batch_norm=not (last and order in (Order.BN_AFTER_ADDITION, Order.FULL_PRE_ACTIVATION)),
                relu=not last
                or order is Order.RELU_BEFORE_ADDITION
                or (plain and order is Order.ORIGINAL),  # with a shortcut, the sum is activated
            )
        return x

    def _sum(
        self, branch: LayerPlan, x: LayerPlan, into_branch: LayerPlan, name: str, channels: int, stride: int
    ) -> LayerPlan:
        """F(x) + h(x) with the shortcut h of He et al. 2016, figure 2, and what the order puts after the addition."""
        architecture = self._architecture
        gate = None
        match architecture.shortcut:
            case Shortcut.EXCLUSIVE_GATING | Shortcut.SHORTCUT_ONLY_GATING:
                gate = self._gate(into_branch, name, channels, stride)
        self.enter(Role.SHORTCUT, name)
        x = self._match(x, name, channels, stride)
        match architecture.shortcut:
            case Shortcut.CONSTANT_SCALING:
                x = self.layer(f"{name}_scaled_shortcut", Kind.SCALE, x, factor=architecture.shortcut_scale)
            case Shortcut.DROPOUT:
                x = self.layer(f"{name}_dropout", Kind.DROPOUT, x, factor=architecture.dropout_rate)
        if gate is not None:
            carry = self.layer(f"{name}_carry", Kind.SCALE, gate, factor=-1.0, offset=1.0)  # 1 - g
            x = self.layer(f"{name}_gated_shortcut", Kind.MULTIPLY, x, carry)
        self.enter(Role.BRANCH, name)
        if gate is not None and architecture.shortcut is Shortcut.EXCLUSIVE_GATING:
            branch = self.layer(f"{name}_gated_branch", Kind.MULTIPLY, branch, gate)
        if architecture.shortcut is Shortcut.CONSTANT_SCALING and architecture.branch_scale != 1.0:
            branch = self.layer(f"{name}_scaled_branch", Kind.SCALE, branch, factor=architecture.branch_scale)
        self.enter(Role.SUM, name)
        total = self.layer(f"{name}_add", Kind.ADD, branch, x)
        if architecture.order is Order.BN_AFTER_ADDITION:
            total = self.batch_norm(total, f"{name}_add_bn")
        if architecture.order in (Order.ORIGINAL, Order.BN_AFTER_ADDITION):
            total = self.layer(f"{name}_relu", Kind.RELU, total)
        return total

    def _match(self, x: LayerPlan, name: str, channels: int, stride: int) -> LayerPlan:
        """x in the shape of the branch's output: by option A, B or C (He et al. 2015, section 3.3)."""
        shortcut = self._architecture.shortcut
        everywhere = shortcut in (Shortcut.PROJECTION, Shortcut.CONV_1X1)
        if shortcut is not Shortcut.OPTION_A and (everywhere or stride > 1 or x.shape[-1] != channels):
            batch_norm = self._architecture.order not in NO_PROJECTION_BN
            return self.conv(x, f"{name}_projection", channels, 1, stride, batch_norm=batch_norm)
        x = self.subsample(x, f"{name}_subsample", stride)
        if x.shape[-1] != channels:
            x = self.layer(f"{name}_pad", Kind.PAD, x, shape=(*x.shape[:2], channels))
        return x

    def _gate(self, x: LayerPlan, name: str, channels: int, stride: int) -> LayerPlan:
        """g(x) = sigmoid(1x1 convolution of x + b_g), one gate for each value (He et al. 2016, section 3.1).

        Where the shape changes, which the paper leaves open, the gate has the projection's stride and channels.
        """
        self.enter(Role.GATE, name)
        gate = self.conv(x, f"{name}_gate", channels, 1, stride, batch_norm=False)
        self.layers[-1] = gate = replace(
            gate,
            bias=True,
            bias_start=self._architecture.gate_bias,
            activation="sigmoid",
            parameters=x.shape[-1] * channels + channels,
        )
        return gate
