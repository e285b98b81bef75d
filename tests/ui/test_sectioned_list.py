"""A list in sections: where items lie, what keys and the mouse select, and that only what is seen is painted."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyledItemDelegate

from resnet_gui.ui.sectioned_list import PAD, SectionedList

COUNTS = (7, 1, 5)  # of the sections, in a list of four columns
CELL = 50


class Squares(QStyledItemDelegate):
    painted: list[int]

    def sizeHint(self, option, index):
        return QSize(CELL, CELL)

    def paint(self, painter, option, index):
        self.painted.append(index.row())


class Listed(SectionedList):
    counts = COUNTS

    def section_rows(self):
        return [(sum(self.counts[:n]), count) for n, count in enumerate(self.counts)]

    def paint_heading(self, painter, number, area):
        painter.drawText(area, str(number))


@pytest.fixture
def make(qtbot):
    def show(counts, height):
        view = Listed()
        qtbot.addWidget(view)
        view.counts = counts
        squares = Squares(view)
        squares.painted = view.painted = []
        view.setItemDelegate(squares)
        view.setModel(QStringListModel([str(row) for row in range(sum(counts))], view))
        view.resize(4 * CELL + 2 * PAD + 40, height)
        view.show()
        qtbot.waitExposed(view)
        view.doItemsLayout()
        return view

    return show


@pytest.fixture
def view(make):
    return make(COUNTS, 600)


def at(view, row):
    return view.visualRect(view.model().index(row, 0)).center()


def click(view, row, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, at(view, row))


def selected(view):
    return sorted(index.row() for index in view.selectedIndexes())


def test_each_section_begins_on_a_new_line_below_its_heading(view):
    rects = [view.visualRect(view.model().index(row, 0)) for row in range(13)]
    assert [rect.left() for rect in rects[:7]] == [PAD + CELL * column for column in (0, 1, 2, 3, 0, 1, 2)]
    assert rects[0].top() == view.heading_height
    assert rects[7].top() == rects[6].top() + CELL + PAD + view.heading_height
    assert rects[8].left() == PAD


def test_an_item_is_found_where_it_lies_and_nowhere_else(view):
    for row in range(13):
        assert view.indexAt(at(view, row)).row() == row
    for empty in (QPoint(20, 5), at(view, 7) + QPoint(CELL, 0), QPoint(20, 590)):
        assert not view.indexAt(empty).isValid()


def test_ctrl_and_shift_select_more(view):
    click(view, 2)
    assert selected(view) == [2]
    click(view, 9, Qt.KeyboardModifier.ControlModifier)
    assert selected(view) == [2, 9]
    click(view, 5)
    click(view, 8, Qt.KeyboardModifier.ShiftModifier)
    assert selected(view) == [5, 6, 7, 8]
    click(view, 1, Qt.KeyboardModifier.ShiftModifier)
    assert selected(view) == [1, 2, 3, 4, 5]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 590))
    assert selected(view) == []


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (0, Qt.Key.Key_Right, 1),
        (6, Qt.Key.Key_Right, 7),
        (0, Qt.Key.Key_Left, 0),
        (7, Qt.Key.Key_Left, 6),
        (1, Qt.Key.Key_Down, 5),
        (3, Qt.Key.Key_Down, 6),
        (6, Qt.Key.Key_Down, 7),
        (7, Qt.Key.Key_Down, 8),
        (9, Qt.Key.Key_Up, 7),
        (7, Qt.Key.Key_Up, 4),
        (2, Qt.Key.Key_Up, 2),
        (12, Qt.Key.Key_Down, 12),
        (5, Qt.Key.Key_Home, 0),
        (5, Qt.Key.Key_End, 12),
        (0, Qt.Key.Key_PageDown, 12),
        (12, Qt.Key.Key_PageUp, 0),
    ],
)
def test_keys_walk_through_the_sections(view, start, key, end):
    click(view, start)
    QTest.keyClick(view, key)
    assert view.currentIndex().row() == end
    assert selected(view) == [end]


def test_shift_and_arrows_select_in_reading_order(view):
    click(view, 5)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selected(view) == [5, 6, 7]
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert selected(view) == [0, 1, 2, 3, 4, 5]
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert selected(view) == list(range(13))


def test_the_mouse_drags_over_what_it_selects(view):
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 6))
    for row in (5, 1):
        QTest.mouseMove(view.viewport(), at(view, row))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 1))
    assert selected(view) == [1, 2, 5, 6]


def test_thousands_of_items_are_scrolled_to_and_only_those_seen_are_painted(make, qtbot):
    view = make((3000, 2000), 200)
    view.painted.clear()
    view.scrollTo(view.model().index(4999, 0))
    assert view.viewport().rect().contains(at(view, 4999))
    view.grab()
    assert min(view.painted) > 4900
    view.scrollTo(view.model().index(3000, 0))
    assert view.visualRect(view.model().index(3000, 0)).top() == view.heading_height
    view.scrollTo(view.model().index(0, 0))
    assert view.verticalScrollBar().value() == 0


def test_a_wider_list_has_more_columns(view):
    view.resize(8 * CELL + 2 * PAD + 40, 600)
    assert view.visualRect(view.model().index(6, 0)) == QRect(PAD + 6 * CELL, view.heading_height, CELL, CELL)


def test_an_empty_list_is_one_too(make):
    view = make((), 200)
    QTest.keyClick(view, Qt.Key.Key_Down)
    click(view, 0)
    assert not view.indexAt(QPoint(20, 40)).isValid()
    assert selected(view) == []
