"""The options of the commands: each setting of an experiment as one, and the experiment that they make."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from resnet_gui.cli_output import refuse
from resnet_gui.core.architecture import SHORTCUT_SETTINGS, Block, Head, Order, Shortcut
from resnet_gui.core.experiment import DatasetName, Experiment, Optimizer, Precision, Schedule
from resnet_gui.core.presets import PRESETS

PresetName = StrEnum("PresetName", {name: name for name in PRESETS})  # type: ignore[misc]
DeviceName = StrEnum("DeviceName", {name: name for name in ("auto", "cpu", "gpu")})


def _option(kind: Any, help: str, *names: str, **more: Any) -> Any:
    return Annotated[kind | None, typer.Option(*names, help=help, show_default=False, **more)]


def _shortcut(text: str) -> Shortcut:
    """Typer would not know the papers' letters."""
    try:
        return Shortcut(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(Shortcut)} (or B, C).") from None


# Options that change one field of the preset's experiment; their parameters have the fields' names.
Blocks = _option(int, "Residual blocks per stage (He's n).")
Stages = _option(int, "Stages; each further one halves the resolution and doubles the width.")
Width = _option(int, "Filters in the first stage.")
ShortcutKind = _option(
    Shortcut,
    f"What is added to the residual branch F(x): {', '.join(Shortcut)}. B is identity, C is projection, none makes a "
    "plain network.",
    parser=_shortcut,
    metavar="KIND",
)
OrderName = _option(Order, "Where batch normalisation and ReLU stand around the convolutions.")
BlockKind = _option(Block, "The convolutions of a residual branch: 3x3 3x3, or 1x1 3x3 1x1.", "--block")
ShortcutScale = _option(float, "The factor of x with constant scaling.")
BranchScale = _option(float, "The factor of F(x) with constant scaling.")
GateBias = _option(float, "The first bias b_g of the gates.")
DropoutRate = _option(float, "The share of the shortcut's values that dropout leaves out.")
BatchNorm = _option(bool, "Batch normalisation after each convolution.", "--bn/--no-bn")
HeadKind = _option(Head, "How the last feature maps become a vector.")
StemStride = _option(int, "Stride of the first convolution, 1 or 2.")
Data = _option(DatasetName, "The data set to train on.")
Epochs = _option(int, "Passes over the training images.")
BatchSize = _option(int, "Images per training step.")
OptimizerName = _option(Optimizer, "Who turns gradients into updates.")
LearningRate = _option(float, "The learning rate.", "--lr")
ScheduleName = _option(Schedule, "How the learning rate changes in the course of the training.")
Seed = _option(int, "Fixes the first weights and the order of the images.")
PrecisionName = _option(Precision, "The number format of the computation.")
ValidationShare = _option(float, "Share of the training images held out for validation, 0 to 0.5.", "--validation")
Limit = _option(int, "Train on so many images only; 0 means all.")
Start = _option(str, "Begin with the weights of this run, or of `starter`, instead of new ones.")
Shift = _option(float, "Augmentation: move each training image by up to so many pixels.")
Rotation = _option(float, "Augmentation: turn it by up to so many degrees.")
Scale = _option(float, "Augmentation: change its height and width by up to this share, such as 0.2.")
Shear = _option(float, "Augmentation: slant it by up to this share of its height.")
Elastic = _option(float, "Augmentation: bend it, each pixel by about so many pixels.")
PenWidth = _option(float, "Augmentation: move the edges of its ink by up to so many pixels.", "--pen")

PresetOption = Annotated[PresetName, typer.Option(help="The experiment to start from; other options change it.")]
DataDir = _option(Path, "A folder that holds mnist.npz, or such a file.")
Device = Annotated[DeviceName, typer.Option(help="What computes; auto takes a GPU if TensorFlow sees one.")]
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on the last line of stdout.")]
RunId = Annotated[str, typer.Option("--run", help="Id of a saved run, or `starter`.")]
SEED, AUTO = PresetName("seed"), DeviceName("auto")


ARCHITECTURE_OPTIONS = {
    "blocks": Blocks,
    "stages": Stages,
    "width": Width,
    "shortcut": ShortcutKind,
    "batch_norm": BatchNorm,
    "head": HeadKind,
    "stem_stride": StemStride,
    "order": OrderName,
    "block": BlockKind,
    "shortcut_scale": ShortcutScale,
    "branch_scale": BranchScale,
    "gate_bias": GateBias,
    "dropout_rate": DropoutRate,
}
RECIPE_OPTIONS = {
    "dataset": Data,
    "epochs": Epochs,
    "batch_size": BatchSize,
    "optimizer": OptimizerName,
    "learning_rate": LearningRate,
    "schedule": ScheduleName,
    "seed": Seed,
    "precision": PrecisionName,
    "validation_share": ValidationShare,
    "limit": Limit,
    "start": Start,
    "shift": Shift,
    "rotation": Rotation,
    "scale": Scale,
    "shear": Shear,
    "elastic": Elastic,
    "pen": PenWidth,
}


def with_options(options: Mapping[str, Any]) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command these options, all None unless given; it finds them in its context."""

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def carry_out(**given: Any) -> int:
            return command(**{name: value for name, value in given.items() if name not in options})

        own = inspect.signature(command).parameters.values()
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in options.items()
        ]
        parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        # Behind the context and the preset, where the command's own options begin.
        carry_out.__signature__ = inspect.Signature([*parameters[:2], *shared, *parameters[2:]])  # type: ignore[attr-defined]
        carry_out.__annotations__ = {**command.__annotations__, **options}
        return carry_out

    return decorate


def chosen_experiment(preset: str, given: Mapping[str, Any]) -> Experiment:
    """The preset's experiment with the fields that were given on the command line."""
    base = PRESETS[preset].experiment

    def changed(value: Any) -> Any:
        names = {field.name for field in fields(value)}
        return replace(value, **{name: v for name, v in given.items() if name in names and v is not None})

    architecture = changed(base.architecture)
    for name, shortcuts in SHORTCUT_SETTINGS.items():
        if given.get(name) is not None and architecture.shortcut not in shortcuts:
            option = f"--{name.replace('_', '-')}"
            refuse(f"{option} needs --shortcut {' or '.join(shortcuts)}; got {architecture.shortcut}.")
    return Experiment(architecture, changed(base.recipe))
