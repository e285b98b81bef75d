"""One line of text that ends in an ellipsis where it is too long."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """Takes whatever width it is given; `text()` and the tooltip keep all of the text."""

    def __init__(self, name: str, accessible_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._tip = ""

    @property
    def shown(self) -> str:
        """The text as it fits now."""
        line = " ".join(self.text().split())
        return QFontMetrics(self.font()).elidedText(line, Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def say(self, text: str, tip: str = "", role: str = "muted") -> None:
        """Show `text` in the style of `role`; without a `tip` the tooltip says what does not fit."""
        self._tip = tip
        if role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)  # a style sheet looks at properties only when it polishes
            self.style().polish(self)
        if text != self.text():
            self.setText(text)
            self.setAccessibleDescription(text)
        self._update_tooltip()

    def minimumSizeHint(self) -> QSize:
        """Any width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other text may fit now."""
        super().resizeEvent(event)
        self._update_tooltip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text that fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter, self.shown)
        painter.end()

    def _update_tooltip(self) -> None:
        self.setToolTip(self._tip or (self.text() if self.shown != self.text() else ""))
