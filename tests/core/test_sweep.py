"""Sweeps: what they train, in which order, and what they refuse."""

from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut
from resnet_gui.core.errors import ArchitectureError, RecipeError
from resnet_gui.core.estimate import seconds_per_epoch, seconds_to_first_step, typical_calibration
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.run import State
from resnet_gui.core.sweep import (
    MAX_RUNS,
    Sweep,
    estimate,
    estimates,
    new_tag,
    parse_blocks,
    parse_shortcuts,
    roughly,
    run_names,
)

LESSON = PRESETS["lesson"].experiment
BOTH = (Shortcut.NONE, Shortcut.IDENTITY)


def test_all_kinds_at_the_shallowest_depth_come_first_and_further_seeds_last():
    sweep = Sweep(LESSON, (24, 2), BOTH, seeds=2)
    order = [
        (each.recipe.seed, each.architecture.blocks, str(each.architecture.shortcut)) for each in sweep.experiments()
    ]
    assert order == [
        (1, 2, "none"), (1, 2, "identity"), (1, 24, "none"), (1, 24, "identity"),
        (2, 2, "none"), (2, 2, "identity"), (2, 24, "none"), (2, 24, "identity"),
    ]  # fmt: skip
    assert len(sweep) == 8


def test_everything_else_is_the_bases():
    (experiment,) = Sweep(LESSON, (24,), (Shortcut.IDENTITY,)).experiments()
    assert experiment == LESSON


def test_doubles_are_dropped_and_equal_sweeps_are_equal():
    sweep = Sweep(LESSON, (8, 2, 8), (*BOTH, Shortcut.NONE), (3, 3, 5))
    assert (sweep.blocks, sweep.shortcuts, sweep.all_seeds) == ((2, 8), BOTH, (3, 5))
    assert sweep == Sweep(LESSON, (2, 8), BOTH, (3, 5))
    assert len({sweep, Sweep(LESSON, (2, 8), BOTH, (3, 5))}) == 1


def test_settings_reach_the_shortcut_types_that_have_them():
    kinds = (Shortcut.IDENTITY, Shortcut.EXCLUSIVE_GATING, Shortcut.DROPOUT)
    sweep = Sweep(LESSON, (2,), kinds, settings=(("gate_bias", -3.0), ("dropout_rate", 0.1)))
    plain, gating, dropout = sweep.architectures()
    assert plain == replace(LESSON.architecture, blocks=2)
    assert (gating.gate_bias, dropout.dropout_rate) == (-3.0, 0.1)


@pytest.mark.parametrize(
    ("blocks", "shortcuts", "seeds", "error", "expected"),
    [
        ((), BOTH, 1, RecipeError, "at least one depth"),
        ((2,), (), 1, RecipeError, "at least one shortcut type"),
        ((2,), BOTH, (), RecipeError, "at least one seed"),
        ((2,), BOTH, 0, RecipeError, f"from 1 to {MAX_RUNS}; got 0"),
        ((2, 3), BOTH, 126, RecipeError, "2 depths, 2 shortcut types and 126 seeds make 504"),
        ((2,), BOTH, (-1,), RecipeError, "got -1"),
        ((2, 201), BOTH, 1, ArchitectureError, "201 blocks with the shortcut none .plain. cannot be trained: .* 200"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(blocks, shortcuts, seeds, error, expected):
    with pytest.raises(error, match=expected):
        Sweep(LESSON, blocks, shortcuts, seeds)


def test_one_impossible_combination_refuses_the_whole_sweep_and_is_named():
    base = Experiment(Architecture(order=Order.RELU_BEFORE_ADDITION), Recipe())
    with pytest.raises(ArchitectureError, match=r"^2 blocks with the shortcut none .* no addition"):
        Sweep(base, (2,), BOTH)
    assert len(Sweep(base, (2,), (Shortcut.IDENTITY,))) == 1


def test_its_runs_wait_have_the_tag_and_names_that_tell_them_apart():
    tag = new_tag()
    kinds = (*BOTH, Shortcut.PROJECTION)
    runs = Sweep(LESSON, (2,), kinds, seeds=2).runs(tag)
    assert {run.state for run in runs} == {State.QUEUED}
    assert {run.labels.tags for run in runs} == {(tag,)}
    assert len({run.id for run in runs}) == 6
    assert list(run_names(runs).values())[:3] == ["plain-6, seed 1", "ResNet-6, identity, seed 1",
                                                  "ResNet-6, projection, seed 1"]  # fmt: skip
    assert list(run_names(runs[:2]).values()) == ["plain-6", "ResNet-6"]
    assert Sweep(LESSON, (2,), kinds).runs()[0].labels.tags == ()


def test_tags_of_two_sweeps_differ():
    assert new_tag() != new_tag()
    assert new_tag().startswith("sweep ")


@pytest.mark.parametrize("text", ["2,8,24", " 2, 8,24,", "2 8 24 8"])
def test_lists_of_depths_are_read(text):
    assert parse_blocks(text) == (2, 8, 24)


@pytest.mark.parametrize("text", ["2,x", "-2", "2.5", "2-6", "²", "9" * 5000])
def test_what_is_no_list_of_depths_is_refused(text):
    with pytest.raises(ArchitectureError, match="such as 2, 8, 24; got") as caught:
        parse_blocks(text)
    assert len(str(caught.value)) < 200


def test_lists_of_shortcuts_are_read_by_name_and_letter():
    assert parse_shortcuts("none, B,identity,a") == (Shortcut.NONE, Shortcut.IDENTITY, Shortcut.OPTION_A)
    with pytest.raises(ArchitectureError, match="'bridge' is not one of none, A, identity"):
        parse_shortcuts("none,bridge")


def test_the_estimate_is_the_sum_of_all_runs_with_compiling_and_test():
    calibration = typical_calibration()
    one = Sweep(LESSON, (24,), (Shortcut.IDENTITY,))
    trained = seconds_to_first_step(LESSON, calibration) + seconds_per_epoch(LESSON, calibration, 60_000)
    assert trained < estimate(one, calibration) < 1.3 * trained
    three = Sweep(LESSON, (24,), (Shortcut.IDENTITY,), seeds=3)
    assert estimate(three, calibration) == pytest.approx(3 * estimate(one, calibration))
    whole = Sweep(LESSON, (2, 24), BOTH)
    parts = dict(estimates(whole, calibration))
    assert tuple(parts) == whole.architectures()
    assert sum(parts.values()) == pytest.approx(estimate(whole, calibration))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.1, "5 s"), (38, "40 s"), (56, "1 min"), (540, "9 min"), (3590, "1 h"), (7700, "2 h 10 min"), (7150, "2 h")],
)
def test_times_are_no_more_exact_than_the_estimate(seconds, text):
    assert roughly(seconds) == text
