"""The square paper that takes digits from mouse, pen, finger, keys and pictures, and shows them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QWidget

from resnet_gui.core.errors import PictureError
from resnet_gui.core.gesture import Point, Pointer, width_of
from resnet_gui.core.paper import Changed, Sheet
from resnet_gui.ui.keyboard_pen import WITH_OTHER_MEANING, KeyboardPen
from resnet_gui.ui.paper_view import ERASER, HINT, PaperView
from resnet_gui.ui.picture_drops import may_be_picture, picture_of
from resnet_gui.ui.pointers import Pointers

THINNEST, THICKEST = 0.06, 0.24  # pen widths, as shares of the box
KEYS = Pointer("keys")


class DrawingCanvas(PaperView):
    """A drawing as strokes in shares of the paper's side, x to the right and y down, so that it scales with the widget.

    Signals:
        drawn(Drawing): the whole drawing, after each change of it, and when the pen that it is drawn with changes.
        history_changed(bool, bool): whether there is something to undo, and to redo.
        labelled(int): the digit that what is drawn was meant to be.
        picture_given(object): a picture of a digit was dropped or pasted: its Path, or the bytes of a PNG.
        refused(str): a sentence on something else that was dropped or pasted.
        told(str): what the keyboard's pen did, or why a key does nothing.
        keyboard_changed(bool): whether the keyboard's pen is on the paper.
    """

    drawn = Signal(object)
    history_changed = Signal(bool, bool)
    labelled = Signal(int)
    picture_given = Signal(object)
    refused = Signal(str)
    told = Signal(str)
    keyboard_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawingCanvas")
        self.setAccessibleName("Drawing canvas")
        self.setToolTip(
            "Draw a digit here with mouse, pen or finger, or with the arrow keys and Space; the network reads it as "
            "you draw. The right mouse button erases. A picture of a digit can be dropped here, or pasted."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAcceptDrops(True)
        pointers = Pointers(self)
        pointers.pressed.connect(self._take_press)
        pointers.moved.connect(self._take_move)
        pointers.released.connect(self._end)
        pointers.cancelled.connect(self._drop)
        pointers.lost.connect(self._finish)
        pointers.hovered.connect(self._take_hover)
        self.keys = KeyboardPen(self)
        self.keys.pressed.connect(self._press_keys)
        self.keys.moved.connect(self._follow_keys)
        self.keys.lifted.connect(lambda: self._end(KEYS))
        self.keys.dropped.connect(lambda: self._drop(KEYS.device))
        self.keys.shown_changed.connect(self._take_keys)
        self.keys.told.connect(self._tell)
        self._describe()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._paper.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._paper.can_redo

    @Slot(float)
    def set_pen_width(self, share: float) -> None:
        """Paint with a pen of `share` of the box, THINNEST to THICKEST. Finished strokes change too."""
        self._pen_width = min(max(THINNEST, share), THICKEST)
        self.update()
        if self.strokes:
            self.drawn.emit(self.drawing)

    @Slot(bool)
    def set_erasing(self, on: bool) -> None:
        """Erase rather than draw, from the next gesture on."""
        self._finish()
        self._erasing = on
        self.keys.tool = "Eraser" if on else "Pen"
        self.show_eraser(None)
        self.update()

    @Slot()
    def undo(self) -> None:
        """Take back the last change: a stroke, what one gesture erased, a picture, or the clearing."""
        self._finish()
        if self.can_undo:
            self._paper.undo()
            self._show_all()

    @Slot()
    def redo(self) -> None:
        """Bring back what was undone last."""
        self._finish()
        if self.can_redo:
            self._paper.redo()
            self._show_all()

    @Slot()
    def clear(self) -> None:
        """Start with an empty paper; can be undone."""
        self._finish()
        if not self._paper.sheet.empty:
            self._paper.put(Sheet())
            self._show_all()

    def show_picture(self, ink: NDArray[np.uint8], image: NDArray[np.uint8]) -> None:
        """Put a picture in the drawing's place: its ink, (side, side), 255 where it is, and the (28, 28) image of it.

        Neither array may change later.
        """
        self._finish()
        self._paper.put(Sheet((), ink, image))
        self._show_all()

    def take_picture(self, data: QMimeData) -> None:
        """Take the picture in what was copied or dropped, or say why there is none."""
        try:
            self.picture_given.emit(picture_of(data))
        except PictureError as error:
            self.refused.emit(str(error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let a picture be dropped, or what may turn out to be one."""
        if may_be_picture(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)  # a move would take the file from where it is
            event.accept()
            self.invite(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        self.invite(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self.invite(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_picture(event.mimeData())

    # -- gestures: one at a time, whichever device began it ----------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the keyboard's pen, clear with Delete, and take a digit's key as what the drawing was meant to be."""
        key = event.key()
        if self.keys.take_press(event):
            return
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and not event.modifiers() & WITH_OTHER_MEANING:
            if not event.isAutoRepeat():
                self._label(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Move the keyboard's pen no longer."""
        if not self.keys.take_release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Put the keyboard's pen away."""
        super().focusOutEvent(event)
        self.keys.put_away()

    def _label(self, digit: int) -> None:
        self._finish()
        if self.strokes:
            self.labelled.emit(digit)
        else:
            self._tell("Draw a digit first." if self.drawing.empty else "Only drawn digits are kept, not pictures.")

    @Slot(object, QPointF, object)
    def _take_press(self, pointer: Pointer, position: QPointF, pressure: float | None) -> None:
        self.keys.put_away()
        self._begin(pointer, self._pressed(position, pressure))

    @Slot(object, QPointF, object)
    def _take_move(self, pointer: Pointer, position: QPointF, pressure: float | None) -> None:
        self._go_on(pointer, self._pressed(position, pressure))

    def _pressed(self, position: QPointF, pressure: float | None) -> Point:
        place = self._place(position)
        return place if pressure is None else (*place, width_of(pressure))

    @Slot(object, bool)
    def _take_hover(self, position: QPointF | None, erases: bool) -> None:
        if self._paper.pointer is None:
            seen = position is not None and (erases or self._erasing)
            self.show_eraser(self._place(position) if seen else None)

    def _begin(self, pointer: Pointer, point: Point) -> None:
        if self._paper.is_free_for(pointer):
            self._finish()
            # No ink stays under the eraser's circle: lines end round, half a pen's width beyond their last point.
            reach = ERASER + self._pen_share() / 2
            self._paper.begin(pointer, reach if pointer.erases or self._erasing else None)
            self._go_on(pointer, point)

    def _go_on(self, pointer: Pointer, point: Point) -> None:
        if self._paper.pointer == pointer and self._paper.erases:
            self.show_eraser(point)
        change = self._paper.go_on(pointer, point)
        if change is not None:
            self.show_change(change)
            self.drawn.emit(self.drawing)

    @Slot(object)
    def _end(self, pointer: Pointer) -> None:
        if self._paper.pointer == pointer:
            self._finish()

    @Slot()
    def _finish(self) -> None:
        """Make what the gesture did a step that can be undone."""
        pointer, growing = self._paper.pointer, self._paper.growing
        if pointer is None:
            return
        changed = self._paper.finish()
        self._ink.settle(growing)
        if pointer == KEYS:
            self.keys.lift()
        if not self._erasing or pointer.device != "mouse":
            self.show_eraser(None)
        if changed:
            self._describe()
            self.history_changed.emit(self.can_undo, self.can_redo)

    @Slot(str)
    def _drop(self, device: str) -> None:
        """Forget the gesture if it came from `device`, and what it did."""
        if self._paper.pointer is not None and self._paper.pointer.device == device:
            self._paper.drop()
            self.show_eraser(None)
            self._show_all()

    @Slot()
    def _press_keys(self) -> None:
        self._begin(KEYS, self.keys.place)
        if self._paper.pointer != KEYS:  # another device is drawing
            self.keys.lift()

    @Slot()
    def _follow_keys(self) -> None:
        self._go_on(KEYS, self.keys.place)
        self._show_keys()

    @Slot()
    def _show_keys(self) -> None:
        self.show_pen(self.keys.place if self.keys.shown else None, self.keys.down)

    @Slot()
    def _take_keys(self) -> None:
        self._describe()
        self._show_keys()
        self.keyboard_changed.emit(self.keys.shown)

    # -- showing ----------------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self.show_change(Changed())
        self._describe()
        self.history_changed.emit(self.can_undo, self.can_redo)
        self.drawn.emit(self.drawing)

    @Slot(str)
    def _tell(self, text: str) -> None:
        self._describe()
        self._show_keys()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.told.emit(text)

    def _describe(self) -> None:
        count = len(self.strokes)
        content = f"{count} stroke{'s' * (count != 1)}" if count else "Empty. " + HINT + "."
        content = content if self._paper.sheet.picture is None else "A picture"
        self.setAccessibleDescription(f"{self.keys.state}. {content}" if self.keys.shown else content)
