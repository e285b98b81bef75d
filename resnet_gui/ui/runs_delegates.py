"""How the cells of the runs table are painted and edited."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_gui.ui.run_cells import BACKGROUND, DECORATION, DISPLAY, FONT, FOREGROUND
from resnet_gui.ui.run_columns import COLUMNS, NAME, STATE
from resnet_gui.ui.run_icons import SIDE
from resnet_gui.ui.runs_model import RunsModel
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NAME_LENGTH = 100  # characters that can be typed
EDGE = 3  # pixels of the field before its text, less the gap after the picture
FITTED = 5000  # texts that are remembered as they were laid out
_Index = QModelIndex | QPersistentModelIndex
_SELECTED = QStyle.StateFlag.State_Selected


class CellDelegate(QStyledItemDelegate):
    """Text, with a picture before names and states.

    Qt's own delegate asks the style sheet for each cell and lays its text out each time: five times as slow.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._fitted: dict[tuple[str, int, bool], QStaticText] = {}
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Paint in another scheme, and in whatever the font is now."""
        self._text, self._selected = QColor(colors.text), QColor(colors.raised)
        self._font, self._italic = QFont(self.parent().font()), QFont(self.parent().font())
        self._italic.setItalic(True)
        self._fitted.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """A selected cell's colour, the picture, and as much of the text as there is room for."""
        place, text, column = option.rect, index.data(DISPLAY), index.column()
        if option.state & _SELECTED:
            painter.fillRect(place, self._selected)
        if not text:
            return
        left, width, color, italic = place.x() + SPACING, place.width() - 2 * SPACING, self._text, False
        if column in (NAME, STATE):
            icon = index.data(DECORATION)
            if icon is not None:
                icon.paint(painter, left, place.y() + (place.height() - SIDE) // 2, SIDE, SIDE)
                left, width = left + SIDE + SPACING // 2, width - SIDE - SPACING // 2
            color, italic = index.data(FOREGROUND) or color, index.data(FONT) is not None
        fitted = self._fit(text, width, italic)
        size = fitted.size()
        if COLUMNS[column].number:
            left += width - round(size.width())
        painter.setFont(self._italic if italic else self._font)
        painter.setPen(color)
        painter.drawStaticText(left, place.y() + (place.height() - round(size.height())) // 2, fitted)

    def _fit(self, text: str, width: int, italic: bool) -> QStaticText:
        fitted = self._fitted.get((text, width, italic))
        if fitted is None:
            if len(self._fitted) > FITTED:
                self._fitted.clear()
            font = self._italic if italic else self._font
            fitted = QStaticText(QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width))
            fitted.setTextFormat(Qt.TextFormat.PlainText)
            fitted.prepare(font=font)
            self._fitted[text, width, italic] = fitted
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

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Over the text, beside the picture."""
        editor.setGeometry(option.rect.adjusted(SPACING + SIDE - EDGE, 0, 0, 0))

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """The name, but once: a run that trains changes all the time, and what is typed must stay."""
        if not editor.property("filled"):
            editor.setProperty("filled", True)
            super().setEditorData(editor, index)
