"""The commands on the digits that people drew here and kept: `resnet-gui digits ...`."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from resnet_gui.cli_options import AUTO, DataDir, Device, Json, RunId
from resnet_gui.cli_output import print_json, print_table, refuse
from resnet_gui.cli_train import train_run
from resnet_gui.core.continuing import continued
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.run import Labels, Run, new_run_id
from resnet_gui.core.sample import CLASSES

digits_app = typer.Typer(rich_markup_mode=None)

DigitIds = Annotated[list[int], typer.Argument(help="The digits, by their numbers in `digits list`.")]


@digits_app.callback(invoke_without_command=True)
def digits(context: typer.Context) -> int:
    """The digits that you drew and labelled; without a command they are listed."""
    return list_digits() if context.invoked_subcommand is None else 0


@digits_app.command("list")
def list_digits(as_json: Json = False) -> int:
    """List the kept digits, the oldest first, and how many there are of each."""
    samples = MyDigits().all()
    counts = Counter(sample.label for sample in samples)
    if as_json:
        print_json(
            {
                "digits": [
                    {
                        "id": sample.id,
                        "label": sample.label,
                        "written": sample.written,
                        "strokes": len(sample.strokes),
                        "points": sum(map(len, sample.strokes)),
                        "pen": sample.pen,
                    }
                    for sample in samples
                ],
                "counts": {str(label): counts[label] for label in range(CLASSES)},
            }
        )
    elif not samples:
        print("There are no digits yet: draw one in the window and press its key, 0-9, or `digits import` a file.")
    else:
        rows = [
            (
                str(sample.id),
                str(sample.label),
                datetime.fromtimestamp(sample.written).strftime("%Y-%m-%d %H:%M"),
                f"{len(sample.strokes):,}",
                f"{sum(map(len, sample.strokes)):,}",
            )
            for sample in samples
        ]
        print_table(("id", "digit", "written", "strokes", "points"), rows, numbers=2)
        print(f"{len(samples):,} in all: {', '.join(f'{counts[label]} x {label}' for label in sorted(counts))}")
    return 0


@digits_app.command("export")
def export_digits(
    file: Annotated[Path, typer.Argument(help="The stroke file (.npz) to write; the README says what is in it.")],
    as_json: Json = False,
) -> int:
    """Write all kept digits, as strokes, to a file."""
    from resnet_gui.engine.stroke_files import write_strokes

    samples = MyDigits().all()
    write_strokes(file, samples)
    if as_json:
        print_json({"file": str(file), "digits": len(samples)})
    return 0


@digits_app.command("import")
def import_digits(
    file: Annotated[Path, typer.Argument(help="A stroke file (.npz), as `digits export` writes it.")],
    as_json: Json = False,
) -> int:
    """Add the digits of a stroke file, all or none. What is here already stays as it is."""
    from resnet_gui.engine.stroke_files import read_strokes

    taken = MyDigits().take(read_strokes(file).digits())
    if as_json:
        print_json({"added": taken.added, "known": taken.known, "empty": taken.empty})
    else:
        print(taken.sentence)
    return 0


@digits_app.command("train")
def train_on_digits(
    run: RunId = STARTER,
    data_dir: DataDir = None,
    device: Device = AUTO,
    as_json: Json = False,
) -> int:
    """Train a run's network on with your digits, mixed with its own data so that it forgets nothing: a new run."""
    start = Library().find(run)
    experiment = continued(start, run)
    labels = Labels(name=f"{start.name} + my digits")
    return train_run(Run(new_run_id(experiment), experiment, labels=labels), None, data_dir, device, None, as_json)


@digits_app.command("label")
def label_digits(
    label: Annotated[int, typer.Argument(min=0, max=CLASSES - 1, help="What they are.")],
    ids: DigitIds,
) -> int:
    """Say what digits are that were kept as something else."""
    store = MyDigits()
    _require_known(store, ids)
    store.relabel(ids, label)
    return 0


@digits_app.command("delete")
def delete_digits(
    ids: Annotated[list[int] | None, typer.Argument(help="The digits, by their numbers in `digits list`.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    as_json: Json = False,
) -> int:
    """Forget digits."""
    if bool(ids) == everything:
        refuse("Name the digits that are to go, or say --all.")
    store = MyDigits()
    doomed = store.ids() if everything else set(ids or ())
    _require_known(store, doomed)
    store.delete(doomed)
    if as_json:
        print_json({"deleted": len(doomed)})
    return 0


def _require_known(store: MyDigits, ids: set[int] | list[int]) -> None:
    """Raises LibraryError if one of `ids` is no digit's."""
    unknown = sorted(set(ids) - store.ids())
    if unknown:
        raise LibraryError(f"There is no digit {unknown[0]}; `resnet-gui digits list` shows those that there are.")
