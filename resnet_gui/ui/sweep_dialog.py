"""The dialog that asks for a sweep: which depths, shortcut types and seeds, and says at once what that will take."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.comparison import SHORTCUT_WORDS
from resnet_gui.core.errors import ArchitectureError, RecipeError
from resnet_gui.core.estimate import Calibration
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.sweep import Sweep, estimates, parse_blocks, roughly
from resnet_gui.ui.theme import SPACING

MOST_SEEDS = 10
WIDTH = 480  # pixels
PREVIEW_HEIGHT = 150
KINDS_IN_A_ROW = 3
# Depths to choose from, each a text and why. The first one is there to begin with.
ONE_STAGE = {"2, 8, 24": "6, 18 and 50 layers", "1, 2, 4, 8, 16": "Twice as deep each time", "8, 24, 48": "Deep ones"}
STAGES = {"1, 3, 5": "Quick ones", "3, 5, 9": "He et al. 2015, table 6, to 56 layers", "3, 9, 18": "To 110 layers"}
HEADINGS = ("Blocks", "Layers", "Networks", "Time")


class SweepDialog(QDialog):
    """Asks for a sweep around an experiment. Show it with `open()`.

    Signals:
        sweep_wanted(Sweep): these runs are to be trained.
    """

    sweep_wanted = Signal(object)

    def __init__(self, base: Experiment, calibration: Calibration | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sweepDialog")
        self.setWindowTitle("Sweep: train several depths")
        self._base, self._calibration = base, calibration
        self._sweep: Sweep | None = None
        self._left: Iterator[tuple[Architecture, float]] = iter(())  # networks whose time is not known yet
        self._times: dict[int, float] = {}  # seconds by number of blocks
        # One network at a time between the window's events: those of a thousand layers take a while.
        self._estimating = QTimer(self, interval=0)
        self._estimating.timeout.connect(self._estimate)

        sets = ONE_STAGE if base.architecture.stages == 1 else STAGES
        self.blocks_edit = QLineEdit(next(iter(sets)), self)
        self.blocks_edit.setObjectName("sweepBlocksEdit")
        self.blocks_edit.setAccessibleName("Blocks per stage of the networks")
        self.blocks_edit.setToolTip("How many residual blocks each stage has: numbers with commas between them.")
        self.blocks_edit.textChanged.connect(self._show)
        self._sets = [self._set_button(number, text, why) for number, (text, why) in enumerate(sets.items(), 1)]
        self.kind_checks = {kind: self._kind_check(kind) for kind in Shortcut}
        self.seeds_spin = QSpinBox(self)
        self.seeds_spin.setObjectName("sweepSeedsSpin")
        self.seeds_spin.setAccessibleName("Seeds of each network")
        self.seeds_spin.setToolTip("Runs of each network with other first weights: their spread says what is chance.")
        self.seeds_spin.setRange(1, MOST_SEEDS)
        self.seeds_spin.valueChanged.connect(self._show)
        self.seeds_spin.lineEdit().setTextMargins(SPACING // 2, 0, 0, 0)
        self.preview = self._preview()
        self.facts = self._label("sweepFactsLabel", "title")
        self.error = self._label("sweepErrorLabel", "error")
        self.train_button = QPushButton("Train", self)
        self.train_button.setObjectName("sweepTrainButton")
        self.train_button.setToolTip("Train these runs one after the other, shallow networks first")
        self.train_button.setProperty("role", "primary")
        self.train_button.setDefault(True)
        self.train_button.clicked.connect(self.accept)
        self.cancel_button = QPushButton("Cancel", self)
        self.cancel_button.setObjectName("sweepCancelButton")
        self.cancel_button.setAccessibleName("Cancel")
        self.cancel_button.setToolTip("Train nothing (Esc)")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()
        self._show()

    @property
    def sweep(self) -> Sweep | None:
        """What is chosen; None while it cannot be trained."""
        return self._sweep

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """The runs that are chosen, in the order to train them; none while they cannot be trained."""
        return () if self._sweep is None else self._sweep.experiments()

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Say the times by this measurement of the computer."""
        self._calibration = calibration
        self._show()

    def accept(self) -> None:
        """Report what is chosen, and close."""
        if self._sweep is not None:
            super().accept()
            self.sweep_wanted.emit(self._sweep)

    def done(self, result: int) -> None:
        """Close; nothing is estimated any more."""
        self._estimating.stop()
        super().done(result)

    def _show(self) -> None:
        kinds = tuple(kind for kind, check in self.kind_checks.items() if check.isChecked())
        try:
            sweep = Sweep(self._base, parse_blocks(self.blocks_edit.text()), kinds, self.seeds_spin.value())
        except (ArchitectureError, RecipeError) as error:
            self._sweep, self._times = None, {}
            self._estimating.stop()
            self.error.setText(str(error))
            self.preview.setRowCount(0)
        else:
            self._sweep, self._times = sweep, {}
            self.error.setText("")
            self._show_networks(sweep)
            if self._calibration is not None:
                self._left = estimates(sweep, self._calibration)
                self._estimating.start()
        self.train_button.setEnabled(self._sweep is not None)
        self._show_facts()

    def _show_networks(self, sweep: Sweep) -> None:
        architectures = sweep.architectures()
        self.preview.setRowCount(len(sweep.blocks))
        for row, blocks in enumerate(sweep.blocks):
            of_depth = [each for each in architectures if each.blocks == blocks]
            names = ", ".join(dict.fromkeys(each.name for each in of_depth))
            for column, text in enumerate((str(blocks), str(of_depth[0].depth), names, "")):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if HEADINGS[column] != "Networks":
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.preview.setItem(row, column, item)

    def _estimate(self) -> None:
        """Find out what the next network takes."""
        found = next(self._left, None)
        if found is None:
            self._estimating.stop()
            self._show_facts()
            return
        architecture, seconds = found
        self._times[architecture.blocks] = self._times.get(architecture.blocks, 0.0) + seconds

    def _show_facts(self) -> None:
        """The number of runs, and their time as soon as all of it is known."""
        count = 0 if self._sweep is None else len(self._sweep)
        said = f"{count} {'run' if count == 1 else 'runs'}"
        self.train_button.setText(f"Train {said}" if count else "Train")
        self.train_button.setAccessibleName(self.train_button.text())
        if self._times and not self._estimating.isActive():
            said += f", about {roughly(sum(self._times.values()))} on this computer"
            for row, blocks in enumerate(sorted(self._times)):
                self.preview.item(row, HEADINGS.index("Time")).setText(roughly(self._times[blocks]))
        self.facts.setText(said if count else "")
        self.facts.setVisible(bool(count))
        self.error.setVisible(not count)

    def _use_set(self, text: str) -> None:
        self.blocks_edit.setText(text)

    def _lay_out(self) -> None:
        intro = self._label("sweepIntroLabel", "muted")
        intro.setText(
            "One run for each combination, with everything else as in the form. The depth chart then shows what depth "
            "does to each kind of network."
        )
        sets = QHBoxLayout()
        sets.setSpacing(SPACING)
        for button in self._sets:
            sets.addWidget(button)
        sets.addStretch(1)
        depths = QVBoxLayout()
        depths.setSpacing(SPACING // 2)
        depths.addWidget(self.blocks_edit)
        depths.addLayout(sets)
        kinds = QGridLayout()
        kinds.setHorizontalSpacing(SPACING)
        kinds.setVerticalSpacing(SPACING // 2)
        for index, check in enumerate(self.kind_checks.values()):
            kinds.addWidget(check, *divmod(index, KINDS_IN_A_ROW))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        form.setHorizontalSpacing(2 * SPACING)
        form.setVerticalSpacing(2 * SPACING)
        for text, field, buddy in (
            ("&Blocks", depths, self.blocks_edit),
            ("Shortc&uts", kinds, self.kind_checks[Shortcut.NONE]),
            ("&Seeds", self.seeds_spin, self.seeds_spin),
        ):
            label = QLabel(text, self)
            label.setBuddy(buddy)
            form.addRow(label, field)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.train_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(intro)
        layout.addLayout(form)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.facts)
        layout.addWidget(self.error)
        layout.addLayout(buttons)
        self.resize(WIDTH, self.sizeHint().height())

    def _preview(self) -> QTableWidget:
        table = QTableWidget(0, len(HEADINGS), self)
        table.setObjectName("sweepPreview")
        table.setAccessibleName("The networks of the sweep")
        table.setToolTip("The networks that will be trained; the time is that of all shortcut types and seeds.")
        table.setHorizontalHeaderLabels(HEADINGS)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        table.horizontalHeaderItem(HEADINGS.index("Networks")).setTextAlignment(left)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(HEADINGS.index("Networks"), QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight(PREVIEW_HEIGHT)
        return table

    def _set_button(self, number: int, text: str, why: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"sweepBlocksButton{number}")
        button.setAccessibleName(f"Blocks {text}")
        button.setToolTip(why)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._use_set(text))
        return button

    def _kind_check(self, kind: Shortcut) -> QCheckBox:
        words = "1×1 convolution" if kind is Shortcut.CONV_1X1 else SHORTCUT_WORDS.get(kind, str(kind))
        check = QCheckBox(f"{words[0].upper()}{words[1:]}", self)
        check.setObjectName(f"sweepShortcut-{kind}")
        check.setAccessibleName(f"Shortcut {words}")
        check.setToolTip(
            "A network without shortcuts" if kind is Shortcut.NONE else f"Networks with the {words} shortcut"
        )
        check.setChecked(kind in (Shortcut.NONE, Shortcut.IDENTITY))
        check.toggled.connect(self._show)
        return check

    def _label(self, name: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label
