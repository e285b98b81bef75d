"""The table's view: ticks, lines of groups, renaming in place, and what stands there while nothing does."""

from PySide6.QtCore import QItemSelectionModel, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.ui.run_columns import COMPARED, NAME
from resnet_gui.ui.run_groups import GroupLine
from resnet_gui.ui.runs_delegates import CellDelegate, NameDelegate, TickDelegate
from resnet_gui.ui.runs_header import RunsHeader
from resnet_gui.ui.runs_model import RunsModel
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

ROW_HEIGHT = 28
ARROW = 16  # pixels for a group's arrow
_OPENING_KEYS = {Qt.Key.Key_Left: False, Qt.Key.Key_Right: True}


class RunsView(QTableView):
    """Rows of runs with a tick each.

    A click on a tick ticks, and selects nothing. A click on a group's line, or Return, Left or Right there, opens and
    closes the group. Signal: `delete_refused()`, Delete was pressed while it cannot be done.
    """

    delete_refused = Signal()

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runsTable")
        self.setAccessibleName("Runs")
        self._model = model
        self._colors = LIGHT
        self._done = False  # whether the mouse button that is down has done all it does
        self._header = RunsHeader(model, self)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        # Qt asks every row whether a whole column is selected, to paint its title: it never is.
        self._header.setSelectionModel(QItemSelectionModel(model, self._header))
        self._header.show_defaults()
        self._header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # as trained, until a header is clicked
        self.setSortingEnabled(True)
        self._cells, self._names = CellDelegate(self), NameDelegate(model, self)
        self.setItemDelegate(self._cells)
        self.setItemDelegateForColumn(COMPARED, TickDelegate(self))
        self.setItemDelegateForColumn(NAME, self._names)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # tab leaves the table, arrows move in it
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalScrollBar().valueChanged.connect(self._repaint_groups)
        self.blank = Blank(self.viewport())

    @property
    def header(self) -> RunsHeader:
        """The columns."""
        return self._header

    def set_colors(self, colors: Colors) -> None:
        """Draw in another scheme."""
        self._colors = colors
        for delegate in (self._cells, self._names):
            delegate.set_colors(colors)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick, or open and close a group, or select."""
        self._done = self._taken(event)
        if not self._done:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on a tick is two clicks."""
        self._done = self._taken(event)
        if not self._done:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A press that did all it does begins no selection."""
        if not self._done:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing more where the press did it all."""
        if not self._done:
            super().mouseReleaseEvent(event)
        self._done = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and close the group of the current line; tell why nothing can be deleted."""
        group = self._model.group_at(self.currentIndex().row())
        if group and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._model.open_group(group, group.collapsed)
        elif group and event.key() in _OPENING_KEYS:
            self._model.open_group(group, _OPENING_KEYS[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_refused.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells, and over them the lines of groups, which reach across all columns."""
        super().paintEvent(event)
        if self._model.grouping:
            painter = QPainter(self.viewport())
            row = self.rowAt(0)
            while 0 <= row < self._model.rowCount() and self.rowViewportPosition(row) < self.viewport().height():
                group = self._model.group_at(row)
                if group is not None:
                    self._paint_group(painter, row, group)
                row += 1
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the middle."""
        super().resizeEvent(event)
        self.blank.setGeometry(self.viewport().rect())

    def _taken(self, event: QMouseEvent) -> bool:
        """Whether a press was on a tick or a group's line, and has done all it does."""
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return False
        group = self._model.group_at(index.row())
        if index.column() == COMPARED:
            runs = [row.entry.run.id for row in group.rows] if group else [self._model.entry_at(index.row()).run.id]
            self._model.toggle(runs)
        elif group is not None:
            self._model.open_group(group, group.collapsed)
        else:
            return False
        return True

    def _paint_group(self, painter: QPainter, row: int, group: GroupLine) -> None:
        c = self._colors
        left = max(0, self.columnViewportPosition(COMPARED) + self.columnWidth(COMPARED))
        line = QRect(left, self.rowViewportPosition(row), self.viewport().width() - left, self.rowHeight(row))
        painter.fillRect(line, QColor(c.raised))
        current = self.currentIndex().row() == row and self.hasFocus()
        painter.setPen(QColor(c.accent if current else c.border))
        painter.drawRect(line.adjusted(0, 0, -1, -1)) if current else painter.drawLine(
            line.bottomLeft(), line.bottomRight()
        )
        x, y = line.left() + SPACING, line.center().y() + 1
        shape = [(1, -4), (6, 0), (1, 4)] if group.collapsed else [(0, -3), (8, -3), (4, 2)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.muted))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in shape]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_texts(painter, line.adjusted(SPACING + ARROW, 0, -SPACING, 0), group)

    def _paint_texts(self, painter: QPainter, place: QRect, group: GroupLine) -> None:
        """The title, which gives way if there is no room, and the summary."""
        font, bold = self.font(), self.font()
        bold.setBold(True)
        painter.setFont(font)
        room = place.width() - painter.fontMetrics().horizontalAdvance(group.summary) - 2 * SPACING
        painter.setFont(bold)
        title = painter.fontMetrics().elidedText(group.title, Qt.TextElideMode.ElideRight, max(room, 60))
        painter.setPen(QColor(self._colors.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)
        place.setLeft(place.left() + painter.fontMetrics().horizontalAdvance(title) + 2 * SPACING)
        painter.setFont(font)
        painter.setPen(QColor(self._colors.muted))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, group.summary)

    def _repaint_groups(self) -> None:
        """Lines of groups stay where they are while the columns move."""
        if self._model.grouping:
            self.viewport().update()


class Blank(QLabel):
    """What stands in a table without rows: a sentence, and perhaps a button that mends it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.hint = QLabel(self)
        self.hint.setObjectName("runsHint")
        self.hint.setProperty("role", "muted")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.button = QPushButton("Clear the filter", self)
        self.button.setObjectName("runsClearFilterButton")
        self.button.setAccessibleName("Clear the filter")
        self.button.setToolTip("Show all runs again (Escape in the search field)")
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(self.hint)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch()

    def say(self, text: str, button: bool = False) -> None:
        """Show `text`; nothing if it is empty."""
        self.hint.setText(text)
        self.button.setVisible(button)
        self.setVisible(bool(text))
