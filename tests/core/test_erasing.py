"""An eraser cuts strokes where it passes."""

from itertools import pairwise

import numpy as np
import pytest

from resnet_gui.core.erasing import erase, touches

LINE = np.array([(0.1, 0.5), (0.9, 0.5)], np.float32)
DOT = np.array([(0.5, 0.5)], np.float32)


def tap(x, y):
    return (x, y), (x, y)


def reach(strokes, path):
    """The least distance of what is left to the eraser's path."""
    (a, b) = np.array(path, float)
    dense = np.concatenate([s[:-1, :2] + (s[1:, :2] - s[:-1, :2]) * t for s in strokes for t in np.linspace(0, 1, 201)])
    share = np.clip((dense - a) @ (b - a) / max(((b - a) ** 2).sum(), 1e-12), 0, 1)
    return np.hypot(*(dense - a - share[:, None] * (b - a)).T).min()


def test_a_long_line_under_the_eraser_splits_at_its_edge():
    left, right = erase([LINE], tap(0.5, 0.5), 0.1)
    np.testing.assert_allclose(left, [(0.1, 0.5), (0.4, 0.5)], atol=1e-6)
    np.testing.assert_allclose(right, [(0.6, 0.5), (0.9, 0.5)], atol=1e-6)


def test_what_the_eraser_does_not_touch_stays_the_same_object():
    assert erase([LINE, DOT], tap(0.5, 0.8), 0.1) is None
    assert erase([], tap(0.5, 0.8), 0.1) is None
    other = LINE + np.float32([0, 0.3])
    left = erase([other, LINE, other], tap(0.1, 0.5), 0.1)
    assert left[0] is left[2] is other
    np.testing.assert_allclose(left[1], [(0.2, 0.5), (0.9, 0.5)], atol=1e-6)


def test_a_fast_eraser_cuts_what_lies_between_its_two_places():
    across = ((0.5, 0.0), (0.5, 1.0))
    left, right = erase([LINE], across, 0.1)
    np.testing.assert_allclose([left[-1, 0], right[0, 0]], [0.4, 0.6], atol=1e-6)
    assert erase([DOT], across, 0.1) == ()
    assert erase([LINE], ((0.0, 0.45), (1.0, 0.55)), 0.1) == ()


def test_dots_and_points_within_the_radius_vanish():
    assert erase([DOT], tap(0.55, 0.5), 0.1) == ()
    assert erase([DOT], tap(0.61, 0.5), 0.1) is None
    zigzag = np.array([(0.45, 0.45), (0.55, 0.55), (0.45, 0.55)], np.float32)
    assert erase([zigzag], tap(0.5, 0.5), 0.2) == ()


def test_ends_that_are_cut_off_leave_one_piece_and_no_crumbs():
    (left,) = erase([LINE], tap(0.9, 0.5), 0.1)
    np.testing.assert_allclose(left, [(0.1, 0.5), (0.8, 0.5)], atol=1e-6)
    assert erase([LINE], ((0.204, 0.5), (0.9, 0.5)), 0.1) == ()  # 0.004 of it would be left


def test_a_cut_keeps_the_pens_width_between_points():
    pressed = np.array([(0.0, 0.5, 0.4), (1.0, 0.5, 0.8)], np.float32)
    left, right = erase([pressed], tap(0.5, 0.5), 0.25)
    np.testing.assert_allclose(left[-1], (0.25, 0.5, 0.5), atol=1e-6)
    np.testing.assert_allclose(right[0], (0.75, 0.5, 0.7), atol=1e-6)
    assert left.dtype == np.float32
    assert not left.flags.writeable


@pytest.mark.parametrize("seed", range(5))
def test_nothing_under_the_eraser_is_left_of_a_scribble_and_the_rest_stays(seed):
    rng = np.random.default_rng(seed)
    strokes = [rng.random((n, 2)).astype(np.float32) for n in (60, 2, 40)]
    path = tuple(map(tuple, rng.random((2, 2))))
    left = erase(strokes, path, 0.07)
    assert reach(left, path) > 0.0699

    def length(some):
        return sum(np.hypot(*np.diff(stroke[:, :2], axis=0).T).sum() for stroke in some)

    # What went is what a fine sampling of the scribble finds under the eraser.
    a, b = np.array(path)
    gone = 0.0
    for stroke in strokes:
        for p, q in pairwise(stroke):
            places = p + (q - p) * np.linspace(0, 1, 1001)[:, None]
            share = np.clip((places - a) @ (b - a) / ((b - a) ** 2).sum(), 0, 1)
            inside = np.hypot(*(places - a - share[:, None] * (b - a)).T) <= 0.07
            gone += inside.mean() * np.hypot(*(q - p))
    assert length(strokes) - length(left) == pytest.approx(gone, rel=0.02)


def test_points_that_stand_still_are_no_trouble():
    still = np.array([(0.3, 0.5)] * 3 + [(0.7, 0.5)] * 3, np.float32)
    (left, right) = erase([still], tap(0.5, 0.5), 0.1)
    assert (len(left), len(right)) == (4, 4)


def test_a_pictures_ink_is_touched_where_it_is():
    ink = np.zeros((100, 100), np.uint8)
    ink[40:60, 20:30] = 255
    assert touches(ink, tap(0.35, 0.5), 0.06)
    assert not touches(ink, tap(0.5, 0.5), 0.06)
    assert touches(ink, ((0.25, 0.0), (0.25, 1.0)), 0.01)
    assert not touches(np.zeros_like(ink), tap(0.5, 0.5), 1.0)
