"""The columns of the runs table: what each holds, how that is written, and what it is called in a search."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import AUGMENTATIONS
from resnet_gui.core.run import Run, State, duration

LOSS_STEPS = 25  # training steps that the training loss is averaged over


@dataclass(frozen=True)
class Column:
    """A column: its title, its value (None: not known), how that is written, and its width in pixels.

    `setting` says that the user chose the value, so that it can explain a difference between runs.
    """

    title: str
    tooltip: str
    value: Callable[[Entry], Any]
    write: Callable[[Any], str] = str
    width: int = 76
    number: bool = True
    shown: bool = True
    setting: bool = False

    @property
    def key(self) -> str:
        """The title in small letters without spaces, for searches and for what is remembered."""
        return "".join(letter for letter in self.title.casefold() if letter.isalnum())


def _of(read: Callable[[Run], Any]) -> Callable[[Entry], Any]:
    return lambda entry: read(entry.run)


def _architecture(name: str) -> Callable[[Entry], Any]:
    return lambda entry: getattr(entry.run.experiment.architecture, name)


def _recipe(name: str) -> Callable[[Entry], Any]:
    return lambda entry: getattr(entry.run.experiment.recipe, name)


def _state(run: Run) -> str:
    state = str(run.state)
    if run.state in (State.TRAINING, State.PAUSED) and run.total_steps:
        state += f" {run.step / run.total_steps:.0%}"
    return f"{state} · example" if run.example else state


def _augmentation(entry: Entry) -> str:
    recipe = entry.run.experiment.recipe
    amounts = {name: getattr(recipe, name) for name in AUGMENTATIONS}
    return ", ".join(f"{name} {amount:g}" for name, amount in amounts.items() if amount)


def _validation_accuracy(run: Run) -> float | None:
    accuracies = run.history.validation[2]
    return accuracies[-1] if accuracies else None


def _training_loss(run: Run) -> float | None:
    known = [loss for loss in run.history.loss.values[-LOSS_STEPS:].tolist() if math.isfinite(loss)]
    return math.fsum(known) / len(known) if known else None


def _share(value: float) -> str:
    return f"{value:.2%}"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _general(value: float) -> str:
    return f"{value:g}"


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 60 else duration(value)


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _one_line(text: str) -> str:
    return " ".join(text.split())


_Text = partial(Column, number=False)
_Setting = partial(Column, setting=True)
_TextSetting = partial(Column, number=False, setting=True)
_Hidden = partial(Column, shown=False)
_HiddenSetting = partial(Column, shown=False, setting=True)
COLUMNS: tuple[Column, ...] = (
    _Text("Compared", "Ticked runs are compared in the tabs above", lambda entry: None, width=36),
    _Text("Name", "What the run is called: F2 renames it", lambda entry: entry.name, _one_line, 190),
    Column(
        "Best accuracy",
        "Test accuracy once it is measured, else the best validation accuracy",
        _of(lambda run: run.best_accuracy),
        _share,
        124,
    ),
    _Text("State", "Where the run stands", _of(_state), width=170),
    _Setting("Depth", "Weighted layers", _architecture("depth")),
    _TextSetting("Shortcut", "What is added to the residual branch", _architecture("shortcut"), width=100),
    _Setting("Blocks", "Residual blocks per stage", _architecture("blocks")),
    _Setting("Width", "Filters in the first stage", _architecture("width")),
    _TextSetting("BN", "Batch normalisation", _architecture("batch_norm"), lambda on: "yes" if on else "no", 56),
    Column("Parameters", "Trained numbers", _of(lambda run: run.parameters or None), _count, 100),
    _TextSetting("Data", "Data set", _recipe("dataset")),
    _Setting("Epochs", "Passes over the training images", _recipe("epochs")),
    _Setting("Seed", "Random seed", _recipe("seed")),
    Column(
        "Time",
        "Training time, with compiling and validation",
        _of(lambda run: run.train_seconds or None),
        _seconds,
        100,
    ),
    _Text("Tags", "Words that you gave the run: Ctrl+L", _of(lambda run: run.labels.tags or None), ", ".join, 130),
    Column("Started", "When training began", _of(lambda run: run.started), _moment, 130, number=False, shown=False),
    _Hidden("Test accuracy", "Share of the test images read right", _of(lambda run: run.test_accuracy), _share, 110),
    _Hidden("Test loss", "Cross-entropy on the test images", _of(lambda run: run.test_loss), _general, 90),
    _Hidden("Validation accuracy", "After the last epoch that was validated", _of(_validation_accuracy), _share, 140),
    _Hidden("Training loss", f"Mean of the last {LOSS_STEPS} steps", _of(_training_loss), "{:.4g}".format, 108),
    _Hidden("Images/s", "Training images per second", _of(lambda run: run.images_per_second or None), _count, 88),
    _Hidden("Steps", "Training steps made", _of(lambda run: run.step), _count, 88),
    _Hidden("Outcome", "What happened", _of(lambda run: run.message or None), _one_line, 180, number=False),
    _Hidden("Notes", "What you wrote: Ctrl+L", _of(lambda run: run.labels.notes or None), _one_line, 200, False),
    _HiddenSetting("Stages", "Stages, each of half the resolution", _architecture("stages")),
    _HiddenSetting("Block", "The convolutions of the residual branch", _architecture("block"), width=96, number=False),
    _HiddenSetting(
        "Order", "Where normalisation and ReLU stand in a block", _architecture("order"), width=170, number=False
    ),
    _HiddenSetting("Head", "How feature maps become a vector", _architecture("head"), width=130, number=False),
    _HiddenSetting("Stem stride", "Stride of the first convolution", _architecture("stem_stride"), width=100),
    _HiddenSetting("Shortcut scale", "Factor of x in constant scaling", _architecture("shortcut_scale"), _general, 116),
    _HiddenSetting("Branch scale", "Factor of F(x) in constant scaling", _architecture("branch_scale"), _general, 108),
    _HiddenSetting("Gate bias", "First bias of the gates", _architecture("gate_bias"), _general, 88),
    _HiddenSetting("Dropout rate", "Share of the shortcut dropped", _architecture("dropout_rate"), _general, 108),
    _HiddenSetting("Batch", "Images per training step", _recipe("batch_size")),
    _HiddenSetting("Optimiser", "What turns gradients into updates", _recipe("optimizer"), width=96, number=False),
    _HiddenSetting("Rate", "Learning rate", _recipe("learning_rate"), _general, 80),
    _HiddenSetting("Schedule", "How the learning rate changes", _recipe("schedule"), width=90, number=False),
    _HiddenSetting("Augmentation", "How training images are changed", _augmentation, width=150, number=False),
    _HiddenSetting("Start", "The run whose weights it began with", _recipe("start"), width=150, number=False),
    _HiddenSetting("Limit", "Training images used; 0 means all", _recipe("limit"), _count, 80),
    _HiddenSetting(
        "Validation share", "Share of the training images held back", _recipe("validation_share"), _general, 126
    ),
    _HiddenSetting(
        "Precision",
        "The number format that it is computed in",
        lambda entry: entry.run.precision or str(entry.run.experiment.recipe.precision),
        width=130,
        number=False,
    ),
    _Hidden("Device", "What computed it", _of(lambda run: run.device or None), width=150, number=False),
)
COMPARED, NAME, ACCURACY, STATE = range(4)
COLUMN_OF = {column.key: number for number, column in enumerate(COLUMNS)}


def column_called(word: str) -> int | None:
    """The column that a search calls `word`, in the singular or the plural; None if there is none."""
    return COLUMN_OF.get(word, COLUMN_OF.get(f"{word}s"))


SEARCHED = tuple(number for number, column in enumerate(COLUMNS) if not column.number and column.title != "BN")
SETTINGS = tuple(number for number, column in enumerate(COLUMNS) if column.setting)
