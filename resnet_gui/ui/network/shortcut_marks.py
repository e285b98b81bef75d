"""How each shortcut type looks in every picture of the network: a line style, a glyph and a sentence."""

import enum
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import BlockPlan, Kind, Role
from resnet_gui.ui.theme import Colors

GLYPH = 8.0  # pixels, half the side of a glyph


class Mark(enum.Enum):
    """What lies on a block's shortcut."""

    NONE = "none"
    IDENTITY = "identity"
    PROJECTION = "projection"
    ZERO_PADDING = "zero-padding"
    SCALING = "scaling"
    EXCLUSIVE_GATE = "exclusive gate"
    SHORTCUT_GATE = "shortcut-only gate"
    DROPOUT = "dropout"


@dataclass(frozen=True)
class Look:
    """How a mark is drawn and explained. `dashes` are in line widths, as Qt has them; none is a solid line."""

    title: str
    sentence: str
    dashes: tuple[float, ...] = ()
    double: bool = False


LOOKS = {
    Mark.NONE: Look(
        "No shortcut",
        "Without a shortcut the network is plain: a block passes on nothing but its convolutions' result.",
    ),
    Mark.IDENTITY: Look("Identity", "An identity shortcut adds the block's input x to F(x) as it is."),
    Mark.PROJECTION: Look(
        "1×1 projection", "A projection shortcut puts x through a 1×1 convolution before it is added.", double=True
    ),
    Mark.ZERO_PADDING: Look(
        "Zero-padding",
        "A zero-padded shortcut keeps every second pixel of x and adds channels of zeros: no parameters (option A).",
        (4, 2, 1, 2),
    ),
    Mark.SCALING: Look("Scaling", "A scaled shortcut multiplies x by a constant before it is added.", (7, 2.5)),
    Mark.EXCLUSIVE_GATE: Look(
        "Exclusive gate", "An exclusive gate g(x) weighs F(x) with g and x with 1 − g, each between 0 and 1.", (3, 1.5)
    ),
    Mark.SHORTCUT_GATE: Look(
        "Shortcut-only gate", "A shortcut-only gate weighs x with 1 − g(x) and leaves F(x) alone.", (3, 1.5, 1, 1.5)
    ),
    Mark.DROPOUT: Look("Dropout", "A dropout shortcut leaves out a random share of x's values in training.", (1, 1.5)),
}

SHORTCUT_NAMES = {
    Shortcut.NONE: "no shortcuts",
    Shortcut.OPTION_A: "zero-padded identity shortcuts",
    Shortcut.IDENTITY: "identity shortcuts",
    Shortcut.PROJECTION: "projection shortcuts",
    Shortcut.CONSTANT_SCALING: "scaled shortcuts",
    Shortcut.EXCLUSIVE_GATING: "exclusive gates",
    Shortcut.SHORTCUT_ONLY_GATING: "shortcut-only gates",
    Shortcut.CONV_1X1: "1×1 convolution shortcuts",
    Shortcut.DROPOUT: "dropout shortcuts",
}


def marks_of(block: BlockPlan) -> tuple[Mark, ...]:
    """What lies on the block's shortcut, first to last; the last one gives the line its style."""
    if not any(layer.kind is Kind.ADD for layer in block.layers):
        return (Mark.NONE,)
    found = []
    on_shortcut = [layer.kind for layer in block.part(Role.SHORTCUT)]
    if Kind.CONV in on_shortcut:
        found.append(Mark.PROJECTION)
    elif Kind.SUBSAMPLE in on_shortcut or Kind.PAD in on_shortcut:
        found.append(Mark.ZERO_PADDING)
    if Kind.MULTIPLY in on_shortcut:
        gated = any(layer.kind is Kind.MULTIPLY for layer in block.part(Role.BRANCH))
        found.append(Mark.EXCLUSIVE_GATE if gated else Mark.SHORTCUT_GATE)
    elif Kind.SCALE in on_shortcut:
        found.append(Mark.SCALING)
    if Kind.DROPOUT in on_shortcut:
        found.append(Mark.DROPOUT)
    return tuple(found) or (Mark.IDENTITY,)


def paint_line(painter: QPainter, path: object, mark: Mark, color: QColor, background: QColor, scale: float) -> None:
    """Stroke `path` in the style of `mark`."""
    look = LOOKS[mark]
    width = max(1.0, 2.0 * scale)
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.double:
        painter.strokePath(path, QPen(color, 2.4 * width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.strokePath(path, QPen(background, 0.9 * width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        return
    if look.dashes:
        pen.setDashPattern(list(look.dashes))
    painter.strokePath(path, pen)


def paint_glyph(painter: QPainter, mark: Mark, centre: QPointF, colors: Colors, scale: float = 1.0) -> None:
    """The mark's glyph around `centre`."""
    color, paper = QColor(colors.accent), QColor(colors.surface)
    painter.save()
    painter.translate(centre)
    painter.scale(scale, scale)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(paper)
    disc, square = QRectF(-7, -7, 14, 14), QRectF(-6.5, -6.5, 13, 13)
    thick = QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    match mark:
        case Mark.IDENTITY:
            painter.drawEllipse(disc)
            painter.setPen(QPen(color, 1.8))
            painter.drawLine(QPointF(-3.2, -1.9), QPointF(3.2, -1.9))
            painter.drawLine(QPointF(-3.2, 1.9), QPointF(3.2, 1.9))
        case Mark.PROJECTION:
            painter.setBrush(color)
            painter.drawRoundedRect(square, 2, 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.on_accent))
            painter.drawRect(QRectF(-2.2, -2.2, 4.4, 4.4))
        case Mark.ZERO_PADDING:
            painter.drawRoundedRect(square, 2, 2)
            painter.setPen(QPen(color, 1.8))
            painter.drawEllipse(QRectF(-2.6, -3.8, 5.2, 7.6))
        case Mark.SCALING:
            painter.setBrush(color)
            painter.drawPolygon(QPolygonF([QPointF(-6, -7), QPointF(7.5, 0), QPointF(-6, 7)]))
        case Mark.EXCLUSIVE_GATE | Mark.SHORTCUT_GATE:
            painter.setBrush(color if mark is Mark.EXCLUSIVE_GATE else paper)
            painter.drawEllipse(disc)
            thick.setColor(QColor(colors.on_accent) if mark is Mark.EXCLUSIVE_GATE else color)
            painter.setPen(thick)
            painter.drawLine(QPointF(-2.8, -2.8), QPointF(2.8, 2.8))
            painter.drawLine(QPointF(-2.8, 2.8), QPointF(2.8, -2.8))
        case Mark.DROPOUT:
            painter.drawEllipse(disc)
            painter.setPen(QPen(color, 1))
            for x, y, kept in ((-2.4, -2.4, True), (2.4, -2.4, False), (-2.4, 2.4, False), (2.4, 2.4, True)):
                painter.setBrush(color if kept else paper)
                painter.drawEllipse(QPointF(x, y), 1.6, 1.6)
        case Mark.NONE:
            painter.setPen(QPen(QColor(colors.muted), 1.5))
            painter.drawEllipse(disc)
            painter.drawLine(QPointF(-4.6, 4.6), QPointF(4.6, -4.6))
    painter.restore()


def paint_addition(painter: QPainter, centre: QPointF, colors: Colors, scale: float = 1.0) -> None:
    """A circle with a plus: F(x) and the shortcut are added here."""
    painter.save()
    painter.translate(centre)
    painter.scale(scale, scale)
    painter.setPen(QPen(QColor(colors.text), 1.5))
    painter.setBrush(QColor(colors.surface))
    painter.drawEllipse(QRectF(-7, -7, 14, 14))
    painter.drawLine(QPointF(-3.6, 0), QPointF(3.6, 0))
    painter.drawLine(QPointF(0, -3.6), QPointF(0, 3.6))
    painter.restore()


def paint_diamond(painter: QPainter, centre: QPointF, colors: Colors) -> None:
    """The sign that the shape changes."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.text))
    x, y = centre.x(), centre.y()
    painter.drawPolygon(QPolygonF([QPointF(x, y - 4), QPointF(x + 4, y), QPointF(x, y + 4), QPointF(x - 4, y)]))


def paint_unequal(painter: QPainter, centre: QPointF, colors: Colors, scale: float = 1.0) -> None:
    """The sign that the block has other layers or shapes than its counterpart."""
    painter.save()
    painter.translate(centre)
    painter.scale(scale, scale)
    painter.setPen(QPen(QColor(colors.surface), 1))
    painter.setBrush(QColor(colors.text))
    painter.drawEllipse(QPointF(), 7, 7)
    painter.setPen(QPen(QColor(colors.surface), 1.4))
    for y in (-1.7, 1.7):
        painter.drawLine(QPointF(-3.2, y), QPointF(3.2, y))
    painter.drawLine(QPointF(-1.8, 4), QPointF(1.8, -4))
    painter.restore()
