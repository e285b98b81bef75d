"""A network's reading from depth to depth: a column for each, a row for each digit, and below how many are right."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.inside.depth_reading import DepthReading
from resnet_gui.core.reading import percent
from resnet_gui.ui.theme import LIGHT, Colors

DIGITS = 10
GUTTER, VERDICTS, AXIS, GAP = 40.0, 16.0, 16.0, 8.0  # pixels: scales on the left, digits on top, depths, between charts
LEAST_ROW, CHART = 6, 42  # pixels of height, of a digit's row and of the chart of accuracies
LETTERS = 10  # pixels
ROOM = 11.0  # pixels of width that a digit or a number needs


class DepthStrip(QWidget):
    """Shows one DepthReading. A depth can be chosen by mouse or arrow keys.

    Signals: `chosen(int)`: the user chose this depth.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Reading after each block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._reading: DepthReading | None = None
        self._stages: tuple[int, ...] = ()
        self._probes = False
        self.depth = 0  # the one that is chosen

    def show_reading(self, reading: DepthReading, stages: tuple[int, ...], probes: bool) -> None:
        """Show what the network's head, or else its `probes`, read; `stages` are the depths where one begins."""
        if self._reading is None or len(reading.stopped) != len(self._reading.stopped):
            self.depth = len(reading.stopped) - 1
        self._reading, self._stages, self._probes = reading, stages, probes
        self.update()

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._reading = None
        self.update()

    def choose(self, depth: int) -> None:
        """Mark this depth."""
        self.depth = depth
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """As small as it gets: it takes what room there is."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Rows that can still be told apart."""
        return QSize(220, round(VERDICTS + LEAST_ROW * DIGITS + GAP + CHART + AXIS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, first and last."""
        last = 0 if self._reading is None else len(self._reading.stopped) - 1
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: self.depth - 1, Qt.Key.Key_Right: self.depth + 1}
        wanted = (steps | {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}).get(key)
        if wanted is None or self._reading is None:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(wanted, 0), last))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Where the mouse is, is what one wants to know about."""
        self._choose_at(event.position().x())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The same for touch."""
        self._choose_at(event.position().x())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Verdicts, fields, path of the verdict, and the accuracies below."""
        reading = self._reading
        if reading is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._set_font(painter)
        rows = reading.probed if self._probes else reading.stopped
        field, chart = self._areas()
        self._paint_fields(painter, field, rows)
        self._paint_verdicts(painter, field, rows)
        self._paint_accuracies(painter, chart, reading)
        self._paint_depths(painter, chart, len(rows))
        self._paint_marks(painter, QRectF(field.topLeft(), chart.bottomRight()), len(rows))
        painter.end()

    def _areas(self) -> tuple[QRectF, QRectF]:
        """Of the fields and of the accuracies."""
        width = self.width() - GUTTER - 2
        free = self.height() - VERDICTS - GAP - AXIS
        chart = max(CHART, min(0.35 * free, 96.0)) if self._measured else 0.0
        field = QRectF(GUTTER, VERDICTS, width, free - chart)
        return field, QRectF(GUTTER, field.bottom() + (GAP if chart else 0), width, chart)

    @property
    def _measured(self) -> bool:
        accuracies = None if self._reading is None else self._reading.accuracies
        return accuracies is not None and bool(np.isfinite(accuracies.stopped).any())

    @property
    def _color(self) -> str:
        return self._colors.runs[2] if self._probes else self._colors.accent

    def _paint_fields(self, painter: QPainter, area: QRectF, rows: NDArray[np.float32]) -> None:
        share = np.nan_to_num(rows).T[:, :, None]  # (10, depths, 1)
        none, whole = (np.array(QColor(color).getRgb()[:3]) for color in (self._colors.raised, self._color))
        pixels = np.rint(none + share * (whole - none)).astype(np.uint8)
        image = QImage(pixels.tobytes(), len(rows), DIGITS, 3 * len(rows), QImage.Format.Format_RGB888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, image)
        slot = area.height() / DIGITS
        painter.setPen(QPen(QColor(self._colors.window), 1))
        for digit in range(1, DIGITS):
            y = area.y() + digit * slot
            painter.drawLine(QPointF(area.x(), y), QPointF(area.right(), y))
        known = np.isfinite(rows[-1]).all()
        last = int(rows[-1].argmax()) if known else None
        for digit in range(DIGITS):
            if slot < LETTERS - 1 and digit % 2 and digit != last:
                continue
            self._set_font(painter, digit == last)
            painter.setPen(QColor(self._colors.text if digit == last else self._colors.muted))
            place = QRectF(0, area.y() + digit * slot - 4, GUTTER - 6, slot + 8)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(digit))

    def _paint_verdicts(self, painter: QPainter, area: QRectF, rows: NDArray[np.float32]) -> None:
        """The digit above each column, or where there is no room above those where it becomes another one."""
        width, slot = area.width() / len(rows), area.height() / DIGITS
        digits = [int(row.argmax()) if np.isfinite(row).all() else None for row in rows]
        free = area.x()
        line = QPolygonF()
        for depth, digit in enumerate(digits):
            if digit is None:
                continue
            middle = area.x() + (depth + 0.5) * width
            line.append(QPointF(middle, area.y() + (digit + 0.5) * slot))
            turns = depth == 0 or digits[depth - 1] != digit
            if middle - ROOM / 2 < free or not (turns or width >= ROOM):
                continue
            self._set_font(painter, turns)
            painter.setPen(QColor(self._colors.text if turns else self._colors.muted))
            place = QRectF(middle - ROOM, 0, 2 * ROOM, VERDICTS)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(digit))
            free = middle + ROOM / 2
        for color, thick in ((self._colors.window, 3.5), (self._colors.text, 1.5)):  # an edge: it crosses strong fields
            painter.setPen(QPen(QColor(color), thick))
            painter.drawPolyline(line)
        painter.setBrush(QColor(self._colors.text))
        if line.size() == 1 or width >= 3 * ROOM:
            for point in line:
                painter.drawEllipse(point, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_accuracies(self, painter: QPainter, area: QRectF, reading: DepthReading) -> None:
        if reading.accuracies is None or not self._measured:
            return
        colors = self._colors
        self._set_font(painter)
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(QPointF(area.x(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.muted))
            place = QRectF(0, y - 7, GUTTER - 6, 14)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent(share))
        width = area.width() / len(reading.stopped)
        for shares, color in ((reading.accuracies.stopped, colors.accent), (reading.accuracies.probes, colors.runs[2])):
            line = QPolygonF(
                [
                    QPointF(area.x() + (depth + 0.5) * width, area.bottom() - float(share) * area.height())
                    for depth, share in enumerate(shares)
                    if np.isfinite(share)
                ]
            )
            painter.setPen(QPen(QColor(color), 2))
            painter.drawPolyline(line)
            painter.setBrush(QColor(color))
            if line.size() == 1 or width >= ROOM:
                for point in line:
                    painter.drawEllipse(point, 2.0, 2.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_depths(self, painter: QPainter, area: QRectF, depths: int) -> None:
        self._set_font(painter)
        painter.setPen(QColor(self._colors.muted))
        width = area.width() / depths
        metrics = painter.fontMetrics()
        free = 0.0
        # The last one first: it says how many blocks there are.
        for depth in (depths - 1, *range(depths - 1)):
            text = str(depth) if depth else "stem"
            wide = metrics.horizontalAdvance(text)
            left = min(max(area.x() + (depth + 0.5) * width - wide / 2, area.x() - 12), area.right() - wide)
            last = area.right() - metrics.horizontalAdvance(str(depths - 1)) - width / 2
            if depth < depths - 1 and (left < free or left + wide + 8 > last):
                continue
            painter.drawText(QPointF(left, area.bottom() + metrics.ascent() + 3), text)
            free = left + wide + 10 if depth < depths - 1 else 0.0

    def _paint_marks(self, painter: QPainter, area: QRectF, depths: int) -> None:
        """Where stages begin, and the depth that is chosen."""
        width = area.width() / depths
        painter.setPen(QPen(QColor(self._colors.muted), 1, Qt.PenStyle.DotLine))
        for depth in self._stages:
            x = area.x() + depth * width
            painter.drawLine(QPointF(x, area.y()), QPointF(x, area.bottom()))
        if self.depth < depths:
            strong = self.hasFocus()
            painter.setPen(QPen(QColor(self._colors.accent if strong else self._colors.muted), 2 if strong else 1))
            painter.drawRect(QRectF(area.x() + self.depth * width, area.y(), width, area.height()))

    def _set_font(self, painter: QPainter, bold: bool = False) -> None:
        font = QFont(self.font())
        font.setPixelSize(LETTERS)
        font.setBold(bold)
        painter.setFont(font)

    def _choose_at(self, x: float) -> None:
        if self._reading is not None:
            depths = len(self._reading.stopped)
            width = (self.width() - GUTTER - 2) / depths
            self._choose(min(max(int((x - GUTTER) / width), 0), depths - 1))

    def _choose(self, depth: int) -> None:
        if depth != self.depth:
            self.choose(depth)
            self.chosen.emit(depth)
