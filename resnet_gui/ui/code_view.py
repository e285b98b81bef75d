"""The experiment as a Keras script: read, copied and saved; what the last edit changed is marked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from resnet_gui.core.experiment import Experiment
from resnet_gui.core.script import changed_lines, script_of
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.python_highlighter import PythonHighlighter
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

MARGIN_LINES = 3  # lines above the first change that stay in sight


class CodeView(QWidget):
    """Shows the script of an experiment.

    Signals:
        save_requested(str): the script that is shown is to be saved.
    """

    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeView")
        self.setAccessibleName("The experiment as a Keras script")
        self._colors = LIGHT
        self._experiment: Experiment | None = None
        self._changed: set[int] = set()
        title = QLabel("Keras script", self)
        title.setProperty("role", "title")
        title.setToolTip("This script trains exactly the network of the form, without ResNet Explorer.")
        self._note = ElidedLabel("codeNote", "What the last edit changed", self)
        self._text = QPlainTextEdit(self, readOnly=True, objectName="codeText")
        self._text.setAccessibleName("Script")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._highlighter = PythonHighlighter(self._text.document())
        copy = self._button("copyCodeButton", "Copy", "Copy the script to the clipboard.", self._copy)
        save = self._button("saveCodeButton", "Save…", "Save the script as a file.", self._save)
        bar = QHBoxLayout()
        bar.setSpacing(SPACING)
        bar.addWidget(title)
        bar.addWidget(self._note, 1)
        bar.addWidget(copy)
        bar.addWidget(save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(bar)
        layout.addWidget(self._text, 1)

    @property
    def script(self) -> str:
        """The script on show."""
        return self._text.toPlainText()

    @property
    def changed(self) -> set[int]:
        """The marked lines, counted from 0."""
        return set(self._changed)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the script of `experiment`, and mark where it differs from the one before."""
        if experiment == self._experiment:
            return
        script = script_of(experiment)
        self._changed = changed_lines(self.script, script) if self._experiment is not None else set()
        self._experiment = experiment
        place = self._text.verticalScrollBar().value()
        self._text.setPlainText(script)
        if self._changed:
            count = len(self._changed)
            self._note.say(f"The last edit changed {count} line{'s' * (count != 1)}.")
            self._text.verticalScrollBar().setValue(max(0, min(self._changed) - MARGIN_LINES))
        else:
            self._note.say("It trains exactly the network of the form." if not place else "")
            self._text.verticalScrollBar().setValue(place)
        self._mark()

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self._colors = colors
        self._highlighter.set_colors(colors)
        self._text.setStyleSheet(
            f"QPlainTextEdit {{ background: {colors.surface}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 6px; padding: 6px; }"
        )
        self._mark()

    def _mark(self) -> None:
        background = QColor(self._colors.accent)
        background.setAlphaF(0.18)
        marks = []
        for line in sorted(self._changed):
            mark = QTextEdit.ExtraSelection()
            mark.format = QTextCharFormat()
            mark.format.setBackground(background)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self._text.document().findBlockByNumber(line))
            marks.append(mark)
        self._text.setExtraSelections(marks)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.script)
        self._note.say("Copied.")

    def _save(self) -> None:
        self.save_requested.emit(self.script)

    def _button(self, name: str, text: str, tip: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(tip.rstrip("."))
        button.setToolTip(tip)
        button.clicked.connect(lambda: slot())  # type: ignore[operator]
        return button
