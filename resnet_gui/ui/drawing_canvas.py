"""The square paper that takes digits from mouse, pen and finger, keeps them as strokes and paints them fast."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QPolygonF,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_gui.core.drawing import Drawing
from resnet_gui.core.strokes import BOX, PEN, SIDE, Stroke
from resnet_gui.ui.theme import LIGHT, RADIUS, Colors

THINNEST, THICKEST = 0.06, 0.24  # pen widths, as shares of the box
SMALLEST = 160  # pixels, side of the widget
FRAME = 2  # pixels around the paper, where the focus ring goes
TAIL = 48  # points of the growing stroke that are painted anew each time; older ones are baked into the pixmap
FINEST = 0.25  # pixels: closer points are painted as one
UNDO_STEPS = 100
STALE_SECONDS = 2.0  # a device that is silent for so long no longer keeps others from drawing
HINT = "Draw a digit"


class DrawingCanvas(QWidget):
    """A drawing as strokes in shares of the paper's side, x to the right and y down, so that it scales with the widget.

    Signals:
        drawn(object): the whole Drawing, after each new piece of a stroke, after undo, redo and clear, and when the pen
            that it is drawn with changes. Its arrays never change, so another thread may read them.
        history_changed(bool, bool): whether there is something to undo, and to redo.
    """

    drawn = Signal(object)
    history_changed = Signal(bool, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawingCanvas")
        self.setAccessibleName("Drawing canvas")
        self.setToolTip("Draw a digit here with mouse, pen or finger; the network reads it as you draw.")
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._pen_width = PEN
        self._strokes: tuple[Stroke, ...] = ()
        self._past: deque[tuple[Stroke, ...]] = deque(maxlen=UNDO_STEPS)
        self._future: list[tuple[Stroke, ...]] = []
        self._gesture: _Gesture | None = None
        self._ink: QPixmap | None = None  # everything but the tail of the growing stroke
        self._ink_key: tuple[object, ...] = ()
        self._describe()

    @property
    def strokes(self) -> list[Stroke]:
        """The drawing, with the stroke that is being drawn."""
        growing = [piece.points for piece in self._gesture.pieces] if self._gesture else []
        return [*self._strokes, *growing]

    @property
    def drawing(self) -> Drawing:
        """All that is on the paper, as one value."""
        return Drawing(tuple(self.strokes), self._pen_width)

    @property
    def pen_width(self) -> float:
        """The pen's width as a share of the box that digits are scaled into."""
        return self._pen_width

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return bool(self._future)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    @Slot(float)
    def set_pen_width(self, share: float) -> None:
        """Paint with a pen of `share` of the box, THINNEST to THICKEST. Finished strokes change too."""
        self._pen_width = min(max(THINNEST, share), THICKEST)
        self.update()
        if not self.drawing.empty:
            self.drawn.emit(self.drawing)

    @Slot()
    def undo(self) -> None:
        """Take back the last stroke, or the clearing."""
        self._finish()
        if self._past:
            self._future.append(self._strokes)
            self._strokes = self._past.pop()
            self._tell_change()

    @Slot()
    def redo(self) -> None:
        """Bring back what was undone last."""
        self._finish()
        if self._future:
            self._past.append(self._strokes)
            self._strokes = self._future.pop()
            self._tell_change()

    @Slot()
    def clear(self) -> None:
        """Start with an empty paper; can be undone."""
        self._finish()
        if self._strokes:
            self._past.append(self._strokes)
            self._future.clear()
            self._strokes = ()
            self._tell_change()

    # -- input: one gesture at a time, whichever device began it -----------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke with the left button; a double click comes here too."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin("mouse", event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_on("mouse", event.position())
        else:  # the release went elsewhere
            self._end("mouse")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go_on("mouse", event.position())
            self._end("mouse")

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with the pen's tip."""
        tip = event.button() is Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.TabletPress if tip and event.pointerType() is not QPointingDevice.PointerType.Eraser:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self._begin("pen", event.position())
            case QEvent.Type.TabletMove if event.buttons() & Qt.MouseButton.LeftButton:
                self._go_on("pen", event.position())
            case QEvent.Type.TabletMove:
                self._end("pen")
            case QEvent.Type.TabletRelease if tip:
                self._go_on("pen", event.position())
                self._end("pen")
        event.accept()  # Qt sends what was not accepted again, as mouse events: strokes would double.

    def event(self, event: QEvent) -> bool:
        """Take touches, and end a stroke whose device may never say so."""
        match event.type():
            case QEvent.Type.TouchBegin | QEvent.Type.TouchUpdate | QEvent.Type.TouchEnd | QEvent.Type.TouchCancel:
                assert isinstance(event, QTouchEvent)
                self._touch(event)
                event.accept()
                return True
            case QEvent.Type.UngrabMouse:
                self._end("mouse")
            case QEvent.Type.WindowDeactivate | QEvent.Type.EnabledChange:
                self._finish()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Delete and Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """End the stroke."""
        self._finish()
        super().hideEvent(event)

    def _touch(self, event: QTouchEvent) -> None:
        """Draw with the first finger; others rest."""
        if event.type() is QEvent.Type.TouchCancel:  # the system took the touch for something else, such as a palm
            self._drop("touch")
            return
        if event.type() is QEvent.Type.TouchBegin:
            self._end("touch", self._gesture.finger if self._gesture else 0)  # in case the last end got lost
        for point in event.points():
            match point.state():
                case point.State.Pressed:
                    if self._gesture is None or self._gesture.device != "touch":
                        self.setFocus(Qt.FocusReason.MouseFocusReason)
                        self._begin("touch", point.position(), point.id())
                case point.State.Updated:
                    self._go_on("touch", point.position(), point.id())
                case point.State.Released:
                    self._go_on("touch", point.position(), point.id())
                    self._end("touch", point.id())

    def _begin(self, device: str, position: QPointF, finger: int = 0) -> None:
        gesture = self._gesture
        if gesture is not None and (gesture.device == device or monotonic() - gesture.seen > STALE_SECONDS):
            self._finish()  # its end got lost
        if self._gesture is None:
            self._gesture = _Gesture(device, finger)
            self._go_on(device, position, finger)

    def _go_on(self, device: str, position: QPointF, finger: int = 0) -> None:
        gesture, paper = self._gesture, self._paper()
        if gesture is None or (gesture.device, gesture.finger) != (device, finger):
            return
        gesture.seen = monotonic()
        empty = not self._strokes and not gesture.pieces
        added = gesture.go_to(
            ((position.x() - paper.x()) / paper.width(), (position.y() - paper.y()) / paper.height()),
            self._bake,
        )
        if added is None:
            return
        self.update() if empty else self.update(self._touched(added))  # the hint goes with the first ink
        self.drawn.emit(self.drawing)

    def _end(self, device: str, finger: int = 0) -> None:
        if self._gesture is not None and (self._gesture.device, self._gesture.finger) == (device, finger):
            self._finish()

    def _finish(self) -> None:
        """Make the growing stroke a finished one."""
        gesture, self._gesture = self._gesture, None
        if gesture is None or not gesture.pieces:
            return
        self._bake(gesture.tail)
        self._past.append(self._strokes)
        self._future.clear()
        self._strokes += tuple(piece.points for piece in gesture.pieces)
        self._describe()
        self.history_changed.emit(self.can_undo, self.can_redo)

    def _drop(self, device: str) -> None:
        """Forget the growing stroke if it came from `device`."""
        if self._gesture is not None and self._gesture.device == device:
            self._gesture = None
            self._tell_change()

    def _tell_change(self) -> None:
        self._ink = None
        self.update()
        self._describe()
        self.history_changed.emit(self.can_undo, self.can_redo)
        self.drawn.emit(self.drawing)

    def _describe(self) -> None:
        count = len(self._strokes)
        self.setAccessibleDescription(f"{count} stroke{'s' * (count != 1)}" if count else "Empty. " + HINT + ".")

    # -- painting ---------------------------------------------------------------------------------------------------

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
        """Paper, finished ink from the pixmap, the tail of the growing stroke, frame."""
        paper, colors = QRectF(self._paper()), self._colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(paper, RADIUS, RADIUS)
        painter.fillPath(outline, QColor(colors.paper))
        if self._strokes or (self._gesture and self._gesture.pieces):
            painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
            painter.drawPixmap(paper.topLeft(), self._baked_ink())
            if self._gesture:
                painter.translate(paper.topLeft())
                self._paint_strokes(painter, [self._gesture.tail])
                painter.resetTransform()
            painter.setClipping(False)
        else:
            self._paint_hint(painter, paper)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(colors.accent if focused else colors.border), FRAME if focused else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 0.0 if focused else 0.5  # a thin line lies on whole pixels
        painter.drawRoundedRect(paper.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        painter.end()

    def _paint_hint(self, painter: QPainter, paper: QRectF) -> None:
        font = self.font()
        font.setPixelSize(min(max(13, round(0.065 * paper.width())), 26))
        painter.setFont(font)
        painter.setPen(QColor(self._colors.muted))
        painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, HINT)

    def _paper(self) -> QRect:
        """The square that is drawn on."""
        side = max(1, min(self.width(), self.height()) - 2 * FRAME)
        return QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def _pen_pixels(self) -> float:
        # The paper stands for the 28-pixel field: what is drawn here looks about as thick as what the network sees.
        return self._pen_width * BOX / SIDE * self._paper().width()

    def _baked_ink(self) -> QPixmap:
        """All ink but the growing tail, at the resolution of the screen that the window is on now."""
        side, ratio = self._paper().width(), self.devicePixelRatioF()
        key = (side, ratio, self._pen_width, self._colors.ink)
        if self._ink is None or key != self._ink_key:
            self._ink = QPixmap(QSize(1, 1) * max(1, int(np.ceil(side * ratio))))
            self._ink.setDevicePixelRatio(ratio)
            self._ink.fill(Qt.GlobalColor.transparent)
            self._ink_key = key
            strokes = list(self._strokes)
            if self._gesture:
                strokes += self._gesture.all_but_tail()
            painter = QPainter(self._ink)
            self._paint_strokes(painter, strokes)
            painter.end()
        return self._ink

    def _bake(self, points: Stroke) -> None:
        """Add the tail of the growing stroke to the pixmap; without a pixmap the next paint makes one."""
        if self._ink is not None:
            painter = QPainter(self._ink)
            self._paint_strokes(painter, [points])
            painter.end()

    def _paint_strokes(self, painter: QPainter, strokes: list[Stroke]) -> None:
        """Paint with the paper's corner at the painter's origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(QColor(self._colors.ink), self._pen_pixels(), Qt.PenStyle.SolidLine, cap, join))
        side = self._paper().width()
        for stroke in strokes:
            points = _thinned(stroke * side)
            if len(points) == 1:
                painter.drawPoint(QPointF(*points[0].tolist()))
            # Qt's time for one polyline grows faster than its length, so a long stroke goes in parts.
            for first in range(0, len(points) - 1, TAIL):
                part = points[first : first + TAIL + 1].tolist()
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in part]))

    def _touched(self, line: "_Line") -> QRect:
        """The pixels that ink along `line` can change."""
        paper = self._paper()
        (x1, y1), (x2, y2) = line
        side, margin = paper.width(), self._pen_pixels() / 2 + 2
        left, top = min(x1, x2) * side + paper.x() - margin, min(y1, y2) * side + paper.y() - margin
        width, height = abs(x2 - x1) * side + 2 * margin, abs(y2 - y1) * side + 2 * margin
        return QRectF(left, top, width, height).toAlignedRect()


_Point = tuple[float, float]
_Line = tuple[_Point, _Point]


class _Piece:
    """A growing line. Points are only ever added, so views of it stay as they are."""

    def __init__(self, start: _Point) -> None:
        self._room = np.empty((64, 2), np.float32)
        self._room[0] = start
        self.size = 1

    @property
    def points(self) -> Stroke:
        """The points so far, read-only."""
        view = self._room[: self.size]
        view.flags.writeable = False
        return view

    def add(self, point: _Point) -> None:
        if self.size == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self.size] = point
        self.size += 1


@dataclass
class _Gesture:
    """What one device draws between press and release: several pieces if it leaves the paper and comes back."""

    device: str
    finger: int
    last: _Point | None = None  # where the device is, which may be off the paper
    pieces: list[_Piece] = field(default_factory=list)
    seen: float = field(default_factory=monotonic)  # when the device last said something
    baked: int = 0  # points of the last piece before its tail

    @property
    def tail(self) -> Stroke:
        """The points that are not baked yet."""
        return self.pieces[-1].points[self.baked :] if self.pieces else np.empty((0, 2), np.float32)

    def all_but_tail(self) -> list[Stroke]:
        """What belongs into the pixmap."""
        return [*(piece.points for piece in self.pieces[:-1]), *(p.points[: self.baked + 1] for p in self.pieces[-1:])]

    def go_to(self, point: _Point, bake: Callable[[Stroke], None]) -> _Line | None:
        """Follow the device; the line of new ink, if any. `bake` gets each part of the tail that will not change."""
        before, self.last = self.last, point
        if point == before:
            return None
        line = _on_paper(before or point, point)
        if line is None:
            return None
        start, end = line
        if before is None or start != before:  # comes from off the paper
            if self.pieces:
                bake(self.tail)
            self.pieces.append(_Piece(start))
            self.baked = 0
        if start != end:
            self.pieces[-1].add(end)
        if self.pieces[-1].size - self.baked > TAIL:
            bake(self.tail)
            self.baked = self.pieces[-1].size - 1
        return line


def _on_paper(start: _Point, end: _Point) -> _Line | None:
    """The part of the line from `start` to `end` that lies in the unit square (Liang and Barsky, 1984)."""
    enter, leave = 0.0, 1.0
    for a, b in zip(start, end, strict=True):
        if a == b:
            if not 0.0 <= a <= 1.0:
                return None
            continue
        low, high = sorted(((0.0 - a) / (b - a), (1.0 - a) / (b - a)))
        enter, leave = max(enter, low), min(leave, high)
    if enter > leave:
        return None
    return (_between(start, end, enter) if enter > 0 else start), (_between(start, end, leave) if leave < 1 else end)


def _between(start: _Point, end: _Point, share: float) -> _Point:
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def _thinned(points: Stroke) -> Stroke:
    """`points` (in pixels) without those that do not move the pen by FINEST."""
    cells = np.rint(points / FINEST)
    moved = np.ones(len(points), bool)
    moved[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    return points[moved]
