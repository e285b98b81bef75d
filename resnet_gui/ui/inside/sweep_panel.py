"""Sweeps of lesions: which one, a guess beforehand, and the chart of two networks."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QProgressBar, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.sweep import Sweep, SweepKind, SweepQuestion
from resnet_gui.core.inside.sweep_words import AXES, Outcome, fixed_words, guess_words, images_words, sweep_sentence
from resnet_gui.ui.depth_colors import color_of
from resnet_gui.ui.depth_legend import DepthLegend
from resnet_gui.ui.depth_plot import Look
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.inside.guess_box import GuessBox
from resnet_gui.ui.inside.sweep_chart import SweepChart, SweepLine
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

SAMPLE = 500  # test images that are read before more are
IMAGES = {"500 test images": 500, "2,000 test images": 2_000, "all test images": 0}
DRAWS = (1, 20)


@dataclass(frozen=True)
class Side:
    """What came of one of the two networks: a sweep with the share that is done, or a problem."""

    name: str = ""
    blueprint: Blueprint | None = None
    sweep: Sweep | None = None
    share: float = 0.0
    problem: str = ""


class SweepPanel(QWidget):
    """Chooses a sweep and shows it. Signals: `asked()`: the question is another one now."""

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sweepPanel")
        self._colors = LIGHT
        self._sides: list[Side] = []
        self._second = ""  # what the network beside it is called
        self._images = SAMPLE
        # What was guessed of each sweep of each network that one has seen.
        self._guessed: dict[tuple[SweepKind, str], list[Outcome | None]] = {}
        self.kind_combo = QComboBox(self)
        self.kind_combo.setObjectName("sweepKindCombo")
        self.kind_combo.setAccessibleName("Sweep")
        for number, (kind, words) in enumerate(AXES.items()):
            self.kind_combo.addItem(words.title, kind)
            self.kind_combo.setItemData(number, words.tip, Qt.ItemDataRole.ToolTipRole)
        self.images_combo = QComboBox(self)
        self.images_combo.setObjectName("sweepImagesCombo")
        self.images_combo.setAccessibleName("Test images")
        self.images_combo.setToolTip("More of them take longer, and leave less to chance.")
        for text, images in IMAGES.items():
            self.images_combo.addItem(text, images)
        self.images_combo.setCurrentIndex(1)
        self.draws_spin = _spin(
            "sweepDrawsSpin", "Draws", *DRAWS, 5, "Random lesions for each number of blocks.", self, suffix=" draws"
        )
        self.seed_spin = _spin(
            "sweepSeedSpin", "Seed", 0, 9999, 0, "Fixes what is drawn at random.", self, prefix="seed "
        )
        self.guess_check = QCheckBox("Guess first", self)
        self.guess_check.setObjectName("guessCheck")
        self.guess_check.setToolTip("Before a sweep is shown for the first time, ask what will come of it.")
        self.guess_check.setChecked(True)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("sweepProgress")
        self.progress.setAccessibleName("Share of the sweep that is done")
        self.progress.setTextVisible(False)
        self.guess_box = GuessBox(self)
        self.chart = SweepChart(self)
        self.legend = DepthLegend(self)
        self.outcome = QLabel(self)
        self.outcome.setObjectName("sweepOutcome")
        self.outcome.setWordWrap(True)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = QLabel(self)
        self.note.setObjectName("sweepNote")
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.kind_combo.activated.connect(lambda _: self._begin())
        self.images_combo.activated.connect(lambda _: self._begin())
        self.draws_spin.valueChanged.connect(lambda _: self._begin())
        self.seed_spin.valueChanged.connect(lambda _: self._begin())
        self.guess_check.toggled.connect(lambda _: self._refresh())
        self.guess_box.done.connect(self._reveal)
        self._begin()

    @property
    def kind(self) -> SweepKind:
        """Which sweep is chosen."""
        return SweepKind(self.kind_combo.currentData())

    @property
    def question(self) -> SweepQuestion:
        """What is to be answered: with few images first, with more once both networks have answered."""
        return SweepQuestion(self.kind, self.draws_spin.value(), self.seed_spin.value(), self._images)

    def name_second(self, name: str) -> None:
        """The network beside it is called so."""
        self._second = name

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show what came, or keep it until a guess is made."""
        self._await(len(answered.look.subjects))
        self._put(second, Side(answered.name, answered.blueprint, answered.answer, answered.share))

    def show_problem(self, text: str, second: bool) -> None:
        """Say why one of them cannot be swept."""
        self._await(2 if second else 1)
        self._put(second, Side(problem=text))

    def show_nothing(self) -> None:
        """Other networks are asked."""
        self._sides, self._images = [], min(SAMPLE, self._wanted or SAMPLE)
        self._refresh()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.chart.set_colors(colors)
        self._refresh()

    @property
    def _key(self) -> tuple[SweepKind, str]:
        """What is swept."""
        return self.kind, self._sides[0].name if self._sides else ""

    @property
    def _wanted(self) -> int:
        return int(self.images_combo.currentData())

    def _begin(self) -> None:
        """Another sweep is wanted."""
        self.show_nothing()
        chance = self.kind is not SweepKind.EACH
        self.draws_spin.setVisible(chance)
        self.seed_spin.setVisible(chance)
        self.kind_combo.setToolTip(AXES[self.kind].tip)
        self.asked.emit()

    def _await(self, networks: int) -> None:
        while len(self._sides) < networks:
            self._sides.append(Side())

    def _put(self, second: bool, side: Side) -> None:
        old = self._sides[second]
        if not (second or side.problem) and old.name and old.name != side.name:
            self._sides = [Side() for _ in self._sides]
        self._sides[second] = side
        done = all(each.share >= 1 or each.problem for each in self._sides)
        self._refresh()
        if done and self._images and self._images != self._wanted and any(each.sweep for each in self._sides):
            self._images = self._wanted
            self.asked.emit()

    def _reveal(self) -> None:
        self._guessed[self._key] = self.guess_box.guesses
        self._refresh()

    def _refresh(self) -> None:
        sides, colors = self._sides, self._colors
        swept = [side for side in sides if side.sweep is not None and side.blueprint is not None]
        ask = self.guess_check.isChecked() and bool(sides and sides[0].sweep) and self._key not in self._guessed
        if ask:
            names = [side.name or self._second or "the network beside it" for side in sides if not side.problem]
            self.guess_box.ask(names, self.kind)
        self.stack.setCurrentIndex(0 if ask else 1)
        lines: list[SweepLine] = []
        if not ask:
            for side in swept:
                look = Look(color_of(side.blueprint.architecture.shortcut, colors), len(lines))
                lines.append(SweepLine(side.name, side.sweep, look))
        self.chart.show_sweeps(lines)
        self.legend.show_lines([(line.look, line.name) for line in lines], colors)
        guesses = zip([side for side in sides if not side.problem], self._guessed.get(self._key, []), strict=False)
        words = [
            guess_words(side.name, guess, side.sweep)
            for side, guess in guesses
            if not ask and guess is not None and side.sweep is not None
        ]
        words += [sweep_sentence(line.name, line.sweep) for line in lines]
        self.outcome.setText("\n".join(word for word in words if word))
        notes = [side.problem for side in sides if side.problem]
        notes += [fixed_words(line.name, line.sweep) for line in lines]
        notes += [images_words(lines[0].sweep)] if lines else []
        if not sides:
            notes = ["Measuring…"]
        self.note.setText(" ".join(note for note in notes if note))
        shares = [1.0 if side.problem else side.share for side in sides]
        share = sum(shares) / len(shares) if shares else 0.0
        self.progress.setValue(round(100 * share))
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.setVisible(share < 1)

    def _lay_out(self) -> None:
        controls = Flow()
        controls.gap = SPACING
        widgets = (self.kind_combo, self.draws_spin, self.seed_spin, self.images_combo, self.guess_check)
        for widget in widgets:
            controls.addWidget(widget)
        result = QWidget(self)
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.chart, 1)
        column.addWidget(self.legend)
        column.addWidget(self.outcome)
        self.stack.addWidget(self.guess_box)
        self.stack.addWidget(result)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(controls)
        layout.addWidget(self.progress)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.note)


def _spin(
    name: str, accessible_name: str, low: int, high: int, value: int, tip: str, parent: QWidget, **around: str
) -> QSpinBox:
    spin = QSpinBox(parent, **around)
    spin.setObjectName(name)
    spin.setAccessibleName(accessible_name)
    spin.setToolTip(tip)
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setKeyboardTracking(False)
    spin.lineEdit().setTextMargins(SPACING // 2, 0, 0, 0)
    spin.setMinimumWidth(spin.sizeHint().width() + SPACING)
    return spin
