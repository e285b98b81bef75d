"""The bar above the runs: search, groups, ticks and columns."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.run_groups import GROUPINGS
from resnet_gui.ui.theme import SPACING

ROOM_FOR_COUNT = 640  # pixels; in less the count of runs gives way
SEARCH_HELP = (
    "<p>Finds the runs that have all words, in name, tags, notes, shortcut, data set, state and so on.</p>"
    "<p><b>column:value</b> looks in one column: <b>blocks:9</b>, <b>depth:20</b>, <b>shortcut:none</b>, "
    "<b>tag:lesson</b>, <b>state:finished</b>.</p>"
)


class RunsBar(QWidget):
    """Shows and reports what is wanted.

    Signals: `searched(str)`; `grouped(str)` a key of GROUPINGS or nothing; `left()`, the search field was left
    downwards.
    """

    searched = Signal(str)
    grouped = Signal(str)
    left = Signal()

    def __init__(self, columns: QMenu, ticks: list[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.search = _SearchField(self)
        self.search.textChanged.connect(self.searched)
        self.search.left.connect(self.left)
        self.group = QComboBox(self, objectName="runsGroupCombo")
        self.group.setAccessibleName("Group the runs")
        self.group.setToolTip("Keep runs together under a line with their mean accuracy ± standard deviation")
        self.group.addItem("No groups", "")
        for key, grouping in GROUPINGS.items():
            self.group.addItem(grouping.title, key)
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.group.setMinimumContentsLength(11)
        self.group.view().setMinimumWidth(self.group.view().sizeHintForColumn(0) + 4 * SPACING)
        self.group.currentIndexChanged.connect(lambda: self.grouped.emit(self.group.currentData()))
        self._count = ElidedLabel("runsCount", "How many runs there are", self)
        menu = QMenu(self)
        menu.addActions(ticks)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.search, 3)
        layout.addWidget(self.group)
        layout.addWidget(self._button("Ticks", "runsTicksButton", "Tick the runs that are compared", menu))
        layout.addWidget(self._button("Columns", "runsColumnsButton", "Choose the columns", columns))
        layout.addWidget(self._count, 2)

    def say(self, runs: int, found: int, ticked: int) -> None:
        """Tell how many runs there are, are found and are ticked."""
        counted = f"{runs:,} run{'' if runs == 1 else 's'}" if found == runs else f"{found:,} of {runs:,} runs"
        self._count.say(f"{counted} · {ticked:,} ticked", tip="Ticked runs are compared in the tabs above")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow bars have no room for the count."""
        super().resizeEvent(event)
        self._count.setVisible(event.size().width() >= ROOM_FOR_COUNT)

    def _button(self, text: str, name: str, tip: str, menu: QMenu) -> QPushButton:
        button = QPushButton(text, self, objectName=name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setMenu(menu)
        return button


class _SearchField(QLineEdit):
    """Words to find. Escape clears it. Signal: `left()`, Down was pressed: on to the table."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runsSearch")
        self.setAccessibleName("Search the runs")
        self.setPlaceholderText("Search: words, tag:lesson, blocks:9")
        self.setToolTip(SEARCH_HELP)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(120)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears, Down and Return go on to the table."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)
