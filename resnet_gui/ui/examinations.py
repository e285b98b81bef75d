"""The examinations that a view holds, and those that it waits for."""

from collections import OrderedDict
from collections.abc import Iterable

from resnet_gui.core.examination import Examination
from resnet_gui.core.run import Run

KEPT = 16  # examinations; small, as those of one data set share its images


class Examinations:
    """Of each run, how its network fared after so many steps: a run that trains on is examined again."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[int, Examination]] = OrderedDict()  # with the run's steps
        self._problems: dict[str, tuple[int, str]] = {}
        self._asked: dict[str, int] = {}  # what was asked for and has not come, with the run's steps
        self._shares: dict[str, float] = {}

    def of(self, run: Run) -> Examination | None:
        """The examination of `run` as it is now."""
        steps, examination = self._held.get(run.id, (-1, None))
        return examination if steps == run.step else None

    def problem(self, run: Run) -> str:
        """Why `run` as it is now cannot be examined; empty if that is not known to be so."""
        steps, problem = self._problems.get(run.id, (-1, ""))
        return problem if steps == run.step else ""

    def share(self, run: Run) -> float:
        """How much of the examination of `run` is done."""
        return self._shares.get(run.id, 0.0)

    def missing(self, runs: Iterable[Run]) -> tuple[str, ...]:
        """The ids of the runs to ask for now; empty if nothing is missing or all of it was asked for last."""
        lacking = {run.id: run.step for run in runs if self.of(run) is None and not self.problem(run)}
        if lacking.keys() <= self._asked.keys():
            return ()
        self._asked = lacking  # the newest request wins
        self._shares = {run: share for run, share in self._shares.items() if run in lacking}
        return tuple(lacking)

    def take(self, examination: Examination) -> None:
        """Hold what was asked for."""
        if (steps := self._finish(examination.run)) is not None:
            self._held[examination.run] = steps, examination
            self._held.move_to_end(examination.run)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)

    def fail(self, run: str, text: str) -> None:
        """Note why the run with this id cannot be examined."""
        if (steps := self._finish(run)) is not None:
            self._problems[run] = steps, text

    def progress(self, run: str, share: float) -> None:
        """Note how much of an examination is done."""
        if run in self._asked:
            self._shares[run] = share

    def forget_problems(self) -> None:
        """Let everything that failed be asked for again."""
        self._problems.clear()

    def _finish(self, run: str) -> int | None:
        """The steps of the run when it was asked for; None if it was not."""
        self._shares.pop(run, None)
        return self._asked.pop(run, None)
