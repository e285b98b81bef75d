"""The signal in every block: what branch and shortcut carry forward, and how much gradient comes back."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.decades import Decades, decades
from resnet_gui.core.inside.lesion import block_name
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.signal import NOT_RECORDED, NOT_YET, SignalQuestion, block_words, signal_words
from resnet_gui.core.run import Run
from resnet_gui.ui.inside.block_rows import BlockRows, Side
from resnet_gui.ui.inside.columns import Bars, Shares, StepMap
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.rows_legend import RowsLegend
from resnet_gui.ui.theme import SPACING, Colors

LEGEND = ("|F(x)|, branch", "|h(x)|, shortcut", "gradient at the block's output", "of its weights (powers of ten)")
GROWN_MS = 100  # between two times of painting a map that grows


class SignalPage(Page):
    """A row for each block, and the second network beside the first on the same scales."""

    TITLE = "Signal"
    TIP = "How strong branch and shortcut are in every block, and how much of the gradient reaches it."
    COMPARES = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: list[Answered | None] = [None, None]
        self._problems = ["", ""]
        self._runs: list[Run | None] = [None, None]
        self.sentence = QLabel(self)
        self.sentence.setObjectName("signalSentence")
        self.sentence.setAccessibleName("What the signal shows")
        self.sentence.setWordWrap(True)
        self.rows = BlockRows(self)
        self.rows.setObjectName("signalRows")
        self.rows.setAccessibleName("Signal and gradient of every block")
        self.legend = RowsLegend("signalLegend", LEGEND, self)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.sentence)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.legend)
        self._grown = QTimer(self, interval=GROWN_MS, singleShot=True)
        self._grown.timeout.connect(self._refresh)
        self._refresh()

    @property
    def question(self) -> SignalQuestion:
        """All blocks."""
        return SignalQuestion()

    def show_run(self, run: Run | None, second: bool) -> None:
        """Show what this run recorded while it was trained."""
        known = self._runs[second]
        if (run and run.id) != (known and known.id) or (second and run is None):
            self._answers[second], self._problems[second] = None, ""
        self._runs[second] = run
        if not self._grown.isActive():
            self._grown.start()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the norms."""
        self._answers[second], self._problems[second] = answered, ""
        self._refresh()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there are none."""
        self._answers[second], self._problems[second] = None, text
        self._refresh()

    def show_nothing(self) -> None:
        """Forget the picture; what was recorded stays with the run."""
        self._answers, self._problems = [None, None], ["", ""]
        self._refresh()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        self.rows.set_colors(colors)
        self.legend.set_colors(colors)

    def _refresh(self) -> None:
        shown = [answer for answer in self._answers if answer is not None]
        first, second = self._answers
        words = ""
        if first is not None:
            names = (first.name, second.name if second is not None else "")
            words = signal_words(first.answer, second.answer if second is not None else None, names)
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))
        self.rows.setAccessibleDescription(words)
        blocks = [block for answer in shown for block in answer.answer.blocks]
        live = decades([b.output_gradient for b in blocks], [b.weight_gradient for b in blocks])
        kept = [run.history.gradients for run in self._runs if run is not None]
        recorded = decades(*[gradients.norms for gradients in kept])
        steps = max([max(run.step, run.total_steps) for run in self._runs if run is not None], default=0)
        sides = []
        for answer, problem, run in zip(self._answers, self._problems, self._runs, strict=True):
            if problem:
                sides.append(Side(run.name if run is not None else "", note=problem))
            elif answer is not None:
                sides.append(_side(answer, live, _step_map(run, recorded, steps)))
            elif run is not None and run.history.gradients.known:
                sides.append(_recorded_side(run, _step_map(run, recorded, steps)))
            elif run is not None and first is not None:
                sides.append(Side(run.name, note=NOT_YET))
        self.rows.show_sides(tuple(sides))
        self.legend.show_scale(recorded if any(gradients.known for gradients in kept) else None)
        self.legend.setVisible(any(side.blocks for side in sides))


def _side(answer: Answered, live: Decades, step_map: StepMap) -> Side:
    blocks = answer.answer.blocks
    branches, shortcuts = [block.branch for block in blocks], [block.shortcut for block in blocks]
    return Side(
        answer.name,
        tuple(block.plan for block in blocks),
        tuple(block_words(block) for block in blocks),
        (
            Shares(("|F(x)| : |h(x)|", "|F| : |h|", "F : h"), branches, shortcuts),
            Bars(
                ("Gradient now", "Gradient", "now"),
                live.shares([block.output_gradient for block in blocks]),
                live.shares([block.weight_gradient for block in blocks]),
                1.2,
                live.ends,
            ),
            step_map,
        ),
        answer.blueprint.architecture.shortcut is Shortcut.NONE,
        tuple(
            (shortcut or 0.0) / ((branch + (shortcut or 0.0)) or 1.0)
            for branch, shortcut in zip(branches, shortcuts, strict=True)
        ),
    )


def _recorded_side(run: Run, step_map: StepMap) -> Side:
    """What there is without a picture."""
    blueprint = make_blueprint(run.experiment.architecture)
    names = tuple(block_name(block) for block in blueprint.blocks)
    plain = blueprint.architecture.shortcut is Shortcut.NONE
    return Side(run.name, blueprint.blocks, names, (step_map,), plain)


def _step_map(run: Run | None, scale: Decades, steps: int) -> StepMap:
    gradients = run.history.gradients if run is not None else None
    if run is None or gradients is None or not gradients.known:
        return StepMap(("Gradient while it trained", "while it trained", "trained"), None, note=NOT_RECORDED)
    filled = min(1.0, run.step / max(steps, 1))
    return StepMap(
        ("Gradient while it trained", "while it trained", "trained"),
        scale.tones(gradients.norms),
        filled,
        ends=("step 0", f"{steps:,}"),
    )
