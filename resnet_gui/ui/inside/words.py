"""A text that wraps, and is never cut."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class Words(QLabel):
    """Takes as many lines as its text needs at its width; layouts alone may give a wrapped label too few."""

    def __init__(self, name: str, parent: QWidget, role: str = "", text: str = "") -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setProperty("role", role)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        """Show `text`."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # which its height would never be less than
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))  # -1 without a text
