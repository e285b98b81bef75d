"""What a convolution multiplies at one place: for each input channel the window, the kernel, and their products."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from resnet_gui.core.inside.signed import ends_text, indices, largest, number_text, strong
from resnet_gui.core.inside.unit import Unit
from resnet_gui.ui.inside.signed_picture import table_of
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NAME, SIGN, SUM = 52.0, 16.0, 74.0  # pixels of a channel's number, of × and =, and of the sum
NARROWEST, WIDEST = 22.0, 58.0  # pixels of a number
FEW = 2  # input channels that are shown first, so that the result can be seen too


class ProductsPicture(QWidget):
    """Paints the input channels that matter most first. Has no signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("productsPicture")
        self.setAccessibleName("Input, kernel and products")
        self._colors = LIGHT
        self._unit: Unit | None = None
        self._all = False

    def show_unit(self, unit: Unit | None, every: bool) -> None:
        """Show the arithmetic of one value, with `every` input channel or the first few."""
        self._unit, self._all = unit, every
        if unit is not None:
            self.setFixedHeight(round(self._line() * 1.4 + self._count() * self._row()))
            self.setAccessibleDescription(
                "; ".join(
                    f"input channel {channel + 1} adds {number_text(float(unit.contributions[channel]))}"
                    for channel in unit.ranking[:FEW]
                )
            )
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A head, and the rows that are to be seen."""
        unit = self._unit
        if unit is None:
            return
        painter = QPainter(self)
        painter.setFont(self._small())
        cell, line = self._cell(), self._line()
        wide = cell * unit.size
        lefts = [NAME + number * (wide + SIGN) for number in range(3)]
        tensors = unit.window, unit.kernel, unit.products
        limits = [largest(values) for values in tensors]
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(self._colors.muted))
        for left, name, limit in zip(lefts, ("input", "kernel", "products"), limits, strict=True):
            text = f"{name} {ends_text(limit)}"
            text = text if metrics.horizontalAdvance(text) <= wide + SIGN else name
            painter.drawText(QRectF(left, 0, wide + SIGN, line), Qt.AlignmentFlag.AlignVCenter, text)
        painter.drawText(QRectF(0, 0, NAME - 6, line), Qt.AlignmentFlag.AlignVCenter, "channel")
        painter.drawText(QRectF(lefts[2] + wide + SIGN, 0, SUM, line), Qt.AlignmentFlag.AlignVCenter, "sum")
        first = max(0, int((event.rect().top() - 1.4 * line) // self._row()))
        last = min(self._count(), int((event.rect().bottom() - 1.4 * line) // self._row()) + 1)
        for place in range(first, last):
            channel = int(unit.ranking[place])
            top = 1.4 * line + place * self._row()
            middle = QRectF(0, top, NAME - 8, unit.size * line)
            painter.setPen(QColor(self._colors.muted))
            painter.drawText(middle, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{channel + 1}")
            for left, sign in zip(lefts, ("×", "=", "→"), strict=True):
                area = QRectF(left + wide, top, SIGN, unit.size * line)
                painter.setPen(QColor(self._colors.muted))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, sign)
            for number, (left, values, limit) in enumerate(zip(lefts, tensors, limits, strict=True)):
                beyond = ~unit.inside if number != 1 else None
                self._paint_cells(painter, left, top, values[:, :, channel], limit, beyond)
            area = QRectF(lefts[2] + wide + SIGN, top, SUM, unit.size * line)
            painter.setPen(QColor(self._colors.text))
            text = number_text(float(unit.contributions[channel]))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _paint_cells(
        self,
        painter: QPainter,
        left: float,
        top: float,
        values: NDArray[np.float64],
        limit: float,
        beyond: NDArray[np.bool_] | None,
    ) -> None:
        """The numbers of one channel; those `beyond` the edge of the picture are padding."""
        cell, line, table, colors = self._cell(), self._line(), table_of(self._colors), self._colors
        shades, loud = indices(values, limit), strong(values, limit)
        metrics = QFontMetricsF(painter.font())
        for (row, column), value in np.ndenumerate(values):
            area = QRectF(left + column * cell, top + row * line, cell, line)
            padding = beyond is not None and bool(beyond[row, column])
            painter.fillRect(area, QColor(colors.window) if padding else QColor.fromRgb(table[shades[row, column]]))
            if padding:
                painter.fillRect(area, QBrush(QColor(colors.border), Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawRect(area)
            painter.setPen(QColor(colors.surface if loud[row, column] else colors.text))
            text = number_text(float(value), 2)
            if metrics.horizontalAdvance(text) > cell - 2:
                text = number_text(float(value), 1)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _count(self) -> int:
        """Rows."""
        if self._unit is None:
            return 0
        inputs = len(self._unit.contributions)
        return inputs if self._all else min(FEW, inputs)

    def _cell(self) -> float:
        """The width of a number."""
        size = 1 if self._unit is None else self._unit.size
        room = (self.width() - NAME - 3 * SIGN - SUM - 2) / (3 * size)
        return min(max(room, NARROWEST), WIDEST)

    def _row(self) -> float:
        return (1 if self._unit is None else self._unit.size) * self._line() + SPACING

    def _line(self) -> float:
        return QFontMetricsF(self._small()).height() + 4

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.86)
        return font
