"""Confusions and pairs of networks, counted by hand."""

import numpy as np
import pytest

from resnet_gui.core.confusion import compare, confusion_matrix, misread, read_as
from resnet_gui.core.errors import ReadingError
from resnet_gui.core.examination import Exam, Examination

LABELS = np.array([0, 1, 2, 2, 1, 0], np.uint8)
EXAM = Exam("six pictures", np.zeros((6, 28, 28), np.uint8), LABELS, 3)


def examined(run, answers, certainties=(0.5, 0.6, 0.7, 0.8, 0.9, 1.0), exam=EXAM):
    return Examination(run, exam, np.array(answers, np.uint8), np.array(certainties, np.float32))


def test_rows_are_what_it_is_and_columns_what_was_read():
    matrix = confusion_matrix(LABELS, np.array([0, 2, 2, 0, 1, 0], np.uint8), 3)
    assert matrix.tolist() == [[2, 0, 0], [0, 1, 1], [1, 0, 1]]


def test_a_class_that_never_comes_up_has_a_row_and_a_column():
    assert confusion_matrix(LABELS, LABELS, 12).shape == (12, 12)


def test_sixteen_classes_and_more_do_not_overflow_the_labels_type():
    labels = np.array([200, 255], np.uint8)
    matrix = confusion_matrix(labels, labels[::-1], 256)
    assert matrix[200, 255] == matrix[255, 200] == 1
    assert matrix.sum() == 2


def test_the_surest_mistake_comes_first():
    assert misread(examined("a", [1, 1, 2, 0, 2, 0])).tolist() == [4, 3, 0]


def test_equally_sure_mistakes_stay_in_the_order_of_the_images():
    assert misread(examined("a", [1, 0, 0, 0, 0, 1], [0.5] * 6)).tolist() == [0, 1, 2, 3, 4, 5]


def test_who_reads_everything_has_no_mistakes():
    examination = examined("a", LABELS)
    assert len(misread(examination)) == 0
    assert examination.accuracy == 1.0


def test_one_confusion_keeps_the_order():
    answers = np.array([1, 1, 0, 0, 1, 1], np.uint8)
    assert read_as(np.array([3, 5, 2, 0]), LABELS, answers, 2, 0).tolist() == [3, 2]


def test_a_pair_parts_the_images_in_four():
    a = examined("a", [0, 1, 0, 0, 1, 1])  # misreads 2, 3 and 5
    b = examined("b", [0, 0, 0, 2, 0, 0], [1.0, 0.4, 0.9, 0.3, 0.8, 1.0])  # misreads 1, 2 and 4
    pair = compare(a, b)
    assert pair.both_right.tolist() == [0]
    assert pair.only_a.tolist() == [4, 1]  # b is surer of 4
    assert pair.only_b.tolist() == [5, 3]
    assert pair.both_wrong.tolist() == [2]
    assert pair.counts == (2, 2)


def test_what_both_misread_comes_by_the_surer_of_the_two_mistakes():
    a = examined("a", [1] * 2 + [2] * 2 + [1, 0], [0.9, 0, 0, 0, 0, 0])
    b = examined("b", [1, 0] + [2] * 2 + [1, 1], [0.1, 0, 0, 0, 0, 0])
    again = examined("a", [1, 1, 2, 2, 1, 1], [0.5, 0, 0, 0, 0, 0.6])
    assert compare(again, b).both_wrong.tolist() == [5, 0]
    assert compare(a, b).both_wrong.tolist() == [0]


def test_other_images_cannot_be_compared():
    other = Exam("other pictures", np.ones((6, 28, 28), np.uint8), LABELS, 3)
    with pytest.raises(ReadingError, match=r"six pictures .* other pictures"):
        compare(examined("a", LABELS), examined("b", LABELS, exam=other))


def test_the_same_images_read_twice_from_a_file_can_be_compared():
    copy = Exam("a copy", EXAM.images.copy(), LABELS.copy(), 3)
    assert len(compare(examined("a", LABELS), examined("b", LABELS, exam=copy)).both_right) == 6
