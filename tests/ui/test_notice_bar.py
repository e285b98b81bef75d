"""The bar that says what went wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from resnet_gui.ui.notice_bar import NoticeBar


@pytest.fixture
def bar(qtbot):
    made = NoticeBar()
    qtbot.addWidget(made)
    return made


def button(bar, name):
    return bar.findChild(QPushButton, name)


def test_it_is_hidden_until_there_is_something_to_say(bar):
    assert bar.isHidden()
    bar.show_notice("Something came.")
    assert not bar.isHidden()
    assert bar.text == "Something came."
    assert button(bar, "noticeActionButton").isHidden()
    assert button(bar, "noticeDetailsButton").isHidden()


def test_dismiss_hides_it(bar, qtbot):
    bar.show_notice("Something came.")
    qtbot.mouseClick(button(bar, "noticeCloseButton"), Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert bar.text == ""


def test_details_open_on_demand_and_close_with_the_next_notice(bar, qtbot):
    bar.show_notice("It failed.", details="Traceback")
    details = bar.findChild(QPlainTextEdit, "noticeDetails")
    assert details.isHidden()
    qtbot.mouseClick(button(bar, "noticeDetailsButton"), Qt.MouseButton.LeftButton)
    assert not details.isHidden()
    assert details.toPlainText() == "Traceback"
    bar.show_notice("Another thing.")
    assert details.isHidden()


def test_the_action_is_the_newest_one(bar, qtbot):
    done = []
    bar.show_notice("First.", action="One", act=lambda: done.append(1))
    bar.show_notice("Second.", action="Two", act=lambda: done.append(2))
    assert button(bar, "noticeActionButton").text() == "Two"
    qtbot.mouseClick(button(bar, "noticeActionButton"), Qt.MouseButton.LeftButton)
    assert done == [2]


def test_what_looks_like_markup_is_shown_as_it_is(bar):
    bar.show_notice("<b>file</b> is no archive")
    assert bar.findChild(type(bar._text), "noticeLabel").textFormat() is Qt.TextFormat.PlainText


def test_one_long_word_does_not_widen_the_window(qtbot):
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice("short")
    before = bar.minimumSizeHint().width()
    bar.show_notice("W" * 5000)
    assert bar.minimumSizeHint().width() <= before
    assert len(bar.text) < 700
