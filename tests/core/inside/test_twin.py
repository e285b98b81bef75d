"""The twin of a run is found among others."""

from dataclasses import replace

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.inside.twin import twin_of
from resnet_gui.core.run import Run

RESIDUAL = Architecture(blocks=3, width=4)
PLAIN = replace(RESIDUAL, shortcut=Shortcut.NONE)


def run(name, architecture, seed=1):
    return Run(name, Experiment(architecture, Recipe(seed=seed)))


def test_a_residual_run_has_a_plain_twin_and_the_other_way_round():
    residual, plain = run("r", RESIDUAL), run("p", PLAIN)
    others = [
        run("o", replace(RESIDUAL, shortcut=Shortcut.OPTION_A)),
        run("w", replace(PLAIN, width=8)),
        residual,
        plain,
    ]
    assert twin_of(residual, others) is plain
    assert twin_of(plain, [residual, plain]) is residual


def test_a_twin_of_the_same_recipe_comes_first():
    other, same = run("other", PLAIN), run("same", PLAIN, seed=2)
    assert twin_of(run("r", RESIDUAL, seed=2), [other, same]) is same
    assert twin_of(run("r", RESIDUAL, seed=3), [other, same]) is other


def test_without_a_twin_there_is_none():
    assert twin_of(run("r", RESIDUAL), [run("o", RESIDUAL), run("w", replace(PLAIN, blocks=4))]) is None
