"""How the cells of the runs table are painted and edited."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_gui.ui.run_columns import COLUMNS, NAME, STATE
from resnet_gui.ui.run_icons import SIDE
from resnet_gui.ui.runs_model import BACKGROUND, DECORATION, DISPLAY, FONT, FOREGROUND, RunsModel
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NAME_LENGTH = 100  # characters that can be typed
FITTED = 5000  # cells whose shortened text is remembered
_Index = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CellDelegate(QStyledItemDelegate):
    """Text, with a picture before names and states. Qt's own asks a style sheet for each cell: four times as slow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._fitted: dict[tuple[str, int], str] = {}
        self._metrics = QFontMetrics(parent.font())
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Paint in another scheme; whatever the font is now."""
        self._text, self._selected = QColor(colors.text), QColor(colors.raised)
        self._metrics = QFontMetrics(self.parent().font())
        self._fitted.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """A selected cell's colour, the picture, and as much of the text as there is room for."""
        text, column, selected = index.data(DISPLAY), index.column(), option.state & QStyle.StateFlag.State_Selected
        place = option.rect
        if selected:
            painter.fillRect(place, self._selected)
        if not text:
            return
        x, width = place.x() + SPACING, place.width() - 2 * SPACING
        color = self._text
        if column in (NAME, STATE):
            icon = index.data(DECORATION)
            if icon is not None:
                icon.paint(painter, x, place.y() + (place.height() - SIDE) // 2, SIDE, SIDE)
                x, width = x + SIDE + SPACING // 2, width - SIDE - SPACING // 2
            color = index.data(FOREGROUND) or color
        painter.setFont(index.data(FONT) or self.parent().font() if column == STATE else self.parent().font())
        painter.setPen(color)
        alignment = _RIGHT if COLUMNS[column].number else _LEFT
        painter.drawText(QRect(x, place.y(), width, place.height()), alignment, self._fit(text, width))

    def _fit(self, text: str, width: int) -> str:
        fitted = self._fitted.get((text, width))
        if fitted is None:
            if len(self._fitted) > FITTED:
                self._fitted.clear()
            fitted = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._fitted[text, width] = fitted
        return fitted


class TickDelegate(QStyledItemDelegate):
    """Ticks; under those of groups the colour of their lines, which the style sheet's items do not take."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The line's colour, and the tick."""
        color = index.data(BACKGROUND)
        if color is not None:
            painter.fillRect(option.rect, color)
        super().paint(painter, option, index)


class NameDelegate(CellDelegate):
    """Renames in place."""

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """A line for the name; empty, it shows the network's own."""
        editor = QLineEdit(parent, objectName="runNameEdit", maxLength=NAME_LENGTH)
        editor.setAccessibleName("Name of the run")
        editor.setToolTip("Empty: the network's own name")
        editor.setPlaceholderText(self._model.entry_at(index.row()).run.experiment.architecture.name)
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """The name, but once: a run that trains changes all the time, and what is typed must stay."""
        if not editor.property("filled"):
            editor.setProperty("filled", True)
            super().setEditorData(editor, index)
