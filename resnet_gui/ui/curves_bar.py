"""The options of the curves: what is plotted, over which axes, how smooth, and how runs of several seeds are drawn."""

import enum
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSlider, QToolButton, QWidget

from resnet_gui.core.curve_options import SPANS, Axis, CurveOptions, Plots, Split, Spread
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import SPACING

PLOTS = {
    Plots.LOSS_AND_ACCURACY: "Loss and accuracy",
    Plots.LOSS_AND_ERROR: "Loss and error",
    Plots.LOSS: "Loss",
    Plots.ACCURACY: "Accuracy",
    Plots.ERROR: "Error",
}
SPLITS = {Split.BOTH: "Training and validation", Split.TRAINING: "Training", Split.VALIDATION: "Validation"}
SPREADS = {
    Spread.EACH: "Every seed",
    Spread.RANGE: "Mean and range",
    Spread.DEVIATION: "Mean ± SD",
}
SLIDER_WIDTH = 88  # pixels


class CurvesBar(QWidget):
    """Wraps where it is narrow.

    Signals:
        options_changed(CurveOptions): the user chose something.
        fit_wanted(): all curves are to be in view.
    """

    options_changed = Signal(object)
    fit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curvesBar")
        self.setAccessibleName("What the curves show")
        self._options = CurveOptions()
        self._plots = self._combo("plotsCombo", "Plotted quantities", PLOTS, "What is plotted.")
        self._split = self._combo(
            "splitCombo",
            "Training or validation",
            SPLITS,
            "Training: the loss and accuracy of every step's batch, as lines.\n"
            "Validation: the figures after each epoch, as joined dots.",
        )
        self._spread = self._combo(
            "spreadCombo",
            "Runs of several seeds",
            SPREADS,
            "Runs that differ in their seed alone: each by itself, or their mean with a band around it,\n"
            "from the lowest to the highest (range) or of one standard deviation to both sides (SD).\n"
            "The mean goes as far as at least two of them do.",
        )
        self._smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self._smoothing.setObjectName("smoothingSlider")
        self._smoothing.setAccessibleName("Smoothing")
        self._smoothing.setRange(0, len(SPANS) - 1)
        self._smoothing.setPageStep(1)
        self._smoothing.setFixedWidth(SLIDER_WIDTH)
        self._smoothing.valueChanged.connect(lambda value: self._choose(smoothing=value))
        self._axes = QToolButton(self)
        self._axes.setObjectName("axesButton")
        self._axes.setText("Axes")
        self._axes.setAccessibleName("Axes")
        self._axes.setToolTip("What the curves are drawn over, and logarithmic axes.")
        self._axes.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._axes.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fill_menu(QMenu(self._axes))
        fit = QPushButton("Fit view", self)
        fit.setObjectName("fitButton")
        fit.setAccessibleName("Fit the view to the curves")
        fit.setToolTip("Show all curves, and follow them while they grow.")
        fit.clicked.connect(self.fit_wanted)
        self._combos = (self._plots, self._split, self._spread)
        flow = Flow()
        for widget in (
            self._plots,
            self._split,
            self._labelled("Smoothing", self._smoothing),
            self._axes,
            fit,
            self._spread,
        ):
            widget.setFixedHeight(fit.sizeHint().height())
            flow.addWidget(widget)
        self.setLayout(flow)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_options(self._options)

    @property
    def options(self) -> CurveOptions:
        """What is chosen."""
        return self._options

    def set_options(self, options: CurveOptions) -> None:
        """Show `options` without reporting them."""
        self._options = options
        with QSignalBlocker(self._smoothing):
            self._smoothing.setValue(options.smoothing)
        for combo, value in (
            (self._plots, options.plots),
            (self._split, options.split),
            (self._spread, options.spread),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self._axis_actions[options.axis].setChecked(True)
        self._log_x.setChecked(options.log_x)
        self._log_y.setChecked(options.log_y)
        self._tell_smoothing()

    def offer_seeds(self, offered: bool) -> None:
        """Whether there are runs that differ in their seed alone; without them there is nothing to choose."""
        self._spread.setVisible(offered or self._options.spread is not Spread.EACH)

    def _choose(self, **changed: object) -> None:
        self._options = replace(self._options, **changed)
        self._tell_smoothing()
        self.options_changed.emit(self._options)

    def _tell_smoothing(self) -> None:
        span = self._options.span
        said = f"Each point is the mean of {span:,} steps." if span > 1 else "Not smoothed."
        self._smoothing.setToolTip(f"{said}\nTo the right: smoother. The raw values are faint behind the line.")
        self._smoothing.setAccessibleDescription(said)

    def _combo(self, name: str, label: str, choices: Mapping[enum.StrEnum, str], tip: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.setToolTip(tip)
        for value, text in choices.items():
            combo.addItem(text, value)
        field = {"plotsCombo": "plots", "splitCombo": "split", "spreadCombo": "spread"}[name]
        kind = type(next(iter(choices)))
        combo.activated.connect(lambda _: self._choose(**{field: kind(combo.currentData())}))
        return combo

    def _labelled(self, text: str, widget: QWidget) -> QWidget:
        pair = QWidget(self)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        label = QLabel(text, pair)
        label.setProperty("role", "muted")
        label.setBuddy(widget)
        row.addWidget(label)
        row.addWidget(widget)
        return pair

    def _fill_menu(self, menu: QMenu) -> None:
        menu.setToolTipsVisible(True)
        menu.addSection("Horizontal axis")
        group = QActionGroup(menu)
        self._axis_actions = {axis: _action(menu, f"{axis}Action", axis.label) for axis in Axis}
        for axis, action in self._axis_actions.items():
            group.addAction(action)
            action.triggered.connect(lambda _, axis=axis: self._choose(axis=axis))
        menu.addSection("Logarithmic")
        self._log_x = _action(menu, "logXAction", "Horizontal axis")
        self._log_x.setToolTip("Give each tenfold of steps the same width: the beginning of training can be seen.")
        self._log_x.toggled.connect(lambda on: on != self._options.log_x and self._choose(log_x=on))
        self._log_y = _action(menu, "logYAction", "Loss and error")
        self._log_y.setToolTip("Draw losses and errors on a logarithmic axis, where small ones can be told apart.")
        self._log_y.toggled.connect(lambda on: on != self._options.log_y and self._choose(log_y=on))
        self._axes.setMenu(menu)


def _action(menu: QMenu, name: str, text: str) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(name)
    action.setCheckable(True)
    return action
