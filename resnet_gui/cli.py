"""The commands: everything that the window does, without a window.

Results go to stdout, with --json as one object on the last line; progress and problems go to stderr. The exit status
is 0, 2 for bad arguments, and 1 for any other failure.
"""

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from resnet_gui import __version__
from resnet_gui.bench.main import BY_NAME, PARTS
from resnet_gui.cli_digits import digits_app
from resnet_gui.cli_inside import lesions
from resnet_gui.cli_inspect import inspect
from resnet_gui.cli_options import (
    ARCHITECTURE_OPTIONS,
    AUTO,
    RECIPE_OPTIONS,
    SEED,
    DataDir,
    Device,
    Json,
    PresetOption,
    chosen_experiment,
    with_options,
)
from resnet_gui.cli_output import complain, print_json, print_table, refuse
from resnet_gui.cli_reading import evaluate, predict
from resnet_gui.cli_runs import runs_app
from resnet_gui.cli_sweep import sweep
from resnet_gui.cli_train import train_run
from resnet_gui.core.blueprint import Blueprint, make_blueprint
from resnet_gui.core.errors import ArchitectureError, ExplorerError, LesionError, RecipeError
from resnet_gui.core.experiment_text import experiment_of
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import Run, new_run_id
from resnet_gui.core.script import script_of

app = typer.Typer(
    name="resnet-gui",
    help="Take residual networks apart: train them, compare depths, let them read digits. No command opens the window.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(runs_app, name="runs")
app.add_typer(digits_app, name="digits")

PartName = StrEnum("PartName", {name: name for name in (*PARTS, *BY_NAME)})  # type: ignore[misc]
INTERRUPTED = 130  # what Typer makes of Ctrl+C


def run(arguments: list[str]) -> int:
    """Carry out a command line; the exit status. Problems become one line on stderr."""
    try:
        status = app(arguments, prog_name="resnet-gui", standalone_mode=False) or 0
        return complain("Interrupted.", 1) if status == INTERRUPTED else status
    except typer.TyperException as error:  # an unknown option, a value of the wrong kind, ...
        return complain(error.format_message(), 2)
    except (ArchitectureError, LesionError, RecipeError) as error:
        return complain(str(error), 2)
    except ExplorerError as error:
        return complain(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        return complain("Interrupted.", 1)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None  # type: ignore[assignment]  # or Python would complain once more at exit
        return 1
    except Exception as error:  # the edge of the program
        return complain(f"That failed with {type(error).__name__} ({error}); `resnet-gui doctor` may say why.", 1)


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
            refuse(f"Put the options behind {context.invoked_subcommand}; before it they are the window's.")
        return 0
    from resnet_gui.__main__ import window

    try:
        chosen = None if experiment is None else experiment_of(experiment)
    except ExplorerError as error:
        refuse(f"--experiment: {error}")
    raise typer.Exit(window(str(device), data_dir, chosen))


@app.command()
@with_options(ARCHITECTURE_OPTIONS | RECIPE_OPTIONS)
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
    experiment = chosen_experiment(preset, context.params)
    if export is not None and (not export.name or export.is_dir() or not export.parent.is_dir()):
        refuse(f"--export needs a file in a folder that exists, such as run.npz; got {str(export)!r}.")
    return train_run(Run(new_run_id(experiment), experiment), None, data_dir, device, export, as_json)


app.command()(sweep)


@app.command()
@with_options(ARCHITECTURE_OPTIONS)
def describe(
    context: typer.Context,
    preset: PresetOption = SEED,
    input: Annotated[str, typer.Option(metavar="HxWxC", help="Height, width and channels of an image.")] = "28x28x1",
    classes: Annotated[int, typer.Option(min=1, max=100_000, help="Number of classes.")] = 10,
    as_json: Json = False,
) -> int:
    """List a network's layers with shapes, parameters and multiply-adds."""
    architecture = chosen_experiment(preset, context.params).architecture
    blueprint = make_blueprint(architecture, _shape(input), classes)
    batch_size = PRESETS[preset].experiment.recipe.batch_size
    if as_json:
        print_json(
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
@with_options(ARCHITECTURE_OPTIONS | RECIPE_OPTIONS)
def script(
    context: typer.Context,
    preset: PresetOption = SEED,
) -> int:
    """Print a Keras script of the experiment that runs without this program."""
    print(script_of(chosen_experiment(preset, context.params)), end="")
    return 0


def _shape(text: str) -> tuple[int, int, int]:
    sides = text.lower().split("x")
    if len(sides) != 3 or not all(re.fullmatch("[0-9]{1,4}", side) and 1 <= int(side) <= 4096 for side in sides):
        refuse(f"--input must be like 28x28x1, each side from 1 to 4096; got {text!r}.")
    height, width, channels = map(int, sides)
    return height, width, channels


def _print_blueprint(blueprint: Blueprint, batch_size: int) -> None:
    rows = [
        (layer.name, layer.text, " x ".join(map(str, layer.shape)), f"{layer.parameters:,}", f"{layer.multiply_adds:,}")
        for layer in blueprint.layers
    ]
    print_table(("layer", "kind", "output", "parameters", "multiply-adds"), rows, numbers=2)
    print(
        f"{blueprint.architecture.name}: {blueprint.depth} weighted layers, {blueprint.parameters:,} parameters, "
        f"{blueprint.multiply_adds:,} multiply-adds an image, {blueprint.training_bytes(batch_size) / 2**20:,.0f} MiB "
        f"for a training step on {batch_size} images"
    )


app.command()(predict)
app.command()(evaluate)
app.command()(lesions)
app.command()(inspect)


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
