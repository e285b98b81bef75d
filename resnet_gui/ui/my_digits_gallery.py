"""The gallery of the kept digits: those of a label together, to look at, select, relabel and delete."""

from collections.abc import Callable, Sequence
from math import ceil

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFont, QFontMetricsF, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_gui.core.sample import CLASSES, Sample
from resnet_gui.ui.digit_pixels import DigitPixels
from resnet_gui.ui.my_digits_model import Answers, MyDigitsModel, Picture
from resnet_gui.ui.sectioned_list import SectionedList
from resnet_gui.ui.theme import LIGHT, RADIUS, SPACING, Colors

MARGIN = 5  # pixels around an item's content
LINE = 15  # pixels of a caption
CAPTION = 12  # pixels of its letters
NUMBER = 18  # pixels of a heading's digit
WIDEST = "→ 0  100 %"
SHAPE = (28, 28)

_ModelIndex = QModelIndex | QPersistentModelIndex


class MyDigitDelegate(QStyledItemDelegate):
    """Paints a digit as ink on paper; one that is misread in a frame, with what it is taken for below."""

    def __init__(self, model: MyDigitsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors, self._pixels = colors, DigitPixels(colors)

    def sizeHint(self, option: QStyleOptionViewItem, index: _ModelIndex) -> QSize:
        """All items alike; with room for captions while there are answers."""
        size = DigitPixels.size(SHAPE, self.parent().devicePixelRatioF())
        width, height = size.width(), size.height()
        if self._model.answers.by_id:
            width = max(width, QFontMetricsF(_font(self.parent().font(), CAPTION)).horizontalAdvance(WIDEST))
            height += LINE
        return QSize(ceil(width) + 2 * MARGIN, ceil(height) + 2 * MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ModelIndex) -> None:
        """Background, digit, frame, caption."""
        sample, colors, area = self._model.samples[index.row()], self._colors, QRectF(option.rect)
        wrong = self._model.answers.wrong(sample)
        painter.save()
        self._paint_background(painter, option.state, area.adjusted(1, 1, -1, -1))
        bottom = self._pixels.paint(painter, area.adjusted(0, MARGIN, 0, 0), self._model.picture(sample), SHAPE)
        if wrong:
            size = DigitPixels.size(SHAPE, painter.device().devicePixelRatioF())
            place = QRectF(area.center().x() - size.width() / 2, area.top() + MARGIN, size.width(), size.height())
            painter.setPen(QPen(QColor(colors.error), 2))
            painter.drawRect(place)
            painter.setFont(_font(option.font, CAPTION))
            painter.drawText(
                QRectF(area.left(), bottom + 1, area.width(), LINE),
                Qt.AlignmentFlag.AlignCenter,
                self._model.caption(sample),
            )
        painter.restore()

    def _paint_background(self, painter: QPainter, state: QStyle.StateFlag, area: QRectF) -> None:
        selected, flags = state & QStyle.StateFlag.State_Selected, QStyle.StateFlag
        if not state & (flags.State_Selected | flags.State_MouseOver | flags.State_HasFocus):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(self._colors.accent if selected else self._colors.raised)
        if selected:
            fill.setAlphaF(0.3)
        painter.setBrush(fill)
        focus = QPen(QColor(self._colors.accent), 1.5)
        painter.setPen(focus if state & flags.State_HasFocus else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class MyDigitsGallery(SectionedList):
    """The kept digits under the labels that they have.

    Signals: `delete_wanted(object)` the ids of the selected ones, a tuple; `relabel_wanted(object, int)` the same, and
    what they are to be; `selection_changed(int)` how many are selected.
    """

    delete_wanted = Signal(object)
    relabel_wanted = Signal(object, int)
    selection_changed = Signal(int)

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("myDigitsGallery")
        self.setAccessibleName("My digits")
        self.setAccessibleDescription("Keys 0 to 9 relabel the selected digits, Delete removes them.")
        self.setMinimumSize(200, 160)
        self._digits = MyDigitsModel(picture, self)
        self._delegate = MyDigitDelegate(self._digits, self)
        self.setModel(self._digits)
        self.setItemDelegate(self._delegate)
        self.selectionModel().selectionChanged.connect(lambda: self.selection_changed.emit(len(self.selected)))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for label in range(CLASSES):
            self._add_action(
                f"Label as {label}", (str(label),), lambda n=label: self.relabel_wanted.emit(self.selected, n)
            )
        self._add_action("Delete", ("Delete", "Backspace"), lambda: self.delete_wanted.emit(self.selected))
        self.set_colors(LIGHT)

    @property
    def answers(self) -> Answers:
        """What a network takes the digits for, as it is shown."""
        return self._digits.answers

    @property
    def selected(self) -> tuple[int, ...]:
        """The ids of the selected digits, in the order of the gallery."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return tuple(self._digits.samples[row].id for row in rows)

    def show_digits(self, samples: Sequence[Sample], answers: Answers) -> None:
        """Show these; what is selected stays so where it keeps its place, and so does the item that keys act on."""
        before = self._digits.samples
        selected, current = set(self.selected), self.currentIndex().row()
        had_current = current >= 0
        labels = {sample.id: sample.label for sample in samples}
        stays = [labels.get(sample.id) == sample.label for sample in before]
        # The next one that keeps its place, or the last before it.
        order = [*range(current, len(before)), *range(current - 1, -1, -1)] if had_current else []
        kept = next((before[row].id for row in order if stays[row]), None)
        selected &= {sample.id for sample, stay in zip(before, stays, strict=True) if stay}
        self._digits.show(samples, answers)
        rows = {sample.id: row for row, sample in enumerate(self._digits.samples)}
        selection = QItemSelection()
        for first, last in _runs(sorted(rows[digit] for digit in selected)):
            selection.select(self._digits.index(first, 0), self._digits.index(last, 0))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)
        if kept is not None:
            self.setAutoScroll(False)  # who looks at another place goes on looking at it
            self.selectionModel().setCurrentIndex(
                self._digits.index(rows[kept], 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.setAutoScroll(True)
        self.selection_changed.emit(len(selected))

    def section_rows(self) -> list[tuple[int, int]]:
        """One section for each label that a digit has."""
        return [(first, count) for _, first, count in self._digits.sections]

    def paint_heading(self, painter: QPainter, number: int, area: QRect) -> None:
        """The label, and how many there are."""
        section = self._digits.sections[number]
        painter.setPen(QColor(self._colors.text))
        large = _font(self.font(), NUMBER)
        large.setWeight(QFont.Weight.DemiBold)
        painter.setFont(large)
        painter.drawText(area.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(section[0]))
        painter.setPen(QColor(self._colors.muted))
        painter.setFont(self.font())
        painter.drawText(
            area.adjusted(NUMBER + SPACING, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._digits.heading(*section)
        )

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self._delegate.set_colors(colors)
        self.setStyleSheet(
            f"QListView {{ background: {colors.surface}; border: 1px solid {colors.border};"
            f" border-radius: {RADIUS}px; outline: none; }}"
            f"QListView:focus {{ border-color: {colors.accent}; }}"
        )
        self.viewport().update()

    def _add_action(self, text: str, keys: tuple[str, ...], slot: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(False)
        action.triggered.connect(lambda: slot())
        self.selection_changed.connect(lambda count: action.setEnabled(count > 0))
        self.addAction(action)


def _font(font: QFont, pixels: int) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    return sized


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours among sorted `rows`."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs
