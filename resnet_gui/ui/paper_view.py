"""What the canvas looks like: paper, ink, the eraser's circle and the keyboard's pen, painted fast."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.erasing import CRUMB
from resnet_gui.core.gesture import Line, Point
from resnet_gui.core.paper import Change, Changed, Erased, Inked, Paper
from resnet_gui.core.strokes import BOX, PEN, SIDE, Stroke
from resnet_gui.ui.canvas_marks import (
    FRAME,
    HALO,
    paint_frame,
    paint_invitation,
    paint_ring,
    paint_words,
    paper_outline,
)
from resnet_gui.ui.ink import Ink, Look, paint_stroke
from resnet_gui.ui.theme import LIGHT, Colors

ERASER = 0.05  # radius, as a share of the paper's side
SMALLEST = 160  # pixels, side of the widget
SMALLEST_RING = 5.0  # pixels, radius
HINT = "Draw a digit"
INVITATION = "Drop a picture of a digit"


class PaperView(QWidget):
    """Shows the paper to those who draw on it; whoever changes it says so by `show_change`. Takes no input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._paper = Paper()
        self._ink = Ink()
        self._colors = LIGHT
        self._pen_width = PEN
        self._erasing = False  # the eraser is chosen
        self._eraser_at: Point | None = None  # where its circle is shown
        self._pen_at: Point | None = None  # where the keyboard's pen is shown, or its eraser
        self._pen_down = False
        self._invited = False  # something is dragged over the paper

    @property
    def strokes(self) -> list[Stroke]:
        """The drawing, with the stroke that is being drawn."""
        return [*self._paper.sheet.strokes, *self._paper.growing]

    @property
    def drawing(self) -> Drawing:
        """All that is on the paper, as one value."""
        return Drawing(tuple(self.strokes), self._pen_width, self._paper.sheet.picture)

    @property
    def pen_width(self) -> float:
        """The pen's width as a share of the box that digits are scaled into."""
        return self._pen_width

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    @Slot(bool)
    def invite(self, on: bool) -> None:
        """Show that what is held over the paper can be dropped."""
        self._invited = on
        self.update()

    def show_change(self, change: Change) -> None:
        """Paint what changed."""
        match change:
            case Changed():
                self._ink.forget()
                self.update()
            case Inked(line):
                self.update(self._along(line, self._pen_share() / 2))
            case Erased(path, reach):
                part = self._along(path, reach + self._pen_share() + CRUMB)
                self._ink.repaint(QRectF(part.translated(-self._area().topLeft())), self._paper.sheet.strokes)
                self.update(part)

    def show_eraser(self, place: Point | None) -> None:
        """Show the eraser's circle there, or none."""
        for spot in (self._eraser_at, place):
            if spot is not None:
                self.update(self._along((spot, spot), ERASER))
        self._eraser_at = place

    def show_pen(self, place: Point | None, down: bool) -> None:
        """Show the keyboard's pen there, or none."""
        self._pen_at, self._pen_down = place, down
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable for a finger."""
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        """Still usable."""
        return QSize(SMALLEST, SMALLEST)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, finished ink from the pixmap, the tail of the growing stroke, frame, eraser and keyboard's pen."""
        area, colors = QRectF(self._area()), self._colors
        outline = paper_outline(area)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outline, QColor(colors.paper))
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        if not self.strokes and self._paper.sheet.empty:
            paint_words(painter, area, colors, self.font(), HINT)
        else:
            self._paint_ink(painter, area)
        self._paint_rings(painter)
        if self._invited:
            paint_invitation(painter, area, colors, self.font(), INVITATION)
        painter.setClipping(False)
        paint_frame(painter, area, colors, self.hasFocus() or self._invited)
        painter.end()

    def _paint_ink(self, painter: QPainter, area: QRectF) -> None:
        side, sheet = self._area().width(), self._paper.sheet
        # The paper stands for the 28-pixel field: what is drawn here looks about as thick as what the network sees.
        look = Look(side, self.devicePixelRatioF(), self._pen_share() * side, self._colors.ink)
        pixmap = self._ink.pixmap(look, sheet.strokes, sheet.ink)
        tail = self._ink.grow(self._paper.growing)
        painter.drawPixmap(area.topLeft(), pixmap)
        if tail is not None:
            painter.translate(area.topLeft())
            paint_stroke(painter, tail, look)
            painter.resetTransform()

    def _paint_rings(self, painter: QPainter) -> None:
        side = self._area().width()
        if self._eraser_at is not None:
            paint_ring(painter, self._pixel(self._eraser_at), ERASER * side, self._colors, pressed=False)
        if self._pen_at is not None:
            radius = ERASER * side if self._erasing else max(self._pen_share() / 2 * side, SMALLEST_RING)
            paint_ring(painter, self._pixel(self._pen_at), radius, self._colors, self._pen_down)

    def _area(self) -> QRect:
        """The square of the widget that is the paper."""
        side = max(1, min(self.width(), self.height()) - 2 * FRAME)
        return QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def _pen_share(self) -> float:
        """The pen's width as a share of the paper's side."""
        return self._pen_width * BOX / SIDE

    def _place(self, position: QPointF) -> Point:
        """What lies at a pixel, in shares of the paper's side."""
        area = self._area()
        return (position.x() - area.x()) / area.width(), (position.y() - area.y()) / area.height()

    def _pixel(self, place: Point) -> QPointF:
        area = self._area()
        return QPointF(area.x() + place[0] * area.width(), area.y() + place[1] * area.width())

    def _along(self, line: Line, reach: float) -> QRect:
        """The pixels that are at most `reach` of the paper's side from `line`, and some more for rings and edges."""
        margin = reach * self._area().width() + HALO
        box = QRectF(*(self._pixel(place) for place in line)).normalized()
        return box.adjusted(-margin, -margin, margin, margin).toAlignedRect()
