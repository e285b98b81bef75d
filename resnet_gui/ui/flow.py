"""A layout of widgets in rows, wrapped like words."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from resnet_gui.ui.theme import SPACING


class Flow(QLayout):
    """Widgets in rows, wrapped like words."""

    row_gap = SPACING // 2  # pixels
    gap = 2 * SPACING  # pixels between neighbours

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append `item`."""
        self._items.append(item)

    def put(self, index: int, widget: QWidget) -> None:
        """Make `widget` the one at `index`, wherever it was."""
        at = next((i for i, item in enumerate(self._items) if item.widget() is widget), None)
        if at is None:
            self.addWidget(widget)
            at = len(self._items) - 1
        self._items.insert(index, self._items.pop(at))
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at `index`."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at `index`."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows in `width` pixels."""
        return max((place.bottom() + 1 for _, place in self._places(QRect(0, 0, width, 0))), default=0)

    def sizeHint(self) -> QSize:
        """One row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(sum(s.width() + self.gap for s in sizes), max((s.height() for s in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The largest item."""
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        for item, place in list(self._places(rect)):
            item.setGeometry(place)

    def _places(self, rect: QRect) -> Iterator[tuple[QLayoutItem, QRect]]:
        x, y, row = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue  # hidden
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.x() + rect.width():
                x, y, row = rect.x(), y + row + self.row_gap, 0
            yield item, QRect(QPoint(x, y), size)
            x += size.width() + self.gap
            row = max(row, size.height())
