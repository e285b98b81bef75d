"""The sentence under the chart is right for any data."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.depth_chart import FIGURES, XAxis, depth_chart
from resnet_gui.core.depth_words import OTHER_DEPTHS, summary
from resnet_gui.core.events import Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run


def run_of(blocks, error, shortcut="none", seed=0, **changes):
    """A finished run of `blocks` blocks with so many percent of errors; None: diverged."""
    run = Run(
        f"{blocks}{shortcut}{seed}", Experiment(Architecture(blocks, shortcut=shortcut, **changes), Recipe(seed=seed))
    )
    accuracy = None if error is None else 1 - error / 100
    run.apply(RunEnded(run.id, Outcome.DIVERGED if error is None else Outcome.FINISHED, "", 1, test_accuracy=accuracy))
    return Entry(run, run.name, 0)


def loss_of(blocks, loss, shortcut="none"):
    run = Run(f"{blocks}{shortcut}", Experiment(Architecture(blocks, shortcut=shortcut)))
    run.apply(StepsEnded(run.id, 0, np.array([loss], np.float32), np.ones(1, np.float32), 1.0, 1.0))
    return Entry(run, run.name, 0)


def said(entries, figure="test_error", axis=XAxis.LAYERS):
    return summary(depth_chart(entries, FIGURES[figure]), axis)


def test_the_lesson_is_said_in_a_sentence():
    runs = [loss_of(2, 0.21), loss_of(24, 1.9), loss_of(2, 0.17, "identity"), loss_of(24, 0.12, "identity")]
    assert said(runs, "training_loss") == (
        "From 6 to 50 layers the plain nets’ training loss rises from 0.21 to 1.9; "
        "with identity shortcuts it falls from 0.17 to 0.12."
    )
    assert said(runs, "training_loss", XAxis.BLOCKS).startswith("From 2 to 24 blocks per stage the plain nets’ ")


def test_where_chance_is_known_it_is_not_told_as_an_effect_of_depth():
    runs = [run_of(2, 1.9), run_of(24, 79.5), run_of(2, 1.7, "identity"), run_of(24, 1.8, "identity")]
    assert said(runs) == (
        "From 6 to 50 layers the plain nets’ test error rises from 1.90 % to 79.5 %; with identity shortcuts it goes "
        "from 1.70 % to 1.80 %, no difference that 10,000 test images could show. "
        "At 50 layers: identity is better by 77.7 points (95 %: 76.9 to 78.5)."
    )


def test_seeds_say_what_chance_is_too():
    runs = [run_of(blocks, error + seed, "A", seed) for blocks, error in ((2, 5), (4, 5.5)) for seed in range(3)]
    assert said(runs) == (
        "From 6 to 10 layers the test error with option A shortcuts goes from 6.00 % to 6.50 %, no difference that "
        "3 seeds each could show."
    )


def test_one_depth_asks_for_others():
    runs = [run_of(2, 5.0), run_of(2, 2.0, "identity")]
    assert said(runs) == (
        "At 6 layers the plain nets’ test error is 5.00 %; with identity shortcuts it is 2.00 %. "
        f"Identity is better by 3.0 points (95 %: 2.5 to 3.5). {OTHER_DEPTHS}"
    )
    assert said(runs[1:]) == f"At 6 layers the test error with identity shortcuts is 2.00 %. {OTHER_DEPTHS}"


def test_lines_of_different_spans_name_their_places():
    runs = [run_of(2, 5.0), run_of(9, 50.0), run_of(4, 2.0, "projection"), run_of(1, 3.0, "identity")]
    text = said([*runs, run_of(3, 3.0, "identity")])
    assert text.startswith(
        "The plain nets’ test error rises from 5.00 % at 6 layers to 50.0 % at 20; "
        "with identity shortcuts it stays at 3.00 % from 4 to 8 layers; "
        "with projection shortcuts it is 2.00 % at 10 layers."
    )


def test_a_hump_on_the_way_is_told():
    runs = [loss_of(2, 1.0), loss_of(4, 3.0), loss_of(8, 1.2)]
    assert said(runs, "training_loss") == (
        "From 6 to 18 layers the plain nets’ training loss rises from 1 to 1.2 by way of 3 at 10 layers."
    )
    assert "by way of" not in said([loss_of(2, 1.0), loss_of(4, 1.1), loss_of(8, 1.2)], "training_loss")


def test_a_dip_within_chance_is_not_told():
    assert "by way of" not in said([run_of(2, 5.0), run_of(4, 4.9), run_of(8, 5.1)])
    assert "by way of 2.00 % at 10 layers" in said([run_of(2, 5.0), run_of(4, 2.0), run_of(8, 5.1)])


def test_equal_values_stay():
    assert said([loss_of(2, 0.5), loss_of(4, 0.5)], "training_loss") == (
        "From 6 to 10 layers the plain nets’ training loss stays at 0.5."
    )


def test_what_tells_lines_of_one_shortcut_apart_is_said():
    runs = [run_of(blocks, 5.0, width=width) for width in (16, 32) for blocks in (2, 4)]
    assert said(runs).startswith(
        "From 6 to 10 layers the plain nets’ test error (width 16) stays at 5.00 %; "
        "that of the plain nets (width 32) stays at 5.00 %."
    )


def test_more_lines_than_can_be_told_are_counted():
    runs = [run_of(2, 5.0, shortcut) for shortcut in ("none", "A", "identity", "projection")]
    assert "; 1 more line is in the chart." in said(runs)
    assert "; 2 more lines are in the chart." in said([*runs, run_of(2, 5.0, "dropout")])


def test_a_higher_accuracy_is_better():
    runs = [run_of(2, 5.0), run_of(2, 50.0, "identity")]
    assert "The plain net is better by 45.0 points" in said(runs, "test_accuracy")


def test_runs_that_diverged_have_no_figure_to_tell():
    assert said([run_of(2, None)]) == "No run got as far as a figure: all diverged."
    assert (
        said([run_of(2, 5.0), run_of(9, None)]) == f"At 6 layers the plain nets’ test error is 5.00 %. {OTHER_DEPTHS}"
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_nothing_to_show_is_nothing_to_say(figure):
    assert said([], figure) == ""
    waiting = Entry(Run("a", Experiment()), "a", 0)
    assert said([waiting], figure) == ""


@pytest.mark.parametrize("number", range(100))
def test_any_runs_have_whole_sentences(number):
    rng = np.random.default_rng(number)
    kinds, errors = ("none", "A", "identity", "dropout"), (None, 0.0, 0.0, 1.0, 1.1, 50.0, 100.0)
    runs = [
        run_of(int(rng.integers(0, 4)), errors[rng.integers(7)], kinds[rng.integers(4)], int(rng.integers(3)))
        for _ in range(rng.integers(1, 14))
    ]
    for figure in ("test_error", "test_accuracy"):
        text = said(runs, figure, list(XAxis)[number % 2])
        assert text.endswith(".")
        assert text[0].isupper()
        assert not any(broken in text for broken in ("None", "nan", "  ", "..", " ,", "-"))


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("axis", XAxis)
def test_a_single_run_has_a_sentence_for_every_figure(figure, axis):
    run = run_of(1, 5.0).run
    run.apply(StepsEnded(run.id, 0, np.ones(1, np.float32), np.ones(1, np.float32), 1.0, 1.0))
    text = said([Entry(run, "a", 0)], figure, axis)
    assert text == "" or text.endswith(OTHER_DEPTHS)
    assert "blocks per stage" not in text
