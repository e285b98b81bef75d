"""Test images in a grid, each with what it is and what networks take it for."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_gui.core.examination import Examination
from resnet_gui.ui.digit_pixels import DigitPixels
from resnet_gui.ui.theme import LIGHT, RADIUS, Colors

MARGIN = 6  # pixels around an item's content
LINE = 15  # pixels of a caption
CAPTION = 12  # pixels of its letters
DOT = 7  # pixels across, of a network's colour
WIDEST = "0 → 0  100 %"

_ModelIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class Candidate:
    """A network that was examined: its name and the index of its colour."""

    name: str
    color: int
    examination: Examination

    def answer(self, image: int) -> int:
        """What it takes the image for."""
        return int(self.examination.answers[image])

    def certainty(self, image: int) -> str:
        """How sure it was, in whole percent."""
        return f"{100 * float(self.examination.certainties[image]):.0f} %"


class DigitsModel(QAbstractListModel):
    """Some test images, and the networks that read them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.images: NDArray[np.intp] = np.zeros(0, np.intp)
        self.candidates: tuple[Candidate, ...] = ()
        self.captioned: tuple[Candidate, ...] = ()

    def show(self, images: NDArray[np.intp], candidates: Sequence[Candidate], captioned: Sequence[Candidate]) -> None:
        """Hold these images from now on."""
        self.beginResetModel()
        self.images, self.candidates, self.captioned = images, tuple(candidates), tuple(captioned)
        self.endResetModel()

    def rowCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row for each image."""
        return 0 if parent.isValid() else len(self.images)

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions, and sentences for tooltip and screen reader."""
        if not index.isValid():
            return None
        image = int(self.images[index.row()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "\n".join(self.captions(image))
            case Qt.ItemDataRole.ToolTipRole:
                import html  # takes some milliseconds, and the window can be shown without it

                return f"<p>{html.escape(self.sentence(image))}</p>"  # names may hold angle brackets
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.sentence(image)
        return None

    def captions(self, image: int) -> list[str]:
        """Such as `4 → 9  97 %`, for each network that is captioned."""
        label = int(self.captioned[0].examination.labels[image]) if self.captioned else 0
        return [f"{label} → {who.answer(image)}  {who.certainty(image)}" for who in self.captioned]

    def sentence(self, image: int) -> str:
        """What the image is, and what each network takes it for."""
        label = int(self.candidates[0].examination.labels[image])
        read = "; ".join(
            f"{who.name} reads {who.answer(image)}, {who.certainty(image)} sure" for who in self.candidates
        )
        return f"A {label}: {read}. Test image {image}, counted from 0."

    def pixels(self, image: int) -> NDArray[np.uint8]:
        """The image, uint8 (height, width)."""
        return self.candidates[0].examination.images[image]


class DigitDelegate(QStyledItemDelegate):
    """Paints an image as ink on paper, and its captions below."""

    def __init__(self, model: DigitsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors, self._pixels = colors, DigitPixels(colors)

    def sizeHint(self, option: QStyleOptionViewItem, index: _ModelIndex) -> QSize:
        """All items alike."""
        lines = max(1, len(self._model.captioned))
        caption = QFontMetricsF(self._font(option.font)).horizontalAdvance(WIDEST)
        caption += DOT + 4 if lines > 1 else 0
        size = DigitPixels.size(self._shape(), self.parent().devicePixelRatioF())
        return QSize(ceil(max(caption, size.width())) + 2 * MARGIN, ceil(size.height()) + lines * LINE + 2 * MARGIN + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ModelIndex) -> None:
        """Background, image, captions."""
        image, colors = int(self._model.images[index.row()]), self._colors
        area = QRectF(option.rect)
        painter.save()
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            current = option.state & QStyle.StateFlag.State_Selected
            painter.setPen(QPen(QColor(colors.accent)) if current else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.raised))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        bottom = self._pixels.paint(painter, area.adjusted(0, MARGIN, 0, 0), self._model.pixels(image))
        painter.setFont(self._font(option.font))
        metrics, captions = QFontMetricsF(painter.font()), self._model.captions(image)
        dot = DOT + 4 if len(captions) > 1 else 0
        left = area.center().x() - (max(map(metrics.horizontalAdvance, captions), default=0.0) + dot) / 2
        for number, (who, text) in enumerate(zip(self._model.captioned, captions, strict=True)):
            line = QRectF(left + dot, bottom + 2 + number * LINE, area.right() - left, LINE)
            if dot:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colors.runs[who.color % len(colors.runs)]))
                painter.drawEllipse(QPointF(left + DOT / 2, line.center().y() + 0.5), DOT / 2, DOT / 2)
            painter.setPen(QColor(colors.text))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _shape(self) -> tuple[int, int]:
        if not self._model.candidates:
            return 28, 28
        height, width = self._model.candidates[0].examination.images.shape[1:]
        return height, width

    def _font(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPixelSize(CAPTION)
        return small


class DigitGallery(QListView):
    """A grid of test images that scrolls. Has no signals of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("digitGallery")
        self.setAccessibleName("Test images")
        self.setToolTip("What each digit is → what it was read as, and how sure the network was.")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)  # for the item under the pointer
        self.setMinimumSize(180, 120)
        self._digits = DigitsModel(self)
        self._delegate = DigitDelegate(self._digits, self)
        self.setModel(self._digits)
        self.setItemDelegate(self._delegate)
        self.set_colors(LIGHT)

    @property
    def images(self) -> NDArray[np.intp]:
        """The test images on show, in their order."""
        return self._digits.images

    def show_digits(
        self, images: NDArray[np.intp], candidates: Sequence[Candidate], captioned: Sequence[Candidate]
    ) -> None:
        """Show these test images; tooltips tell what all `candidates` read, captions what those `captioned` do."""
        self._digits.show(images, candidates, captioned)
        self.scrollToTop()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._delegate.set_colors(colors)
        self.setStyleSheet(
            f"QListView {{ background: {colors.surface}; border: 1px solid {colors.border};"
            f" border-radius: {RADIUS}px; outline: none; }}"
            f"QListView:focus {{ border-color: {colors.accent}; }}"
        )
        self.viewport().update()
