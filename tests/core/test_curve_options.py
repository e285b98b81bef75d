"""The options of the curves as one value."""

import pytest

from resnet_gui.core.curve_options import SPANS, CurveOptions, Quantity, Spread
from resnet_gui.core.errors import ExplorerError


def test_options_survive_a_round_trip_through_json():
    options = CurveOptions("loss-error", "validation", "time", True, True, 6, "deviation")
    assert CurveOptions.from_json(options.to_json()) == options
    assert options.spread is Spread.DEVIATION
    assert CurveOptions.from_json("{}") == CurveOptions()


@pytest.mark.parametrize(
    "text",
    ["", "[", "[1]", "null", '{"axis": "miles"}', '{"smoothing": 99}', '{"log_x": 1}', '{"colour": "red"}'],
)
def test_what_is_no_options_is_refused_with_a_sentence(text):
    with pytest.raises(ExplorerError) as caught:
        CurveOptions.from_json(text)
    assert len(str(caught.value)) > 20


def test_smoothing_begins_with_none_and_grows():
    assert CurveOptions(smoothing=0).span == 1
    assert list(SPANS) == sorted(set(SPANS))


def test_accuracies_never_have_a_logarithmic_axis():
    options = CurveOptions(log_y=True)
    assert [options.logarithmic(quantity) for quantity in Quantity] == [True, False, True]
