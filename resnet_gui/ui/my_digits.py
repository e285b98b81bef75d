"""The kept digits in the window: what there is, what becomes of it, and the images of it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.examination import Exam
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.sample import CLASSES, Sample, a_digit
from resnet_gui.ui.errands import Errands

DRAWN_AT_ONCE = 48  # images in one errand: some 50 ms, after which others have their turn


class MyDigitsShelf(QObject):
    """Every kept digit, the oldest first, once `refresh` was called. Reading, writing and drawing are errands.

    Signals: `changed()` there are other digits now; `drawn()` images that were asked for; `kept(object, int)` a new
    Sample, and how many there are; `told(str)` a sentence on what was done; `undoable(str, object)` the same, and what
    undoes it; `refused(str)` why something could not be done, other than keeping, which the errands tell.
    """

    changed = Signal()
    drawn = Signal()
    kept = Signal(object, int)
    told = Signal(str)
    undoable = Signal(str, object)
    refused = Signal(str)

    def __init__(self, store: MyDigits, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.samples: tuple[Sample, ...] = ()
        self._store, self._errands = store, errands
        self._version: str | None = None  # of the store as `samples` has it; None before the first look
        self._wanted: dict[int, Sample] = {}  # to be drawn, by id
        self._drawing = False
        self._soon = QTimer(self, singleShot=True, interval=0)  # once a whole paint has asked
        self._soon.timeout.connect(self._draw)

    @property
    def known(self) -> bool:
        """Whether the store was read."""
        return self._version is not None

    def keep(self, label: int, strokes: Sequence[ArrayLike], pen: float) -> None:
        """Keep a drawing as the digit `label`."""
        known = self.known

        def write() -> tuple[Sample, int, Any]:
            sample = self._store.add(label, strokes, pen)
            return sample, self._store.count(), self._look() if known else None

        def tell(answer: tuple[Sample, int, Any]) -> None:
            sample, count, look = answer
            self._take(look)
            self.kept.emit(sample, count)

        self._errands.do(write, tell)

    def refresh(self) -> None:
        """Take in what was changed elsewhere."""
        self._ask(self._look, self._take)

    def relabel(self, ids: Iterable[int], label: int) -> None:
        """Say that these are `label`."""
        former = [sample for sample in self._chosen(ids) if sample.label != label]
        text = (
            f"{a_digit(former[0].label).capitalize()} is {a_digit(label)} now."
            if len(former) == 1
            else f"{_counted(former)} are {label} now."
        )
        self._change(former, lambda: self._store.relabel([sample.id for sample in former], label), text)

    def delete(self, ids: Iterable[int]) -> None:
        """Forget these."""
        former = self._chosen(ids)
        text = (
            f"{a_digit(former[0].label).capitalize()} was deleted."
            if len(former) == 1
            else f"{_counted(former)} were deleted."
        )
        self._change(former, lambda: self._store.delete([sample.id for sample in former]), text)

    def take_in(self, path: Path) -> None:
        """Add the digits of a stroke file."""

        def read() -> tuple[str, Any]:
            from resnet_gui.engine.stroke_files import read_strokes

            return self._store.take(read_strokes(path).digits()).sentence, self._look()

        def tell(answer: tuple[str, Any]) -> None:
            sentence, look = answer
            self._take(look)
            self.told.emit(sentence)

        self._ask(read, tell)

    def write_out(self, path: Path) -> None:
        """Write all digits to a stroke file."""

        def write() -> int:
            from resnet_gui.engine.stroke_files import write_strokes

            samples = self._store.all()
            write_strokes(path, samples)
            return len(samples)

        self._ask(write, lambda count: self.told.emit(f"Saved {count:,} digit{'' if count == 1 else 's'} as {path}"))

    def picture(self, sample: Sample) -> NDArray[np.uint8] | None:
        """The image of `sample`; None if it is still to be drawn, of which `drawn` tells."""
        image = self._store.picture(sample)
        if image is None:
            self._wanted[sample.id] = sample
            self._soon.start()
        return image

    def make_exam(
        self,
        done: Callable[[tuple[Sample, ...], Exam], None],
        given_up: Callable[[object], None] = lambda nothing: None,
    ) -> None:
        """Draw all digits, some at a time, and call `done` with them and their images, or else `given_up`."""
        samples = self.samples
        pieces: list[NDArray[np.uint8]] = []

        def draw(first: int) -> None:
            if first < len(samples):
                some = samples[first : first + DRAWN_AT_ONCE]
                self._errands.do(
                    lambda: self._store.pictures(some),
                    lambda piece: (pieces.append(piece), draw(first + len(some))),
                    given_up,
                )
            else:
                labels = np.array([sample.label for sample in samples], np.uint8)
                done(samples, Exam("my digits", np.concatenate(pieces), labels, CLASSES))

        draw(0)

    def _draw(self) -> None:
        """Draw some of what is wanted; the rest is asked for again if it is still looked at then."""
        if not self._drawing:
            self._drawing = True
            some = list(self._wanted.values())[:DRAWN_AT_ONCE]
            self._errands.do(lambda: self._store.pictures(some), self._show, self._show)

    def _show(self, pictures: object) -> None:
        self._drawing = False
        self._wanted.clear()
        self.drawn.emit()

    def _chosen(self, ids: Iterable[int]) -> list[Sample]:
        wanted = set(ids)
        return [sample for sample in self.samples if sample.id in wanted]

    def _change(self, former: Sequence[Sample], work: Callable[[], None], text: str) -> None:
        """Do `work` on these, which can be undone."""
        if not former:
            return

        def undo() -> None:
            self._ask(lambda: (self._store.restore(former), self._look())[1], self._take)

        def tell(look: Any) -> None:
            self._take(look)
            self.undoable.emit(text, undo)

        self._ask(lambda: (work(), self._look())[1], tell)

    def _look(self) -> tuple[str, tuple[Sample, ...]] | None:
        """Version and digits of the store, beside the GUI thread; None if they are known."""
        version = self._store.version()
        return None if version == self._version else (version, tuple(self._store.all()))

    def _take(self, look: tuple[str, tuple[Sample, ...]] | None) -> None:
        if look is not None and look[0] != self._version:  # two looks may have found the same
            self._version, self.samples = look
            self.changed.emit()

    def _ask(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """An errand whose failure is `refused`."""

        def guarded() -> tuple[Any, str]:
            try:
                return work(), ""
            except ExplorerError as error:
                return None, str(error)

        def answer(result: tuple[Any, str]) -> None:
            value, problem = result
            if problem:
                self.refused.emit(problem)
            else:
                done(value)

        self._errands.do(guarded, answer)


def _counted(samples: Sequence[Sample]) -> str:
    return f"{len(samples):,} digits"
