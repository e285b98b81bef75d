"""Pictures of signed numbers in the colours of a scheme, and the legend that says what the colours reach to."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from resnet_gui.core.inside.signed import STEPS, ZERO, color_table, number_text
from resnet_gui.ui.theme import LIGHT, Colors

BAR, BAR_HEIGHT = 64, 10  # pixels
ITEM_GAP = 18  # pixels between two bars
RAMP = np.arange(ZERO - STEPS, ZERO + STEPS + 1, dtype=np.uint8)[None].copy()


@lru_cache(maxsize=8)
def table_of(colors: Colors) -> tuple[int, ...]:
    """The colour table of the indices of core.inside.signed."""
    return color_table(colors.negative, colors.surface, colors.positive, colors.window, colors.muted)


def image_of(pixels: NDArray[np.uint8], colors: Colors) -> QImage:
    """An image over `pixels`, (height, width), which must live as long as it does."""
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable(table_of(colors))
    return image


class SignedLegend(QWidget):
    """A bar of colours for each scale, with the numbers at its ends. Has no signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("signedLegend")
        self.setAccessibleName("What the colours mean")
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or what stands beside it would jump
        self.setSizePolicy(policy)
        self._colors = LIGHT
        self._items: list[tuple[str, str, str]] = []  # left end, right end, words

    def show_limits(self, limits: Sequence[tuple[str, float | None]], sentence: str) -> None:
        """Show a bar for each of these words with its limit; None for one that each picture tells itself."""
        items = []
        for words, limit in limits:
            if limit is None:
                items.append(("−", "+", words))
            elif limit == 0:
                items.append(("", "", f"{words}: all 0"))
            else:
                items.append((number_text(-limit), number_text(limit), words))
        self.setToolTip(f"<p>{sentence}</p>")
        if items != self._items:
            self._items = items
            self.setAccessibleDescription(sentence)
            self._fit()
            self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(240, self._line())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many lines as it takes."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars from left to right, in lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ramp, metrics = image_of(RAMP, self._colors), self.fontMetrics()
        for (left, right, words), area in zip(self._items, self._areas(), strict=True):
            x, line = area.left(), area.height()
            for text, color in ((left, self._colors.text), (None, ""), (right, self._colors.text)):
                if text is None:
                    bar = QRectF(x, area.top() + (line - BAR_HEIGHT) / 2, BAR, BAR_HEIGHT)
                    painter.drawImage(bar, ramp)
                    painter.setPen(QPen(QColor(self._colors.border), 1))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(bar)
                    x += BAR + 5
                elif text:
                    wide = metrics.horizontalAdvance(text)
                    painter.setPen(QColor(color))
                    painter.drawText(QRectF(x, area.top(), wide + 2, line), Qt.AlignmentFlag.AlignVCenter, text)
                    x += wide + 5
            painter.setPen(QColor(self._colors.muted))
            rest = QRectF(x, area.top(), max(0.0, area.right() - x), line)
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _line(self) -> int:
        return self.fontMetrics().height() + 4

    def _areas(self) -> list[QRectF]:
        metrics, line = self.fontMetrics(), float(self._line())
        x = y = 0.0
        areas = []
        for texts in self._items:
            wide = BAR + sum(metrics.horizontalAdvance(text) + 5 for text in texts) + 8
            if x and x + wide > self.width():
                x, y = 0.0, y + line
            areas.append(QRectF(x, y, wide, line))
            x += wide + ITEM_GAP
        return areas

    def _fit(self) -> None:
        areas = self._areas()
        self.setMinimumHeight(round(areas[-1].bottom()) if areas else self._line())
