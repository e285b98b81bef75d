"""A bar over the window's content that says in one sentence what went wrong and offers what to do about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from resnet_gui.ui.theme import SPACING

LONGEST = 600  # characters of the sentence


class NoticeBar(QFrame):
    """Hidden until `show_notice`; closed by its user or by the next `clear`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self.setAccessibleName("Notice")
        self._text = QLabel(self, objectName="noticeLabel", wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setMinimumWidth(1)  # else one long word would widen the window
        self._action = QPushButton(self, objectName="noticeActionButton")
        self._action.clicked.connect(lambda: self._act())
        self._more = QPushButton("Details", self, objectName="noticeDetailsButton", checkable=True)
        self._more.setToolTip("Show the details.")
        close = QPushButton("Dismiss", self, objectName="noticeCloseButton")
        close.setToolTip("Hide this notice.")
        close.clicked.connect(self.clear)
        self._details = QPlainTextEdit(self, objectName="noticeDetails", readOnly=True)
        self._details.setMaximumHeight(160)
        self._details.setAccessibleName("Details")
        self._more.toggled.connect(self._details.setVisible)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._text, 1)
        for button in (self._action, self._more, close):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING, SPACING, SPACING)
        layout.addLayout(row)
        layout.addWidget(self._details)
        self._act: Callable[[], None] = lambda: None
        self.clear()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty while the bar is hidden."""
        return self._text.text()

    def show_notice(
        self,
        text: str,
        details: str = "",
        action: str = "",
        act: Callable[[], None] | None = None,
        opened: bool = False,
    ) -> None:
        """Say `text`; `details` open on demand, or at once if `opened`; `action` names a button that calls `act`."""
        self._text.setText(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
        self._details.setPlainText(details)
        self._more.setChecked(opened)
        self._more.setVisible(bool(details))
        self._details.setVisible(opened)
        self._action.setText(action)
        self._action.setToolTip(action)
        self._action.setVisible(bool(action))
        self._act = act or (lambda: None)
        self.setVisible(True)

    def clear(self) -> None:
        """Hide the bar."""
        self._text.clear()
        self.setVisible(False)
