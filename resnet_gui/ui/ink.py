"""Painting strokes fast: round lines as wide as the pen presses, kept in a pixmap that grows with the drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from resnet_gui.core.strokes import Stroke

FINEST = 0.25  # pixels: closer points are painted as one
LONGEST = 48  # points of a polyline: Qt's time for one grows faster than its length
TAIL = 48  # points of the growing line that are painted anew each time; older ones are in the pixmap
WIDTH_STEP = 0.5  # pixels between the widths that are told apart


@dataclass(frozen=True)
class Look:
    """How ink is painted: on a paper of `side` pixels, each of `ratio` of the screen's, with a pen of `pen` pixels."""

    side: int
    ratio: float
    pen: float
    color: str


class Ink:
    """All ink but the growing line's tail, at the resolution of the screen."""

    def __init__(self) -> None:
        self._pixmap: QPixmap | None = None
        self._look = Look(1, 1.0, 1.0, "#000000")
        self._pieces = self._points = 0  # of the growing lines: those that are in the pixmap, and points of the next

    def forget(self) -> None:
        """Paint all anew next time."""
        self._pixmap = None

    def pixmap(self, look: Look, strokes: Iterable[Stroke], picture: NDArray[np.uint8] | None) -> QPixmap:
        """The ink, painted anew from strokes and a picture's ink if it was forgotten or looks otherwise now."""
        if self._pixmap is None or look != self._look:
            self._pixmap = QPixmap(QSize(1, 1) * max(1, int(np.ceil(look.side * look.ratio))))
            self._pixmap.setDevicePixelRatio(look.ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            self._look = look
            self._pieces = self._points = 0
            painter = QPainter(self._pixmap)
            if picture is not None:
                _paint_picture(painter, picture, look)
            for stroke in strokes:
                paint_stroke(painter, stroke, look)
            painter.end()
        return self._pixmap

    def grow(self, growing: Sequence[Stroke]) -> Stroke | None:
        """Paint lines that grow into the pixmap, but for the tail of the last one, which is returned."""
        if not growing:
            return None
        for piece in growing[self._pieces : -1]:
            self._add(piece)
            self._pieces, self._points = self._pieces + 1, 0
        if len(growing[-1]) - self._points > TAIL:
            self._add(growing[-1])
            self._points = len(growing[-1]) - 1
        return growing[-1][self._points :]

    def settle(self, growing: Sequence[Stroke]) -> None:
        """Paint the rest of lines that grow no longer; what was forgotten gets them when it is painted anew."""
        for piece in growing[self._pieces :]:
            self._add(piece)
            self._points = 0
        self._pieces = 0

    def _add(self, piece: Stroke) -> None:
        if self._pixmap is not None:
            painter = QPainter(self._pixmap)
            paint_stroke(painter, piece[self._points :], self._look)
            painter.end()

    def repaint(self, area: QRectF, strokes: Sequence[Stroke]) -> None:
        """Paint a part of the paper anew, after strokes were taken away there."""
        if self._pixmap is None:
            return
        painter = QPainter(self._pixmap)
        painter.setClipRect(area)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(area, Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        margin = self._look.pen
        inked = area.adjusted(-margin, -margin, margin, margin)
        low, high = (np.array(corner.toTuple()) / self._look.side for corner in (inked.topLeft(), inked.bottomRight()))
        for part in _parts_near(strokes, low, high):
            paint_stroke(painter, part, self._look)
        painter.end()


def paint_stroke(painter: QPainter, stroke: Stroke, look: Look) -> None:
    """Paint one stroke, in shares of the paper's side, with the paper's corner at the painter's origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(look.color), look.pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    points = _thinned(stroke * ([look.side] * 2 + [look.pen] * (stroke.shape[1] - 2)))
    if points.shape[1] == 2:
        _paint_line(painter, pen, points)
        return
    points = _without_jumps(points)
    # A line is as wide as its thicker end; neighbours of one width are painted as one.
    widths = np.maximum(points[:-1, 2], points[1:, 2]) if len(points) > 1 else points[:, 2]
    steps = np.rint(widths / WIDTH_STEP)
    changes = [0, *(np.flatnonzero(steps[1:] != steps[:-1]) + 1).tolist(), len(steps)]
    for first, last in pairwise(changes):
        pen.setWidthF(WIDTH_STEP * float(steps[first]))
        _paint_line(painter, pen, points[first : last + 1, :2])


def _paint_line(painter: QPainter, pen: QPen, points: Stroke) -> None:
    painter.setPen(pen)
    if len(points) == 1:
        painter.drawPoint(QPointF(*points[0].tolist()))
    for first in range(0, len(points) - 1, LONGEST):
        part = points[first : first + LONGEST + 1].tolist()
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in part]))


def _paint_picture(painter: QPainter, ink: NDArray[np.uint8], look: Look) -> None:
    """Paint a picture's ink, (side, side), over the whole paper."""
    side = len(ink)
    image = QImage(ink.tobytes(), side, side, side, QImage.Format.Format_Alpha8)
    colored = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    colored.fill(QColor(look.color))
    mask = QPainter(colored)
    mask.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    mask.drawImage(0, 0, image)
    mask.end()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, look.side, look.side), colored)


def _thinned(points: Stroke) -> Stroke:
    """`points` (in pixels) without those that do not move the pen, or change its width, by FINEST."""
    cells = np.rint(points / FINEST)
    moved = np.ones(len(points), bool)
    moved[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    return points[moved]


def _without_jumps(points: Stroke) -> Stroke:
    """`points` (in pixels) with others between them, so that the width changes in small steps."""
    jumps = np.abs(points[1:, 2] - points[:-1, 2]) / WIDTH_STEP
    if (jumps <= 1).all():
        return points
    at = np.concatenate([[0.0], np.cumsum(np.maximum(1, np.ceil(jumps)))])
    fine = np.arange(at[-1] + 1)
    return np.stack([np.interp(fine, at, column) for column in points.T], axis=1)


def _parts_near(strokes: Sequence[Stroke], low: NDArray[np.float64], high: NDArray[np.float64]) -> list[Stroke]:
    """The parts of strokes whose lines may come into the box from `low` to `high`."""
    if not strokes:
        return []
    place = np.concatenate([stroke[:, :2] for stroke in strokes])
    lasts = np.cumsum([len(stroke) for stroke in strokes]) - 1
    firsts = np.r_[0, lasts[:-1] + 1]
    following = np.r_[place[1:], place[-1:]]
    following[lasts] = place[lasts]
    is_last = np.zeros(len(place), bool)
    is_last[lasts] = True
    near = ((np.minimum(place, following) <= high) & (np.maximum(place, following) >= low)).all(axis=1)
    # Runs of near lines; none goes on in the next stroke.
    begins = np.flatnonzero(near & ~np.r_[False, (near & ~is_last)[:-1]])
    ends = np.flatnonzero(near & (is_last | ~np.r_[near[1:], False]))
    owners = np.searchsorted(lasts, begins)
    parts = zip(owners.tolist(), (begins - firsts[owners]).tolist(), (ends - firsts[owners]).tolist(), strict=True)
    return [strokes[owner][begin : end + 2] for owner, begin, end in parts]
