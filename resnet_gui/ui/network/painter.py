"""Paints the diagram of one or two networks: what the camera sees of it, and no more detail than can be seen."""

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from resnet_gui.core.blueprint import Kind
from resnet_gui.ui.network.camera import Camera
from resnet_gui.ui.network.labels import NetworkLabels
from resnet_gui.ui.network.layout import FOLD, STROKE_GAP, Item
from resnet_gui.ui.network.shortcut_marks import GLYPH, Mark, paint_addition, paint_glyph, paint_line, paint_unequal
from resnet_gui.ui.theme import RADIUS, SPACING, Colors

STROKES_FROM = 0.34  # zoom; below, boxes are empty
GLYPHS_FROM = 0.22  # zoom; below, lines go without their glyphs
DETAILS_FROM = 0.12  # zoom; below, blocks are bare boxes
SEEN_GAP = 2.5  # pixels between boxes; closer ones become one band


class NetworkPainter:
    """One painting of the diagram. `titles` name the networks, where there are two."""

    def __init__(self, painter: QPainter, camera: Camera, colors: Colors, font: QFont, small: QFont) -> None:
        self._painter, self._camera, self._colors = painter, camera, colors
        self._labels = NetworkLabels(painter, camera, colors, font, small)
        self._scale = min(max(camera.zoom, 0.55), 1.3)  # of glyphs and lines, which must stay visible
        self._stamps: dict[Mark | None, QPixmap] = {}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(self, titles: tuple[str, ...], strong: tuple[Item | None, Item | None], cursor: Item | None) -> None:
        """Everything: `strong` are the chosen item and the one under the mouse, `cursor` the one the keyboard is at."""
        camera, selected, hovered = self._camera, *strong
        for row in range(len(camera.diagram.rows)):
            if camera.title:
                place = QRectF(2 * SPACING, camera.top(row), camera.viewport.width() - 4 * SPACING, camera.title)
                self._labels.paint_title(place, titles[row])
            self._paint_line(row)
            for stage in camera.diagram.stages:
                if stage.row == row:
                    self._labels.paint_stage(stage)
            if row == 0:
                self._labels.paint_slot()
            items = camera.visible(row)
            self._paint_wires(items, row)
            if camera.zoom < DETAILS_FROM:
                self._paint_bare(items, selected)
            else:
                for item in items:
                    self._paint_item(item, item is selected, item is hovered)
            if cursor is not None and cursor.row == row:
                self._paint_cursor(cursor)

    def _paint_line(self, row: int) -> None:
        """The arrow into the network; the line itself is painted over the stages' panels."""
        camera, items = self._camera, self._camera.diagram.rows[row]
        if len(camera.diagram.plans) > row and items:
            y = camera.line_y(row)
            self._painter.setPen(QPen(QColor(self._colors.muted), 1.5))
            self._painter.drawLine(QPointF(camera.x(items[0].x, 0) - 6, y), QPointF(camera.x(items[0].left, 0), y))

    def _paint_wires(self, items: list[Item], row: int) -> None:
        """The line of the data's flow, and the shortcuts around the boxes."""
        if not items:
            return
        camera, painter = self._camera, self._painter
        y, all_items = camera.line_y(row), camera.diagram.rows[row]
        first, last = all_items[0], all_items[-1]
        start, end = camera.x(first.right, first.pixels), camera.x(last.left, last.pixels)
        painter.setPen(QPen(QColor(self._colors.muted), 1.5 if camera.zoom >= GLYPHS_FROM else 1))
        painter.drawLine(QPointF(max(start, -5), y), QPointF(min(end, camera.viewport.width() + 5), y))
        self._arrow(QPointF(end, y), QPointF(1, 0), self._colors.muted)
        if camera.zoom < 0.05:
            return
        paths: dict[Mark, QPainterPath] = {}
        for item in items:
            if not item.figure.plain:
                self._add_arc(paths.setdefault(item.figure.marks[-1], QPainterPath()), item, y)
        accent, surface = QColor(self._colors.accent), QColor(self._colors.surface)
        for mark, path in paths.items():
            simple = mark if camera.zoom >= DETAILS_FROM else Mark.IDENTITY  # dashes are slow, and too small to see
            paint_line(painter, path, simple, accent, surface, self._scale if camera.zoom >= GLYPHS_FROM else 0.5)

    def _arc_ends(self, item: Item) -> tuple[float, float, float]:
        """Where the shortcut leaves the line, where it comes back, and how high it goes."""
        camera, figure = self._camera, item.figure
        add = camera.nodes(item)[figure.behind.index(Kind.ADD)]
        rise = max(figure.height, figure.entry) / 2 + (18 if item.kind == FOLD else 14)
        return camera.x(item.left - 9, item.pixels), add, camera.line_y(item.row) - rise * camera.zoom_y

    def _add_arc(self, path: QPainterPath, item: Item, y: float) -> None:
        left, right, top = self._arc_ends(item)
        if self._camera.zoom < DETAILS_FROM:
            path.moveTo(left, y)
            for place in ((left, top), (right, top), (right, y)):
                path.lineTo(*place)
            return
        bend = min(7.0 * self._camera.zoom, (right - left) / 2)
        path.moveTo(left, y)
        path.lineTo(left, top + bend)
        path.quadTo(left, top, left + bend, top)
        path.lineTo(right - bend, top)
        path.quadTo(right, top, right, top + bend)
        path.lineTo(right, y - 8 * self._scale)

    def _paint_bare(self, items: list[Item], selected: Item | None) -> None:
        """Boxes alone, in one stroke: there may be a thousand of them."""
        painter, camera = self._painter, self._camera
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_mixed(self._colors.muted, self._colors.surface, 0.6))
        bands: list[QRectF] = []
        for item in items:
            box = camera.box(item)
            if bands and box.height() == bands[-1].height() and box.left() - bands[-1].right() < SEEN_GAP:
                bands[-1].setRight(box.right())  # gaps that cannot be seen would only flicker
            else:
                box.setWidth(max(1.0, box.width()))  # a hairline is not drawn at all
                bands.append(box)
        painter.drawRects(bands)
        if selected is not None:
            painter.setBrush(QColor(self._colors.accent))
            painter.drawRect(camera.box(selected))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_item(self, item: Item, selected: bool, hovered: bool) -> None:
        colors, painter, zoom = self._colors, self._painter, self._camera.zoom
        box = self._camera.box(item)
        only_here = item.difference.startswith("Only this")
        edge = QPen(QColor(colors.accent if selected or hovered else colors.muted), 2 if selected else 1)
        if only_here:
            edge.setStyle(Qt.PenStyle.DashLine)
        shape = self._outline(item, box)
        if item.kind == FOLD:
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.setBrush(QColor(colors.raised))
            step = max(2.5, 3 * zoom)
            for times in (2, 1):
                painter.drawPath(shape.translated(times * step, -times * step))
        painter.setPen(edge)
        painter.setBrush(QColor(colors.raised))
        painter.drawPath(shape)
        if only_here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(_mixed(colors.muted, colors.raised, 0.45), Qt.BrushStyle.BDiagPattern))
            painter.drawPath(shape)
        if item.kind == FOLD:
            self._labels.paint_count(item, box)
        elif zoom >= STROKES_FROM:
            self._paint_strokes(item, box)
        if zoom >= GLYPHS_FROM:
            self._paint_nodes(item)
        if item.difference and not only_here and zoom >= GLYPHS_FROM:
            paint_unequal(painter, QPointF(box.left() + 1, box.bottom() - 1), colors, self._scale)
        self._labels.paint_caption(item, box)

    def _outline(self, item: Item, box: QRectF) -> QPainterPath:
        """A rounded box, or one that narrows where the resolution halves."""
        path, figure, zoom = QPainterPath(), item.figure, self._camera.zoom
        radius = min(RADIUS * zoom, box.width() / 3)
        if figure.entry == figure.height or item.kind == FOLD:
            path.addRoundedRect(box, radius, radius)
            return path
        step = (figure.entry - figure.height) / 2 * self._camera.zoom_y
        corners = [
            box.topLeft(),
            QPointF(box.right(), box.top() + step),
            QPointF(box.right(), box.bottom() - step),
            box.bottomLeft(),
        ]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
        return path

    def _paint_strokes(self, item: Item, box: QRectF) -> None:
        """The layers in the box: a bar for a convolution, a thin line for batch normalisation, a dot for ReLU."""
        painter, zoom, y = self._painter, self._camera.zoom, box.center().y()
        height = item.figure.height * self._camera.zoom_y
        total = sum(width for _, width, _ in item.figure.strokes) + STROKE_GAP * (len(item.figure.strokes) - 1)
        x = box.center().x() - total * zoom / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for kind, width, share in item.figure.strokes:
            wide = width * zoom
            self._paint_stroke(kind, QRectF(x, y - share * height / 2, wide, share * height), QPointF(x + wide / 2, y))
            x += wide + STROKE_GAP * zoom

    def _paint_stroke(self, kind: Kind, bar: QRectF, centre: QPointF) -> None:
        painter, colors, zoom = self._painter, self._colors, self._camera.zoom
        painter.setPen(Qt.PenStyle.NoPen)
        match kind:
            case Kind.RELU:
                painter.setBrush(QColor(colors.text))
                painter.drawEllipse(centre, 2.4 * zoom, 2.4 * zoom)
            case Kind.BATCH_NORM:
                painter.setBrush(QColor(colors.text))
                painter.drawRect(bar.adjusted(0.2 * zoom, 0, -0.2 * zoom, 0))
            case _:
                painter.setBrush(_mixed(colors.muted, colors.raised, 0.75))
                painter.drawRoundedRect(bar, 1.5 * zoom, 1.5 * zoom)

    def _paint_nodes(self, item: Item) -> None:
        """What stands on the line and on the shortcut."""
        camera, figure, painter = self._camera, item.figure, self._painter
        y, zoom, scale = camera.line_y(item.row), camera.zoom, self._scale
        for index, kind in enumerate(figure.before):
            x = camera.x(item.x + 6 + 12 * index, item.pixels)
            self._paint_stroke(kind, QRectF(x - zoom, y - 9 * zoom, 2 * zoom, 18 * zoom), QPointF(x, y))
        places = camera.nodes(item)
        glyph_x = None
        if not figure.plain:
            left, right, top = self._arc_ends(item)
            if Kind.MULTIPLY in figure.behind:  # one gate for both: the line says so
                glyph_x = places[figure.behind.index(Kind.MULTIPLY)]
                painter.setPen(QPen(QColor(self._colors.accent), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(glyph_x, top), QPointF(glyph_x, y))
            marks = figure.marks
            for index, mark in enumerate(marks):
                share = (index + 1) / (len(marks) + 1)
                x = left + share * (right - left)
                if glyph_x is not None and index == len(marks) - 1:
                    x = glyph_x
                self._stamp(mark, x, top)
            self._arrow(QPointF(right, y - 7 * scale), QPointF(0, 1), self._colors.accent)
        for kind, x in zip(figure.behind, places, strict=True):
            match kind:
                case Kind.ADD:
                    self._stamp(None, x, y)
                case Kind.MULTIPLY:
                    self._stamp(Mark.EXCLUSIVE_GATE, x, y)
                case Kind.SCALE:
                    self._stamp(Mark.SCALING, x, y)
                case _:
                    self._paint_stroke(kind, QRectF(x - zoom, y - 9 * zoom, 2 * zoom, 18 * zoom), QPointF(x, y))

    def _stamp(self, mark: Mark | None, x: float, y: float) -> None:
        """A glyph, or without a mark the addition; drawn once in a painting, and copied where it comes again."""
        side = ceil(GLYPH * self._scale) + 1
        if mark not in self._stamps:
            ratio = self._painter.device().devicePixelRatioF()
            pixels = QPixmap(ceil(2 * side * ratio), ceil(2 * side * ratio))
            pixels.setDevicePixelRatio(ratio)
            pixels.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixels)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if mark is None:
                paint_addition(painter, QPointF(side, side), self._colors, self._scale)
            else:
                paint_glyph(painter, mark, QPointF(side, side), self._colors, self._scale)
            painter.end()
            self._stamps[mark] = pixels
        self._painter.drawPixmap(QPointF(x - side, y - side), self._stamps[mark])

    def _paint_cursor(self, item: Item) -> None:
        self._painter.setPen(QPen(QColor(self._colors.accent), 1.5, Qt.PenStyle.DotLine))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        area = self._camera.box(item).adjusted(-4, -4, 4, 4)
        self._painter.drawRoundedRect(area, RADIUS, RADIUS)

    def _arrow(self, tip: QPointF, way: QPointF, color: str) -> None:
        """A filled head that ends at `tip`."""
        size = 5.0 * self._scale
        side = QPointF(-way.y(), way.x()) * (0.6 * size)
        base = tip - way * size
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(color))
        self._painter.drawPolygon(QPolygonF([tip, base + side, base - side]))


def _mixed(one: str, other: str, share: float) -> QColor:
    """`share` of `one` over `other`: mixed rather than transparent, which would be slow to paint."""
    a, b = QColor(one), QColor(other)
    parts = (round(share * x + (1 - share) * y) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))
    return QColor(*parts)
