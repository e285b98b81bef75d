"""The paper that is drawn on: what is on it, the gesture that changes it, and what can be undone."""

from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.erasing import erase, touches
from resnet_gui.core.gesture import Gesture, Line, Point, Pointer
from resnet_gui.core.strokes import Stroke
from resnet_gui.core.undo import Undo

UNDO_STEPS = 100
STALE_SECONDS = 2.0  # a device that is silent for so long no longer keeps others from drawing


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is on the paper between two gestures: strokes, or a picture's ink with what a network sees of it."""

    strokes: tuple[Stroke, ...] = ()
    ink: NDArray[np.uint8] | None = None  # (side, side) on the whole paper, 255 where it is
    picture: NDArray[np.uint8] | None = None  # (28, 28)

    @property
    def empty(self) -> bool:
        """Whether there is no ink."""
        return not self.strokes and self.picture is None


@dataclass(frozen=True)
class Inked:
    """There is new ink along `line`."""

    line: Line


@dataclass(frozen=True)
class Erased:
    """Ink is gone along `path`, as far as `reach` from it; strokes are left."""

    path: Line
    reach: float


@dataclass(frozen=True)
class Changed:
    """All of the paper may look otherwise."""


Change = Inked | Erased | Changed


@dataclass
class _Action:
    """A gesture that is under way, and what it changes. With an `eraser`, its radius, it takes ink away."""

    pointer: Pointer
    eraser: float | None
    before: Sheet
    gesture: Gesture = field(default_factory=Gesture)
    seen: float = field(default_factory=monotonic)  # when the device last said something


class Paper:
    """Takes one gesture at a time, whichever device began it; all places are in shares of the paper's side."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._undo = Undo[Sheet](UNDO_STEPS)
        self._action: _Action | None = None

    @property
    def growing(self) -> list[Stroke]:
        """What the gesture has drawn so far."""
        return self._action.gesture.strokes if self._action else []

    @property
    def pointer(self) -> Pointer | None:
        """What is drawing or erasing."""
        return self._action.pointer if self._action else None

    @property
    def erases(self) -> bool:
        """Whether the gesture takes ink away."""
        return self._action is not None and self._action.eraser is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._undo.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._undo.can_redo

    def is_free_for(self, pointer: Pointer) -> bool:
        """Whether a gesture that is under way must have lost its end, if this one begins another."""
        action = self._action
        return action is None or action.pointer.device == pointer.device or monotonic() - action.seen > STALE_SECONDS

    def begin(self, pointer: Pointer, eraser: float | None) -> None:
        """Let `pointer` draw, or erase with a radius of `eraser`; what was under way must be finished."""
        assert self._action is None
        self._action = _Action(pointer, eraser, self.sheet)

    def go_on(self, pointer: Pointer, point: Point) -> Change | None:
        """Take in where `pointer` is now; what changed. Others are not heard."""
        action = self._action
        if action is None or action.pointer != pointer:
            return None
        action.seen = monotonic()
        return self._draw(action, point) if action.eraser is None else self._erase(action, point, action.eraser)

    def _draw(self, action: _Action, point: Point) -> Change | None:
        first = not action.gesture.strokes
        line = action.gesture.go_to(point)
        if line is None:
            return None
        if first and not self.sheet.strokes:
            self.sheet = Sheet()  # a picture gives way to the first ink
            return Changed()
        return Inked(line)

    def _erase(self, action: _Action, point: Point, eraser: float) -> Change | None:
        path = (action.gesture.last or point, point)
        action.gesture.last = point
        if self.sheet.ink is None:
            left = erase(self.sheet.strokes, path, eraser)
        else:  # a picture goes as a whole
            left = () if touches(self.sheet.ink, path, eraser) else None
        if left is None:
            return None
        self.sheet = Sheet(left)
        return Erased(path, eraser) if left else Changed()

    def finish(self) -> bool:
        """End the gesture; whether there is one more thing to undo."""
        action, self._action = self._action, None
        if action is None:
            return False
        if action.gesture.strokes:
            self.sheet = Sheet((*self.sheet.strokes, *action.gesture.strokes))
        if self.sheet is action.before:
            return False
        self._undo.remember(action.before)
        return True

    def drop(self) -> None:
        """Forget the gesture, and what it did."""
        if self._action is not None:
            self.sheet, self._action = self._action.before, None

    def put(self, sheet: Sheet) -> None:
        """Replace all that is on the paper."""
        self._undo.remember(self.sheet)
        self.sheet = sheet

    def undo(self) -> None:
        """Take back the last change: a stroke, what one gesture erased, a picture, or the clearing."""
        self.sheet = self._undo.undo(self.sheet)

    def redo(self) -> None:
        """Bring back what was undone last."""
        self.sheet = self._undo.redo(self.sheet)
