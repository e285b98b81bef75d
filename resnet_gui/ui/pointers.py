"""Mouse, pen and fingers, told in one way: who presses, moves and lets go, where, and with what."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from resnet_gui.core.gesture import Pointer

MOUSE = {
    Qt.MouseButton.LeftButton: Pointer("mouse"),
    Qt.MouseButton.RightButton: Pointer("mouse", erases=True),
}


class Pointers(QObject):
    """Watches a widget's events, and keeps them from it.

    Signals, with positions in the widget's pixels and pressures of 0 to 1, or None if the device knows none:
        pressed(Pointer, QPointF, pressure), moved(Pointer, QPointF, pressure), released(Pointer).
        cancelled(str): all that a device has begun was meant for something else.
        lost(): whatever is under way, its end may never be told.
        hovered(QPointF or None, erases): where the mouse or the pen is while nothing is pressed; None: not here.
    """

    pressed = Signal(object, QPointF, object)
    moved = Signal(object, QPointF, object)
    released = Signal(object)
    cancelled = Signal(str)
    lost = Signal()
    hovered = Signal(object, bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._finger: Pointer | None = None  # the one that draws; others rest
        widget.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        widget.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        widget.setMouseTracking(True)
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # the right button erases
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sort by device."""
        match event:
            case QMouseEvent() | QTabletEvent() | QTouchEvent() if not self._widget.isEnabled():
                return False
            case QMouseEvent():
                return self._take_mouse(event)
            case QTabletEvent():
                self._take_pen(event)
                event.accept()  # Qt sends what was not accepted again, as mouse events: strokes would double.
                return True
            case QTouchEvent():
                self._take_touch(event)
                event.accept()
                return True
        match event.type():
            case QEvent.Type.UngrabMouse:
                self._release_buttons()
            case QEvent.Type.WindowDeactivate | QEvent.Type.EnabledChange | QEvent.Type.Hide:
                self.lost.emit()
            case QEvent.Type.Leave:
                self.hovered.emit(None, False)
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        place, button = event.position(), event.button()
        pointer = MOUSE.get(button)
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                if pointer is not None and event.buttons() == button:  # a second button does not disturb
                    self.pressed.emit(pointer, place, None)
            case QEvent.Type.MouseMove:
                held = [mouse for each, mouse in MOUSE.items() if event.buttons() & each]
                for mouse in held:
                    self.moved.emit(mouse, place, None)
                if not held:
                    self._release_buttons()  # the release went elsewhere
                    self.hovered.emit(place, False)
            case QEvent.Type.MouseButtonRelease:
                if pointer is not None:
                    self.moved.emit(pointer, place, None)
                    self.released.emit(pointer)
            case _:
                return False
        return True

    def _release_buttons(self) -> None:
        for mouse in MOUSE.values():
            self.released.emit(mouse)

    def _take_pen(self, event: QTabletEvent) -> None:
        tip = event.button() is Qt.MouseButton.LeftButton
        pointer = Pointer("pen", erases=event.pointerType() is QPointingDevice.PointerType.Eraser)
        presses = event.pointingDevice().hasCapability(QInputDevice.Capability.Pressure)
        pressure = event.pressure() if presses else None
        match event.type():
            case QEvent.Type.TabletPress if tip:
                self._widget.setFocus(Qt.FocusReason.MouseFocusReason)
                self.pressed.emit(pointer, event.position(), pressure)
            case QEvent.Type.TabletMove if event.buttons() & Qt.MouseButton.LeftButton:
                self.moved.emit(pointer, event.position(), pressure)
            case QEvent.Type.TabletMove:
                self.released.emit(pointer)
                self.hovered.emit(event.position(), pointer.erases)
            case QEvent.Type.TabletRelease if tip:
                self.moved.emit(pointer, event.position(), pressure)
                self.released.emit(pointer)

    def _take_touch(self, event: QTouchEvent) -> None:
        """Draw with the first finger."""
        if event.type() is QEvent.Type.TouchCancel:  # the system took the touch for something else, such as a palm
            self._finger = None
            self.cancelled.emit("touch")
            return
        if event.type() is QEvent.Type.TouchBegin:
            self._lift_finger()  # in case its end got lost
        for point in event.points():
            finger = Pointer("touch", point.id())
            match point.state():
                case point.State.Pressed if self._finger is None:
                    self._finger = finger
                    self._widget.setFocus(Qt.FocusReason.MouseFocusReason)
                    self.pressed.emit(finger, point.position(), None)
                case point.State.Updated if finger == self._finger:
                    self.moved.emit(finger, point.position(), None)
                case point.State.Released if finger == self._finger:
                    self.moved.emit(finger, point.position(), None)
                    self._lift_finger()

    def _lift_finger(self) -> None:
        if self._finger is not None:
            self.released.emit(self._finger)
            self._finger = None
