"""Feature maps in the window: which are asked for, what is painted, what pointer and keys do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea

from resnet_gui.core.inside.maps import Scope
from resnet_gui.core.inside.unit import UnitQuestion
from resnet_gui.ui.inside.map_rows import Spot
from resnet_gui.ui.inside.maps_page import MapsPage
from resnet_gui.ui.inside.signed_picture import SignedLegend
from resnet_gui.ui.theme import DARK, LIGHT


def click(page, spot):
    QTest.mouseClick(page.rows, Qt.MouseButton.LeftButton, pos=page.rows.place(spot).center().toPoint())


def colors_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


def text(page, name):
    label = page.findChild(QLabel, name)
    return label.text() if label.isVisibleTo(page) else ""


def test_every_block_has_a_row_of_pictures(answered):
    page, _ = answered(MapsPage)
    assert page.rows.blocks == 4
    assert [part.name for part in page.rows.row(0).parts] == ["x", "F(x)", "y = x + F(x)", "ReLU(y)"]
    assert len(colors_of(page.rows)) > 20


def test_only_what_is_to_be_seen_is_asked_for_and_scrolling_asks_for_the_rest(answered, qtbot):
    page, answers = answered(MapsPage, blocks=20)
    qtbot.waitUntil(lambda: page.rows.row(0) is not None)
    assert len(answers.asked[-1].blocks) < 10
    assert page.rows.row(30) is None
    bar = page.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert page.rows.row(39) is not None
    assert 0 not in answers.asked[-1].blocks


def test_the_rows_that_have_been_seen_stay_until_the_picture_changes(answered, qtbot):
    page, answers = answered(MapsPage, blocks=20)
    bar = page.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert page.rows.row(0) is not None
    answers.image = answers.image.copy()
    answers.answer()
    assert page.rows.row(0) is None
    bar.setValue(0)
    assert page.rows.row(0) is not None


def test_the_scale_is_chosen_and_its_ends_are_told(answered):
    page, answers = answered(MapsPage)
    combo = page.findChild(QComboBox, "mapsScopeCombo")
    legend = page.findChild(SignedLegend)
    told = set()
    for index, scope in enumerate(Scope):
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        assert answers.asked[-1].scope is scope
        told.add(legend.accessibleDescription())
    assert len(told) == 3


def test_a_click_enlarges_a_channel_and_escape_ends_it(answered):
    page, _ = answered(MapsPage)
    click(page, Spot(1, 1, 2))
    assert page.pane.isVisible()
    assert "Block 2 of stage 1, F(x), channel 3 of 4" in page.pane.findChild(QLabel).text()
    QTest.mouseMove(page.pane.map, page.pane.map.place(3, 5).center().toPoint())
    value = page.rows.row(1).values(1, 2)[3, 5]
    assert page.pane.findChild(QLabel, "channelValue").text().startswith("Row 4, column 6: ")
    assert f"{abs(value):.3g}"[:4] in page.pane.findChild(QLabel, "channelValue").text()
    QTest.keyClick(page.pane.map, Qt.Key.Key_Escape)
    assert not page.pane.isVisible()


def test_the_keys_move_among_channels_pictures_and_rows(answered, qtbot):
    page, _ = answered(MapsPage)
    page.activateWindow()
    page.rows.setFocus()
    qtbot.waitUntil(page.rows.hasFocus)
    assert page.rows.current == Spot(0, 0, 0)
    columns = page.rows.row(0).mosaics[0].columns
    for _ in range(columns):
        QTest.keyClick(page.rows, Qt.Key.Key_Right)
    assert page.rows.current == Spot(0, 1, 0)
    for _ in range(4):
        QTest.keyClick(page.rows, Qt.Key.Key_Down)
    assert page.rows.current.block > 0
    QTest.keyClick(page.rows, Qt.Key.Key_Up)
    QTest.keyClick(page.rows, Qt.Key.Key_Return)
    assert page.pane.isVisible()
    assert "channel" in page.rows.accessibleDescription()


def test_the_enlarged_channel_follows_the_picture_even_if_its_row_is_scrolled_away(answered):
    page, answers = answered(MapsPage, blocks=20)
    click(page, Spot(0, 1, 0))
    bar = page.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    before = page.pane.map.grab().toImage()
    answers.image = np.roll(answers.image, 5, 1)
    answers.answer()
    assert 0 in answers.asked[-1].blocks
    assert page.pane.isVisible()
    assert page.pane.map.grab().toImage() != before


def test_where_it_is_computed_can_be_opened(answered):
    page, _ = answered(MapsPage)
    opened = []
    page.opened.connect(opened.append)
    for spot in (Spot(0, 0, 1), Spot(2, 1, 3)):
        click(page, spot)
        page.findChild(QPushButton, "openConvolutionButton").click()
    assert opened == [UnitQuestion("stem", 1), UnitQuestion("stage2_block1_projection", 3)]


def test_in_a_narrow_window_the_enlarged_channel_takes_the_place_of_the_blocks(answered):
    page, _ = answered(MapsPage, size=(500, 400))
    scroll = page.findChild(QScrollArea)
    click(page, Spot(0, 0, 0))
    assert not scroll.isVisible()
    page.findChild(QPushButton, "closeChannelButton").click()
    assert scroll.isVisible()


@pytest.mark.parametrize(
    "settings",
    [
        {"shortcut": "none"},
        {"shortcut": "exclusive-gating"},
        {"shortcut": "projection", "batch_norm": True, "order": "full-pre-activation"},
        {"block": "bottleneck"},
        {"width": 1},
    ],
)
def test_networks_of_every_kind_are_painted(answered, settings):
    page, _ = answered(MapsPage, **settings)
    assert page.rows.row(0) is not None
    assert len(colors_of(page.rows)) > 5


def test_a_network_without_blocks_says_so(answered):
    page, _ = answered(MapsPage, blocks=0)
    assert "no residual blocks" in text(page, "mapsMessage")


def test_a_network_that_diverged_says_so(answered):
    page, _ = answered(MapsPage, broken=True, blocks=1, stages=1)
    assert "diverged" in text(page, "mapsMessage")
    assert LIGHT.muted in colors_of(page.rows)


def test_a_problem_is_told_instead_of_maps(answered):
    page, _ = answered(MapsPage)
    page.show_problem("This run has no network.", second=False)
    assert text(page, "mapsMessage") == "This run has no network."
    assert page.rows.blocks == 0


def test_the_dark_scheme_is_painted_dark(answered):
    page, _ = answered(MapsPage)
    page.set_colors(DARK)
    assert DARK.surface in colors_of(page.rows)
    assert LIGHT.surface not in colors_of(page.rows)


def test_beside_the_pictures_nothing_happens(answered):
    page, _ = answered(MapsPage)
    QTest.mouseClick(page.rows, Qt.MouseButton.LeftButton, pos=QPoint(page.rows.width() - 1, 2))
    assert not page.pane.isVisible()
