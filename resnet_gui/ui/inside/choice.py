"""The row that chooses what to look into: a network, one beside it, and the picture that both look at."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from resnet_gui.core.comparison import Entry
from resnet_gui.core.inside.question import TestDigit
from resnet_gui.core.inside.twin import twin_of
from resnet_gui.core.library import STARTER
from resnet_gui.core.run import Run
from resnet_gui.core.side_by_side import obstacle

READER = "The network that reads"
NOTHING = "Nothing"
TWIN, NO_TWIN = "Its twin", "Its twin (none is ticked)"  # with shortcuts if it has none, without if it has
DRAWN, TEST = "What I draw", "A test digit"
DRAWING, TEST_DIGIT = range(2)
BESIDE_TIP = "Whose inside to see beside it."
ALONE_TIP = "This view shows one network."


class Choice(QWidget):
    """Whose inside is seen, and on which picture.

    Signals: `changed()`; `test_digit_wanted(int)`: the test digit of this number is to be shown, see `show_test_digit`.
    """

    changed = Signal()
    test_digit_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._obstacles: dict[str, str] = {}
        self._reader = STARTER
        self._test: TestDigit | None = None
        self.network_combo = _combo("insideNetworkCombo", "Network to look inside", "Whose inside to see.", self)
        self.beside_combo = _combo("insideBesideCombo", "Network beside it", BESIDE_TIP, self)
        self.picture_combo = _combo("insidePictureCombo", "Picture", "What the network looks at.", self)
        self.picture_combo.addItems([DRAWN, TEST])
        self.next_button = QPushButton("Another", self)
        self.next_button.setObjectName("insideNextButton")
        self.next_button.setToolTip("Look at another test digit.")
        self.next_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for text, combo in (
            ("Inside", self.network_combo),
            ("beside", self.beside_combo),
            ("Picture", self.picture_combo),
        ):
            label = QLabel(text, self)
            label.setBuddy(combo)
            row.addWidget(label)
            row.addWidget(combo, 1)
        row.addWidget(self.next_button)
        self._fill()
        self.network_combo.activated.connect(lambda _: self._tell())
        self.beside_combo.activated.connect(lambda _: self._tell())
        self.picture_combo.activated.connect(self._choose_picture)
        self.next_button.clicked.connect(
            lambda: self.test_digit_wanted.emit(0 if self._test is None else self._test.number + 1)
        )

    @property
    def first(self) -> str:
        """Id of the run whose network is looked into."""
        return str(self.network_combo.currentData() or self._reader)

    @property
    def second(self) -> str:
        """Id of the run whose network is beside it; empty for none."""
        if self.beside_combo.currentIndex() == 0:
            twin = self._twin()
            return "" if twin is None else twin.id
        chosen = str(self.beside_combo.currentData() or "")
        return "" if chosen == self.first else chosen

    @property
    def test_digit(self) -> TestDigit | None:
        """The test digit to look at; None for what is drawn."""
        return self._test if self.picture_combo.currentIndex() == TEST_DIGIT else None

    def run(self, run_id: str) -> Run | None:
        """The run with this id, if it is among those that are offered."""
        return next((entry.run for entry in self._entries if entry.run.id == run_id), None)

    def choose(self, run_id: str) -> None:
        """Look into the network of this run, if it is offered."""
        index = self.network_combo.findData(run_id)
        if index >= 0:
            self.network_combo.setCurrentIndex(index)
            self._tell()

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Offer the networks of these runs."""
        self._entries = tuple(entries)
        self._obstacles = {entry.run.id: obstacle(entry.run) for entry in entries}
        self._fill()
        self._tell()

    def run_changed(self, run_id: str) -> bool:
        """Look whether the network of a run can be looked into now; whether that is news."""
        run = self.run(run_id)
        if run is None or obstacle(run) == self._obstacles[run_id]:
            return False
        self.show_runs(self._entries)
        return True

    def show_reader(self, run_id: str) -> None:
        """The network of this run reads first now."""
        if run_id != self._reader:
            self._reader = run_id
            self._tell()

    def show_test_digit(self, digit: TestDigit | None) -> None:
        """Look at this one; None says that it was not to be had, and one looks at what one looked at before."""
        if digit is not None:
            self._test = digit
            self.picture_combo.setItemText(TEST_DIGIT, digit.words)
        elif self._test is None:
            self.picture_combo.setCurrentIndex(DRAWING)
            self.next_button.hide()
        self._tell()

    def set_comparing(self, comparing: bool) -> None:
        """Whether what is beside it can be seen."""
        self.beside_combo.setEnabled(comparing)
        self.beside_combo.setToolTip(BESIDE_TIP if comparing else ALONE_TIP)

    def _tell(self) -> None:
        self.beside_combo.setItemText(0, TWIN if self._twin() else NO_TWIN)
        self.changed.emit()

    def _fill(self) -> None:
        able = [entry for entry in self._entries if not self._obstacles[entry.run.id]]
        for combo, first in ((self.network_combo, (READER,)), (self.beside_combo, (TWIN, NOTHING))):
            chosen = combo.currentData() or min(combo.currentIndex(), len(first) - 1)
            combo.clear()
            for text in first:
                combo.addItem(text)
            for entry in able:
                combo.addItem(entry.name, entry.run.id)
            places = [combo.itemData(place) or place for place in range(combo.count())]
            combo.setCurrentIndex(places.index(chosen) if chosen in places else 0)

    def _twin(self) -> Run | None:
        first = self.run(self.first)
        able = [entry.run for entry in self._entries if not self._obstacles[entry.run.id]]
        return None if first is None else twin_of(first, able)

    def _choose_picture(self, index: int) -> None:
        self.next_button.setVisible(index == TEST_DIGIT)
        if index == TEST_DIGIT and self._test is None:
            self.test_digit_wanted.emit(0)  # until it comes one sees what one saw
        else:
            self._tell()


def _combo(name: str, accessible_name: str, tip: str, parent: QWidget) -> QComboBox:
    combo = QComboBox(parent)
    combo.setObjectName(name)
    combo.setAccessibleName(accessible_name)
    combo.setToolTip(tip)
    combo.setMinimumContentsLength(10)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
