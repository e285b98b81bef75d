"""The commands on saved runs: `resnet-gui runs ...`."""

from pathlib import Path
from typing import Annotated

import typer

from resnet_gui.cli_options import AUTO, DataDir, Device, Json
from resnet_gui.cli_output import complain, date_of, print_json, print_table, refuse
from resnet_gui.cli_train import train_run
from resnet_gui.core.command_text import command_of
from resnet_gui.core.errors import FileError
from resnet_gui.core.export import Table, entries_of, figures_of, kind_of
from resnet_gui.core.library import Library
from resnet_gui.core.run import State, described
from resnet_gui.core.run_import import import_run

runs_app = typer.Typer(rich_markup_mode=None)

EXPORT = """Write runs to FILE: `runs export ID... FILE`, or `runs export --all FILE`.

FILE.npz is one run with its curves and weights, for `runs import`. FILE.keras is one run's network, for plain Keras.

FILE.csv is a table; `--table` says whether of steps (run, step, epoch, images, seconds, loss, accuracy), of epochs, or
of runs, with all settings and results. Images are steps times the batch size.

FILE.json is everything that is known but the weights. FILE.html is a report of the comparison that needs no network.
FOLDER.tb is a new folder for TensorBoard, one folder for each run inside.
"""


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
                run.name,
                str(run.experiment.recipe.dataset),
                ", ".join(run.labels.tags),
                str(run.state),
                f"{run.step:,}",
                "–" if run.test_accuracy is None else f"{run.test_accuracy:.2%}",
            )
            for run in runs
        ]
        print_table(("run", "started", "name", "data", "tags", "outcome", "steps", "test accuracy"), rows, numbers=2)
    return 0


@runs_app.command("show")
def show_run(id: str, as_json: Json = False) -> int:
    """Show everything that is known of a run, and the command that repeats it."""
    run = Library().find(id)
    if as_json:
        print_json({"id": run.id, **figures_of(run), "command": command_of(run.experiment)})
    else:
        print(f"{run.experiment.architecture.name}, {date_of(run)}\n{described(run)}\n{command_of(run.experiment)}")
    return 0


@runs_app.command("export", help=EXPORT)
def export_runs(
    *,
    id: Annotated[list[str] | None, typer.Argument(help="The runs; `starter` is the one that ships.")] = None,
    file: Annotated[Path, typer.Argument(help="What to write; its suffix says as what.")],
    everything: Annotated[bool, typer.Option("--all", help="All saved runs, instead of their ids.")] = False,
    table: Annotated[Table, typer.Option(help="What a row of a .csv file is.")] = Table.STEPS,
) -> int:
    """Carry out EXPORT."""
    from resnet_gui.engine.exporting import write_export

    if everything and id:
        refuse("Name runs or say --all, not both.")
    if not (everything or id):
        refuse("Name the runs, or --all, and then the file: runs export ID... FILE.")
    library = Library()
    wanted = [run.id for run in library.runs()] if everything else list(dict.fromkeys(id or ()))
    try:
        kind = kind_of(file, len(wanted))
    except FileError as error:
        refuse(str(error))
    weights = None
    if kind.of_one_run:
        run, weights = library.load(wanted[0])
        runs = [run]
    else:
        runs = [library.find(run_id) for run_id in wanted]
    write_export(file, entries_of(runs), weights, table)
    return 0


@runs_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A run file, as `runs export` writes it.")],
    as_json: Json = False,
) -> int:
    """Take a run that was exported elsewhere into the saved runs. The file is trusted in nothing."""
    imported = import_run(file, Library())
    if as_json:
        print_json({"run": imported.run.id, "added": imported.added, "former_id": imported.former_id})
    else:
        print(imported.sentence)
    return 0


@runs_app.command("resume")
def resume_runs(
    id: Annotated[list[str] | None, typer.Argument(help="The runs, one after the other.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were stopped or interrupted.")] = False,
    data_dir: DataDir = None,
    device: Device = AUTO,
    as_json: Json = False,
) -> int:
    """Train runs on that were stopped or interrupted, to the same end that they would have had."""
    if bool(id) == everything:
        refuse("Name the runs that are to go on, or say --all.")
    library = Library()
    wanted = list(id or ()) or [run.id for run in library.runs() if run.state in (State.STOPPED, State.INTERRUPTED)]
    status = 0
    for run_id in wanted:
        run, checkpoint = library.claim(run_id)
        status |= train_run(run, checkpoint, data_dir, device, None, as_json)
        if run.state is State.STOPPED:  # Ctrl+C
            break
    return status


@runs_app.command("delete")
def delete_run(id: str) -> int:
    """Forget a run and its weights."""
    Library().delete(id)
    return 0
