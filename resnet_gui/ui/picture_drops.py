"""Pictures of digits as they are dropped, pasted and chosen: a file, or the bytes of one."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QImage

from resnet_gui.core.errors import PictureError

MOST_SIDE = 2000  # pixels of a copied picture; a larger one is made smaller first
WHAT_WORKS = "a picture file (PNG, JPEG, GIF, BMP, TIFF or WebP) or a copied picture works"
FILE_KINDS = "Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.tif *.tiff *.webp);;All files (*)"


def may_be_picture(data: QMimeData) -> bool:
    """Whether to let it be dropped: what turns out to be no picture then gets a sentence."""
    return data.hasUrls() or data.hasImage() or data.hasText()


def picture_of(data: QMimeData) -> Path | bytes:
    """The picture in what was dropped or copied: the path of its file, else the bytes of a PNG.

    Raises PictureError for anything else. Reads no file.
    """
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    if len(files) > 1:
        raise PictureError(f"These are {len(files)} files; the canvas takes one picture at a time.")
    if files:
        return Path(files[0])
    if data.hasFormat("image/png"):
        return data.data("image/png").data()
    image = data.imageData()
    if isinstance(image, QImage) and not image.isNull():
        return _png(image)
    if data.hasUrls():
        raise PictureError("That is a link, not the picture itself; copy the picture and paste it, or save it first.")
    came = "text" if data.hasText() else "nothing to show"
    raise PictureError(f"That is {came}, not a picture; {WHAT_WORKS}.")


def _png(image: QImage) -> bytes:
    if max(image.width(), image.height()) > MOST_SIDE:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(MOST_SIDE, MOST_SIDE, keep, smooth)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # not compressed: the window waits for it
    return content.data()
