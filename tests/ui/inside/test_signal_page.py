"""The signal's rows, on a real page with answers of real values."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.inside.question import Answered, Look, Subject
from resnet_gui.core.inside.signal import BlockSignal, SignalQuestion, Signals
from resnet_gui.core.run import Run
from resnet_gui.ui.inside.signal_page import SignalPage
from resnet_gui.ui.theme import DARK, LIGHT


def answered(architecture, gradients, name):
    blueprint = make_blueprint(architecture)
    shortcut = None if architecture.shortcut == "none" else 1.0
    blocks = [BlockSignal(p, 1.0, shortcut, g, g / 2) for p, g in zip(blueprint.blocks, gradients, strict=True)]
    subject = Subject(name)
    look = Look((subject,), SignalQuestion())
    return Answered(look, subject, name, blueprint, np.zeros((28, 28), np.uint8), None, Signals(3, 1.0, tuple(blocks)))


def trained(architecture, steps=20):
    run = Run("a", Experiment(architecture))
    norms = np.ones((steps, architecture.blocks * architecture.stages), np.float32)
    run.apply(StepsEnded("a", 0, np.ones(steps, np.float32), np.ones(steps, np.float32), 1.0, 1.0, gradients=norms))
    return run


DEEP, PLAIN = Architecture(blocks=8, width=4), Architecture(blocks=8, width=4, shortcut="none")


@pytest.fixture
def page(qtbot):
    page = SignalPage()
    qtbot.addWidget(page)
    page.resize(500, 300)
    page.show()
    return page


def pixels(page):
    return page.grab().toImage()


def test_two_networks_stand_beside_each_other_on_one_scale(page):
    page.show_run(Run("b", Experiment(PLAIN)), second=True)
    page.show_answer(answered(DEEP, np.full(8, 1e-1), "ResNet-18"), second=False)
    assert [side.note == "" for side in page.rows.sides] == [True, False]
    page.show_answer(answered(PLAIN, np.geomspace(1e-6, 1e-1, 8), "plain-18"), second=True)
    first, second = page.rows.sides
    assert (first.title, second.title) == ("ResNet-18", "plain-18")
    assert first.columns[1].ends == second.columns[1].ends == ("10⁻⁷", "10⁻¹")
    assert "plain-18, the first block gets 0.001 %" in page.sentence.text()


def test_what_was_not_recorded_is_said_and_the_bars_are_there(page):
    page.show_answer(answered(DEEP, np.full(8, 1e-1), "ResNet-18"), second=False)
    (side,) = page.rows.sides
    assert side.columns[2].tones is None
    assert "Nobody recorded" in side.columns[2].note
    assert np.isfinite(side.columns[1].lengths).all()


def test_the_map_grows_with_the_run(page, qtbot):
    run = trained(DEEP)
    run.total_steps = 40
    page.show_run(run, second=False)
    page.show_answer(answered(DEEP, np.full(8, 1e-1), "ResNet-18"), second=False)
    assert page.rows.sides[0].columns[2].tones.shape == (20, 8)
    assert page.rows.sides[0].columns[2].filled == 0.5
    figures = np.ones(10, np.float32)
    run.apply(StepsEnded("a", 20, figures, figures, 1.0, 1.0, gradients=np.full((10, 8), np.inf, np.float32)))
    page.show_run(run, second=False)
    qtbot.waitUntil(lambda: page.rows.sides[0].columns[2].tones.shape == (30, 8))


def test_it_is_painted_in_both_schemes_for_any_number_of_blocks(page):
    for blocks in (0, 1, 60):
        architecture = Architecture(blocks=blocks, width=4)
        page.show_answer(answered(architecture, np.full(blocks, np.nan if blocks == 1 else 0.1), "net"), second=False)
        for colors in (LIGHT, DARK):
            page.set_colors(colors)
            assert not pixels(page).isNull()
    assert page.rows.minimumSizeHint().height() > 300


def test_pointing_at_a_block_tells_its_numbers(page):
    page.show_answer(answered(DEEP, np.full(8, 1e-1), "ResNet-18"), second=False)
    tips = {page.rows.tip_at(QPointF(100, y)).partition("\n")[0] for y in range(page.rows.height())}
    assert tips == {"", *[f"Block {n} of stage 1" for n in range(1, 9)]}


def test_a_problem_and_nothing_are_shown(page):
    page.show_problem("It diverged.", second=False)
    assert page.rows.sides[0].note == "It diverged."
    page.show_nothing()
    assert page.rows.sides == ()
    assert not page.sentence.isVisible()


def test_what_was_recorded_is_shown_without_a_picture_too(page, qtbot):
    page.show_run(trained(DEEP), second=False)
    qtbot.waitUntil(lambda: bool(page.rows.sides))
    (side,) = page.rows.sides
    assert len(side.blocks) == 8
    assert side.columns[0].tones.shape == (20, 8)
    assert not pixels(page).isNull()
