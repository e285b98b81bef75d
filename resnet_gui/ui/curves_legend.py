"""The names of the curves in their colours, in a few rows that scroll."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolButton, QWidget

from resnet_gui.ui.curve_lines import dot
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import Colors

NAME_WIDTH = 240  # pixels of a name
SWATCH = 12  # pixels across


@dataclass(frozen=True)
class Key:
    """What one curve is called, and in which colour it is drawn."""

    run_id: str  # the run, or the first of those whose mean it is
    name: str
    color: str  # #rrggbb
    tip: str = ""


class CurvesLegend(QScrollArea):
    """A button for each curve.

    Signals:
        clicked(str): a curve was chosen, by the id of its run.
    """

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesLegend")
        self.setAccessibleName("Curves and their colours")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its buttons have it
        self._keys: tuple[Key, ...] = ()
        self._rows = 1  # that are seen at once
        self._buttons: dict[str, QToolButton] = {}
        page = QWidget(self)
        page.setObjectName("curvesLegendPage")
        self._flow = Flow()
        page.setLayout(self._flow)
        policy = page.sizePolicy()
        policy.setHeightForWidth(True)
        page.setSizePolicy(policy)
        self.setWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Show these, and no others; what stays keeps its button."""
        keys = tuple(keys)
        if keys == self._keys:
            return
        for run_id in self._buttons.keys() - {key.run_id for key in keys}:
            button = self._buttons.pop(run_id)
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        page = self.widget()
        page.setVisible(False)  # else each button that comes would have all others laid out again
        for index, key in enumerate(keys):
            if key.run_id not in self._buttons:
                self._buttons[key.run_id] = self._make(key.run_id)
            self._flow.put(index, self._buttons[key.run_id])
            self._label(self._buttons[key.run_id], key)
        page.setVisible(True)
        self._keys = keys
        self._fit()

    def set_rows(self, rows: int) -> None:
        """Show at most so many rows at once."""
        self._rows = rows
        self._fit()

    def select(self, run_id: str) -> None:
        """Mark the curve of this run."""
        for other, button in self._buttons.items():
            button.setChecked(other == run_id)

    def set_colors(self, colors: Colors) -> None:
        """Mark what is selected in another colour scheme."""
        self.setStyleSheet(
            "QToolButton { border: 1px solid transparent; background: transparent; padding: 2px 4px; }"
            f"QToolButton:hover, QToolButton:checked {{ background: {colors.raised}; }}"
            f"QToolButton:focus {{ border-color: {colors.accent}; }}"
        )
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Other names fit into a row now."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the button that has the keyboard in sight."""
        if event.type() == QEvent.Type.FocusIn:
            self.ensureWidgetVisible(watched, 0, 0)
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """As high as it is; any width."""
        return QSize(200, self.minimumHeight())

    def _fit(self) -> None:
        """As high as its rows, but for those that are scrolled to."""
        row = self._flow.sizeHint().height()
        most = self._rows * row + (self._rows - 1) * self._flow.row_gap
        self.setFixedHeight(min(most, self._flow.heightForWidth(self.viewport().width())) if self._keys else 0)
        self.verticalScrollBar().setSingleStep(row + self._flow.row_gap)

    def _make(self, run_id: str) -> QToolButton:
        button = QToolButton(self.widget())
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIconSize(QSize(SWATCH, SWATCH))
        button.installEventFilter(self)
        button.clicked.connect(partial(self._report, run_id))
        button.show()
        return button

    def _report(self, run_id: str) -> None:
        self._buttons[run_id].toggle()  # whoever is told selects
        self.clicked.emit(run_id)

    def _label(self, button: QToolButton, key: Key) -> None:
        button.setObjectName(f"curve-{key.run_id}")
        button.setText(QFontMetrics(button.font()).elidedText(key.name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH))
        button.setAccessibleName(f"Select {key.name}")
        button.setToolTip(key.tip)
        button.setIcon(QIcon(dot(key.color, self.devicePixelRatioF(), SWATCH)))
