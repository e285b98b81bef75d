"""The centre of the window: curves, the network as a diagram, and the experiment as a script, one at a time."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.experiment import Experiment
from resnet_gui.ui.curves_view import CurvesView
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

NOTHING = "Nothing"
CURVES, NETWORK, CODE = range(3)


class Centre(QTabWidget):
    """Tabs. Diagram and script are made when they are first looked at: most starts do not need them.

    Signals:
        architecture_edited(Architecture): the user edited the network on its diagram.
        save_requested(str): the script on show is to be saved.
    """

    architecture_edited = Signal(object)
    save_requested = Signal(str)

    def __init__(self, choices: Callable[[], Mapping[str, Architecture]], parent: QWidget | None = None) -> None:
        """`choices` names the networks that the one of the form can be compared with."""
        super().__init__(parent)
        self.setObjectName("centreTabs")
        self.setAccessibleName("Curves, network and code")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._choices = choices
        self._experiment = Experiment()
        self._colors = LIGHT
        self.curves = CurvesView(self)
        self.network: QWidget | None = None
        self.code: QWidget | None = None
        tips = (
            "Loss and accuracy of every run while it is trained.",
            "The network of the form as a diagram that can be edited and taken apart.",
            "The experiment of the form as a Keras script that runs without this program.",
        )
        pages = (self.curves, _page(self), _page(self))
        for page, title, tip in zip(pages, ("Curves", "Network", "Code"), tips, strict=True):
            self.setTabToolTip(self.addTab(page, title), tip)
        self.currentChanged.connect(self._fill)

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
        for view in (self.curves, self.network, self.code):
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

    def _fill(self, index: int) -> None:
        """Make what is looked at for the first time."""
        if index == NETWORK and self.network is None:
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
