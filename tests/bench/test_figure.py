"""Figures and their goals."""

import pytest

from resnet_gui.bench.figure import Figure, median_ratio


@pytest.mark.parametrize(
    ("figure", "met", "says"),
    [
        (Figure("speed", 1.8, at_least=1.7), True, "goal at least 1.7: met"),
        (Figure("speed", 1.6, at_least=1.7), False, "goal at least 1.7: MISSED"),
        (Figure("start", 0.3, "s", at_most=0.3), True, "goal at most 0.3: met"),
        (Figure("start", 0.31, "s", at_most=0.3), False, "goal at most 0.3: MISSED"),
        (Figure("rate", 12345.0, "images/s"), None, "12,345 images/s"),
    ],
)
def test_a_figure_says_whether_its_goal_is_met(figure, met, says):
    assert figure.met is met
    assert figure.text.startswith(figure.name)
    assert figure.text.endswith(says)


def test_a_ratio_is_taken_pair_by_pair():
    assert median_ratio([2, 30, 8], [1, 10, 2]) == 3
    with pytest.raises(ValueError, match="shorter"):
        median_ratio([1, 2], [1])
