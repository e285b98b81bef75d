"""What differs among runs, and which runs belong together."""

from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.comparison import Entry, by_seed, differing, settings, words
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Labels, Run


def entry(run_id, label="", **changes):
    names = Architecture.__dataclass_fields__
    architecture = Architecture(**{name: value for name, value in changes.items() if name in names})
    recipe = Recipe(**{name: value for name, value in changes.items() if name not in names})
    run = Run(run_id, Experiment(architecture, recipe), Labels(name=label))
    return Entry(run, f"{run.name} ({run_id})", 0)


def test_settings_that_are_not_equal_are_named_in_their_order():
    runs = [entry("a").run, entry("b", seed=1, width=16).run, entry("c", shortcut="none").run]
    assert differing(runs) == ("width", "shortcut", "seed")
    assert differing(runs[:1]) == differing(runs[:1] * 2) == differing([]) == ()


def test_names_are_no_settings():
    assert differing([entry("a", label="mine").run, entry("b").run]) == ()


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"width": 16}, "width", "width 16"),
        ({"shortcut": "none"}, "shortcut", "none (plain)"),
        ({"shortcut": "A"}, "shortcut", "option A"),
        ({"blocks": 1}, "blocks", "1 block"),
        ({"epochs": 3}, "epochs", "3 epochs"),
        ({"batch_norm": False}, "batch_norm", "no batch norm"),
        ({"learning_rate": 1e-3}, "learning_rate", "rate 0.001"),
        ({"limit": 0}, "limit", "all images"),
        ({"limit": 2000}, "limit", "2,000 images"),
        ({"dataset": "mnist"}, "dataset", "MNIST"),
        ({"dataset": "digits"}, "dataset", "digits"),
        ({"optimizer": "sgd"}, "optimizer", "sgd"),
        ({"validation_share": 0.1}, "validation_share", "10 % for validation"),
        ({"shortcut": "dropout", "dropout_rate": 0.25}, "dropout_rate", "dropout 25 %"),
    ],
)
def test_settings_are_said_in_words(changes, name, said):
    assert words(settings(entry("a", **changes).run), [name]) == said


def test_every_setting_can_be_said():
    for shortcut in Shortcut:
        values = settings(entry("a", shortcut=shortcut).run)
        for name in values:
            said = words(values, [name])
            assert "_" not in said
            assert bool(said) == (name not in ("shortcut_scale", "branch_scale", "gate_bias", "dropout_rate")) or said


def test_settings_that_the_shortcut_does_not_have_are_not_said():
    values = settings(entry("a", shortcut="none").run)
    assert words(values, ["shortcut", "dropout_rate", "width"]) == "none (plain), width 32"


def test_runs_that_differ_in_the_seed_alone_are_a_group_where_the_first_one_stands():
    entries = [entry("a", seed=0), entry("b", blocks=4), entry("c", seed=1), entry("d", seed=2, label="other")]
    groups = by_seed(entries)
    assert [[e.run.id for e in group.entries] for group in groups] == [["a", "c", "d"], ["b"]]
    assert [group.name for group in groups] == ["ResNet-6, 3 seeds", "ResNet-10 (b)"]
    assert by_seed([]) == ()


def test_groups_of_one_network_are_told_apart_by_what_differs():
    entries = [entry(f"{width}{seed}", width=width, seed=seed) for width in (16, 32) for seed in (0, 1)]
    assert [group.name for group in by_seed(entries)] == ["ResNet-6, width 16, 2 seeds", "ResNet-6, width 32, 2 seeds"]


def test_a_name_that_all_of_a_group_have_is_the_groups():
    entries = [entry(str(seed), label="thin", seed=seed) for seed in (0, 1)]
    assert by_seed(entries)[0].name == "thin, 2 seeds"


def test_the_same_seed_twice_is_no_second_seed():
    first = entry("a")
    again = Entry(replace(first.run, id="b"), "again", 1)
    assert by_seed([first, again])[0].name == "ResNet-6, 2 runs"
