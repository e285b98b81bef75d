"""The cost model, without a clock: what must cost more, and what the fit gets out of steps that it is told."""

import json
from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.estimate import (
    COSTS,
    TYPICAL,
    Calibration,
    amounts,
    fit_costs,
    seconds_per_epoch,
    seconds_per_step,
    seconds_to_first_step,
    typical_calibration,
)
from resnet_gui.core.experiment import Experiment, Optimizer, Precision, Recipe

HERE = typical_calibration()
BASE = Architecture(blocks=2, width=16)


def step(architecture, batch_size=64, optimizer=Optimizer.ADAM, calibration=HERE):
    return seconds_per_step(make_blueprint(architecture), batch_size, optimizer, calibration)


def epoch(images=1000, architecture=BASE, calibration=HERE, **recipe):
    return seconds_per_epoch(Experiment(architecture, Recipe(**recipe)), calibration, images)


@pytest.mark.parametrize(
    "change",
    [
        {"blocks": 3},
        {"width": 32},
        {"stages": 2},
        {"batch_norm": True},
        {"shortcut": "projection"},
        {"shortcut": "dropout"},
        {"shortcut": "constant-scaling"},
        {"shortcut": "exclusive-gating"},
    ],
)
def test_more_network_costs_more(change):
    assert step(replace(BASE, **change)) > step(BASE)


@pytest.mark.parametrize("change", [{"shortcut": "none"}, {"stem_stride": 2}, {"blocks": 0}])
def test_less_network_costs_less(change):
    assert step(replace(BASE, **change)) < step(BASE)


def test_a_larger_batch_costs_more_for_a_step_and_less_for_an_epoch():
    assert step(BASE, 128) > step(BASE, 64)
    assert epoch(1024, batch_size=128, validation_share=0.0) < epoch(1024, batch_size=64, validation_share=0.0)


def test_an_odd_width_costs_more_than_its_multiply_adds():
    odd, even = Architecture(blocks=2, width=15), Architecture(blocks=2, width=16)
    names = dict(zip(COSTS, amounts(make_blueprint(odd), 1, Optimizer.ADAM), strict=True))
    assert names["multiply-add 3x3"] == 0
    assert names["multiply-add 3x3, odd width"] > 0
    odd_adds, even_adds = make_blueprint(odd).multiply_adds, make_blueprint(even).multiply_adds
    assert step(odd, 256) / odd_adds > step(even, 256) / even_adds


@pytest.mark.parametrize("shortcut", list(Shortcut))
def test_all_multiply_adds_of_the_convolutions_are_counted(shortcut):
    blueprint = make_blueprint(Architecture(blocks=2, stages=2, width=20, shortcut=shortcut, block="bottleneck"))
    counted = dict(zip(COSTS, amounts(blueprint, 7, Optimizer.SGD), strict=True))
    total = sum(amount for name, amount in counted.items() if name.startswith("multiply-add"))
    assert total == 7 * (blueprint.multiply_adds - blueprint.layers[-1].multiply_adds)
    assert counted["weight with SGD"] == blueprint.parameters
    assert counted["weight with Adam"] == 0


def test_an_epoch_is_its_steps_and_its_validation():
    plain = epoch(1000, batch_size=100, validation_share=0.0)
    assert plain == pytest.approx(10 * step(BASE, 100))
    assert epoch(1050, batch_size=100, validation_share=0.0) == pytest.approx(plain + step(BASE, 50))
    validated = epoch(1000, batch_size=100, validation_share=0.1)
    assert 9 * step(BASE, 100) < validated < plain


def test_an_epoch_goes_through_no_more_images_than_the_limit_and_than_there_are():
    assert epoch(60_000, limit=1000) == epoch(1000) == epoch(1000, limit=5000)
    assert epoch(0) == 0


def test_a_slower_machine_takes_longer():
    slow = replace(HERE, costs=tuple(3 * cost for cost in HERE.costs), start_factor=2.0)
    assert epoch(calibration=slow) == pytest.approx(3 * epoch())
    assert seconds_to_first_step(Experiment(), slow) > seconds_to_first_step(Experiment(), HERE)


def test_deeper_networks_and_adam_take_longer_to_compile():
    def start(optimizer="adam", **architecture):
        return seconds_to_first_step(Experiment(Architecture(**architecture), Recipe(optimizer=optimizer)), HERE)

    assert start(blocks=9) > start(blocks=2) > start(blocks=2, optimizer="sgd")


def test_a_fit_finds_the_common_factor_of_a_machine_that_is_typical_otherwise():
    measured = [amounts(make_blueprint(BASE), batch_size, Optimizer.ADAM) for batch_size in (1, 32)]
    seconds = [5 * step(BASE, batch_size) for batch_size in (1, 32)]
    assert fit_costs(measured, seconds) == pytest.approx([5 * cost for cost in TYPICAL.values()], rel=1e-3)


def test_a_fit_explains_a_machine_of_other_ratios():
    rng = np.random.default_rng(0)
    true = np.array(list(TYPICAL.values())) * np.exp(rng.normal(0, 0.7, len(COSTS)))
    machine = replace(HERE, costs=tuple(true))
    architectures = [
        replace(BASE, batch_norm=batch_norm, width=width, shortcut=shortcut)
        for batch_norm in (False, True)
        for width in (16, 24)
        for shortcut in ("identity", "dropout", "exclusive-gating")
    ]
    measured = [amounts(make_blueprint(a), b, Optimizer.ADAM) for a in architectures for b in (1, 32)]
    seconds = [step(a, b, calibration=machine) for a in architectures for b in (1, 32)]
    fitted = replace(HERE, costs=fit_costs(measured, seconds))
    for blocks in (1, 5):
        unseen = Architecture(blocks=blocks, width=32, batch_norm=True)
        ratio = step(unseen, calibration=fitted) / step(unseen, calibration=machine)
        assert 1 / 1.3 < ratio < 1.3


def test_a_calibration_round_trips_through_json():
    calibration = Calibration("a machine", Precision.MIXED_BFLOAT16, tuple(range(1, len(COSTS) + 1)), 1.5)
    assert Calibration.from_dict(json.loads(json.dumps(calibration.to_dict()))) == calibration
    assert hash(calibration)


@pytest.mark.parametrize(
    "change",
    [
        {"costs": {}},
        {"costs": [1.0] * len(COSTS)},
        {"costs": dict.fromkeys(COSTS, 0.0)},
        {"costs": dict.fromkeys(COSTS, float("nan"))},
        {"costs": dict.fromkeys(COSTS, "many")},
        {"costs": {**dict.fromkeys(COSTS, 1.0), "tea": 1.0}},
        {"precision": "float8"},
        {"machine": 3},
        {"start_factor": None},
        {"start_factor": -1.0},
        {"more": 1},
    ],
)
def test_what_is_no_calibration_is_refused(change):
    with pytest.raises(ExplorerError):
        Calibration.from_dict({**HERE.to_dict(), **change})
    with pytest.raises(ExplorerError):
        Calibration.from_dict([])
