"""Convolution up close in the window: what can be chosen, and the arithmetic that is shown."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox

from resnet_gui.core.inside.signed import number_text
from resnet_gui.core.inside.unit import UnitQuestion
from resnet_gui.core.inside.unit_steps import DIGITS
from resnet_gui.ui.inside.convolution_page import ConvolutionPage
from resnet_gui.ui.inside.products_picture import ProductsPicture
from resnet_gui.ui.theme import DARK


def steps(page):
    return re.sub("<[^>]*>", " ", page.findChild(QLabel, "convolutionSteps").text())


def test_the_convolution_that_adds_a_shortcut_is_shown_first(answered):
    page, _ = answered(ConvolutionPage)
    assert page.findChild(QComboBox, "convolutionLayerCombo").currentText() == "Block 1 of stage 1 · convolution 2"
    for title in ("Sum over 4 input channels", "Bias", "Shortcut", "ReLU"):
        assert title in steps(page)
    value = page._unit.outputs[14, 14]
    assert f"The feature map shows  {number_text(float(value), DIGITS)}" in steps(page)


def test_batch_normalisation_is_told_with_its_numbers(answered):
    page, _ = answered(ConvolutionPage, batch_norm=True)
    assert "γ (s − μ) / √(σ² + ε) + β = 1 · (" in steps(page)


def test_layer_channel_and_pixel_are_chosen(answered):
    page, answers = answered(ConvolutionPage)
    combo = page.findChild(QComboBox, "convolutionLayerCombo")
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert answers.asked[-1].layer == "stem"
    page.findChild(QSpinBox, "convolutionChannelSpin").setValue(3)
    assert answers.asked[-1].channel == 2
    QTest.mouseClick(page.output, Qt.MouseButton.LeftButton, pos=page.output.place(0, 27).center().toPoint())
    assert (answers.asked[-1].row, answers.asked[-1].column) == (0, 27)
    assert "padded with zeros" in steps(page)
    page.output.setFocus()
    QTest.keyClick(page.output, Qt.Key.Key_Down)
    QTest.keyClick(page.output, Qt.Key.Key_Right)  # it is at the edge
    QTest.keyClick(page.output, Qt.Key.Key_Left)
    assert (answers.asked[-1].row, answers.asked[-1].column) == (1, 26)
    assert "channel 3, row 2, column 27" in steps(page)


def test_playing_steps_across_the_picture_and_into_the_next_row(answered, qtbot):
    page, answers = answered(ConvolutionPage)
    page.take_question(UnitQuestion("stem", 0, 4, 26))
    page.findChild(QPushButton, "convolutionPlayButton").click()
    page._timer.setInterval(5)
    qtbot.waitUntil(lambda: (5, 1) in [(question.row, question.column) for question in answers.asked])
    page.findChild(QPushButton, "convolutionPlayButton").click()
    asked = [(question.row, question.column) for question in answers.asked]
    assert asked[asked.index((4, 26)) :][:4] == [(4, 26), (4, 27), (5, 0), (5, 1)]


def test_playing_ends_where_nobody_sees_it(answered):
    page, _ = answered(ConvolutionPage)
    button = page.findChild(QPushButton, "convolutionPlayButton")
    button.click()
    page.hide()
    assert not button.isChecked()


def test_all_input_channels_can_be_seen(answered):
    page, _ = answered(ConvolutionPage)
    picture = page.findChild(ProductsPicture)
    few = picture.height()
    page.findChild(QPushButton, "convolutionMoreButton").click()
    assert picture.height() > 1.5 * few


@pytest.mark.parametrize("size", [(690, 400), (500, 380), (1200, 700)])
@pytest.mark.parametrize(
    "settings",
    [
        {"shortcut": "none"},
        {"block": "bottleneck", "batch_norm": True},
        {"blocks": 0},
        {"shortcut": "exclusive-gating"},
    ],
)
def test_networks_of_every_kind_are_painted(answered, settings, size):
    page, _ = answered(ConvolutionPage, size=size, **settings)
    page.set_colors(DARK)
    image = page.grab().toImage()
    assert image.width() == size[0]
    assert "The feature map shows" in steps(page)


def test_a_network_that_diverged_shows_what_it_computes(answered):
    page, _ = answered(ConvolutionPage, broken=True)
    page.grab()
    assert "not a number" in steps(page)


def test_questions_of_other_views_are_left_alone(answered):
    from resnet_gui.core.inside.maps import MapsQuestion

    page, _ = answered(ConvolutionPage)
    assert not page.take_question(MapsQuestion())


def test_without_a_picture_nothing_is_shown(answered):
    page, _ = answered(ConvolutionPage)
    page.show_nothing()
    assert not page.output.isVisible()
    page.show_problem("This run has no network.", second=False)
    assert page.findChild(QLabel, "convolutionMessage").text() == "This run has no network."


def test_a_channel_of_the_maps_opens_here(qtbot):
    from resnet_gui.ui.inside.maps_page import MapsPage
    from resnet_gui.ui.inside.view import InsideView

    view = InsideView()
    qtbot.addWidget(view)
    view.show()
    view.turn_to(MapsPage)
    view.page.opened.emit(UnitQuestion("stem", 3))
    assert isinstance(view.page, ConvolutionPage)
    assert view.look.question == UnitQuestion("stem", 3)
