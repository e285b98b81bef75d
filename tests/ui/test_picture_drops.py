"""What is taken as a picture of what was dropped or copied, and what is said of the rest."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage

from resnet_gui.core.errors import PictureError
from resnet_gui.ui.picture_drops import MOST_SIDE, picture_of


def urls(*addresses):
    data = QMimeData()
    data.setUrls([QUrl(address) for address in addresses])
    return data


def test_one_file_is_its_path():
    assert picture_of(urls("file:///tmp/a%20seven.png")) == Path("/tmp/a seven.png")


def test_bytes_of_a_png_are_taken_as_they_are():
    data = QMimeData()
    data.setData("image/png", b"\x89PNG...")
    assert picture_of(data) == b"\x89PNG..."


def test_an_image_becomes_a_png_of_bounded_size(qapp):
    image = QImage(3 * MOST_SIDE, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data = QMimeData()
    data.setImageData(image)
    again = QImage.fromData(picture_of(data), "PNG")
    assert (again.width(), again.height()) == (MOST_SIDE, 100)
    assert again.pixelColor(50, 50).name() == "#ff0000"


def test_an_image_beside_a_link_is_the_picture(qapp):
    data = urls("https://example.org/seven.png")
    data.setImageData(QImage(3, 3, QImage.Format.Format_RGB32))
    assert picture_of(data).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (urls("file:///a.png", "file:///b.png", "file:///c.png"), "These are 3 files"),
        (urls("https://example.org/seven.png"), "That is a link, not the picture itself"),
        (QMimeData(), "That is nothing to show, not a picture"),
    ],
)
def test_the_rest_gets_a_sentence(data, sentence):
    with pytest.raises(PictureError, match=sentence):
        picture_of(data)


def test_text_gets_a_sentence_that_says_what_works():
    data = QMimeData()
    data.setText("/tmp/seven.png")
    with pytest.raises(PictureError, match=r"text, not a picture; a picture file \(PNG"):
        picture_of(data)


def test_an_image_without_pixels_is_none(qapp):
    data = QMimeData()
    data.setImageData(QImage())
    with pytest.raises(PictureError, match="nothing to show"):
        picture_of(data)
