"""Texts that wrap are never cut."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_gui.ui.inside.words import Words


def test_a_text_has_as_many_lines_as_it_needs(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QVBoxLayout(holder)
    words = Words("words", holder)
    layout.addWidget(words)
    filler = QWidget(holder)
    filler.setMinimumHeight(400)
    layout.addWidget(filler)
    holder.resize(300, 100)
    holder.show()
    words.setText("one line")
    line = words.minimumHeight()
    words.setText("many words " * 20)
    assert words.minimumHeight() == words.heightForWidth(words.width()) > 2 * line
    holder.resize(1200, 100)
    qtbot.waitUntil(lambda: words.minimumHeight() < 4 * line)
    words.setText("one line")
    assert words.minimumHeight() == line
