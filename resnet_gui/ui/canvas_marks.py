"""What is painted on the paper that is no ink: the frame, words, the eraser's circle and the keyboard's pen."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from resnet_gui.ui.theme import RADIUS, Colors

FRAME = 2  # pixels of the frame that shows the focus
HALO = 4.0  # pixels of the line under a ring, which is seen on ink and on paper
VEIL = 0.85  # of the paper's colour over the ink while something is about to be dropped


def paper_outline(paper: QRectF) -> QPainterPath:
    """The paper's edge, with round corners."""
    outline = QPainterPath()
    outline.addRoundedRect(paper, RADIUS, RADIUS)
    return outline


def paint_frame(painter: QPainter, paper: QRectF, colors: Colors, lit: bool) -> None:
    """Paint the paper's edge; `lit` where keys go, or where something is about to be dropped."""
    painter.setPen(QPen(QColor(colors.accent if lit else colors.border), FRAME if lit else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = 0.0 if lit else 0.5  # a thin line lies on whole pixels
    painter.drawRoundedRect(paper.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def paint_words(painter: QPainter, paper: QRectF, colors: Colors, font: QFont, text: str) -> None:
    """Paint `text` across the paper."""
    font.setPixelSize(min(max(13, round(0.065 * paper.width())), 26))
    painter.setFont(font)
    painter.setPen(QColor(colors.muted))
    painter.drawText(paper, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def paint_invitation(painter: QPainter, paper: QRectF, colors: Colors, font: QFont, text: str) -> None:
    """Paint `text` over the ink."""
    veil = QColor(colors.paper)
    veil.setAlphaF(VEIL)
    painter.fillPath(paper_outline(paper), veil)
    paint_words(painter, paper, colors, font, text)


def paint_ring(painter: QPainter, centre: QPointF, radius: float, colors: Colors, pressed: bool) -> None:
    """Paint a circle of `radius` pixels, with a dot in it if it is `pressed` onto the paper."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((colors.paper, HALO), (colors.accent, HALO / 2)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(centre, radius, radius)
        if pressed:
            painter.setPen(QPen(QColor(color), width + HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoint(centre)
