"""The whole setting of a run as one frozen value: Experiment(architecture, recipe), and its JSON."""

import enum
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import ExplorerError, RecipeError
from resnet_gui.core.value import Value, short


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


class Schedule(enum.StrEnum):
    """How the learning rate changes in the course of the training."""

    CONSTANT = "constant"
    STEPS = "steps"  # a tenth after one half, a hundredth after three quarters (He et al. 2015, section 4.2)
    COSINE = "cosine"  # down to 0 along half a wave (Loshchilov and Hutter 2017)
    ONE_CYCLE = "one-cycle"  # up for a quarter of the steps, then down to 0 (Smith and Topin 2018)


class DatasetName(enum.StrEnum):
    """The data sets that one can train on; of several parts, the first one's test images are the test."""

    MNIST = "mnist"
    DIGITS = "digits"
    MNIST_DIGITS = "mnist+digits"
    MNIST_MINE = "mnist+mine"
    DIGITS_MINE = "digits+mine"
    MNIST_DIGITS_MINE = "mnist+digits+mine"

    @property
    def parts(self) -> tuple[str, ...]:
        """What it is mixed of: mnist, digits (the bundled ones), mine (what people drew here and labelled)."""
        return tuple(self.split("+"))

    @property
    def test(self) -> "DatasetName":
        """The data set whose test images are the test: what is mixed in for training changes no figure's meaning."""
        return DatasetName(self.parts[0])


# The settings of the augmentation: the most that makes sense of each, and what it is called.
AUGMENTATIONS: dict[str, tuple[float, str]] = {
    "shift": (8.0, "The shift in pixels"),
    "rotation": (45.0, "The rotation in degrees"),
    "scale": (0.5, "The change of scale"),
    "shear": (1.0, "The shear"),
    "elastic": (3.0, "The elastic distortion in pixels"),
    "pen": (1.0, "The change of the pen's width in pixels"),
}


@dataclass(frozen=True)
class Recipe(Value):
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
    schedule: Schedule = Schedule.CONSTANT  # of the learning rate
    start: str = ""  # id of the run whose weights it begins with; empty: new ones, which follow from the seed
    # Augmentation: how far each training image is changed at most, at random in each step.
    shift: float = 0.0  # pixels
    rotation: float = 0.0  # degrees
    scale: float = 0.0  # share of height and width, each for itself
    shear: float = 0.0  # share of the height
    elastic: float = 0.0  # pixels, standard deviation of each pixel's displacement
    pen: float = 0.0  # pixels that each edge of the ink moves

    _error = RecipeError

    def __post_init__(self) -> None:
        self._one_of("dataset", DatasetName, "The data set")
        self._whole("epochs", 1, 1000, "The number of epochs")
        self._whole("batch_size", 1, 4096, "The batch size")
        self._one_of("optimizer", Optimizer, "The optimiser")
        self._number("learning_rate", 1e-8, 100.0, "The learning rate")
        self._whole("seed", 0, 2**31 - 1, "The seed")
        self._one_of("schedule", Schedule, "The schedule of the learning rate")
        self._one_of("precision", Precision, "The precision")
        self._number("validation_share", 0.0, 0.5, "The validation share")
        self._whole("limit", 0, 10_000_000, "The limit of training images")
        if not isinstance(self.start, str) or not re.fullmatch(r"[\w.-]{0,80}", self.start):
            raise RecipeError(f"The run to start from must be a run's id, such as starter; got {short(self.start)}.")
        for name, (most, what) in AUGMENTATIONS.items():
            self._number(name, 0.0, most, what)

    @property
    def augmented(self) -> bool:
        """Whether the training images are changed at random."""
        return any(getattr(self, name) for name in AUGMENTATIONS)


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
        import hashlib  # takes some milliseconds, and the window can be shown without it

        return hashlib.sha256(self.to_json().encode()).hexdigest()[:8]
