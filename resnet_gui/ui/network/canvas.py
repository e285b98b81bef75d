"""A layout of networks on the screen: painted, zoomed and scrolled. What it means to click in it is another's."""

from PySide6.QtCore import QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from resnet_gui.core.architecture import Architecture
from resnet_gui.ui.network.camera import HIGHEST, LOWEST, Camera
from resnet_gui.ui.network.layout import Diagram, Item, lay_out
from resnet_gui.ui.network.plan import NetworkPlan, make_plan
from resnet_gui.ui.theme import LIGHT, SPACING

ZOOM_STEP = 1.25
READABLE = 0.38  # zoom that is not fallen below without being asked to
COSY = 1.15  # and not gone beyond
SMALL = 0.85  # of the font, for captions


class NetworkCanvas(QAbstractScrollArea):
    """Fits its zoom to the window until somebody zooms. Signals: `zoom_changed(float)`."""

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._colors = LIGHT
        self._plans: tuple[NetworkPlan, ...] = (make_plan(Architecture()),)
        self._diagram: Diagram = lay_out(self._plans)
        self._zoom = 1.0
        self._least: float | None = READABLE  # the zoom follows the window down to this; None once somebody has zoomed
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._scrolled)

    @property
    def zoom(self) -> float:
        """Pixels for a unit."""
        return self._zoom

    @property
    def diagram(self) -> Diagram:
        """The layout on show."""
        return self._diagram

    def fit(self) -> None:
        """Zoom so that all can be seen, and keep it so."""
        self._least = LOWEST
        self._arrange()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom, keeping what is at the place `around` where it is."""
        self._least = None
        around = around or QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        before = self.camera()
        item = before.nearest(around)
        box, line = before.box(item), before.line_y(item.row)
        across, down = (around.x() - box.left()) / box.width(), (around.y() - line) / before.zoom_y
        self._set_zoom(self._zoom * factor)
        after = self.camera()
        box = after.box(item)
        for bar, moved in (
            (self.horizontalScrollBar(), box.left() + across * box.width() - around.x()),
            (self.verticalScrollBar(), after.line_y(item.row) + down * after.zoom_y - around.y()),
        ):
            bar.setValue(bar.value() + round(moved))

    def camera(self) -> Camera:
        """What is seen now."""
        scroll = QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        line = QFontMetricsF(self._small()).height()
        return Camera(self._diagram, self._zoom, line, scroll, QSizeF(self.viewport().size()))

    def sizeHint(self) -> QSize:
        """Room for one network of three stages, or for two."""
        return QSize(760, 300 if len(self._plans) == 1 else 440)

    def minimumSizeHint(self) -> QSize:
        """What can still be scrolled through."""
        return QSize(200, 150)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms; without it the wheel scrolls, along the network if there is nothing to scroll downwards."""
        steps = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP ** (steps.y() / 120), event.position())
        elif self.verticalScrollBar().maximum() and not steps.x():
            super().wheelEvent(event)
        else:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (steps.x() or steps.y()))
        event.accept()

    def _reveal(self, item: Item) -> None:
        """Scroll until the item is seen."""
        area = self.camera().whole(item)
        for bar, low, high, room in (
            (self.horizontalScrollBar(), area.left(), area.right(), self.viewport().width()),
            (self.verticalScrollBar(), area.top(), area.bottom(), self.viewport().height()),
        ):
            if low < 2 * SPACING:
                bar.setValue(round(bar.value() + low - 2 * SPACING))
            elif high > room - 2 * SPACING:
                bar.setValue(round(bar.value() + high - room + 2 * SPACING))

    def _arrange(self) -> None:
        """Fit the zoom, if it follows the window, the scroll bars and the handles."""
        zoom = self._zoom if self._least is None else min(max(self.camera().fitting(), self._least), COSY)
        self._set_zoom(zoom)

    def _set_zoom(self, zoom: float) -> None:
        zoom = min(max(zoom, LOWEST), HIGHEST)
        changed, self._zoom = zoom != self._zoom, zoom
        size, room = self.camera().size, self.viewport().size()
        for bar, whole, seen in (
            (self.horizontalScrollBar(), size.width(), room.width()),
            (self.verticalScrollBar(), size.height(), room.height()),
        ):
            bar.setRange(0, max(0, round(whole - seen)))
            bar.setPageStep(seen)
            bar.setSingleStep(40)
        self._scrolled()
        if changed:
            self.zoom_changed.emit(zoom)

    def _scrolled(self) -> None:
        """Other things are seen now."""
        self.viewport().update()

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(SMALL * QFontInfo(font).pixelSize())))
        return font
