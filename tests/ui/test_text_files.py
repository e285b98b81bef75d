"""Text files are read and written beside the GUI thread."""

import pytest
from PySide6.QtCore import QObject

from resnet_gui.ui.text_files import TextFiles


@pytest.fixture
def files(qapp):
    owner = QObject()
    made = TextFiles(owner)
    yield made
    made.finish()


def test_written_and_read_again(files, qtbot, tmp_path):
    path = tmp_path / "a b" / "ä.txt"
    with qtbot.waitSignal(files.saved) as caught:
        files.save(path, "größer\n")
    assert caught.args == [str(path)]
    with qtbot.waitSignal(files.opened) as caught:
        files.open(path)
    assert caught.args == ["größer\n"]


def test_what_does_not_work_is_said(files, qtbot, tmp_path):
    with qtbot.waitSignal(files.failed) as caught:
        files.open(tmp_path / "nowhere")
    assert "cannot be read" in caught.args[0]
    with qtbot.waitSignal(files.failed) as caught:
        files.save(tmp_path, "text")
    assert "no ordinary file" in caught.args[0]
