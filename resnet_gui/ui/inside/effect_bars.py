"""Ten pairs of bars: what a network reads as it was trained, and changed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.ui.theme import LIGHT, Colors

DIGITS = 10
LABEL = 18  # pixels below the bars
LEGEND = 18  # pixels above them
Probabilities = NDArray[np.float32] | None


class EffectBars(QWidget):
    """A hollow bar for what was read before, and a filled one for what is read now, for each digit. Has no signals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lesionBars")
        self.setAccessibleName("Probabilities before and after")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._before: Probabilities = None
        self._after: Probabilities = None

    def show_readings(self, before: Probabilities, after: Probabilities, words: str) -> None:
        """Show these, float32 (10,) each; None where they are not numbers. `words` say the same."""
        self._before, self._after = before, after
        self.setAccessibleDescription(words)
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """Ten pairs that read well."""
        return QSize(300, 120)

    def minimumSizeHint(self) -> QSize:
        """Ten pairs that can be told apart."""
        return QSize(200, 84)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Legend, bars and digits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._colors
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        self._paint_legend(painter)
        height = self.height() - LEGEND - LABEL
        column = self.width() / DIGITS
        bar = min(12.0, column / 2 - 3)
        for digit in range(DIGITS):
            middle = (digit + 0.5) * column
            ground = LEGEND + height
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(round(middle - bar - 2), round(ground), round(middle + bar + 2), round(ground))
            for values, left, filled in ((self._before, middle - bar - 1, False), (self._after, middle + 1, True)):
                if values is not None:
                    self._paint_bar(painter, QRectF(left, LEGEND, bar, height), float(values[digit]), filled)
            winner = self._after if self._after is not None else self._before
            wins = winner is not None and int(winner.argmax()) == digit
            font.setBold(wins)
            painter.setFont(font)
            painter.setPen(QColor(colors.text if wins else colors.muted))
            label = QRectF(digit * column, ground + 1, column, LABEL - 1)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(digit))
        painter.end()

    def _paint_bar(self, painter: QPainter, area: QRectF, share: float, filled: bool) -> None:
        top = area.bottom() - share * area.height()
        bar = QRectF(area.left(), top, area.width(), area.bottom() - top)
        painter.setPen(QPen(QColor(self._colors.muted), 1) if not filled else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.accent) if filled else QColor(self._colors.raised))
        painter.drawRect(bar)

    def _paint_legend(self, painter: QPainter) -> None:
        x = 0.0
        for text, filled in (("as it was trained", False), ("changed", True)):
            self._paint_bar(painter, QRectF(x + 1, 4, 9, 9), 1.0, filled)
            painter.setPen(QColor(self._colors.muted))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(x + 15, 0, width + 2, LEGEND), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 30
