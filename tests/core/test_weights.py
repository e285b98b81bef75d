"""The arrays of a network's weights, on paper."""

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.weights import WeightKind, weight_plans


@pytest.mark.parametrize("name", PRESETS)
def test_the_trained_weights_are_the_parameters(name):
    blueprint = make_blueprint(PRESETS[name].experiment.architecture)
    assert sum(plan.size for plan in weight_plans(blueprint) if plan.trained) == blueprint.parameters


def test_a_convolution_has_a_bias_where_no_batch_norm_follows():
    plain = {plan.name: plan for plan in weight_plans(make_blueprint(Architecture(blocks=1, width=4)))}
    assert plain["stage1_block1_conv1/kernel"].shape == (3, 3, 4, 4)
    assert plain["stage1_block1_conv1/bias"].shape == (4,)
    assert plain["classes/kernel"].shape == (28 * 28 * 4, 10)
    normed = {plan.name for plan in weight_plans(make_blueprint(Architecture(blocks=1, width=4, batch_norm=True)))}
    assert "stage1_block1_conv1/bias" not in normed
    assert {f"stem_bn/{kind}" for kind in WeightKind if kind not in ("kernel", "bias")} <= normed


def test_moving_averages_are_not_trained():
    plans = weight_plans(make_blueprint(Architecture(blocks=1, batch_norm=True)))
    assert {plan.kind for plan in plans if not plan.trained} == {WeightKind.MEAN, WeightKind.VARIANCE}
