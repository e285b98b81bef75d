"""The picture of one residual unit, after figures 2 and 4 of He et al. 2016: its branch, and what goes around it."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.blueprint import BlockPlan, Kind, LayerPlan, Role
from resnet_gui.ui.network.plan import shape_text
from resnet_gui.ui.network.shortcut_marks import LOOKS, Mark, marks_of, paint_addition, paint_glyph, paint_line
from resnet_gui.ui.network.unit_stops import Stop, stops_of
from resnet_gui.ui.theme import LIGHT, RADIUS, SPACING, Colors

MARGIN = 8.0
COLUMN_GAP = 26.0
ARROW = 5.0
SMALLEST = 0.72  # share of the natural size


class UnitPicture(QWidget):
    """Shows only; has no signals. Columns: the branch, the gate if there is one, the shortcut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unitPicture")
        self.setAccessibleName("Picture of the block")
        self.setToolTip(
            "The data flows downwards: through the branch F(x), and around it on the shortcut; /2 is a stride of 2."
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._colors = LIGHT
        self._shrink = 1.0
        self._before: list[Stop] = []
        self._branch: list[Stop] = []
        self._gate: list[Stop] = []
        self._shortcut: list[Stop] = []
        self._sum: list[Stop] = []
        self._ends = ("", "")
        self._mark = Mark.NONE

    def show_block(self, block: BlockPlan) -> None:
        """Show a residual block."""
        self._mark = marks_of(block)[-1]
        self._before = stops_of(block.part(Role.PRE_ACTIVATION))
        self._branch = stops_of(block.part(Role.BRANCH))
        carry = tuple(layer for layer in block.part(Role.SHORTCUT) if layer.kind is Kind.SCALE and layer.offset)
        self._gate = stops_of((*block.part(Role.GATE), *carry))
        self._shortcut = stops_of(tuple(layer for layer in block.part(Role.SHORTCUT) if layer not in carry))
        self._sum = stops_of(block.part(Role.SUM))
        self._show(f"x  {shape_text(block.input_shape)}", f"y  {shape_text(block.shape)}")

    def show_chain(self, layers: tuple[LayerPlan, ...], start: str) -> None:
        """Show the stem or the head: layers one after the other."""
        self._mark = Mark.NONE
        self._before, self._gate, self._shortcut, self._sum = [], [], [], []
        self._branch = stops_of(tuple(layer for layer in layers if layer.kind is not Kind.INPUT))
        self._show(start, shape_text(layers[-1].shape))

    @property
    def _name(self) -> str:
        """Of a shortcut with nothing on it."""
        return LOOKS[self._mark].title.lower()

    @property
    def words(self) -> str:
        """The picture in words."""
        parts = [("before both", self._before), ("branch", self._branch), ("gate", self._gate)]
        parts += [("shortcut", self._shortcut), ("sum", self._sum)]
        names = {Kind.MULTIPLY: "times the gate", Kind.ADD: "addition"}
        told = [
            f"{part}: {', '.join(stop.text or names[stop.kind] for stop in stops)}" for part, stops in parts if stops
        ]
        shortcut = "" if self._mark is Mark.NONE else f"; shortcut type: {LOOKS[self._mark].title}"
        return f"{self._ends[0]}; {'; '.join(told)}{shortcut}; {self._ends[1]}"

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def set_room(self, width: float) -> None:
        """Be no wider than `width`, as long as the texts can still be read."""
        shrink = min(1.0, max(SMALLEST, width / self.natural_size.width()))
        if shrink != self._shrink:
            self._shrink = shrink
            self.updateGeometry()
            self.update()

    @property
    def natural_size(self) -> QSize:
        """Room for every box with its text."""
        branch, gate, shortcut = self._columns()
        beyond = (
            QFontMetricsF(self.font()).horizontalAdvance(self._name)
            if self._mark is not Mark.NONE and not self._shortcut
            else 0.0
        )
        wide = beyond + self._brace() + branch + sum(COLUMN_GAP + column for column in (gate, shortcut) if column)
        rows = len(self._before) + self._rows() + len(self._sum) + 2
        split = 0 if self._mark is Mark.NONE else 0.6
        return QSize(round(wide + 2 * MARGIN), round((rows + split) * self._step() + 2 * MARGIN))

    def sizeHint(self) -> QSize:
        """The natural size, or what it has been shrunk to."""
        return QSize(ceil(self._shrink * self.natural_size.width()), ceil(self._shrink * self.natural_size.height()))

    def minimumSizeHint(self) -> QSize:
        """No less: a picture without its ends would mislead."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Branch, gate and shortcut from top to bottom."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._shrink, self._shrink)
        painter.setFont(self.font())
        branch, gate, shortcut = self._columns()
        step = self._step()
        x = MARGIN + self._brace() + branch / 2
        gate_x = x + branch / 2 + COLUMN_GAP + gate / 2
        side_x = (gate_x + gate / 2 if gate else x + branch / 2) + COLUMN_GAP + shortcut / 2
        y = MARGIN + step / 2
        self._label(painter, QPointF(x, y), self._ends[0])
        y = self._column(painter, self._before, x, y + step, branch)
        if self._mark is not Mark.NONE:
            y += 0.6 * step
        split, first = y - 0.85 * step, y
        end = first + self._rows() * step
        self._thread(painter, x, MARGIN + step - 2, end - step / 2 + (3 if not self._sum else step / 2 - 8))
        self._repaint_before(painter, x, step, branch)
        if self._mark is not Mark.NONE:
            self._paint_shortcut(painter, x, side_x, split, first, end, shortcut)
        branch_end = self._column(painter, self._branch, x, first, branch)
        if self._gate:
            self._paint_gate(painter, x, gate_x, side_x, split, first, branch_end, gate)
        if self._mark is not Mark.NONE:
            self._paint_brace(painter, first - step / 2 + 3, branch_end - step / 2 - 3)
        if self._sum:
            self._thread(painter, x, end, end + len(self._sum) * step - step / 2)
            end = self._column(painter, self._sum, x, end, branch)
        self._arrow(painter, QPointF(x, end - step / 2 + 6), self._colors.muted)
        self._label(painter, QPointF(x, end + 4), self._ends[1])
        painter.end()

    def _show(self, start: str, end: str) -> None:
        self._ends = (start, end)
        self.setAccessibleDescription(self.words)
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def _repaint_before(self, painter: QPainter, x: float, step: float, width: float) -> None:
        """The line is drawn in one go: its boxes lie over it."""
        self._column(painter, self._before, x, MARGIN + 1.5 * step, width)

    def _paint_shortcut(
        self, painter: QPainter, x: float, side_x: float, split: float, first: float, end: float, width: float
    ) -> None:
        path = QPainterPath(QPointF(x, split))
        bend = 8.0
        path.lineTo(side_x - bend, split)
        path.quadTo(side_x, split, side_x, split + bend)
        path.lineTo(side_x, end - bend)
        path.quadTo(side_x, end, side_x - bend, end)
        path.lineTo(x + 9, end)
        paint_line(painter, path, self._mark, QColor(self._colors.accent), QColor(self._colors.surface), 1.0)
        self._arrow(painter, QPointF(x + 8, end), self._colors.accent, (-1, 0))
        painter.setBrush(QColor(self._colors.accent))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(x, split), 3, 3)
        if self._shortcut:
            # The last one stands low, so that a gate's product is below the gate.
            room = self._rows() - len(self._shortcut)
            start = first + (room if self._gate else room / 2) * self._step()
            self._column(painter, self._shortcut, side_x, start, width, accent=True)
        else:
            middle = (split + end) / 2
            paint_glyph(painter, self._mark, QPointF(side_x, middle), self._colors)
            painter.setFont(self.font())
            painter.setPen(QColor(self._colors.text))
            area = QRectF(side_x + 12, middle - 12, 200, 24)  # sizeHint holds room for it
            painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self._name)

    def _paint_gate(
        self,
        painter: QPainter,
        x: float,
        gate_x: float,
        side_x: float,
        split: float,
        first: float,
        branch_end: float,
        width: float,
    ) -> None:
        """From the split down to g(x); right through 1 − g to the shortcut, left to the branch if it is exclusive."""
        step, color = self._step(), QColor(self._colors.muted)
        product = first + (self._rows() - 1) * step  # of the shortcut
        top = product - (len(self._gate) - 1) * step
        painter.setPen(QPen(color, 1.5))
        painter.drawLine(QPointF(gate_x, split), QPointF(gate_x, product))
        painter.drawLine(QPointF(gate_x, product), QPointF(side_x - 8, product))
        self._arrow(painter, QPointF(side_x - 7, product), self._colors.muted, (1, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(gate_x, split), 2.5, 2.5)
        self._column(painter, self._gate, gate_x, top, width)
        if any(stop.kind is Kind.MULTIPLY for stop in self._branch):
            level = branch_end - step
            middle = gate_x - width / 2 - COLUMN_GAP / 2
            sigmoid = product - step
            path = QPainterPath(QPointF(gate_x - width / 2, sigmoid))
            path.lineTo(middle, sigmoid)
            path.lineTo(middle, level)
            path.lineTo(x + 8, level)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.strokePath(path, QPen(color, 1.5))
            self._arrow(painter, QPointF(x + 7, level), self._colors.muted, (-1, 0))

    def _column(
        self, painter: QPainter, stops: list[Stop], x: float, y: float, width: float, accent: bool = False
    ) -> float:
        """Stops below each other from height `y` on; where the next one would stand."""
        step, colors = self._step(), self._colors
        high = step - 9
        for stop in stops:
            if stop.kind is Kind.ADD:
                paint_addition(painter, QPointF(x, y), colors)
            elif not stop.text:
                paint_glyph(painter, Mark.EXCLUSIVE_GATE if not accent else self._mark, QPointF(x, y), colors)
            else:
                box = QRectF(x - width / 2, y - high / 2, width, high)
                self._arrow(painter, QPointF(x, box.top()), colors.accent if accent else colors.muted)
                painter.setPen(QPen(QColor(colors.accent if accent else colors.border), 1))
                painter.setBrush(QColor(colors.raised if stop.strong else colors.surface))
                painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
                painter.setFont(self._bold() if stop.strong else self.font())
                painter.setPen(QColor(colors.text))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), stop.text)
            y += step
        return y

    def _thread(self, painter: QPainter, x: float, top: float, bottom: float) -> None:
        painter.setPen(QPen(QColor(self._colors.muted), 1.5))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _paint_brace(self, painter: QPainter, top: float, bottom: float) -> None:
        """A bracket around the branch, named F(x)."""
        x = MARGIN + self._brace() - SPACING
        painter.setPen(QPen(QColor(self._colors.muted), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(
            QPolygonF([QPointF(x, top), QPointF(x - 5, top), QPointF(x - 5, bottom), QPointF(x, bottom)])
        )
        painter.setFont(self.font())
        painter.setPen(QColor(self._colors.text))
        area = QRectF(MARGIN, (top + bottom) / 2 - 12, x - 8 - MARGIN, 24)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), "F(x)")

    def _label(self, painter: QPainter, centre: QPointF, text: str) -> None:
        metrics = QFontMetricsF(self._bold())
        wide = metrics.horizontalAdvance(text) + 8
        painter.setFont(self._bold())
        painter.setPen(QColor(self._colors.text))
        left = max(1.0, centre.x() - wide / 2)
        painter.drawText(
            QRectF(left, centre.y() - metrics.height() / 2, wide, metrics.height()),
            int(Qt.AlignmentFlag.AlignCenter),
            text,
        )

    def _arrow(self, painter: QPainter, tip: QPointF, color: str, way: tuple[int, int] = (0, 1)) -> None:
        x, y = way
        base, side = tip - QPointF(x, y) * ARROW, QPointF(-y, x) * (0.6 * ARROW)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawPolygon(QPolygonF([tip, base + side, base - side]))

    def _rows(self) -> int:
        """Of the part between split and addition."""
        aside = len(self._shortcut) if not self._gate else max(len(self._gate), len(self._shortcut)) + 1
        return max(len(self._branch), aside, 1)

    def _columns(self) -> tuple[float, float, float]:
        """Widths of branch, gate and shortcut; 0 for one that is not there."""
        metrics = QFontMetricsF(self._bold())

        def widest(stops: list[Stop], least: float) -> float:
            return max([least, *(metrics.horizontalAdvance(stop.text) + 2 * SPACING for stop in stops)])

        ends = max(metrics.horizontalAdvance(text) for text in self._ends) * 0.8
        branch = widest([*self._before, *self._branch, *self._sum], max(72.0, ends))
        gate = widest(self._gate, 72.0) if self._gate else 0.0
        if self._mark is Mark.NONE:
            return branch, gate, 0.0
        return branch, gate, widest(self._shortcut, 24.0)

    def _brace(self) -> float:
        """Room for the bracket and its name."""
        if self._mark is Mark.NONE:
            return 0.0
        return QFontMetricsF(self.font()).horizontalAdvance("F(x)") + 2 * SPACING + 4

    def _step(self) -> float:
        """Pixels from one box to the next."""
        return QFontMetricsF(self.font()).height() + 18

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
