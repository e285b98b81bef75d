"""The whole network as a diagram to walk through: zoom, pan, fold, choose a block, and handles that change it."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from resnet_gui.ui.network.canvas import ZOOM_STEP, NetworkCanvas
from resnet_gui.ui.network.handles import NetworkHandles
from resnet_gui.ui.network.layout import FOLD, Item, lay_out
from resnet_gui.ui.network.painter import NetworkPainter
from resnet_gui.ui.network.plan import NetworkPlan
from resnet_gui.ui.network.words import item_words
from resnet_gui.ui.theme import Colors


class NetworkDiagram(NetworkCanvas):
    """Paints from a layout that is computed once per architecture.

    Signals:
        chosen(Item): a click or Enter on stem, head or a block.
        architecture_edited(Architecture): a handle, + or −.
        folding_changed(bool): whether something is folded.
    """

    chosen = Signal(object)
    architecture_edited = Signal(object)
    folding_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkDiagram")
        self.setAccessibleName("Diagram of the network")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._titles: tuple[str, ...] = ("", "")
        self._unfolded: frozenset[int] = frozenset()
        self._cursor: tuple[int, int] = (0, 0)  # row, index of the item
        self._selected: Item | None = None
        self._hovered: Item | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self._handles = NetworkHandles(self.viewport())
        self._handles.edited.connect(self.architecture_edited)
        self._arrange()

    @property
    def can_fold(self) -> bool:
        """Whether folding would change anything."""
        return bool(self._unfolded) and lay_out(self._plans).folded

    @property
    def selected(self) -> Item | None:
        """The item that was chosen."""
        return self._selected

    @property
    def cursor_item(self) -> Item:
        """The item that the arrow keys have come to."""
        row, index = self._cursor
        return self._diagram.rows[row][index]

    @property
    def handles(self) -> NetworkHandles:
        """The buttons that add and take away."""
        return self._handles

    def show_plans(self, plans: tuple[NetworkPlan, ...], titles: tuple[str, ...]) -> None:
        """Show one network, or two below each other."""
        at, chosen = self.cursor_item, self._selected
        self._plans, self._titles = plans, titles
        self._unfolded &= frozenset(range(1, max(plan.architecture.stages for plan in plans) + 1))
        self._rebuild(at)
        self._selected = self._diagram.counterpart(chosen) if chosen else None
        self._handles.show_architecture(plans[0].architecture)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self._handles.set_colors(colors)
        self.viewport().update()

    def select(self, item: Item | None) -> None:
        """Mark `item` as the chosen one, or none."""
        self._selected = item
        self.viewport().update()

    def fold(self, folded: bool) -> None:
        """Fold every run of equal blocks, or unfold all."""
        stages = max(plan.architecture.stages for plan in self._plans)
        self._unfolded = frozenset() if folded else frozenset(range(1, stages + 1))
        self._rebuild(self.cursor_item)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What the camera sees."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._colors.window))
        cursor = self.cursor_item if self.hasFocus() else None
        NetworkPainter(painter, self.camera(), self._colors, self.font(), self._small()).paint(
            self._titles, (self._selected, self._hovered), cursor
        )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, unless somebody has zoomed."""
        super().resizeEvent(event)
        self._arrange()
        if self._selected:
            self._reveal(self._selected)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the arrow keys are."""
        super().focusInEvent(event)
        self._describe()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide where the arrow keys are."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or the begin of a drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the diagram along; point at what can be clicked."""
        if self._pressed is None:
            over = self.camera().item_at(event.position())
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.OpenHandCursor)
            self._hover(over)
            return
        way = event.position() - self._pressed
        if self._dragging or way.manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            for bar, step in ((self.horizontalScrollBar(), way.x()), (self.verticalScrollBar(), way.y())):
                bar.setValue(bar.value() - round(step))
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, if nothing was dragged."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        if not self._dragging and (item := self.camera().item_at(event.position())):
            self._move_to(item)
            self._choose(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter chooses, + and − change the blocks, S the stages; Ctrl with +, − and 0 zooms."""
        key, modifiers = event.key(), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        row, index = self._cursor
        moves = {
            Qt.Key.Key_Left: (row, index - 1),
            Qt.Key.Key_Right: (row, index + 1),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, len(self._diagram.rows[row]) - 1),
        }
        if key in moves:
            row, index = moves[key]
            items = self._diagram.rows[row]
            self._move_to(items[min(max(index, 0), len(items) - 1)])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._change_row(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.cursor_item)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(ZOOM_STEP) if control else self._handles.change_blocks(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by(1 / ZOOM_STEP) if control else self._handles.change_blocks(-1)
        elif key == Qt.Key.Key_0 and control:
            self.fit()
        elif key == Qt.Key.Key_S and not control:
            self._handles.change_stages(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Explain what the mouse rests on."""
        if event.type() is QEvent.Type.Leave:
            self._hover(None)
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item = self.camera().item_at(QPointF(event.pos()))
            if item is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words(item), self.viewport())
            return True
        return super().viewportEvent(event)

    def words(self, item: Item) -> str:
        """The item in words, for tooltips and screen readers."""
        title = f"{self._titles[item.row]}: " if len(self._plans) > 1 else ""
        return title + item_words(item, self._plans[item.row])

    def _choose(self, item: Item) -> None:
        if item.kind == FOLD:
            self._unfolded |= {item.stage}
            self._rebuild(item)
            return
        self._selected = item
        self.viewport().update()
        self.chosen.emit(item)

    def _rebuild(self, at: Item) -> None:
        """Lay out anew, and put the keyboard's cursor where it was."""
        self._diagram, self._hovered = lay_out(self._plans, self._unfolded), None
        if self._selected:
            self._selected = self._diagram.counterpart(self._selected)
        there = self._diagram.counterpart(at) or self._diagram.rows[0][0]
        self._cursor = (there.row, self._diagram.rows[there.row].index(there))
        self._arrange()
        self._describe()
        self.folding_changed.emit(self._diagram.folded)

    def _change_row(self, step: int) -> None:
        other = self._cursor[0] + step
        if 0 <= other < len(self._diagram.rows):
            camera = self.camera()
            x = camera.box(self.cursor_item).center().x()
            self._move_to(min(self._diagram.rows[other], key=lambda item: abs(camera.box(item).center().x() - x)))

    def _move_to(self, item: Item) -> None:
        self._cursor = (item.row, self._diagram.rows[item.row].index(item))
        self._reveal(item)
        self._describe()
        self.viewport().update()

    def _hover(self, item: Item | None) -> None:
        if item is not self._hovered:
            self._hovered = item
            self.viewport().update()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words(self.cursor_item))

    def _scrolled(self) -> None:
        """The handles go along with what they stand at."""
        super()._scrolled()
        self._handles.place(self.camera())
