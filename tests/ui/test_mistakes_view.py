"""Misread digits: what is asked for, what is counted, and how cells, tabs and keys filter."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTabBar

from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.examination import Exam, Examination
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run, State
from resnet_gui.ui.confusion_matrix import ConfusionMatrix
from resnet_gui.ui.digit_gallery import DigitGallery
from resnet_gui.ui.mistakes_view import HINT, MistakesView
from resnet_gui.ui.theme import DARK, LIGHT

#  image    0  1  2  3  4  5  6  7
LABELS = [4, 4, 7, 7, 7, 9, 9, 0]
A_READS = [4, 9, 1, 1, 7, 9, 4, 0]  # misreads 1, 2, 3, 6
B_READS = [4, 4, 1, 7, 7, 4, 7, 0]  # misreads 2, 5, 6
A_SURE = [1.0, 0.97, 0.6, 0.8, 0.5, 1.0, 0.7, 1.0]
B_SURE = [1.0, 1.0, 0.9, 1.0, 1.0, 0.55, 0.4, 1.0]
EXAM = Exam("eight pictures", np.arange(8 * 784, dtype=np.uint8).reshape(8, 28, 28), np.array(LABELS, np.uint8), 10)


def examined(run, answers=A_READS, sure=A_SURE, exam=EXAM):
    return Examination(run, exam, np.array(answers, np.uint8), np.array(sure, np.float32))


def entry(run_id, name="", state=State.FINISHED, steps=5, dataset="mnist", color=0):
    run = Run(run_id, Experiment(recipe=Recipe(dataset=dataset)), state=state)
    train(run, steps)
    run.state = state
    return Entry(run, name or run_id, color)


def train(run, steps):
    run.apply(StepsEnded(run.id, run.step, np.ones(steps, np.float32), np.ones(steps, np.float32), 1.0, 1.0))


@pytest.fixture
def view(qtbot):
    widget = MistakesView()
    qtbot.addWidget(widget)
    widget.wanted = []
    widget.examination_wanted.connect(widget.wanted.append)
    widget.resize(1000, 600)
    widget.show()
    return widget


@pytest.fixture
def one(view):
    view.show_runs([entry("a", "ResNet-6")])
    view.show_examination(examined("a"))
    return view


@pytest.fixture
def two(view):
    view.show_runs([entry("a", "ResNet-6"), entry("b", "plain-6", color=1)])
    choose(view, "mistakesOtherCombo", "plain-6")
    view.show_examination(examined("a"))
    view.show_examination(examined("b", B_READS, B_SURE))
    return view


def choose(view, name, text):
    combo = view.findChild(QComboBox, name)
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentText() == text:
            return
        QTest.keyClick(combo, Qt.Key.Key_Down)
    raise AssertionError(f"{text} is not offered")


def offered(view, name):
    combo = view.findChild(QComboBox, name)
    return [combo.itemText(index) for index in range(combo.count())]


def text(view, name):
    return view.findChild(QLabel, name).text()


def message(view):
    label = view.findChild(QLabel, "mistakesMessage")
    return label.text() if label.isVisible() else ""


def gallery(view):
    return view.findChild(DigitGallery)


def matrix(view):
    return view.findChild(ConfusionMatrix)


def captions(view):
    model = gallery(view).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click(view, label, answer):
    spot = matrix(view).place((label, answer)).center().toPoint()
    QTest.mouseClick(matrix(view), Qt.MouseButton.LeftButton, pos=spot)


def test_without_runs_it_says_where_to_tick_one(view):
    assert message(view) == HINT
    assert not view.findChild(QPushButton, "examineAgainButton").isVisible()
    assert view.wanted == []


def test_a_ticked_run_is_asked_for_once(view):
    view.show_runs([entry("a", "ResNet-6")])
    view.show_progress("a", 0.4)
    view.run_changed("a")
    assert view.wanted == [("a",)]
    assert message(view) == "Reading the test images with ResNet-6… 40 %"


def test_nothing_is_asked_for_while_nobody_looks(view):
    view.hide()
    view.show_runs([entry("a")])
    assert view.wanted == []
    view.show()
    assert view.wanted == [("a",)]


@pytest.mark.parametrize("state", [State.QUEUED, State.PREPARING, State.TRAINING, State.PAUSED])
def test_a_run_in_training_is_examined_once_it_has_ended(view, state):
    shown = entry("a", "ResNet-6", state)
    view.show_runs([shown])
    assert view.wanted == []
    assert message(view) == "ResNet-6 is still to be trained: its mistakes are shown once it has ended."
    shown.run.state = State.FINISHED
    view.run_changed("a")
    assert view.wanted == [("a",)]


def test_a_run_that_trained_on_is_examined_again(one):
    run = one._entries["a"].run
    train(run, 5)
    one.run_changed("a")
    run.state = State.FINISHED
    one.run_changed("a")
    assert one.wanted == [("a",), ("a",)]
    assert "Reading the test images" in message(one)


def test_a_run_without_a_step_has_nothing_to_examine(view):
    view.show_runs([entry("a", "ResNet-6", State.FAILED, steps=0)])
    assert view.wanted == []
    assert "made no training step" in message(view)


def test_a_problem_is_shown_and_can_be_tried_again(view):
    view.show_runs([entry("a")])
    view.show_problem("a", "MNIST is not on this machine.")
    assert message(view) == "MNIST is not on this machine."
    QTest.mouseClick(view.findChild(QPushButton, "examineAgainButton"), Qt.MouseButton.LeftButton)
    assert view.wanted == [("a",), ("a",)]
    assert "Reading the test images" in message(view)


def test_what_was_examined_is_not_asked_for_again(one):
    one.show_runs([])
    one.show_runs([entry("b"), entry("a")])
    choose(one, "mistakesRunCombo", "a")
    assert one.wanted == [("a",), ("b",)]
    assert text(one, "mistakesSummary").startswith("a misreads 4")


def test_the_mistakes_of_one_run_come_surest_first(one):
    assert message(one) == ""
    assert text(one, "mistakesSummary") == "ResNet-6 misreads 4 of 8 test images (50.00 %)."
    assert captions(one) == ["4 → 9  97 %", "7 → 1  80 %", "9 → 4  70 %", "7 → 1  60 %"]
    assert not one.findChild(QTabBar).isVisible()
    assert one.pair is None


def test_a_click_on_a_cell_shows_its_digits_and_a_second_click_all(one):
    click(one, 7, 1)
    assert captions(one) == ["7 → 1  80 %", "7 → 1  60 %"]
    assert text(one, "galleryLabel") == "7 read as 1: 2 of 3"
    click(one, 7, 1)
    assert len(captions(one)) == 4


def test_a_cell_of_the_diagonal_shows_what_was_read_right_least_sure_first(one):
    one.show_examination(examined("a"))
    click(one, 4, 4)
    assert captions(one) == ["4 → 4  100 %"]
    assert "least sure first" in text(one, "galleryLabel")


def test_the_button_takes_the_filter_back(one):
    button = one.findChild(QPushButton, "allMistakesButton")
    assert not button.isVisible()
    click(one, 7, 1)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(captions(one)) == 4
    assert matrix(one).chosen is None


def test_keys_move_choose_and_clear(one):
    grid = matrix(one)
    for _ in range(7):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.accessibleDescription() == "7 read as 1: 2 of 3"
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert grid.chosen == (7, 1)
    assert grid.accessibleDescription() == "7 read as 1: 2 of 3, chosen"
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert grid.chosen is None
    assert len(captions(one)) == 4


def test_the_cell_under_the_pointer_is_told_in_words(one):
    grid = matrix(one)

    def words():
        below = grid.place((9, 0)).bottomLeft().toPoint()
        shot = grid.grab().toImage()
        rows = range(below.y() + 3, below.y() + 20)
        return sum(shot.pixelColor(x, y).lightnessF() < 0.5 for x in range(below.x(), shot.width()) for y in rows)

    assert words() == 0
    QTest.mouseMove(grid, grid.place((7, 1)).center().toPoint())
    assert words() > 50
    assert grid.describe((7, 1)) == "7 read as 1: 2 of 3"
    QTest.mouseMove(grid, grid.rect().bottomRight())
    assert words() == 0


def test_the_keys_stay_within_the_matrix(one):
    grid = matrix(one)
    QTest.keyClick(grid, Qt.Key.Key_Up)
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert grid.accessibleDescription() == "0 read as 0: 1 of 1"
    for _ in range(20):
        QTest.keyClick(grid, Qt.Key.Key_Down)
        QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.accessibleDescription() == "9 read as 9: 1 of 2"


def test_data_with_other_classes_has_other_rows(view):
    exam = Exam("three kinds", np.zeros((4, 28, 28), np.uint8), np.array([0, 1, 2, 2], np.uint8), 3)
    view.show_runs([entry("a")])
    view.show_examination(examined("a", [0, 1, 2, 0], [1, 1, 1, 0.5], exam))
    assert captions(view) == ["2 → 0  50 %"]
    click(view, 2, 0)
    assert text(view, "galleryLabel") == "2 read as 0: 1 of 2"


def test_two_runs_part_the_digits_in_three(two):
    tabs = two.findChild(QTabBar)
    titles = [tabs.tabText(index) for index in range(3)]
    assert titles == ["Only ResNet-6 reads · 1", "Only plain-6 reads · 2", "Both misread · 2"]
    assert captions(two) == ["9 → 4  55 %"]  # what plain-6 takes it for
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert captions(two) == ["4 → 9  97 %", "7 → 1  80 %"]  # what ResNet-6 takes them for
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert captions(two) == ["7 → 1  60 %\n7 → 1  90 %", "9 → 4  70 %\n9 → 7  40 %"]
    assert two.pair.counts == (1, 2)
    assert text(two, "mistakesVerdict").startswith("No difference that")


def test_cells_filter_within_a_tab(two):
    QTest.keyClick(two.findChild(QTabBar), Qt.Key.Key_Right)
    click(two, 7, 1)
    assert captions(two) == ["7 → 1  80 %"]
    assert text(two, "galleryLabel") == "7 read as 1: 1 of 3"
    click(two, 7, 7)
    assert captions(two) == []
    assert text(two, "galleryLabel") == "7 read as 7: not counted here"


def test_choosing_the_other_run_as_the_first_makes_them_change_places(two):
    choose(two, "mistakesRunCombo", "plain-6")
    assert two.findChild(QComboBox, "mistakesOtherCombo").currentText() == "ResNet-6"
    assert two.pair.counts == (2, 1)
    assert two.wanted == [("a",), ("a", "b")]  # nothing is read twice


def test_who_is_compared_stays_when_another_run_is_ticked(two):
    two.show_runs([entry("c"), *two._entries.values()])
    assert two.findChild(QComboBox, "mistakesRunCombo").currentText() == "ResNet-6"
    assert two.pair is not None


def test_an_unticked_run_is_no_longer_compared(two):
    two.show_runs([two._entries["a"]])
    assert two.pair is None
    assert len(captions(two)) == 4


def test_runs_on_other_data_cannot_be_compared(view):
    view.show_runs([entry("a"), entry("b", dataset="digits"), entry("c")])
    assert offered(view, "mistakesOtherCombo") == ["Nothing", "b (reads digits)", "c"]
    assert not view.findChild(QComboBox, "mistakesOtherCombo").model().item(1).isEnabled()
    choose(view, "mistakesOtherCombo", "c")  # the keys pass over b
    assert view.wanted[-1] == ("a", "c")


def test_a_data_file_that_was_exchanged_in_between_is_said(view):
    view.show_runs([entry("a"), entry("b")])
    choose(view, "mistakesOtherCombo", "b")
    other = Exam("other pictures", EXAM.images + 1, EXAM.labels, 10)
    view.show_examination(examined("a"))
    view.show_examination(examined("b", exam=other))
    assert "only networks that read the same images can be compared" in message(view)


def test_the_gallery_tells_screen_readers_what_both_read(two):
    model = gallery(two).model()
    sentence = "A 9: ResNet-6 reads 9, 100 % sure; plain-6 reads 4, 55 % sure. Test image 5, counted from 0."
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == sentence
    table = QAccessible.queryAccessibleInterface(gallery(two))
    assert table.child(0).text(QAccessible.Text.Name) == sentence


def test_names_are_never_taken_for_markup(view):
    name = "a <b>bold</b> & brave name that is much too long for any label or tab"
    view.show_runs([entry("a", name), entry("b")])
    choose(view, "mistakesOtherCombo", "b")
    view.show_examination(examined("a"))
    view.show_examination(examined("b", B_READS, B_SURE))
    assert "&lt;b&gt;" in gallery(view).model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert len(view.findChild(QTabBar).tabText(0)) < 40


def ink(view):
    """How many pixels of the gallery have the darkest and the lightest shade of an image."""
    shot = gallery(view).viewport().grab().toImage()
    found = [shot.pixelColor(x, y).name() for x in range(shot.width()) for y in range(min(80, shot.height()))]
    return found.count(LIGHT.ink), found.count(DARK.ink)


def test_digits_are_ink_on_paper_in_both_schemes(view):
    ones = Exam("full pictures", np.full((2, 28, 28), 255, np.uint8), np.array([1, 1], np.uint8), 10)
    view.show_runs([entry("a")])
    view.show_examination(examined("a", [2, 1], [1, 1], ones))
    light, dark = ink(view)
    assert light >= 56 * 56
    assert dark == 0
    view.set_colors(DARK)
    assert ink(view)[1] >= 56 * 56


def test_rare_mistakes_stand_out_and_the_diagonal_does_not(one):
    grid = matrix(one)
    grid.clearFocus()
    shot = grid.grab().toImage()

    def strength(label, answer):
        place = grid.place((label, answer))
        return shot.pixelColor(int(place.left()) + 4, int(place.top()) + 4).hsvSaturationF()

    assert strength(7, 1) > strength(9, 4) > strength(4, 3) == 0
    assert strength(7, 1) > 2 * strength(0, 0) > 0


@pytest.mark.parametrize("size", [(276, 420), (500, 700), (640, 300), (1600, 1000)])
def test_it_paints_at_any_size(two, size):
    two.resize(*size)
    two.findChild(QTabBar).setCurrentIndex(2)
    two.grab()
    two.set_colors(DARK)
    two.grab()


def test_every_control_has_names_and_a_tooltip(two):
    for widget in (
        *two.findChildren(QComboBox),
        *two.findChildren(QPushButton),
        matrix(two),
        gallery(two),
    ):
        assert widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()
