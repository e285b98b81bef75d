"""Lesions as people type them."""

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.lesion_text import lesion_of

NET = make_blueprint(Architecture(blocks=4, width=4))


def test_blocks_are_counted_from_one_and_swapped_before_they_are_changed():
    assert lesion_of(NET) == Lesion.none(4)
    assert lesion_of(NET, off="1, 3") == Lesion((0, 1, 0, 1), (0, 1, 2, 3))
    assert lesion_of(NET, off="1", swap="1:4", alpha="2=0.5,3=2") == Lesion((0, 0.5, 2, 1), (3, 1, 2, 0))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"off": "0"}, "counted from 1 to 4; got '0'"),
        ({"off": "5"}, "counted from 1 to 4"),
        ({"off": "one"}, "got 'one'"),
        ({"off": "-1"}, "got '-1'"),
        ({"swap": "2"}, "--swap must be like 2:4"),
        ({"swap": "2:9"}, "got '9'"),
        ({"alpha": "2"}, "--alpha must be like 3=0.5"),
        ({"alpha": "2=much"}, "needs a number"),
        ({"alpha": "2=nan"}, "needs a number"),
        ({"alpha": "2=１"}, "needs a number"),
        ({"alpha": "2=1_0"}, "needs a number"),
        ({"alpha": "2=2.0000001"}, "from 0 to 2; got 2.0000001"),
        ({"swap": "1:2:3"}, "--swap must be like 2:4"),
        ({"alpha": "2=2.5"}, "from 0 to 2; got 2.5"),
    ],
)
def test_what_makes_no_lesion_is_refused_in_one_sentence(given, said):
    with pytest.raises(LesionError, match=said):
        lesion_of(NET, **given)


def test_what_the_network_does_not_allow_is_refused():
    with pytest.raises(LesionError, match="only blocks that are alike"):
        lesion_of(make_blueprint(Architecture(blocks=2, stages=2, width=4)), swap="1:3")
    with pytest.raises(LesionError, match="has no blocks"):
        lesion_of(make_blueprint(Architecture(blocks=0, width=4)), off="1")
