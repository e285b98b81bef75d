"""Lines cut at the edges of a rectangle."""

import numpy as np
import pytest

from resnet_gui.core.clipping import clipped

BOX = (0.0, 0.0, 10.0, 10.0)


def parts(*points):
    x, y = np.array(points, float).T
    return [[tuple(point) for point in np.round(np.stack(part, axis=1), 9).tolist()] for part in clipped(x, y, BOX)]


def test_what_is_inside_stays_whole():
    assert parts((1, 1), (5, 9), (9, 2)) == [[(1, 1), (5, 9), (9, 2)]]


def test_a_line_that_leaves_and_comes_back_becomes_two():
    assert parts((2, 5), (4, 15), (6, 5), (8, 5)) == [[(2, 5), (3, 10)], [(5, 10), (6, 5), (8, 5)]]


def test_a_line_through_the_whole_box_is_cut_at_both_ends():
    assert parts((-5, 5), (15, 5)) == [[(0, 5), (10, 5)]]
    assert parts((5, -1e30), (5, 1e30)) == [[(5, 0), (5, 10)]]


@pytest.mark.parametrize("points", [[(1, 1)], [(-5, 5), (-1, 5)], [(1, 11), (9, 12)], [(-1, 10), (2, 12)]])
def test_of_what_is_outside_nothing_is_left(points):
    assert parts(*points) == []


def test_all_that_is_left_of_a_random_line_is_inside_and_on_it():
    rng = np.random.default_rng(0)
    x, y = np.sort(rng.uniform(-5, 15, 200)), rng.uniform(-5, 15, 200)
    cut = clipped(x, y, BOX)
    for part_x, part_y in cut:
        assert part_x.min() >= -1e-9
        assert part_x.max() <= 10 + 1e-9
        assert part_y.min() >= -1e-9
        assert part_y.max() <= 10 + 1e-9
        assert part_y == pytest.approx(np.interp(part_x, x, y), abs=1e-6)
    places = np.linspace(0.01, 9.99, 5_000)
    heights = np.interp(places, x, y)
    covered = np.zeros(len(places), bool)
    for part_x, _ in cut:
        covered |= (places >= part_x[0]) & (places <= part_x[-1])
    assert (covered == ((heights >= 0) & (heights <= 10))).mean() > 0.999
