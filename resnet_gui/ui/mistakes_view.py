"""Which test images a network misreads, and which of two networks reads what the other does not."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.comparison import Entry
from resnet_gui.core.confusion import Pair
from resnet_gui.core.errors import ReadingError
from resnet_gui.core.examination import Examination
from resnet_gui.core.run import State
from resnet_gui.ui.curve_lines import dot
from resnet_gui.ui.digit_gallery import Candidate
from resnet_gui.ui.examinations import Examinations
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.mistakes_page import MistakesPage
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

HINT = "Tick a run in the table to see which digits its network misreads."
NOTHING = "Nothing"
SWATCH = 12  # pixels across


class MistakesView(QWidget):
    """A confusion matrix and the misread digits of one network, or of two side by side.

    Signals: `examination_wanted(object)`: the ids, a tuple, of the runs whose networks are to read the test images.
    Earlier wishes that it does not name are void.
    """

    examination_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mistakesView")
        self.setAccessibleName("Misread digits")
        self._colors = LIGHT
        self._entries: dict[str, Entry] = {}
        self._run = self._other = ""  # ids of the runs on show
        self._examinations = Examinations()
        self._shown: tuple[object, ...] = ()  # what the content was made from

        self._run_combo = self._combo("mistakesRunCombo", "Run", "The run whose network reads the test images.")
        self._other_combo = self._combo(
            "mistakesOtherCombo", "Compare with", "Show which digits one of two networks reads and the other does not."
        )
        self._run_combo.activated.connect(lambda: self._choose(self._run_combo.currentData(), self._other))
        self._other_combo.activated.connect(lambda: self._choose(self._run, self._other_combo.currentData()))
        bar = QWidget(self)
        flow = Flow()
        bar.setLayout(flow)
        policy = bar.sizePolicy()
        policy.setHeightForWidth(True)
        bar.setSizePolicy(policy)
        for combo in (self._run_combo, self._other_combo):
            flow.addWidget(_labelled(combo, bar))

        self._page = MistakesPage(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._make_message())
        self._stack.addWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(bar)
        layout.addWidget(self._stack, 1)
        self._refresh()

    @property
    def pair(self) -> Pair | None:
        """The images by which of the two networks reads them; None while no two are compared."""
        return self._page.pair if self._stack.currentWidget() is self._page else None

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Offer these runs, and no others; those that were on show stay if they can."""
        self._entries = {entry.run.id: entry for entry in entries}
        run = self._run if self._run in self._entries else next(iter(self._entries), "")
        self._choose(run, self._other)

    def run_changed(self, run_id: str) -> None:
        """Look whether a run on show can be examined now."""
        if run_id in (self._run, self._other):
            self._refresh()

    def show_examination(self, examination: Examination) -> None:
        """Take the answers of a network that was asked for."""
        self._examinations.take(examination)
        self._refresh()

    def show_progress(self, run_id: str, share: float) -> None:
        """Tell that a network has read this share of the test images."""
        self._examinations.progress(run_id, share)
        self._refresh()

    def show_problem(self, run_id: str, text: str) -> None:
        """Tell why a run cannot be examined."""
        self._examinations.fail(run_id, text)
        self._refresh()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self._page.set_colors(colors)
        self._fill_combos()

    def showEvent(self, event: QShowEvent) -> None:
        """Networks read only while there is somebody to see it."""
        super().showEvent(event)
        self._refresh()

    def _choose(self, run: str, other: str) -> None:
        """Show these two; runs that were trained on different data are not compared."""
        if other == run and other:
            other = self._run  # they change places
        self._run, self._other = run, other if other != run and self._comparable(run, other) else ""
        self._fill_combos()
        self._refresh()

    def _comparable(self, run: str, other: str) -> bool:
        entries = [self._entries[key] for key in (run, other) if key in self._entries]
        return len(entries) == 2 and len({entry.run.experiment.recipe.dataset.test for entry in entries}) == 1

    def _fill_combos(self) -> None:
        with QSignalBlocker(self._run_combo), QSignalBlocker(self._other_combo):
            self._run_combo.clear()
            self._other_combo.clear()
            self._other_combo.addItem(NOTHING, "")
            for key, entry in self._entries.items():
                color = self._colors.runs[entry.color % len(self._colors.runs)]
                icon = QIcon(dot(color, self.devicePixelRatioF(), SWATCH))
                self._run_combo.addItem(icon, entry.name, key)
                if key != self._run:
                    self._other_combo.addItem(icon, entry.name, key)
                    if not self._comparable(self._run, key):
                        row, data = self._other_combo.count() - 1, entry.run.experiment.recipe.dataset.test
                        self._other_combo.model().item(row).setEnabled(False)
                        self._other_combo.setItemText(row, f"{entry.name} (reads {data})")
            self._run_combo.setCurrentIndex(self._run_combo.findData(self._run))
            self._other_combo.setCurrentIndex(max(0, self._other_combo.findData(self._other)))
        self._run_combo.setEnabled(bool(self._entries))
        self._other_combo.setEnabled(len(self._entries) > 1)

    def _refresh(self) -> None:
        """Ask for what is missing, and show what there is: the digits, or why there are none."""
        if not self.isVisible():
            return
        entries = [self._entries[key] for key in (self._run, self._other) if key]
        ready = [entry for entry in entries if not _obstacle(entry)]
        if wanted := self._examinations.missing(entry.run for entry in ready):
            self.examination_wanted.emit(wanted)
        if not entries:
            self._say(HINT)
            return
        for entry in entries:
            problem = self._examinations.problem(entry.run)
            if text := _obstacle(entry) or problem:
                self._say(text, failed=bool(problem))
                return
        examinations = [self._examinations.of(entry.run) for entry in entries]
        waiting = [entry for entry, examination in zip(entries, examinations, strict=True) if examination is None]
        if waiting:
            share = self._examinations.share(waiting[0].run)
            self._say(f"Reading the test images with {waiting[0].name}… {100 * share:.0f} %")
            return
        shown = (*entries, *examinations)
        if shown != self._shown:
            try:
                self._page.show_candidates(
                    [
                        Candidate(entry.name, entry.color, examination)
                        for entry, examination in zip(entries, examinations, strict=True)
                        if examination is not None
                    ]
                )
            except ReadingError as error:
                self._say(str(error), failed=True)
                return
            self._shown = shown
        self._stack.setCurrentWidget(self._page)

    def _say(self, text: str, failed: bool = False) -> None:
        self._message.setText(text)
        self._again_button.setVisible(failed)
        self._stack.setCurrentIndex(0)
        self._shown = ()

    def _try_again(self) -> None:
        self._examinations.forget_problems()
        self._refresh()

    def _make_message(self) -> QWidget:
        page = QWidget(self)
        self._message = QLabel(HINT, page)
        self._message.setObjectName("mistakesMessage")
        self._message.setProperty("role", "muted")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._again_button = QPushButton("Try again", page)
        self._again_button.setObjectName("examineAgainButton")
        self._again_button.setAccessibleName("Try again")
        self._again_button.setToolTip("Read the test images once more.")
        self._again_button.clicked.connect(self._try_again)
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(self._message)
        layout.addWidget(self._again_button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)
        return page

    def _combo(self, name: str, accessible_name: str, tip: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(accessible_name)
        combo.setToolTip(tip)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(16)
        return combo


def _obstacle(entry: Entry) -> str:
    """Why the network of a run is not examined now; empty if it can be."""
    if entry.run.state.active or entry.run.state is State.QUEUED:
        return f"{entry.name} is still to be trained: its mistakes are shown once it has ended."
    if not entry.run.step:
        return f"{entry.name} has made no training step, so there is nothing to examine."
    return ""


def _labelled(combo: QComboBox, parent: QWidget) -> QWidget:
    """A combo box behind its name."""
    box = QWidget(parent)
    label = QLabel(combo.accessibleName(), box)
    label.setBuddy(combo)
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACING)
    layout.addWidget(label)
    layout.addWidget(combo)
    return box
