"""The form that fills an experiment: preset, architecture and training recipe, each with its explanation."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.architecture import (
    MAX_BLOCKS,
    MAX_STAGES,
    MAX_WIDTH,
    SHORTCUT_SETTINGS,
    Architecture,
    Order,
    Shortcut,
    refusal,
)
from resnet_gui.core.errors import ArchitectureError, RecipeError
from resnet_gui.core.experiment import AUGMENTATIONS, Experiment, Recipe
from resnet_gui.core.presets import PRESETS
from resnet_gui.ui.experiment_fields import (
    ARCHITECTURE_FIELDS,
    AUGMENTATION_FIELDS,
    BLOCKS,
    DATASETS,
    HEADS,
    OPTIMIZERS,
    ORDERS,
    PRECISIONS,
    RECIPE_FIELDS,
    SCHEDULES,
    SHORTCUTS,
    STRIDES,
)
from resnet_gui.ui.learning_rate_spin import LearningRateSpin
from resnet_gui.ui.theme import SPACING

CUSTOM = "Custom"
WIDEST_LABEL = "Learning rate"  # both sections' fields begin below each other
MAX_SEED = 2**31 - 1


class ExperimentForm(QFrame):
    """Shows an experiment and lets it be edited.

    Signals:
        experiment_edited(Experiment): the user changed a field, and the result can work.
        data_file_wanted(): the user wants to choose the MNIST file.
        augmentation_wanted(): the user wants to set how training images are changed at random.
        validity_changed(str): why the fields do not work together; empty when they do again.
    """

    experiment_edited = Signal(object)
    data_file_wanted = Signal()
    augmentation_wanted = Signal()
    validity_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._experiment = self._told = Experiment()  # told: what others know of
        self._values: dict[str, Any] = {}  # what the fields hold; more than the experiment only while that is invalid
        self._errors = {ArchitectureError: "", RecipeError: ""}
        self._fields: dict[str, Any] = {}
        self._setters: dict[str, Callable[[Any], None]] = {}
        self._showing = False

        self.preset_combo = self._combo("presetCombo", "Preset", {})
        self.preset_combo.setToolTip("A preset is a ready experiment to start from.")
        for index, (key, preset) in enumerate(PRESETS.items()):
            self.preset_combo.addItem(preset.title, key)
            self.preset_combo.setItemData(index, preset.summary, Qt.ItemDataRole.ToolTipRole)
        self.preset_combo.activated.connect(self._choose_preset)
        self._preset_summary = self._label("muted")
        self._summary = self._label("muted", "summaryLabel")
        self._facts = self._label("muted", "factsLabel")
        self._architecture_error = self._label("error", "architectureError")
        self._recipe_error = self._label("error", "recipeError")
        self.data_button = QPushButton("Choose MNIST file…", self)
        self.data_button.setObjectName("dataFolderButton")
        self.data_button.setAccessibleName("Choose the MNIST file")
        self.data_button.setToolTip("Name the file mnist.npz on this computer, if it cannot be downloaded.")
        self.data_button.clicked.connect(self.data_file_wanted)
        self.augmentation_button = QPushButton(self)
        self.augmentation_button.setObjectName("augmentationButton")
        self.augmentation_button.setAccessibleName("Augmentation")
        self.augmentation_button.setToolTip(
            "Augmentation changes every training image a little, at random and anew in each step, so that the network "
            "reads many hands; see what it does before you train."
        )
        self.augmentation_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.augmentation_button.clicked.connect(self.augmentation_wanted)
        self._lay_out()
        self.show_experiment(self._experiment)

    @property
    def experiment(self) -> Experiment:
        """The experiment that the form holds; while the fields do not work together, the last one that did."""
        return self._experiment

    @property
    def invalid(self) -> str:
        """Why the fields do not work together; empty if they do."""
        return self._errors[ArchitectureError] or self._errors[RecipeError]

    def show_experiment(self, experiment: Experiment) -> None:
        """Fill the fields with `experiment`, without telling anybody that it was edited."""
        before = self.invalid
        self._experiment = self._told = experiment
        self._values = {**asdict(experiment.architecture), **asdict(experiment.recipe)}
        self._showing = True
        for key, show in self._setters.items():
            show(self._values[key])
        self._showing = False
        self._errors = {ArchitectureError: "", RecipeError: ""}
        self._describe()
        if before:
            self.validity_changed.emit("")

    def show_facts(self, text: str) -> None:
        """Show what is known of the architecture (parameters, operations); empty hides it."""
        self._facts.setText(text)
        self._facts.setVisible(bool(text) and not self._errors[ArchitectureError])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll the form, unless the field has the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _choose_preset(self, index: int) -> None:
        key = self.preset_combo.itemData(index)
        if key in PRESETS and (self.invalid or PRESETS[key].experiment != self._experiment):
            self.show_experiment(PRESETS[key].experiment)
            self.experiment_edited.emit(self._experiment)

    def _edit(self, key: str, value: object) -> None:
        if self._showing:
            return
        before = self.invalid
        self._values[key] = value
        architecture = self._checked(Architecture, ArchitectureError, asdict(self._experiment.architecture))
        recipe = self._checked(Recipe, RecipeError, asdict(self._experiment.recipe))
        edited = replace(
            self._experiment,
            architecture=architecture or self._experiment.architecture,
            recipe=recipe or self._experiment.recipe,
        )
        self._experiment = edited
        self._describe()
        if self.invalid != before:
            self.validity_changed.emit(self.invalid)
        if edited != self._told and not self.invalid:
            self._told = edited
            self.experiment_edited.emit(edited)

    def _checked(self, kind: type, error: type, names: Mapping[str, Any]) -> Any:
        try:
            value = kind(**{name: self._values[name] for name in names})
        except error as problem:
            self._errors[error] = str(problem)
            return None
        self._errors[error] = ""
        return value

    def _describe(self) -> None:
        matching = next((key for key, p in PRESETS.items() if p.experiment == self._experiment), "")
        if self.invalid:
            matching = ""
        self._offer()
        custom = self.preset_combo.findText(CUSTOM)
        if not matching and custom < 0:
            self.preset_combo.addItem(CUSTOM, "")
        elif matching and custom >= 0:
            self.preset_combo.removeItem(custom)
        self.preset_combo.setCurrentIndex(self.preset_combo.findData(matching))
        self._preset_summary.setText(PRESETS[matching].summary if matching else "Settings of your own.")
        for label, error in ((self._architecture_error, ArchitectureError), (self._recipe_error, RecipeError)):
            label.setText(self._errors[error])
            label.setVisible(bool(self._errors[error]))
        self.augmentation_button.setText(_augmentation_text(self._experiment.recipe))
        architecture = self._experiment.architecture
        widths = " → ".join(map(str, architecture.widths))
        self._summary.setText(f"{architecture.depth} weighted layers · {widths} filters")
        self._summary.setVisible(not self._errors[ArchitectureError])
        self.show_facts(self._facts.text())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self._title("Preset"))
        layout.addWidget(self.preset_combo)
        layout.addWidget(self._preset_summary)
        layout.addSpacing(SPACING)
        layout.addWidget(self._title("Architecture"))
        form = self._form(layout)
        self._add(form, "blocks", ARCHITECTURE_FIELDS, self._spin(0, MAX_BLOCKS))
        self._add(form, "stages", ARCHITECTURE_FIELDS, self._spin(1, MAX_STAGES))
        self._add(form, "width", ARCHITECTURE_FIELDS, self._spin(1, MAX_WIDTH, 16))
        self._add(form, "block", ARCHITECTURE_FIELDS, self._combo("", "", BLOCKS))
        self._add(form, "shortcut", ARCHITECTURE_FIELDS, self._combo("", "", SHORTCUTS))
        self._add(form, "shortcut_scale", ARCHITECTURE_FIELDS, self._decimal(-2.0, 2.0, 0.1))
        self._add(form, "branch_scale", ARCHITECTURE_FIELDS, self._decimal(-2.0, 2.0, 0.1))
        self._add(form, "gate_bias", ARCHITECTURE_FIELDS, self._decimal(-20.0, 20.0, 1.0))
        self._add(form, "dropout_rate", ARCHITECTURE_FIELDS, self._decimal(0.0, 0.95, 0.05))
        self._add(form, "order", ARCHITECTURE_FIELDS, self._combo("", "", ORDERS))
        self._architecture_form = form
        self._add(form, "batch_norm", ARCHITECTURE_FIELDS, QCheckBox("Batch normalisation", self))
        self._add(form, "head", ARCHITECTURE_FIELDS, self._combo("", "", HEADS))
        self._add(form, "stem_stride", ARCHITECTURE_FIELDS, self._combo("", "", STRIDES))
        for label in (self._architecture_error, self._summary, self._facts):
            layout.addWidget(label)
        layout.addSpacing(SPACING)
        layout.addWidget(self._title("Training"))
        form = self._form(layout)
        self._add(form, "dataset", RECIPE_FIELDS, self._combo("", "", DATASETS))
        form.addRow("", self.data_button)
        limit = self._spin(0, 1_000_000, 5000)
        limit.setSpecialValueText("All")
        self._add(form, "limit", RECIPE_FIELDS, limit)
        self._add(form, "epochs", RECIPE_FIELDS, self._spin(1, 1000))
        self._add(form, "batch_size", RECIPE_FIELDS, self._spin(1, 4096, 32))
        self._add(form, "optimizer", RECIPE_FIELDS, self._combo("", "", OPTIMIZERS))
        self._add(form, "learning_rate", RECIPE_FIELDS, LearningRateSpin(self))
        self._add(form, "schedule", RECIPE_FIELDS, self._combo("", "", SCHEDULES))
        label = QLabel("Augment", self)
        label.setBuddy(self.augmentation_button)
        label.setToolTip(self.augmentation_button.toolTip())
        form.addRow(label, self.augmentation_button)
        self._add(form, "seed", RECIPE_FIELDS, self._spin(0, MAX_SEED))
        self._add(form, "precision", RECIPE_FIELDS, self._combo("", "", PRECISIONS))
        validation = self._spin(0, 50, 5)
        validation.setSuffix(" %")
        self._add(form, "validation_share", RECIPE_FIELDS, validation)
        layout.addWidget(self._recipe_error)
        layout.addStretch(1)

    def _add(self, form: QFormLayout, key: str, texts: Mapping[str, tuple[str, ...]], field: QWidget) -> None:
        """Put `field` for the value `key` into `form`, and connect the two."""
        name, title, accessible, explanation = texts[key]
        self._fields[key] = field
        field.setObjectName(name)
        field.setAccessibleName(accessible)
        field.setToolTip(explanation)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no focus by wheel
        field.installEventFilter(self)
        label = QLabel(title, self)
        label.setBuddy(field)
        label.setToolTip(explanation)
        label.setMinimumSize(self.fontMetrics().horizontalAdvance(WIDEST_LABEL) + SPACING, field.sizeHint().height())
        form.addRow(label, field)
        if isinstance(field, QAbstractSpinBox):  # the style sheet's padding does not reach the text
            field.lineEdit().setTextMargins(SPACING // 2, 0, 0, 0)
        match field:
            case QComboBox():
                field.currentIndexChanged.connect(lambda index: self._edit(key, field.itemData(index)))
                self._setters[key] = lambda value: field.setCurrentIndex(field.findData(_plain(value)))
            case QCheckBox():
                field.toggled.connect(lambda on: self._edit(key, on))
                self._setters[key] = field.setChecked
            case QSpinBox() if key == "validation_share":
                field.valueChanged.connect(lambda percent: self._edit(key, percent / 100))
                self._setters[key] = lambda share: _set_value(field, round(100 * share))
            case QSpinBox() | QDoubleSpinBox():
                field.valueChanged.connect(lambda value: self._edit(key, value))
                self._setters[key] = lambda value: _set_value(field, value)

    def _spin(self, low: int, high: int, step: int = 1) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setRange(low, high)
        spin.setSingleStep(step)
        return spin

    def _combo(self, name: str, accessible: str, entries: Mapping[str, object]) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(accessible)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)  # a long entry is cut rather than the form widened
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.installEventFilter(self)
        for text, value in entries.items():
            combo.addItem(text, _plain(value))
        return combo

    def _decimal(self, low: float, high: float, step: float) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setDecimals(2)
        spin.setRange(low, high)
        spin.setSingleStep(step)
        return spin

    def _offer(self) -> None:
        """Show the settings that the shortcut type has, and switch off what cannot be chosen, with the reason."""
        shortcut, order = Shortcut(self._values["shortcut"]), Order(self._values["order"])
        batch_norm = bool(self._values["batch_norm"])
        for setting, shortcuts in SHORTCUT_SETTINGS.items():
            self._architecture_form.setRowVisible(self._fields[setting], shortcut in shortcuts)
        for key, reason_of in (
            ("shortcut", lambda value: refusal(Shortcut(value), order, batch_norm)),
            ("order", lambda value: refusal(shortcut, Order(value), batch_norm)),
        ):
            combo = self._fields[key]
            for index in range(combo.count()):
                reason = reason_of(combo.itemData(index))
                combo.model().item(index).setEnabled(not reason)
                combo.setItemData(index, reason or None, Qt.ItemDataRole.ToolTipRole)

    def _form(self, layout: QVBoxLayout) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setHorizontalSpacing(SPACING)
        form.setVerticalSpacing(SPACING)
        layout.addLayout(form)
        return form

    def _title(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "title")
        return label

    def _label(self, role: str, name: str = "") -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if role != "muted" or name == "factsLabel":
            label.hide()
        return label


def _augmentation_text(recipe: Recipe) -> str:
    """What is changed at random, in few words."""
    used = [AUGMENTATION_FIELDS[name][0] for name in AUGMENTATIONS if getattr(recipe, name)]
    if len(used) > 2:
        return f"{len(used)} changes…"
    return f"{' and '.join(used)}…" if used else "None…"


def _plain(value: object) -> object:
    """An enum's text: Qt compares item data as its own types."""
    return str(value) if isinstance(value, str) else value


def _set_value(field: Any, value: float) -> None:
    if field.value() != value:  # setValue would rewrite what is being typed
        field.setValue(value)
