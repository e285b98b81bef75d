"""How one network's reading of a drawing changed while it trained: a column for each reading, a row for each digit."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from resnet_gui.core.charts import nice_ticks
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.prediction_view import DIGITS
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

LEGEND = (
    "From left to right: training steps. The stronger a field, the likelier its digit; the line follows the digit read."
)
LEAST, HINTED = 128, 168  # pixels of height
GUTTER, AXIS = 18.0, 18.0  # pixels, of the digits and of the steps
LETTERS = 10  # pixels
TICKS = 6


class ReadingsStrip(QWidget):
    """The path of a reading, with what it says in words. Shows only; has no signals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("readingsStrip")
        self.setAccessibleName("How the reading changed while the network trained")
        self._title = ElidedLabel("readingsStripTitle", "What was read when", self)
        self._legend = QLabel(LEGEND, self)
        self._legend.setObjectName("readingsStripLegend")
        self._legend.setProperty("role", "muted")
        self._legend.setWordWrap(True)
        self.picture = _Picture(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._title)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._legend)

    @property
    def text(self) -> str:
        """What it says in words."""
        return self._title.text()

    def show_path(self, path: ReadingPath, name: str, color: str) -> None:
        """Show how the reading of the network `name` changed, in its colour."""
        self._title.say(f"{name} {path.told()}", role="")
        self.setAccessibleDescription(self._title.text())
        self.picture.show_path(path, color)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self.picture.set_colors(colors)


class _Picture(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._color = LIGHT.runs[0]
        self._steps: NDArray[np.int64] = np.zeros(0, np.int64)
        self._probabilities: NDArray[np.float32] = np.zeros((0, DIGITS), np.float32)

    def show_path(self, path: ReadingPath, color: str) -> None:
        self._steps, self._probabilities, self._color = path.steps, path.probabilities, color
        self.update()

    def set_colors(self, colors: Colors) -> None:
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, HINTED)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        area = QRectF(GUTTER, 1, self.width() - GUTTER - 1, self.height() - AXIS - 1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(LETTERS)
        painter.setFont(font)
        if len(self._steps):
            self._paint_fields(painter, area)
        painter.setPen(QPen(QColor(self._colors.window), 1))
        slot = area.height() / DIGITS
        for digit in range(1, DIGITS):
            y = area.y() + digit * slot
            painter.drawLine(QPointF(area.x(), y), QPointF(area.right(), y))
        if len(self._steps):
            self._paint_line(painter, area)
            self._paint_steps(painter, area)
        now = int(self._probabilities[-1].argmax()) if len(self._steps) else None
        for digit in range(DIGITS):
            font.setBold(digit == now)
            painter.setFont(font)
            painter.setPen(QColor(self._colors.text if digit == now else self._colors.muted))
            place = QRectF(0, area.y() + digit * slot, GUTTER - 4, slot)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(digit))
        painter.end()

    @property
    def _span(self) -> float:
        """Steps from the left to the right edge: the newest reading is as wide as one is on the average."""
        return float(self._steps[-1] - self._steps[0]) * len(self._steps) / max(1, len(self._steps) - 1) or 1.0

    def _columns(self, count: int) -> NDArray[np.intp]:
        """Which reading each of `count` columns of pixels shows: the newest one by then."""
        steps = self._steps[0] + (np.arange(count) + 0.5) * (self._span / count)
        return np.searchsorted(self._steps, steps, side="right") - 1

    def _paint_fields(self, painter: QPainter, area: QRectF) -> None:
        count = max(1, round(area.width() * self.devicePixelRatioF()))
        share = self._probabilities[self._columns(count)].T[:, :, None]  # (10, columns, 1)
        none, whole = (np.array(QColor(color).getRgb()[:3]) for color in (self._colors.raised, self._color))
        pixels = np.rint(none + share * (whole - none)).astype(np.uint8)
        image = QImage(pixels.tobytes(), count, DIGITS, 3 * count, QImage.Format.Format_RGB888)
        painter.drawImage(area, image)

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        count = max(2, round(area.width()))
        digits = self._probabilities[self._columns(count)].argmax(axis=1)
        turns = np.flatnonzero(np.diff(digits)) + 1
        ends = np.concatenate([[0], np.repeat(turns, 2), [count]])
        levels = np.repeat(digits[np.concatenate([[0], turns])], 2)
        x = area.x() + ends * (area.width() / count)
        y = area.y() + (levels + 0.5) * (area.height() / DIGITS)
        line = QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])
        for color, width in ((self._colors.window, 3.5), (self._colors.text, 1.5)):  # an edge: it crosses strong fields
            painter.setPen(QPen(QColor(color), width))
            painter.drawPolyline(line)

    def _paint_steps(self, painter: QPainter, area: QRectF) -> None:
        first, last = int(self._steps[0]), int(self._steps[-1])
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(self._colors.muted))
        top = area.bottom() + 2
        taken: list[tuple[float, float]] = []
        between = [round(tick) for tick in nice_ticks(first, last, TICKS)] if last > first else []
        for step in (first, last, *between):
            text = f"step {step:,}" if step == first else f"{step:,}"
            width = metrics.horizontalAdvance(text)
            x = area.x() + area.width() * (step - first) / self._span
            left = min(max(area.x(), x - width / 2), area.right() - width)
            if all(left > end + SPACING or left + width + SPACING < begin for begin, end in taken):
                taken.append((left, left + width))
                painter.drawText(QPointF(left, top + metrics.ascent()), text)
