"""The pixels of a digit as ink on paper, each a whole number of the screen's."""

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from resnet_gui.ui.theme import Colors

SCALE = 2  # Qt's pixels for each of the image's, at least


class DigitPixels:
    """Paints images, uint8 (height, width), in the colours of a scheme."""

    def __init__(self, colors: Colors) -> None:
        self._border, self._paper = QColor(colors.border), QColor(colors.paper)
        ends = [np.array(QColor(color).getRgb()[:3], np.float64) for color in (colors.paper, colors.ink)]
        shades = ends[0] + np.linspace(0, 1, 256)[:, None] * (ends[1] - ends[0])
        red, green, blue = shades.round().astype(np.uint32).T
        self._shades = np.uint32(0xFF000000) | red << 16 | green << 8 | blue  # of each pixel value, as Format_RGB32

    @staticmethod
    def size(shape: tuple[int, ...], ratio: float) -> QSizeF:
        """The room that an image takes on a device of this pixel ratio."""
        scale = ceil(SCALE * ratio) / ratio
        return QSizeF(shape[1] * scale, shape[0] * scale)

    def paint(
        self, painter: QPainter, area: QRectF, pixels: NDArray[np.uint8] | None, shape: tuple[int, ...] = (28, 28)
    ) -> float:
        """Paint `pixels`, or bare paper of `shape` for None, at the top of `area`; where they end."""
        ratio = painter.device().devicePixelRatioF()
        size = self.size(shape if pixels is None else pixels.shape, ratio)
        left = round((area.center().x() - size.width() / 2) * ratio) / ratio
        place = QRectF(left, area.top(), size.width(), size.height())
        if pixels is None:
            painter.fillRect(place, self._paper)
        else:
            rows, columns = pixels.shape
            shaded = self._shades[pixels]
            painter.drawImage(place, QImage(shaded.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGB32))
        painter.setPen(QPen(self._border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        return place.bottom()
