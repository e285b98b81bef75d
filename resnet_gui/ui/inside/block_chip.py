"""A residual block as a thing that one can switch off, drag and look under."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from resnet_gui.core.inside.chips import Chip
from resnet_gui.ui.theme import LIGHT, RADIUS, Colors

WIDTH, HEIGHT = 46, 86
BOX = QRectF(8, 3, 30, 22)  # the residual branch
LINE = 38.0  # height of the shortcut
READ_TOP = 48  # where the strip begins: what is read without the block
THICKEST = 3.0  # pixels of a branch at alpha 1


class BlockChip(QAbstractButton):
    """Shows a Chip. Click, Space or Return switches the block; dragging, or Shift and an arrow, exchanges it.

    Signals: `focused()`; `dragged(QPoint)`: it was let go there, in screen pixels; `stepped(int, bool)`: an arrow key
    was pressed, by so many places, with Shift or without.
    """

    focused = Signal()
    dragged = Signal(QPoint)
    stepped = Signal(int, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.chip: Chip | None = None
        self.chosen = False
        self._colors = LIGHT
        self._pressed: QPoint | None = None
        self._dragging = False

    def show_chip(self, chip: Chip, chosen: bool, colors: Colors) -> None:
        """Show this block; `chosen` says that the slider is its own."""
        if (chip, chosen, colors) == (self.chip, self.chosen, self._colors):
            return
        self.chip, self.chosen, self._colors = chip, chosen, colors
        self.setObjectName(f"blockChip{chip.place}")
        self.setAccessibleName(f"Block {chip.place}")
        self.setAccessibleDescription(chip.words)
        self.setToolTip(f"{chip.words} Click switches it; drag it onto another to exchange them.")
        self.update()

    def sizeHint(self) -> QSize:
        """Always the same, so that the shortcuts make one line."""
        return QSize(WIDTH, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return switches as Space does; arrows go to the neighbours."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in steps:
            self.stepped.emit(steps[event.key()], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """This may become a drag."""
        super().mousePressEvent(event)
        self._pressed, self._dragging = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from where it was pressed, it is one."""
        super().mouseMoveEvent(event)
        away = event.position().toPoint() - (self._pressed or QPoint())
        if self._pressed is not None and away.manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag is no click."""
        dragging, self._dragging, self._pressed = self._dragging, False, None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if dragging:
            self.setDown(False)
            self.dragged.emit(event.globalPosition().toPoint())
        else:
            super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The slider is this block's now."""
        super().focusInEvent(event)
        self.focused.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The branch above the shortcut, and below them what is read without the block."""
        if self.chip is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.chosen or self.underMouse():
            painter.setPen(QPen(QColor(self._colors.accent if self.hasFocus() else self._colors.border), 1.5))
            painter.setBrush(QColor(self._colors.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -0.5), RADIUS, RADIUS)
        self._paint_block(painter, self.chip)
        self._paint_reading(painter, self.chip)
        painter.end()

    def _paint_block(self, painter: QPainter, chip: Chip) -> None:
        colors, alpha = self._colors, chip.alpha
        muted, strong = QColor(colors.muted), QColor(colors.accent)
        line = QPen(muted, 2.0)
        if chip.plain and alpha:  # without a shortcut everything goes through the block
            for start, end in ((0.0, 3.0), (WIDTH - 3.0, float(WIDTH))):
                painter.setPen(line)
                painter.drawLine(QPointF(start, LINE), QPointF(end, LINE))
        else:
            if chip.plain:
                line.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(line)
            painter.drawLine(QPointF(0, LINE), QPointF(WIDTH, LINE))
        if alpha:
            painter.setPen(QPen(strong, THICKEST * alpha))
            left, right = BOX.left() - 5, BOX.right() + 5
            for x, inner in ((left, BOX.left()), (right, BOX.right())):
                painter.drawPolyline([QPointF(x, LINE), QPointF(x, BOX.center().y()), QPointF(inner, BOX.center().y())])
        box = QPen(strong if alpha else muted, 1.5, Qt.PenStyle.SolidLine if alpha else Qt.PenStyle.DashLine)
        painter.setPen(box)
        painter.setBrush(QColor(colors.surface))
        if chip.shrinks:  # wide on the left, as the maps get smaller
            inset = 6.0
            painter.drawPolygon(
                [
                    BOX.topLeft(),
                    BOX.topRight() + QPointF(0, inset),
                    BOX.bottomRight() - QPointF(0, inset),
                    BOX.bottomLeft(),
                ]
            )
        else:
            painter.drawRoundedRect(BOX, 4, 4)
        moved = chip.stands != chip.place
        painter.setPen(QColor(colors.caution if moved else colors.text if alpha else colors.muted))
        painter.setFont(self._font(12, bold=moved or self.chosen))
        painter.drawText(BOX, Qt.AlignmentFlag.AlignCenter, str(chip.stands))
        if alpha not in (0, 1):
            painter.setPen(QColor(colors.caution))
            painter.setFont(self._font(10))
            painter.drawText(
                QRectF(0, BOX.bottom(), WIDTH, LINE - BOX.bottom() - 1), Qt.AlignmentFlag.AlignCenter, f"{alpha:.2g}"
            )

    def _paint_reading(self, painter: QPainter, chip: Chip) -> None:
        colors = self._colors
        area = QRectF(0, READ_TOP, WIDTH, HEIGHT - READ_TOP - 4)
        if chip.without is None:
            painter.setPen(QColor(colors.muted))
            painter.setFont(self._font(12))
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "–")
            return
        digit, share = chip.without
        color = QColor(colors.text if chip.stays else colors.error)
        painter.setPen(color)
        painter.setFont(self._font(15, bold=not chip.stays))
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(digit))
        groove = QRectF(8, HEIGHT - 14, WIDTH - 16, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.border))
        painter.drawRect(groove)
        painter.setBrush(QColor(colors.muted) if chip.stays else color)
        painter.drawRect(QRectF(groove.x(), groove.y(), share * groove.width(), groove.height()))

    def _font(self, pixels: int, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setBold(bold)
        return font
