"""The whole setting of a run as one frozen value: Experiment(architecture, recipe), its presets and its JSON."""

import enum
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from resnet_gui.core.errors import ArchitectureError, ExplorerError, RecipeError

MAX_BLOCKS = 200  # per stage; ResNet-1202 has 200 (He et al. 2015, section 4.2)
MAX_STAGES = 5  # 28 pixels halve to 2 in the fifth stage
MAX_WIDTH = 512
MAX_CHANNELS = 2048


class Shortcut(enum.StrEnum):
    """What is added to the residual branch F(x)."""

    NONE = "none"  # plain network: nothing
    IDENTITY = "identity"  # x; a 1x1 convolution where the shape changes (option B, He et al. 2015, section 3.3)
    PROJECTION = "projection"  # a 1x1 convolution of x in every block (option C)


class Head(enum.StrEnum):
    """How the last feature maps become a vector for the dense layer."""

    FLATTEN = "flatten"
    AVERAGE_POOLING = "average-pooling"  # global average pooling, as in He et al. 2015, section 4.2


class Optimizer(enum.StrEnum):
    """Who turns gradients into updates."""

    ADAM = "adam"
    SGD = "sgd"  # with momentum 0.9 (He et al. 2015, section 4.2)


class Precision(enum.StrEnum):
    """The number format of the computation; weights are always kept in float32."""

    AUTO = "auto"
    FLOAT32 = "float32"
    MIXED_BFLOAT16 = "mixed_bfloat16"
    MIXED_FLOAT16 = "mixed_float16"


class DatasetName(enum.StrEnum):
    """The data sets that one can train on."""

    MNIST = "mnist"
    DIGITS = "digits"


class _Value:
    """Shared by the frozen values: checks and conversions that make bad settings impossible to hold."""

    _error: type[ExplorerError] = ExplorerError

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The value that `values` describes. Raises the value's own error for fields that are unknown."""
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        if not isinstance(values, Mapping):
            raise cls._error(f"{cls.__name__} needs an object with the fields {', '.join(sorted(known))}.")
        unknown = sorted(set(values) - known, key=str)
        if unknown:
            raise cls._error(f"{cls.__name__} has no field {unknown[0]!r}; it has {', '.join(sorted(known))}.")
        return cls(**values)

    def _whole(self, name: str, low: int, high: int, what: str) -> None:
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self._error(f"{what} must be a whole number from {low} to {high}; got {value!r}.")

    def _one_of(self, name: str, kind: type[enum.StrEnum], what: str) -> None:
        value = getattr(self, name)
        try:
            object.__setattr__(self, name, kind(value))
        except ValueError:
            raise self._error(f"{what} must be one of {', '.join(kind)}; got {value!r}.") from None

    def _flag(self, name: str, what: str) -> None:
        if not isinstance(getattr(self, name), bool):
            raise self._error(f"{what} must be true or false; got {getattr(self, name)!r}.")


@dataclass(frozen=True)
class Architecture(_Value):
    """A residual network on paper (He et al. 2015). Raises ArchitectureError for what cannot be built.

    `blocks` is the number of residual blocks per stage (He's n). Each stage after the first halves the
    resolution and doubles the width. Depth in weighted layers is 2 x blocks x stages + 2.
    """

    blocks: int = 2
    stages: int = 1
    width: int = 32
    shortcut: Shortcut = Shortcut.IDENTITY
    batch_norm: bool = False
    head: Head = Head.FLATTEN
    stem_stride: int = 1

    _error = ArchitectureError

    def __post_init__(self) -> None:
        self._whole("blocks", 0, MAX_BLOCKS, "Blocks per stage")
        self._whole("stages", 1, MAX_STAGES, "The number of stages")
        self._whole("width", 1, MAX_WIDTH, "The width of the first stage")
        self._one_of("shortcut", Shortcut, "The shortcut")
        self._flag("batch_norm", "Batch normalisation")
        self._one_of("head", Head, "The head")
        self._whole("stem_stride", 1, 2, "The stride of the stem")
        if self.widths[-1] > MAX_CHANNELS:
            raise ArchitectureError(
                f"{self.stages} stages that start with {self.width} channels end with {self.widths[-1]}; "
                f"at most {MAX_CHANNELS} work: take fewer stages or a smaller width."
            )

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each stage: doubled from stage to stage (He et al. 2015, section 3.3)."""
        return tuple(self.width * 2**stage for stage in range(self.stages))

    @property
    def depth(self) -> int:
        """Weighted layers: two convolutions per block, the stem and the dense layer; projections do not count."""
        return 2 * self.blocks * self.stages + 2

    @property
    def name(self) -> str:
        """A short name for tables and legends, such as `ResNet-6` or `plain-20`."""
        return f"{'plain' if self.shortcut is Shortcut.NONE else 'ResNet'}-{self.depth}"


@dataclass(frozen=True)
class Recipe(_Value):
    """How a network is trained. Raises RecipeError for settings that cannot work."""

    dataset: DatasetName = DatasetName.MNIST
    epochs: int = 1
    batch_size: int = 64
    optimizer: Optimizer = Optimizer.ADAM
    learning_rate: float = 1e-3
    seed: int = 0
    precision: Precision = Precision.AUTO
    validation_share: float = 0.1
    limit: int = 0  # train on the first `limit` images after shuffling; 0 means all of them

    _error = RecipeError

    def __post_init__(self) -> None:
        self._one_of("dataset", DatasetName, "The data set")
        self._whole("epochs", 1, 1000, "The number of epochs")
        self._whole("batch_size", 1, 4096, "The batch size")
        self._one_of("optimizer", Optimizer, "The optimiser")
        self._number("learning_rate", 1e-8, 100.0, "The learning rate")
        self._whole("seed", 0, 2**31 - 1, "The seed")
        self._one_of("precision", Precision, "The precision")
        self._number("validation_share", 0.0, 0.5, "The validation share")
        self._whole("limit", 0, 10_000_000, "The limit of training images")

    def _number(self, name: str, low: float, high: float, what: str) -> None:
        value = getattr(self, name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:
            raise RecipeError(f"{what} must be a number from {low:g} to {high:g}; got {value!r}.")
        object.__setattr__(self, name, float(value))


@dataclass(frozen=True)
class Experiment:
    """One run's whole setting; hashable, and the same after a round trip through JSON."""

    architecture: Architecture = field(default_factory=Architecture)
    recipe: Recipe = field(default_factory=Recipe)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, strings and numbers, ready for JSON."""
        return {"architecture": asdict(self.architecture), "recipe": asdict(self.recipe)}

    def to_json(self) -> str:
        """One line of JSON with sorted keys: the same text for the same experiment."""
        return json.dumps(self.to_dict(), sort_keys=True)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The experiment that `to_dict` wrote. Raises ExplorerError for anything else."""
        if not isinstance(values, Mapping) or set(values) != {"architecture", "recipe"}:
            raise ExplorerError("An experiment is an object with the two fields architecture and recipe.")
        return cls(Architecture.from_dict(values["architecture"]), Recipe.from_dict(values["recipe"]))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The experiment that `to_json` wrote. Raises ExplorerError for text that is no experiment."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise ExplorerError("That text is no experiment: it is not valid JSON.") from None
        return cls.from_dict(values)

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that name the setting: equal settings, equal digests."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Preset:
    """A named experiment with the sentence that says what it shows."""

    title: str
    summary: str
    experiment: Experiment


# He et al. 2015, section 4.2: three stages of 16, 32 and 64 channels with batch norm and global average pooling.
_CIFAR_STYLE = Architecture(blocks=3, stages=3, width=16, batch_norm=True, head=Head.AVERAGE_POOLING)
_DEEP = Architecture(blocks=24, width=16, batch_norm=True, head=Head.AVERAGE_POOLING, stem_stride=2)

PRESETS: dict[str, Preset] = {
    "seed": Preset(
        "Small residual net",
        "Two blocks of 32 filters: trains in under a minute and reads 98 % and more of MNIST.",
        Experiment(),
    ),
    "quick": Preset(
        "Quick",
        "A strided stem and two narrow stages: the fastest way to a network that reads well.",
        Experiment(
            Architecture(blocks=1, stages=2, width=32, batch_norm=True, head=Head.AVERAGE_POOLING, stem_stride=2),
            Recipe(batch_size=128, learning_rate=3e-3),
        ),
    ),
    "deep": Preset(
        "Deep residual net",
        "24 blocks with identity shortcuts: 50 layers deep, and it still learns.",
        Experiment(_DEEP),
    ),
    "deep-plain": Preset(
        "Deep plain net",
        "The plain twin of the deep residual net: the same layers without shortcuts hardly learn.",
        Experiment(Architecture(**{**asdict(_DEEP), "shortcut": Shortcut.NONE})),
    ),
    "resnet20": Preset(
        "ResNet-20",
        "The smallest network of He et al. 2015, section 4.2, on 28x28 images.",
        Experiment(_CIFAR_STYLE, Recipe(batch_size=128)),
    ),
}
