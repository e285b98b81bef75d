"""The part `scaling`: how speed and the time to the first step change with blocks, width and batch size."""

import time
from dataclasses import replace

from resnet_gui.bench.figure import Figure
from resnet_gui.core.architecture import Architecture, Head
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.events import Control, Event, RunEnded, StepsEnded
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe

SECONDS = 2.0  # of training for each speed, from the second call on
FIRST_STEP = {1: 1.5, 27: 5.0, 54: 10.0}  # seconds that are to be enough, by blocks
FEW = Experiment(
    Architecture(blocks=2, width=16, batch_norm=True, head=Head.AVERAGE_POOLING),
    Recipe(dataset=DatasetName.DIGITS, precision="float32", validation_share=0.0, epochs=100),
)


def measure(quick: bool) -> list[Figure]:
    """Images per second and seconds to the first step for networks of 16 channels, and of other widths and batches."""
    blocks = (1, 4) if quick else (1, 3, 9, 27, 54)
    widths = (8, 16) if quick else (8, 16, 32, 64)
    batches = (16, 64) if quick else (4, 16, 64, 256)
    _train(FEW)  # the data set, and what TensorFlow does once in a process
    figures = []
    for count in blocks:
        experiment = replace(FEW, architecture=replace(FEW.architecture, blocks=count))
        first, rate = _train(experiment)
        again, _ = _train(experiment, seconds=0)
        step = experiment.recipe.batch_size / rate
        figures += [
            Figure(f"{count} blocks: speed", rate, "images/s"),
            Figure(f"{count} blocks: speed x blocks", rate * count, "images/s"),
            Figure(f"{count} blocks: first step", first, "s", at_most=FIRST_STEP.get(count)),
            # The step itself is no matter of compiling.
            Figure(f"{count} blocks: trained again, until the first step", again - step, "s", at_most=0.3),
        ]
    for width in widths:
        _, rate = _train(replace(FEW, architecture=replace(FEW.architecture, width=width)))
        figures.append(Figure(f"width {width}: speed", rate, "images/s"))
    for batch_size in batches:
        _, rate = _train(replace(FEW, recipe=replace(FEW.recipe, batch_size=batch_size)))
        figures.append(Figure(f"batch size {batch_size}: speed", rate, "images/s"))
    return figures


def _train(experiment: Experiment, seconds: float = SECONDS) -> tuple[float, float]:
    """Seconds from the call to the first step, and the steady speed in images per second."""
    from resnet_gui.engine import training

    control = Control()
    times: list[float] = []
    ends: list[RunEnded] = []

    def hear(event: Event) -> None:
        if isinstance(event, StepsEnded):
            times.append(time.perf_counter())
            if len(times) > 1 and times[-1] - times[0] >= seconds:
                control.stop()
        elif isinstance(event, RunEnded):
            ends.append(event)

    began = time.perf_counter()
    training.run("bench", experiment, emit=hear, control=control)
    if not times:
        raise ExplorerError(ends[0].message)
    return times[0] - began, ends[0].images_per_second
