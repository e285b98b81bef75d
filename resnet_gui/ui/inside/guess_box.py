"""A guess of what will come of a sweep, before it is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from resnet_gui.core.inside.sweep import SweepKind
from resnet_gui.core.inside.sweep_words import OUTCOMES, Outcome, guess_question
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import SPACING

INVITATION = "Take a guess first: it is measured meanwhile, and shown beside your guess."


class GuessBox(QWidget):
    """A question with three answers for each network. Signals: `done()`: the result is to be shown."""

    done = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("guessBox")
        self.setAccessibleName("Guess what will happen")
        self._names: tuple[str, ...] = ()
        self._kind = SweepKind.EACH
        self._questions: list[QLabel] = []
        self.groups: list[QButtonGroup] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACING)
        invitation = QLabel(INVITATION, self)
        invitation.setProperty("role", "muted")
        invitation.setWordWrap(True)
        self.show_button = QPushButton("Show what happens", self)
        self.show_button.setObjectName("revealButton")
        self.show_button.setProperty("role", "primary")
        self.show_button.setEnabled(False)
        self.skip_button = QPushButton("Without a guess", self)
        self.skip_button.setObjectName("skipGuessButton")
        self.skip_button.clicked.connect(self.forget)  # first: what is chosen does not count then
        for button in (self.show_button, self.skip_button):
            button.clicked.connect(self.done)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addWidget(self.skip_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(invitation)
        layout.addLayout(self._rows)
        layout.addLayout(buttons)
        layout.addStretch(1)

    @property
    def guesses(self) -> list[Outcome | None]:
        """The guess for each network; None for none."""
        return [None if group.checkedId() < 0 else Outcome(group.checkedId()) for group in self.groups]

    def ask(self, names: Sequence[str], kind: SweepKind) -> None:
        """Ask what becomes of these networks. Guesses stay as long as kind and number of networks do."""
        if len(names) != len(self._names) or kind is not self._kind:
            self._make(len(names))
        self._names, self._kind = tuple(names), kind
        for label, name, group in zip(self._questions, names, self.groups, strict=True):
            label.setText(guess_question(name, kind))
            for button in group.buttons():
                button.setAccessibleDescription(label.text())

    def forget(self) -> None:
        """No guess was made."""
        self._make(len(self._names))

    def _make(self, networks: int) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self._questions, self.groups = [], []
        for number in range(networks):
            row = QWidget(self)
            question = QLabel(row)
            question.setWordWrap(True)
            group = QButtonGroup(row)
            answers = Flow()
            for outcome, text in OUTCOMES.items():
                button = QRadioButton(f"It {text}", row)
                button.setObjectName(f"guess{number}{outcome.name.capitalize()}")
                group.addButton(button, int(outcome))
                answers.addWidget(button)
            group.idClicked.connect(self._look)
            layout = QVBoxLayout(row)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(SPACING // 2)
            layout.addWidget(question)
            layout.addLayout(answers)
            self._rows.addWidget(row)
            row.show()
            self._questions.append(question)
            self.groups.append(group)
        self._look()

    def _look(self) -> None:
        self.show_button.setEnabled(any(guess is not None for guess in self.guesses))
