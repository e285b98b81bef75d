"""The panel shows where a run stands and asks for what its buttons say."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from resnet_gui.core.events import Outcome, Paused, Progressed, RunEnded, RunPrepared, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.run import Run, State
from resnet_gui.ui.training_panel import TrainingPanel, duration


@pytest.fixture
def panel(qtbot):
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 120)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def button(panel, name):
    return panel.findChild(QPushButton, name)


def status(panel):
    return panel.findChild(QLabel, "progressLabel")


def training_run(steps=412):
    run = Run("a", Experiment())
    run.apply(RunPrepared("a", run.experiment, None, "MNIST", "CPU", "float32", 1000, 844))
    values = np.ones(steps, np.float32)
    run.apply(StepsEnded("a", 0, values, values, 2950.4, 9.3))
    return run


def test_nothing_runs_at_first(panel):
    assert button(panel, "trainButton").isEnabled()
    assert not button(panel, "pauseButton").isEnabled()
    assert not button(panel, "stopButton").isEnabled()
    assert button(panel, "trainButton").property("role") == "primary"


def test_status_tells_step_speed_and_time_left(panel):
    panel.show_run(training_run())
    assert status(panel).text() == "9 s left · Step 412 of 844 · 2,950 images/s"
    assert panel.findChild(QProgressBar, "progressBar").value() == 48


def test_bar_is_busy_while_the_network_is_compiled(panel):
    run = Run("a", Experiment())
    run.apply(RunPrepared("a", run.experiment, None, "MNIST", "CPU", "float32", 1000, 844))
    panel.show_run(run)
    bar = panel.findChild(QProgressBar, "progressBar")
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    assert status(panel).text() == "compiling…"
    run.apply(Progressed("a", "downloading MNIST", 0.25))
    panel.show_run(run)
    assert (bar.maximum(), bar.value()) == (100, 25)
    assert status(panel).text() == "downloading MNIST… 25%"


def test_pause_turns_into_resume(panel, qtbot):
    run = training_run()
    panel.show_run(run)
    with qtbot.waitSignal(panel.pause_requested):
        qtbot.mouseClick(button(panel, "pauseButton"), Qt.MouseButton.LeftButton)
    run.apply(Paused("a", 412))
    panel.show_run(run)
    assert button(panel, "pauseButton").text() == "Resume"
    with qtbot.waitSignal(panel.resume_requested):
        qtbot.mouseClick(button(panel, "pauseButton"), Qt.MouseButton.LeftButton)


def test_stop_is_asked_once_and_shown_at_once(panel, qtbot):
    run = training_run()
    panel.show_run(run)
    with qtbot.waitSignal(panel.stop_requested):
        qtbot.mouseClick(button(panel, "stopButton"), Qt.MouseButton.LeftButton)
    panel.show_run(run)
    assert status(panel).text() == "stopping…"
    assert not button(panel, "stopButton").isEnabled()
    run.apply(RunEnded("a", Outcome.STOPPED, "stopped", 412, train_seconds=65.0))
    panel.show_run(run)
    assert status(panel).text() == "Stopped · 412 steps in 1 min 05 s"
    assert button(panel, "trainButton").isEnabled()


def test_refusal_says_why(panel):
    panel.set_ready(False, "The engine is starting.")
    assert not button(panel, "trainButton").isEnabled()
    assert button(panel, "trainButton").toolTip() == "The engine is starting."
    assert status(panel).text() == "The engine is starting."
    panel.set_ready(True)
    assert button(panel, "trainButton").isEnabled()
    assert status(panel).text() == "Ready to train."


def test_training_is_refused_while_a_run_is_active(panel):
    panel.set_ready(True)
    panel.show_run(training_run())
    assert not button(panel, "trainButton").isEnabled()


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.DIVERGED])
def test_bad_ends_are_shown_as_errors(panel, outcome):
    run = training_run()
    run.apply(RunEnded("a", outcome, "the loss was no longer finite", 412))
    panel.show_run(run)
    assert run.state is State(outcome)
    assert "no longer finite" in status(panel).text()
    assert status(panel).property("role") == "error"


def test_long_status_is_cut_and_complete_in_the_tooltip(panel):
    run = training_run()
    run.apply(RunEnded("a", Outcome.FAILED, "out of memory " * 20, 412))
    panel.show_run(run)
    assert panel.minimumSizeHint().width() <= 300
    assert status(panel).toolTip() == status(panel).text()
    panel.show_run(None)
    assert status(panel).toolTip() == ""


def test_shortcuts_work_and_are_named_in_the_tooltips(panel, qtbot):
    panel.activateWindow()
    qtbot.waitActive(panel)
    with qtbot.waitSignal(panel.train_requested):
        qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    run = training_run()
    panel.show_run(run)
    with qtbot.waitSignal(panel.pause_requested):
        qtbot.keyClick(panel, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    run.apply(Paused("a", 412))
    panel.show_run(run)
    with qtbot.waitSignal(panel.resume_requested):
        qtbot.keyClick(panel, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(panel.stop_requested):
        qtbot.keyClick(panel, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    for name in ("trainButton", "pauseButton", "stopButton"):
        panel.show_run(None)
        assert "Ctrl" in button(panel, name).toolTip()


def test_the_focus_stays_in_the_panel_when_the_pressed_button_is_done(panel, qtbot):
    panel.activateWindow()
    qtbot.waitActive(panel)
    button(panel, "trainButton").setFocus()
    run = training_run()
    panel.show_run(run)
    assert button(panel, "pauseButton").hasFocus()
    run.apply(RunEnded("a", Outcome.STOPPED, "stopped", 412))
    panel.show_run(run)
    assert button(panel, "trainButton").hasFocus()


def test_the_focus_comes_back_to_train_once_a_stop_is_done(panel, qtbot):
    panel.activateWindow()
    qtbot.waitActive(panel)
    run = training_run()
    panel.show_run(run)
    button(panel, "stopButton").setFocus()
    button(panel, "stopButton").click()  # now no button can be pressed
    run.apply(RunEnded("a", Outcome.STOPPED, "stopped", 412))
    panel.show_run(run)
    assert button(panel, "trainButton").hasFocus()


def test_a_pair_is_asked_for_unless_the_network_is_plain_itself(panel, qtbot):
    with qtbot.waitSignal(panel.pair_requested):
        qtbot.mouseClick(button(panel, "trainPairButton"), Qt.MouseButton.LeftButton)
    panel.set_plain(True)
    assert not button(panel, "trainPairButton").isEnabled()
    assert "plain twin itself" in button(panel, "trainPairButton").toolTip()
    panel.set_plain(False)
    panel.show_run(training_run())
    assert not button(panel, "trainPairButton").isEnabled()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (9.3, "9 s"), (59.6, "1 min 00 s"), (65, "1 min 05 s"), (4200, "1 h 10 min")]
)
def test_durations_read_like_speech(seconds, text):
    assert duration(seconds) == text
