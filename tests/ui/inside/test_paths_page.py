"""Paths on the screen: charts over lengths, the picture that explains them, and every state in words."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.paths import Paths
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.ui.inside.paths_page import PathsPage
from resnet_gui.ui.theme import DARK

IMAGE = np.zeros((28, 28), np.uint8)


@pytest.fixture
def page(qtbot):
    made = PathsPage()
    qtbot.addWidget(made)
    made.resize(690, 420)
    made.show()
    return made


def paths(blocks, plain=False, measured=None):
    counts = np.full(blocks + 1, 2) if measured is None else np.array(measured)
    return Paths(plain, 3, counts * 0.5 ** np.arange(blocks + 1), counts)


def show(page, answer, share=1.0, **settings):
    look = Look((Subject("a"),), page.question)
    blueprint = make_blueprint(Architecture(**{"blocks": answer.blocks, "width": 4, **settings}))
    page.show_answer(Answered(look, look.subjects[0], "a", blueprint, IMAGE, None, answer, share), False)


def text(page, name):
    return page.findChild(QLabel, name).text()


def test_it_says_which_paths_carry_the_gradient(page):
    show(page, paths(24))
    assert text(page, "insidePathsWords").startswith("Paths of lengths 4 to 11 carry 90 % of the gradient")
    assert page.charts.isVisible()
    assert "shortcuts" not in text(page, "insidePathsNote")


def test_a_length_is_chosen_by_keys_and_mouse(page, qtbot):
    show(page, paths(24))
    QTest.keyClick(page.charts, Qt.Key.Key_Home)
    assert text(page, "insidePathsReadout").startswith("Length 0: 1 path,")
    assert page.charts.accessibleDescription().startswith("Length 0: 1 path,")
    QTest.keyClick(page.charts, Qt.Key.Key_Left)
    QTest.keyClick(page.charts, Qt.Key.Key_Right)
    assert page.charts.length == 1
    QTest.keyClick(page.charts, Qt.Key.Key_End)
    assert page.charts.length == 24
    page.grab()  # lays the charts out
    QTest.mouseMove(page.charts.viewport(), page.charts.rect().center())
    qtbot.waitUntil(lambda: 0 < page.charts.length < 24)


def test_the_picture_shows_all_paths_of_a_length(page):
    picture = page.explained
    assert picture.words == "3 of 8 paths have length 1."
    QTest.keyClick(picture, Qt.Key.Key_Up)
    QTest.keyClick(picture, Qt.Key.Key_Up)
    assert text(page, "insidePathsExplainedWords") == "1 of 8 paths has length 0."
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(60, round(7.5 * picture._row)))
    assert text(page, "insidePathsExplainedWords") == "1 of 8 paths has length 3."
    QTest.keyClick(picture, Qt.Key.Key_Down)
    assert picture.length == 3


def test_a_plain_network_is_one_path(page):
    show(page, paths(24, plain=True, measured=[0] * 25), shortcut="none")
    assert "one single path of length 24" in text(page, "insidePathsWords")
    assert not page.charts.isVisible()
    assert page.explained.words == "3 plain blocks: one path, of length 3."
    page.grab()


def test_it_grows_while_it_measures(page):
    show(page, paths(4, measured=[1, 0, 0, 0, 1]), share=0.1)
    assert "2 paths measured, 10 % done: the gradient of the loss of a 3." in text(page, "insidePathsNote")
    page.grab()
    show(page, paths(4))
    assert "10 paths measured: " in text(page, "insidePathsNote")


def test_shortcuts_that_are_more_than_x_are_told(page):
    show(page, paths(4), shortcut="projection")
    assert "1x1 convolution in every block" in text(page, "insidePathsNote")


def test_what_cannot_be_shown_is_told(page):
    show(page, paths(0))
    assert "without blocks" in text(page, "insidePathsWords")
    assert not page.charts.isVisible()
    show(page, Paths(False, 3, np.full(5, np.nan), np.ones(5, int)))
    assert "diverged" in text(page, "insidePathsWords")
    show(page, Paths(False, 3, np.zeros(5), np.ones(5, int)))
    assert "No gradient arrives" in text(page, "insidePathsWords")
    page.grab()
    page.show_problem("It is gone.", False)
    assert text(page, "insidePathsWords") == "It is gone."
    assert not page.charts.isVisible()
    page.show_nothing()
    assert not page.findChild(QLabel, "insidePathsWords").isVisible()


@pytest.mark.parametrize("blocks", [1, 2, 54, 200])
@pytest.mark.parametrize("size", [(320, 200), (690, 420), (1800, 1200)])
def test_any_number_of_blocks_fits_any_window(page, blocks, size):
    page.resize(*size)
    page.set_colors(DARK)
    show(page, paths(blocks))
    assert not page.grab().isNull()
