"""Experiments as a short line: the way there and back, and what is no experiment."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import ArchitectureError, ExplorerError, RecipeError
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.experiment_text import LONGEST, experiment_of, text_of
from resnet_gui.core.presets import PRESETS

UNUSUAL = Experiment(
    Architecture(
        3, 2, 24, "exclusive-gating", True, "average-pooling", 2, "full-pre-activation", "bottleneck", gate_bias=-7.25
    ),
    Recipe("digits", 7, 33, "sgd", 0.0123456789, 42, "float32", 0.125, limit=500),
)


@pytest.mark.parametrize("experiment", [UNUSUAL, *(preset.experiment for preset in PRESETS.values())])
def test_there_and_back(experiment):
    assert experiment_of(text_of(experiment)) == experiment
    assert experiment_of(f"\n  {text_of(experiment)}\n") == experiment
    assert experiment_of(experiment.to_json()) == experiment


def test_the_text_is_short_and_says_what_is_not_the_default():
    assert text_of(Experiment()) == "resnet-gui/1"
    assert text_of(PRESETS["deep-plain"].experiment) == (
        "resnet-gui/1 blocks=24 width=16 shortcut=none batch_norm=yes head=average-pooling stem_stride=2"
    )


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", ExplorerError, "must begin with resnet-gui/1"),
        ("blocks=3", ExplorerError, "must begin with resnet-gui/1"),
        ("resnet-gui/2 blocks=3", ExplorerError, "newer version"),
        ("resnet-gui/1 blocks=3 magic=9", ExplorerError, "'magic=9', which means nothing here; it may have blocks"),
        ("resnet-gui/1 blocks", ExplorerError, "'blocks', which means nothing"),
        ("resnet-gui/1 blocks=3 blocks=4", ExplorerError, "two values for blocks"),
        ("resnet-gui/1 blocks=3.5", ArchitectureError, "Blocks per stage must be a whole number"),
        ("resnet-gui/1 blocks=100000000000000000000000", ArchitectureError, "from 0 to 200"),
        ("resnet-gui/1 batch_norm=maybe", ArchitectureError, "must be true or false"),
        ("resnet-gui/1 learning_rate=nan", RecipeError, "learning rate"),
        ("resnet-gui/1 shortcut=none order=bn-after-addition", ArchitectureError, "no addition"),
        ("resnet-gui/1 " + "x" * LONGEST, ExplorerError, "characters"),
        ('{"architecture": {}, "recipe": {"learning_rate": 1' + "0" * 400 + "}}", RecipeError, "from 1e-08 to 100"),
        ("resnet-gui/1 shortcut=" + "W" * 3000, ArchitectureError, r"got 'W{39}…\.$"),
        ("{]", ExplorerError, "not valid JSON"),
        ('{"architecture": {"blocks": 2, "magic": 1}, "recipe": {}}', ExplorerError, "no field 'magic'"),
        ("resnet-gui/1 \x1b[31m\u202e=1", ExplorerError, r"\\x1b"),
    ],
)
def test_what_is_no_experiment_is_refused_with_a_reason(text, error, words):
    with pytest.raises(error, match=words):
        experiment_of(text)


def test_hostile_text_breaks_nothing():
    rng = np.random.default_rng(0)
    start = text_of(UNUSUAL)
    messages = []
    for _ in range(500):
        letters = list(start)
        for place in rng.integers(0, len(letters), rng.integers(1, 6)):
            letters[place] = chr(int(rng.choice([0, 9, 32, 61, 48, 57, 101, 45, 0x202E, 0x1F600])))
        try:
            experiment_of("".join(letters))
        except ExplorerError as error:
            messages.append(str(error))
    assert len(messages) > 400
    assert all(message.isprintable() for message in messages)
