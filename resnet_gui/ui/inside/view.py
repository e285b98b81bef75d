"""The inside of a network: which network, which picture, and the views that take it apart."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.comparison import Entry
from resnet_gui.core.inside.lesion import Lesion, lesion_words
from resnet_gui.core.inside.question import Answered, Look, LookFailed, Subject, TestDigit
from resnet_gui.core.library import STARTER
from resnet_gui.core.side_by_side import obstacle
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.inside.depth_reading_page import DepthReadingPage
from resnet_gui.ui.inside.lesions_page import LesionsPage
from resnet_gui.ui.inside.maps_page import MapsPage
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.paths_page import PathsPage
from resnet_gui.ui.inside.saliency_page import SaliencyPage
from resnet_gui.ui.inside.signal_page import SignalPage
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

# In the order of the tabs.
PAGES: tuple[type[Page], ...] = (MapsPage, SignalPage, DepthReadingPage, LesionsPage, PathsPage, SaliencyPage)
READER = "The network that reads"
NOTHING = "Nothing"
TWIN = "Its twin"  # with shortcuts if it has none, without if it has
DRAWN, TEST = "What I draw", "A test digit"
DRAWING, TEST_DIGIT = range(2)
NOT_DRAWN = "Draw a digit on the right, or look at a test digit: here one sees what the network makes of it."


class InsideView(QWidget):
    """Chooses network and picture for all views, and lets the one that is looked at ask.

    Signals: `look_wanted(object)`: this Look is to be answered from now on, None for none; `test_digit_wanted(int)`:
    the test digit of this number is to be shown, see `show_test_digit`.
    """

    look_wanted = Signal(object)
    test_digit_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("insideView")
        self.setAccessibleName("The inside of a network")
        self._colors = LIGHT
        self._entries: tuple[Entry, ...] = ()
        self._reader = STARTER
        self._lesion: Lesion | None = None
        self._lesioned = ""  # id of the run that the lesion is of
        self._label: int | None = None  # the digit that the views are about; None for the one that is read
        self._test: TestDigit | None = None  # the one on show
        self._look: Look | None = None
        self._drawn: bool | None = None  # whether there is something drawn; None before one was told
        self._obstacles: dict[str, str] = {}
        self.network_combo = _combo("insideNetworkCombo", "Network to look inside", "Whose inside to see.", self)
        self.beside_combo = _combo("insideBesideCombo", "Network beside it", "Whose inside to see beside it.", self)
        self.picture_combo = _combo("insidePictureCombo", "Picture", "What the network looks at.", self)
        self.picture_combo.addItems([DRAWN, TEST])
        self.next_button = QPushButton("Another", self)
        self.next_button.setObjectName("insideNextButton")
        self.next_button.setToolTip("Look at another test digit.")
        self.next_button.hide()
        self._lesion_text = ElidedLabel("insideLesionText", "What is changed in the network", self)
        self._restore = QPushButton("Restore", self)
        self._restore.setObjectName("insideRestoreButton")
        self._restore.setToolTip("Undo all changes inside the network.")
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("insideTabs")
        self.tabs.setAccessibleName("Views of the inside")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget(self)
        self.pages: list[Page] = []
        for kind in PAGES:
            self._add(kind(self))
        self._message = QLabel(NOT_DRAWN, self)
        self._message.setObjectName("insideMessage")
        self._message.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._lay_out()
        self._fill_combos()
        self.network_combo.activated.connect(lambda _: self._ask())
        self.beside_combo.activated.connect(lambda _: self._ask())
        self.picture_combo.activated.connect(self._choose_picture)
        self.next_button.clicked.connect(
            lambda: self.test_digit_wanted.emit(0 if self._test is None else self._test.number + 1)
        )
        self._restore.clicked.connect(lambda: self.set_lesion(None))
        self.tabs.currentChanged.connect(self._turn_to)
        self._show_lesion("")

    @property
    def page(self) -> Page:
        """The view that is looked at."""
        return self.pages[self.tabs.currentIndex()]

    @property
    def look(self) -> Look | None:
        """What is asked now."""
        return self._look

    def turn_to(self, kind: type[Page]) -> None:
        """Look at the view of this kind."""
        self.tabs.setCurrentIndex(PAGES.index(kind))

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Offer the networks of these runs."""
        self._entries = tuple(entries)
        self._obstacles = {entry.run.id: obstacle(entry.run) for entry in entries}
        self._fill_combos()
        self._ask()

    def run_changed(self, run_id: str) -> None:
        """Look whether the network of a run can be looked into now, and how it has grown."""
        for entry in self._entries:
            if entry.run.id == run_id and obstacle(entry.run) != self._obstacles.get(run_id):
                self.show_runs(self._entries)
                return
        if run_id in (self._first(), self._second()) and self.isVisible():
            self._show_subjects()

    def show_reader(self, run_id: str) -> None:
        """The network of this run reads first now."""
        if run_id != self._reader:
            self._reader = run_id
            self._ask()

    def show_drawn(self, drawn: bool) -> None:
        """Whether there is something drawn to look at."""
        self._drawn = drawn
        if not drawn and self.picture_combo.currentIndex() == DRAWING and self.page.OF_PICTURE:
            self._say(NOT_DRAWN)
            self.page.show_nothing()

    def show_test_digit(self, digit: TestDigit) -> None:
        """Look at this one."""
        self._test = digit
        self.picture_combo.setItemText(TEST_DIGIT, digit.words)
        self._ask()

    def show_answer(self, answered: Answered) -> None:
        """Show what came."""
        if answered.look is self._look:
            if answered.look.image is None and answered.look.question.of_picture:
                if self._drawn is False:
                    return  # what it is about was wiped out meanwhile
                self._drawn = True
            self._say("")
            self._show_lesion("" if self._lesion is None else lesion_words(self._lesion, answered.blueprint))
            self.page.show_answer(answered, answered.subject is not answered.look.subjects[0])

    def show_problem(self, failed: LookFailed) -> None:
        """Say why there is no answer."""
        if failed.look is self._look:
            self._say("")
            self.page.show_problem(failed.message, failed.subject is not failed.look.subjects[0])

    def set_lesion(self, lesion: Lesion | None) -> None:
        """Change this inside the first network."""
        self._lesion = lesion if lesion is not None and lesion.touched else None
        self._lesioned = self._first()
        if self._lesion is None:
            self._show_lesion("")
        for page in self.pages:
            page.set_lesion(self._lesion)
        self._ask()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for page in self.pages:
            page.set_colors(colors)

    def showEvent(self, event: QShowEvent) -> None:
        """One looks inside only while there is somebody to see it."""
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the networks be."""
        super().hideEvent(event)
        self._ask()

    def _add(self, page: Page) -> None:
        self.pages.append(page)
        self.stack.addWidget(page)
        self.tabs.setTabToolTip(self.tabs.addTab(page.TITLE), page.TIP)
        page.asked.connect(lambda: page is self.page and self._ask())
        page.lesion_edited.connect(self.set_lesion)
        page.label_wanted.connect(self._set_label)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for text, combo in (
            ("Inside", self.network_combo),
            ("beside", self.beside_combo),
            ("Picture", self.picture_combo),
        ):
            label = QLabel(text, self)
            label.setBuddy(combo)
            top.addWidget(label)
            top.addWidget(combo, 1)
        top.addWidget(self.next_button)
        lesion = QHBoxLayout()
        lesion.addWidget(self._lesion_text, 1)
        lesion.addWidget(self._restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.tabs)
        layout.addLayout(lesion)
        layout.addWidget(self._message)
        layout.addWidget(self.stack, 1)

    def _fill_combos(self) -> None:
        able = [entry for entry in self._entries if not self._obstacles[entry.run.id]]
        for combo, first in ((self.network_combo, (READER,)), (self.beside_combo, (TWIN, NOTHING))):
            chosen = combo.currentData() or combo.currentText()
            combo.clear()
            for text in first:
                combo.addItem(text)
            for entry in able:
                combo.addItem(entry.name, entry.run.id)
            places = [combo.itemData(place) or combo.itemText(place) for place in range(combo.count())]
            combo.setCurrentIndex(places.index(chosen) if chosen in places else 0)

    def _first(self) -> str:
        """Id of the run whose network is looked into."""
        return str(self.network_combo.currentData() or self._reader)

    def _second(self) -> str:
        """Id of the run whose network is beside it; empty for none."""
        if self.beside_combo.currentText() == TWIN:
            return self._twin()
        chosen = self.beside_combo.currentData() or ""
        return "" if chosen == self._first() else chosen

    def _twin(self) -> str:
        """The run, if there is one, whose network is that of the first but for its shortcuts."""
        runs = {entry.run.id: entry.run for entry in self._entries if not self._obstacles[entry.run.id]}
        first = runs.get(self._first())
        if first is None:
            return ""
        mine = first.experiment.architecture
        for run in runs.values():
            theirs = run.experiment.architecture
            one_is_plain = Shortcut.NONE in (mine.shortcut, theirs.shortcut) and mine.shortcut is not theirs.shortcut
            if one_is_plain and mine.plain_twin == theirs.plain_twin:
                return run.id
        return ""

    def _choose_picture(self, index: int) -> None:
        self.next_button.setVisible(index == TEST_DIGIT)
        if index == TEST_DIGIT and self._test is None:
            self.test_digit_wanted.emit(0)
        self._ask()

    def _set_label(self, label: int | None) -> None:
        self._label = label
        self._ask()

    def _turn_to(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._say("")
        self._ask()

    def _ask(self) -> None:
        """Say what is to be answered now, if there is somebody to see it."""
        if self._lesion is not None and self._lesioned != self._first():
            self.set_lesion(None)  # it was of another network
            return
        look = None
        question = self.page.question if self.isVisible() else None
        self._show_subjects()
        if question is not None:
            image, label = None, self._label
            if self.picture_combo.currentIndex() == TEST_DIGIT and self._test is not None:
                image, label = self._test.image, self._test.label if label is None else label
            subjects = [Subject(self._first(), self._lesion)]
            if self.page.COMPARES and (second := self._second()):
                subjects.append(Subject(second))
            look = Look(tuple(subjects), question, image, label)
        if question is not None and question.of_picture and not (self._drawn or look is None or look.image is not None):
            self._say(NOT_DRAWN)
        if look is not None or self._look is not None:
            self._look = look
            self.look_wanted.emit(look)

    def _show_subjects(self) -> None:
        """Tell the view whose networks these are."""
        runs = {entry.run.id: entry.run for entry in self._entries}
        self.page.show_run(runs.get(self._first()), second=False)
        self.page.show_run(runs.get(self._second()) if self.page.COMPARES else None, second=True)

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def _show_lesion(self, words: str) -> None:
        self._lesion_text.say(f"Changed: {words}" if words else "")
        self._lesion_text.setVisible(bool(words))
        self._restore.setVisible(bool(words))


def _combo(name: str, accessible_name: str, tip: str, parent: QWidget) -> QComboBox:
    combo = QComboBox(parent)
    combo.setObjectName(name)
    combo.setAccessibleName(accessible_name)
    combo.setToolTip(tip)
    combo.setMinimumContentsLength(10)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
