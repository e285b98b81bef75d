"""From units to pixels and back."""

import pytest
from PySide6.QtCore import QPointF, QSizeF

from resnet_gui.core.architecture import Architecture
from resnet_gui.ui.network.camera import Camera
from resnet_gui.ui.network.layout import lay_out
from resnet_gui.ui.network.plan import make_plan


def camera(*architectures, zoom=1.0, size=(1200, 400), scroll=(0, 0)):
    diagram = lay_out(tuple(map(make_plan, architectures or (Architecture(3, 3, 16),))))
    return Camera(diagram, zoom, 12.0, QPointF(*scroll), QSizeF(*size))


@pytest.mark.parametrize("size", [(500, 300), (900, 400), (1600, 900)])
def test_at_the_fitting_zoom_all_is_seen(size):
    fitting = camera(zoom=camera(size=size).fitting(), size=size)
    assert fitting.size.width() <= size[0] + 1
    assert fitting.size.height() <= size[1] + 1


def test_boxes_keep_a_height_where_the_zoom_is_low_and_use_the_room_there_is():
    low, high = camera(zoom=0.01, size=(500, 200)), camera(zoom=0.5, size=(500, 2000))
    assert low.box(low.diagram.rows[0][1]).height() > 30
    assert high.zoom_y > high.zoom


@pytest.mark.parametrize("zoom", [0.1, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("scroll", [(0, 0), (150, 20)])
def test_what_is_painted_at_a_place_is_found_there(zoom, scroll):
    seen = camera(Architecture(3, 3, 16), Architecture(2, 2, 16, "none"), zoom=zoom, scroll=scroll)
    for row in (0, 1):
        visible = seen.visible(row)
        assert visible
        for item in seen.diagram.rows[row]:
            place = seen.box(item).center()
            assert seen.nearest(place) is item or item not in visible
            if item in visible and place.x() >= 0:
                assert seen.item_at(place) is item


def test_nothing_is_found_beside_the_network():
    assert camera().item_at(QPointF(2, 2)) is None


def test_only_what_can_be_seen_is_visible():
    seen = camera(Architecture(4, 5, 16), zoom=1.0, size=(400, 300), scroll=(700, 0))
    items = seen.visible(0)
    assert 0 < len(items) < 8
    assert all(seen.whole(item).right() >= 0 and seen.whole(item).left() <= 400 for item in items)
