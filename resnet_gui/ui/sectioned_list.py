"""A grid of items in sections, each under a heading; paints what is seen, however many there are."""

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

PAD = 6  # pixels around the grid

_ModelIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Section:
    """Rows of the model under one heading: `top` is the heading's place in pixels from the start of the list."""

    first: int
    count: int
    top: int


class SectionedList(QListView):
    """A QListView with a layout of its own; who derives from it says what the sections are and paints the headings.

    Selection and keys are those of QListView: Ctrl, Shift, arrows, Ctrl+A.
    """

    heading_height = 30  # pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: list[Section] = []
        self._cell = QSize(1, 1)
        self._columns = 1
        self._hovered = -1  # row
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or its coming would change the columns
        self.setMouseTracking(True)  # for the item under the pointer
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))

    def section_rows(self) -> list[tuple[int, int]]:
        """The first row and the number of rows of each section, in their order."""
        raise NotImplementedError

    def paint_heading(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint the heading of section `number`."""
        raise NotImplementedError

    def doItemsLayout(self) -> None:
        """Place everything anew."""
        QAbstractItemView.doItemsLayout(self)
        self._arrange()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        QAbstractItemView.resizeEvent(self, event)
        self._arrange()

    def _arrange(self) -> None:
        """Find the places of the sections, and what there is to scroll."""
        self._cell = self.itemDelegate().sizeHint(QStyleOptionViewItem(), QModelIndex())
        self._columns = max(1, (self.viewport().width() - 2 * PAD) // self._cell.width())
        self._sections, top = [], 0
        for first, count in self.section_rows():
            self._sections.append(Section(first, count, top))
            top += self.heading_height + -(-count // self._columns) * self._cell.height() + PAD
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, top - page))
        bar.setPageStep(page)
        bar.setSingleStep(self._cell.height() // 2)

    def verticalOffset(self) -> int:
        """Pixels above the viewport."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """The list is as wide as its viewport."""
        return 0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted; the rest is painted."""
        self._hovered = -1
        self.viewport().scroll(dx, dy)

    def isIndexHidden(self, index: _ModelIndex) -> bool:
        """No item is."""
        return False

    def visualRect(self, index: _ModelIndex) -> QRect:
        """Where an item lies in the viewport."""
        return self._rect(index.row()) if index.isValid() and self._sections else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The item under a point of the viewport."""
        row = self._row_near(point)
        return self.model().index(row, 0) if row >= 0 and self._rect(row).contains(point) else QModelIndex()

    def scrollTo(self, index: _ModelIndex, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Bring an item into the viewport; the first ones of a section with its heading."""
        if not index.isValid() or not self._sections:
            return
        rect, page = self.visualRect(index), self.viewport().height()
        section = self._section_of(index.row())
        if index.row() - section.first < self._columns:
            rect.setTop(rect.top() - self.heading_height)
        bar = self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() >= page:
            bar.setValue(bar.value() + rect.bottom() + 1 - page)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The item that a key leads to."""
        rows, actions = self.model().rowCount(), QAbstractItemView.CursorAction
        if not rows:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self.model().index(0, 0)
        row = current.row()
        match action:
            case actions.MoveLeft | actions.MovePrevious:
                row -= 1
            case actions.MoveRight | actions.MoveNext:
                row += 1
            case actions.MoveHome:
                row = 0
            case actions.MoveEnd:
                row = rows - 1
            case actions.MoveUp | actions.MoveDown:
                row = self._row_beside(row, -1 if action == actions.MoveUp else 1)
            case actions.MovePageUp | actions.MovePageDown:
                way = -1 if action == actions.MovePageUp else 1
                for _ in range(max(1, self.viewport().height() // self._cell.height())):
                    row = self._row_beside(row, way)
        return self.model().index(min(max(row, 0), rows - 1), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select from one corner of `rect` to the other in reading order; what it touches, while the mouse drags it."""
        selection = QItemSelection()
        if self.state() == QListView.State.DragSelectingState:
            for first, last in self._rows_in(rect.normalized()):
                selection.select(self.model().index(first, 0), self.model().index(last, 0))
        else:
            ends = sorted((self._row_near(rect.topLeft()), self._row_near(rect.bottomRight())))
            if ends[0] >= 0:
                selection.select(self.model().index(ends[0], 0), self.model().index(ends[1], 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to paint anew: all that is seen, which is quicker than thousands of rectangles."""
        return QRegion(self.viewport().rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings and items that `event` asks for."""
        painter = QPainter(self.viewport())
        offset, area = self.verticalOffset(), event.rect()
        for number, section in enumerate(self._sections):
            heading = QRect(PAD, section.top - offset, self.viewport().width() - 2 * PAD, self.heading_height)
            if heading.intersects(area):
                self.paint_heading(painter, number, heading)
        option, current = QStyleOptionViewItem(), self.currentIndex().row()
        self.initViewItemOption(option)
        plain, flags = option.state & ~QStyle.StateFlag.State_HasFocus, QStyle.StateFlag
        for first, last in self._rows_in(area):
            for row in range(first, last + 1):
                index = self.model().index(row, 0)
                option.rect = self._rect(row)
                option.state = plain
                if self.selectionModel().isSelected(index):
                    option.state |= flags.State_Selected
                if row == current and self.hasFocus():
                    option.state |= flags.State_HasFocus
                if row == self._hovered:
                    option.state |= flags.State_MouseOver
                self.itemDelegate().paint(painter, option, index)
        painter.end()

    def _hover(self, row: int) -> None:
        self._hovered = row
        self.viewport().update()

    def _section_of(self, row: int) -> Section:
        return self._sections[bisect_right(self._sections, row, key=lambda section: section.first) - 1]

    def _rect(self, row: int) -> QRect:
        section = self._section_of(row)
        line, column = divmod(row - section.first, self._columns)
        top = section.top + self.heading_height + line * self._cell.height() - self.verticalOffset()
        return QRect(QPoint(PAD + column * self._cell.width(), top), self._cell)

    def _row_near(self, point: QPoint) -> int:
        """The row at a point, or the nearest one before it; -1 if there is none."""
        if not self._sections:
            return -1
        y = point.y() + self.verticalOffset()
        number = max(0, bisect_right(self._sections, y, key=lambda section: section.top) - 1)
        section = self._sections[number]
        line = (y - section.top - self.heading_height) // self._cell.height()
        column = min(max((point.x() - PAD) // self._cell.width(), 0), self._columns - 1)
        return section.first + min(max(line * self._columns + column, 0), section.count - 1)

    def _row_beside(self, row: int, way: int) -> int:
        """The row above (-1) or below (1) `row`; itself if there is none."""
        section = self._section_of(row)
        line, column = divmod(row - section.first, self._columns)
        line += way
        if line < 0 or line > (section.count - 1) // self._columns:
            number = self._sections.index(section) + way
            if not 0 <= number < len(self._sections):
                return row
            section = self._sections[number]
            line = 0 if way > 0 else (section.count - 1) // self._columns
        return section.first + min(line * self._columns + column, section.count - 1)

    def _rows_in(self, area: QRect) -> list[tuple[int, int]]:
        """First and last row of each piece of a line of items that `area` touches."""
        found = []
        left = max((area.left() - PAD) // self._cell.width(), 0)
        right = min((area.right() - PAD) // self._cell.width(), self._columns - 1)
        if right < left:
            return []
        for section in self._sections:
            top = section.top + self.heading_height - self.verticalOffset()
            lines = (section.count - 1) // self._columns
            for line in range(
                max((area.top() - top) // self._cell.height(), 0),
                min((area.bottom() - top) // self._cell.height(), lines) + 1,
            ):
                first = line * self._columns + left
                last = min(line * self._columns + right, section.count - 1)
                if first <= last:
                    found.append((section.first + first, section.first + last))
        return found
