"""The legend explains what is in use, and nothing else; it wraps and cuts nothing."""

import pytest

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.ui.network.layout import lay_out
from resnet_gui.ui.network.legend import NetworkLegend
from resnet_gui.ui.network.plan import make_plan


@pytest.fixture
def legend(qtbot):
    legend = NetworkLegend()
    qtbot.addWidget(legend)
    legend.resize(900, 40)
    legend.show()
    return legend


def texts(legend, *architectures):
    legend.show_diagram(lay_out(tuple(map(make_plan, architectures))))
    return legend.texts


@pytest.mark.parametrize(
    ("shortcut", "names"),
    [
        ("none", ["No shortcut"]),
        ("A", ["Identity", "Zero-padding"]),
        ("identity", ["Identity", "1×1 projection"]),
        ("projection", ["1×1 projection"]),
        ("conv-1x1", ["1×1 projection"]),
        ("constant-scaling", ["1×1 projection", "Scaling"]),
        ("exclusive-gating", ["1×1 projection", "Exclusive gate"]),
        ("shortcut-only-gating", ["1×1 projection", "Shortcut-only gate"]),
        ("dropout", ["1×1 projection", "Dropout"]),
    ],
)
def test_the_shortcuts_in_use_come_first(legend, shortcut, names):
    shown = texts(legend, Architecture(2, 2, 16, shortcut))
    assert shown[: len(names)] == names
    assert ("Addition" in shown) == (shortcut != "none")
    assert "Batch norm" not in shown
    assert shown[-2:] == ["Convolution", "ReLU"]


def test_signs_of_a_comparison_appear_with_one(legend):
    one = Architecture(2, 1, 16)
    assert not {"Differs", "Only in one"} & set(texts(legend, one))
    assert "Differs" in texts(legend, one, Architecture(2, 1, 16, Shortcut.NONE))
    assert "Only in one" in texts(legend, one, Architecture(3, 1, 16))


@pytest.mark.parametrize("width", [150, 300, 640, 1200])
def test_names_wrap_and_none_is_cut(legend, width):
    texts(legend, Architecture(9, 3, 16, batch_norm=True), Architecture(4, 3, 16, Shortcut.DROPOUT))
    legend.resize(width, legend.height())
    for place in legend.places(width):
        assert place.left() >= 0
        assert place.bottom() <= legend.height()
        assert place.right() <= width
    legend.grab()


def test_every_sign_has_a_sentence(legend):
    texts(legend, Architecture(2, 2, 16, batch_norm=True))
    assert legend.accessibleDescription().count(".") >= len(legend.texts)
