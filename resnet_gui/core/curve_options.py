"""What the curves of a comparison show and how: one frozen value that a window can remember."""

import enum
import json
from dataclasses import asdict, dataclass

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.value import Value

# Steps that a smoothed value is the mean of, from none to strong.
SPANS = (1, 4, 10, 25, 60, 150, 400, 1000)


class Quantity(enum.StrEnum):
    """What a plot shows."""

    LOSS = "loss"
    ACCURACY = "accuracy"  # in percent
    ERROR = "error"  # 100 % less the accuracy: what the papers report

    @property
    def label(self) -> str:
        """What its axis is called."""
        return {"loss": "Loss", "accuracy": "Accuracy (%)", "error": "Error (%)"}[self]


class Plots(enum.StrEnum):
    """Which quantities have a plot."""

    LOSS_AND_ACCURACY = "loss-accuracy"
    LOSS_AND_ERROR = "loss-error"
    LOSS = "loss"
    ACCURACY = "accuracy"
    ERROR = "error"

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """From top to bottom."""
        return tuple(Quantity(part) for part in self.split("-"))


class Split(enum.StrEnum):
    """Which images the figures are of."""

    TRAINING = "training"  # every step's batch
    VALIDATION = "validation"  # after each epoch
    BOTH = "both"


class Axis(enum.StrEnum):
    """What the curves are drawn over."""

    STEP = "step"
    EPOCH = "epoch"
    IMAGES = "images"
    TIME = "time"

    @property
    def label(self) -> str:
        """What the axis is called."""
        return {"step": "Training step", "epoch": "Epoch", "images": "Images seen", "time": "Training time (s)"}[self]


class Spread(enum.StrEnum):
    """How runs are drawn that differ in their seed alone."""

    EACH = "each"  # one curve for each run
    RANGE = "range"  # their mean, and a band from the lowest to the highest
    DEVIATION = "deviation"  # their mean, and a band of one standard deviation to both sides


@dataclass(frozen=True)
class CurveOptions(Value):
    """What the curves show. Raises ExplorerError for what there is not."""

    plots: Plots = Plots.LOSS_AND_ACCURACY
    split: Split = Split.BOTH
    axis: Axis = Axis.STEP
    log_x: bool = False
    log_y: bool = False  # of losses and errors; accuracies have 100 % as their end
    smoothing: int = 3  # which of SPANS
    spread: Spread = Spread.EACH

    def __post_init__(self) -> None:
        self._one_of("plots", Plots, "What is plotted")
        self._one_of("split", Split, "The images that the figures are of")
        self._one_of("axis", Axis, "The horizontal axis")
        self._flag("log_x", "A logarithmic horizontal axis")
        self._flag("log_y", "A logarithmic vertical axis")
        self._whole("smoothing", 0, len(SPANS) - 1, "The smoothing")
        self._one_of("spread", Spread, "How runs of several seeds are drawn")

    @property
    def span(self) -> int:
        """Steps that a smoothed value is the mean of; 1 without smoothing."""
        return SPANS[self.smoothing]

    def logarithmic(self, quantity: Quantity) -> bool:
        """Whether the plot of `quantity` has a logarithmic axis."""
        return self.log_y and quantity is not Quantity.ACCURACY

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "CurveOptions":
        """The options that `to_json` wrote. Raises ExplorerError for text that is none."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise ExplorerError("That text holds no options of curves: it is not valid JSON.") from None
        return cls.from_dict(values)
