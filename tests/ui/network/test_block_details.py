"""The details of a block: texts, picture and table, at any width."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.ui.network.block_details import COLUMNS, BlockDetails
from resnet_gui.ui.network.plan import make_plan
from resnet_gui.ui.theme import DARK


@pytest.fixture
def details(qtbot):
    details = BlockDetails()
    qtbot.addWidget(details)
    details.resize(900, 500)
    details.show()
    qtbot.waitExposed(details)
    return details


def text(details, name):
    return details.findChild(QLabel, name).text()


def test_every_layer_of_the_block_is_in_the_table(details):
    plan = make_plan(Architecture(9, 2, 16, Shortcut.EXCLUSIVE_GATING, True))
    details.show_block(plan, 2, 7, None, "")
    names = [details.table.item(row, 0).text() for row in range(details.table.rowCount())]
    assert len(names) == len(plan.block(2, 7).layers)
    assert names[-2:] == ["add", "relu"]
    assert "gated shortcut" in names


def test_every_column_is_explained(details):
    headers = [details.table.horizontalHeaderItem(column) for column in range(len(COLUMNS))]
    assert all(header.toolTip().endswith(".") for header in headers)


def test_picture_and_table_stand_side_by_side_where_both_have_room(details, qtbot):
    details.show_block(make_plan(Architecture(2, 2, 16)), 2, 1, None, "")
    qtbot.waitUntil(lambda: details.table.x() > details.picture.geometry().right())
    details.resize(400, 500)
    qtbot.waitUntil(lambda: details.table.y() > details.picture.geometry().bottom())
    assert details.picture.width() <= 400


def test_the_table_is_as_high_as_its_rows(details):
    details.show_block(make_plan(Architecture(2, 2, 16, batch_norm=True)), 1, 1, None, "")
    QApplication.processEvents()
    last = details.table.visualItemRect(details.table.item(details.table.rowCount() - 1, 0))
    assert last.bottom() <= details.table.viewport().height()


@pytest.mark.parametrize("width", [240, 500, 1200])
@pytest.mark.parametrize("shortcut", Shortcut)
def test_paints_every_type_at_any_width(details, shortcut, width):
    details.set_colors(DARK)
    details.resize(width, 300)
    plan = make_plan(Architecture(3, 2, 16, shortcut, block="bottleneck"))
    details.show_block(plan, 2, 1, make_plan(Architecture(1, 1, 16)), "some name · ")
    assert text(details, "detailsTitle") == "some name · Stage 2, block 1 of 3"
    details.grab()


def test_a_bottleneck_tells_its_channels(details):
    details.show_block(make_plan(Architecture(1, 1, 16, block="bottleneck")), 1, 1, None, "")
    assert "This block quadruples the channels: 28×28×16 → 28×28×64." in text(details, "detailsSentences")


def test_zero_padding_alone_is_not_called_subsampling(details):
    plan = make_plan(Architecture(1, 2, 4, "A", block="bottleneck"))
    for stage, halved in ((1, False), (2, True)):
        details.show_block(plan, stage, 1, None, "")
        assert ("every second pixel" in details._sentences.text()) is halved
        assert "zeros fill the new channels" in details._sentences.text()
