"""The inside of a network: which network, which picture, and the views that take it apart."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.inside.lesion import Lesion, lesion_words
from resnet_gui.core.inside.question import Answered, Look, LookFailed, Question, Subject, TestDigit
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.inside.choice import Choice
from resnet_gui.ui.inside.convolution_page import ConvolutionPage
from resnet_gui.ui.inside.depth_reading_page import DepthReadingPage
from resnet_gui.ui.inside.lesions_page import LesionsPage
from resnet_gui.ui.inside.maps_page import MapsPage
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.paths_page import PathsPage
from resnet_gui.ui.inside.saliency_page import SaliencyPage
from resnet_gui.ui.inside.signal_page import SignalPage
from resnet_gui.ui.inside.step_page import StepPage
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

# In the order of the tabs.
PAGES: tuple[type[Page], ...] = (
    MapsPage,
    SignalPage,
    DepthReadingPage,
    LesionsPage,
    PathsPage,
    SaliencyPage,
    ConvolutionPage,
    StepPage,
)
OPENING = "Opening the network…"  # a deep one takes some seconds when it is asked something for the first time
OPENING_MS = 400  # before that is said
NOT_DRAWN = "Draw a digit on the right, or look at a test digit: here one sees what the network makes of it."


class InsideView(QWidget):
    """Lets the view that is looked at ask about the network and the picture that are chosen for all of them.

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
        self._lesion: Lesion | None = None
        self._lesioned = ""  # id of the run that the lesion is of
        self._inside_of = ""  # id of the run whose network is looked into
        self._label: int | None = None  # the digit that the views are about; None for the one that is read
        self._look: Look | None = None
        self._drawn = False  # whether there is something drawn
        self._opening = QTimer(self, singleShot=True, interval=OPENING_MS)
        self._opening.timeout.connect(lambda: self._say(self._message.text() or OPENING))
        self.choice = Choice(self)
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
        self.choice.changed.connect(self._ask)
        self.choice.test_digit_wanted.connect(self.test_digit_wanted)
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
        self.choice.show_runs(entries)

    def run_changed(self, run_id: str) -> None:
        """Look whether the network of a run can be looked into now, and how it has grown."""
        news = self.choice.run_changed(run_id)
        if not news and run_id in (self.choice.first, self.choice.second) and self.isVisible():
            self._show_subjects()

    def show_reader(self, run_id: str) -> None:
        """The network of this run reads first now."""
        self.choice.show_reader(run_id)

    def show_drawn(self, drawn: bool) -> None:
        """Whether there is something drawn to look at."""
        self._drawn = drawn
        if not drawn and self.choice.test_digit is None:
            for page in self.pages:
                if page.OF_PICTURE:
                    page.show_nothing()
            if self.page.OF_PICTURE:
                self._say(NOT_DRAWN)
        elif drawn and self._message.text() == NOT_DRAWN:
            self._say("")
            self._opening.start()

    def show_test_digit(self, digit: TestDigit | None) -> None:
        """Look at this one; None says that it was not to be had."""
        self.choice.show_test_digit(digit)

    def show_answer(self, answered: Answered) -> None:
        """Show what came."""
        if answered.look is self._look:
            self._drawn = self._drawn or (answered.look.image is None and answered.look.question.of_picture)
            self._opening.stop()
            self._say("")
            self.page.show_answer(answered, answered.subject is not answered.look.subjects[0])

    def show_problem(self, failed: LookFailed) -> None:
        """Say why there is no answer."""
        if failed.look is self._look:
            self._opening.stop()
            self._say("")
            self.page.show_problem(failed.message, failed.subject is not failed.look.subjects[0])

    def set_lesion(self, lesion: Lesion | None) -> None:
        """Change this inside the first network."""
        self._lesion = lesion if lesion is not None and lesion.touched else None
        self._lesioned = self.choice.first
        self._show_lesion("" if self._lesion is None else lesion_words(self._lesion))
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
        page.opened.connect(self._open)

    def _open(self, question: Question) -> None:
        """Turn to the view that asks this."""
        for index, page in enumerate(self.pages):
            if page.take_question(question):
                self.tabs.setCurrentIndex(index)

    def _lay_out(self) -> None:
        lesion = QHBoxLayout()
        lesion.addWidget(self._lesion_text, 1)
        lesion.addWidget(self._restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.choice)
        layout.addWidget(self.tabs)
        layout.addLayout(lesion)
        layout.addWidget(self._message)
        layout.addWidget(self.stack, 1)

    def _set_label(self, label: int | None) -> None:
        self._label = label
        self._ask()

    def _turn_to(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._say("")
        self._ask()

    def _ask(self) -> None:
        """Say what is to be answered now, if there is somebody to see it."""
        if self._lesion is not None and self._lesioned != self.choice.first:
            self.set_lesion(None)  # it was of another network
            return
        if self.choice.first != self._inside_of:
            self._inside_of = self.choice.first
            for page in self.pages:
                page.show_nothing()  # what was shown is another network's
        look = None
        self._show_subjects()  # which may change what the view asks
        question = self.page.question if self.isVisible() else None
        if question is not None:
            image, label = None, self._label
            if (digit := self.choice.test_digit) is not None:
                image, label = digit.image, digit.label if label is None else label
            subjects = [Subject(self.choice.first, self._lesion)]
            if self.page.COMPARES and (second := self.choice.second):
                subjects.append(Subject(second))
            look = Look(tuple(subjects), question, image, label)
        if question is not None and question.of_picture and not (self._drawn or look is None or look.image is not None):
            self._say(NOT_DRAWN)
        if look is not None or self._look is not None:
            self._look = look
            self.look_wanted.emit(look)
            self._opening.start()
        if look is None:
            self._opening.stop()

    def _show_subjects(self) -> None:
        """Tell the view whose networks these are."""
        choice, comparing = self.choice, self.page.COMPARES
        choice.set_comparing(comparing)
        self.page.show_run(choice.run(choice.first), second=False)
        self.page.show_run(choice.run(choice.second) if comparing else None, second=True)

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def _show_lesion(self, words: str) -> None:
        self._lesion_text.say(f"Changed: {words}" if words else "")
        self._lesion_text.setVisible(bool(words))
        self._restore.setVisible(bool(words))
