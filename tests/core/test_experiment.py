import json
from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.errors import ArchitectureError, ExplorerError, RecipeError
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_preset_survives_json(name):
    experiment = PRESETS[name].experiment
    again = Experiment.from_json(experiment.to_json())
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert again.digest == experiment.digest


def test_different_settings_have_different_digests():
    experiment = Experiment()
    other = replace(experiment, recipe=replace(experiment.recipe, seed=1))
    assert experiment.digest != other.digest


def test_plain_strings_become_terms():
    assert Architecture(shortcut="projection").shortcut is Shortcut.PROJECTION


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("blocks", -1),
        ("blocks", 201),
        ("blocks", True),
        ("blocks", 2.5),
        ("blocks", "2"),
        ("stages", 0),
        ("stages", 6),
        ("width", 0),
        ("shortcut", "teleport"),
        ("head", None),
        ("batch_norm", 1),
        ("stem_stride", 3),
    ],
)
def test_architecture_names_what_came(field, value):
    with pytest.raises(ArchitectureError) as error:
        Architecture(**{field: value})
    assert repr(value) in str(error.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", float("inf")),
        ("learning_rate", "fast"),
        ("seed", -1),
        ("validation_share", 0.9),
        ("limit", -5),
        ("dataset", "cifar"),
        ("precision", "float8"),
        ("optimizer", []),
    ],
)
def test_recipe_names_what_came(field, value):
    with pytest.raises(RecipeError) as error:
        Recipe(**{field: value})
    assert repr(value) in str(error.value)


def test_too_many_channels_are_refused_with_a_way_out():
    with pytest.raises(ArchitectureError, match="fewer stages or a smaller width"):
        Architecture(stages=5, width=256)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "[" * 100_000,
        '{"architecture": 3, "recipe": {}}',
        '{"architecture": {}, "recipe": []}',
        '{"architecture": {"blocks": 1e999}, "recipe": {}}',
        '{"architecture": {"rm": "-rf"}, "recipe": {}}',
        '{"architecture": {}, "recipe": {}, "more": 1}',
    ],
)
def test_broken_text_is_no_experiment(text):
    with pytest.raises(ExplorerError):
        Experiment.from_json(text)


def test_missing_fields_take_their_defaults():
    assert Experiment.from_json('{"architecture": {}, "recipe": {}}') == Experiment()


def test_json_is_plain():
    values = json.loads(Experiment().to_json())
    assert values["architecture"]["shortcut"] == "identity"


def test_depth_and_widths_are_those_of_the_paper():
    resnet20 = PRESETS["resnet20"].experiment.architecture
    assert resnet20.depth == 20
    assert resnet20.widths == (16, 32, 64)
    assert resnet20.name == "ResNet-20"
    assert replace(resnet20, shortcut=Shortcut.NONE).name == "plain-20"
