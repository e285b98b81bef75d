"""A small picture that unrolls three blocks into their eight paths, after Veit et al. 2016, figure 1."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.inside.paths import EXPLAINED, explained_paths
from resnet_gui.ui.theme import LIGHT, Colors

PATHS = explained_paths()
LEAST_ROW, ROW = 17, 24  # pixels of height
ENDS = 14.0  # pixels on both sides, for x and y
LETTERS = 10  # pixels


class PathsExplained(QWidget):
    """Eight rows; those of the chosen length stand out. A row's length is chosen by mouse or arrow keys.

    Signals: `chosen(int)`: paths of this length.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("insidePathsExplained")
        self.setAccessibleName("The eight paths of three blocks")
        self.setToolTip("Click a path to see all paths of its length. F: through the residual branch; arc: shortcut.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._colors = LIGHT
        self._plain = False
        self.length = 1
        self._tell()

    @property
    def words(self) -> str:
        """What stands out, as a sentence."""
        if self._plain:
            return f"{EXPLAINED} plain blocks: one path, of length {EXPLAINED}."
        count = sum(sum(path) == self.length for path in PATHS)
        return f"{count} of {len(PATHS)} paths {'has' if count == 1 else 'have'} length {self.length}."

    def show_plain(self, plain: bool) -> None:
        """Whether there are no shortcuts."""
        self._plain = plain
        self._tell()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """Rows that read well."""
        return QSize(176, ROW * len(PATHS))

    def minimumSizeHint(self) -> QSize:
        """Rows that can still be read."""
        return QSize(150, LEAST_ROW * len(PATHS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(self.length + step, 0), EXPLAINED))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The length of what was clicked."""
        row = int(event.position().y() // self._row)
        if 0 <= row < len(PATHS):
            self._choose(sum(PATHS[row]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """All paths, shortest first; of a plain network the longest alone."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(LETTERS)
        painter.setFont(font)
        for row, path in enumerate(PATHS):
            if self._plain and not all(path):
                continue
            strong = self._plain or sum(path) == self.length
            self._paint_path(painter, QRectF(1, row * self._row, self.width() - 2, self._row), path, strong)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._colors.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self._row * len(PATHS) - 1))
        painter.end()

    @property
    def _row(self) -> float:
        return min(self.height() / len(PATHS), float(ROW))

    def _paint_path(self, painter: QPainter, area: QRectF, path: tuple[int, ...], strong: bool) -> None:
        colors = self._colors
        color, middle = QColor(colors.accent if strong else colors.border), area.center().y()
        painter.setPen(QColor(colors.text if strong else colors.muted))
        for text, left in (("x", area.x()), (str(sum(path)), area.right() - ENDS)):
            painter.drawText(QRectF(left, area.y(), ENDS, area.height()), Qt.AlignmentFlag.AlignCenter, text)
        width = (area.width() - 2 * ENDS) / EXPLAINED
        for block, through in enumerate(path):
            left = area.x() + ENDS + block * width
            box = QRectF(left + 0.26 * width, middle - 0.32 * area.height(), 0.48 * width, 0.64 * area.height())
            painter.setPen(QPen(color, 2 if strong else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if through:
                painter.drawLine(QPointF(left, middle), QPointF(box.left(), middle))
                painter.drawLine(QPointF(box.right(), middle), QPointF(left + width, middle))
                painter.setBrush(color if strong else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, 3, 3)
                painter.setPen(QColor(colors.on_accent if strong else colors.muted))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "F")
            else:
                arc = QPainterPath(QPointF(left, middle))
                high = middle - 0.5 * area.height()
                arc.cubicTo(
                    QPointF(left + 0.3 * width, high), QPointF(left + 0.7 * width, high), QPointF(left + width, middle)
                )
                painter.drawPath(arc)

    def _choose(self, length: int) -> None:
        if length != self.length:
            self.length = length
            self._tell()
            self.chosen.emit(length)

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words)
        self.update()
