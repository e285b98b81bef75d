"""Confusion matrix and gallery of one examined network, or of two side by side."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QTabBar, QVBoxLayout, QWidget

from resnet_gui.core.confusion import Pair, compare, confusion_matrix, misread, read_as, surest_first
from resnet_gui.core.statistics import compare_answers
from resnet_gui.ui.confusion_matrix import Cell, ConfusionMatrix
from resnet_gui.ui.digit_gallery import Candidate, DigitGallery
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.theme import SPACING, Colors

NARROW = 640  # pixels; below it, the gallery stands under the matrix
TAB_NAME = 100  # pixels of a network's name in a tab
SIZES = {Qt.Orientation.Horizontal: [400, 600], Qt.Orientation.Vertical: [320, 360]}  # pixels of matrix and gallery
SENTENCE_NAME = 24  # letters of a network's name in a sentence
VERDICT_TIP = (
    "Of the images that one network alone reads, each is like the toss of a coin if the two read equally well. "
    "This is about these two trained networks: other seeds may turn out differently."
)
ONLY_A, ONLY_B, BOTH = range(3)


class MistakesPage(QWidget):
    """A sentence, a confusion matrix that filters, and the digits; for two networks a tab for who reads what.

    Has no signals.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidates: tuple[Candidate, ...] = ()
        self._pair: Pair | None = None
        self._images = np.zeros(0, np.intp)  # of the gallery, if no cell is chosen
        self._summary = ElidedLabel("mistakesSummary", "Mistakes", self)
        self._verdict = ElidedLabel("mistakesVerdict", "Whether the two differ", self)
        self._tabs = QTabBar(self)
        self._tabs.setObjectName("mistakesTabs")
        self._tabs.setAccessibleName("Which digits")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._tabs.setUsesScrollButtons(False)
        for _ in (ONLY_A, ONLY_B, BOTH):
            self._tabs.addTab("")
        self._tabs.currentChanged.connect(self._show_section)
        self._matrix_label = ElidedLabel("matrixLabel", "What the matrix counts", self)
        self._matrix = ConfusionMatrix(self)
        self._matrix.cell_chosen.connect(self._show_digits)
        self._gallery_label = ElidedLabel("galleryLabel", "Which test images", self)
        self._gallery = DigitGallery(self)
        self._all_button = QPushButton("Show all", self)
        self._all_button.setObjectName("allMistakesButton")
        self._all_button.setAccessibleName("Show all")
        self._all_button.setToolTip("Show the digits of all cells again.")
        self._all_button.clicked.connect(lambda: self._matrix.choose(None))
        policy = self._all_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or the gallery would jump
        self._all_button.setSizePolicy(policy)
        self._matrix_label.setFixedHeight(self._all_button.sizeHint().height())  # in line with the gallery's
        head = QHBoxLayout()
        head.addWidget(self._gallery_label, 1)
        head.addWidget(self._all_button)
        self._splitter = QSplitter(self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(_column(self._splitter, self._matrix_label, self._matrix))
        self._splitter.addWidget(_column(self._splitter, head, self._gallery))
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes(SIZES[self._splitter.orientation()])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._summary)
        layout.addWidget(self._verdict)
        layout.addWidget(self._tabs)
        layout.addWidget(self._splitter, 1)

    @property
    def pair(self) -> Pair | None:
        """The images by which of the two networks reads them; None while one is shown alone."""
        return self._pair

    def show_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Show one or two networks. Raises ReadingError if they were not asked to read the same images."""
        self._pair = compare(*(who.examination for who in candidates)) if len(candidates) == 2 else None
        self._candidates = tuple(candidates)
        a, total = self._candidates[0], len(self._candidates[0].examination.labels)
        names = [_short(who.name) for who in self._candidates]
        wrong = [int((~who.examination.right).sum()) for who in self._candidates]
        text = f"{names[0]} misreads {wrong[0]:,} of {total:,} test images ({_percent(wrong[0] / total)})"
        if self._pair is not None:
            b, counts = self._candidates[1], [len(images) for images in self._sections()]
            text += f", {names[1]} {wrong[1]:,} ({_percent(wrong[1] / total)})"
            right = [who.examination.right for who in self._candidates]
            self._verdict.say(compare_answers(*right, (names[0], names[1])).sentence, VERDICT_TIP, role="")
            short = [self.fontMetrics().elidedText(n.name, Qt.TextElideMode.ElideMiddle, TAB_NAME) for n in (a, b)]
            titles = (f"Only {short[0]} reads", f"Only {short[1]} reads", "Both misread")
            tips = (f"only {a.name} reads", f"only {b.name} reads", "both misread")
            for index, (title, tip, count) in enumerate(zip(titles, tips, counts, strict=True)):
                self._tabs.setTabText(index, f"{title} · {count:,}".replace("&", "&&"))
                self._tabs.setTabToolTip(index, f"The {count:,} test images that {tip}.")
        source = f"Test images: {a.examination.exam.source}. Read in float32, whatever the precision of the training."
        self._summary.say(f"{text}.", source, role="")
        self._tabs.setVisible(self._pair is not None)
        self._verdict.setVisible(self._pair is not None)
        with QSignalBlocker(self._tabs):
            self._tabs.setCurrentIndex(ONLY_A)
        self._show_section()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._matrix.set_colors(colors)
        self._gallery.set_colors(colors)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Matrix and gallery beside each other where there is room."""
        super().resizeEvent(event)
        orientation = Qt.Orientation.Horizontal if self.width() >= NARROW else Qt.Orientation.Vertical
        if orientation is not self._splitter.orientation():
            self._splitter.setOrientation(orientation)
            self._splitter.setSizes(SIZES[orientation])

    def _sections(self) -> tuple[np.ndarray, ...]:
        """The images of each tab."""
        assert self._pair is not None
        return self._pair.only_a, self._pair.only_b, self._pair.both_wrong

    def _show_section(self) -> None:
        """Show the mistakes of one network, or those that the tab is about."""
        exam = self._candidates[0].examination.exam
        totals = np.bincount(exam.labels, minlength=exam.classes)
        who = self._mistaken()[0]
        if self._pair is None:
            counted: np.ndarray = np.arange(len(exam.labels))
            self._images = misread(who.examination)
            caption = f"All answers of {_short(who.name)}"
        else:
            section = self._tabs.currentIndex()
            counted = self._images = self._sections()[section]
            where = "where both misread" if section == BOTH else "where it alone misreads"
            caption = f"Answers of {_short(who.name)} {where}"
        self._matrix_label.say(caption)
        self._matrix.show_matrix(
            confusion_matrix(exam.labels[counted], who.examination.answers[counted], exam.classes),
            totals,
            mistakes_only=self._pair is not None,
        )
        self._show_digits(None)

    def _mistaken(self) -> list[Candidate]:
        """The networks whose mistakes are on show."""
        if self._pair is None or self._tabs.currentIndex() == BOTH:
            return self._candidates
        return [self._candidates[1 - self._tabs.currentIndex()]]

    def _show_digits(self, cell: Cell | None) -> None:
        """Show the images of one cell of the matrix, or all that are misread."""
        mistaken = self._mistaken()
        examination, images = mistaken[0].examination, self._images
        text = f"{len(images):,} {'digit' if len(images) == 1 else 'digits'}, the surest mistakes first"
        if cell is not None:
            text = self._matrix.describe(cell)
            right = cell[0] == cell[1]
            if right and self._pair is None:
                text += ", the least sure first"
                images = surest_first(np.arange(len(examination.labels)), -examination.certainties)
            images = read_as(images, examination.labels, examination.answers, *cell)
        self._gallery_label.say(text)
        self._all_button.setVisible(cell is not None)
        self._gallery.show_digits(images, self._candidates, mistaken)


def _short(name: str) -> str:
    return name if len(name) <= SENTENCE_NAME else f"{name[: SENTENCE_NAME - 1].rstrip()}…"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _column(parent: QWidget, head: QLabel | QHBoxLayout, body: QWidget) -> QWidget:
    """A line of text above what it is about."""
    column = QWidget(parent)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACING // 2)
    layout.addLayout(head) if isinstance(head, QHBoxLayout) else layout.addWidget(head)
    layout.addWidget(body, 1)
    return column
