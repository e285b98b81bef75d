"""The window of the kept digits: looked through, mended, taken elsewhere, and read by networks that answer at once."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QListWidget, QPushButton

from resnet_gui.core.comparison import Entry
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.examination import Examination
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.run import Run, State
from resnet_gui.core.sample import Sample
from resnet_gui.core.strokes import PEN
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.examining import ExaminationFailed, ExaminationProgressed, Examined
from resnet_gui.ui.my_digits import MyDigitsShelf
from resnet_gui.ui.my_digits_checks import MyDigitsChecks
from resnet_gui.ui.my_digits_dialog import EMPTY, MyDigitsDialog
from resnet_gui.ui.theme import DARK, LIGHT

LINE = np.array([[0.5, 0.1], [0.5, 0.9]], np.float32)
DIGITS = (0, 7, 7, 1, 7, 9)  # in the order of writing; the gallery has 0 1 7 7 7 9


class Bench(QObject):
    """What the checks need of a workbench."""

    checked = Signal(object)
    run_changed = Signal(object)

    def __init__(self, shelf):
        super().__init__()
        self.shelf, self.wanted = shelf, []

    def check(self, runs, exam):
        self.wanted.append((list(runs), exam))

    def answer(self, run, answers):
        exam = self.wanted[-1][1]
        self.checked.emit(Examined(Examination(run, exam, np.array(answers, np.uint8), np.full(len(answers), 0.9))))


class Ticks(QObject):
    ticks_changed = Signal(object)
    ticked = ()


@pytest.fixture
def store(tmp_path):
    return MyDigits(tmp_path / "home")


@pytest.fixture
def made(qtbot, store):
    """The dialog and what is around it, before the first look at the store."""
    errands = Errands()
    shelf = MyDigitsShelf(store, errands)
    ticks = Ticks()
    bench = Bench(ticks)
    dialog = MyDigitsDialog(shelf, MyDigitsChecks(shelf, bench, shelf), None)
    qtbot.addWidget(dialog)
    dialog.show()
    yield SimpleNamespace(dialog=dialog, shelf=shelf, bench=bench, ticks=ticks, store=store, gallery=dialog.gallery)
    errands.finish()


@pytest.fixture
def full(made, qtbot):
    made.store.take(Sample(0, label, (LINE + np.float32(n),), PEN, 100.0 + n) for n, label in enumerate(DIGITS))
    with qtbot.waitSignal(made.shelf.changed):
        made.shelf.refresh()
    return made


def entry(run_id, name="", state=State.FINISHED, steps=5, color=0):
    run = Run(run_id, Experiment())
    run.apply(StepsEnded(run_id, 0, np.ones(steps, np.float32), np.ones(steps, np.float32), 1.0, 1.0))
    run.state = state
    return Entry(run, name or run_id, color)


def tick(made, *entries):
    made.ticks.ticked = entries
    made.ticks.ticks_changed.emit(entries)


def child(made, kind, name):
    found = made.dialog.findChild(kind, name)
    assert found is not None, name
    return found


def press(made, name):
    QTest.mouseClick(child(made, QPushButton, name), Qt.MouseButton.LeftButton)


def click(made, row, modifier=Qt.KeyboardModifier.NoModifier):
    place = made.gallery.visualRect(made.gallery.model().index(row, 0)).center()
    QTest.mouseClick(made.gallery.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def shown(made):
    """The labels in the gallery."""
    return [sample.label for sample in made.gallery.model().samples]


def rows(made):
    runs = child(made, QListWidget, "myDigitsRuns")
    return [runs.item(row).text() for row in range(runs.count())]


def summary(made):
    return child(made, QLabel, "myDigitsSummary").text()


def check(made, qtbot):
    press(made, "checkRunsButton")
    qtbot.waitUntil(lambda: bool(made.bench.wanted))


def test_nothing_yet_says_how_to_begin(made, qtbot):
    with qtbot.waitSignal(made.shelf.changed):
        made.shelf.refresh()
    message = child(made, QLabel, "myDigitsMessage")
    assert message.isVisible()
    assert message.text() == EMPTY
    for name in ("exportDigitsButton", "deleteDigitsButton", "checkRunsButton", "trainOnMyDigitsButton"):
        assert not child(made, QPushButton, name).isEnabled()
    assert child(made, QPushButton, "importDigitsButton").isEnabled()


def test_digits_stand_under_their_labels_with_their_number(full):
    assert shown(full) == [0, 1, 7, 7, 7, 9]
    model = full.gallery.model()
    assert model.sections == ((0, 0, 1), (1, 1, 1), (7, 2, 3), (9, 5, 1))
    assert [model.heading(*section) for section in model.sections] == ["1 digit", "1 digit", "3 digits", "1 digit"]
    assert summary(full) == "6 digits"


def test_delete_removes_what_is_selected_and_can_be_taken_back(full, qtbot):
    click(full, 2)
    click(full, 4, Qt.KeyboardModifier.ShiftModifier)
    assert summary(full) == "6 digits, 3 selected"
    with qtbot.waitSignal(full.shelf.changed):
        QTest.keyClick(full.gallery, Qt.Key.Key_Delete)
    assert shown(full) == [0, 1, 9]
    assert full.dialog.notice.text == "3 digits were deleted."
    assert full.gallery.currentIndex().row() == 2  # the next one
    with qtbot.waitSignal(full.shelf.changed):
        press(full, "noticeActionButton")
    assert shown(full) == [0, 1, 7, 7, 7, 9]
    assert full.dialog.notice.isHidden()


def test_a_digits_key_relabels_what_is_selected_and_ctrl_z_takes_that_back(full, qtbot):
    click(full, 2)
    with qtbot.waitSignal(full.shelf.changed):
        QTest.keyClick(full.gallery, Qt.Key.Key_1)
    assert shown(full) == [0, 1, 1, 7, 7, 9]
    assert full.dialog.notice.text == "A 7 is a 1 now."
    assert full.gallery.selected == ()
    assert full.gallery.currentIndex().row() == 3  # the next seven: the one that keys go on from
    with qtbot.waitSignal(full.shelf.changed):
        QTest.keyClick(full.dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(full) == [0, 1, 7, 7, 7, 9]
    QTest.keyClick(full.dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # there is no more
    assert shown(full) == [0, 1, 7, 7, 7, 9]


def test_keys_do_nothing_while_nothing_is_selected(full, qtbot):
    full.gallery.clearSelection()
    QTest.keyClick(full.gallery, Qt.Key.Key_3)
    QTest.keyClick(full.gallery, Qt.Key.Key_Delete)
    full.shelf._errands.finish()
    qtbot.wait(1)
    assert shown(full) == [0, 1, 7, 7, 7, 9]
    assert not child(full, QPushButton, "deleteDigitsButton").isEnabled()


def test_selection_and_place_stay_when_a_digit_comes(full, qtbot):
    full.gallery.setFixedHeight(160)
    click(full, 1)
    chosen = full.gallery.selected
    bar = full.gallery.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    place = bar.value()
    with qtbot.waitSignal(full.shelf.changed):
        full.shelf.keep(0, [LINE * 3], PEN)
    assert full.gallery.selected == chosen
    assert bar.value() == place > 0


def test_networks_are_checked_and_their_mistakes_marked(full, qtbot):
    tick(full, entry("a", "ResNet-6"), entry("b", "plain-6", State.TRAINING, color=1))
    assert rows(full) == [
        "Starter network\nNot checked yet",
        "ResNet-6\nNot checked yet",
        "plain-6\nStill to be trained",
    ]
    check(full, qtbot)
    runs, exam = full.bench.wanted[0]
    assert runs == ["starter", "a"]
    assert exam.labels.tolist() == list(DIGITS)
    assert not child(full, QPushButton, "checkRunsButton").isEnabled()
    full.bench.checked.emit(ExaminationProgressed("starter", 0.5))
    assert rows(full)[0] == "Starter network\nReading… 50 %"
    full.bench.answer("starter", [0, 7, 1, 1, 7, 4])
    full.bench.answer("a", DIGITS)
    assert rows(full)[:2] == ["Starter network\n66.7% · 2 wrong", "ResNet-6\n100.0% · 0 wrong"]
    model = full.gallery.model()
    assert [model.data(model.index(row, 0)) for row in range(6)] == ["", "", "", "→ 1  90 %", "", "→ 4  90 %"]
    assert "Starter network reads 4, 90 % sure" in model.data(model.index(5, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert model.heading(*model.sections[2]) == "3 digits · 1 misread"
    child(full, QListWidget, "myDigitsRuns").setCurrentRow(1)
    assert [model.data(model.index(row, 0)) for row in range(6)] == [""] * 6
    assert child(full, QPushButton, "checkRunsButton").isEnabled()


def test_answers_are_judged_by_the_labels_of_now(full, qtbot):
    check(full, qtbot)
    full.bench.answer("starter", [0, 7, 1, 1, 7, 9])
    assert rows(full) == ["Starter network\n83.3% · 1 wrong"]
    click(full, 3)
    with qtbot.waitSignal(full.shelf.changed):
        QTest.keyClick(full.gallery, Qt.Key.Key_1)
    assert rows(full) == ["Starter network\n100.0% · 0 wrong"]
    with qtbot.waitSignal(full.shelf.changed):
        full.shelf.keep(5, [LINE * 3], PEN)
    assert rows(full) == ["Starter network\n100.0% · 0 wrong · 1 new"]


def test_only_what_is_misread_is_shown_if_that_is_wanted(full, qtbot):
    box = child(full, QCheckBox, "onlyWrongCheck")
    assert not box.isEnabled()
    check(full, qtbot)
    full.bench.answer("starter", [0, 7, 1, 1, 7, 4])
    box.click()
    assert shown(full) == [7, 9]
    assert summary(full) == "6 digits"
    full.gallery.setFocus()
    QTest.keyClick(full.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(full.shelf.changed):
        QTest.keyClick(full.gallery, Qt.Key.Key_Delete)
    assert child(full, QLabel, "myDigitsMessage").text() == "This network reads all of them right."
    box.click()
    assert shown(full) == [0, 1, 7, 7]


def test_a_run_that_is_trained_on_is_to_be_checked_again(full, qtbot):
    run = entry("a")
    tick(full, run)
    check(full, qtbot)
    full.bench.answer("a", DIGITS)
    full.bench.answer("starter", DIGITS)
    run.run.apply(StepsEnded("a", 5, np.ones(2, np.float32), np.ones(2, np.float32), 1.0, 2.0))
    run.run.state = State.FINISHED
    full.bench.run_changed.emit(run.run)
    assert rows(full)[1] == "a\nNot checked yet"


def test_a_network_that_cannot_read_says_why_and_may_try_again(full, qtbot):
    check(full, qtbot)
    full.bench.checked.emit(ExaminationFailed("starter", "The file\nof its weights is gone."))
    assert rows(full) == ["Starter network\nThe file of its weights is gone."]
    assert child(full, QPushButton, "checkRunsButton").isEnabled()


def test_the_chosen_network_is_to_be_trained(full):
    tick(full, entry("a", "ResNet-6"), entry("b", "plain-6", State.QUEUED))
    wanted = []
    full.dialog.training_wanted.connect(wanted.append)
    press(full, "trainOnMyDigitsButton")
    for row, name in ((1, "ResNet-6"), (2, "plain-6")):
        child(full, QListWidget, "myDigitsRuns").setCurrentRow(row)
        assert child(full, QPushButton, "trainOnMyDigitsButton").accessibleName() == f"Train {name} on my digits"
        press(full, "trainOnMyDigitsButton")
    assert wanted == ["starter", "a"]  # the last one waits for its own training
    tick(full)
    assert rows(full) == ["Starter network\nNot checked yet"]


def test_digits_go_out_and_come_in_by_the_buttons(full, monkeypatch, tmp_path, qtbot):
    file = str(tmp_path / "mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: (f"{file}.npz", ""))
    with qtbot.waitSignal(full.shelf.told):
        press(full, "exportDigitsButton")
    assert "Saved 6 digits" in full.dialog.notice.text
    with qtbot.waitSignal(full.shelf.told):
        press(full, "importDigitsButton")
    assert full.dialog.notice.text == "Added 0 digits; 6 known already, left as they are."


def test_a_store_that_cannot_be_used_is_said_in_this_window(full, monkeypatch, qtbot):
    def refuse(*arguments):
        raise LibraryError(f"The drawn digits in {'x' * 2000} cannot be used; move it away.")

    monkeypatch.setattr(MyDigits, "delete", refuse)
    click(full, 0)
    with qtbot.waitSignal(full.shelf.refused):
        press(full, "deleteDigitsButton")
    assert full.dialog.notice.text.startswith("The drawn digits in xxx")
    assert full.dialog.width() < 1200
    assert shown(full) == [0, 1, 7, 7, 7, 9]


def test_the_store_is_looked_at_again_when_the_window_is(full, qtbot):
    full.store.add(2, [LINE * 5], PEN)
    with qtbot.waitSignal(full.shelf.changed):
        full.dialog.activateWindow()
        qtbot.waitUntil(full.dialog.isActiveWindow)
        full.shelf.refresh()
    assert shown(full) == [0, 1, 2, 7, 7, 7, 9]


def test_digits_are_painted_as_ink_and_mistakes_in_a_frame(full, qtbot):
    def colors_at(row):
        rect = full.gallery.visualRect(full.gallery.model().index(row, 0))
        image = full.gallery.viewport().grab(rect).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    full.gallery.viewport().grab()
    qtbot.waitUntil(lambda: full.shelf.picture(full.shelf.samples[-1]) is not None)
    assert LIGHT.ink in colors_at(0)
    assert LIGHT.error not in colors_at(0)
    check(full, qtbot)
    full.bench.answer("starter", [8, 7, 7, 1, 7, 9])
    assert LIGHT.error in colors_at(0)
    assert LIGHT.error not in colors_at(1)
    full.dialog.set_colors(DARK)
    assert {DARK.ink, DARK.error} <= colors_at(0)


def test_a_screen_reader_finds_digits_and_networks(full):
    gallery = QAccessible.queryAccessibleInterface(full.gallery)
    assert gallery.text(QAccessible.Text.Name) == "My digits"
    assert "relabel" in gallery.text(QAccessible.Text.Description)
    assert gallery.role() == QAccessible.Role.List
    assert gallery.childCount() == 6
    for button in full.dialog.findChildren(QPushButton):
        assert not button.isVisible() or button.accessibleName() or button.text()


def test_a_click_beside_the_digits_selects_nothing(full):
    click(full, 0)
    QTest.mouseClick(full.gallery.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert full.gallery.selected == ()
