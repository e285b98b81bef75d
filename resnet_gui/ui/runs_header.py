"""The header of the runs table: which columns there are, in which order, and a menu to choose them."""

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QListWidget, QListWidgetItem, QMenu, QWidget, QWidgetAction

from resnet_gui.ui.run_columns import COLUMN_OF, COLUMNS, COMPARED, NAME
from resnet_gui.ui.runs_model import RunsModel

LEAST_WIDTH = 36
MOST_WIDTH = 2000  # pixels that a remembered column may have
LIST_SIZE = (290, 300)
FIXED = (COMPARED, NAME)  # columns that are always there


class RunsHeader(QHeaderView):
    """Titles that sort by a click, can be dragged, hidden and shown."""

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setSortIndicatorClearable(True)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(LEAST_WIDTH)
        self.setToolTip("Click a title to sort, drag it to move it; right click to choose columns")
        self.menu = ColumnsMenu(self)

    @property
    def differing(self) -> frozenset[int]:
        """The columns in which the ticked runs differ."""
        return self._model.marked

    def show_defaults(self) -> None:
        """The columns, order and widths of the first start."""
        for number, column in enumerate(COLUMNS):
            self.moveSection(self.visualIndex(number), number)
            self.resizeSection(number, column.width)
            self.setSectionHidden(number, not column.shown)

    def show_columns(self, numbers: frozenset[int]) -> None:
        """Show these columns too."""
        for number in numbers:
            self.setSectionHidden(number, False)

    def state(self) -> dict[str, Any]:
        """Columns, order, widths and sorting, for `restore` and ready for JSON: other versions have other columns."""
        columns = [self.logicalIndex(place) for place in range(self.count())]
        sort = self.sortIndicatorSection()
        return {
            "columns": [[COLUMNS[n].key, self._width(n), not self.isSectionHidden(n)] for n in columns],
            "sort": COLUMNS[sort].key if 0 <= sort < len(COLUMNS) else "",
            "descending": self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder,
        }

    def restore(self, values: dict[str, Any]) -> None:
        """Take what `state` gave. Columns that it does not know stay as they are.

        Raises ValueError, KeyError, TypeError, IndexError or OverflowError for something else, and changes nothing.
        """
        known = [column for column in values["columns"] if column[0] in COLUMN_OF]
        columns = [(COLUMN_OF[key], int(width), bool(shown)) for key, width, shown in known]
        sort, descending = COLUMN_OF.get(values["sort"], -1), bool(values["descending"])
        for place, (number, width, shown) in enumerate(columns):
            self.moveSection(self.visualIndex(number), place)
            self.setSectionHidden(number, not shown and number not in FIXED)
            self.resizeSection(number, min(max(width, LEAST_WIDTH), MOST_WIDTH))
        self.moveSection(self.visualIndex(COMPARED), 0)
        self.setSortIndicator(sort, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Choose columns; the one under the mouse first."""
        self.menu.open_at(event.globalPos(), self.logicalIndexAt(event.pos()))

    def _width(self, number: int) -> int:
        return self.sectionSize(number) or COLUMNS[number].width


class ColumnsMenu(QMenu):
    """A list of all columns with a tick each, which stays open while one ticks."""

    def __init__(self, header: RunsHeader) -> None:
        super().__init__(header)
        self._header = header
        self.setObjectName("runsColumnsMenu")
        self.list = _TickList(self)
        self.list.setFixedSize(*LIST_SIZE)
        self.list.setSpacing(1)
        for number, column in enumerate(COLUMNS):
            if number not in FIXED:
                item = QListWidgetItem(column.title, self.list)
                item.setToolTip(column.tooltip)
                item.setData(Qt.ItemDataRole.UserRole, number)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.list.row_toggled.connect(self._toggle)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.list)
        self.addAction(holder)
        self.addSeparator()
        self.differing = self.addAction("Show what differs between ticked runs", self._show_differing)
        self.addAction("Default columns", self._show_defaults)
        self.aboutToShow.connect(self._prepare)

    def open_at(self, place: QPoint, column: int) -> None:
        """Open with `column` as the current one."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == column:
                self.list.setCurrentRow(row)
        self.popup(place)

    def _prepare(self) -> None:
        self.differing.setEnabled(bool(self._header.differing))
        for row in range(self.list.count()):
            item = self.list.item(row)
            hidden = self._header.isSectionHidden(item.data(Qt.ItemDataRole.UserRole))
            item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.list.setFocus()

    def _toggle(self, item: QListWidgetItem) -> None:
        number = item.data(Qt.ItemDataRole.UserRole)
        self._header.setSectionHidden(number, not self._header.isSectionHidden(number))
        self._prepare()

    def _show_differing(self) -> None:
        self._header.show_columns(self._header.differing)

    def _show_defaults(self) -> None:
        self._header.show_defaults()


class _TickList(QListWidget):
    """Rows that a click, Space or Return ticks. Signal: `row_toggled(object)` the row's item."""

    row_toggled = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runsColumnsList")
        self.setAccessibleName("Columns of the table")
        self.setToolTip("Space shows or hides a column; titles can be dragged in the table")
        self.itemClicked.connect(lambda item: self.row_toggled.emit(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current row; Escape closes the menu."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem():
            self.row_toggled.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
