"""A pen that keys move, for those who cannot use a pointer."""

from math import hypot
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
WITH_OTHER_MEANING = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
STEP = 0.02  # share of the paper's side that a tap on a key goes at least
SPEED = 0.3  # sides a second while a key is held: half the height of a digit
FASTER = 3  # with Shift
TICK_MS = 16
LONGEST_TICK = 0.05  # seconds: after a pause of the window the pen does not jump
START = (0.5, 0.25)  # where most digits begin
HELP = "Arrows move, with Shift faster. Space: down and up. Enter: done. Esc: drop the stroke."


class KeyboardPen(QObject):
    """Arrow keys move it evenly while they are held, whatever the keyboard's repeat rate; two together go diagonally.

    Whoever has the focus hands it the keys by `take_press` and `take_release`.

    Signals:
        pressed(), lifted(), dropped(): Space put it down, or up again; Escape took the stroke back.
        moved(): `place` changed.
        shown_changed(): it came onto the paper, or went away.
        told(str): what it did, for those who cannot see it.
    """

    pressed = Signal()
    lifted = Signal()
    dropped = Signal()
    moved = Signal()
    shown_changed = Signal()
    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.place = START  # in shares of the paper's side
        self.tool = "Pen"  # what it is called
        self.shown = False
        self.down = False
        self._fast = False
        self._held: dict[int, float] = {}  # how far each key has moved the pen since it was pressed
        self._last = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def state(self) -> str:
        """Where the pen is, in words and percent of the paper."""
        x, y = (round(100 * place) for place in self.place)
        return f"{self.tool} {'down' if self.down else 'up'} at {x}, {y}"

    def put_away(self) -> None:
        """Take the pen off the paper; a stroke that it draws is kept."""
        self.lift()
        self._stop()
        if self.shown:
            self.shown = False
            self.shown_changed.emit()

    def lift(self) -> None:
        """Take the pen up, if it is down."""
        if self.down:
            self.down = False
            self.lifted.emit()

    def take_press(self, event: QKeyEvent) -> bool:
        """Do what the key is for; whether it is for the pen."""
        key = event.key()
        if event.modifiers() & WITH_OTHER_MEANING:
            return False
        if key == Qt.Key.Key_Shift:
            self._fast = True
            return False
        if key in ARROWS:
            if not event.isAutoRepeat():
                self._fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._show()
                self._hold(key)
            return True
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._show()
                self._toggle()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.shown:
            self._end()
            return True
        if key == Qt.Key.Key_Escape and self.shown:
            self._escape()
            return True
        return False

    def take_release(self, event: QKeyEvent) -> bool:
        """Go on without the key; whether it was for the pen."""
        key = event.key()
        if key == Qt.Key.Key_Shift:
            self._fast = False
        if key in ARROWS and not event.isAutoRepeat():
            self._let_go(key)
        return key in ARROWS

    def _show(self) -> None:
        if not self.shown:
            self.shown = True
            self.shown_changed.emit()

    def _toggle(self) -> None:
        if self.down:
            self.lift()
        else:
            self.down = True
            self.pressed.emit()
        self.told.emit(self.state)

    def _escape(self) -> None:
        if self.down:
            self.down = False
            self.dropped.emit()
            self.told.emit(f"Stroke dropped. {self.state}")
        else:
            self._end()

    def _end(self) -> None:
        self.put_away()
        self.told.emit(f"{self.tool} put away")

    def _hold(self, key: int) -> None:
        if not self._held:
            self._last = monotonic()
            self._timer.start()
        self._held.setdefault(key, 0.0)

    def _let_go(self, key: int) -> None:
        """Go this key's way no longer, once a step is gone."""
        if key not in self._held:
            return
        missing = self._pace(STEP) - self._held.pop(key)
        if missing > 0:
            dx, dy = ARROWS[Qt.Key(key)]
            self._move(missing * dx, missing * dy)
        if not self._held:
            self._stop()
            self.told.emit(self.state)

    def _stop(self) -> None:
        self._held.clear()
        self._timer.stop()

    def _tick(self) -> None:
        now = monotonic()
        distance = self._pace(SPEED * min(now - self._last, LONGEST_TICK))
        self._last = now
        dx, dy = (sum(ARROWS[Qt.Key(key)][axis] for key in self._held) for axis in (0, 1))
        length = hypot(dx, dy)
        if not length:  # left and right at once
            return
        for key in self._held:
            self._held[key] += distance / length
        self._move(distance / length * dx, distance / length * dy)

    def _pace(self, distance: float) -> float:
        return distance * FASTER if self._fast else distance

    def _move(self, dx: float, dy: float) -> None:
        x, y = self.place
        self.place = min(max(x + dx, 0.0), 1.0), min(max(y + dy, 0.0), 1.0)
        self.moved.emit()
