"""One network's answer as a row: its colour and name, ten bars on a common baseline, and the digit that it reads."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.reading import Reading
from resnet_gui.ui.curve_lines import mixed
from resnet_gui.ui.prediction_view import DIGITS, percent
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

LOW, HIGH = 34, 72  # pixels, height of a row
SWATCH = 10.0  # pixels across
NAME_LEAST, NAME_MOST, NAME_SHARE = 80.0, 230.0, 0.3  # pixels of a name, and its share of the row
VERDICT = 92.0  # pixels of digit and percentage
HEADER = 18  # pixels
FAINT = 0.6  # share of their colour that bars have which do not win
SMALL, NORMAL = 11, 13  # pixels of letters


class ReadingRow(QAbstractButton):
    """What the network of one run says of the drawing. A click or the space bar chooses the run."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._colors = LIGHT
        self._color = LIGHT.runs[0]
        self._name = ""
        self._reading: Reading | None = None
        self._said = ""

    @property
    def reading(self) -> Reading | None:
        """What is on show, if the network has read."""
        return self._reading

    @property
    def text(self) -> str:
        """The answer in words, or why there is none."""
        return self._said

    def show_entry(self, entry: Entry, colors: Colors) -> None:
        """Stand for this run."""
        self._name, self._colors = entry.name, colors
        self._color = colors.runs[entry.color % len(colors.runs)]
        self.setAccessibleName(entry.name)
        self._describe()

    def show_reading(self, reading: Reading) -> None:
        """Show what the network says."""
        self._reading = reading
        sure = f"Reads {reading.digit} with {percent(float(reading.probabilities.max()))}"
        self._say(f"{sure}, but is unsure" if reading.unsure else sure)

    def show_text(self, text: str) -> None:
        """Show no answer, and say why."""
        self._reading = None
        self._say(text)

    def sizeHint(self) -> QSize:
        """Room for bars that can be told apart."""
        return QSize(480, 44)

    def minimumSizeHint(self) -> QSize:
        """As small as it gets."""
        return QSize(280, LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Swatch, name, bars, digit."""
        colors = self._colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), QColor(colors.raised))
        middle = self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._color))
        painter.drawEllipse(QPointF(SPACING / 2 + SWATCH / 2, middle), SWATCH / 2, SWATCH / 2)
        field = bars_of(self.width())
        left = SPACING / 2 + SWATCH + SPACING
        name = QRectF(left, 0, field.x() - SPACING - left, self.height())
        font = _font(self, NORMAL)
        shown = QFontMetricsF(font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, name.width())
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)
        bars = QRectF(field.x(), 5, field.width(), self.height() - 10)
        if self._reading is not None:
            self._paint_bars(painter, bars, self._reading)
            self._paint_verdict(painter, self._reading)
        elif self._said:
            rest = QRectF(field.x(), 0, self.width() - field.x(), self.height())
            painter.setFont(_font(self, SMALL))
            painter.setPen(QColor(colors.muted))
            wrapped = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rest, wrapped, self._said)
        else:
            self._paint_baseline(painter, bars)
        painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF, reading: Reading) -> None:
        slot = area.width() / DIGITS
        faint = mixed(self._colors.muted, self._colors.window, FAINT)
        painter.setPen(Qt.PenStyle.NoPen)
        for digit, share in enumerate(reading.probabilities.tolist()):
            high = share * area.height()
            painter.setBrush(QColor(self._color) if digit == reading.digit else faint)
            painter.drawRect(QRectF(area.x() + (digit + 0.18) * slot, area.bottom() - high, 0.64 * slot, high))
        self._paint_baseline(painter, area)

    def _paint_baseline(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(QColor(self._colors.border), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_verdict(self, painter: QPainter, reading: Reading) -> None:
        colors = self._colors
        area = QRectF(self.width() - VERDICT, 0, VERDICT, self.height())
        strong = QColor(colors.muted if reading.unsure else colors.text)
        painter.setFont(_font(self, min(0.72 * self.height(), 36), QFont.Weight.Bold))
        painter.setPen(strong)
        digit = QRectF(area.x() + SPACING, 0, 30, self.height())
        painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, str(reading.digit))
        words = percent(float(reading.probabilities.max())) + ("\nunsure" if reading.unsure else "")
        painter.setFont(_font(self, SMALL if reading.unsure else NORMAL))
        rest = QRectF(digit.right(), 0, area.right() - digit.right() - SPACING / 2, self.height())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)

    def _say(self, text: str) -> None:
        self._said = text
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._said)
        self.setToolTip(f"{self._name}: {self._said}" if self._said else self._name)
        self.update()


class ReadingsHeader(QWidget):
    """Names the bars of the rows below it. Has no signals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Digits 0 to 9")
        self.setFixedHeight(HEADER)
        self._colors = LIGHT

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each digit above its bars."""
        field = bars_of(self.width())
        slot = field.width() / DIGITS
        painter = QPainter(self)
        painter.setFont(_font(self, SMALL))
        painter.setPen(QColor(self._colors.muted))
        for digit in range(DIGITS):
            place = QRectF(field.x() + digit * slot, 0, slot, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(digit))
        painter.end()


def bars_of(width: float) -> QRectF:
    """Where the bars are in a row of this width; its height is not set."""
    name = float(np.clip(NAME_SHARE * width, NAME_LEAST, NAME_MOST))
    left = SPACING / 2 + SWATCH + SPACING + name + SPACING
    return QRectF(left, 0, max(10.0, width - VERDICT - left), 0)


def _font(widget: QWidget, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(widget.font())
    font.setPixelSize(max(1, round(pixels)))
    font.setWeight(weight)
    return font
