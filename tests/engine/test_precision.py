"""The number format that `auto` takes."""

import itertools
from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.experiment import Precision
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.precision import fastest_precision

BLUEPRINT = make_blueprint(Architecture(blocks=1, width=8))
HALF = replace(choose_device("cpu"), fast_precision=Precision.MIXED_BFLOAT16)


@pytest.fixture(autouse=True)
def forget():
    fastest_precision.cache_clear()


def test_hardware_without_a_faster_format_is_not_measured():
    device = replace(HALF, fast_precision=Precision.FLOAT32)
    assert fastest_precision(BLUEPRINT, 4, device, clock=None) is Precision.FLOAT32


@pytest.mark.parametrize(
    ("float32", "half", "expected"),
    [
        (3, 2, Precision.MIXED_BFLOAT16),
        (2, 3, Precision.FLOAT32),
        (2.0, 2.1, Precision.MIXED_BFLOAT16),  # about equal
    ],
)
def test_the_clock_decides_between_both_formats(float32, half, expected):
    # Every second reading ends a measurement; float32 is measured first, in turn with the other.
    ticks = itertools.accumulate(itertools.cycle([0, float32, 0, half]))
    assert fastest_precision(BLUEPRINT, 4, HALF, clock=lambda: next(ticks)) is expected


@pytest.mark.skipif(choose_device("cpu").fast_precision is not Precision.FLOAT32, reason="has bfloat16 instructions")
def test_a_processor_without_bfloat16_instructions_is_found_out():
    # Their stand-in is slower by far more than the noise of any machine.
    assert fastest_precision(make_blueprint(Architecture(blocks=1, width=32)), 64, HALF) is Precision.FLOAT32
