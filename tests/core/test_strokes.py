import numpy as np
import pytest

from resnet_gui.core.strokes import BOX, SIDE, as_strokes, to_image

ZIGZAG = [np.array([[0, 0], [10, 2], [3, 9], [12, 15]], np.float32), np.array([[5, 5], [6, 14]], np.float32)]


def centre_of_mass(image):
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


def test_no_ink_is_an_empty_image():
    assert not to_image([]).any()
    assert not to_image([np.empty((0, 2))]).any()
    assert not to_image([[[np.nan, 1.0]]]).any()


def test_a_tap_is_a_dot_in_the_centre():
    image = to_image([[[412.0, 3.0]]])
    assert image.max() > 240
    assert (image > 0).sum() < 20
    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.01)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, -500.0])
def test_place_and_scale_do_not_matter(scale, offset):
    moved = [stroke.astype(np.float64) * scale + offset * scale for stroke in ZIGZAG]
    difference = to_image(moved).astype(int) - to_image(ZIGZAG)
    assert np.abs(difference).max() <= 2  # float32 far from the origin


def test_ink_fills_the_box_and_its_mass_is_centred():
    image = to_image(ZIGZAG)
    inked = np.nonzero(image.any(axis=1))[0]
    assert BOX - 1 <= inked[-1] - inked[0] + 1 <= BOX + 2
    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.1)


@pytest.mark.parametrize("stroke", [[[0, 0], [100, 0]], [[0, 0], [0, 100]]])
def test_a_straight_line_keeps_its_aspect(stroke):
    image = to_image([stroke])
    height, width = (np.ptp(np.nonzero(image)[axis]) + 1 for axis in (0, 1))
    assert max(height, width) >= BOX - 1
    assert min(height, width) <= 5


def test_a_thicker_pen_leaves_more_ink():
    inks = [to_image(ZIGZAG, pen).sum() for pen in (0.06, 0.12, 0.24)]
    assert inks == sorted(inks)
    assert inks[0] < inks[2]


def test_lopsided_drawings_stay_in_the_field():
    blob = [np.random.default_rng(0).normal(0, 0.02, (300, 2)), np.array([[0, 0], [1, 0]])]
    image = to_image(blob, 0.2)
    ink_at_edge = image[0].any() or image[-1].any() or image[:, 0].any() or image[:, -1].any()
    assert image.max() == 255
    assert not ink_at_edge


def test_long_scribbles_and_repeated_points_are_read():
    points = np.random.default_rng(1).random((10_000, 2))
    assert to_image([points]).any()
    assert np.array_equal(to_image([np.repeat(ZIGZAG[0], 50, axis=0)]), to_image([ZIGZAG[0]]))


def test_drawing_order_does_not_matter():
    assert np.array_equal(to_image(ZIGZAG), to_image(ZIGZAG[::-1]))


def with_width(stroke, width):
    return np.column_stack([stroke, np.broadcast_to(width, len(stroke))]).astype(np.float32)


def test_strokes_keep_their_widths():
    flat, pressed = as_strokes([[[0, 1], [2, 3]], [[0, 1, -0.5], [2, 3, 0.5], [4, 5, 7.0], [6, 7, np.nan]]])
    assert flat.shape == (2, 2)
    assert pressed.dtype == np.float32
    assert pressed.tolist() == [[0, 1, 0], [2, 3, 0.5], [4, 5, 1]]


def test_whole_width_is_what_no_width_means():
    pressed = [with_width(stroke, 1.0) for stroke in ZIGZAG]
    assert np.array_equal(to_image(pressed), to_image(ZIGZAG))
    assert np.array_equal(to_image([pressed[0], ZIGZAG[1]]), to_image(ZIGZAG))


def test_half_the_width_is_half_the_pen():
    difference = to_image([with_width(stroke, 0.5) for stroke in ZIGZAG], 0.2).astype(int) - to_image(ZIGZAG, 0.1)
    assert np.abs(difference).max() <= 1


def test_a_stroke_grows_thicker_between_its_points():
    image = to_image([[[0, 0, 0.1], [0, 100, 1.0]]], 0.2)
    inks = image.sum(axis=1)[image.any(axis=1)].astype(int)
    assert inks[-4] > 2 * inks[3]
    assert (np.diff(inks[1:-3]) >= 0).all()


def test_a_pen_pressed_harder_on_the_spot_leaves_a_larger_dot():
    soft, hard = to_image([[[5, 5, 0.3]]], 0.24), to_image([[[5, 5, 0.3], [5, 5, 1.0]]], 0.24)
    assert hard.sum() > 2 * soft.sum()
    assert np.array_equal(hard, to_image([[[5, 5]]], 0.24))


def test_a_pen_without_pressure_is_no_error():
    assert not to_image([[[5, 5, 0.0]]]).any()
    assert to_image([[[5, 5, 0.0], [8, 5, 0.0]]]).shape == (SIDE, SIDE)
