"""Training on the command line: one run, from its beginning or from its last checkpoint, while it is recorded."""

import copy
import sys
from pathlib import Path

from resnet_gui.cli_options import DeviceName
from resnet_gui.cli_output import complain, print_json
from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.events import Control, Event
from resnet_gui.core.export import figures_of
from resnet_gui.core.library import Library
from resnet_gui.core.recorder import Recorder
from resnet_gui.core.run import Run, State
from resnet_gui.core.run_file import write_run
from resnet_gui.progress import Progress, interruptible


def train_run(
    run: Run,
    checkpoint: Checkpoint | None,
    data_dir: Path | None,
    device: DeviceName,
    export: Path | None,
    as_json: bool,
) -> int:
    """Train `run`, on from `checkpoint` if there is one, and write it to the file `export` as well; the exit status."""
    from resnet_gui.engine import training

    control, problems, library = Control(), [], Library()
    begun = run.experiment.recipe.start if checkpoint is None else ""
    start = library.load(begun)[1] if begun else None
    recorder = Recorder(library, lambda _, problem: problems.append(problem))
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
            start=start,
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
        print_json({"run": run.id, **figures_of(run)})
    elif run.test_accuracy is not None:
        print(
            f"{run.experiment.architecture.name}: test accuracy {run.test_accuracy:.2%}, "
            f"test loss {run.test_loss:.4f}, {run.train_seconds:.1f} s, run {run.id}"
        )
    for problem in problems:
        complain(problem, 1)
    return 1 if problems else 0
