"""The commands on saved runs: `resnet-gui runs ...`."""

from pathlib import Path
from typing import Annotated

import typer

from resnet_gui.cli_options import Json
from resnet_gui.cli_output import complain, date_of, figures_of, print_json, print_table
from resnet_gui.core.command_text import command_of
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run import described
from resnet_gui.core.run_file import write_run

runs_app = typer.Typer(rich_markup_mode=None)


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context) -> int:
    """The saved runs; without a command they are listed."""
    return list_runs() if context.invoked_subcommand is None else 0


@runs_app.command("list")
def list_runs(as_json: Json = False) -> int:
    """List the saved runs, the oldest first."""
    runs, unreadable = Library().survey()
    for run_id in unreadable:
        complain(f"The run {run_id} cannot be understood; `resnet-gui runs delete {run_id}` forgets it.", 0)
    if as_json:
        print_json({"runs": [{"id": run.id, **figures_of(run)} for run in runs]})
    elif not runs:
        print("There are no saved runs yet; `resnet-gui train` makes one.")
    else:
        rows = [
            (
                run.id,
                date_of(run),
                run.experiment.architecture.name,
                str(run.experiment.recipe.dataset),
                str(run.state),
                f"{run.step:,}",
                "–" if run.best_accuracy is None else f"{run.best_accuracy:.2%}",
            )
            for run in runs
        ]
        print_table(("run", "started", "network", "data", "outcome", "steps", "accuracy"), rows, numbers=2)
    return 0


@runs_app.command("show")
def show_run(id: str, as_json: Json = False) -> int:
    """Show everything that is known of a run, and the command that repeats it."""
    run = Library().load(id)[0] if id == STARTER else Library().find(id)
    if as_json:
        print_json({"id": run.id, **figures_of(run), "command": command_of(run.experiment)})
    else:
        print(f"{run.experiment.architecture.name}, {date_of(run)}\n{described(run)}\n{command_of(run.experiment)}")
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


@runs_app.command("delete")
def delete_run(id: str) -> int:
    """Forget a run and its weights."""
    Library().delete(id)
    return 0
