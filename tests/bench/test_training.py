"""The scripts of the part `training`, on little data: each does its work and gives its figures."""

import pytest

from resnet_gui.bench import child, training
from resnet_gui.bench.training import Case
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint

TINY = (
    Case("plain seed", 1, 600, width=4, batch_norm=False),
    Case("normed", 1, 600, stages=2, width=4),
)


@pytest.mark.parametrize("case", TINY, ids=[case.name for case in TINY])
def test_both_scripts_train_the_same_network(case, bars_folder):
    path = str(bars_folder / "mnist.npz")
    count = "\nprint(model.count_params() - sum(w.shape[0] for w in model.non_trainable_weights))"
    (theirs,) = child.run_figures(training.PLAIN_KERAS + count, path, *case.arguments)
    first, epoch, rate = child.run_figures(training.OURS, path, *case.arguments, "float32")
    assert 0 < first < epoch
    assert rate > 0
    head = "average-pooling" if case.batch_norm else "flatten"
    architecture = Architecture(case.blocks, case.stages, case.width, batch_norm=case.batch_norm, head=head)
    assert theirs == make_blueprint(architecture).parameters


def test_a_case_is_told_in_figures_with_its_goals(bars_folder):
    figures = training._measure(TINY[0], str(bars_folder / "mnist.npz"))
    steady = [figure for figure in figures if figure.name.endswith("steady, times model.fit")]
    assert steady
    assert all(figure.value > 0 and figure.at_least for figure in steady)
