"""The paths through a network: how many of each length, and which of them carry the gradient."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from resnet_gui.core.inside.paths import Paths, PathsQuestion, length_words, measured_words
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.reading import percent
from resnet_gui.core.sample import a_digit
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.paths_charts import PathsCharts
from resnet_gui.ui.inside.paths_explained import PathsExplained
from resnet_gui.ui.inside.words import Words
from resnet_gui.ui.theme import SPACING, Colors

EXPLANATION = "Three blocks unrolled: each is gone through by its branch F or passed by on its shortcut: 8 paths."


class PathsPage(Page):
    """How much of the gradient comes along short paths, and how few paths these are."""

    TITLE = "Paths"
    TIP = "A residual network as many paths of different lengths, and how much gradient each length carries."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explained = PathsExplained(self)
        self.charts = PathsCharts(self)
        self._explained_words = Words("insidePathsExplainedWords", self, "muted")
        self._words = Words("insidePathsWords", self)
        self._note = Words("insidePathsNote", self, "muted")
        self._readout = Words("insidePathsReadout", self)
        self._answered: Answered | None = None
        left, right, inner = QVBoxLayout(), QVBoxLayout(), QWidget(self)
        explanation = Words("insidePathsExplanation", self, "muted", EXPLANATION)
        for label in (explanation, self._explained_words):
            label.setMaximumWidth(self.explained.sizeHint().width())
        for widget in (explanation, self.explained, self._explained_words):
            left.addWidget(widget)
        left.addStretch(1)
        for widget in (self._words, self.charts, self._readout, self._note):
            right.addWidget(widget, int(widget is self.charts))
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACING)
        row.addLayout(left)
        row.addLayout(right, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self.explained.chosen.connect(lambda _: self._explained_words.setText(self.explained.words))
        self.charts.chosen.connect(lambda _: self._tell())
        self._explained_words.setText(self.explained.words)
        self.charts.set_colors(self.colors)
        self.show_nothing()

    @property
    def question(self) -> PathsQuestion:
        """All lengths."""
        return PathsQuestion()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show what is measured by now."""
        self._answered = answered
        paths: Paths = answered.answer
        self._scroll.show()
        self.explained.show_plain(paths.plain)
        self._explained_words.setText(self.explained.words)
        self._words.setText(paths.words)
        charted = paths.finite and not paths.plain and paths.blocks > 0
        self.charts.setVisible(charted)
        self._readout.setVisible(charted)
        self._note.setVisible(charted)
        if charted:
            self.charts.show_paths(paths)
        self._tell()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there are none."""
        self._answered = None
        self._scroll.show()
        self._words.setText(text)
        for widget in (self.charts, self._readout, self._note):
            widget.hide()

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._answered = None
        self._scroll.hide()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        self.explained.set_colors(colors)
        self.charts.set_colors(colors)

    def _tell(self) -> None:
        """Say what is known of the length that is chosen, and how much is measured."""
        if self._answered is None:
            return
        paths: Paths = self._answered.answer
        said = length_words(paths, self.charts.length) if self.charts.length <= paths.blocks else ""
        self.charts.setAccessibleDescription(said)
        done = "" if self._answered.share == 1 else f", {percent(self._answered.share)} done"
        self._readout.setText(said)
        measured = f"{paths.counts.sum():,} paths measured{done}: the gradient of the loss of {a_digit(paths.label)}."
        self._note.setText(f"{measured} {measured_words(self._answered.blueprint)}")
