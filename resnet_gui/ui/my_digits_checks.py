"""How well networks read the kept digits."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from resnet_gui.core.comparison import Entry
from resnet_gui.core.examination import Exam, Examination
from resnet_gui.core.library import STARTER
from resnet_gui.core.run import State
from resnet_gui.core.sample import Sample
from resnet_gui.ui.examining import ExaminationFailed, ExaminationProgressed, Examined
from resnet_gui.ui.my_digits import MyDigitsShelf
from resnet_gui.ui.my_digits_model import Answers
from resnet_gui.ui.workbench import Workbench

STARTER_NAME = "Starter network"


@dataclass(frozen=True)
class Candidate:
    """A run whose network may be checked: its name, the index of its colour (None: it has none), its steps."""

    run: str
    name: str
    color: int | None = None
    steps: int = 0
    obstacle: str = ""  # why it cannot be checked now


class MyDigitsChecks(QObject):
    """Lets networks read the kept digits, and holds their answers: labels may change meanwhile.

    Signal: `changed()`, the candidates, or what is known of them.
    """

    changed = Signal()

    def __init__(self, shelf: MyDigitsShelf, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._shelf, self._bench = shelf, bench
        self._answers: dict[str, tuple[int, dict[int, tuple[int, float]]]] = {}  # of each run after so many steps
        self._problems: dict[str, str] = {}
        self._shares: dict[str, float] = {}  # done, of those that are being checked
        self._asked: tuple[Exam | None, tuple[Sample, ...], dict[str, int]] = None, (), {}  # with the runs' steps
        bench.checked.connect(self._take)
        bench.shelf.ticks_changed.connect(lambda entries: self.changed.emit())
        bench.run_changed.connect(lambda run: self.changed.emit())

    @property
    def candidates(self) -> list[Candidate]:
        """The starter network and the runs that are compared now."""
        return [Candidate(STARTER, STARTER_NAME), *map(_candidate, self._bench.shelf.ticked)]

    @property
    def busy(self) -> bool:
        """Whether a check is under way."""
        return bool(self._shares)

    def answers(self, candidate: Candidate) -> Answers:
        """What the network says of the digits; nothing if it was not asked, or has been trained on since."""
        steps, by_id = self._answers.get(candidate.run, (0, None))
        return Answers(candidate.name, by_id if steps == candidate.steps else None)

    def status(self, candidate: Candidate) -> str:
        """What is known of a candidate, in a few words."""
        if candidate.run in self._shares:
            return f"Reading… {100 * self._shares[candidate.run]:.0f} %"
        if text := candidate.obstacle or self._problems.get(candidate.run, ""):
            return text
        right, read = self.answers(candidate).accuracy(self._shelf.samples)
        if not read:
            return "Not checked yet"
        rest = len(self._shelf.samples) - read
        return f"{right / read:.1%} · {read - right:,} wrong{f' · {rest:,} new' if rest else ''}"

    def check(self, candidates: Sequence[Candidate]) -> None:
        """Let these read all digits."""
        steps = {candidate.run: candidate.steps for candidate in candidates if not candidate.obstacle}
        if not steps or not self._shelf.samples:
            return
        self._shares = dict.fromkeys(steps, 0.0)
        for run in steps:
            self._problems.pop(run, None)

        def ask(samples: tuple[Sample, ...], exam: Exam) -> None:
            self._asked = exam, samples, steps
            self._bench.check(steps, exam)

        def give_up(nothing: object) -> None:
            self._shares = {}
            self.changed.emit()

        self._shelf.make_exam(ask, give_up)
        self.changed.emit()

    @Slot(object)
    def _take(self, event: Examined | ExaminationProgressed | ExaminationFailed) -> None:
        match event:
            case ExaminationProgressed() if event.run in self._shares:
                self._shares[event.run] = event.share
            case ExaminationFailed():
                self._shares.pop(event.run, None)
                self._problems[event.run] = event.message
            case Examined():
                self._hold(event.examination)
        self.changed.emit()

    def _hold(self, examination: Examination) -> None:
        exam, samples, steps = self._asked
        if examination.exam is exam:
            self._shares.pop(examination.run, None)
            pairs = zip(examination.answers.tolist(), examination.certainties.tolist(), strict=True)
            by_id = {sample.id: pair for sample, pair in zip(samples, pairs, strict=True)}
            self._answers[examination.run] = steps[examination.run], by_id


def _candidate(entry: Entry) -> Candidate:
    run, obstacle = entry.run, ""
    if run.state.active or run.state is State.QUEUED:
        obstacle = "Still to be trained"
    elif not run.step:
        obstacle = "Has made no training step"
    return Candidate(run.id, entry.name, entry.color, run.step, obstacle)
