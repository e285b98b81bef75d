"""What is written in the diagram: names, numbers and shapes, shortened or left out where they have no room."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from resnet_gui.ui.network.camera import HEADER, Camera
from resnet_gui.ui.network.layout import BLOCK, FOLD, HANDLES, HEAD, STEM, Item, Stage
from resnet_gui.ui.network.plan import shape_text
from resnet_gui.ui.network.shortcut_marks import paint_diamond
from resnet_gui.ui.theme import RADIUS, SPACING, Colors

CLASSES_FROM = 0.34  # zoom; below, the head has its name alone
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


class NetworkLabels:
    """The texts of one painting, and the panels of the stages that they stand in."""

    def __init__(self, painter: QPainter, camera: Camera, colors: Colors, font: QFont, small: QFont) -> None:
        self._painter, self._camera, self._colors, self._small = painter, camera, colors, small
        self._bold = QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def paint_title(self, place: QRectF, text: str) -> None:
        """A network's name."""
        self._text(place, text, self._bold, self._colors.text, LEFT)

    def paint_stage(self, stage: Stage) -> None:
        """The panel of a stage with its name, its size and its shape."""
        camera, colors, plan = self._camera, self._colors, self._camera.diagram.plans[stage.row]
        area = camera.stage_rect(stage)
        if area.right() < 0 or area.left() > camera.viewport.width():
            return
        empty = not plan.architecture.blocks
        self._painter.setPen(QPen(QColor(colors.border), 1, Qt.PenStyle.DashLine if empty else Qt.PenStyle.SolidLine))
        self._painter.setBrush(QColor(colors.surface))
        self._painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
        # Names of a wide stage stay in sight while it is scrolled.
        left = max(area.left(), min(0.0, area.right() - 160)) + SPACING + 2
        right = area.right() - (HANDLES + 6 if stage.row == 0 else SPACING)
        line = (HEADER - SPACING) / 2
        shape = plan.stage_shape(stage.number)
        long = f"{shape_text(shape[:2])}, {shape[2]} channels"
        short = shape_text(shape)
        blocks = plan.architecture.blocks
        title = f"Stage {stage.number}"
        count = f"{title} · {blocks} block{'s' if blocks != 1 else ''}"
        unequal = self._unequal_shape(stage)
        shape_font = QFont(self._small)
        shape_font.setWeight(QFont.Weight.DemiBold if unequal else QFont.Weight.Normal)
        texts = (
            (self._fitting((title,) if empty else (count, title), self._bold, right - left), self._bold, colors.text),
            (
                "no blocks" if empty else self._fitting((long, short), shape_font, right - left),
                shape_font,
                colors.text if unequal else colors.muted,
            ),
        )
        for index, (text, font, color) in enumerate(texts):
            self._text(QRectF(left, area.top() + 5 + index * line, right - left, line), text, font, color, LEFT)

    def _unequal_shape(self, stage: Stage) -> bool:
        """Whether the other network's stage has another shape."""
        plans = self._camera.diagram.plans
        if len(plans) < 2 or not all(plan.architecture.blocks for plan in plans):
            return False
        shapes = {plan.stage_shape(stage.number) for plan in plans if stage.number <= plan.architecture.stages}
        return len(shapes) > 1

    def paint_slot(self) -> None:
        """The place of the stages' handles."""
        area = self._camera.slot_rect(0).adjusted(0.5, 0.5, -0.5, -0.5)
        self._painter.setPen(QPen(QColor(self._colors.border), 1, Qt.PenStyle.DashLine))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(area, RADIUS + 2, RADIUS + 2)
        line = (HEADER - SPACING) / 2
        place = QRectF(area.left(), area.top() + 5, area.width(), line)
        self._text(place, "Stages", self._bold, self._colors.muted, CENTRE)

    def paint_count(self, item: Item, box: QRectF) -> None:
        """How many equal blocks a box stands for."""
        line = QFontMetricsF(self._bold).height()
        room = box.adjusted(1, 0, -1, 0)
        top = QRectF(room.left(), room.center().y() - line, room.width(), line)
        words = QRectF(room.left(), room.center().y(), room.width(), line)
        count = f"×\u2009{item.count}"
        if QFontMetricsF(self._small).horizontalAdvance("equal blocks") <= room.width():
            self._text(top, count, self._bold, self._colors.text, CENTRE)
            self._text(words, "equal blocks", self._small, self._colors.muted, CENTRE)
        elif QFontMetricsF(self._small).horizontalAdvance(count) <= room.width():
            self._text(room, count, self._small, self._colors.text, CENTRE)

    def paint_caption(self, item: Item, box: QRectF) -> None:
        """Number and, where it changes, shape: below the highest box, so that captions stand on one line."""
        camera, colors, line = self._camera, self._colors, self._camera.line
        y = camera.top(item.row) + camera.title + HEADER + camera.scaled_height * camera.zoom_y
        left, right = camera.x(item.x, item.pixels), camera.x(item.end, item.pixels)
        if item.kind == FOLD:
            run = f"{item.first}–{item.last}"
            name = self._fitting((f"{run}, equal blocks", f"{run}, equal", run), self._small, right - left)
        else:
            name = {STEM: "Stem", HEAD: "Head", BLOCK: str(item.first)}[item.kind]
        metrics = QFontMetricsF(self._small)
        wide = metrics.horizontalAdvance(name) + 2
        if wide <= right - left or item.kind in (STEM, HEAD):
            place = QRectF(box.center().x() - wide / 2, y, wide, line)
            self._text(place, name, self._small, colors.text if item.figure.change else colors.muted, CENTRE)
        if item.figure.change:
            room = self._room(item) - (box.left() if camera.zoom > 0.3 else left)
            text = self._fitting((item.figure.change, f"→ {item.figure.result}"), self._small, room - 10)
            if text:
                paint_diamond(self._painter, QPointF(left + 4, y + 1.5 * line), colors)
                self._text(QRectF(left + 11, y + line, room + 20, line), text, self._small, colors.text, LEFT)
        elif item.kind == HEAD and camera.zoom > CLASSES_FROM:
            classes = camera.diagram.plans[item.row].classes
            text = f"{classes} classes"
            wide = metrics.horizontalAdvance(text) + 2
            self._text(
                QRectF(box.center().x() - wide / 2, y + line, wide, line), text, self._small, colors.muted, CENTRE
            )

    def _room(self, item: Item) -> float:
        """Right edge of the item's stage, inside of its padding."""
        for stage in self._camera.diagram.stages:
            if stage.row == item.row and stage.number == item.stage:
                return self._camera.stage_rect(stage).right() - SPACING
        return self._camera.x(item.end, item.pixels)

    def _fitting(self, texts: tuple[str, ...], font: QFont, room: float) -> str:
        """The first of `texts` that fits; the last one shortened if none does."""
        metrics = QFontMetricsF(font)
        for text in texts:
            if metrics.horizontalAdvance(text) <= room:
                return text
        return metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, room) if room > 24 else ""

    def _text(self, area: QRectF, text: str, font: QFont, color: str, where: Qt.AlignmentFlag) -> None:
        """One line, shortened where it does not fit; nothing where not even a letter does."""
        if area.width() < 6 or not text:
            return
        fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        if fitting == "…":
            return
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        self._painter.drawText(area, int(where), fitting)
