"""Where steps lie on an axis, and which steps lie at a place."""

import numpy as np
import pytest

from resnet_gui.core.curve_options import Axis
from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.ruler import Ruler, steps_per_epoch
from resnet_gui.core.run import Run

STEPS = np.array([1.0, 10.0, 99.0, 100.0])


def make_run(seconds=(5.0, 6.0), steps=100, epochs=4, batch_size=32):
    """A run whose first half takes until the first of `seconds`, and the second half until the second."""
    run = Run("a", Experiment(recipe=Recipe(epochs=epochs, batch_size=batch_size)), total_steps=steps)
    for half, end in enumerate(seconds):
        ones = np.ones(steps // 2, np.float32)
        run.apply(StepsEnded("a", half * steps // 2, ones, ones, 1.0, 1.0, end))
    return run


@pytest.mark.parametrize(
    ("axis", "places"),
    [
        (Axis.STEP, [1, 10, 99, 100]),
        (Axis.EPOCH, [0.04, 0.4, 3.96, 4.0]),
        (Axis.IMAGES, [32, 320, 3168, 3200]),
        (Axis.TIME, [0.1, 1.0, 5.98, 6.0]),
    ],
)
def test_steps_have_places_and_places_steps(axis, places):
    for log in (False, True):
        ruler = Ruler([make_run()], axis, log)
        found = ruler.places(STEPS)
        assert found == pytest.approx(np.log10(places) if log else places, rel=1e-5)
        assert ruler.steps(found + 1e-6) == pytest.approx(STEPS, abs=0.01)
        assert ruler.reach(100) == 100


def test_nothing_lies_before_the_first_step_or_after_the_last():
    ruler = Ruler([make_run()], Axis.TIME)
    assert ruler.steps(np.array([-1.0, 0.0, 1e9])).tolist() == [0, 0, 100]
    assert ruler.places(np.array([-5.0, 0.5, 1e9])) == pytest.approx([0.1, 0.1, 6.0])
    assert Ruler([make_run()], Axis.STEP, log=True).places(np.array([0.0])) == pytest.approx([-6])


def test_an_epoch_is_known_from_the_plan_or_else_from_those_that_ended():
    run = make_run(steps=100, epochs=4)
    assert steps_per_epoch(run) == 25
    run.total_steps = 0
    assert steps_per_epoch(run) == 0
    assert Ruler([run], Axis.EPOCH).reach(100) == 0
    run.history.end_epoch(EpochEnded("a", 1, 60, None, None))
    assert steps_per_epoch(run) == 30


def test_the_time_of_several_runs_is_that_of_their_mean_pace():
    whole, half = make_run(seconds=(5.0, 6.0)), make_run(seconds=(15.0,))
    ruler = Ruler([whole, half], Axis.TIME)
    places = ruler.places(np.arange(1.0, 101.0))
    assert places[49] == pytest.approx(10.0, rel=1e-4)
    assert places[99] == pytest.approx(11.0, rel=1e-4)  # no jump where one of them ends
    assert (np.diff(places) > 0).all()
    ones = np.ones(50, np.float32)
    half.apply(StepsEnded("a", 50, ones, ones, 1.0, 1.0, 18.0))
    assert ruler.places(np.array([100.0])) == pytest.approx([12.0], rel=1e-4)


def test_without_seconds_no_step_has_a_time():
    ruler = Ruler([Run("a", Experiment())], Axis.TIME)
    assert ruler.reach(0) == 0
    assert ruler.places(np.array([1.0, 2.0])).tolist() == [0, 0]
