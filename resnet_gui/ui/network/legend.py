"""What the signs of the diagram mean: those in use, in a line that wraps; each with a sentence."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_gui.core.blueprint import Kind
from resnet_gui.ui.network.layout import BLOCK, FOLD, Diagram
from resnet_gui.ui.network.shortcut_marks import (
    LOOKS,
    Mark,
    paint_addition,
    paint_diamond,
    paint_glyph,
    paint_line,
    paint_unequal,
)
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

# Signs beside those of the shortcuts: name, sentence, width of the sample in pixels.
ADDITION, CHANGE, CONV, NORM, RELU, UNEQUAL, ONLY = "addition", "change", "conv", "norm", "relu", "unequal", "only"
SIGNS = {
    ADDITION: ("Addition", "Here the branch F(x) and the shortcut are added, value by value.", 16),
    CHANGE: (
        "Shape changes",
        "This block puts out another shape than it gets: half the resolution, more channels.",
        10,
    ),
    CONV: ("Convolution", "A bar is a convolution: a high one 3×3, a low one 1×1; wider bars have more channels.", 7),
    NORM: ("Batch norm", "A thin line is batch normalisation: it brings each feature map to mean 0 and variance 1.", 4),
    RELU: ("ReLU", "A dot is a ReLU: it sets negative values to 0.", 6),
    UNEQUAL: (
        "Differs",
        "This block has other layers or another shape than the one at its place in the other network.",
        16,
    ),
    ONLY: ("Only in one", "Hatched blocks stand in one of the two networks alone.", 16),
}
SAMPLE = 40  # pixels of a shortcut's line


def signs_in(diagram: Diagram) -> list[Mark | str]:
    """The signs that the diagram uses, shortcuts first."""
    figures = {id(item.figure): item.figure for row in diagram.rows for item in row}.values()  # equal blocks share one
    marks = {mark for figure in figures for mark in figure.marks}
    kinds = {kind for figure in figures for kind, _, _ in figure.strokes}
    kinds |= {kind for figure in figures for kind in (*figure.before, *figure.behind)}
    items = [item for row in diagram.rows for item in row if item.kind in (BLOCK, FOLD)]
    found: list[Mark | str] = [mark for mark in Mark if mark in marks]
    used = {
        ADDITION: Kind.ADD in kinds,
        CHANGE: any(item.figure.change for item in items),
        CONV: Kind.CONV in kinds,
        NORM: Kind.BATCH_NORM in kinds,
        RELU: Kind.RELU in kinds,
        UNEQUAL: any(item.difference and not item.difference.startswith("Only this") for item in items),
        ONLY: any(item.difference.startswith("Only this") for item in items),
    }
    return found + [sign for sign, there in used.items() if there]


class NetworkLegend(QWidget):
    """Shows only; has no signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkLegend")
        self.setAccessibleName("Legend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colors = LIGHT
        self._signs: list[Mark | str] = []

    @property
    def texts(self) -> list[str]:
        """The names on show."""
        return [_look(sign)[0] for sign in self._signs]

    def show_diagram(self, diagram: Diagram) -> None:
        """Explain the signs of `diagram`."""
        signs = signs_in(diagram)
        if signs != self._signs:
            self._signs = signs
            self.setAccessibleDescription(" ".join(_look(sign)[1] for sign in signs))
            self._fit_height()
            self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        """Any width; as many lines as the names need."""
        return QSize(400, self.height())

    def minimumSizeHint(self) -> QSize:
        """Wraps down to one name a line."""
        return QSize(120, self._line())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        # Set outright: splitters do not ask for a height that fits the width, and would cut the last line.
        places = self.places(self.width())
        self.setFixedHeight(round(places[-1].bottom()) + 1 if places else self._line())

    def places(self, width: float) -> list[QRectF]:
        """Where each sign and its name stand."""
        metrics, line = QFontMetricsF(self.font()), self._line()
        places: list[QRectF] = []
        x = y = 0.0
        for sign in self._signs:
            name, _, sample = _look(sign)
            wide = sample + 6 + metrics.horizontalAdvance(name) + 2
            if x and x + wide > width:
                x, y = 0.0, y + line
            places.append(QRectF(x, y, wide, line))
            x += wide + 2 * SPACING
        return places

    def event(self, event: QEvent) -> bool:
        """Explain the sign under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for sign, place in zip(self._signs, self.places(self.width()), strict=True):
                if place.contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), _look(sign)[1], self, place.toRect())
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Samples and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for sign, place in zip(self._signs, self.places(self.width()), strict=True):
            name, _, sample = _look(sign)
            self._paint_sample(painter, sign, QRectF(place.left(), place.top(), sample, place.height()))
            painter.setPen(QColor(self._colors.muted))
            painter.setFont(self.font())
            area = place.adjusted(sample + 6, 0, 2, 0)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
        painter.end()

    def _paint_sample(self, painter: QPainter, sign: Mark | str, area: QRectF) -> None:
        colors, centre = self._colors, area.center()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.muted))
        match sign:
            case Mark.NONE:
                paint_glyph(painter, sign, centre, colors)
            case Mark():
                path = QPainterPath(QPointF(area.left(), centre.y()))
                path.lineTo(QPointF(area.right(), centre.y()))
                paint_line(painter, path, sign, QColor(colors.accent), QColor(colors.window), 1.0)
                paint_glyph(painter, sign, centre, colors)
            case "addition":
                paint_addition(painter, centre, colors)
            case "change":
                paint_diamond(painter, centre, colors)
            case "unequal":
                paint_unequal(painter, centre, colors)
            case "conv":
                painter.drawRoundedRect(QRectF(centre.x() - 3, centre.y() - 7, 6, 14), 1.5, 1.5)
            case "norm":
                painter.setBrush(QColor(colors.text))
                painter.drawRect(QRectF(centre.x() - 0.8, centre.y() - 7, 1.6, 14))
            case "relu":
                painter.setBrush(QColor(colors.text))
                painter.drawEllipse(centre, 2.4, 2.4)
            case "only":
                painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
                painter.setBrush(QBrush(QColor(colors.muted), Qt.BrushStyle.BDiagPattern))
                painter.drawRect(QRectF(centre.x() - 7, centre.y() - 7, 14, 14))

    def _line(self) -> int:
        return max(22, round(QFontMetricsF(self.font()).height()) + 6)


def _look(sign: Mark | str) -> tuple[str, str, int]:
    """Name, sentence and width of the sample."""
    if isinstance(sign, Mark):
        look = LOOKS[sign]
        return look.title, look.sentence, 16 if sign is Mark.NONE else SAMPLE
    return SIGNS[sign]
