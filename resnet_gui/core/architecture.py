"""A residual network on paper: blocks, stages, widths, shortcut type and block order as one frozen value.

The types are those of He et al. 2015, "Deep residual learning for image recognition" (arXiv 1512.03385), and of He et
al. 2016, "Identity mappings in deep residual networks" (arXiv 1603.05027).
"""

import enum
from dataclasses import dataclass, fields, replace

from resnet_gui.core.errors import ArchitectureError
from resnet_gui.core.value import Value

MAX_BLOCKS = 200  # per stage; ResNet-1202 has 200 (He et al. 2015, section 4.2)
MAX_STAGES = 5  # 28 pixels halve to 2 in the fifth stage
MAX_WIDTH = 512
MAX_CHANNELS = 2048
EXPANSION = 4  # a bottleneck block puts out four times the channels of its 3x3 convolution (He et al. 2015, figure 5)


class Shortcut(enum.StrEnum):
    """What is added to the residual branch F(x). Options A, B and C: He et al. 2015, section 3.3; the rest: 2016."""

    NONE = "none"  # plain network: nothing
    OPTION_A = "A"  # x; where the shape changes subsampled and padded with zeros: no parameters at all
    IDENTITY = "identity"  # x; a 1x1 convolution where the shape changes (option B)
    PROJECTION = "projection"  # a 1x1 convolution of x in every block (option C)
    CONSTANT_SCALING = "constant-scaling"  # x and F(x) times a constant each
    EXCLUSIVE_GATING = "exclusive-gating"  # (1 - g(x)) x + g(x) F(x)
    SHORTCUT_ONLY_GATING = "shortcut-only-gating"  # (1 - g(x)) x + F(x)
    CONV_1X1 = "conv-1x1"  # the name of option C in He et al. 2016; the same layers
    DROPOUT = "dropout"  # x with a share of its values dropped in training

    @classmethod
    def _missing_(cls, value: object) -> "Shortcut | None":
        """The papers' letters in any case, also as `option-b`."""
        letter = str(value).lower().removeprefix("option-")
        return {"a": cls.OPTION_A, "b": cls.IDENTITY, "c": cls.PROJECTION}.get(letter)


class Order(enum.StrEnum):
    """Where batch normalisation and ReLU stand around the convolutions (He et al. 2016, figure 4)."""

    ORIGINAL = "original"  # conv BN ReLU conv BN + ReLU
    BN_AFTER_ADDITION = "bn-after-addition"  # conv BN ReLU conv + BN ReLU
    RELU_BEFORE_ADDITION = "relu-before-addition"  # conv BN ReLU conv BN ReLU +
    RELU_ONLY_PRE_ACTIVATION = "relu-only-pre-activation"  # ReLU conv BN ReLU conv BN +
    FULL_PRE_ACTIVATION = "full-pre-activation"  # BN ReLU conv BN ReLU conv +

    @property
    def pre_activation(self) -> bool:
        """Whether a block activates its input rather than its output."""
        return self in (Order.RELU_ONLY_PRE_ACTIVATION, Order.FULL_PRE_ACTIVATION)


class Block(enum.StrEnum):
    """The convolutions of the residual branch (He et al. 2015, figure 5)."""

    BASIC = "basic"  # 3x3, 3x3
    BOTTLENECK = "bottleneck"  # 1x1, 3x3, 1x1 with four times the channels


class Head(enum.StrEnum):
    """How the last feature maps become a vector for the dense layer."""

    FLATTEN = "flatten"
    AVERAGE_POOLING = "average-pooling"  # global average pooling, as in He et al. 2015, section 4.2


# The settings that one shortcut type alone has; for the others they stay at their defaults.
SHORTCUT_SETTINGS: dict[str, tuple[Shortcut, ...]] = {
    "shortcut_scale": (Shortcut.CONSTANT_SCALING,),
    "branch_scale": (Shortcut.CONSTANT_SCALING,),
    "gate_bias": (Shortcut.EXCLUSIVE_GATING, Shortcut.SHORTCUT_ONLY_GATING),
    "dropout_rate": (Shortcut.DROPOUT,),
}


@dataclass(frozen=True)
class Architecture(Value):
    """A residual network on paper. Raises ArchitectureError for what cannot be built or makes no sense.

    `blocks` is the number of residual blocks per stage (He's n). Each stage after the first halves the resolution and
    doubles the width. Settings that the shortcut type does not have are put back to their defaults, so that equal
    networks are equal values.
    """

    blocks: int = 2
    stages: int = 1
    width: int = 32
    shortcut: Shortcut = Shortcut.IDENTITY
    batch_norm: bool = False
    head: Head = Head.FLATTEN
    stem_stride: int = 1
    order: Order = Order.ORIGINAL
    block: Block = Block.BASIC
    shortcut_scale: float = 0.5  # of x with constant scaling (He et al. 2016, table 1)
    branch_scale: float = 1.0  # of F(x) with constant scaling: 1, or 0.5 as in the paper's second form
    gate_bias: float = -6.0  # b_g, the first bias of the gates; -6 was the paper's best
    dropout_rate: float = 0.5  # share of the shortcut's values that dropout leaves out

    _error = ArchitectureError

    def __post_init__(self) -> None:
        self._whole("blocks", 0, MAX_BLOCKS, "Blocks per stage")
        self._whole("stages", 1, MAX_STAGES, "The number of stages")
        self._whole("width", 1, MAX_WIDTH, "The width of the first stage")
        self._one_of("shortcut", Shortcut, "The shortcut")
        self._flag("batch_norm", "Batch normalisation")
        self._one_of("head", Head, "The head")
        self._whole("stem_stride", 1, 2, "The stride of the stem")
        self._one_of("order", Order, "The order within the block")
        self._one_of("block", Block, "The kind of block")
        self._number("shortcut_scale", -2.0, 2.0, "The factor of x")
        self._number("branch_scale", -2.0, 2.0, "The factor of F(x)")
        self._number("gate_bias", -20.0, 20.0, "The bias of the gates")
        self._number("dropout_rate", 0.0, 0.95, "The dropout rate of the shortcut")
        for setting in fields(self):
            if self.shortcut not in SHORTCUT_SETTINGS.get(setting.name, (self.shortcut,)):
                object.__setattr__(self, setting.name, setting.default)
        if self.channels[-1] > MAX_CHANNELS:
            raise ArchitectureError(
                f"{self.stages} stages that start with {self.width} channels end with {self.channels[-1]}; "
                f"at most {MAX_CHANNELS} work: take fewer stages or a smaller width."
            )
        if reason := refusal(self.shortcut, self.order, self.batch_norm):
            raise ArchitectureError(reason)

    @property
    def widths(self) -> tuple[int, ...]:
        """Filters of the 3x3 convolutions of each stage: doubled from stage to stage (He et al. 2015, section 3.3)."""
        return tuple(self.width * 2**stage for stage in range(self.stages))

    @property
    def channels(self) -> tuple[int, ...]:
        """Channels that each stage puts out."""
        return tuple(width * (EXPANSION if self.block is Block.BOTTLENECK else 1) for width in self.widths)

    @property
    def depth(self) -> int:
        """Weighted layers: the blocks' convolutions, the stem and the dense layer; shortcuts and gates do not count."""
        return (3 if self.block is Block.BOTTLENECK else 2) * self.blocks * self.stages + 2

    @property
    def plain_twin(self) -> "Architecture":
        """The same network without shortcuts."""
        order = Order.ORIGINAL if refusal(Shortcut.NONE, self.order, self.batch_norm) else self.order
        return replace(self, shortcut=Shortcut.NONE, order=order)

    @property
    def name(self) -> str:
        """A short name for tables and legends, such as `ResNet-6`, `plain-20` or `PreResNet-164`."""
        plain = self.shortcut is Shortcut.NONE
        return f"{'Pre' if self.order.pre_activation else ''}{'plain' if plain else 'ResNet'}-{self.depth}"


def refusal(shortcut: Shortcut, order: Order, batch_norm: bool) -> str:
    """Why this shortcut, order and batch normalisation make no sense together; empty if they do."""
    if shortcut is Shortcut.NONE and order in (Order.BN_AFTER_ADDITION, Order.RELU_BEFORE_ADDITION):
        return f"A plain network has no addition, so the order {order} means nothing; take {Order.ORIGINAL}."
    if not batch_norm and order is Order.BN_AFTER_ADDITION:
        return f"The order {order} needs batch normalisation; switch it on, or take {Order.ORIGINAL}."
    if not batch_norm and order is Order.FULL_PRE_ACTIVATION:
        return (
            f"The order {order} needs batch normalisation; switch it on, or take {Order.RELU_ONLY_PRE_ACTIVATION}, "
            "which is the same without it."
        )
    return ""
