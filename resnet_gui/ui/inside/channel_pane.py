"""One feature map seen large, beside the blocks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_gui.core.inside.maps import Row, channel_words
from resnet_gui.ui.inside.map_rows import Spot
from resnet_gui.ui.inside.pixel_map import Pixel, PixelMap
from resnet_gui.ui.theme import SPACING, Colors


class ChannelPane(QWidget):
    """Shows the map that it is given.

    Signals: `closed()`: it is not wanted any more; `opened(str, int)`: how a channel of that layer is computed, is to
    be seen.
    """

    closed = Signal()
    opened = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("channelPane")
        self.setAccessibleName("One feature map, enlarged")
        self._layer, self._channel = "", 0
        self._pointed: Pixel | None = None
        self._title = QLabel(self)
        self._title.setWordWrap(True)
        self.map = PixelMap("channelMap", "The feature map", self)
        self.map.setToolTip("Point at a square, or move by the arrow keys, to see its value.")
        self._value = QLabel(self)
        self._value.setObjectName("channelValue")
        self._value.setAccessibleName("Value under the pointer")
        self._value.setProperty("role", "muted")
        self._value.setWordWrap(True)
        self._open = QPushButton("How is it computed?", self)
        self._open.setObjectName("openConvolutionButton")
        self._open.setToolTip("Open this channel in the view Convolution.")
        close = QPushButton("Close", self)
        close.setObjectName("closeChannelButton")
        close.setToolTip("Show the blocks alone again.")
        buttons = QHBoxLayout()
        buttons.addWidget(self._open, 1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._title)
        layout.addWidget(self.map, 1)
        layout.addWidget(self._value)
        layout.addLayout(buttons)
        self.map.pointed.connect(self._point)
        self.map.picked.connect(lambda row, column: self._say())
        self._open.clicked.connect(lambda: self.opened.emit(self._layer, self._channel))
        close.clicked.connect(self.closed)

    def show_channel(self, row: Row, spot: Spot) -> None:
        """Show this channel of a block."""
        values, mosaic = row.values(spot.part, spot.channel), row.mosaics[spot.part]
        pixel = self.map.pixel
        if pixel is not None and (pixel[0] >= values.shape[0] or pixel[1] >= values.shape[1]):
            pixel = None
        if self._pointed is not None and (self._pointed[0] >= values.shape[0] or self._pointed[1] >= values.shape[1]):
            self._pointed = None
        self.map.show_map(values, mosaic.limit, pixel)
        self._title.setText(channel_words(row, spot.part, spot.channel))
        self._layer, self._channel = row.parts[spot.part].layer, spot.channel
        self._open.setVisible(bool(self._layer))
        self._say()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self.map.set_colors(colors)

    def _point(self, pixel: Pixel | None) -> None:
        self._pointed = pixel
        self._say()

    def _say(self) -> None:
        pixel = self._pointed or self.map.pixel
        self._value.setText("Point at it to see values." if pixel is None else self.map.text_at(pixel).capitalize())
