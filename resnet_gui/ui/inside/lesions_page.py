"""Lesions: blocks removed, weakened and exchanged, by hand or in sweeps."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from resnet_gui.core.inside.effect import EffectQuestion
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.question import Answered, Question
from resnet_gui.core.run import Run
from resnet_gui.ui.inside.hand_panel import HandPanel
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.sweep_panel import SweepPanel
from resnet_gui.ui.theme import SPACING, Colors

BY_HAND, SWEEPS = range(2)


class LesionsPage(Page):
    """By hand: one lesion and what it changes. Sweeps: the test error under many, beside another network."""

    TITLE = "Lesions"
    TIP = "Switch blocks off, weaken or exchange them: a residual network hardly minds, a plain one falls apart."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hand = HandPanel(self)
        self.sweeps = SweepPanel(self)
        self._runs = ["", ""]  # ids of those that are looked into
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.hand)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.sweeps)
        self._stack.addWidget(scroll)
        self._modes = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        for mode, (name, text, tip) in enumerate(
            (
                ("lesionByHand", "By hand", "Change single blocks, and see what that does to your digit."),
                ("lesionSweeps", "Sweeps", "Measure the test error under many changes, beside another network."),
            )
        ):
            button = QPushButton(text, self)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(mode == BY_HAND)
            self._modes.addButton(button, mode)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        self._modes.idClicked.connect(self._turn_to)
        self.hand.edited.connect(self.lesion_edited)
        self.sweeps.asked.connect(self.asked)

    @property
    def COMPARES(self) -> bool:  # Page's, which is a constant there
        """Sweeps show both networks."""
        return self.mode == SWEEPS

    @property
    def OF_PICTURE(self) -> bool:
        """Sweeps are about test images."""
        return self.mode == BY_HAND

    @property
    def mode(self) -> int:
        """BY_HAND or SWEEPS."""
        return self._stack.currentIndex()

    @property
    def question(self) -> Question:
        """Of the mode that is looked at."""
        return self.sweeps.question if self.mode == SWEEPS else EffectQuestion()

    def show_run(self, run: Run | None, second: bool) -> None:
        """What was shown of another network goes; sweeps ask for a guess on the second one before it has answered."""
        if second and self.mode != SWEEPS:
            return
        run_id = "" if run is None else run.id
        if run_id != self._runs[second]:
            self._runs[second] = run_id
            self.sweeps.show_nothing()
            if not second:
                self.hand.show_nothing()
        if second:
            self.sweeps.name_second("" if run is None else run.experiment.architecture.name)

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show it where it belongs."""
        if self.mode == SWEEPS:
            self.sweeps.show_answer(answered, second)
        elif not second:
            lesion = answered.subject.lesion or Lesion.none(len(answered.blueprint.blocks))
            self.hand.show_effect(answered.blueprint, lesion, answered.answer)

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there is no answer."""
        if self.mode == SWEEPS:
            self.sweeps.show_problem(text, second)
        else:
            self.hand.show_nothing(text)

    def show_nothing(self) -> None:
        """There is no picture."""
        self.hand.show_nothing()

    def set_lesion(self, lesion: Lesion | None) -> None:
        """This is changed inside the first network now."""
        super().set_lesion(lesion)
        self.hand.set_lesion(lesion)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        self.hand.set_colors(colors)
        self.sweeps.set_colors(colors)

    def _turn_to(self, mode: int) -> None:
        self._stack.setCurrentIndex(mode)
        self.asked.emit()
