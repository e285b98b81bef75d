"""The command `resnet-gui sweep`: one run for each combination of depth, shortcut type and seed."""

import copy
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from resnet_gui.cli_options import (
    ARCHITECTURE_OPTIONS,
    AUTO,
    RECIPE_OPTIONS,
    DataDir,
    Device,
    Json,
    PresetName,
    PresetOption,
    chosen_experiment,
    with_options,
)
from resnet_gui.cli_output import complain, print_json, print_table, refuse
from resnet_gui.core.architecture import SHORTCUT_SETTINGS, Shortcut, refusal
from resnet_gui.core.comparison import SHORTCUT_WORDS, Entry
from resnet_gui.core.depth_chart import FIGURES, Point, depth_chart
from resnet_gui.core.errors import DatasetUnavailable
from resnet_gui.core.estimate import Calibration
from resnet_gui.core.events import Control, RunEnded
from resnet_gui.core.experiment import Experiment, Precision
from resnet_gui.core.library import Library
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.queue import Job, Queue
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run, State, duration
from resnet_gui.core.sweep import MAX_RUNS, Sweep, estimate, new_tag, parse_blocks, parse_shortcuts, roughly, run_names
from resnet_gui.progress import SweepProgress, interruptible

LESSON = PresetName("lesson")
OPTIONS = {
    name: option
    for name, option in (ARCHITECTURE_OPTIONS | RECIPE_OPTIONS).items()
    if name not in ("blocks", "shortcut")
}
LOOK_SECONDS = 0.1  # between two looks whether Ctrl+C was pressed
END_SECONDS = 10.0  # for the thread that trained to end, once nothing is left to be trained
TABLES = {  # title and decimals
    "test_error": ("Test error in %", 2),
    "training_loss": ("Final training loss", 4),
}


@with_options(OPTIONS)
def sweep(
    context: typer.Context,
    preset: PresetOption = LESSON,
    blocks: Annotated[str, typer.Option(metavar="N,N,...", help="Blocks per stage of the networks.")] = "2,8,24",
    shortcut: Annotated[
        str, typer.Option(metavar="KIND,...", help=f"Shortcut types: {', '.join(Shortcut)}.")
    ] = "none,identity",
    seeds: Annotated[
        int, typer.Option(min=1, max=MAX_RUNS, help="Runs of each network, with this many seeds from --seed on.")
    ] = 1,
    data_dir: DataDir = None,
    device: Device = AUTO,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be trained, and train nothing.")] = False,
    as_json: Json = False,
) -> int:
    """Train a network for each combination of depth, shortcut type and seed, and compare them.

    All runs are kept, with a common tag. One that fails does not stop the rest. Ctrl+C stops the run that is trained
    and leaves the others to `resnet-gui runs resume`; pressed once more it ends at once.
    """
    wanted = _sweep(preset, parse_blocks(blocks), parse_shortcuts(shortcut), seeds, context.params)
    _say(f"{_counted(len(wanted), 'run')}: {_described(wanted)}.")
    from resnet_gui.engine.device import choose_device

    chosen = choose_device(str(device))
    calibration = _calibration(chosen, wanted.base.recipe.precision)
    seconds = None if calibration is None else estimate(wanted, calibration)
    if seconds is not None:
        _say(f"About {roughly(seconds)} on this computer.")
    if dry_run:
        _show_plan(wanted, seconds, as_json)
        return 0
    return _train(wanted, data_dir, str(device), as_json)


def _sweep(
    preset: str, blocks: tuple[int, ...], shortcuts: tuple[Shortcut, ...], seeds: int, given: Mapping[str, Any]
) -> Sweep:
    """The sweep that was asked for; ends the program if some of it cannot be built."""
    settings = {name: given[name] for name in SHORTCUT_SETTINGS if given.get(name) is not None}
    for name in settings:
        if not set(shortcuts) & set(SHORTCUT_SETTINGS[name]):
            refuse(
                f"--{name.replace('_', '-')} needs {' or '.join(SHORTCUT_SETTINGS[name])} among --shortcut; got "
                f"{', '.join(shortcuts)}."
            )
    base = PRESETS[preset].experiment.architecture
    order, batch_norm = given.get("order") or base.order, given.get("batch_norm")
    batch_norm = base.batch_norm if batch_norm is None else batch_norm
    possible = [kind for kind in shortcuts if not refusal(kind, order, batch_norm)]
    # The sweep says which combination cannot be built; what they all begin with is to be one that can.
    single = {"blocks": base.blocks, "shortcut": (possible or [None])[0], **dict.fromkeys(SHORTCUT_SETTINGS)}
    experiment: Experiment = chosen_experiment(preset, {**given, **single})
    return Sweep(experiment, blocks, shortcuts, seeds, tuple(settings.items()))


def _described(wanted: Sweep) -> str:
    """Such as `2, 8, 24 blocks with none, identity, seeds 1 to 3`."""
    seeds = wanted.all_seeds
    said = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    shortcuts = ", ".join(SHORTCUT_WORDS.get(kind, str(kind)) for kind in wanted.shortcuts)
    return f"{', '.join(map(str, wanted.blocks))} blocks with the shortcuts {shortcuts}; {said}"


def _calibration(device: Any, precision: Precision) -> Calibration | None:
    """How fast this machine is, measured in some seconds if it is not known yet; None where that fails."""
    from resnet_gui.engine.calibration import calibration_for

    try:
        return calibration_for(device, precision)
    except Exception:  # the estimate is a convenience
        return None


def _show_plan(wanted: Sweep, seconds: float | None, as_json: bool) -> None:
    names = ("network", "blocks", "shortcut", "seed")
    rows = [
        (each.architecture.name, each.architecture.blocks, str(each.architecture.shortcut), each.recipe.seed)
        for each in wanted.experiments()
    ]
    if as_json:
        print_json({"runs": [dict(zip(names, row, strict=True)) for row in rows], "seconds": seconds})
    else:
        print_table(names, [tuple(map(str, row)) for row in rows])


def _train(wanted: Sweep, data_dir: Path | None, device: str, as_json: bool) -> int:
    """Train all runs, which are recorded, and compare them; the exit status."""
    tag = new_tag()
    runs, problems = wanted.runs(tag), []
    _say(f"The runs are tagged {tag!r}.")
    control = Control()
    recorder = Recorder(Library(), lambda _, problem: problems.append(problem))
    began = time.monotonic()
    with interruptible(control), SweepProgress(runs) as progress:
        _train_all(runs, recorder, control, data_dir, device, progress.show)
        recorder.finish()
    seconds = time.monotonic() - began
    for details in dict.fromkeys(run.details for run in runs if run.details):
        print(details, file=sys.stderr)
    if as_json:
        print_json({"runs": [_figures(run) for run in runs], "tag": tag, "seconds": seconds})
    else:
        for name in TABLES:
            _print_figure(runs, wanted, name)
        print(f"{_counted(len(runs), 'run')}, {duration(seconds)}, tagged {tag!r}")
    failed = [run for run in runs if run.state is State.FAILED]
    waiting = [run for run in runs if run.state is State.QUEUED]
    if failed:
        names = run_names(runs)
        problems.append(f"{len(failed)} of {len(runs)} runs failed; {names[failed[0].id]}: {failed[0].message}")
    if waiting:
        problems.append(
            f"{_counted(len(waiting), 'run')} of {len(runs)} not begun; `resnet-gui runs resume {waiting[0].id}` "
            "trains the first of them, `resnet-gui runs list` shows all."
        )
    for problem in problems:
        complain(problem, 1)
    return 1 if problems or control.stopped else 0


def _train_all(
    runs: Sequence[Run],
    recorder: Recorder,
    control: Control,
    data_dir: Path | None,
    device: str,
    show: Callable[[Any], None],
) -> None:
    """Train `runs` one after the other until all have ended or `control` says stop; what waits then is not begun."""
    from resnet_gui.engine.executor import LocalExecutor

    noticed = threading.Event()
    executor = LocalExecutor(Library(), recorder, device, noticed=noticed.set)
    executor.start()
    queue, by_id = Queue(executor), {run.id: run for run in runs}
    for run in runs:
        recorder.begin(copy.deepcopy(run))
        queue.add(Job(run.id, run.experiment, data_dir))
    cancelled = False
    while queue.active is not None:
        noticed.wait(LOOK_SECONDS)
        noticed.clear()
        if control.stopped and not cancelled:
            cancelled = True
            queue.cancel()
        for event in executor.poll():
            by_id[event.run].apply(event)
            show(event)
            without_data = isinstance(event, RunEnded) and event.error == DatasetUnavailable.__name__
            if control.stopped or without_data:  # none of the others would find the data either
                queue.clear()
            queue.take(event)
    executor.close()
    executor.join(END_SECONDS)


def _figures(run: Run) -> dict[str, Any]:
    """What JSON says of a run."""
    architecture, loss = run.experiment.architecture, FIGURES["training_loss"].value(run)
    return {
        "id": run.id,
        "network": architecture.name,
        "blocks": architecture.blocks,
        "depth": architecture.depth,
        "shortcut": str(architecture.shortcut),
        "seed": run.experiment.recipe.seed,
        # What was not begun is interrupted for everybody else, as soon as this program has ended.
        "outcome": str(State.INTERRUPTED if run.state is State.QUEUED else run.state),
        "message": run.message,
        "step": run.step,
        "test_accuracy": run.test_accuracy,
        "test_loss": run.test_loss,
        "training_loss": loss,
        "parameters": run.parameters,
        "train_seconds": run.train_seconds,
        "images_per_second": run.images_per_second,
    }


def _print_figure(runs: Sequence[Run], wanted: Sweep, name: str) -> None:
    """A table of one figure: a row for each depth, a column for each shortcut type."""
    title, decimals = TABLES[name]
    chart = depth_chart([Entry(run, "", 0) for run in runs], FIGURES[name])
    columns = [{point.blocks: point for point in series.points} for series in chart.series]
    if not columns:
        return
    seeds = len(wanted.all_seeds)
    rows = []
    for architecture in (each for each in wanted.architectures() if each.shortcut is wanted.shortcuts[0]):
        cells = [_cell(column.get(architecture.blocks), seeds, decimals) for column in columns]
        rows.append((str(architecture.depth), str(architecture.blocks), *cells))
    print(f"{title}{f', mean ± standard deviation of {seeds} seeds' if seeds > 1 else ''}")
    titles = ("layers", "blocks", *(series.label for series in chart.series))
    print_table(titles, rows, numbers=len(titles))
    print()


def _cell(point: Point | None, seeds: int, decimals: int) -> str:
    if point is None:
        return "–"
    if point.value is None:
        return "diverged"
    text = f"{point.value:.{decimals}f}"
    if point.deviation is not None:
        text += f" ± {point.deviation:.{decimals}f}"
    return text if len(point.seeds) == seeds else f"{text} ({_counted(len(point.seeds), 'seed')})"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
