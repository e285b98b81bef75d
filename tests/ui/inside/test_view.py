"""The tab that looks inside: it asks while somebody looks, and hands on what comes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.question import Answered, LookFailed, Question, TestDigit
from resnet_gui.core.library import STARTER
from resnet_gui.core.run import Run, State
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.view import NOT_DRAWN, OPENING, InsideView
from resnet_gui.ui.theme import DARK

IMAGE = np.zeros((28, 28), np.uint8)
FIGURES = np.zeros(1, np.float32)
RESIDUAL, PLAIN = Architecture(blocks=2, width=4), Architecture(blocks=2, width=4, shortcut=Shortcut.NONE)


class Probe(Page):
    """A view that remembers what it is told."""

    TITLE = "Probe"
    COMPARES = True

    def __init__(self, parent=None):
        super().__init__(parent)
        self.told = []

    @property
    def question(self):
        return Question()

    def show_answer(self, answered, second):
        self.told.append(("answer", answered.answer, second))

    def show_problem(self, text, second):
        self.told.append(("problem", text, second))

    def show_nothing(self):
        self.told.append(("nothing",))

    def set_lesion(self, lesion):
        super().set_lesion(lesion)
        self.told.append(("lesion", lesion))


@pytest.fixture
def view(qtbot, monkeypatch):
    monkeypatch.setattr("resnet_gui.ui.inside.view.PAGES", (Probe, Probe))
    made = InsideView()
    qtbot.addWidget(made)
    made.resize(700, 420)
    made.looks, made.digits = [], []
    made.look_wanted.connect(made.looks.append)
    made.test_digit_wanted.connect(made.digits.append)
    made.show_reader(STARTER)
    made.show()
    return made


def entry(run_id, architecture=RESIDUAL, state=State.FINISHED, steps=1):
    run = Run(run_id, Experiment(architecture))
    if steps:
        run.apply(StepsEnded(run_id, 0, FIGURES, FIGURES, 1.0, 1.0))
    run.state = state
    return Entry(run, f"name of {run_id}", 0)


def answer(view, subject=0, value="an answer"):
    look = view.look
    return Answered(look, look.subjects[subject], "ResNet-6", make_blueprint(RESIDUAL), IMAGE, None, value)


def runs_of(view):
    return [subject.run for subject in view.look.subjects]


def choose(combo, text):
    combo.setCurrentIndex(combo.findText(text))
    combo.activated.emit(combo.currentIndex())


def test_it_asks_the_network_that_reads_while_somebody_looks(view):
    assert runs_of(view) == [STARTER]
    assert view.look.image is None
    view.hide()
    assert view.looks[-1] is None
    view.show_reader("a")
    assert view.looks[-1] is None
    view.show()
    assert runs_of(view) == ["a"]


def test_the_twin_is_found_by_itself(view):
    view.show_runs([entry("r"), entry("other", Architecture(blocks=3, width=4)), entry("p", PLAIN)])
    view.show_reader("r")
    assert runs_of(view) == ["r", "p"]
    view.show_reader("p")
    assert runs_of(view) == ["p", "r"]
    view.show_reader("other")
    assert runs_of(view) == ["other"]


def test_other_networks_can_be_chosen(view):
    view.show_runs([entry("r"), entry("p", PLAIN), entry("waits", steps=0, state=State.QUEUED)])
    assert view.choice.network_combo.findText("name of waits") == -1
    choose(view.choice.network_combo, "name of p")
    assert runs_of(view) == ["p", "r"]
    choose(view.choice.beside_combo, "Nothing")
    assert runs_of(view) == ["p"]
    view.show_runs([entry("r")])  # what was chosen is gone
    assert runs_of(view) == [STARTER]


def test_a_run_that_has_made_a_step_can_be_chosen(view):
    waiting = entry("waits", steps=0, state=State.QUEUED)
    view.show_runs([waiting])
    waiting.run.state = State.TRAINING
    waiting.run.apply(StepsEnded("waits", 0, FIGURES, FIGURES, 1.0, 1.0))
    view.run_changed("waits")
    assert view.choice.network_combo.findText("name of waits") > 0


def test_answers_and_problems_go_to_the_view_that_asked(view):
    view.show_runs([entry("r"), entry("p", PLAIN)])
    view.show_reader("r")
    view.show_answer(answer(view))
    view.show_answer(answer(view, 1))
    view.show_problem(LookFailed(view.look, view.look.subjects[1], "It diverged."))
    assert view.page.told[-3:] == [
        ("answer", "an answer", False),
        ("answer", "an answer", True),
        ("problem", "It diverged.", True),
    ]
    old = answer(view)
    view.page.asked.emit()  # something else is asked
    count = len(view.page.told)
    view.show_answer(old)
    assert len(view.page.told) == count


def test_only_the_view_that_is_looked_at_asks(view):
    first, other = view.pages
    count = len(view.looks)
    other.asked.emit()
    assert len(view.looks) == count
    view.tabs.setCurrentIndex(1)
    assert view.page is other
    assert len(view.looks) == count + 1
    first.asked.emit()
    assert len(view.looks) == count + 1


def test_a_lesion_is_in_force_in_every_view_until_it_is_restored(view, qtbot):
    lesion = Lesion.none(2).with_alpha(1, 0)
    view.page.lesion_edited.emit(lesion)
    assert view.look.subjects[0].lesion == lesion
    assert all(page.lesion == lesion for page in view.pages)
    view.show_answer(answer(view))
    said = view.findChild(QLabel, "insideLesionText")
    assert said.text() == "Changed: block 2 off"
    restore = view.findChild(QPushButton, "insideRestoreButton")
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert view.look.subjects[0].lesion is None
    assert all(page.lesion is None for page in view.pages)
    assert not restore.isVisible()


def test_a_lesion_ends_with_its_network(view):
    view.page.lesion_edited.emit(Lesion.none(2).with_alpha(1, 0))
    view.show_reader("another")
    assert view.look.subjects[0].lesion is None
    assert view.page.lesion is None


def test_a_test_digit_can_be_looked_at(view, qtbot):
    choose(view.choice.picture_combo, "A test digit")
    assert view.digits == [0]
    assert view.look.image is None  # one sees what one saw until it comes
    view.show_test_digit(TestDigit(0, IMAGE, 7, "A 7: no. 1, MNIST"))
    assert view.look.image is IMAGE
    assert view.look.label == 7
    assert view.choice.picture_combo.currentText() == "A 7: no. 1, MNIST"
    qtbot.mouseClick(view.choice.next_button, Qt.MouseButton.LeftButton)
    assert view.digits == [0, 1]
    view.page.label_wanted.emit(3)
    assert view.look.label == 3
    choose(view.choice.picture_combo, "What I draw")
    assert view.look.image is None
    assert not view.choice.next_button.isVisible()


def test_nothing_drawn_says_what_to_do(view):
    view.show_drawn(False)
    message = view.findChild(QLabel, "insideMessage")
    assert (message.text(), message.isVisible()) == (NOT_DRAWN, True)
    assert view.page.told[-1] == ("nothing",)
    view.tabs.setCurrentIndex(1)
    assert view.page.told[-1] == ("nothing",)
    assert message.isVisible()
    view.show_drawn(True)
    view.show_answer(answer(view))
    assert not message.isVisible()


def test_every_view_takes_the_colours(view):
    view.set_colors(DARK)
    assert all(page.colors is DARK for page in view.pages)


def test_a_network_that_takes_its_time_is_told(view, qtbot):
    message = view.findChild(QLabel, "insideMessage")
    view.show_drawn(False)
    view.show_drawn(True)
    assert not message.isVisible()
    qtbot.waitUntil(lambda: message.text() == OPENING, timeout=60_000)
    view.show_answer(answer(view))
    assert not message.isVisible()


def test_a_test_digit_that_is_not_to_be_had_leaves_the_drawing_on_show(view):
    choose(view.choice.picture_combo, "A test digit")
    view.show_test_digit(None)
    assert view.choice.picture_combo.currentText() == "What I draw"
    assert not view.choice.next_button.isVisible()
    assert view.look.image is None


def test_a_lesion_that_the_network_does_not_allow_can_be_taken_back(view, qtbot):
    view.page.lesion_edited.emit(Lesion.none(9).with_alpha(8, 0))
    view.show_problem(LookFailed(view.look, view.look.subjects[0], "It has 2 blocks."))
    restore = view.findChild(QPushButton, "insideRestoreButton")
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert view.look.subjects[0].lesion is None


def test_what_was_shown_of_another_network_goes_at_once_in_every_view(view):
    view.show_reader("another")
    assert all(page.told[-1] == ("nothing",) for page in view.pages)
    told = [len(page.told) for page in view.pages]
    view.page.asked.emit()
    assert told == [len(page.told) for page in view.pages]
