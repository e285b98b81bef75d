"""Several networks read side by side while somebody looks; each row says what its network reads, or why it does not."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import STARTER
from resnet_gui.core.reading import Reading
from resnet_gui.core.reading_path import ReadingPath
from resnet_gui.core.run import Run, State
from resnet_gui.core.side_by_side import BESIDE
from resnet_gui.ui.readings_view import ALONE, NOT_DRAWN, NOT_TICKED, ReadingsView
from resnet_gui.ui.theme import DARK, LIGHT

IMAGE = np.zeros((28, 28), np.uint8)


@pytest.fixture
def view(qtbot):
    made = ReadingsView()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show_reader(STARTER)
    made.asked = []
    made.readings_wanted.connect(made.asked.append)
    made.show()
    return made


def entry(run_id, blocks=2, steps=1, state=State.FINISHED, color=0, name=""):
    run = Run(run_id, Experiment(Architecture(blocks)))
    grow(run, steps)
    run.state = state
    return Entry(run, name or run_id, color)


def grow(run, steps=1):
    figures = np.zeros(steps, np.float32)
    run.apply(StepsEnded(run.id, run.step, figures, figures, 1.0, 1.0))


def reading(run, digit, unsure=False):
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[digit] = 0.91
    return Reading(run, run, IMAGE, probabilities, unsure)


def texts(view):
    return {run: row.text for run, row in view.rows.items()}


def test_nothing_ticked_says_what_to_do(view):
    assert view.text == NOT_TICKED
    assert not view.rows
    assert view.findChild(QLabel, "readingsMessage").isVisible()


def test_nothing_drawn_says_what_to_do(view):
    view.show_runs([entry("a"), entry("b")])
    assert view.text == NOT_DRAWN
    assert list(view.rows) == ["a", "b"]
    assert not view.findChild(QLabel, "readingsMessage").isVisible()


def test_each_network_has_its_row_and_a_line_says_how_far_they_agree(view):
    view.show_runs([entry("a"), entry("b"), entry("c")])
    for run, digit in (("a", 7), ("b", 1), ("c", 7), ("unknown", 3)):
        view.show_reading(reading(run, digit))
    assert texts(view) == {"a": "Reads 7 with 91 %", "b": "Reads 1 with 91 %", "c": "Reads 7 with 91 %"}
    assert view.text == "2 of 3 networks read 7; b reads 1."
    row = view.rows["b"]
    assert (row.accessibleName(), row.accessibleDescription()) == ("b", "Reads 1 with 91 %")
    view.show_reading(None)
    assert texts(view) == {"a": "", "b": "", "c": ""}
    assert view.text == NOT_DRAWN


def test_who_does_not_know_says_so(view):
    view.show_runs([entry("a"), entry("b")])
    view.show_reading(reading("a", 7, unsure=True))
    view.show_reading(reading("b", 7))
    assert texts(view)["a"] == "Reads 7 with 91 %, but is unsure"
    assert view.text == "a is unsure; b reads 7."


def test_of_many_ticked_runs_so_many_read_and_the_tab_says_so(view):
    view.show_runs([entry(f"{number}", number + 1) for number in range(13)])
    assert len(view.rows) == BESIDE
    assert view.count == "8 of 13 ticked runs read"
    assert view.asked[-1] == tuple(f"{number}" for number in range(BESIDE))
    view.show_runs([entry("a"), entry("b")])
    assert view.count == ""
    view.show_runs([entry("a")])
    assert view.count == ALONE


def test_a_run_without_a_network_says_so_and_reads_from_its_first_step_on(view):
    waiting = entry("a", steps=0, state=State.QUEUED)
    view.show_runs([waiting, entry("b")])
    assert texts(view)["a"].startswith("Waits for its turn")
    assert view.asked[-1] == ("b",)
    waiting.run.state = State.PREPARING
    view.run_changed("a")
    assert texts(view)["a"].startswith("Is being prepared")
    grow(waiting.run)
    view.run_changed("a")
    assert texts(view)["a"] == ""
    assert view.asked[-1] == ("a", "b")
    asked = len(view.asked)
    grow(waiting.run)
    view.run_changed("a")
    view.run_changed("unknown")
    assert len(view.asked) == asked


def test_a_run_that_diverges_reads_no_more(view):
    run = entry("a", state=State.TRAINING)
    view.show_runs([run, entry("b")])
    view.show_reading(reading("a", 7))
    run.run.apply(RunEnded("a", Outcome.DIVERGED, "diverged", 1))
    view.run_changed("a")
    assert texts(view)["a"] == "Diverged in training: cannot read."
    assert view.asked[-1] == ("b",)


def test_a_network_that_fails_says_why_and_goes_on_saying_it(view):
    view.show_runs([entry("a"), entry("b")])
    view.show_problem("a", "The file is damaged.")
    view.show_reading(reading("b", 7))
    view.show_reading(None)
    view.show_runs([entry("a"), entry("b"), entry("c")])
    assert texts(view) == {"a": "The file is damaged.", "b": "", "c": ""}


def test_nothing_is_to_be_read_while_nobody_looks(view):
    view.show_runs([entry("a"), entry("b")])
    view.hide()
    assert view.asked[-1] == ()
    view.show_runs([entry("a")])
    assert view.asked[-1] == ()
    view.show()
    assert view.asked[-1] == ("a",)


def test_the_one_that_reads_first_is_seen_beside_so_many_others(view):
    view.show_runs([entry(f"{number}", number + 1) for number in range(13)])
    view.show_reader("12")
    assert list(view.rows) == [*(f"{number}" for number in range(BESIDE)), "12"]
    assert view.count == "9 of 13 ticked runs read"


def test_rows_that_stay_keep_their_answers_and_their_order_is_the_tables(view, qtbot):
    view.show_runs([entry("b"), entry("c")])
    view.show_reading(reading("c", 7))
    kept = view.rows["c"]
    view.show_runs([entry("a"), entry("c", name="another name", color=2), entry("b")])
    assert list(view.rows) == ["a", "c", "b"]
    assert view.rows["c"] is kept
    assert kept.text == "Reads 7 with 91 %"
    assert kept.accessibleName() == "another name"
    qtbot.waitUntil(lambda: 0 < view.rows["a"].y() < kept.y() < view.rows["b"].y())


def test_a_row_is_chosen_with_mouse_and_keyboard(view, qtbot):
    view.show_runs([entry("a"), entry("b")])
    clicked = []
    view.run_clicked.connect(clicked.append)
    qtbot.mouseClick(view.rows["b"], Qt.MouseButton.LeftButton)
    view.rows["a"].setFocus()
    qtbot.keyClick(view.rows["a"], Qt.Key.Key_Space)
    assert clicked == ["b", "a"]


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_the_winner_is_in_the_runs_colour(view, colors):
    view.set_colors(colors)
    view.show_runs([entry("a", color=2)])
    before = colors_of(view.rows["a"])
    view.show_reading(reading("a", 7))
    assert colors_of(view.rows["a"])[colors.runs[2]] > 1.5 * before[colors.runs[2]]  # the dot has it always


def colors_of(widget):
    image = widget.grab().toImage()
    counts = dict.fromkeys((*LIGHT.runs, *DARK.runs), 0)
    for x in range(image.width()):
        for y in range(image.height()):
            name = QColor(image.pixel(x, y)).name()
            if name in counts:
                counts[name] += 1
    return counts


def path(*readings, run="a"):
    made = ReadingPath(run, IMAGE)
    for step, digit in readings:
        made.add(step, reading(run, digit).probabilities)
    return made


def test_the_strip_is_there_only_for_a_network_that_trains_or_has_trained(view):
    view.show_runs([entry("a"), entry("b")])
    assert not view.strip.isVisible()
    view.show_path(path((1, 3), (8, 7)))
    assert view.strip.isVisible()
    assert view.strip.text == "a has read 7 since step 8; before that 3 since step 1"
    assert view.strip.accessibleDescription() == view.strip.text
    view.show_runs([entry("b")])  # its run is not compared any more
    assert not view.strip.isVisible()
    view.show_runs([entry("a")])
    assert view.strip.isVisible()
    view.show_path(None)
    assert not view.strip.isVisible()


def test_the_strip_is_strong_where_a_digit_is_likely(view):
    view.show_runs([entry("a")])
    view.show_path(path((1, 3), (2, 3), (3, 3), (4, 7), (5, 7), (6, 7)))
    picture = view.strip.picture
    image = picture.grab().toImage()
    ratio = image.width() / picture.width()

    def color(share, digit):
        """A quarter of a field above its lower edge: the line runs through its middle."""
        x = 18 + share * (picture.width() - 19)
        y = 1 + (digit + 0.85) * (picture.height() - 19) / 10
        return image.pixelColor(round(x * ratio), round(y * ratio))

    whole, none = QColor(LIGHT.runs[0]), QColor(LIGHT.raised)

    def strength(color):
        return (none.red() - color.red()) / (none.red() - whole.red())

    assert strength(color(0.25, 3)) > 0.85
    assert strength(color(0.25, 7)) < 0.1
    assert strength(color(0.75, 3)) < 0.1
    assert strength(color(0.75, 7)) > 0.85


def test_the_strip_of_a_single_reading_is_painted_too(view):
    view.show_runs([SimpleNamespace(run=entry("a").run, name="a very long name " * 20, color=0)])
    view.show_path(path((1, 3)))
    assert not view.grab().isNull()
    assert view.strip.text.endswith("has read 3 since step 1")
