"""The commands: everything that the window does, without a window.

Results go to stdout, with --json as one object on the last line; progress and problems go to stderr. The exit status
is 0, 2 for bad arguments, and 1 for any other failure.
"""

import copy
import inspect
import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from resnet_gui import __version__
from resnet_gui.bench.main import PARTS
from resnet_gui.core.architecture import SHORTCUT_SETTINGS, Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.blueprint import Blueprint, make_blueprint
from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.errors import ArchitectureError, ExplorerError, LibraryError, PictureError, RecipeError
from resnet_gui.core.events import Control, Event
from resnet_gui.core.experiment import DatasetName, Experiment, Optimizer, Precision, Recipe
from resnet_gui.core.experiment_text import experiment_of
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run, State, described, new_run_id
from resnet_gui.core.run_file import record_of, write_run
from resnet_gui.core.script import script_of
from resnet_gui.progress import Progress, interruptible

app = typer.Typer(
    name="resnet-gui",
    help="Take residual networks apart: train them, compare depths, let them read digits. No command opens the window.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
runs_app = typer.Typer(rich_markup_mode=None)
app.add_typer(runs_app, name="runs")

PresetName = StrEnum("PresetName", {name: name for name in PRESETS})  # type: ignore[misc]
PartName = StrEnum("PartName", {name: name for name in PARTS})  # type: ignore[misc]
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
Seed = _option(int, "Fixes the first weights and the order of the images.")
PrecisionName = _option(Precision, "The number format of the computation.")
ValidationShare = _option(float, "Share of the training images held out for validation, 0 to 0.5.", "--validation")
Limit = _option(int, "Train on so many images only; 0 means all.")

PresetOption = Annotated[PresetName, typer.Option(help="The experiment to start from; other options change it.")]
DataDir = _option(Path, "A folder that holds mnist.npz, or such a file.")
Device = Annotated[DeviceName, typer.Option(help="What computes; auto takes a GPU if TensorFlow sees one.")]
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on the last line of stdout.")]
RunId = Annotated[str, typer.Option("--run", help="Id of a saved run, or `starter`.")]
INTERRUPTED = 130  # what Typer makes of Ctrl+C
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
    "seed": Seed,
    "precision": PrecisionName,
    "validation_share": ValidationShare,
    "limit": Limit,
}


def _with_options(options: Mapping[str, Any]) -> Callable[[Callable[..., int]], Callable[..., int]]:
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


def run(arguments: list[str]) -> int:
    """Carry out a command line; the exit status. Problems become one line on stderr."""
    try:
        status = app(arguments, prog_name="resnet-gui", standalone_mode=False) or 0
        return _complain("Interrupted.", 1) if status == INTERRUPTED else status
    except typer.TyperException as error:  # an unknown option, a value of the wrong kind, ...
        return _complain(error.format_message(), 2)
    except (ArchitectureError, RecipeError) as error:
        return _complain(str(error), 2)
    except ExplorerError as error:
        return _complain(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        return _complain("Interrupted.", 1)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None  # type: ignore[assignment]  # or Python would complain once more at exit
        return 1
    except Exception as error:  # the edge of the program
        return _complain(f"That failed with {type(error).__name__} ({error}); `resnet-gui doctor` may say why.", 1)


def _complain(text: str, status: int) -> int:
    print(f"resnet-gui: {' '.join(text.split())}", file=sys.stderr)
    return status


def _refuse(text: str) -> NoReturn:
    """End with exit status 2."""
    raise typer.BadParameter(text)


def _experiment(preset: str, given: Mapping[str, Any]) -> Experiment:
    """The preset's experiment with the fields that were given on the command line."""
    base = PRESETS[preset].experiment

    def changed(value: Any) -> Any:
        names = {field.name for field in fields(value)}
        return replace(value, **{name: v for name, v in given.items() if name in names and v is not None})

    architecture = changed(base.architecture)
    for name, shortcuts in SHORTCUT_SETTINGS.items():
        if given.get(name) is not None and architecture.shortcut not in shortcuts:
            option = f"--{name.replace('_', '-')}"
            _refuse(f"{option} needs --shortcut {' or '.join(shortcuts)}; got {architecture.shortcut}.")
    return Experiment(architecture, changed(base.recipe))


@app.callback(invoke_without_command=True)
def open_window(
    context: typer.Context,
    device: Device = AUTO,
    data_dir: DataDir = None,
    experiment: Annotated[
        str | None, typer.Option(help="Open with this experiment, as `Copy experiment as text` wrote it.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> int:
    """Without a command: open the window."""
    if version:
        print(f"ResNet Explorer {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        if data_dir is not None or device is not AUTO or experiment is not None:
            _refuse(f"Put the options behind {context.invoked_subcommand}; before it they are the window's.")
        return 0
    from resnet_gui.__main__ import window

    try:
        chosen = None if experiment is None else experiment_of(experiment)
    except ExplorerError as error:
        _refuse(f"--experiment: {error}")
    raise typer.Exit(window(str(device), data_dir, chosen))


@app.command()
@_with_options(ARCHITECTURE_OPTIONS | RECIPE_OPTIONS)
def train(
    context: typer.Context,
    preset: PresetOption = SEED,
    data_dir: DataDir = None,
    device: Device = AUTO,
    export: Annotated[
        Path | None, typer.Option(help="Write the run with its weights to this file as well.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> int:
    """Train a network and keep the run. Ctrl+C stops it, and keeps what it has learned."""
    experiment = _experiment(preset, context.params)
    if export is not None and (not export.name or export.is_dir() or not export.parent.is_dir()):
        _refuse(f"--export needs a file in a folder that exists, such as run.npz; got {str(export)!r}.")
    return _train(Run(new_run_id(experiment), experiment), None, data_dir, device, export, as_json)


def _train(
    run: Run,
    checkpoint: Checkpoint | None,
    data_dir: Path | None,
    device: DeviceName,
    export: Path | None,
    as_json: bool,
) -> int:
    """Train `run`, on from `checkpoint` if there is one, while it is recorded; the exit status."""
    from resnet_gui.engine import training

    control, problems = Control(), []
    recorder = Recorder(Library(), lambda _, problem: problems.append(problem))
    with interruptible(control), Progress(run) as progress:
        recorder.begin(copy.deepcopy(run))

        def emit(event: Event) -> None:
            recorder.take(event)
            run.apply(event)
            progress.show(event)

        network = training.run(
            run.id,
            run.experiment,
            emit=emit,
            control=control,
            data_dir=data_dir,
            device=str(device),
            checkpoint=checkpoint,
        )
        recorder.finish()
        if run.state is not State.FINISHED:
            problems.insert(0, run.message)
        if export is not None and network is not None and run.step:
            try:
                write_run(export, run, network.weights())
            except ExplorerError as error:
                problems.append(str(error))
    if run.details:
        print(run.details, file=sys.stderr)
    if as_json:
        _print_json({"run": run.id, **_figures(run)})
    elif run.test_accuracy is not None:
        print(
            f"{run.experiment.architecture.name}: test accuracy {run.test_accuracy:.2%}, "
            f"test loss {run.test_loss:.4f}, {run.train_seconds:.1f} s, run {run.id}"
        )
    for problem in problems:
        _complain(problem, 1)
    return 1 if problems else 0


@app.command()
@_with_options(ARCHITECTURE_OPTIONS)
def describe(
    context: typer.Context,
    preset: PresetOption = SEED,
    input: Annotated[str, typer.Option(metavar="HxWxC", help="Height, width and channels of an image.")] = "28x28x1",
    classes: Annotated[int, typer.Option(min=1, max=100_000, help="Number of classes.")] = 10,
    as_json: Json = False,
) -> int:
    """List a network's layers with shapes, parameters and multiply-adds."""
    architecture = _experiment(preset, context.params).architecture
    blueprint = make_blueprint(architecture, _shape(input), classes)
    batch_size = PRESETS[preset].experiment.recipe.batch_size
    if as_json:
        _print_json(
            {
                "name": architecture.name,
                "parameters": blueprint.parameters,
                "depth": blueprint.depth,
                "multiply_adds": blueprint.multiply_adds,
                "training_bytes": blueprint.training_bytes(batch_size),
                "layers": [
                    {
                        "name": layer.name,
                        "kind": layer.text,
                        "inputs": layer.inputs,
                        "shape": layer.shape,
                        "parameters": layer.parameters,
                        "multiply_adds": layer.multiply_adds,
                    }
                    for layer in blueprint.layers
                ],
            }
        )
    else:
        _print_blueprint(blueprint, batch_size)
    return 0


@app.command()
@_with_options(ARCHITECTURE_OPTIONS | RECIPE_OPTIONS)
def script(
    context: typer.Context,
    preset: PresetOption = SEED,
) -> int:
    """Print a Keras script of the experiment that runs without this program."""
    print(script_of(_experiment(preset, context.params)), end="")
    return 0


def _shape(text: str) -> tuple[int, int, int]:
    sides = text.lower().split("x")
    if len(sides) != 3 or not all(re.fullmatch("[0-9]{1,4}", side) and 1 <= int(side) <= 4096 for side in sides):
        _refuse(f"--input must be like 28x28x1, each side from 1 to 4096; got {text!r}.")
    height, width, channels = map(int, sides)
    return height, width, channels


def _print_blueprint(blueprint: Blueprint, batch_size: int) -> None:
    rows = [
        (layer.name, layer.text, " x ".join(map(str, layer.shape)), f"{layer.parameters:,}", f"{layer.multiply_adds:,}")
        for layer in blueprint.layers
    ]
    _print_table(("layer", "kind", "output", "parameters", "multiply-adds"), rows, numbers=2)
    print(
        f"{blueprint.architecture.name}: {blueprint.depth} weighted layers, {blueprint.parameters:,} parameters, "
        f"{blueprint.multiply_adds:,} multiply-adds an image, {blueprint.training_bytes(batch_size) / 2**20:,.0f} MiB "
        f"for a training step on {batch_size} images"
    )


@app.command()
def predict(
    images: Annotated[list[Path], typer.Argument(help="Picture files of one digit each.", show_default=False)],
    run: RunId = STARTER,
    as_json: Json = False,
) -> int:
    """Read the digit in each picture: any size, dark on light or light on dark."""
    from resnet_gui.engine.datasets import printable
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.pictures import read_picture
    from resnet_gui.engine.prediction import load_reader

    choose_device()
    reader = load_reader(Library(), run)
    readings, status = {}, 0
    for path in images:
        try:
            readings[path] = reader.read(read_picture(path))
        except PictureError as error:  # the others can still be read
            status = _complain(str(error), 1)
    if not as_json and readings:
        print(f"Read by {reader.name}:")
        for path, reading in readings.items():
            print(f"{printable(path)}: {reading.digit} ({reading.probabilities.max():.1%})")
    if as_json:
        _print_json(
            {
                "run": run,
                "network": reader.name,
                "predictions": [
                    {"image": str(path), "digit": reading.digit, "probabilities": reading.probabilities.tolist()}
                    for path, reading in readings.items()
                ],
            }
        )
    return status


@app.command()
def evaluate(
    run: RunId = STARTER,
    strokes: Annotated[
        Path | None, typer.Option(help="A file of pen strokes (see the README).", show_default=False)
    ] = None,
    dataset: Data = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> int:
    """Measure a network's accuracy on a data set's test images, or on a file of pen strokes."""
    if (strokes is None) == (dataset is None):
        _refuse("Name what to evaluate on: either --strokes FILE or --dataset NAME.")
    from resnet_gui.engine.datasets import load_dataset, printable
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.prediction import load_reader
    from resnet_gui.engine.stroke_files import read_strokes

    choose_device()
    reader = load_reader(Library(), run)
    groups: tuple[str, ...] = ()
    if strokes is not None:
        file = read_strokes(strokes)
        images, labels, groups, source = file.images(), file.labels, file.groups, printable(strokes)
    else:
        assert dataset is not None
        data = load_dataset(dataset, data_dir=data_dir)
        images, labels, source = data.x_test, data.y_test, data.source
    right = reader.classify(images) == labels
    by_group = {group: float(right[[g == group for g in groups]].mean()) for group in sorted(set(groups))}
    figures: dict[str, Any] = {"run": run, "dataset": source, "images": len(labels), "accuracy": float(right.mean())}
    if by_group:
        figures |= {"accuracy_by_group": by_group, "mean_over_groups": sum(by_group.values()) / len(by_group)}
    if as_json:
        _print_json(figures)
    else:
        print(f"{reader.name} reads {figures['accuracy']:.2%} of {len(labels):,} images ({source})")
        if by_group:
            _print_table(("group", "accuracy"), [(g, f"{share:.2%}") for g, share in by_group.items()], numbers=1)
            print(f"mean over groups {figures['mean_over_groups']:.2%}")
    return 0


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context) -> int:
    """The saved runs; without a command they are listed."""
    return list_runs() if context.invoked_subcommand is None else 0


@runs_app.command("list")
def list_runs(as_json: Json = False) -> int:
    """List the saved runs, the oldest first."""
    runs, unreadable = Library().survey()
    for run_id in unreadable:
        _complain(f"The run {run_id} cannot be understood; `resnet-gui runs delete {run_id}` forgets it.", 0)
    if as_json:
        _print_json({"runs": [{"id": run.id, **_figures(run)} for run in runs]})
    elif not runs:
        print("There are no saved runs yet; `resnet-gui train` makes one.")
    else:
        rows = [
            (
                run.id,
                _date(run),
                run.experiment.architecture.name,
                str(run.experiment.recipe.dataset),
                str(run.state),
                f"{run.step:,}",
                "–" if run.best_accuracy is None else f"{run.best_accuracy:.2%}",
            )
            for run in runs
        ]
        _print_table(("run", "started", "network", "data", "outcome", "steps", "accuracy"), rows, numbers=2)
    return 0


@runs_app.command("show")
def show_run(id: str, as_json: Json = False) -> int:
    """Show everything that is known of a run, and the command that repeats it."""
    run = Library().load(id)[0] if id == STARTER else Library().find(id)
    if as_json:
        _print_json({"id": run.id, **_figures(run), "command": command_of(run.experiment)})
    else:
        print(f"{run.experiment.architecture.name}, {_date(run)}\n{described(run)}\n{command_of(run.experiment)}")
    return 0


@runs_app.command("export")
def export_run(
    id: str, file: Annotated[Path, typer.Argument(help="The .npz file to write; or .keras, for the network alone.")]
) -> int:
    """Write a run with its curves and weights to one file, or its network as one that plain Keras opens."""
    run, weights = Library().load(id)
    if file.suffix.lower() == ".keras":
        from resnet_gui.engine.keras_network import write_model

        try:
            write_model(file, run.experiment.architecture, weights)
        except ValueError as error:
            raise LibraryError(f"The saved weights of {id} do not fit its network: {error}.") from None
    else:
        write_run(file, run, weights)
    return 0


@runs_app.command("resume")
def resume_run(id: str, data_dir: DataDir = None, device: Device = AUTO, as_json: Json = False) -> int:
    """Train a run on that was stopped or interrupted, to the same end that it would have had."""
    run, checkpoint = Library().claim(id)
    return _train(run, checkpoint, data_dir, device, None, as_json)


@runs_app.command("delete")
def delete_run(id: str) -> int:
    """Forget a run and its weights."""
    Library().delete(id)
    return 0


@app.command()
def doctor(as_json: Json = False) -> int:
    """Say what this machine has, what is missing, and the line that mends it."""
    from resnet_gui.doctor import main

    return main(as_json)


@app.command()
def demo(out: Annotated[Path, typer.Option(help="The folder for the pictures.")] = Path("demo-pictures")) -> int:
    """Drive the window through its main job without a screen, and save pictures."""
    from resnet_gui.demo import main

    return main(out)


@app.command()
def bench(
    parts: Annotated[list[PartName] | None, typer.Argument(help="What to measure; everything if left out.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Less and fewer times: a minute or two.")] = False,
    as_json: Json = False,
) -> int:
    """Measure start, training, window, curves and library on this machine, beside plain Keras and a bare window."""
    from resnet_gui.bench.main import main

    return main(parts or PARTS, as_json, quick)


def command_of(experiment: Experiment) -> str:
    """The command line that trains `experiment`."""
    options = _options_of(train)
    words = ["resnet-gui", "train"]
    for value, default in ((experiment.architecture, Architecture()), (experiment.recipe, Recipe())):
        for name in (field.name for field in fields(value)):
            chosen = getattr(value, name)
            if chosen == getattr(default, name):
                continue
            on, _, off = options[name].partition("/")
            words += [on if chosen else off] if isinstance(chosen, bool) else [on, str(chosen)]
    return " ".join(words)


def _options_of(command: Callable[..., Any]) -> dict[str, str]:
    """The option of each parameter of `command`, such as --batch-size, or --bn/--no-bn."""
    group = typer.main.get_command(app)
    (found,) = (c for c in group.commands.values() if c.name == command.__name__)  # type: ignore[attr-defined]
    return {p.name: "/".join([*p.opts[:1], *p.secondary_opts[:1]]) for p in found.params}


def _figures(run: Run) -> dict[str, Any]:
    """What is known of `run` but its id."""
    record = record_of(run)
    del record["id"]
    return {"outcome": record.pop("state"), "step": run.step, **record}


def _date(run: Run) -> str:
    return datetime.fromtimestamp(run.started).strftime("%Y-%m-%d %H:%M")


def _print_json(values: Mapping[str, Any]) -> None:
    print(json.dumps(_finite(values), allow_nan=False))


def _finite(value: Any) -> Any:
    """`value` with null for numbers that JSON has no word for, such as the loss of a diverged run."""
    match value:
        case Mapping():
            return {key: _finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner) for inner in value]
        case float() if not math.isfinite(value):
            return None
    return value


def _print_table(titles: tuple[str, ...], rows: list[tuple[str, ...]], numbers: int = 0) -> None:
    """Columns as wide as their longest cell; the last `numbers` of them hold numbers."""
    table = [titles, *rows] if any(titles) else rows
    widths = [max(len(row[column]) for row in table) for column in range(len(titles))]
    words = len(titles) - numbers
    for row in table:
        cells = [
            cell.ljust(width) if index < words else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
