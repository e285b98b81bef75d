"""A drawing as one value."""

import numpy as np
import pytest

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.strokes import PEN, to_image

LINE = np.array([(0.2, 0.2), (0.8, 0.7)], np.float32)
PICTURE = np.arange(784, dtype=np.uint8).reshape(28, 28)


def test_strokes_become_the_image_that_the_rasteriser_makes():
    np.testing.assert_array_equal(Drawing((LINE,), 0.2).image(), to_image([LINE], 0.2))
    assert Drawing().pen == PEN


def test_a_picture_is_the_image_as_it_is():
    drawing = Drawing(picture=PICTURE)
    assert drawing.image() is PICTURE
    assert not drawing.empty


@pytest.mark.parametrize("strokes", [(), (np.empty((0, 2), np.float32),), (np.full((3, 2), np.nan, np.float32),)])
def test_without_ink_a_drawing_is_empty(strokes):
    assert Drawing(strokes).empty
    assert not Drawing((*strokes, LINE)).empty
    assert not Drawing(strokes).image().any()


def test_a_light_pen_leaves_less_ink_than_a_pressed_one():
    light, pressed = (np.c_[LINE, [width] * 2].astype(np.float32) for width in (0.35, 1.0))
    assert Drawing((light,)).image().sum() < 0.6 * Drawing((pressed,)).image().sum()
    np.testing.assert_array_equal(Drawing((pressed,)).image(), Drawing((LINE,)).image())
