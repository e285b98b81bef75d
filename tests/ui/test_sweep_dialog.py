"""The sweep dialog, used by keyboard and mouse."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton

from resnet_gui.core.architecture import Order, Shortcut
from resnet_gui.core.estimate import typical_calibration
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.sweep import Sweep, estimate, roughly
from resnet_gui.ui.sweep_dialog import SweepDialog

LESSON = PRESETS["lesson"].experiment
BOTH = (Shortcut.NONE, Shortcut.IDENTITY)


@pytest.fixture
def dialog(qtbot):
    dialog = SweepDialog(LESSON, typical_calibration())
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def type_blocks(qtbot, dialog, text):
    dialog.blocks_edit.selectAll()
    qtbot.keyClicks(dialog.blocks_edit, text)


def networks(dialog):
    return [
        [dialog.preview.item(row, column).text() for column in range(3)] for row in range(dialog.preview.rowCount())
    ]


def test_it_begins_with_a_good_first_sweep_and_says_what_that_takes(qtbot, dialog):
    sweep = Sweep(LESSON, (2, 8, 24), BOTH)
    assert dialog.sweep == sweep
    assert dialog.experiments == sweep.experiments()
    assert networks(dialog) == [
        ["2", "6", "plain-6, ResNet-6"],
        ["8", "18", "plain-18, ResNet-18"],
        ["24", "50", "plain-50, ResNet-50"],
    ]
    seconds = estimate(sweep, typical_calibration())
    qtbot.waitUntil(lambda: dialog.facts.text() == f"6 runs, about {roughly(seconds)} on this computer")
    assert dialog.preview.item(2, 3).text()
    assert dialog.train_button.text() == "Train 6 runs"


def test_without_a_measurement_nothing_is_said_of_time(qtbot):
    dialog = SweepDialog(LESSON)
    qtbot.addWidget(dialog)
    assert dialog.facts.text() == "6 runs"
    dialog.set_calibration(typical_calibration())
    qtbot.waitUntil(lambda: "about" in dialog.facts.text())


def test_return_in_the_depths_trains_them(qtbot, dialog):
    type_blocks(qtbot, dialog, "4, 1")
    with qtbot.waitSignal(dialog.sweep_wanted) as caught:
        qtbot.keyClick(dialog.blocks_edit, Qt.Key.Key_Return)
    assert caught.args == [Sweep(LESSON, (1, 4), BOTH)]
    assert not dialog.isVisible()


def test_it_does_not_block_and_trains_at_a_click(qtbot, dialog):
    dialog.seeds_spin.setFocus()
    qtbot.keyClick(dialog.seeds_spin, Qt.Key.Key_Up)
    box = dialog.kind_checks[Shortcut.PROJECTION]
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    qtbot.keyClick(dialog.kind_checks[Shortcut.NONE], Qt.Key.Key_Space)
    assert dialog.train_button.text() == "Train 12 runs"
    with qtbot.waitSignal(dialog.sweep_wanted) as caught:
        qtbot.mouseClick(dialog.train_button, Qt.MouseButton.LeftButton)
    assert caught.args == [Sweep(LESSON, (2, 8, 24), (Shortcut.IDENTITY, Shortcut.PROJECTION), 2)]


def test_escape_trains_nothing(qtbot, dialog):
    with qtbot.assertNotEmitted(dialog.sweep_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2, eight", "such as 2, 8, 24; got '2, eight'"),
        (",", "at least one depth"),
        ("2, 201", "from 0 to 200; got 201"),
    ],
)
def test_depths_that_cannot_be_trained_are_refused_in_a_sentence(qtbot, dialog, text, expected):
    type_blocks(qtbot, dialog, text)
    assert expected in dialog.error.text()
    assert dialog.error.isVisible()
    assert not dialog.facts.isVisible()
    assert not dialog.train_button.isEnabled()
    assert networks(dialog) == []
    assert (dialog.sweep, dialog.experiments) == (None, ())
    with qtbot.assertNotEmitted(dialog.sweep_wanted):
        qtbot.keyClick(dialog.blocks_edit, Qt.Key.Key_Return)
    type_blocks(qtbot, dialog, "3")
    assert dialog.train_button.isEnabled()
    assert not dialog.error.isVisible()


def test_no_shortcut_type_is_a_sentence(qtbot, dialog):
    for kind in BOTH:
        qtbot.keyClick(dialog.kind_checks[kind], Qt.Key.Key_Space)
    assert dialog.error.text() == "A sweep needs at least one shortcut type."


def test_more_runs_than_are_sensible_are_refused(qtbot, dialog):
    type_blocks(qtbot, dialog, ",".join(map(str, range(30))))
    dialog.seeds_spin.setValue(10)
    assert "at most 500 runs" in dialog.error.text()


def test_types_that_the_base_makes_impossible_are_named(qtbot):
    order = replace(LESSON.architecture, order=Order.BN_AFTER_ADDITION)
    dialog = SweepDialog(replace(LESSON, architecture=order))
    qtbot.addWidget(dialog)
    assert dialog.error.text().startswith("2 blocks with the shortcut none (plain) cannot be trained")
    qtbot.keyClick(dialog.kind_checks[Shortcut.NONE], Qt.Key.Key_Space)
    assert dialog.train_button.isEnabled()


def test_a_set_of_depths_comes_at_a_click(qtbot, dialog):
    qtbot.mouseClick(dialog.findChild(QAbstractButton, "sweepBlocksButton2"), Qt.MouseButton.LeftButton)
    assert dialog.blocks_edit.text() == "1, 2, 4, 8, 16"
    assert dialog.sweep.blocks == (1, 2, 4, 8, 16)


def test_networks_of_several_stages_begin_with_fewer_blocks(qtbot):
    dialog = SweepDialog(PRESETS["resnet20"].experiment)
    qtbot.addWidget(dialog)
    assert [row[1] for row in networks(dialog)] == ["8", "20", "32"]


def test_everything_has_names_and_tooltips_and_is_reached_by_the_keyboard(qtbot, dialog):
    used = [dialog.blocks_edit, dialog.seeds_spin, *dialog.findChildren(QAbstractButton)]
    used = [child for child in used if not child.objectName().startswith("qt_")]
    assert len(used) > 14
    for child in used:
        assert child.objectName()
        assert child.accessibleName()
        assert child.toolTip()
        assert child.focusPolicy() & Qt.FocusPolicy.TabFocus
    dialog.blocks_edit.setFocus()
    reached = set()
    for _ in range(30):
        reached.add(dialog.focusWidget().objectName())
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert {child.objectName() for child in used} <= reached


def test_closing_ends_the_estimate(qtbot, dialog):
    type_blocks(qtbot, dialog, "100, 150, 200")
    dialog.reject()
    assert not dialog._estimating.isActive()
