"""The view Lesions with real answers of small networks."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.inside.effect import EffectQuestion
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.core.inside.sweep import SweepKind, SweepQuestion
from resnet_gui.core.inside.sweep_words import Outcome, guess_words
from resnet_gui.core.run import Run
from resnet_gui.ui.inside.block_chip import WIDTH
from resnet_gui.ui.inside.lesions_page import LesionsPage
from resnet_gui.ui.theme import DARK

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
SMALL = Architecture(blocks=3, stages=2, width=4, stem_stride=2)
PLAIN = replace(SMALL, shortcut="none")


@pytest.fixture
def page(qtbot):
    page = LesionsPage()
    qtbot.addWidget(page)
    page.resize(690, 420)
    page.show()
    return page


@pytest.fixture
def answer(bars_folder, page):
    """Answers what the page asks, of networks with new weights, as the thread and the window would."""
    from resnet_gui.engine.inside import tally

    tally._tallies.clear()  # other tests ask the same

    def give(*architectures, lesion=None, whole=True, seed=0):
        from resnet_gui.engine.inside.answers import answers
        from resnet_gui.engine.inside.trace import Specimen
        from resnet_gui.engine.network import Network

        question = page.question
        subjects = [Subject(f"run{number}", None if number else lesion) for number in range(len(architectures))]
        look = Look(tuple(subjects), question)
        for number, architecture in enumerate(architectures):
            network = Network(architecture, seed=seed)
            specimen = Specimen(network, subjects[number].lesion, data_file=bars_folder)
            for value, share in answers(specimen, IMAGE, None, question):
                event = Answered(look, subjects[number], network.name, network.blueprint, IMAGE, None, value, share)
                page.show_answer(event, bool(number))
                if not whole:
                    break

    return give


@pytest.fixture
def edits(page):
    """The lesions that are wanted."""
    found = []
    page.lesion_edited.connect(found.append)
    return found


def sweeps(page):
    button = page.findChild(object, "lesionSweeps")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return page.sweeps


def test_a_click_switches_a_block_off_and_on(page, answer, edits):
    answer(SMALL)
    QTest.mouseClick(page.hand.row.chips[1], Qt.MouseButton.LeftButton)
    assert edits == [Lesion.none(6).with_alpha(1, 0.0)]
    QTest.keyClick(page.hand.row.chips[1], Qt.Key.Key_Space)
    QTest.keyClick(page.hand.row.chips[1], Qt.Key.Key_Return)
    assert edits[1:] == [Lesion.none(6), Lesion.none(6).with_alpha(1, 0.0)]
    assert "switched off" in page.hand.row.chips[1].accessibleDescription()


def test_the_slider_weakens_the_chosen_block(page, answer, edits):
    answer(SMALL)
    page.hand.row.chips[2].setFocus()
    page.hand.row.chosen.emit(2)  # as the focus does in a window that is active
    page.hand.slider.setValue(10)
    assert edits == [Lesion.none(6).with_alpha(2, 0.5)]
    assert page.hand.block_label.text() == "Block 3:  α = 0.50"


def test_a_block_is_dragged_onto_another(page, answer, edits):
    answer(SMALL)
    first, second, _, other, *_ = page.hand.row.chips
    middle = first.rect().center()

    def drag(target):
        to = first.mapFromGlobal(target.mapToGlobal(target.rect().center()))
        QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(first, middle + QPoint(WIDTH // 2, 0))
        QTest.mouseMove(first, to)
        QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=to)

    drag(second)
    assert edits == [Lesion.none(6).swapped(0, 1)]
    assert second.chip.stands == 1
    drag(other)
    assert len(edits) == 1
    assert page.hand.notice.text().startswith("Blocks 1 and 4 cannot change places: one makes")


def test_blocks_are_exchanged_by_keys_and_by_the_list(page, answer, edits):
    answer(SMALL)
    QTest.keyClick(page.hand.row.chips[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert edits == [Lesion.none(6).swapped(0, 1)]
    page.hand.row.chosen.emit(4)
    combo = page.hand.exchange_combo
    assert [combo.itemText(row) for row in range(combo.count())] == ["Exchange with…", "block 6"]
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert edits[-1] == Lesion.none(6).swapped(0, 1).swapped(4, 5)


def test_before_and_after_are_shown_with_their_uncertainty(page, answer):
    answer(SMALL)
    assert page.hand.verdict.text().startswith("As it was trained it reads this as ")
    assert page.hand.accuracies[1].text() == "nothing is changed yet"
    answer(SMALL, lesion=Lesion.none(6).with_alpha(0, 0.0))
    assert "%" in page.hand.accuracies[1].text()
    assert "all 100 test images" in page.hand.images.text()
    assert page.hand.bars.accessibleDescription() == page.hand.verdict.text()


def test_a_plain_block_that_changes_the_shape_stays(page, answer, edits):
    answer(PLAIN)
    QTest.mouseClick(page.hand.row.chips[3], Qt.MouseButton.LeftButton)
    assert not edits
    assert "nothing could stand in for it" in page.hand.notice.text()
    page.grab()


def test_no_picture_no_blocks_and_problems_leave_nothing_broken(page, answer):
    page.show_nothing()
    assert not page.hand.widget().isVisible()
    answer(replace(SMALL, blocks=0))
    assert page.hand.notice.text() == "ResNet-2 has no blocks, so there is nothing to change."
    assert not page.hand.row.isVisible()
    page.show_problem("That run is gone.", False)
    assert page.hand.notice.isVisible()
    answer(SMALL)
    assert page.hand.row.isVisible()
    assert len(page.hand.row.chips) == 6
    page.set_colors(DARK)
    page.grab()


@pytest.mark.parametrize("width", [480, 690])
def test_everything_fits_or_scrolls(page, answer, width):
    answer(replace(SMALL, blocks=20))
    page.resize(width, 300)
    page.grab()
    viewport = page.hand.viewport()
    rights = [chip.mapTo(page.hand.widget(), QPoint(chip.width(), 0)).x() for chip in page.hand.row.chips]
    assert max(rights) <= viewport.width()
    assert page.hand.widget().height() > viewport.height()


def test_the_first_sweep_asks_for_a_guess_and_shows_it_beside_the_result(page, answer):
    panel = sweeps(page)
    assert page.COMPARES
    assert not page.OF_PICTURE
    assert page.question == SweepQuestion(SweepKind.EACH, 5, 0, 500)
    answer(SMALL, PLAIN)
    assert panel.stack.currentWidget() is panel.guess_box
    assert not panel.chart._lines
    assert not panel.guess_box.show_button.isEnabled()
    QTest.mouseClick(panel.guess_box.groups[0].button(2), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseClick(panel.guess_box.show_button, Qt.MouseButton.LeftButton)
    assert [line.name for line in panel.chart._lines] == ["ResNet-14", "plain-14"]
    said = guess_words("ResNet-14", Outcome.GUESSING, panel.chart._lines[0].sweep)
    assert panel.outcome.text().splitlines()[0] == said
    assert "plain-14 keeps block 4" in panel.note.text()
    answer(SMALL, PLAIN)
    assert panel.stack.currentWidget() is not panel.guess_box


def test_a_guess_can_be_left_out_or_switched_off(page, answer):
    panel = sweeps(page)
    answer(SMALL)
    QTest.mouseClick(panel.guess_box.groups[0].button(1), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseClick(panel.guess_box.skip_button, Qt.MouseButton.LeftButton)  # it does not count then
    assert panel.outcome.text().startswith("ResNet-14 without one block:")
    panel.guess_check.setChecked(False)
    panel.kind_combo.setCurrentIndex(1)
    panel.kind_combo.activated.emit(1)
    answer(SMALL)
    assert panel.chart._lines[0].sweep.kind is SweepKind.RANDOM


def test_more_images_are_read_once_both_networks_have_answered(page, answer, qtbot):
    panel = sweeps(page)
    answer(SMALL, PLAIN, whole=False)
    assert page.question.images == 500
    with qtbot.waitSignal(page.asked):
        answer(SMALL, PLAIN)
    assert page.question.images == 2_000
    answer(SMALL, PLAIN)
    assert not panel.progress.isVisible()
    panel.images_combo.setCurrentIndex(2)
    panel.images_combo.activated.emit(2)
    assert page.question.images == 500


def test_the_chart_is_read_by_keys(page, answer):
    panel = sweeps(page)
    panel.guess_check.setChecked(False)
    answer(SMALL, PLAIN)
    chart = panel.chart
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(chart, key)
    assert chart.plot.marks.chosen == (1, 1)
    assert "without block 2: " in chart.accessibleDescription()
    assert [mark.hollow for mark in chart.plot.marks.lines[0].marks] == [False] * 3 + [True] + [False] * 2
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.readout.isHidden()


def test_a_network_that_cannot_be_swept_says_why_beside_the_other(page, answer):
    panel = sweeps(page)
    panel.guess_check.setChecked(False)
    answer(SMALL)
    page.show_problem("No two blocks are alike.", True)
    assert "No two blocks are alike." in panel.note.text()
    assert len(panel.chart._lines) == 1
    assert not panel.progress.isVisible()


def test_back_by_hand_the_picture_counts_again(page):
    sweeps(page)
    QTest.mouseClick(page.findChild(object, "lesionByHand"), Qt.MouseButton.LeftButton)
    assert isinstance(page.question, EffectQuestion)
    assert page.OF_PICTURE
    assert not page.COMPARES


def test_what_was_shown_of_another_network_goes_and_cannot_be_edited(page, answer):
    first, other = (Run(name, Experiment(SMALL)) for name in ("a", "b"))
    page.show_run(first, second=False)
    answer(SMALL)
    assert page.hand.row.isVisibleTo(page)
    page.show_run(first, second=False)
    assert page.hand.row.isVisibleTo(page)
    edited = []
    page.lesion_edited.connect(edited.append)
    page.show_run(other, second=False)
    assert not page.hand.row.isVisibleTo(page)
    page.hand._edit_alpha(0.5)
    assert not edited


def test_what_is_restored_is_restored_at_once(page, answer):
    answer(SMALL, lesion=Lesion.none(6).with_alpha(0, 0))
    page.set_lesion(None)
    edited = []
    page.lesion_edited.connect(edited.append)
    page.hand._switch(1)
    assert edited == [Lesion.none(6).with_alpha(1, 0)]


def test_a_sweep_of_other_networks_goes_also_if_the_new_one_has_a_problem(page, answer):
    panel = sweeps(page)
    panel.guess_check.setChecked(False)
    page.show_run(Run("a", Experiment(SMALL)), second=False)
    answer(SMALL)
    assert panel.chart._lines
    page.show_run(Run("b", Experiment(SMALL)), second=False)
    page.show_problem("b is gone.", second=False)
    assert not panel.chart._lines
    assert panel.note.text() == "b is gone."
