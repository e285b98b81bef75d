"""Channels side by side."""

import numpy as np
import pytest

from resnet_gui.core.inside.mosaic import arrangement, lay_out, resized
from resnet_gui.core.inside.signed import GAP, UNKNOWN, ZERO


@pytest.mark.parametrize("channels", [1, 3, 16, 32, 64, 512])
@pytest.mark.parametrize("box", [(150, 75), (300, 80), (60, 200)])
def test_all_channels_fit_into_the_box(channels, box):
    mosaic = lay_out(np.zeros((28, 28, channels), np.float32), 1.0, box)
    height, width = mosaic.pixels.shape
    assert width <= box[0]
    assert height <= box[1]
    assert mosaic.channels == channels


def test_more_channels_than_pixels_still_have_a_pixel_each():
    assert lay_out(np.zeros((4, 4, 2048), np.float32), 1.0, (40, 20)).tile == (1, 1)


def test_rows_are_full_where_that_costs_little():
    assert arrangement(32, (28, 28), (150, 75))[0] == 8
    assert 64 % arrangement(64, (7, 7), (115, 75))[0] == 0


def test_every_channel_is_found_where_it_is():
    mosaic = lay_out(np.zeros((6, 6, 5), np.float32), 1.0, (60, 40))
    for channel in range(5):
        left, top, width, height = mosaic.place(channel)
        assert mosaic.channel_at(left, top) == channel
        assert mosaic.channel_at(left + width - 1, top + height - 1) == channel
    assert mosaic.channel_at(-1, 0) is None
    assert mosaic.channel_at(0, 1000) is None


def test_each_channel_is_painted_in_its_own_place():
    values = np.zeros((2, 2, 4), np.float32)
    values[:, :, 3] = 1
    mosaic = lay_out(values, 1.0, (41, 41))
    for channel in range(4):
        left, top, width, height = mosaic.place(channel)
        tile = mosaic.pixels[top : top + height, left : left + width]
        assert (tile == (ZERO + 126 if channel == 3 else ZERO)).all()
    assert GAP in mosaic.pixels


def test_a_smaller_picture_holds_the_means_over_its_pixels():
    values = np.arange(16, dtype=np.float32).reshape(4, 4, 1)
    small = resized(values, (2, 2))
    assert small[:, :, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert resized(values, (3, 3)).mean() == pytest.approx(values.mean())


def test_what_is_no_number_stays_in_its_place():
    values = np.zeros((4, 4, 1), np.float32)
    values[0, 0] = np.nan
    pixels = lay_out(values, 1.0, (8, 8)).pixels
    assert (pixels[:2, :2] == UNKNOWN).all()
    assert (pixels[2:] == ZERO).all()
