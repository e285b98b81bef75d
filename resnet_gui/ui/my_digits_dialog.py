"""A window of the digits that people drew and kept: to look through, mend, take elsewhere, and check networks on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.ui.curve_lines import dot
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.my_digits import MyDigitsShelf
from resnet_gui.ui.my_digits_checks import Candidate, MyDigitsChecks
from resnet_gui.ui.my_digits_gallery import MyDigitsGallery
from resnet_gui.ui.notice_bar import NoticeBar
from resnet_gui.ui.theme import LIGHT, RADIUS, SPACING, Colors

SIZE = QSize(900, 620)
SIDE_WIDTH = 232  # pixels of the column of networks
SWATCH = 12  # pixels across
FILES = "Stroke files (*.npz);;All files (*)"
EMPTY = (
    "There are no digits yet.\n\nDraw a digit and press its key, 0–9: it is kept here, with its strokes.\n"
    "Or import a stroke file."
)
ALL_RIGHT = "This network reads all of them right."
HINT = "0–9 relabel what is selected, Delete removes it, Ctrl+Z takes that back."


class MyDigitsDialog(QDialog):
    """Gallery, files and checks of the kept digits.

    Signal: `training_wanted(str)`: the network of the run with this id is to be trained on them.
    """

    training_wanted = Signal(str)

    def __init__(self, shelf: MyDigitsShelf, checks: MyDigitsChecks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("myDigitsDialog")
        self.setWindowTitle("My digits")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._shelf, self._checks = shelf, checks
        self._colors = LIGHT
        self._chosen = ""  # id of the run whose answers are shown
        self._undo: Callable[[], None] = lambda: None
        self.notice = NoticeBar(self)
        self.gallery = MyDigitsGallery(shelf.picture, self)
        self._message = QLabel(EMPTY, self, objectName="myDigitsMessage", wordWrap=True)
        self._message.setProperty("role", "muted")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._message)
        self._stack.addWidget(self.gallery)
        self._summary = ElidedLabel("myDigitsSummary", "How many digits there are", self)
        self._import = self._button("Import…", "importDigitsButton", "Add the digits of a stroke file.", self._open)
        self._export = self._button("Export…", "exportDigitsButton", "Write all digits to a stroke file.", self._save)
        self._delete = self._button(
            "Delete", "deleteDigitsButton", "Remove the selected digits (Delete).", self._delete_selected
        )
        self._lay_out()
        self._connect()
        self.resize(SIZE)
        self._show_digits()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came of checks and trainings meanwhile."""
        super().showEvent(event)
        self._show_digits()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.gallery.set_colors(colors)
        self._runs.setStyleSheet(
            f"QListWidget {{ background: {colors.surface}; border: 1px solid {colors.border};"
            f" border-radius: {RADIUS}px; outline: none; }}"
            f"QListWidget:focus {{ border-color: {colors.accent}; }}"
            f"QListWidget::item {{ padding: 5px; }}"
            f"QListWidget::item:selected {{ background: {colors.raised}; color: {colors.text}; }}"
        )
        self._show_candidates()

    def changeEvent(self, event: QEvent) -> None:
        """See what other windows and commands have changed once this one is looked at again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._shelf.refresh()

    @property
    def candidate(self) -> Candidate:
        """The network whose answers are shown."""
        candidates = self._checks.candidates
        return next((each for each in candidates if each.run == self._chosen), candidates[0])

    @Slot(str, object)
    def _offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        def act() -> None:
            self._undo = lambda: None
            self.notice.clear()
            undo()

        self._undo = act
        self.notice.show_notice(text, action="Undo", act=act)

    def _tell(self, text: str) -> None:
        self._undo = lambda: None
        self.notice.show_notice(text)

    def _show_digits(self) -> None:
        """Show what there is: all digits, or those that the network misreads."""
        samples, answers = self._shelf.samples, self._checks.answers(self.candidate)
        if self._only_wrong.isChecked():
            samples = tuple(sample for sample in samples if answers.wrong(sample))
        self.gallery.show_digits(samples, answers)
        waiting = "" if self._shelf.known else "Reading the digits…"
        self._message.setText(waiting or (ALL_RIGHT if self._shelf.samples else EMPTY))
        self._stack.setCurrentWidget(self.gallery if samples else self._message)
        self._export.setEnabled(bool(self._shelf.samples))
        self._show_candidates()

    def _show_candidates(self) -> None:
        """Show the networks and what is known of each."""
        candidates, chosen = self._checks.candidates, self.candidate
        with QSignalBlocker(self._runs):
            while self._runs.count() > len(candidates):
                self._runs.takeItem(self._runs.count() - 1)
            while self._runs.count() < len(candidates):
                self._runs.addItem(QListWidgetItem())
            for row, candidate in enumerate(candidates):
                item, status = self._runs.item(row), self._checks.status(candidate)
                text = f"{candidate.name}\n{' '.join(status.split())}"
                color = self._colors.muted if candidate.color is None else self._run_color(candidate.color)
                item.setText(text)
                item.setToolTip(text)
                item.setIcon(QIcon(dot(color, self.devicePixelRatioF(), SWATCH)))
                item.setData(Qt.ItemDataRole.UserRole, candidate.run)
                if candidate.run == chosen.run:
                    self._runs.setCurrentRow(row)
        self._train.setAccessibleName(f"Train {chosen.name} on my digits")
        self._train.setEnabled(bool(self._shelf.samples) and not chosen.obstacle)
        self._check.setEnabled(bool(self._shelf.samples) and not self._checks.busy)
        checked = bool(self._checks.answers(chosen).by_id)
        self._only_wrong.setEnabled(checked)
        if not checked:
            self._only_wrong.setChecked(False)

    def _run_color(self, color: int) -> str:
        return self._colors.runs[color % len(self._colors.runs)]

    def _choose(self, row: int) -> None:
        candidates = self._checks.candidates
        if 0 <= row < len(candidates):
            self._chosen = candidates[row].run
            self._show_digits()

    def _take_answers(self) -> None:
        """Show the networks anew, and the gallery only if there is something new to mark; nothing while unseen."""
        if not self.isVisible():
            return
        if self._checks.answers(self.candidate) != self.gallery.answers:
            self._show_digits()
        else:
            self._show_candidates()

    def _show_selection(self, selected: int) -> None:
        count = len(self._shelf.samples)
        text = f"{count:,} digit{'' if count == 1 else 's'}"
        self._summary.say(f"{text}, {selected:,} selected" if selected else text)
        self._delete.setEnabled(selected > 0)

    def _delete_selected(self) -> None:
        self._shelf.delete(self.gallery.selected)

    def _open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Import digits", "", FILES)
        if path:
            self._shelf.take_in(Path(path))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export digits", "my digits.npz", FILES)
        if path:
            self._shelf.write_out(Path(path) if Path(path).suffix else Path(f"{path}.npz"))

    def _connect(self) -> None:
        shelf, gallery = self._shelf, self.gallery
        shelf.changed.connect(self._show_digits)
        shelf.drawn.connect(gallery.viewport().update)
        shelf.told.connect(self._tell)
        shelf.refused.connect(self._tell)
        shelf.undoable.connect(self._offer_undo)
        gallery.relabel_wanted.connect(shelf.relabel)
        gallery.delete_wanted.connect(shelf.delete)
        gallery.selection_changed.connect(self._show_selection)
        self._checks.changed.connect(self._take_answers)
        self._runs.currentRowChanged.connect(self._choose)
        undo = QAction("Undo", self)
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        undo.triggered.connect(lambda: self._undo())
        self.addAction(undo)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACING)
        head.addWidget(self._summary, 1)
        for button in (self._delete, self._import, self._export):
            head.addWidget(button)
        hint = ElidedLabel("myDigitsHint", "What keys do here", self)
        hint.say(HINT)
        left = QVBoxLayout()
        left.setSpacing(SPACING)
        left.addLayout(head)
        left.addWidget(self._stack, 1)
        left.addWidget(hint)
        columns = QHBoxLayout()
        columns.setSpacing(SPACING)
        columns.addLayout(left, 1)
        columns.addWidget(self._make_side())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self.notice)
        layout.addLayout(columns, 1)

    def _make_side(self) -> QFrame:
        side = QFrame(self, objectName="panel")
        side.setFixedWidth(SIDE_WIDTH)
        title = QLabel("Who reads them?", side)
        title.setProperty("role", "title")
        self._runs = QListWidget(side, objectName="myDigitsRuns")
        self._runs.setAccessibleName("Networks")
        self._runs.setToolTip("The starter network and the ticked runs; the chosen one's mistakes are marked.")
        self._runs.setIconSize(QSize(SWATCH, SWATCH))
        self._runs.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._runs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        title.setBuddy(self._runs)
        self._check = self._button(
            "Check runs",
            "checkRunsButton",
            "Let the starter network and each ticked run read your digits.",
            lambda: self._checks.check(self._checks.candidates),
        )
        self._check.setProperty("role", "primary")
        self._only_wrong = QCheckBox("Only what it misreads", side, objectName="onlyWrongCheck")
        self._only_wrong.setAccessibleName("Show only what the network misreads")
        self._only_wrong.setToolTip("Show only the digits that the chosen network reads as something else.")
        self._only_wrong.toggled.connect(self._show_digits)
        self._train = self._button(
            "Train it on my digits",
            "trainOnMyDigitsButton",
            "Train the chosen network further, on your digits.",
            lambda: self.training_wanted.emit(self.candidate.run),
        )
        column = QVBoxLayout(side)
        column.setContentsMargins(2 * SPACING, SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(SPACING)
        column.addWidget(title)
        column.addWidget(self._runs, 1)
        for widget in (self._check, self._only_wrong, self._train):
            column.addWidget(widget)
        return side

    def _button(self, text: str, name: str, tip: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self, objectName=name)
        button.setAccessibleName(text.rstrip("…"))
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: slot())
        return button
