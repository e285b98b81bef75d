"""The kept digits as rows, those of a label together, with what a network that was asked takes each for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from resnet_gui.core.sample import Sample

_ModelIndex = QModelIndex | QPersistentModelIndex
Picture = Callable[[Sample], NDArray[np.uint8] | None]


@dataclass(frozen=True)
class Answers:
    """What a network takes digits for, by their ids: the digit and how sure it is. No name: none was asked."""

    name: str = ""
    by_id: Mapping[int, tuple[int, float]] | None = None

    def of(self, sample: Sample) -> tuple[int, float] | None:
        """The answer to `sample`; None if it was not asked for."""
        return self.by_id.get(sample.id) if self.by_id else None

    def wrong(self, sample: Sample) -> bool:
        """Whether the network misreads `sample`."""
        answer = self.of(sample)
        return answer is not None and answer[0] != sample.label

    def accuracy(self, samples: Sequence[Sample]) -> tuple[int, int]:
        """How many of `samples` were read right, and how many were read."""
        right = [answer[0] == sample.label for sample in samples if (answer := self.of(sample)) is not None]
        return sum(right), len(right)


class MyDigitsModel(QAbstractListModel):
    """The rows of a gallery; `sections` says where each label begins: (label, first row, number of rows)."""

    def __init__(self, picture: Picture, parent: QObject) -> None:
        super().__init__(parent)
        self.picture = picture
        self.samples: tuple[Sample, ...] = ()
        self.answers = Answers()
        self.sections: tuple[tuple[int, int, int], ...] = ()

    def show(self, samples: Sequence[Sample], answers: Answers) -> None:
        """Hold these from now on."""
        self.beginResetModel()
        self.samples = tuple(sorted(samples, key=lambda sample: sample.label))  # and the oldest first, as they come
        self.answers = answers
        labels = [sample.label for sample in self.samples]
        self.sections = tuple((label, labels.index(label), labels.count(label)) for label in sorted(set(labels)))
        self.endResetModel()

    def rowCount(self, parent: _ModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row for each digit."""
        return 0 if parent.isValid() else len(self.samples)

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The caption, and a sentence for tooltip and screen reader."""
        if not index.isValid():
            return None
        sample = self.samples[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.caption(sample)
            case Qt.ItemDataRole.ToolTipRole:
                import html  # takes some milliseconds, and the window can be shown without it

                return f"<p>{html.escape(self.sentence(sample))}</p>"  # names may hold angle brackets
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.sentence(sample)
        return None

    def caption(self, sample: Sample) -> str:
        """Such as `→ 9  97 %` for a digit that is misread; empty for the others."""
        answer = self.answers.of(sample)
        return f"→ {answer[0]}  {100 * answer[1]:.0f} %" if answer and answer[0] != sample.label else ""

    def sentence(self, sample: Sample) -> str:
        """What the digit is, when it was written, and what the network takes it for."""
        written = datetime.fromtimestamp(sample.written).strftime("%Y-%m-%d %H:%M")
        answer = self.answers.of(sample)
        read = f" {self.answers.name} reads {answer[0]}, {100 * answer[1]:.0f} % sure." if answer else ""
        return f"A {sample.label}, written {written}, number {sample.id}.{read}"

    def heading(self, label: int, first: int, count: int) -> str:
        """What stands over the digits of a label."""
        right, read = self.answers.accuracy(self.samples[first : first + count])
        return f"{count:,} digit{'' if count == 1 else 's'}" + (f" · {read - right:,} misread" if read else "")
