"""The window's main job without a screen: choose, train shallow and deep, draw a digit stroke by stroke, compare.

Drives the real window with real mouse and key events, on whatever data is there, and saves numbered pictures.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.handwriting import write
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.library import Library
from resnet_gui.core.run import Run
from resnet_gui.pilot import rest, wait_until

SIZE = (1360, 820)
LESSON_STEPS = 300  # enough to see a deep plain network fail where its residual twin learns
PATIENCE_SECONDS = 600.0  # for any single thing that the demo waits for
GROWING_SECONDS = 20.0  # for an answer that grows to be whole
DRAWN_DIGIT = 3
LESIONED = "blockChip2"  # the block that is switched off, to be seen


def main(out: Path) -> int:
    """Run the demo and save its pictures in the folder `out`; the exit status."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "01-start.png").touch()
    except OSError as error:
        raise ExplorerError(
            f"The pictures cannot be saved in {out} ({error.strerror}); name another folder with --out."
        ) from None
    return _Demo(out).run()


class _Demo:
    """One pass through the window as its user."""

    def __init__(self, out: Path) -> None:
        from PySide6.QtCore import qInstallMessageHandler

        from resnet_gui.ui.app import Explorer, make_application

        qInstallMessageHandler(_pass_on)
        self._out = out
        self._pictures = 0
        self._app = make_application()
        self._home = tempfile.TemporaryDirectory(prefix="resnet-gui-demo-")  # the runs are not the user's
        self._explorer = Explorer(self._app, remember=False, library=Library(Path(self._home.name)))
        self._window = self._explorer.window
        self._bench = self._explorer.workbench
        self._problem = ""
        self._bench.problem_found.connect(self._note_problem)
        self._bench.data_missing.connect(self._say)

    def run(self) -> int:
        """All acts in order; the exit status."""
        try:
            self._act()
        finally:  # a QThread that is deleted while it runs aborts the process
            self._window.close()
            ended = self._bench.close(PATIENCE_SECONDS)
            self._explorer.errands.finish()
            self._home.cleanup()
        return 0 if ended and not self._problem else 1

    def _act(self) -> None:
        self._window.resize(*SIZE)
        self._explorer.start()
        self._say("The window is open.")
        self._wait(lambda: bool(self._bench.device or self._bench.engine_problem), "the engine")
        if self._bench.engine_problem:
            raise ExplorerError(self._bench.engine_problem)
        self._say(f"The engine is ready: {self._bench.device}.")
        self._picture("start")
        self._draw(DRAWN_DIGIT, picture="starter-reads")
        self._show_depth()
        self._show_augmentation()
        shallow = self._train("quick", None, "training")
        residual = self._train("deep", LESSON_STEPS, "deep-residual")
        plain = self._train("deep-plain", LESSON_STEPS, "deep-plain")
        self._say("Compared:")
        for run in (shallow, residual, plain):
            loss = float(np.mean(run.history.loss.values[-20:])) if run.step else float("nan")
            accuracy = float(np.mean(run.history.accuracy.values[-20:])) if run.step else float("nan")
            tested = f", test accuracy {run.test_accuracy:.2%}" if run.test_accuracy is not None else ""
            self._say(
                f"  {run.experiment.architecture.name}: {run.step} steps in {run.train_seconds:.0f} s, training loss "
                f"{loss:.2f}, training accuracy {accuracy:.1%} over the last 20 steps{tested} ({run.dataset})"
            )
        self._picture("compare")
        self._look_inside(residual)
        self._take_apart(residual)
        self._let_read(shallow)
        self._draw(7, picture="trained-network-reads")
        self._explorer.choose_theme("dark")
        self._picture("dark")
        self._say(f"{self._pictures} pictures are in {self._out.resolve()}.")

    def _train(self, preset: str, steps: int | None, picture: str) -> Run:
        """Choose a preset, press Train, and Stop after `steps` steps if given."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QComboBox, QPushButton

        combo = self._window.findChild(QComboBox, "presetCombo")
        combo.setFocus()
        for _ in range(combo.count()):
            QTest.keyClick(combo, Qt.Key.Key_Up)
        while combo.currentData() != preset:
            before = combo.currentIndex()
            QTest.keyClick(combo, Qt.Key.Key_Down)
            if combo.currentIndex() == before:
                raise ExplorerError(f"The form offers no preset {preset!r}.")
        self._settle()
        # With MNIST out of reach the window goes on with the bundled digits; stay with them then.
        QTest.mouseClick(self._window.findChild(QPushButton, "trainButton"), Qt.MouseButton.LeftButton)
        self._wait(lambda: self._bench.active is not None, "the run to start")
        self._say(f"Training {self._bench.experiment.architecture.name} …")

        def newest() -> Run:
            return list(self._bench.shelf.runs.values())[-1]

        goal = steps or 150
        self._wait(lambda: newest().step >= goal or not newest().state.active, "the first steps")
        self._settle()
        self._picture(picture)
        if steps is not None and self._bench.active is not None:
            QTest.mouseClick(self._window.findChild(QPushButton, "stopButton"), Qt.MouseButton.LeftButton)
        self._wait(lambda: self._bench.active is None, "the run to end")
        run = newest()
        self._say(f"  {run.experiment.architecture.name} on {run.dataset}: {run.message}")
        return run

    def _draw(self, digit: int, picture: str) -> None:
        """Draw `digit` with the mouse, stroke by stroke, and say what the network reads."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPushButton, QWidget

        QTest.mouseClick(self._window.findChild(QPushButton, "clearButton"), Qt.MouseButton.LeftButton)
        canvas = self._window.findChild(QWidget, "drawingCanvas")
        strokes = write(digit, np.random.default_rng(5))
        points = np.concatenate(strokes)
        low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
        side = min(canvas.width(), canvas.height())
        readings: list[object] = []
        self._bench.readers.reading_changed.connect(readings.append)
        for stroke in strokes:
            places = ((stroke - low) / extent * 0.6 + 0.2) * side
            for i, (x, y) in enumerate(places):
                place = QPoint(round(float(x)), round(float(y)))
                if i == 0:
                    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place)
                else:
                    QTest.mouseMove(canvas, place)
                self._settle(0.01)
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
        self._wait(lambda: bool(readings), "a reading")
        self._settle()
        self._bench.readers.reading_changed.disconnect(readings.append)
        view = self._window.drawing.prediction
        self._say(f"Drew a {digit}: {view.accessibleDescription()}.")
        self._picture(picture)

    def _show_depth(self) -> None:
        """Show what depth does to the example runs; they are compared no longer afterwards."""
        from resnet_gui.ui.centre import CURVES, DEPTH

        self._window.centre.setCurrentIndex(DEPTH)
        self._settle()
        self._say(f"The examples: {self._window.centre.depth.canvas.accessibleDescription()}")
        self._picture("depth")
        self._show_readings()
        self._show_mistakes()
        self._window.centre.setCurrentIndex(CURVES)
        self._explorer.shelf.set_ticked([])

    def _show_readings(self) -> None:
        """Show what networks of all depths say of the drawing."""
        from resnet_gui.ui.centre import READINGS

        self._window.centre.setCurrentIndex(READINGS)
        view = self._window.centre.readings
        self._wait(lambda: view.rows and all(row.reading for row in view.rows.values()), "the examples to read")
        self._picture("readings")

    def _look_inside(self, run: Run) -> None:
        """Show every view of the inside of the network of `run`, its twin beside it."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QAbstractButton

        from resnet_gui.ui.centre import CURVES, INSIDE

        self._window.centre.setCurrentIndex(INSIDE)
        view = self._window.centre.inside
        begun: set[object] = set()  # looks and subjects that were answered, and those that were to the end
        whole: set[object] = set()

        def hear(event: Answered) -> None:
            (whole if event.share == 1 else begun).add((event.look, event.subject))

        def answered(among: set[object]) -> bool:
            look = view.look
            return look is not None and all((look, subject) in among for subject in look.subjects)

        def wait(page: Any) -> None:
            self._wait(lambda: answered(begun | whole), f"the view {page.TITLE}")
            wait_until(lambda: answered(whole), GROWING_SECONDS)

        self._bench.inspector.answered.connect(hear)
        view.choice.choose(run.id)
        for index, page in enumerate(view.pages):
            view.tabs.setCurrentIndex(index)
            wait(page)
            if page.TITLE == "Lesions":
                QTest.mouseClick(page.findChild(QAbstractButton, LESIONED), Qt.MouseButton.LeftButton)
                wait(page)
            self._picture(f"inside-{page.TITLE.lower()}")
            view.set_lesion(None)
        self._bench.inspector.answered.disconnect(hear)
        self._window.centre.setCurrentIndex(CURVES)

    def _show_augmentation(self) -> None:
        """Show what a training with augmentation would see, and leave it as it was."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPushButton

        from resnet_gui.ui.augmentation_dialog import AugmentationDialog

        QTest.mouseClick(self._window.form.augmentation_button, Qt.MouseButton.LeftButton)
        dialog = self._window.findChild(AugmentationDialog)
        QTest.mouseClick(dialog.findChild(QPushButton, "augmentationHandsButton"), Qt.MouseButton.LeftButton)
        self._wait(lambda: dialog.shown == dialog.recipe, "the changed digits")
        self._picture("augmentation", dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def _show_mistakes(self) -> None:
        """Show what the deepest residual example reads, and its plain twin does not; nothing where MNIST is missing."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QComboBox, QTabBar

        from resnet_gui.ui.centre import MISTAKES
        from resnet_gui.ui.examining import ExaminationFailed

        deepest = max(entry.run.experiment.architecture.blocks for entry in self._explorer.shelf.ticked)
        deep = [e for e in self._explorer.shelf.ticked if e.run.experiment.architecture.blocks == deepest]
        self._explorer.shelf.set_ticked([entry.run.id for entry in deep[:2]])
        failed: list[object] = []
        self._bench.examined.connect(lambda event: isinstance(event, ExaminationFailed) and failed.append(event))
        self._window.centre.setCurrentIndex(MISTAKES)
        view = self._window.centre.mistakes
        combo = view.findChild(QComboBox, "mistakesOtherCombo")
        QTest.keyClick(combo, Qt.Key.Key_Down)
        wait_until(lambda: view.pair is not None or bool(failed), PATIENCE_SECONDS)
        if view.pair is not None:
            QTest.keyClick(view.findChild(QTabBar, "mistakesTabs"), Qt.Key.Key_Right)
            self._picture("mistakes")

    def _take_apart(self, run: Run) -> None:
        """Show the network of `run` as a diagram, a block of it, its plain twin below it, and the script."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from resnet_gui.ui.centre import CODE, CURVES, NETWORK

        architecture = replace(run.experiment.architecture, blocks=3, stages=3)
        self._bench.set_experiment(replace(run.experiment, architecture=architecture))
        centre = self._window.centre
        centre.setCurrentIndex(NETWORK)
        for keys in ("", (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)):
            for key in keys:
                QTest.keyClick(centre.network.diagram, key)
            self._picture("block" if keys else "network")
        centre.network.close_details()
        centre.network.compare_with(architecture.plain_twin)
        self._picture("twins")
        self._say(f"Its plain twin: {centre.network.difference}")
        centre.network.compare_with(None)
        centre.setCurrentIndex(CODE)
        self._picture("code")
        centre.setCurrentIndex(CURVES)

    def _let_read(self, run: Run) -> None:
        """Choose `run` in the table, and wait until its network reads."""
        readers: list[str] = []
        self._bench.readers.reader_changed.connect(lambda _name, origin: readers.append(origin))
        self._window.runs.select(run.id)
        self._window.runs.run_selected.emit(run.id)
        self._wait(lambda: any(run.id in origin for origin in readers), "the network to read")

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        if not wait_until(done, PATIENCE_SECONDS):
            raise ExplorerError(f"The demo gave up waiting for {what} after {PATIENCE_SECONDS:.0f} s.")

    def _settle(self, seconds: float = 0.3) -> None:
        """Let events, readings and the curves' timer do their work."""
        rest(int(1000 * seconds))

    def _picture(self, name: str, widget: Any = None) -> None:
        """Save a picture of `widget`, or of the window."""
        self._settle()
        self._pictures += 1
        path = self._out / f"{self._pictures:02d}-{name}.png"
        if not (widget or self._window).grab().save(str(path)):
            raise ExplorerError(f"The picture {path} could not be written; is the disk full?")

    def _note_problem(self, text: str, details: str) -> None:
        self._problem = text
        self._say(f"{text}\n{details}".rstrip())

    def _say(self, text: str) -> None:
        print(text)
        sys.stdout.flush()


def _pass_on(kind: object, context: object, text: str) -> None:
    """Print what Qt says, but for what its offscreen platform says of every window."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)
