"""The whole window with the real engine: train, pause, stop, draw, fail, close."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QProgressBar, QPushButton, QSpinBox, QWidget

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run, State
from resnet_gui.core.strokes import to_image
from resnet_gui.ui import shelf
from resnet_gui.ui.app import Explorer
from resnet_gui.ui.centre import CURVES, DEPTH, NETWORK, READINGS
from resnet_gui.ui.workbench import Workbench

LONG = 120_000  # ms; a limit for what must not hang, not a measurement
SMALL = Experiment(
    Architecture(blocks=1, width=4, stem_stride=2),
    Recipe(dataset=DatasetName.MNIST, batch_size=16, epochs=3, precision="float32"),
)


@pytest.fixture
def explorer(qtbot, bars_folder, monkeypatch, tmp_path):
    """The window, with its engine ready; how fast this machine is stays unknown."""
    from resnet_gui.engine.executor import LocalExecutor

    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(shelf, "example_runs", list)
    monkeypatch.setattr(LocalExecutor, "calibrate", lambda thread, precision: None)
    made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder)
    qtbot.addWidget(made.window)
    made.window.resize(1280, 720)
    made.start()
    qtbot.waitUntil(lambda: bool(made.workbench.device), timeout=LONG)
    made.workbench.set_experiment(SMALL)
    yield made
    made.window.close()
    assert made.workbench.close(LONG / 1000)
    made.errands.finish()
    made.setParent(None)
    made.deleteLater()


def child(explorer, kind, name):
    found = explorer.window.findChild(kind, name)
    assert found is not None, name
    return found


def press(explorer, name):
    QTest.mouseClick(child(explorer, QPushButton, name), Qt.MouseButton.LeftButton)


def draw(explorer, points):
    canvas = child(explorer, QWidget, "drawingCanvas")
    places = [QPoint(int(x * canvas.width()), int(y * canvas.height())) for x, y in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def newest(explorer):
    return list(explorer.shelf.runs.values())[-1]


def test_the_window_comes_without_tensorflow():
    code = (
        "import sys; import resnet_gui.ui.app; "
        "print([m for m in sys.modules if m.split('.')[0] in ('tensorflow', 'keras', 'typer', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_engine_loads_once_the_window_is_painted(qtbot, monkeypatch):
    happened = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.Paint:
                happened.append("paint")
            return False

    monkeypatch.setattr(Workbench, "start", lambda workbench: happened.append("engine"))
    made = Explorer(QApplication.instance(), remember=False)
    qtbot.addWidget(made.window)
    made._load.setInterval(LONG)  # what a window that is not painted waits for is another test's
    made.window.installEventFilter(Watch(made))
    made.start()
    qtbot.waitUntil(lambda: "engine" in happened, timeout=LONG)
    qtbot.wait(100)
    assert happened[0] == "paint"
    assert happened.count("engine") == 1
    made.window.close()
    made.deleteLater()


def test_the_engine_loads_for_a_window_that_is_not_seen(qtbot, monkeypatch):
    started = []
    monkeypatch.setattr(Workbench, "start", lambda workbench: started.append(workbench))
    made = Explorer(QApplication.instance(), remember=False)
    qtbot.addWidget(made.window)
    monkeypatch.setattr(made.window, "show", lambda: None)
    made.start()
    qtbot.waitUntil(lambda: bool(started), timeout=LONG)
    made.deleteLater()


def test_a_run_from_train_to_its_test_accuracy(explorer, qtbot):
    press(explorer, "trainButton")
    run = newest(explorer)
    qtbot.waitUntil(lambda: not run.state.active, timeout=LONG)
    assert run.state is State.FINISHED
    assert run.step == 3 * 34
    assert run.test_accuracy > 0.5
    assert (
        child(explorer, QProgressBar, "progressBar").value() == child(explorer, QProgressBar, "progressBar").maximum()
    )
    assert "mnist.npz" in child(explorer, QLabel, "dataLabel").text()
    qtbot.waitUntil(lambda: explorer.workbench.readers.reader == run.id, timeout=LONG)
    qtbot.waitUntil(lambda: any(saved.id == run.id for saved in Library().runs()), timeout=LONG)


def test_pause_resume_and_stop_by_the_buttons(explorer, qtbot):
    explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, epochs=1000)))
    press(explorer, "trainButton")
    run = newest(explorer)
    qtbot.waitUntil(lambda: run.step > 0, timeout=LONG)
    press(explorer, "pauseButton")
    qtbot.waitUntil(lambda: run.state is State.PAUSED, timeout=LONG)
    step = run.step
    QTest.qWait(200)
    assert run.step == step
    press(explorer, "pauseButton")
    qtbot.waitUntil(lambda: run.step > step, timeout=LONG)
    press(explorer, "stopButton")
    qtbot.waitUntil(lambda: run.state is State.STOPPED, timeout=LONG)
    assert run.step > step
    draw(explorer, [(0.2, 0.5), (0.8, 0.5)])
    # The answer to the empty canvas, asked for while the network trained, may still be on its way.
    with qtbot.waitSignal(
        explorer.workbench.readers.reading_changed, timeout=LONG, check_params_cb=lambda r: r is not None
    ):
        draw(explorer, [(0.2, 0.6), (0.8, 0.6)])
    qtbot.waitUntil(lambda: explorer.window.drawing.prediction.verdict is not None, timeout=LONG)


def test_two_runs_are_overlaid_and_either_can_read(explorer, qtbot):
    for seed in (0, 1):
        explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, seed=seed, epochs=1)))
        press(explorer, "trainButton")
        qtbot.waitUntil(lambda: explorer.workbench.active is None, timeout=LONG)
    first, second = explorer.shelf.runs
    reads = child(explorer, QLabel, "readerDetailLabel")
    for run in (second, first):
        explorer.workbench.readers.read_with(run)
        qtbot.waitUntil(lambda run=run: run in reads.toolTip(), timeout=LONG)
        assert explorer.workbench.readers.reader == run


def test_a_network_that_trains_and_its_twin_read_a_drawing_side_by_side(explorer, qtbot):
    explorer.window.centre.setCurrentIndex(READINGS)
    view = explorer.window.centre.readings
    draw(explorer, [(0.5, 0.2), (0.5, 0.8)])
    explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, epochs=1)))
    explorer.workbench.train_pair()
    qtbot.waitUntil(lambda: len(view.rows) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: all(row.reading is not None for row in view.rows.values()), timeout=LONG)
    qtbot.waitUntil(lambda: explorer.workbench.active is None, timeout=LONG)
    first, second = explorer.shelf.runs.values()
    assert explorer.workbench.readers.reader == second.id
    qtbot.waitUntil(lambda: explorer.workbench.readers.path.steps[-1] == second.step, timeout=LONG)
    assert view.strip.isVisible()
    assert explorer.shelf.entry(second.id).name in view.strip.text
    assert first.id in view.rows
    press(explorer, "clearButton")
    qtbot.waitUntil(lambda: not view.strip.isVisible(), timeout=LONG)
    assert all(row.reading is None for row in view.rows.values())


def test_the_starter_reads_before_any_training(explorer, qtbot):
    draw(explorer, [(0.5, 0.2), (0.5, 0.8)])
    qtbot.waitUntil(lambda: explorer.window.drawing.prediction.verdict == 1, timeout=LONG)
    press(explorer, "clearButton")
    qtbot.waitUntil(lambda: explorer.window.drawing.prediction.verdict is None, timeout=LONG)


def test_closing_while_training_ends_cleanly_and_keeps_the_run(explorer, qtbot):
    explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, epochs=1000)))
    press(explorer, "trainButton")
    run = newest(explorer)
    qtbot.waitUntil(lambda: run.step > 0, timeout=LONG)
    explorer.window.close()
    assert explorer.workbench.close(LONG / 1000)
    saved, weights = Library().load(run.id)
    assert saved.state is State.STOPPED
    assert weights


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_cleanly(number, tmp_path):
    code = (
        "import sys; from resnet_gui import __main__; from resnet_gui.ui import app\n"
        "started = app.Explorer.start\n"
        "def start(explorer):\n"
        "    started(explorer)\n"
        "    explorer.workbench.engine_changed.connect(lambda: print('ready', flush=True))\n"
        "app.Explorer.start = start\n"
        "sys.exit(__main__.window('cpu'))"
    )
    environment = {**os.environ, "RESNET_GUI_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as window:
        assert window.stdout.readline() == "ready\n"
        window.send_signal(number)
        _, problems = window.communicate()
    assert window.returncode == 0
    assert [line for line in problems.splitlines() if "propagateSizeHints" not in line] == []
    assert (tmp_path / "settings.ini").exists()


def test_a_diverging_run_says_so_and_the_window_goes_on(explorer, qtbot):
    recipe = replace(SMALL.recipe, optimizer="sgd", learning_rate=100.0)
    explorer.workbench.set_experiment(Experiment(replace(SMALL.architecture, blocks=30), recipe))
    press(explorer, "trainButton")
    run = newest(explorer)
    qtbot.waitUntil(lambda: not run.state.active, timeout=LONG)
    assert run.state is State.DIVERGED
    assert "not finite" in explorer.window.notice.text
    assert child(explorer, QPushButton, "trainButton").isEnabled()


def test_bad_data_is_named_and_another_file_is_offered(explorer, qtbot, bars_folder):
    (bars_folder / "mnist.npz").write_bytes(b"PK not a zip")
    press(explorer, "trainButton")
    qtbot.waitUntil(lambda: newest(explorer).state is State.FAILED, timeout=LONG)
    assert "mnist.npz" in explorer.window.notice.text
    assert "goes on" not in explorer.window.notice.text
    assert child(explorer, QPushButton, "noticeActionButton").isVisible()
    assert child(explorer, QPushButton, "trainButton").isEnabled()
    assert (bars_folder / "mnist.npz").read_bytes() == b"PK not a zip"


def test_mnist_out_of_reach_is_said_and_the_bundled_digits_train(explorer, qtbot, monkeypatch):
    from resnet_gui.engine import datasets

    monkeypatch.delenv("RESNET_GUI_DATA", raising=False)
    monkeypatch.setattr(datasets, "MNIST_URL", "http://127.0.0.1:9/mnist.npz")  # where nobody answers
    explorer.workbench.data_file = None
    explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, limit=64, epochs=1)))
    press(explorer, "trainButton")
    qtbot.waitUntil(lambda: len(explorer.shelf.runs) == 2 and explorer.workbench.active is None, timeout=LONG)
    failed, trained = explorer.shelf.runs.values()
    assert (failed.state, trained.state) == (State.FAILED, State.FINISHED)
    assert trained.dataset == "bundled digits"
    assert "127.0.0.1" in explorer.window.notice.text
    assert "goes on with the bundled digits" in explorer.window.notice.text
    assert child(explorer, QPushButton, "noticeActionButton").isVisible()
    assert "bundled digits" in child(explorer, QLabel, "dataLabel").text()


def test_forms_and_place_are_remembered(qtbot, bars_folder):
    for width in (48, None):
        made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder)
        qtbot.addWidget(made.window)
        made.window.show()
        spin = child(made, QSpinBox, "widthSpin")
        if width is None:
            assert spin.value() == 48
            assert made.workbench.experiment.architecture.width == 48
        else:
            spin.setValue(width)
            assert made.workbench.experiment.architecture.width == width
        made.window.close()
        made.deleteLater()


def test_a_window_that_remembers_nothing_leaves_devices_and_home_alone(qtbot, bars_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder, remember=False)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.close()
    assert not Path(os.devnull).is_file()
    assert not (tmp_path / "home").exists()
    made.deleteLater()


def test_a_broken_settings_file_means_a_fresh_start(qtbot, bars_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path))
    (tmp_path / "settings.ini").write_bytes(b"\x00\xff[General\nexperiment={broken")
    made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder)
    qtbot.addWidget(made.window)
    assert made.workbench.experiment == Experiment()
    made.deleteLater()


def test_presets_fill_the_form_and_the_experiment(explorer):
    combo = child(explorer, QComboBox, "presetCombo")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    first = explorer.workbench.experiment
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert explorer.workbench.experiment != first


def test_an_uncaught_error_is_shown_and_the_window_lives(explorer, capsys):
    try:
        raise ZeroDivisionError("by the test")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in explorer.window.notice.text
    assert "by the test" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["blocksSpin", "widthSpin", "trainButton", "drawingCanvas", "curvesView", "runsTable"])
def test_named_widgets_are_there_for_those_who_rely_on_them(explorer, name):
    widget = child(explorer, QWidget, name)
    assert widget.accessibleName()


def test_the_experiment_of_the_form_is_plain_json(explorer):
    assert json.loads(explorer.workbench.experiment.to_json())["recipe"]["dataset"] == "mnist"


@pytest.mark.parametrize(
    "line", ["geometry=foo", "geometry=5", "geometry=a, b", "geometry=@Rect(1 2 3 4)", "rows=@Size(1 2)"]
)
def test_damaged_places_are_forgotten(qtbot, bars_folder, monkeypatch, tmp_path, line):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path))
    (tmp_path / "settings.ini").write_text(f"[General]\n{line}\n")
    made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder)
    qtbot.addWidget(made.window)
    made.window.show()
    assert made.window.width() > 500
    made.window.close()
    made.deleteLater()


def test_the_lesson_trains_the_network_and_its_plain_twin_by_one_click(explorer, qtbot):
    recipe = replace(SMALL.recipe, epochs=1)
    explorer.workbench.set_experiment(replace(SMALL, recipe=recipe))
    press(explorer, "trainPairButton")
    qtbot.waitUntil(lambda: len(explorer.shelf.runs) == 2 and explorer.workbench.active is None, timeout=LONG)
    residual, plain = explorer.shelf.runs.values()
    assert (residual.state, plain.state) == (State.FINISHED, State.FINISHED)
    assert (residual.experiment.architecture.shortcut, plain.experiment.architecture.shortcut) == ("identity", "none")
    assert child(explorer, QSpinBox, "blocksSpin").value() == 1


def test_the_diagram_is_a_control_panel(explorer):
    explorer.window.centre.setCurrentIndex(NETWORK)
    diagram = explorer.window.centre.network.diagram
    diagram.setFocus()
    QTest.keyClick(diagram, Qt.Key.Key_Plus)
    assert explorer.workbench.experiment.architecture.blocks == 2
    assert child(explorer, QSpinBox, "blocksSpin").value() == 2
    child(explorer, QSpinBox, "blocksSpin").setValue(5)
    assert explorer.window.centre.network.architecture.blocks == 5


def test_an_experiment_is_copied_pasted_saved_and_opened(explorer, qtbot, monkeypatch, tmp_path):
    actions = {action.text(): action for action in explorer.window.findChildren(QAction)}
    actions["Copy experiment as text"].trigger()
    text = QApplication.clipboard().text()
    assert text.startswith("resnet-gui/1 blocks=1 width=4")
    path = tmp_path / "experiment.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    actions["Save experiment…"].trigger()
    qtbot.waitUntil(path.exists, timeout=LONG)
    explorer.workbench.set_experiment(Experiment())
    actions["Paste experiment"].trigger()
    assert explorer.workbench.experiment == SMALL
    explorer.workbench.set_experiment(Experiment())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    actions["Open experiment…"].trigger()
    qtbot.waitUntil(lambda: explorer.workbench.experiment == SMALL, timeout=LONG)
    QApplication.clipboard().setText("resnet-gui/1 blocks=many")
    actions["Paste experiment"].trigger()
    assert "whole number" in explorer.window.notice.text
    assert explorer.workbench.experiment == SMALL


def act(explorer, text):
    """Choose from the menu of the table."""
    (action,) = (action for action in explorer.window.runs.view.actions() if action.text() == text)
    assert action.isEnabled()
    action.trigger()


def another_window(explorer, qtbot, bars_folder):
    """Close the window, and open another one on the same runs."""
    explorer.window.close()
    assert explorer.workbench.close(LONG / 1000)
    explorer.errands.finish()
    made = Explorer(QApplication.instance(), device="cpu", data_dir=bars_folder)
    qtbot.addWidget(made.window)
    made.start()
    qtbot.waitUntil(lambda: bool(made.workbench.device), timeout=LONG)
    return made


def test_runs_and_ticks_are_there_again_in_the_next_window_and_a_stopped_run_goes_on(explorer, qtbot, bars_folder):
    explorer.workbench.set_experiment(replace(SMALL, recipe=replace(SMALL.recipe, epochs=300)))
    press(explorer, "trainButton")
    press(explorer, "queueButton")
    qtbot.waitUntil(lambda: newest(explorer).state is State.QUEUED and len(explorer.shelf.runs) > 1, timeout=LONG)
    begun = explorer.workbench.active
    qtbot.waitUntil(lambda: begun.step > 20, timeout=LONG)
    made = another_window(explorer, qtbot, bars_folder)
    try:
        qtbot.waitUntil(lambda: begun.id in made.shelf, timeout=LONG)
        again, waiting = made.shelf.runs[begun.id], newest(made)
        assert (again.state, again.step) == (State.STOPPED, begun.step)
        assert waiting.can_go_on
        assert {entry.run.id for entry in made.shelf.ticked} == {begun.id, waiting.id}
        made.window.runs.select(begun.id)
        act(made, "Resume")
        qtbot.waitUntil(lambda: again.step > begun.step, timeout=LONG)
        assert again.history.loss.values[: begun.step].tolist() == begun.history.loss.values.tolist()
        press(made, "stopButton")
        qtbot.waitUntil(lambda: made.workbench.active is None, timeout=LONG)
        assert again.state is State.STOPPED
    finally:
        made.window.close()
        assert made.workbench.close(LONG / 1000)
        made.errands.finish()


def test_a_deleted_run_comes_back_with_undo(explorer, qtbot):
    press(explorer, "trainButton")
    qtbot.waitUntil(lambda: newest(explorer).step > 0, timeout=LONG)
    press(explorer, "stopButton")
    qtbot.waitUntil(lambda: explorer.workbench.active is None, timeout=LONG)
    run = newest(explorer)
    explorer.window.runs.select(run.id)
    act(explorer, "Delete")
    assert run.id not in explorer.shelf
    assert explorer.window.notice.text == "ResNet-4 deleted."
    press(explorer, "noticeActionButton")
    assert run.id in explorer.shelf
    assert not explorer.window.notice.text


def test_charts_are_saved_as_pictures(explorer, qtbot, tmp_path):
    press(explorer, "trainButton")
    qtbot.waitUntil(lambda: newest(explorer).step > 0, timeout=LONG)
    press(explorer, "stopButton")
    for index, name in ((CURVES, "curves.svg"), (DEPTH, "depth.png")):
        explorer.window.centre.setCurrentIndex(index)
        explorer.window.file_actions.save_chart(tmp_path / name)
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists(), timeout=LONG)
    assert b"Training step" in (tmp_path / "curves.svg").read_bytes()
    assert (tmp_path / "depth.png").read_bytes().startswith(b"\x89PNG")


def test_delete_in_the_table_takes_the_run_and_leaves_the_drawing(explorer, qtbot):
    run = Run("a", SMALL, state=State.FINISHED)
    explorer.shelf.add([run])
    draw(explorer, [(0.5, 0.2), (0.5, 0.8)])
    explorer.window.activateWindow()
    qtbot.waitActive(explorer.window)
    explorer.window.runs.select("a")
    view = explorer.window.runs.view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert "a" not in explorer.shelf
    canvas = child(explorer, QWidget, "drawingCanvas")
    assert canvas.strokes
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert not canvas.strokes


def drop_file(canvas, path):
    data, place, copy = QMimeData(), QPointF(50, 50), Qt.DropAction.CopyAction
    data.setUrls([QUrl.fromLocalFile(str(path))])
    for kind in (QDragEnterEvent, QDropEvent):
        spot = place.toPoint() if kind is QDragEnterEvent else place
        event = kind(spot, copy, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(canvas, event)


def test_a_picture_that_is_dropped_is_shown_and_read(explorer, qtbot, tmp_path):
    seven = np.array([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)])
    Image.fromarray(to_image([seven])).save(tmp_path / "seven.png")
    readings = []
    explorer.workbench.readers.reading_changed.connect(lambda reading: reading and readings.append(reading))
    drop_file(explorer.window.drawing.canvas, tmp_path / "seven.png")
    qtbot.waitUntil(lambda: bool(readings), timeout=LONG)
    assert readings[0].digit == 7
    np.testing.assert_array_equal(readings[0].image, explorer.window.drawing.canvas.drawing.picture)
    press(explorer, "undoButton")
    assert explorer.window.drawing.canvas.drawing.empty


def test_what_is_no_picture_is_said_and_the_drawing_stays(explorer, qtbot, tmp_path):
    draw(explorer, [(0.3, 0.3), (0.6, 0.6)])
    (tmp_path / "notes.txt").write_text("seven")
    drop_file(explorer.window.drawing.canvas, tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: "is no picture" in explorer.window.notice.text, timeout=LONG)
    assert len(explorer.window.drawing.canvas.strokes) == 1
