"""From the diagram's units to pixels of the screen and back, at a zoom and a scroll position."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF

from resnet_gui.ui.network.layout import ARC, HANDLES, NODE, SLOT, Diagram, Item, Stage
from resnet_gui.ui.theme import SPACING

LOWEST, HIGHEST = 0.001, 3.0
LOW, STRETCH = 0.45, 1.6  # boxes stay that high where the zoom is lower, and get higher where there is room
TITLE = 24  # pixels over each network, where there are two
HEADER = 44  # pixels of a stage's name and shape
BELOW = 10.0  # units between the highest box and what stands below it


@dataclass(frozen=True)
class Camera:
    """`line` is the height of a line of small text in pixels, `scroll` what has been scrolled away."""

    diagram: Diagram
    zoom: float
    line: float
    scroll: QPointF
    viewport: QSizeF

    @property
    def footer(self) -> float:
        """Pixels for a block's number and its shapes."""
        return 2 * self.line + SPACING

    @property
    def title(self) -> float:
        """Pixels for a network's name."""
        return TITLE if len(self.diagram.rows) > 1 else 0

    @cached_property
    def row_height(self) -> float:
        """Of one network."""
        return self.fixed_height + self.scaled_height * self.zoom_y

    @cached_property
    def zoom_y(self) -> float:
        """Pixels for a unit downwards."""
        least = max(self.zoom, LOW)
        return min(max(self._room_y, least), STRETCH * least)

    @cached_property
    def _room_y(self) -> float:
        """Pixels for a unit downwards at which the window is filled."""
        rows = len(self.diagram.rows)
        room = self.viewport.height() - (rows + 1) * SPACING - rows * self.fixed_height
        return room / (rows * self.scaled_height)

    @cached_property
    def fixed_height(self) -> float:
        """The part of a row that is text."""
        return self.title + HEADER + self.footer

    @cached_property
    def scaled_height(self) -> float:
        """The part of a row that grows with the zoom, in units."""
        return ARC + self.diagram.tallest + BELOW

    @cached_property
    def size(self) -> QSizeF:
        """Of everything, with a margin around."""
        rows = len(self.diagram.rows)
        height = rows * self.row_height + (rows - 1) * SPACING + 2 * SPACING
        return QSizeF(self.diagram.end * self.zoom + self.diagram.pixels + 4 * SPACING, height)

    def fitting(self) -> float:
        """The zoom at which everything can be seen."""
        across = (self.viewport.width() - self.diagram.pixels - 4 * SPACING) / self.diagram.end
        return min(max(min(across, max(self._room_y, LOW)), LOWEST), HIGHEST)

    def x(self, units: float, pixels: float) -> float:
        """Pixel of a place across."""
        return self._left + units * self.zoom + pixels

    @cached_property
    def _left(self) -> float:
        spare = max(0.0, self.viewport.width() - self.size.width()) / 2
        return 2 * SPACING + spare - self.scroll.x()

    @cached_property
    def _upper(self) -> float:
        spare = max(0.0, self.viewport.height() - self.size.height()) / 2
        return SPACING + spare - self.scroll.y()

    def top(self, row: int) -> float:
        """Upper edge of a network."""
        return self._upper + row * (self.row_height + SPACING)

    def line_y(self, row: int) -> float:
        """Height of the line that the data flows along."""
        return self.top(row) + self.title + HEADER + (ARC + self.diagram.tallest / 2) * self.zoom_y

    def stage_rect(self, stage: Stage) -> QRectF:
        """The panel of a stage, with its handles' column."""
        left, right = self.x(stage.x, stage.pixels), self.x(stage.x + stage.width, stage.pixels + HANDLES)
        top = self.top(stage.row) + self.title
        return QRectF(left, top, right - left, self.row_height - self.title)

    def slot_rect(self, row: int) -> QRectF:
        """Where the handles of the stages stand."""
        left, top = self.x(self.diagram.slot, self.diagram.slot_pixels), self.top(row) + self.title
        return QRectF(left, top, SLOT, self.row_height - self.title)

    def box(self, item: Item) -> QRectF:
        """The box of an item."""
        height = max(item.figure.height, item.figure.entry) * self.zoom_y
        return QRectF(self.x(item.left, item.pixels), self.line_y(item.row) - height / 2, item.box * self.zoom, height)

    def whole(self, item: Item) -> QRectF:
        """The item with its shortcut and its number: where the mouse meets it."""
        box, left, right = self.box(item), self.x(item.x, item.pixels), self.x(item.end, item.pixels)
        top = box.top() - ARC * self.zoom_y
        return QRectF(left, top, right - left, box.bottom() + self.line + SPACING / 2 - top)

    def nodes(self, item: Item) -> list[float]:
        """Pixels across of the nodes behind the box."""
        places, x = [], item.right + 4.0
        for kind in item.figure.behind:
            step = NODE if kind in ("add", "multiply", "scale") else 10.0
            places.append(self.x(x + step / 2, item.pixels))
            x += step
        return places

    def visible(self, row: int) -> list[Item]:
        """The items of a network that the viewport shows a part of."""
        items = self.diagram.rows[row]
        first = bisect_left(items, 0.0, key=lambda item: self.x(item.end, item.pixels))
        last = bisect_right(items, self.viewport.width(), key=lambda item: self.x(item.x, item.pixels))
        return items[first:last]

    def item_at(self, place: QPointF) -> Item | None:
        """What the mouse meets there."""
        for row in range(len(self.diagram.rows)):
            if self.top(row) <= place.y() <= self.top(row) + self.row_height:
                for item in self.visible(row):
                    if self.whole(item).contains(place):
                        return item
        return None

    def nearest(self, place: QPointF) -> Item:
        """The item whose box is closest to `place`."""
        rows = range(len(self.diagram.rows))
        row = min(rows, key=lambda row: abs(self.line_y(row) - place.y()))
        items = self.visible(row) or self.diagram.rows[row]
        return min(items, key=lambda item: abs(self.box(item).center().x() - place.x()))
