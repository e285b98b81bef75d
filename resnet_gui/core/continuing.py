"""How a trained network is trained on with digits that were drawn here, so that it learns them and forgets nothing."""

from dataclasses import replace
from typing import Any

from resnet_gui.core.experiment import DatasetName, Experiment, Optimizer, Schedule
from resnet_gui.core.run import Run

# A short training with small steps, on the network's own data with the drawn digits mixed in.
IMAGES = 20_000
LEARNING_RATES = {Optimizer.ADAM: 3e-4, Optimizer.SGD: 5e-3}
# For networks that never saw an image changed: a digit that is drawn once is to stand for a hand.
CHANGES = {"shift": 1.0, "rotation": 8.0, "scale": 0.1, "shear": 0.1, "elastic": 0.3, "pen": 0.2}


def with_mine(name: DatasetName) -> DatasetName:
    """The data set `name` with the drawn digits mixed in."""
    return name if "mine" in name.parts else DatasetName(f"{name}+mine")


def without_mine(name: DatasetName) -> DatasetName:
    """The data set `name` without the drawn digits."""
    return DatasetName(name.removesuffix("+mine"))


def continued(run: Run, run_id: str) -> Experiment:
    """The experiment that trains the network of `run` on, which the library finds by `run_id`."""
    recipe = run.experiment.recipe
    changes: dict[str, Any] = {} if recipe.augmented else CHANGES
    return replace(
        run.experiment,
        recipe=replace(
            recipe,
            dataset=with_mine(recipe.dataset),
            start=run_id,
            epochs=1,
            limit=IMAGES,
            learning_rate=LEARNING_RATES[recipe.optimizer],
            schedule=Schedule.COSINE,
            **changes,
        ),
    )
