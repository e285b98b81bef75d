"""Files that are whole or not there."""

import os

import pytest

from resnet_gui.core.errors import FileError
from resnet_gui.core.files import read_text, whole_file


def test_a_file_appears_once_it_is_whole(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with whole_file(path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(TypeError), whole_file(path) as file:
        file.write("not bytes")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"), whole_file(tmp_path / "file" / "below"):
        pass
    with pytest.raises(FileError, match="no ordinary file"), whole_file(tmp_path):
        pass
    with pytest.raises(FileError, match="too long"), whole_file(tmp_path / ("x" * 300)):
        pass


def test_text_is_read_and_what_is_none_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbfhello")
    assert read_text(path, 100) == "hello"
    with pytest.raises(FileError, match="too long: at most 3 bytes"):
        read_text(path, 3)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="no text"):
        read_text(path, 100)
    with pytest.raises(FileError, match="cannot be read"):
        read_text(tmp_path / "nowhere", 100)
    with pytest.raises(FileError, match="no ordinary file"):
        read_text(tmp_path, 100)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="no ordinary file"):
        read_text(tmp_path / "pipe", 100)
