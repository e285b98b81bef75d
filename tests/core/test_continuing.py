"""How a network is trained on with drawn digits."""

from dataclasses import replace

import pytest

from resnet_gui.core.continuing import CHANGES, continued, with_mine, without_mine
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe
from resnet_gui.core.run import Run


@pytest.mark.parametrize("name", DatasetName)
def test_drawn_digits_are_mixed_into_any_data_set(name):
    mixed = with_mine(name)
    assert mixed.parts == (*(part for part in name.parts if part != "mine"), "mine")
    assert mixed.test is name.test
    assert without_mine(mixed) == name.removesuffix("+mine")


def test_a_run_goes_on_from_its_own_weights_on_its_own_data_with_small_steps():
    run = Run("abc-1", Experiment(recipe=Recipe("digits", epochs=9, learning_rate=0.1, optimizer="sgd", shift=3.0)))
    recipe = continued(run, "abc-1").recipe
    assert (recipe.start, recipe.dataset, recipe.epochs) == ("abc-1", "digits+mine", 1)
    assert recipe.learning_rate < 0.01
    assert (recipe.shift, recipe.elastic) == (3.0, 0.0)
    assert continued(run, "abc-1").architecture == run.experiment.architecture


def test_a_network_that_saw_no_image_changed_sees_drawn_digits_changed():
    recipe = continued(Run("abc-1", Experiment()), "abc-1").recipe
    assert replace(Recipe(), **CHANGES).shift == recipe.shift > 0
