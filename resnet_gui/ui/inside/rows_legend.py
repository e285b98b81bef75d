"""What the colours of the blocks' rows mean."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.inside.decades import TONES, Decades
from resnet_gui.ui.inside.columns import branch_color, gradient_color, shortcut_color, tones
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

MARK = 11.0  # pixels
RAMP = 70.0


class RowsLegend(QWidget):
    """A mark and a word for each colour, in as many lines as it takes."""

    def __init__(self, name: str, words: tuple[str, ...], parent: QWidget) -> None:
        """`words` are on what comes through branch and shortcut, on gradients, and, if any, on their thin bars."""
        super().__init__(parent)
        self._words = words
        self._colors = LIGHT
        self._scale: Decades | None = None
        self.setObjectName(name)
        self.setAccessibleName("Legend")
        self.setAccessibleDescription(", ".join(words))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_scale(self, scale: Decades | None) -> None:
        """The scale of what was recorded; None if nothing was."""
        if scale != self._scale:
            self._scale = scale
            self.updateGeometry()
            self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def heightForWidth(self, width: int) -> int:
        """As many lines as it takes."""
        return int(self._flow(width, None)) + 1

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(300, self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks and words."""
        painter = QPainter(self)
        painter.setFont(self._small())
        self._flow(self.width(), painter)

    def _entries(self) -> list[tuple[str, str, str]]:
        """Colour, words, kind."""
        colors = self._colors
        found = (branch_color(colors), shortcut_color(colors), gradient_color(colors), colors.muted)
        kinds = ("square", "square", "square", "thin")
        entries = list(zip(found, self._words, kinds, strict=False))
        if self._scale is not None:
            low, high = self._scale.ends
            entries.append(("", f"{low} to {high} in training", "ramp"))
        return entries

    def _flow(self, width: int, painter: QPainter | None) -> float:
        """Paint, unless there is no painter; the height."""
        metrics = QFontMetricsF(self._small())
        line, x, y = metrics.height() + 2, 0.0, 0.0
        for color, words, kind in self._entries():
            mark = RAMP if kind == "ramp" else MARK
            wide = mark + 5 + metrics.horizontalAdvance(words)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + line
            if painter is not None:
                box = QRectF(x, y + (line - MARK) / 2, mark, MARK)
                if kind == "ramp":
                    image = QImage(bytes(range(TONES)), TONES, 1, TONES, QImage.Format.Format_Indexed8)
                    image.setColorTable(tones(self._colors))
                    painter.drawImage(box, image)
                    painter.setPen(QColor(self._colors.border))
                    painter.drawRect(box)
                else:
                    high = MARK if kind == "square" else 4.0
                    painter.fillRect(QRectF(x, y + (line - high) / 2, mark, high), QColor(color))
                painter.setPen(QColor(self._colors.muted))
                place = QRectF(QPointF(x + mark + 5, y), QPointF(x + wide + 20, y + line))
                painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
            x += wide + 2 * SPACING
        return y + line

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font
