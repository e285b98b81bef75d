"""The blocks of a network below each other, each as its equation written in pictures."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from resnet_gui.core.inside.maps import Room, Row, Scope, Sheet, channel_words, visible_rows
from resnet_gui.core.inside.signed import ends_text
from resnet_gui.ui.inside.signed_picture import image_of
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

SIGN = 26  # pixels between two pictures
LOWEST, HIGHEST = 44, 220  # pixels of a picture
USUAL_PARTS = 4  # of an equation
MARGIN = 2  # pixels around all, for the line around a picture that is chosen


@dataclass(frozen=True)
class Spot:
    """One channel: the index of its block, the place of its picture in the row, and its number."""

    block: int
    part: int
    channel: int


class MapRows(QWidget):
    """Paints what it was given; arrows move among channels, Return or a click chooses one.

    Signals: `chosen(object)`: the Spot that is to be seen large; `moved(object)`: the QRect that the keys moved to.
    """

    chosen = Signal(object)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapRows")
        self.setAccessibleName("Feature maps of the blocks")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._colors = LIGHT
        self._sheet: Sheet | None = None
        self._rows: dict[int, tuple[Row, list[QImage]]] = {}
        self.blocks = 0
        self.current: Spot | None = None  # where the keys are
        self.large: Spot | None = None  # what is seen large
        self._hovered: Spot | None = None
        self._line_height = QFontMetricsF(self.font()).height() + 2

    @property
    def room(self) -> Room:
        """Pixels of the screen for the pictures of a row."""
        return _room(self.width(), self.devicePixelRatioF())

    @property
    def row_height(self) -> float:
        """Pixels from one row to the next."""
        return 2 * self._line() + self.room.height / self.devicePixelRatioF() + 1.5 * SPACING

    def visible(self, top: float, bottom: float) -> tuple[int, ...]:
        """The blocks whose rows are between these heights."""
        # Before the first answer nobody knows how many there are.
        return visible_rows(top, bottom, self.row_height, self.blocks or 1_000)

    def row(self, block: int) -> Row | None:
        """What is known of a block."""
        known = self._rows.get(block)
        return None if known is None else known[0]

    def show_sheet(self, sheet: Sheet, afresh: bool) -> None:
        """Show these rows; `afresh` says that others, which were shown before, are out of date."""
        before = self._sheet
        if afresh or before is None or (before.blocks, before.scope, before.limits) != _kind(sheet):
            self._rows = {}
        self._sheet = sheet
        for row in sheet.rows:
            self._rows[row.index] = row, [image_of(mosaic.pixels, self._colors) for mosaic in row.mosaics]
        self.blocks = sheet.blocks
        if self.current is not None and self.current.block >= sheet.blocks:
            self.current = None
        self.fit()
        self._begin()
        self.update()

    def show_nothing(self) -> None:
        """Forget the rows."""
        self._sheet, self._rows, self.blocks = None, {}, 0
        self.fit()
        self.update()

    def fit(self) -> None:
        """Be as high as the rows are."""
        self.setFixedHeight(max(1, round(self.blocks * self.row_height)))

    def show_large(self, spot: Spot | None) -> None:
        """Mark what is seen large."""
        self.large = spot
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for row, images in self._rows.values():
            images[:] = [image_of(mosaic.pixels, colors) for mosaic in row.mosaics]
        self.update()

    def place(self, spot: Spot) -> QRectF | None:
        """Where a channel is painted; None if it is not known."""
        known = self.row(spot.block)
        if known is None or spot.part >= len(known.mosaics) or spot.channel >= known.mosaics[spot.part].channels:
            return None
        ratio = self.devicePixelRatioF()
        left, top, width, height = known.mosaics[spot.part].place(spot.channel)
        corner = self._corner(known, spot.part)
        return QRectF(corner.x() + left / ratio, corner.y() + top / ratio, width / ratio, height / ratio)

    def spot_at(self, place: QPointF) -> Spot | None:
        """The channel that is painted there."""
        known = self.row(int(place.y() // self.row_height))
        if known is None:
            return None
        ratio = self.devicePixelRatioF()
        for part, mosaic in enumerate(known.mosaics):
            within = (place - self._corner(known, part)) * ratio
            channel = mosaic.channel_at(within.x(), within.y())
            if channel is not None:
                return Spot(known.index, part, channel)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are to be seen."""
        if self._sheet is None:
            return
        painter = QPainter(self)
        area = event.rect()
        for index in visible_rows(area.top(), area.bottom(), self.row_height, self.blocks, beyond=0):
            if index in self._rows:
                self._paint_row(painter, *self._rows[index])
        marks = [(self._hovered, self._colors.muted), (self.large, self._colors.accent)]
        if self.hasFocus():
            marks.append((self.current, self._colors.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for spot, color in marks:
            if spot is not None and (place := self.place(spot)) is not None:
                painter.setPen(QPen(QColor(color), 2))
                painter.drawRect(place.adjusted(-1, -1, 1, 1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what is under the pointer."""
        spot = self.spot_at(event.position())
        if spot != self._hovered:
            self._hovered = spot
            self.setCursor(Qt.CursorShape.ArrowCursor if spot is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        spot = self.spot_at(event.position())
        if spot is not None and event.button() is Qt.MouseButton.LeftButton:
            self.current = spot
            self._describe()
            self.chosen.emit(spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move among the channels and on to the next picture or row, Return chooses."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.chosen.emit(self.current)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) and self._rows:
            self._move(key)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Rows are as high as the letters need."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._line_height = QFontMetricsF(self.font()).height() + 2
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self._begin()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys are elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """The tooltip is of the picture under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            known = None if spot is None else self.row(spot.block)
            if spot is None or known is None:
                QToolTip.hideText()
            else:
                words = f"{known.parts[spot.part].words} {channel_words(known, spot.part, spot.channel)}."
                QToolTip.showText(event.globalPos(), f"<p>{words} A click or Return enlarges it.</p>", self)
            return True
        return super().event(event)

    def _paint_row(self, painter: QPainter, row: Row, images: list[QImage]) -> None:
        ratio, line, colors = self.devicePixelRatioF(), self._line(), self._colors
        top = row.index * self.row_height
        painter.setFont(self._bold())
        painter.setPen(QColor(colors.text))
        painter.drawText(QRectF(MARGIN, top, self.width(), line), Qt.AlignmentFlag.AlignVCenter, row.title)
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        wide = self.room.picture(len(row.parts)) / ratio
        for number, (part, mosaic, image) in enumerate(zip(row.parts, row.mosaics, images, strict=True)):
            corner = self._corner(row, number)
            left = MARGIN + number * (wide + self.room.sign / ratio)
            caption = QRectF(left, top + line, wide, line)
            end = ends_text(mosaic.limit) if self._sheet and self._sheet.scope is Scope.PICTURE else ""
            room = wide - (metrics.horizontalAdvance(end) + 6 if end else 0)
            painter.setPen(QColor(colors.text))
            name = metrics.elidedText(part.name, Qt.TextElideMode.ElideRight, max(room, 24))
            painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, name)
            if end and room >= 24:
                painter.setPen(QColor(colors.muted))
                painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, end)
            image.setDevicePixelRatio(ratio)
            painter.drawImage(corner, image)
            if part.sign:
                sign = QRectF(left - self.room.sign / ratio, corner.y(), self.room.sign / ratio, self._picture())
                painter.setPen(QColor(colors.muted))
                painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, part.sign.replace(" ", "\n", 1))

    def _corner(self, row: Row, part: int) -> QPointF:
        """Where a picture begins, on a whole pixel of the screen."""
        ratio, room = self.devicePixelRatioF(), self.room
        wide = room.picture(len(row.parts))
        left = MARGIN * ratio + part * (wide + room.sign)
        top = (row.index * self.row_height + 2 * self._line()) * ratio
        return QPointF(round(left) / ratio, round(top) / ratio)

    def _move(self, key: Qt.Key) -> None:
        spot = self.current or Spot(min(self._rows), 0, 0)
        known = self.row(spot.block)
        if known is None:
            return
        mosaic, step = known.mosaics[spot.part], 1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            channel = spot.channel + step * mosaic.columns
            if 0 <= channel < mosaic.channels:
                spot = Spot(spot.block, spot.part, channel)
            elif (other := self.row(spot.block + step)) is not None:
                part = min(spot.part, len(other.parts) - 1)
                there, column = other.mosaics[part], spot.channel % mosaic.columns
                last = (there.channels - 1) // there.columns * there.columns
                spot = Spot(other.index, part, min((0 if step > 0 else last) + column, there.channels - 1))
        else:
            line, column = divmod(spot.channel, mosaic.columns)
            if 0 <= column + step < mosaic.columns and spot.channel + step < mosaic.channels:
                spot = Spot(spot.block, spot.part, spot.channel + step)
            elif 0 <= spot.part + step < len(known.parts):
                there = known.mosaics[spot.part + step]
                channel = line * there.columns + (0 if step > 0 else there.columns - 1)
                spot = Spot(spot.block, spot.part + step, min(channel, there.channels - 1))
        self.current = spot
        self._describe()
        self.update()
        top = spot.block * self.row_height
        self.moved.emit(QRect(0, round(top), self.width(), round(self.row_height)))

    def _begin(self) -> None:
        """Let the keys begin somewhere."""
        if self.current is None and self._rows and self.hasFocus():
            self.current = Spot(min(self._rows), 0, 0)
        self._describe()

    def _describe(self) -> None:
        known = None if self.current is None else self.row(self.current.block)
        if self.current is None or known is None or not self.hasFocus():
            return
        if self.current.part < len(known.parts) and self.current.channel < known.mosaics[self.current.part].channels:
            self.setAccessibleDescription(channel_words(known, self.current.part, self.current.channel))

    def _picture(self) -> float:
        return self.room.height / self.devicePixelRatioF()

    def _line(self) -> float:
        return self._line_height

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font


def _kind(sheet: Sheet) -> tuple[object, ...]:
    return sheet.blocks, sheet.scope, sheet.limits


@lru_cache(maxsize=64)
def _room(pixels: int, ratio: float) -> Room:
    """The room of a row in a widget that is so many pixels wide, of `ratio` pixels of the screen each."""
    sign = round(SIGN * ratio)
    width = max(1, round((pixels - 2 * MARGIN) * ratio))
    usual = Room(width, 1, sign).picture(USUAL_PARTS)
    return Room(width, round(min(max(usual / 2, LOWEST * ratio), HIGHEST * ratio)), sign)
