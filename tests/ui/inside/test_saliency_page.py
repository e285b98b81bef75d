"""Saliency on the screen: digits and blocks are chosen by mouse and keys, colours say the sign, words the states."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.core.inside.saliency import Saliency
from resnet_gui.ui.inside.saliency_page import SaliencyPage
from resnet_gui.ui.inside.saliency_pictures import tint_colors
from resnet_gui.ui.theme import DARK, LIGHT

IMAGE = np.zeros((28, 28), np.uint8)


@pytest.fixture
def page(qtbot):
    made = SaliencyPage()
    qtbot.addWidget(made)
    made.resize(690, 420)
    made.show()
    return made


def show(page, blocks=4, runs=("a",), second=False, label=3, read=3, finite=True):
    cams = tuple(np.full((28, 28), 255 * (block == blocks - 1), np.uint8) for block in range(blocks))
    pixels = np.zeros((28, 28), np.float32)
    pixels[:14], pixels[14:] = 1, -1
    look = Look(tuple(Subject(run) for run in runs), page.question)
    blueprint = make_blueprint(Architecture(blocks=blocks, width=4))
    answer = Saliency(label, read, cams, pixels, 2.0, finite)
    page.show_answer(Answered(look, look.subjects[second], runs[second], blueprint, IMAGE, None, answer), second)


def text(page, name):
    return page.findChild(QLabel, name).text()


def near(color, wanted):
    return all(abs(a - b) < 12 for a, b in zip(QColor(color).getRgb(), QColor(wanted).getRgb(), strict=True))


def test_colours_say_the_sign(page):
    show(page)
    more, less = tint_colors(LIGHT)
    pixels = page.panels[0].pixels
    picture = pixels.grab().toImage()
    side = min(pixels.width(), pixels.height())
    assert near(picture.pixelColor(side // 2, side // 4), more)
    assert near(picture.pixelColor(side // 2, 3 * side // 4), less)
    for color in (more, less):
        assert color in text(page, "insideSaliencyLegend")


def test_the_last_block_is_large_until_another_is_chosen(page):
    show(page)
    assert text(page, "insideSaliencyCamWords") == "Block 4 of stage 1. Where this block's sum speaks for a 3."
    strip = page.panels[0].strip
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert text(page, "insideSaliencyCamWords") == "Block 3 of stage 1. Nothing here speaks for a 3."
    assert strip.accessibleDescription().startswith("3 of 4: Block 3 of stage 1.")
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place_of(1).center())
    assert strip.block == 1
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert strip.block == 0
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert strip.block == 3
    show(page, label=8)
    assert strip.block == 3


def test_a_digit_is_wanted_and_taken_back(page):
    wanted = []
    page.label_wanted.connect(wanted.append)
    QTest.mouseClick(page.findChild(QToolButton, "insideSaliency8"), Qt.MouseButton.LeftButton)
    show(page, label=8)
    assert "for an 8" in text(page, "insideSaliencyLegend")
    as_read = page.findChild(QToolButton, "insideSaliencyAsRead")
    assert as_read.text() == "as read: 3"
    as_read.setFocus()
    QTest.keyClick(as_read, Qt.Key.Key_Space)
    assert wanted == [8, None]


def test_two_networks_show_the_same_block(page):
    show(page, runs=("a", "b"))
    show(page, blocks=2, runs=("a", "b"), second=True, read=5)
    assert page.panels[1].isVisible()
    assert text(page, "insideSaliencyBesideTitle") == "<b>b</b> reads 5"
    QTest.keyClick(page.panels[0].strip, Qt.Key.Key_Home)
    assert page.panels[1].strip.block == 0
    show(page)
    assert not page.panels[1].isVisible()


def test_what_cannot_be_shown_is_told(page):
    show(page, blocks=0)
    assert text(page, "insideSaliencyCamWords") == "This network has no blocks."
    assert not page.panels[0].strip.isVisible()
    show(page, finite=False)
    assert "not numbers" in text(page, "insideSaliencyTitle")
    assert not page.panels[0].cam.isVisible()
    show(page)
    assert page.panels[0].cam.isVisible()
    page.show_problem("It is gone.", False)
    assert text(page, "insideSaliencyTitle") == "It is gone."
    page.show_nothing()
    assert not page.panels[0].isVisible()


@pytest.mark.parametrize("blocks", [1, 54, 200])
@pytest.mark.parametrize("size", [(320, 200), (690, 420), (1800, 1200)])
def test_any_number_of_blocks_fits_any_window(page, blocks, size):
    page.resize(*size)
    page.set_colors(DARK)
    show(page, blocks=blocks)
    assert not page.grab().isNull()
