"""Connected marks, compared with a search that walks from pixel to pixel."""

import numpy as np
import pytest

from resnet_gui.engine.marks import find_marks, rim


def parts(mask):
    """The connected parts of `mask` as sets of pixels, the slow way."""
    left = set(zip(*np.nonzero(mask), strict=True))
    while left:
        part, waiting = set(), [left.pop()]
        while waiting:
            row, column = waiting.pop()
            part.add((row, column))
            near = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            waiting.extend(near)
        yield frozenset(part)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.45, 0.6, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (25, 32)])
def test_marks_are_the_connected_parts(share, shape):
    mask = np.random.default_rng(0).random(shape) < share
    marks = find_marks(mask)
    found = {frozenset(zip(*np.nonzero(marks.labels == number), strict=True)) for number in range(len(marks.area))}
    assert found == set(parts(mask))
    np.testing.assert_array_equal(marks.labels >= 0, mask)


def test_boxes_areas_and_edges_are_those_of_the_marks():
    mask = np.zeros((10, 12), bool)
    mask[2:7, 3:9] = True
    mask[9, 11] = True
    marks = find_marks(mask)
    assert (marks.left.tolist(), marks.top.tolist()) == ([3, 11], [2, 9])
    assert (marks.width.tolist(), marks.height.tolist()) == ([6, 1], [5, 1])
    assert marks.area.tolist() == [30, 1]
    assert marks.edge.tolist() == [18, 1]
    assert marks.fill.tolist() == [1, 1]


def test_a_lines_pen_is_its_width():
    mask = np.zeros((60, 60), bool)
    mask[5:55, 20:24] = True
    assert find_marks(mask).pen[0] == pytest.approx(4, rel=0.1)


def test_a_rim_has_the_pixels_beside_the_outside():
    mask = np.ones((4, 4), bool)
    assert rim(mask).sum() == 12
