"""Training step by step, on a copy of the network: forward, loss, gradient, update, and again."""

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from resnet_gui.core.inside.decades import decades
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.step import PHASES, Phase, Step, StepQuestion, step_words
from resnet_gui.core.run import Run
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.inside.block_rows import BlockRows, Side
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.rows_legend import RowsLegend
from resnet_gui.ui.inside.step_batch import StepBatch
from resnet_gui.ui.inside.step_rows import step_side
from resnet_gui.ui.learning_rate_spin import LearningRateSpin
from resnet_gui.ui.theme import SPACING, Colors

PLAY_MS = 1500  # between two phases, long enough to read along
FIRST_RATE = 0.01
LEGEND = ("through F", "by the shortcut", "gradient, and change as a share of the weights (powers of ten)")
LOOKING = "The step is being computed …"


class StepPage(Page):
    """Buttons that go on, the batch with what is read in it, a sentence on the phase, and a row for each block."""

    TITLE = "Step"
    TIP = "Train a copy of the network one batch at a time, and see each part of a step."
    COMPARES = True
    OF_PICTURE = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phase = Phase.FORWARD
        self._rates: tuple[float, ...] = (FIRST_RATE,)
        self._copy = 0
        self._answers: list[Answered | None] = [None, None]
        self._problems = ["", ""]
        self._runs: list[Run | None] = [None, None]
        self.fresh = QCheckBox("Begin with new weights", self)
        self.fresh.setObjectName("stepFreshCheck")
        self.fresh.setToolTip("Let the copy begin as a network that has learned nothing yet.")
        self.rate = LearningRateSpin(self)
        self.rate.setObjectName("stepRateSpin")
        self.rate.setAccessibleName("Learning rate of the steps")
        self.rate.setToolTip("How far the weights go down the gradient in a step.")
        self.rate.setValue(FIRST_RATE)
        self.rate.setKeyboardTracking(False)
        self.again = _button("Start again", "stepAgainButton", "Forget the steps: begin with a new copy.", self)
        self.next = _button("Next", "stepNextButton", "Go on to the next part of the step.", self)
        self.play = _button("Play", "stepPlayButton", "Go on by itself.", self)
        self.play.setCheckable(True)
        self.phases = QLabel(self)
        self.phases.setObjectName("stepPhases")
        self.phases.setAccessibleName("Parts of a step")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("stepSentence")
        self.sentence.setAccessibleName("What happens in this part of the step")
        self.sentence.setWordWrap(True)
        self.batch = StepBatch(self)
        self.rows = BlockRows(self)
        self.rows.setObjectName("stepRows")
        self.rows.setAccessibleName("What happens in every block")
        self.legend = RowsLegend("stepLegend", LEGEND, self)
        self._player = QTimer(self, interval=PLAY_MS)
        self._player.timeout.connect(self.go_on)
        self.next.clicked.connect(self.go_on)
        self.again.clicked.connect(self.start_again)
        self.play.toggled.connect(self._set_playing)
        self.fresh.toggled.connect(self.start_again)
        self.rate.valueChanged.connect(self._set_rate)
        self._lay_out()
        self._refresh()

    @property
    def question(self) -> StepQuestion:
        """The step that is looked at."""
        return StepQuestion(self._rates, self.fresh.isChecked(), self._copy)

    def go_on(self) -> None:
        """To the next part of this step, or to the next step."""
        if self._answers[0] is None:
            return  # it is not there yet
        if self.phase is not Phase.UPDATE:
            self.phase = Phase(self.phase + 1)
            self._refresh()
        else:
            self._ask((*self._rates, self.rate.value()))

    def start_again(self) -> None:
        """With a new copy of the network as it is now."""
        self._copy += 1
        self._ask((self.rate.value(),))

    def show_run(self, run: Run | None, second: bool) -> None:
        """This is the run whose network is copied."""
        known = self._runs[second]
        if (run and run.id) != (known and known.id):
            self._answers[second], self._problems[second] = None, ""
            if not second:
                self._copy += 1
                self._rates, self.phase = (self.rate.value(),), Phase.FORWARD
        self._runs[second] = run
        if second and run is None:
            self._answers[1], self._problems[1] = None, ""
        self._refresh()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the step."""
        if answered.look.question == self.question:
            self._answers[second], self._problems[second] = answered, ""
            self._refresh()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there is none."""
        self._answers[second], self._problems[second] = None, text
        self._refresh()

    def show_nothing(self) -> None:
        """Steps need no picture: leave all as it is."""

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        self.rows.set_colors(colors)
        self.batch.set_colors(colors)
        self.legend.set_colors(colors)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: do not go on."""
        super().hideEvent(event)
        self.play.setChecked(False)

    def _ask(self, rates: tuple[float, ...]) -> None:
        self._rates, self.phase = rates, Phase.FORWARD
        self._answers, self._problems = [None, None], ["", ""]
        self._refresh()
        self.asked.emit()

    def _set_rate(self, rate: float) -> None:
        """The step that is looked at is made at this rate, whatever came before."""
        if rate != self._rates[-1]:
            self._rates = (*self._rates[:-1], rate)
            self.asked.emit()

    def _set_playing(self, on: bool) -> None:
        self.play.setText("Pause" if on else "Play")
        if on:
            self.go_on()
            self._player.start()
        else:
            self._player.stop()

    def _refresh(self) -> None:
        first = self._answers[0]
        parts = [
            f"<b>{place}&nbsp;{words}</b>" if phase is self.phase else f"{place}&nbsp;{words}"
            for place, (phase, words) in enumerate(PHASES.items(), start=1)
        ]
        self.phases.setText(" › ".join(parts))
        self.phases.setAccessibleDescription(PHASES[self.phase])
        words = self._problems[0] or (LOOKING if first is None else step_words(first.answer, self.phase))
        self.sentence.setText(words)
        self.rows.setAccessibleDescription(words)
        self.batch.show_step(None if first is None else first.answer, self.phase)
        steps = [answer.answer for answer in self._answers if answer is not None]
        norms = decades([block.output_gradient for step in steps for block in step.blocks])
        changes = decades([block.change / (block.weights or 1.0) for step in steps for block in step.blocks])
        sides = []
        for answer, problem, run in zip(self._answers, self._problems, self._runs, strict=True):
            if answer is not None:
                sides.append(step_side(answer, self.phase, norms, changes))
            elif run is not None and (problem or first is not None):
                sides.append(Side(run.name, note=problem or LOOKING))
        self.rows.show_sides(tuple(sides))
        self.next.setEnabled(first is not None and _sound(first.answer))
        self.play.setEnabled(self.next.isEnabled() or self.play.isChecked())
        if first is not None and not _sound(first.answer):
            self.play.setChecked(False)

    def _lay_out(self) -> None:
        controls = Flow()
        self.fresh.setFixedHeight(self.next.sizeHint().height())  # in line with the buttons
        label = QLabel("Learning rate", self)
        label.setBuddy(self.rate)
        rate = QWidget(self)
        row = QHBoxLayout(rate)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.rate)
        for widget in (self.next, self.play, self.again, rate, self.fresh):
            controls.addWidget(widget)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(controls)
        layout.addWidget(self.phases)
        layout.addWidget(self.sentence)
        layout.addWidget(self.batch)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.legend)


def _sound(step: Step) -> bool:
    return bool(np.isfinite(step.loss))


def _button(text: str, name: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setObjectName(name)
    button.setToolTip(tip)
    return button
