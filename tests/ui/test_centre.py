"""The tabs in the middle: made when they are looked at, following the form, and reporting edits."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.reading import Reading
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.core.run import Run
from resnet_gui.ui.centre import CODE, CURVES, DEPTH, INSIDE, NETWORK, READINGS, Centre
from resnet_gui.ui.inside.view import NOT_DRAWN
from resnet_gui.ui.theme import DARK


@pytest.fixture
def choices():
    return {"Plain twin": Architecture(shortcut="none")}


@pytest.fixture
def centre(qtbot, choices):
    made = Centre(lambda: choices)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_diagram_and_script_are_made_when_they_are_looked_at(centre):
    assert centre.network is centre.code is None
    experiment = PRESETS["resnet20"].experiment
    centre.set_colors(DARK)
    centre.show_experiment(experiment)
    centre.setCurrentIndex(NETWORK)
    assert centre.network.architecture == experiment.architecture
    centre.setCurrentIndex(CODE)
    assert "ResNet-20" in centre.code.script
    centre.show_experiment(Experiment())
    assert centre.network.architecture == Architecture()
    assert "ResNet-6" in centre.code.script


def test_a_network_is_compared_with_what_there_is_by_then(centre, choices):
    centre.setCurrentIndex(NETWORK)
    choices["Run: plain-50"] = PRESETS["deep-plain"].experiment.architecture
    combo = centre.findChild(QComboBox, "compareCombo")
    QApplication.sendEvent(combo, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert [combo.itemText(index) for index in range(combo.count())] == ["Nothing", "Plain twin", "Run: plain-50"]
    combo.setCurrentText("Run: plain-50")
    assert "22 blocks more" in centre.network.difference
    combo.setCurrentText("Nothing")
    assert centre.network.difference == ""
    combo.setCurrentText("Plain twin")
    choices["Plain twin"] = Architecture(blocks=7, shortcut="none")
    centre.show_experiment(Experiment(Architecture(blocks=7)))
    assert "blocks" not in centre.network.difference


def test_an_edit_on_the_diagram_is_passed_on(centre, qtbot):
    centre.setCurrentIndex(NETWORK)
    centre.network.diagram.setFocus()
    with qtbot.waitSignal(centre.architecture_edited) as caught:
        qtbot.keyClick(centre.network.diagram, Qt.Key.Key_Plus)
    assert caught.args[0].blocks == 3


def test_runs_are_compared_in_the_view_that_is_looked_at_and_in_others_later(centre):
    entries = [Entry(Run(name, Experiment()), name, 0) for name in ("a", "b")]
    centre.show_runs(entries)
    assert [key.name for key in centre.curves.keys] == ["a", "b"]
    centre.setCurrentIndex(DEPTH)
    centre.show_runs(entries[:1])
    assert [key.name for key in centre.curves.keys] == ["a", "b"]  # nobody sees them
    centre.setCurrentIndex(CURVES)
    assert [key.name for key in centre.curves.keys] == ["a"]


def test_networks_read_side_by_side_only_while_their_tab_is_looked_at(centre, qtbot):
    run = Run("a", Experiment())
    run.apply(StepsEnded("a", 0, np.zeros(1, np.float32), np.zeros(1, np.float32), 1.0, 1.0))
    asked = []
    centre.readings_wanted.connect(asked.append)
    answer = Reading("a", "a", np.zeros((28, 28), np.uint8), np.eye(10, dtype=np.float32)[7], step=1)
    path = ReadingPath("a", answer.image)
    path.add(1, answer.probabilities)
    for show in (centre.show_reading, lambda reading: centre.show_reading_problem("a", "gone")):
        show(answer)  # nobody looks: no harm
    centre.show_runs([Entry(run, "a", 0)])
    centre.show_reader("a")
    centre.show_path(path)
    assert not asked
    centre.setCurrentIndex(READINGS)
    qtbot.waitUntil(lambda: asked == [("a",)])
    assert centre.readings.strip.isVisible()
    centre.show_reading(answer)
    assert centre.readings.text == "a reads 7."
    centre.show_reading_problem("a", "It is gone.")
    assert centre.readings.rows["a"].text == "It is gone."
    centre.show_path(None)
    assert not centre.readings.strip.isVisible()
    centre.setCurrentIndex(CURVES)
    assert asked == [("a",), ()]


def test_the_inside_knows_that_there_is_a_drawing_when_it_is_first_looked_at(centre):
    centre.show_drawn(True)
    centre.setCurrentIndex(INSIDE)
    message = centre.inside.findChild(QLabel, "insideMessage")
    assert message.text() == ""
    centre.show_drawn(False)
    assert message.text() == NOT_DRAWN
