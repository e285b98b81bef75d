"""The form shows an experiment, reports edits by the user alone, and refuses what cannot work."""

from dataclasses import asdict, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QScrollArea, QSpinBox, QWidget

from resnet_gui.core.architecture import Architecture, Head, Shortcut
from resnet_gui.core.experiment import Experiment, Optimizer, Recipe
from resnet_gui.core.presets import PRESETS
from resnet_gui.ui.experiment_form import ExperimentForm

FIELDS = [
    "presetCombo",
    "blocksSpin",
    "stagesSpin",
    "widthSpin",
    "shortcutCombo",
    "batchNormCheck",
    "headCombo",
    "stemStrideCombo",
    "datasetCombo",
    "dataFolderButton",
    "epochsSpin",
    "batchSizeSpin",
    "optimizerCombo",
    "learningRateSpin",
    "scheduleCombo",
    "augmentationButton",
    "seedSpin",
    "precisionCombo",
    "validationSpin",
]
UNUSUAL = Experiment(
    Architecture(3, 2, 24, Shortcut.PROJECTION, True, Head.AVERAGE_POOLING, 2),
    Recipe("digits", 7, 33, Optimizer.SGD, 0.0123456789, 42, "float32", 0.125, 500, "cosine", pen=0.3),
)


@pytest.fixture
def form(qtbot):
    scroll = QScrollArea()
    qtbot.addWidget(scroll)
    form = ExperimentForm(scroll)
    scroll.setWidget(form)
    scroll.setWidgetResizable(True)
    scroll.resize(290, 400)
    scroll.show()
    qtbot.waitExposed(scroll)
    form.scroll = scroll
    return form


@pytest.fixture
def edits(form):
    edits = []
    form.experiment_edited.connect(edits.append)
    return edits


def find(form, name, kind=QWidget):
    return form.findChild(kind, name)


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_every_field_has_a_name_and_an_explanation(form):
    for name in FIELDS:
        field = find(form, name)
        assert field.accessibleName(), name
        assert field.toolTip().endswith("."), name


def test_experiment_comes_back_exactly_and_without_a_signal(form, edits):
    form.show_experiment(UNUSUAL)
    assert form.experiment == UNUSUAL
    assert edits == []
    assert find(form, "blocksSpin").value() == 3
    assert find(form, "learningRateSpin").text() == "0.0123457"


def test_edit_changes_its_own_field_alone(form, edits, qtbot):
    form.show_experiment(UNUSUAL)
    type_into(qtbot, find(form, "seedSpin"), "5")
    assert edits == [replace(UNUSUAL, recipe=replace(UNUSUAL.recipe, seed=5))]


@pytest.mark.parametrize(
    ("name", "key"),
    [("blocksSpin", "blocks"), ("stagesSpin", "stages"), ("epochsSpin", "epochs"), ("batchSizeSpin", "batch_size")],
)
def test_arrow_key_edits_a_number(form, edits, qtbot, name, key):
    field = find(form, name)
    before = field.value()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    values = {**asdict(edits[-1].architecture), **asdict(edits[-1].recipe)}
    assert values[key] == before + field.singleStep()


@pytest.mark.parametrize(("text", "number"), [("0.01", 0.01), ("1e-3", 1e-3), ("2.5e-6", 2.5e-6), ("0,5", 0.5)])
def test_learning_rate_is_typed_either_way(form, qtbot, text, number):
    form.show_experiment(replace(Experiment(), recipe=Recipe(learning_rate=7.0)))
    type_into(qtbot, find(form, "learningRateSpin"), text)
    assert form.experiment.recipe.learning_rate == number


@pytest.mark.parametrize("text", ["abc", "inf", "nan"])
def test_learning_rate_refuses_what_is_no_number(form, qtbot, text):
    type_into(qtbot, find(form, "learningRateSpin"), text)
    assert form.experiment.recipe.learning_rate == 1e-3


def test_learning_rate_steps_by_half_powers_of_ten_within_its_range(form, qtbot):
    field = find(form, "learningRateSpin")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == pytest.approx(3e-3)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == pytest.approx(1e-2)
    for _ in range(40):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == pytest.approx(1e-8)


def test_preset_fills_the_form_and_an_edit_makes_it_custom(form, edits, qtbot):
    combo = find(form, "presetCombo", QComboBox)
    assert combo.count() == len(PRESETS)
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    second = list(PRESETS.values())[1]
    assert edits == [second.experiment]
    assert combo.currentText() == second.title
    qtbot.keyClick(find(form, "epochsSpin"), Qt.Key.Key_Up)
    assert combo.currentText() == "Custom"
    form.show_experiment(second.experiment)
    assert combo.currentText() == second.title
    assert combo.findText("Custom") < 0


def test_too_many_channels_are_explained_and_not_reported(form, edits, qtbot):
    reasons = []
    form.validity_changed.connect(reasons.append)
    form.show_experiment(Experiment(Architecture(width=512)))
    type_into(qtbot, find(form, "stagesSpin"), "5")
    label = find(form, "architectureError", QLabel)
    assert edits == []
    assert "8192" in form.invalid
    assert label.isVisible()
    assert label.property("role") == "error"
    assert label.text() == form.invalid == reasons[-1]
    type_into(qtbot, find(form, "widthSpin"), "16")
    assert not form.invalid
    assert not label.isVisible()
    assert reasons[-1] == ""
    assert edits[-1].architecture.widths[-1] == 256


def test_preset_repairs_an_invalid_form(form, edits):
    find(form, "stagesSpin").setValue(5)
    find(form, "widthSpin").setValue(512)
    assert form.invalid
    form.preset_combo.activated.emit(0)
    assert not form.invalid
    assert edits[-1] == Experiment()


def test_summary_tells_depth_and_widths(form):
    form.show_experiment(PRESETS["resnet20"].experiment)
    summary = find(form, "summaryLabel", QLabel)
    assert "20 weighted layers" in summary.text()
    assert "16 → 32 → 64" in summary.text()


def test_facts_show_only_if_there_are_some(form):
    facts = find(form, "factsLabel", QLabel)
    assert not facts.isVisible()
    form.show_facts("1,234 parameters")
    assert facts.isVisible()
    form.show_facts("")
    assert not facts.isVisible()


def test_form_fits_a_narrow_scroll_area(form):
    assert form.minimumSizeHint().width() <= 290


def wheel_over(form, name):
    window = form.scroll.windowHandle()
    place = find(form, name).mapTo(form.scroll, QPoint(5, 5))
    QTest.wheelEvent(window, QPointF(place), QPoint(0, -120))
    QApplication.processEvents()


@pytest.mark.parametrize("name", ["blocksSpin", "shortcutCombo", "presetCombo"])
def test_wheel_scrolls_the_form_instead_of_changing_a_field(form, edits, name):
    find(form, "dataFolderButton").setFocus()
    wheel_over(form, name)
    assert edits == []
    assert form.scroll.verticalScrollBar().value() > 0


def test_wheel_changes_the_field_that_has_the_focus(form, edits):
    find(form, "blocksSpin").setFocus()
    wheel_over(form, "blocksSpin")
    assert edits[-1].architecture.blocks == 1


def test_button_asks_for_the_data_file(form, qtbot):
    with qtbot.waitSignal(form.data_file_wanted):
        qtbot.mouseClick(find(form, "dataFolderButton", QPushButton), Qt.MouseButton.LeftButton)


def test_what_was_edited_while_another_field_was_wrong_is_told_afterwards(form):
    told = []
    form.experiment_edited.connect(told.append)
    width, stages, epochs = (form.findChild(QSpinBox, name) for name in ("widthSpin", "stagesSpin", "epochsSpin"))
    width.setValue(512)
    stages.setValue(4)
    assert form.invalid
    epochs.setValue(5)
    stages.setValue(1)
    assert not form.invalid
    assert told[-1] == form.experiment
    assert told[-1].recipe.epochs == 5


def test_each_shortcut_shows_its_own_settings(form):
    shortcut = form.findChild(QComboBox, "shortcutCombo")
    spins = ("shortcutScaleSpin", "branchScaleSpin", "gateBiasSpin", "dropoutSpin")

    def shown():
        return [name for name in spins if form.findChild(QWidget, name).isVisibleTo(form)]

    assert shown() == []
    for value, expected in (
        ("constant-scaling", ["shortcutScaleSpin", "branchScaleSpin"]),
        ("exclusive-gating", ["gateBiasSpin"]),
        ("dropout", ["dropoutSpin"]),
        ("A", []),
    ):
        shortcut.setCurrentIndex(shortcut.findData(value))
        assert form.experiment.architecture.shortcut == value
        assert shown() == expected


def test_what_makes_no_sense_cannot_be_chosen_and_says_why(form):
    order = form.findChild(QComboBox, "orderCombo")

    def item(value):
        return order.model().item(order.findData(value))

    assert not item("full-pre-activation").isEnabled()
    assert "batch normalisation" in item("full-pre-activation").toolTip()
    form.show_experiment(PRESETS["deep"].experiment)
    assert item("full-pre-activation").isEnabled()
    form.show_experiment(PRESETS["deep-plain"].experiment)
    assert "no addition" in item("relu-before-addition").toolTip()
