"""What the network sees and what it says: the 28x28 image, and ten probabilities with a verdict."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.reading import Reading, percent
from resnet_gui.core.strokes import BOX, SIDE
from resnet_gui.ui.theme import LIGHT, RADIUS, SPACING, Colors

DIGITS = 10
EMPTY_TEXT = "Nothing to read yet"
NO_NUMBER_TEXT = "The network answers with values that are not numbers"
ROW_LOW, ROW_HIGH = 14.0, 26.0  # pixels, height of a bar with its gap
REST_MS = 600  # that a verdict stands before screen readers tell it: while one draws it changes with every stroke
TIP = (
    "<p>How likely the network holds each digit to be what you drew; the ten shares add up to 100 %. A network that "
    "was trained with validation images is calibrated: of what it reads with 90 %, about 90 % are right.</p>"
    "<p><b>Unsure</b> means that this may be no digit at all: none has half of the probability, or the answer is "
    "unlike its answers to all but 2 % of the validation images. How many scribbles that finds is measured by "
    "<code>resnet-gui evaluate --scribbles</code>.</p>"
)
IMAGE_SCALE = 3  # Qt's pixels for each of the image's, at least


class PredictionView(QWidget):
    """Ten bars, one for each digit, beside the verdict. Shows only.

    Signals: `announced(str)`: a new verdict in words, once it has stood for REST_MS; screen readers are told it too.
    """

    announced = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictionView")
        self.setAccessibleName("Prediction")
        self.setToolTip(TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._probabilities: NDArray[np.float32] | None = None
        self._unsure = self._unlike = False
        self._guesses: tuple[int, ...] = ()
        self._text = ""
        self._told: tuple[int, bool] | None = None  # digit and doubt that screen readers know, or will in a moment
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._announce)
        self.show_nothing(EMPTY_TEXT)

    @property
    def probabilities(self) -> NDArray[np.float32] | None:
        """The probabilities on show, shape (10,), or None."""
        return self._probabilities

    @property
    def verdict(self) -> int | None:
        """The digit on show, or None."""
        return None if self._probabilities is None else int(self._probabilities.argmax())

    @property
    def unsure(self) -> bool:
        """Whether the network does not know the digit on show."""
        return self._unsure

    @property
    def text(self) -> str:
        """What stands in place of a verdict, or the verdict in words."""
        return self._text

    def show_reading(self, reading: Reading) -> None:
        """Show what a network says of the drawing."""
        if not np.isfinite(reading.probabilities).all():  # a network that diverged
            self.show_nothing(NO_NUMBER_TEXT)
            return
        self._probabilities = np.array(reading.probabilities, np.float32)
        self._unsure, self._unlike, self._guesses = reading.unsure, reading.unlike, reading.guesses
        self._say(reading.in_words)
        if self._told != (reading.digit, reading.unsure):
            self._told = (reading.digit, reading.unsure)
            self._rest.start()

    def show_nothing(self, text: str) -> None:
        """Show no verdict, and say why."""
        self._probabilities, self._unsure = None, False
        self._told = None
        self._rest.stop()
        self._say(text)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """Ten rows that read well."""
        return QSize(260, round(DIGITS * 16))

    def minimumSizeHint(self) -> QSize:
        """Ten rows that can still be read."""
        return QSize(200, round(DIGITS * ROW_LOW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Verdict on the left, bars on the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = min(self.height() / DIGITS, ROW_HIGH)
        left = min(max(76.0, 0.3 * self.width()), 150.0)
        self._paint_verdict(painter, QRectF(0, 0, left, DIGITS * row))
        for digit in range(DIGITS):
            area = QRectF(left + SPACING, digit * row, self.width() - left - SPACING, row)
            self._paint_bar(painter, area, digit)
        painter.end()

    def _paint_verdict(self, painter: QPainter, area: QRectF) -> None:
        colors, verdict = self._colors, self.verdict
        if self._probabilities is None or verdict is None:
            painter.setFont(self._font(13))
            painter.setPen(QColor(colors.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
            return
        if self._unsure:
            self._paint_doubt(painter, area, self._probabilities)
            return
        size = min(0.5 * area.height(), 0.85 * area.width())
        digit = QRectF(area.x(), area.center().y() - 0.78 * size, area.width(), 1.12 * size)
        painter.setFont(self._font(size, QFont.Weight.Bold))
        painter.setPen(QColor(colors.accent))
        painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, str(verdict))
        share = QRectF(area.x(), digit.bottom() - 0.08 * size, area.width(), 0.45 * size)
        painter.setFont(self._font(max(14.0, 0.27 * size), QFont.Weight.DemiBold))
        painter.setPen(QColor(colors.text))
        painter.drawText(share, Qt.AlignmentFlag.AlignCenter, percent(float(self._probabilities[verdict])))

    def _paint_doubt(self, painter: QPainter, area: QRectF, probabilities: NDArray[np.float32]) -> None:
        """The word, and below it the best guesses; where one is likely, why it is none."""
        colors, size = self._colors, min(0.16 * area.height(), 0.24 * area.width())
        line = QRectF(area.x(), area.center().y() - 2.3 * size, area.width(), 1.6 * size)
        painter.setFont(self._font(size, QFont.Weight.Bold))
        painter.setPen(QColor(colors.caution))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, "Unsure")
        painter.setFont(self._font(max(12.0, 0.7 * size), QFont.Weight.DemiBold))
        if self._unlike:
            painter.setPen(QColor(colors.muted))
            room = QRectF(area.x(), line.bottom(), area.width(), area.bottom() - line.bottom())
            wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, wrapped, f"Unlike the digits it learned. Perhaps {self._guesses[0]}")
            return
        for digit, color in zip(self._guesses, (colors.text, colors.muted), strict=False):
            line.translate(0, 1.5 * size)
            painter.setPen(QColor(color))
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, f"{digit}?  {percent(float(probabilities[digit]))}")

    def _paint_bar(self, painter: QPainter, area: QRectF, digit: int) -> None:
        colors, wins = self._colors, digit == self.verdict
        share = 0.0 if self._probabilities is None else float(self._probabilities[digit])
        size = min(max(11.0, 0.74 * area.height()), 15.0)
        font = self._font(size, QFont.Weight.Bold if wins else QFont.Weight.Normal)
        widest = QFontMetricsF(self._font(size, QFont.Weight.Bold)).horizontalAdvance(percent(1.0))
        label, number = 1.2 * size, widest + SPACING
        painter.setFont(font)
        painter.setPen(QColor(colors.text if wins else colors.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(area.x(), area.y(), label, area.height()), middle, str(digit))
        if self._probabilities is not None:
            end = QRectF(area.right() - number, area.y(), number, area.height())
            painter.drawText(end, middle | Qt.AlignmentFlag.AlignRight, percent(share))
        thick = 0.5 * area.height()
        track = QRectF(area.x() + label, area.center().y() - thick / 2, area.width() - label - number, thick)
        groove = QPainterPath()
        groove.addRoundedRect(track, thick / 2, thick / 2)
        painter.fillPath(groove, QColor(colors.raised))
        # Cut out of the groove, not rounded: the length is the probability, also where it is small.
        painter.setClipRect(QRectF(track.x(), track.y(), share * track.width(), thick))
        painter.fillPath(groove, QColor((colors.caution if self._unsure else colors.accent) if wins else colors.muted))
        painter.setClipping(False)

    def _font(self, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(pixels)))
        font.setWeight(weight)
        return font

    @Slot()
    def _announce(self) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._text))
        self.announced.emit(self._text)

    def _say(self, text: str) -> None:
        self._text = text
        self.setAccessibleDescription(text)
        self.update()


class NetworkImageView(QWidget):
    """The image that goes into the network, each pixel a whole number of the screen's. Has no signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkImage")
        self.setAccessibleName("What the network sees")
        self.setToolTip(
            f"Your drawing as the network gets it: scaled into {BOX:.0f} pixels, centred by its ink "
            f"in {SIDE} x {SIDE} pixels, white on black as in MNIST."
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._colors = LIGHT
        self._image: QImage | None = None
        self.show_nothing()

    @property
    def image(self) -> QImage | None:
        """The image on show, 28 x 28 in shades of grey, or None."""
        return self._image

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show `image`, shape (28, 28), 0 for paper and 255 for ink."""
        pixels = np.ascontiguousarray(image, np.uint8)
        rows, columns = pixels.shape
        # A QImage of foreign memory does not keep it alive: copy.
        self._image = QImage(pixels.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
        self.setAccessibleDescription(f"{columns} x {rows} pixels")
        self.update()

    def show_nothing(self) -> None:
        """Show an empty field."""
        self._image = None
        self.setAccessibleDescription("Empty")
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """The image and a frame."""
        return QSize(1, 1) * (ceil(self._side()) + 2)

    def minimumSizeHint(self) -> QSize:
        """As small as it gets."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """Ask for other room on a screen with another ratio."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.updateGeometry()
        return super().event(event)

    def _side(self) -> float:
        """Side of the image in Qt's pixels: a whole number of the screen's for each of its own, also at 1.25."""
        ratio = self.devicePixelRatioF()
        return SIDE * ceil(IMAGE_SCALE * ratio) / ratio

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image by nearest neighbours; without one, the field and the box that digits are scaled into."""
        colors, ratio, side = self._colors, self.devicePixelRatioF(), self._side()
        corner = ceil(ratio) / ratio  # whole screen pixels again, and room for the frame
        field = QRectF(corner, corner, side, side)
        painter = QPainter(self)
        if self._image is not None:
            painter.drawImage(field, self._image)
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.setBrush(QColor(colors.raised))
            painter.drawRoundedRect(field.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS / 2, RADIUS / 2)
            margin = (1 - BOX / SIDE) / 2 * side
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DotLine))
            painter.drawRect(field.adjusted(margin, margin, -margin, -margin))
        painter.end()
