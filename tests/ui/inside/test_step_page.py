"""Steps on a real page, pressed through with the mouse."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.core.inside.step import BlockStep, Phase, Step
from resnet_gui.core.run import Run
from resnet_gui.ui.inside.step_page import LOOKING, StepPage
from resnet_gui.ui.theme import DARK

NET, PLAIN = Architecture(blocks=3, width=4), Architecture(blocks=3, width=4, shortcut="none")
IMAGES = np.random.default_rng(0).integers(0, 256, (32, 28, 28)).astype(np.uint8)


def answer(page, architecture=NET, name="ResNet-8", second=False, **more):
    blueprint = make_blueprint(architecture)
    plain = architecture.shortcut == "none"
    blocks = [
        BlockStep(plan, 1.0, None if plain else 2.0, 0.1, 0.1, None if plain else 0.2, 5.0, 0.01)
        for plan in blueprint.blocks
    ]
    labels = np.arange(32, dtype=np.int32) % 10
    step = Step(
        1, 0.01, IMAGES, labels, np.zeros(32, int), np.linspace(0, 3, 32, dtype=np.float32), 1.5, 1.4, tuple(blocks)
    )
    subject = Subject(name)
    look = Look((subject,), page.question)
    page.show_answer(Answered(look, subject, name, blueprint, IMAGES[0], None, replace(step, **more)), second)


@pytest.fixture
def page(qtbot):
    page = StepPage()
    qtbot.addWidget(page)
    page.resize(500, 360)
    page.show()
    return page


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_next_goes_through_the_parts_and_then_asks_for_the_next_step(page, qtbot):
    assert page.sentence.text() == LOOKING
    assert not page.next.isEnabled()
    answer(page)
    seen = [page.phase]
    for _ in range(3):
        press(page.next)
        seen.append(page.phase)
    assert seen == list(Phase)
    assert "from 1.500 to 1.400" in page.sentence.text()
    with qtbot.waitSignal(page.asked):
        press(page.next)
    assert page.question.rates == (0.01, 0.01)
    assert (page.phase, page.sentence.text()) == (Phase.FORWARD, LOOKING)


def test_the_columns_fill_part_by_part(page):
    answer(page)
    gradient, change = (page.rows.sides[0].columns[place] for place in (1, 3))
    assert np.isnan(gradient.lengths).all()
    press(page.next)
    press(page.next)
    gradient, change = (page.rows.sides[0].columns[place] for place in (1, 3))
    assert np.isfinite(gradient.lengths).all()
    assert np.isnan(change.lengths).all()
    press(page.next)
    assert np.isfinite(page.rows.sides[0].columns[3].lengths).all()


def test_another_rate_makes_this_step_anew_and_leaves_the_others(page, qtbot):
    answer(page)
    for _ in range(4):
        press(page.next)
    with qtbot.waitSignal(page.asked):
        page.rate.setValue(0.1)
    assert page.question.rates == (0.01, 0.1)


def test_new_weights_and_starting_again_begin_with_the_first_step(page, qtbot):
    answer(page)
    for _ in range(4):
        press(page.next)
    copy = page.question.copy
    with qtbot.waitSignal(page.asked):
        QTest.mouseClick(page.fresh, Qt.MouseButton.LeftButton, pos=QPoint(8, page.fresh.height() // 2))
    assert page.question.fresh
    assert (len(page.question.rates), page.question.copy) == (1, copy + 1)
    press(page.again)
    assert page.question.copy == copy + 2


def test_it_plays_until_it_is_paused_or_left(page, qtbot):
    answer(page)
    page._player.setInterval(5)
    press(page.play)
    assert page.play.text() == "Pause"
    qtbot.waitUntil(lambda: len(page.question.rates) == 2)
    page.hide()
    assert not page.play.isChecked()
    assert not page._player.isActive()


def test_the_plain_twin_stands_beside_it(page):
    run = Run("b", Experiment(PLAIN))
    run.apply(StepsEnded("b", 0, np.ones(1, np.float32), np.ones(1, np.float32), 1.0, 1.0))
    page.show_run(run, second=True)
    answer(page)
    assert page.rows.sides[1].note == LOOKING
    answer(page, PLAIN, "plain-8", second=True)
    assert [side.plain for side in page.rows.sides] == [False, True]
    assert page.rows.sides[1].title == "plain-8: 4 of 32 right"
    page.show_run(None, second=True)
    assert len(page.rows.sides) == 1


def test_a_step_that_was_too_large_ends_the_steps(page):
    answer(page, loss=float("nan"), losses=np.full(32, np.nan, np.float32))
    assert not page.next.isEnabled()
    assert "smaller learning rate" in page.sentence.text()
    page.set_colors(DARK)
    assert not page.grab().toImage().isNull()


def test_another_network_begins_with_its_first_step(page):
    answer(page)
    for _ in range(4):
        press(page.next)
    page.show_run(Run("c", Experiment(NET)), second=False)
    assert len(page.question.rates) == 1


def test_a_problem_is_said(page):
    page.show_problem("It diverged.", second=False)
    assert page.sentence.text() == "It diverged."
    assert not page.next.isEnabled()
