"""The blocks of one or two networks below each other, the data flowing down, and beside each block what it does."""

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from resnet_gui.core.blueprint import BlockPlan
from resnet_gui.ui.inside.columns import Column, branch_color, shortcut_color
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

LEAST_ROW, MOST_ROW = 5.0, 34.0  # pixels
DIAGRAM = 34.0  # pixels across: the shortcut on the left, the boxes of the branches on the right
RAIL, BOX = 7.0, 15.0  # where they are
LOOP_FROM = 16.0  # pixels of a row; in lower ones the branch is a line to its box
LINE = 1.5  # pixels, and so much more for who carries all


@dataclass(frozen=True, eq=False)
class Side:
    """One network: its name, its blocks with what to say of each, and the columns; `note` if there is nothing yet."""

    title: str
    blocks: tuple[BlockPlan, ...] = ()
    tips: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    plain: bool = False
    carried: tuple[float, ...] = ()  # shares of the blocks' sums that come through the shortcut
    note: str = ""


class BlockRows(QWidget):
    """Paints what it is given; all rows are equally high, so that both networks can be compared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Side, ...] = ()
        self._colors = LIGHT
        self.setMouseTracking(True)

    @property
    def sides(self) -> tuple[Side, ...]:
        """What is shown."""
        return self._sides

    def show_sides(self, sides: tuple[Side, ...]) -> None:
        """Show these networks beside each other."""
        grown = self._count != max([len(side.blocks) for side in sides], default=0)
        self._sides = sides
        if grown:
            self.updateGeometry()
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for all rows."""
        return QSize(220, int(self._head() + self._foot() + self._count * LEAST_ROW) + 1)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return self.minimumSizeHint()

    def event(self, event: QEvent) -> bool:
        """Say more of the block under the mouse."""
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, point: QPointF) -> str:
        """What is to be said of the block there; empty where there is none."""
        for place, side in enumerate(self._sides):
            row = int((point.y() - self._head()) // self._row())
            if self._area(place).contains(point) and 0 <= row < len(side.tips):
                return side.tips[row]
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        for place, side in enumerate(self._sides):
            self._paint_side(painter, side, self._area(place))

    @property
    def _count(self) -> int:
        return max([len(side.blocks) for side in self._sides], default=0)

    def _paint_side(self, painter: QPainter, side: Side, area: QRectF) -> None:
        colors, line = self._colors, self._line()
        metrics = QFontMetricsF(painter.font())
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        title = QFontMetricsF(bold).elidedText(side.title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRectF(area.left(), area.top(), area.width(), line), int(Qt.AlignmentFlag.AlignLeft), title)
        painter.restore()
        if side.note:
            painter.setPen(QColor(colors.muted))
            flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(area.adjusted(0, line + SPACING, 0, 0), flags, side.note)
            return
        row, labels = self._row(), metrics.horizontalAdvance("9.99") + 4
        top = area.top() + self._head()
        self._paint_labels(painter, side, QRectF(area.left(), top, labels, row), metrics)
        self._paint_diagram(painter, side, area.left() + labels, top)
        x = area.left() + labels + DIAGRAM
        total = sum(column.width for column in side.columns)
        free = area.right() - x - SPACING * max(0, len(side.columns) - 1)
        for column in side.columns:
            wide = free * column.width / total
            inner = QRectF(x, top, wide, row * len(side.blocks))
            painter.setPen(QColor(colors.muted))
            fitting = [title for title in column.titles if metrics.horizontalAdvance(title) <= wide]
            header = fitting[0] if fitting else ""
            painter.drawText(QRectF(x, area.top() + line, wide, line), int(Qt.AlignmentFlag.AlignLeft), header)
            foot = QRectF(x, inner.bottom() + 1, wide, line)
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), column.ends[0])
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), column.ends[1])
            column.paint(painter, inner, row, colors)
            x += wide + SPACING

    def _paint_labels(self, painter: QPainter, side: Side, first: QRectF, metrics: QFontMetricsF) -> None:
        """The blocks' numbers, as many as have room."""
        painter.setPen(QColor(self._colors.muted))
        high, free = metrics.height(), first.top() - 1e9
        several = side.blocks[-1].stage > 1 if side.blocks else False
        for place, block in enumerate(side.blocks):
            middle = first.top() + (place + 0.5) * first.height()
            if middle - high / 2 < free:
                continue
            free = middle + high / 2
            text = f"{block.stage}.{block.number}" if several else str(block.number)
            place_of = QRectF(first.left(), middle - high / 2, first.width() - 4, high)
            painter.drawText(place_of, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_diagram(self, painter: QPainter, side: Side, left: float, top: float) -> None:
        """The line of the data: past each box and through it, as thick as what it carries; where the stages begin."""
        colors, row = self._colors, self._row()
        middle = left + (BOX + DIAGRAM - 6) / 2
        end = top + row * len(side.blocks)
        if side.plain:
            painter.setPen(QPen(QColor(colors.muted), LINE))
            painter.drawLine(QPointF(middle, top - 3), QPointF(middle, end + 3))
        for place, _ in enumerate(side.blocks):
            above, high = top + place * row, max(2.0, min(row * 0.6, 18.0))
            box = QRectF(left + BOX, above + (row - high) / 2, DIAGRAM - 6 - BOX, high)
            if not side.plain:
                carried = side.carried[place] if place < len(side.carried) else 0.5
                painter.setPen(QPen(QColor(branch_color(colors)), LINE + 3 * (1 - carried)))
                if row >= LOOP_FROM:
                    up, down = above + 0.14 * row, above + 0.86 * row
                    ends = (left + RAIL, up), (middle, up), (middle, down), (left + RAIL, down)
                    painter.drawPolyline([QPointF(*end) for end in ends])
                else:
                    painter.drawLine(QPointF(left + RAIL, box.center().y()), QPointF(middle, box.center().y()))
                painter.setPen(QPen(QColor(shortcut_color(colors)), LINE + 3 * carried))
                painter.drawLine(QPointF(left + RAIL, above), QPointF(left + RAIL, above + row))
            painter.setPen(QPen(QColor(colors.muted), 1))
            painter.setBrush(QColor(colors.surface))
            painter.drawRect(box)
        painter.setPen(QPen(QColor(colors.border), 1))
        for place, (one, other) in enumerate(pairwise(side.blocks), start=1):
            if other.stage != one.stage:
                painter.drawLine(QPointF(left - 20, top + place * row), QPointF(left + DIAGRAM - 4, top + place * row))

    def _area(self, place: int) -> QRectF:
        """Where the network at this place stands."""
        sides = max(1, len(self._sides))
        wide = (self.width() - 2 * SPACING * (sides - 1)) / sides
        return QRectF(place * (wide + 2 * SPACING), 0, wide, self.height())

    def _row(self) -> float:
        """Height of a row."""
        free = self.height() - self._head() - self._foot()
        return min(MOST_ROW, max(LEAST_ROW, free / max(1, self._count)))

    def _head(self) -> float:
        return 2 * self._line() + 2

    def _foot(self) -> float:
        return self._line() + 2

    def _line(self) -> float:
        return QFontMetricsF(self._small()).height()

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font
