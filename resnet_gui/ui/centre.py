"""The centre of the window: runs compared by curves, depth, readings and mistakes; insides; the form's network."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import STARTER
from resnet_gui.core.reading import Reading
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.ui.curves_view import CurvesView
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NOTHING = "Nothing"
CURVES, DEPTH, READINGS, INSIDE, MISTAKES, NETWORK, CODE = range(7)
PAGES = (
    ("Curves", "Loss and accuracy of the ticked runs while they are trained, overlaid."),
    ("Depth", "What depth does to the ticked runs: plain networks get worse, residual ones do not."),
    ("Readings", "What the networks of the ticked runs read in your drawing, side by side, also while they train."),
    ("Inside", "What each block of a trained network does, while it learns and while you draw."),
    ("Mistakes", "Which test digits the ticked runs misread, and what one reads that another does not."),
    ("Network", "The network of the form as a diagram that can be edited and taken apart."),
    ("Code", "The experiment of the form as a Keras script that runs without this program."),
)


class Centre(QTabWidget):
    """Tabs. All but the curves are made when they are first looked at: most starts do not need them.

    Signals:
        run_clicked(str): the run with this id was clicked in a chart.
        readings_wanted(object): these runs, a tuple of ids, and no others, are to read what is drawn.
        examination_wanted(object): these runs, a tuple of ids, are to read their test images.
        look_wanted(object): this Look, or none for None, is to be answered from now on.
        test_digit_wanted(int): the test digit of this number is to be looked at.
        architecture_edited(Architecture): the user edited the network on its diagram.
        save_requested(str): the script on show is to be saved.
    """

    run_clicked = Signal(str)
    readings_wanted = Signal(object)
    examination_wanted = Signal(object)
    look_wanted = Signal(object)
    test_digit_wanted = Signal(int)
    architecture_edited = Signal(object)
    save_requested = Signal(str)

    def __init__(self, choices: Callable[[], Mapping[str, Architecture]], parent: QWidget | None = None) -> None:
        """`choices` names the networks that the one of the form can be compared with."""
        super().__init__(parent)
        self.setObjectName("centreTabs")
        self.setAccessibleName("Curves, depth, readings, inside, mistakes, network and code")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._choices = choices
        self._experiment = Experiment()
        self._colors = LIGHT
        self._entries: tuple[Entry, ...] = ()  # the runs that are compared
        self._reader = STARTER  # id of the run whose network reads first
        self._drawn = False  # whether there is something to look into
        self._path: ReadingPath | None = None  # how its reading changed while it trained
        self._stale: set[QWidget] = set()  # views that compare other runs still
        self.curves = CurvesView(self)
        self.curves.run_clicked.connect(self.run_clicked)
        self.depth: QWidget | None = None
        self.readings: QWidget | None = None
        self.inside: QWidget | None = None
        self.mistakes: QWidget | None = None
        self.network: QWidget | None = None
        self.code: QWidget | None = None
        for title, tip in PAGES:
            self.setTabToolTip(self.addTab(_page(self), title), tip)
        self.widget(CURVES).layout().addWidget(self.curves)
        self.currentChanged.connect(self._fill)

    @property
    def _comparisons(self) -> list[QWidget]:
        """The views of compared runs that there are by now."""
        return [
            view for view in (self.curves, self.depth, self.readings, self.inside, self.mistakes) if view is not None
        ]

    @property
    def chart(self) -> QWidget | None:
        """The chart that is looked at, which can be saved as a picture; None if it is another tab."""
        return {CURVES: self.curves, DEPTH: self.depth}.get(self.currentIndex())

    def select(self, run_id: str) -> None:
        """Make this run stand out among the curves."""
        self.curves.select(run_id)

    def show_runs(self, entries: Sequence[Entry]) -> None:
        """Compare these runs, and no others."""
        self._entries = tuple(entries)
        self._stale = set(self._comparisons)
        self._refresh()

    def run_changed(self, run_id: str) -> None:
        """Take in that a run has grown or ended."""
        for view in self._comparisons:
            view.run_changed(run_id)

    def show_reader(self, run_id: str) -> None:
        """The network of this run reads the drawing first."""
        self._reader = run_id
        if self.readings is not None:
            self.readings.show_reader(run_id)
        if self.inside is not None:
            self.inside.show_reader(run_id)

    def show_path(self, path: ReadingPath | None) -> None:
        """Show how the reading of the network that trains changed."""
        self._path = path
        if self.readings is not None:
            self.readings.show_path(path)

    def show_reading(self, reading: Reading | None) -> None:
        """Show what a network reads; None if nothing is drawn."""
        if self.readings is not None:
            self.readings.show_reading(reading)

    def show_drawn(self, drawn: bool) -> None:
        """Whether there is something drawn to look into."""
        self._drawn = drawn
        if self.inside is not None:
            self.inside.show_drawn(drawn)

    def show_reading_problem(self, run_id: str, text: str) -> None:
        """Tell why the network of a run cannot read."""
        if self.readings is not None:
            self.readings.show_problem(run_id, text)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the network and the script of `experiment`."""
        self._experiment = experiment
        if self.network is not None:
            self.network.show_architecture(experiment.architecture)
            self._compare(self.compare_combo.currentText())  # the plain twin follows the form
        if self.code is not None:
            self.code.show_experiment(experiment)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for view in (*self._comparisons, self.network, self.code):
            if view is not None:
                view.set_colors(colors)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer what there is to compare with at the moment of the choice."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self._refill()
        elif event.type() == QEvent.Type.Wheel and not self.compare_combo.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        """Let the view that is looked at compare the runs; the others do so once they are looked at."""
        for view in [view for view in self._stale if self.currentWidget().isAncestorOf(view)]:
            self._stale.discard(view)
            view.show_runs(self._entries)

    def _fill(self, index: int) -> None:
        """Make what is looked at for the first time, and bring it up to date."""
        self._refresh()
        if index == DEPTH and self.depth is None:
            from resnet_gui.ui.depth_view import DepthView

            self.depth = DepthView(self)
            self.depth.run_clicked.connect(self.run_clicked)
            self._add_comparison(DEPTH, self.depth)
        elif index == READINGS and self.readings is None:
            from resnet_gui.ui.readings_view import ReadingsView

            self.readings = ReadingsView(self)
            self.readings.readings_wanted.connect(self.readings_wanted)
            self.readings.run_clicked.connect(self.run_clicked)
            self.readings.show_reader(self._reader)
            self.readings.show_path(self._path)
            self._add_comparison(READINGS, self.readings)
        elif index == INSIDE and self.inside is None:
            from resnet_gui.ui.inside.view import InsideView

            self.inside = InsideView(self)
            self.inside.look_wanted.connect(self.look_wanted)
            self.inside.test_digit_wanted.connect(self.test_digit_wanted)
            self.inside.show_reader(self._reader)
            self.inside.show_drawn(self._drawn)
            self._add_comparison(INSIDE, self.inside)
        elif index == MISTAKES and self.mistakes is None:
            from resnet_gui.ui.mistakes_view import MistakesView

            self.mistakes = MistakesView(self)
            self.mistakes.examination_wanted.connect(self.examination_wanted)
            self._add_comparison(MISTAKES, self.mistakes)
        elif index == NETWORK and self.network is None:
            from resnet_gui.ui.network.view import NetworkView

            self.network = NetworkView(self)
            self.network.architecture_edited.connect(self.architecture_edited)
            self.network.set_colors(self._colors)
            self.network.show_architecture(self._experiment.architecture)
            layout = self.widget(NETWORK).layout()
            layout.addLayout(self._comparison())
            layout.addWidget(self.network, 1)
        elif index == CODE and self.code is None:
            from resnet_gui.ui.code_view import CodeView

            self.code = CodeView(self)
            self.code.save_requested.connect(self.save_requested)
            self.code.set_colors(self._colors)
            self.code.show_experiment(self._experiment)
            self.widget(CODE).layout().addWidget(self.code)

    def _add_comparison(self, index: int, view: QWidget) -> None:
        view.set_colors(self._colors)
        view.show_runs(self._entries)
        self.widget(index).layout().addWidget(view)

    def _comparison(self) -> QHBoxLayout:
        self.compare_combo = QComboBox(self)
        self.compare_combo.setObjectName("compareCombo")
        self.compare_combo.setAccessibleName("Compare with")
        self.compare_combo.setToolTip("Show a second network below this one, and mark where the two differ.")
        self.compare_combo.setMinimumContentsLength(18)
        self.compare_combo.addItem(NOTHING)
        self.compare_combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.compare_combo.installEventFilter(self)
        self.compare_combo.currentTextChanged.connect(self._compare)
        label = QLabel("Compare with", self)
        label.setBuddy(self.compare_combo)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(label)
        row.addWidget(self.compare_combo)
        row.addStretch(1)
        return row

    def _refill(self) -> None:
        names = [NOTHING, *self._choices()]
        combo = self.compare_combo
        if names != [combo.itemText(index) for index in range(combo.count())]:
            chosen = combo.currentText()
            combo.blockSignals(True)
            combo.clear()
            combo.addItems(names)
            combo.setCurrentText(chosen if chosen in names else NOTHING)
            combo.blockSignals(False)

    def _compare(self, name: str) -> None:
        self.network.compare_with(self._choices().get(name), name if name != NOTHING else "")


def _page(parent: QWidget) -> QWidget:
    page = QWidget(parent)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, SPACING, 0, 0)
    layout.setSpacing(SPACING)
    return page
