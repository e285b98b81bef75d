"""The reading at every depth, of one network or of two, by their own heads or by probes."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.inside.depth_reading import (
    NO_NUMBERS,
    DepthQuestion,
    depth_words,
    stages_of,
    stopping_words,
    verdict_words,
)
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.reading import percent
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.inside.depth_strip import DepthStrip
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.words import Words
from resnet_gui.ui.theme import SPACING, Colors

OWN, PROBES = range(2)
LEGEND = "A column for each depth; the stronger a field, the likelier its digit."
PROBES_LEGEND = (
    "A probe is a small linear classifier, fitted on what leaves the block (Alain and Bengio, 2016): it tells how "
    "easily the digit can be read there."
)

READERS = (
    ("Its own last layer", "What the network says if all later residual branches are off."),
    ("A probe at each depth", PROBES_LEGEND),
)


class DepthReadingPage(Page):
    """How the verdict comes about from block to block."""

    TITLE = "Verdict"
    TIP = "What the network would say if it stopped after each block, and what can be read there."
    COMPARES = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reader_combo = QComboBox(self)
        self.reader_combo.setObjectName("insideDepthReaderCombo")
        self.reader_combo.setAccessibleName("What reads at each depth")
        for text, tip in READERS:
            self.reader_combo.addItem(text)
            self.reader_combo.setItemData(self.reader_combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._curves = QLabel(self)
        self._curves.setObjectName("insideDepthKeys")
        self._legend = Words("insideDepthLegend", self, "muted")
        self._readout = Words("insideDepthReadout", self)
        self.panels = (_Panel("insideDepthStrip", self), _Panel("insideDepthStripBeside", self))
        row = Flow()
        title = QLabel("Read by", self)
        title.setBuddy(self.reader_combo)
        for label in (title, self._curves):
            label.setMinimumHeight(self.reader_combo.sizeHint().height())
        row.addWidget(title)
        row.addWidget(self.reader_combo)
        row.addWidget(self._curves)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(row)
        column.addWidget(self._legend)
        for panel in self.panels:
            column.addWidget(panel, 1)
            panel.strip.chosen.connect(self._choose)
        column.addWidget(self._readout)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._scroll = scroll
        self.reader_combo.currentIndexChanged.connect(lambda _: self._refresh())
        self.show_nothing()

    @property
    def question(self) -> DepthQuestion:
        """All depths."""
        return DepthQuestion()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the readings."""
        self._scroll.show()
        self.panels[second].answered = answered
        if not second and len(answered.look.subjects) == 1:
            self.panels[1].clear()
        self._refresh()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there are none."""
        self._scroll.show()
        self.panels[second].say(text)
        self._refresh()

    def show_nothing(self) -> None:
        """Forget what was shown."""
        for panel in self.panels:
            panel.clear()
        self._scroll.hide()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        for panel in self.panels:
            panel.strip.set_colors(colors)
        self._refresh()

    @property
    def _probes(self) -> bool:
        return self.reader_combo.currentIndex() == PROBES

    def _refresh(self) -> None:
        probes = self._probes
        for panel in self.panels:
            panel.refresh(probes)
        accuracies = [
            panel.answered.answer.accuracies for panel in self.panels if panel.answered and panel.answered.answer.finite
        ]
        source = next((found.source for found in accuracies if found is not None and found.source), "")
        own, probe = self.colors.accent, self.colors.runs[2]
        self._curves.setText(
            f'<span style="color:{own}">━</span> last layer, <span style="color:{probe}">━</span> probes: read right'
        )
        self._curves.setToolTip(f"Shares of {source} that are read right at each depth." if source else "")
        self._curves.setVisible(bool(source))
        first = self.panels[0].answered
        stopping = PROBES_LEGEND if probes or first is None else stopping_words(first.blueprint)
        self._legend.setText(f"{LEGEND} {stopping}")
        self._tell()

    def _choose(self, depth: int) -> None:
        for panel in self.panels:
            panel.strip.choose(depth)
        self._tell()

    def _tell(self) -> None:
        """Say what is read at the depth that is chosen."""
        probes = self._probes
        words = []
        for panel in self.panels:
            answered, depth = panel.answered, panel.strip.depth
            if answered is None or not answered.answer.finite or depth >= len(answered.answer.stopped):
                continue
            said = depth_words(answered.answer, answered.blueprint, depth, probes)
            panel.strip.setAccessibleDescription(said)
            words.append(f"{answered.name}: {said}" if self.panels[1].answered else said)
        self._readout.setText("\n".join(words))


class _Panel(QWidget):
    """A network: its name, how its verdict came about, and the strip."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.answered: Answered | None = None
        self._problem = ""
        self._words = Words(f"{name}Words", self)
        self.strip = DepthStrip(name, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._words)
        layout.addWidget(self.strip, 1)

    def say(self, problem: str) -> None:
        """There is nothing to show, for this reason."""
        self.answered, self._problem = None, problem

    def clear(self) -> None:
        """There is no network."""
        self.say("")
        self.refresh(False)

    def refresh(self, probes: bool) -> None:
        """Show what there is by now."""
        answered = self.answered
        good = answered is not None and answered.answer.finite
        self.strip.setVisible(good)
        self.setVisible(answered is not None or bool(self._problem))
        if answered is None:
            self._words.setText(self._problem)
            self.strip.show_nothing()
            return
        reading = answered.answer
        words = verdict_words(reading.probed, "The probe") if probes else verdict_words(reading.stopped)
        if probes and (not words or answered.share < 1):
            words = f"Fitting probes, {percent(answered.share)}… {words}"
        if not good:
            words = NO_NUMBERS
        elif reading.note:
            words = f"{words} {'Probes cannot be fitted' if probes else 'Nothing can be measured'}: {reading.note}"
        step = "" if answered.step is None else f", step {answered.step:,}"
        self._words.setText(f"<b>{escape(answered.name)}{step}</b>  {words}")
        if good:
            self.strip.show_reading(reading, stages_of(answered.blueprint), probes)
