"""A dialog for what people write on runs: name, tags, notes and colour of one; tags and colour of several."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.comparison import Entry
from resnet_gui.core.run import Labels
from resnet_gui.ui.run_icons import swatch
from resnet_gui.ui.theme import RADIUS, SPACING, Colors

WIDTH = 460
NAME_LENGTH = 100
TAGS_LENGTH = 400
NOTES_HEIGHT = 110
SWATCH = 22  # pixels
COLOR_NAMES = ("Blue", "Orange", "Green", "Pink", "Gold", "Maroon", "Violet", "Brown")
STYLE = f"""
QPlainTextEdit {{
    background: palette(base); border: 1px solid palette(mid); border-radius: {RADIUS}px; padding: 3px;
    selection-background-color: palette(highlight); selection-color: palette(highlighted-text);
}}
QPlainTextEdit:focus {{ border-color: palette(highlight); }}
QToolButton {{ padding: 5px; }}
QToolButton:checked {{ border: 2px solid palette(highlight); }}
"""
AUTOMATIC = 1000  # the id of the button for no colour of one's own


class LabelsDialog(QDialog):
    """Edits the labels of some runs. Signal: `labels_edited(object)` {id: Labels} of those that are to change."""

    labels_edited = Signal(object)

    def __init__(self, entries: Sequence[Entry], known_tags: Iterable[str], colors: Colors, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs = [entry.run for entry in entries]
        labels = [run.labels for run in self._runs]
        one = len(entries) == 1
        self.setObjectName("labelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Labels of {entries[0].name}" if one else f"Labels of {len(entries):,} runs")
        self._common = tuple(tag for tag in labels[0].tags if all(tag in each.tags for each in labels))
        self.name = QLineEdit(labels[0].name, self, objectName="labelsName", maxLength=NAME_LENGTH)
        self.name.setPlaceholderText(self._runs[0].experiment.architecture.name)
        self.name.setToolTip("Empty: the network's own name")
        self.tags = QLineEdit(", ".join(self._common), self, objectName="labelsTags", maxLength=TAGS_LENGTH)
        self.tags.setPlaceholderText("lesson, deep")
        self.tags.setToolTip("Words with commas between them, to find and group runs by")
        self.tags.setCompleter(_TagCompleter(sorted(set(known_tags)), self))
        self.notes = QPlainTextEdit(labels[0].notes, self, objectName="labelsNotes")
        self.notes.setPlaceholderText("What you tried, and what came of it")
        self.notes.setToolTip("Anything you want to remember about the run")
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(NOTES_HEIGHT)
        self._swatches = QButtonGroup(self)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACING)
        form.setVerticalSpacing(SPACING)
        for title, field, shown in (
            ("Name", self.name, one),
            ("Tags", self.tags, True),
            ("Notes", self.notes, one),
        ):
            field.setAccessibleName(title)
            field.setVisible(shown)
            if shown:
                form.addRow(title, field)
        if not one:
            note = QLabel("Tags that only some of the runs have stay as they are.", self)
            note.setProperty("role", "muted")
            note.setWordWrap(True)
            form.addRow("", note)
        form.addRow("Colour", self._make_swatches(colors))
        chosen = {AUTOMATIC if each.color is None else each.color % len(colors.runs) for each in labels}
        if len(chosen) == 1:
            self._swatches.button(chosen.pop()).setChecked(True)
        buttons = QDialogButtonBox(self)
        save = QPushButton("Save", self)
        save.setProperty("role", "primary")
        buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(buttons)
        self.setMinimumWidth(WIDTH)
        self.setStyleSheet(STYLE)

    def accept(self) -> None:
        """Report what is to change, if anything is."""
        edited = {run.id: self._edited(run.labels) for run in self._runs}
        changed = {run.id: edited[run.id] for run in self._runs if edited[run.id] != run.labels}
        super().accept()
        if changed:
            self.labels_edited.emit(changed)

    def _edited(self, labels: Labels) -> Labels:
        typed = tags_of(self.tags.text())
        kept = tuple(tag for tag in labels.tags if tag in typed or tag not in self._common)
        labels = replace(labels, tags=kept + tuple(tag for tag in typed if tag not in kept))
        if len(self._runs) == 1:
            labels = replace(labels, name=self.name.text().strip(), notes=self.notes.toPlainText().strip(), tags=typed)
        chosen = self._swatches.checkedId()
        if chosen < 0:  # none, for the runs have several
            return labels
        return replace(labels, color=None if chosen == AUTOMATIC else chosen)

    def _make_swatches(self, colors: Colors) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        for number, color in enumerate(colors.runs):
            name = COLOR_NAMES[number] if number < len(COLOR_NAMES) else f"Colour {number + 1}"
            button = self._swatch_button(name, number)
            button.setIcon(swatch(color, SWATCH))
            button.setIconSize(QSize(SWATCH, SWATCH))
            row.addWidget(button)
        button = self._swatch_button("Automatic", AUTOMATIC)
        button.setText("Automatic")
        row.addWidget(button)
        row.addStretch()
        return holder

    def _swatch_button(self, name: str, number: int) -> QToolButton:
        button = QToolButton(self, objectName=f"labelsColor{number}", checkable=True)
        button.setAccessibleName(f"Colour: {name}")
        button.setToolTip("Whichever is next" if number == AUTOMATIC else name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._swatches.addButton(button, number)
        return button


def tags_of(text: str) -> tuple[str, ...]:
    """The tags that are written in `text` with commas between them, each once."""
    return tuple(dict.fromkeys(" ".join(tag.split()) for tag in text.split(",") if tag.strip()))


class _TagCompleter(QCompleter):
    """Completes the last of several tags."""

    def __init__(self, tags: list[str], parent: QWidget) -> None:
        super().__init__(tags, parent)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def splitPath(self, path: str) -> list[str]:
        """What stands after the last comma."""
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The tags before it, and the completed one."""
        before, comma, _ = self.widget().text().rpartition(",")
        return f"{before}{comma}{' ' if comma else ''}{super().pathFromIndex(index)}"
