"""Verdicts by depth on the screen: chosen by mouse and keys, by head or probes, and every state in words."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.depth_reading import NO_NUMBERS, Accuracies, DepthReading
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.ui.inside.depth_reading_page import PROBES, DepthReadingPage
from resnet_gui.ui.inside.depth_strip import GUTTER
from resnet_gui.ui.theme import DARK

IMAGE = np.zeros((28, 28), np.uint8)


@pytest.fixture
def page(qtbot):
    made = DepthReadingPage()
    qtbot.addWidget(made)
    made.resize(690, 420)
    made.show()
    return made


def reading(depths, digit=3, probes=True, note=""):
    stopped = np.full((depths, 10), 0.01, np.float32)
    stopped[:, digit] = 0.91
    probed = np.roll(stopped, 1, axis=1) if probes else np.full_like(stopped, np.nan)
    shares = np.linspace(0.1, 1, depths, dtype=np.float32)
    return DepthReading(stopped, probed, Accuracies(shares, shares, "images") if probes else None, note)


def answered(page, answer, runs=("a",), second=False, share=1.0, blocks=4, **settings):
    look = Look(tuple(Subject(run) for run in runs), page.question)
    blueprint = make_blueprint(Architecture(blocks=blocks, width=4, **settings))
    return Answered(look, look.subjects[second], runs[second], blueprint, IMAGE, None, answer, share)


def text(page, name):
    return page.findChild(QLabel, name).text()


def test_it_says_how_the_verdict_comes_about(page):
    page.show_answer(answered(page, reading(5)), False)
    assert text(page, "insideDepthStripWords") == "<b>a</b>  It says 3 from the stem on, with 90 % or more at once."
    assert text(page, "insideDepthReadout").startswith("After block 4 of 4: 3 with 91 %")
    assert not page.panels[1].isVisible()


def test_a_depth_is_chosen_by_arrow_keys_and_mouse(page, qtbot):
    page.show_answer(answered(page, reading(5)), False)
    strip = page.panels[0].strip
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Home)
    assert text(page, "insideDepthReadout").startswith("After the stem")
    assert strip.accessibleDescription().startswith("After the stem")
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert strip.depth == 0
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.depth == 1
    width = (strip.width() - GUTTER - 2) / 5
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(GUTTER + 2.5 * width), 40))
    assert strip.depth == 2
    QTest.mouseMove(strip, QPoint(strip.width() - 4, 40))
    qtbot.waitUntil(lambda: strip.depth == 4)
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert strip.depth == 4


def test_probes_read_by_themselves(page):
    page.show_answer(answered(page, reading(5)), False)
    page.reader_combo.setCurrentIndex(PROBES)
    assert "The probe says 4" in text(page, "insideDepthStripWords")
    assert text(page, "insideDepthReadout").startswith("After block 4 of 4: 4 with 91 %")


def test_probes_that_are_not_fitted_yet_are_told(page):
    page.reader_combo.setCurrentIndex(PROBES)
    page.show_answer(answered(page, reading(5, probes=False), share=0.25), False)
    assert "Fitting probes, 25 %" in text(page, "insideDepthStripWords")
    assert "not fitted yet" in text(page, "insideDepthReadout")
    page.grab()


def test_two_networks_share_the_depth_that_is_chosen(page):
    page.show_answer(answered(page, reading(5), ("a", "b")), False)
    page.show_answer(answered(page, reading(5, 7), ("a", "b"), True, shortcut="none"), True)
    assert page.panels[1].isVisible()
    QTest.keyClick(page.panels[1].strip, Qt.Key.Key_Home)
    assert page.panels[0].strip.depth == 0
    assert text(page, "insideDepthReadout").splitlines() == [
        "a: After the stem: 3 with 91 %, then 0 with 1 %; of images 10 % are read right here.",
        "b: After the stem: 7 with 91 %, then 0 with 1 %; of images 10 % are read right here.",
    ]
    page.show_answer(answered(page, reading(5)), False)
    assert not page.panels[1].isVisible()


def test_networks_of_other_depths_stand_below_each_other(page):
    page.show_answer(answered(page, reading(5), ("a", "b")), False)
    page.show_answer(answered(page, reading(3), ("a", "b"), True, blocks=2), True)
    QTest.keyClick(page.panels[0].strip, Qt.Key.Key_Left)
    assert "b: " not in text(page, "insideDepthReadout")
    page.grab()


def test_what_cannot_be_shown_is_told(page):
    broken = reading(5)
    broken.stopped[:] = np.nan
    page.show_answer(answered(page, broken), False)
    assert NO_NUMBERS in text(page, "insideDepthStripWords")
    assert not page.panels[0].strip.isVisible()
    page.show_answer(answered(page, reading(5, probes=False, note="MNIST is not here.")), False)
    assert "Nothing can be measured: MNIST is not here." in text(page, "insideDepthStripWords")
    page.show_problem("It is gone.", False)
    assert text(page, "insideDepthStripWords") == "It is gone."
    page.show_nothing()
    assert not page.panels[0].isVisible()


@pytest.mark.parametrize("depths", [1, 2, 55, 301])
@pytest.mark.parametrize("size", [(300, 200), (690, 420), (1800, 1200)])
def test_any_depth_fits_any_window(page, depths, size):
    page.resize(*size)
    page.set_colors(DARK)
    page.show_answer(answered(page, reading(depths), blocks=min(depths - 1, 200)), False)
    assert not page.grab().isNull()
    assert page.panels[0].strip.width() <= size[0]
