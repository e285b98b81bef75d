"""What a device draws between press and release."""

import numpy as np
import pytest

from resnet_gui.core.gesture import LIGHTEST, Gesture, on_paper, width_of


def drawn(*points):
    gesture = Gesture()
    for point in points:
        gesture.go_to(point)
    return gesture.strokes


def test_points_become_one_line_that_is_read_only():
    (stroke,) = drawn((0.1, 0.2), (0.3, 0.4))
    np.testing.assert_allclose(stroke, [(0.1, 0.2), (0.3, 0.4)], atol=1e-6)
    assert stroke.dtype == np.float32
    assert not stroke.flags.writeable


def test_leaving_the_paper_ends_a_piece_at_its_edge():
    first, second = drawn((0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8))
    np.testing.assert_allclose(first[-1], (1.0, 0.5), atol=1e-6)
    np.testing.assert_allclose(second[0], (1.0, 0.8), atol=1e-6)


def test_pressure_is_the_third_column_and_is_cut_with_the_line():
    (stroke,) = drawn((0.5, 0.5, 0.4), (1.5, 0.5, 0.8))
    np.testing.assert_allclose(stroke, [(0.5, 0.5, 0.4), (1.0, 0.5, 0.6)], atol=1e-6)


def test_pressing_harder_without_moving_thickens_a_dot_and_letting_go_does_not_thin_it():
    gesture = Gesture()
    news = [gesture.go_to((0.5, 0.5, width)) for width in (0.4, 0.7, 0.6, 0.35)]
    assert [line is not None for line in news] == [True, True, False, False]
    np.testing.assert_allclose(gesture.strokes[0][:, 2], (0.4, 0.7))


def test_pressure_maps_to_widths_that_can_be_read():
    widths = [width_of(pressure) for pressure in (-1, 0, 0.35, 1, 3)]
    assert widths[0] == widths[1] == LIGHTEST
    assert widths[2] == pytest.approx(0.73, abs=0.01)
    assert widths[3] == widths[4] == 1.0


def test_a_line_beside_the_paper_leaves_nothing():
    assert on_paper((-0.5, 0.5), (-0.1, 0.9)) is None
    assert on_paper((0.5, 1.2), (0.9, 1.2)) is None
