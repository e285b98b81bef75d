"""Feature maps of every block, following the pen."""

from PySide6.QtGui import QImage, QPainter, QPaintEvent

from resnet_gui.core.inside.maps import Maps, MapsQuestion
from resnet_gui.core.inside.question import Answered
from resnet_gui.ui.inside.page import Page


class MapsPage(Page):
    """A row for each block: x, F(x), their sum, and what leaves the block."""

    TITLE = "Maps"
    TIP = "What every block gets, adds and passes on, as pictures that follow the pen."

    _maps: Maps | None = None

    @property
    def question(self) -> MapsQuestion:
        """All blocks."""
        return MapsQuestion()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the maps."""
        self._maps = answered.answer
        self.update()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there are none."""
        self.show_nothing()

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._maps = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the first channel of each."""
        painter = QPainter(self)
        for row, block in enumerate(self._maps.blocks if self._maps else ()):
            for column, values in enumerate((block.x, block.branch, block.total, block.output)):
                picture = (abs(values[:, :, 0]) * 255 / (abs(values).max() + 1e-9)).astype("uint8").copy()
                height, width = picture.shape
                image = QImage(picture.data, width, height, width, QImage.Format.Format_Grayscale8)
                painter.drawImage(column * 40, row * 40, image)
