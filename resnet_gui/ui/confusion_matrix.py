"""A confusion matrix: a row for each class that it is, a column for each that was read; a cell can be chosen."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.ui.theme import LIGHT, Colors

Cell = tuple[int, int]  # what it is, what was read

HEAD = 18.0  # pixels of a line of heads and of titles
LARGEST_CELL, SMALLEST_CELL = 44.0, 15.0  # pixels
READABLE_CELL = 18.0  # pixels, of the smallest cell that shows its count
SMALLEST_FULL = 0.01  # share of a row: mistakes rarer than this never get the full colour
RIGHT_STRENGTH, WRONG_STRENGTH = 0.3, 0.85  # of the colour where its scale ends: mistakes are to stand out
SWATCH = 44.0  # pixels of a scale in the legend
STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class ConfusionMatrix(QWidget):
    """Counts in coloured cells; below them, the cell under the pointer or the keys in words.

    Arrows move among the cells, Enter or a click chooses one, Escape or a second click none.

    Signals: `cell_chosen(object)`, (what it is, what was read), or None for no cell.
    """

    cell_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setAccessibleName("Confusion matrix")
        self.setToolTip(
            "A row for each digit, a column for each answer. Click a cell to see its digits only; "
            "or move by the arrow keys, choose with Enter, and see all again with Escape."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._totals: NDArray[np.int64] = np.zeros(0, np.int64)
        self._full = SMALLEST_FULL
        self._mistakes_only = False
        self._current: Cell = (0, 0)
        self._chosen: Cell | None = None
        self._hovered: Cell | None = None

    @property
    def chosen(self) -> Cell | None:
        """The cell that is chosen: what it is, what was read."""
        return self._chosen

    def show_matrix(self, counts: NDArray[np.int64], totals: NDArray[np.int64], mistakes_only: bool = False) -> None:
        """Show `counts`, (classes, classes); there are `totals`, (classes,), of each class. No cell is chosen then.

        With `mistakes_only` the diagonal says nothing: what was read right is not counted.
        """
        self._counts, self._totals, self._mistakes_only = counts, totals, mistakes_only
        mistakes = self._shares()[~np.eye(len(counts), dtype=bool)]
        self._full = max(SMALLEST_FULL, float(mistakes.max(initial=0.0)))
        self._current = min(self._current[0], len(counts) - 1), min(self._current[1], len(counts) - 1)
        self._chosen = self._hovered = None
        self._say()
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Choose `cell`, or none, and report it."""
        if cell != self._chosen:
            self._chosen = cell
            self._current = cell or self._current
            self._say()
            self.update()
            self.cell_chosen.emit(cell)

    def describe(self, cell: Cell) -> str:
        """Such as `7 read as 1: 12 of 1,028`."""
        label, answer = cell
        count = int(self._counts[label, answer])
        if self._mistakes_only and label == answer:
            return f"{label} read as {answer}: not counted here"
        return f"{label} read as {answer}: {f'{count:,}' if count else 'none'} of {int(self._totals[label]):,}"

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def place(self, cell: Cell) -> QRectF:
        """Where `cell` is painted."""
        corner, side = self._grid()
        return QRectF(corner.x() + cell[1] * side, corner.y() + cell[0] * side, side, side)

    def sizeHint(self) -> QSize:
        """Cells that read well."""
        return QSize(round(10 * 32 + 2 * HEAD), round(10 * 32 + 5 * HEAD + 8))

    def minimumSizeHint(self) -> QSize:
        """Cells that can still be told apart."""
        side = max(10, len(self._counts)) * SMALLEST_CELL
        return QSize(round(side + 2 * HEAD), round(side + 5 * HEAD + 8))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the cell under the pointer."""
        self._hover(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no cell."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell, or take the choice back."""
        cell = self._cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None:
            self._current = cell
            self.choose(None if cell == self._chosen else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, choose, and take the choice back."""
        key, last = Qt.Key(event.key()), len(self._counts) - 1
        if key in STEPS and last >= 0:
            row, column = (at + step for at, step in zip(self._current, STEPS[key], strict=True))
            self._current = min(max(0, row), last), min(max(0, column), last)
            self._say()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.choose(None if self._current == self._chosen else self._current)
        elif key is Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the arrows start."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the arrows act elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Titles, heads, cells and what their colours mean."""
        classes = len(self._counts)
        if not classes:
            return
        painter = QPainter(self)
        corner, side = self._grid()
        self._paint_heads(painter, corner, side)
        shares, font = self._shares(), self._font(min(13.0, 0.4 * side))
        for label in range(classes):
            for answer in range(classes):
                self._paint_cell(painter, (label, answer), float(shares[label, answer]), font)
        painter.setPen(QPen(QColor(self._colors.border), 1))
        for line in range(classes + 1):
            along, across = classes * side, line * side
            painter.drawLine(corner + QPointF(0, across), corner + QPointF(along, across))
            painter.drawLine(corner + QPointF(across, 0), corner + QPointF(across, along))
        self._paint_frame(painter, self._hovered, self._colors.muted, 1)
        if self.hasFocus():
            self._paint_frame(painter, self._current, self._colors.accent, 2)
        self._paint_frame(painter, self._chosen, self._colors.text, 2)
        top = corner.y() + classes * side + 4
        painter.setFont(self._font(12.0))
        told = self._hovered or (self._current if self.hasFocus() else None)
        if told is not None:
            painter.setPen(QColor(self._colors.text))
            line = QRectF(corner.x(), top, self.width() - corner.x(), HEAD)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._told(told))
        self._paint_scales(painter, top + HEAD)
        painter.end()

    def _paint_heads(self, painter: QPainter, corner: QPointF, side: float) -> None:
        classes, centre = len(self._counts), Qt.AlignmentFlag.AlignCenter
        across = classes * side
        painter.setPen(QColor(self._colors.muted))
        painter.setFont(self._font(12.0))
        painter.drawText(QRectF(corner.x(), corner.y() - 2 * HEAD, across, HEAD), centre, "was read as")
        painter.save()
        painter.translate(corner.x() - 2 * HEAD, corner.y() + across)
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, across, HEAD), centre, "the digit is")
        painter.restore()
        painter.setPen(QColor(self._colors.text))
        painter.setFont(self._font(12.0, QFont.Weight.DemiBold))
        for number in range(classes):
            at = number * side
            painter.drawText(QRectF(corner.x() + at, corner.y() - HEAD, side, HEAD), centre, str(number))
            painter.drawText(QRectF(corner.x() - HEAD, corner.y() + at, HEAD, side), centre, str(number))

    def _paint_cell(self, painter: QPainter, cell: Cell, share: float, font: QFont) -> None:
        count, place = int(self._counts[cell]), self.place(cell)
        fill = self._fill(cell[0] == cell[1], share)
        painter.fillRect(place, fill)
        if count and place.width() >= READABLE_CELL:
            dark = fill.lightnessF() < 0.5
            light_text = QColor(self._colors.text).lightnessF() > 0.5
            painter.setPen(QColor(self._colors.text if dark == light_text else self._colors.surface))
            painter.setFont(font)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))

    def _paint_frame(self, painter: QPainter, cell: Cell | None, color: str, width: int) -> None:
        if cell is not None:
            painter.setPen(QPen(QColor(color), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.place(cell))

    def _paint_scales(self, painter: QPainter, top: float) -> None:
        """One line for each scale in use: they end at different shares."""
        scales = [] if self._mistakes_only else [(True, 1.0, "read right")]
        for line, (right, end, what) in enumerate([*scales, (False, self._full, "misread")]):
            area = QRectF(2 * HEAD, top + line * HEAD, SWATCH, HEAD)
            scale = QLinearGradient(area.topLeft(), area.topRight())
            scale.setColorAt(0, self._fill(right, 0.0))
            scale.setColorAt(1, self._fill(right, end))
            painter.fillRect(area.adjusted(0, 4, 0, -4), scale)
            painter.setPen(QColor(self._colors.border))
            painter.drawRect(area.adjusted(0, 4, 0, -4))
            painter.setPen(QColor(self._colors.muted))
            text = f"{what}: 0 to {100 * end:.3g} % of the row"
            painter.drawText(
                QRectF(area.right() + 6, area.y(), self.width() - area.right() - 6, HEAD),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
                QFontMetricsF(painter.font()).elidedText(
                    text, Qt.TextElideMode.ElideRight, self.width() - area.right() - 6
                ),
            )

    def _fill(self, right: bool, share: float) -> QColor:
        """The colour of a cell with this share of its row."""
        color = QColor(self._colors.accent if right else self._colors.error)
        strength = RIGHT_STRENGTH * share if right else WRONG_STRENGTH * min(1.0, share / self._full)
        under = QColor(self._colors.surface)
        mixed = (a + strength * (b - a) for a, b in zip(under.getRgbF()[:3], color.getRgbF()[:3], strict=True))
        return QColor.fromRgbF(*mixed)

    def _shares(self) -> NDArray[np.float64]:
        """Of each cell, the share of its row's class."""
        return self._counts / np.maximum(1, self._totals)[:, None]

    def _grid(self) -> tuple[QPointF, float]:
        """The upper left corner of the cells, and the side of each."""
        classes = max(1, len(self._counts))
        across, down = self.width() - 2 * HEAD - 1, self.height() - 5 * HEAD - 9
        return QPointF(2 * HEAD, 2 * HEAD), max(1.0, min(LARGEST_CELL, float(int(min(across, down) / classes))))

    def _cell_at(self, spot: QPointF) -> Cell | None:
        corner, side = self._grid()
        column, row = (spot.x() - corner.x()) // side, (spot.y() - corner.y()) // side
        inside = 0 <= row < len(self._counts) and 0 <= column < len(self._counts)
        return (int(row), int(column)) if inside else None

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _told(self, cell: Cell) -> str:
        count = int(self._counts[cell])
        return self.describe(cell) + (f" ({100 * float(self._shares()[cell]):.3g} %)" if count else "")

    def _say(self) -> None:
        """Tell screen readers about the current cell."""
        if len(self._counts):
            chosen = ", chosen" if self._current == self._chosen else ""
            self.setAccessibleDescription(self.describe(self._current) + chosen)

    def _font(self, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(pixels)))
        font.setWeight(weight)
        return font
