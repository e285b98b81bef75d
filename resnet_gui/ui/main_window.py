"""The window: forms left, curves, network and code in the centre, drawing right, runs below, wired to a Workbench."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from resnet_gui import __version__
from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import CurveOptions
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.experiment_text import text_of
from resnet_gui.core.inside.question import TestDigit
from resnet_gui.core.library import STARTER
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run, State, described
from resnet_gui.core.sample import Sample, a_digit
from resnet_gui.core.sweep import Sweep
from resnet_gui.ui.centre import CURVES, DEPTH, INSIDE, READINGS, Centre
from resnet_gui.ui.drawing_panel import DrawingPanel
from resnet_gui.ui.examining import ExaminationFailed, ExaminationProgressed, Examined
from resnet_gui.ui.experiment_form import ExperimentForm
from resnet_gui.ui.file_actions import FileActions
from resnet_gui.ui.my_digits_actions import MyDigitsActions
from resnet_gui.ui.notice_bar import NoticeBar
from resnet_gui.ui.run_actions import RunActions
from resnet_gui.ui.runs_table import RunsTable
from resnet_gui.ui.theme import LIGHT, SPACING, Colors
from resnet_gui.ui.training_panel import TrainingPanel
from resnet_gui.ui.workbench import Workbench

LEFT_WIDTH = 316
RIGHT_WIDTH = 316
SAVED_MS = 6000  # how long the status bar says what was saved


class MainWindow(QMainWindow):
    """Composes the panels and connects them with the workbench; decides nothing itself.

    Signals: `theme_wanted(str)`, system, light or dark.
    """

    theme_wanted = Signal(str)

    def __init__(self, workbench: Workbench, settings: QSettings) -> None:
        super().__init__()
        self.setWindowTitle("ResNet Explorer")
        self._workbench = workbench
        self._settings = settings
        self._colors = LIGHT
        self.form = ExperimentForm(self)
        self.training = TrainingPanel(self)
        self.centre = Centre(workbench.networks, self)
        self.curves = self.centre.curves
        self.drawing = DrawingPanel(self)
        self.runs = RunsTable(self)
        self.run_actions = RunActions(self.runs, workbench, self)
        self.file_actions = FileActions(workbench, self.centre, self)
        self.my_digits = MyDigitsActions(workbench, self)
        self.notice = NoticeBar(self)
        self._device = QLabel("Engine starting…", self, objectName="deviceLabel")
        self._device.setToolTip("What computes, and why: a GPU if TensorFlow sees one, else the CPU.")
        self._data = QLabel("", self, objectName="dataLabel")
        self._data.setToolTip("The data set that the newest run is trained on, and where it came from.")
        self.statusBar().addWidget(self._device)
        self.statusBar().addPermanentWidget(self._data)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(SPACING, 0, SPACING, 0)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._show_experiment(workbench.experiment)
        self._show_engine()
        self._restore()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for view in (self.centre, self.drawing, self.runs, self.my_digits):
            view.set_colors(colors)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember place and forms; asks nothing."""
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("columns", self._columns.saveState())
        self._settings.setValue("rows", self._rows.saveState())
        self._settings.setValue("experiment", self._workbench.experiment.to_json())
        self._settings.setValue("table", self.runs.state())
        self._settings.setValue("curves", self.curves.options.to_json())
        self._settings.sync()
        self.my_digits.close()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """See what other windows have trained once this one is looked at again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._workbench.shelf.refresh()

    def _lay_out(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        _only_scroll_down(scroll)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(scroll, 1)
        column.addWidget(self.training)
        self._rows = QSplitter(Qt.Orientation.Vertical, self)
        self._rows.addWidget(self.centre)
        self._rows.addWidget(self.runs)
        self._rows.setStretchFactor(0, 1)
        self._rows.setSizes([500, 180])
        right = QScrollArea(self)
        right.setWidget(self.drawing)
        right.setWidgetResizable(True)
        _only_scroll_down(right)
        self._columns = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (left, self._rows, right):
            self._columns.addWidget(widget)
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([LEFT_WIDTH, 648, RIGHT_WIDTH])
        for splitter in (self._columns, self._rows):
            splitter.setHandleWidth(SPACING)
            splitter.setChildrenCollapsible(False)
        central = QWidget(self)
        layout = QVBoxLayout(central)
        layout.setContentsMargins(SPACING, SPACING, SPACING, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.notice)
        layout.addWidget(self._columns, 1)
        self.setCentralWidget(central)
        self.centre.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _make_menus(self) -> None:
        self.menuBar().addMenu(self.file_actions.menu)
        edit = self.menuBar().addMenu("&Edit")
        edit.addAction(self._action("Copy experiment as text", self._copy_experiment, "Ctrl+Shift+C"))
        edit.addAction(self._action("Paste experiment", self._paste_experiment, "Ctrl+Shift+V"))
        edit.addSeparator()
        edit.addAction(self._action("My digits…", self.my_digits.show, "Ctrl+D"))
        self.menuBar().addMenu(self.run_actions.menu)
        view = self.menuBar().addMenu("&View")
        self._themes = QActionGroup(self)
        for theme in ("system", "light", "dark"):
            action = self._action(f"{theme.capitalize()} colours", lambda t=theme: self.theme_wanted.emit(t))
            action.setCheckable(True)
            action.setActionGroup(self._themes)
            action.setChecked(theme == str(self._settings.value("theme") or "system"))
            view.addAction(action)
        about = self.menuBar().addMenu("&Help")
        about.addAction(self._action("About ResNet Explorer", self._about))

    def _action(self, text: str, slot: object, keys: str = "") -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda: slot())  # type: ignore[operator]
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _connect(self) -> None:
        bench = self._workbench
        self.form.experiment_edited.connect(bench.set_experiment)
        self.form.data_file_wanted.connect(self.file_actions.choose_data)
        self.form.augmentation_wanted.connect(self._ask_for_augmentation)
        self.form.validity_changed.connect(lambda _: self._show_engine())
        self.training.train_requested.connect(self._train)
        self.training.pair_requested.connect(self._train_pair)
        self.centre.architecture_edited.connect(self._take_architecture)
        self.centre.save_requested.connect(self.file_actions.save_script)
        bench.experiment_changed.connect(self._show_experiment)
        self.training.pause_requested.connect(bench.pause)
        self.training.resume_requested.connect(bench.go_on)
        self.training.queue_requested.connect(bench.queue)
        self.training.skip_requested.connect(bench.skip)
        self.training.sweep_requested.connect(self._ask_for_sweep)
        bench.queue_changed.connect(self.training.set_waiting)
        self.training.stop_requested.connect(bench.stop)
        self.drawing.drawn.connect(bench.readers.read)
        self.drawing.picture_given.connect(self._take_picture)
        self.drawing.refused.connect(self.notice.show_notice)
        self.drawing.labelled.connect(self._keep_drawing)
        self.drawing.my_digits_wanted.connect(self.my_digits.show)
        self.my_digits.shelf.kept.connect(self._show_kept)
        self.my_digits.training_wanted.connect(self._train_on_mine)
        self.drawing.told.connect(lambda text: self.statusBar().showMessage(text, SAVED_MS))
        self.runs.details_requested.connect(self._show_details)
        self.run_actions.told.connect(lambda text: self.statusBar().showMessage(text, SAVED_MS))
        self.run_actions.refused.connect(self.notice.show_notice)
        self.run_actions.deleted.connect(self._offer_undo)
        self.run_actions.examples_wanted.connect(
            lambda wanted: self._settings.setValue("examples", "shown" if wanted else "hidden")
        )
        self.centre.run_clicked.connect(self._choose_run)
        self.centre.examination_wanted.connect(bench.examine)
        bench.examined.connect(self._show_examined)
        self.centre.readings_wanted.connect(bench.readers.read_beside)
        bench.readers.row_read.connect(self.centre.show_reading)
        bench.readers.row_failed.connect(self.centre.show_reading_problem)
        bench.readers.path_changed.connect(self.centre.show_path)
        self.centre.look_wanted.connect(bench.inspector.look)
        self.centre.test_digit_wanted.connect(lambda number: bench.fetch_test_digit(number, self._show_test_digit))
        bench.inspector.answered.connect(lambda event: self.centre.inside.show_answer(event))
        bench.inspector.failed.connect(lambda event: self.centre.inside.show_problem(event))
        bench.inspector.drawn.connect(self.centre.show_drawn)
        self.file_actions.told.connect(lambda text: self.statusBar().showMessage(text, SAVED_MS))
        self.file_actions.chosen.connect(self.notice.clear)
        self.file_actions.data_chosen.connect(lambda path: self._settings.setValue("data_file", path))
        self.runs.run_selected.connect(self.centre.select)
        bench.facts_changed.connect(self.form.show_facts)
        bench.engine_changed.connect(self._show_engine)
        bench.run_begun.connect(self._show_begun)
        bench.shelf.ticks_changed.connect(self.centre.show_runs)
        bench.shelf.ticks_changed.connect(
            lambda entries: self._settings.setValue("ticked", [entry.run.id for entry in entries])
        )
        bench.run_changed.connect(self._show_run)
        bench.readers.reader_changed.connect(self._show_reader)
        self.drawing.starter_wanted.connect(self._read_with_starter)
        bench.readers.reading_changed.connect(self._show_reading)
        bench.problem_found.connect(lambda text, details: self.notice.show_notice(text, details))
        bench.data_missing.connect(self._offer_data)

    @Slot(object)
    def _show_examined(self, event: Examined | ExaminationProgressed | ExaminationFailed) -> None:
        match event:
            case Examined():
                self.centre.mistakes.show_examination(event.examination)
            case ExaminationProgressed():
                self.centre.mistakes.show_progress(event.run, event.share)
            case ExaminationFailed():
                self.centre.mistakes.show_problem(event.run, event.message)

    def _show_test_digit(self, digit: TestDigit | None) -> None:
        self.centre.inside.show_test_digit(digit)

    @Slot()
    def _train(self) -> None:
        self.notice.clear()
        if self.centre.currentIndex() not in (READINGS, INSIDE):  # there one sees it learn too
            self.centre.setCurrentIndex(CURVES)
        self._workbench.train()

    @Slot()
    def _train_pair(self) -> None:
        self.notice.clear()
        self.centre.setCurrentIndex(CURVES)
        self._workbench.train_pair()

    @Slot(str)
    def _train_on_mine(self, run_id: str) -> None:
        self.notice.clear()
        self.centre.setCurrentIndex(CURVES)
        self._workbench.train_on_mine(run_id)

    @Slot()
    def _ask_for_sweep(self) -> None:
        from resnet_gui.ui.sweep_dialog import SweepDialog  # the window can be shown without it

        bench = self._workbench
        dialog = SweepDialog(bench.experiment, bench.calibration, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.sweep_wanted.connect(self._train_sweep)
        dialog.open()

    @Slot()
    def _ask_for_augmentation(self) -> None:
        from resnet_gui.ui.augmentation_dialog import STEPS, AugmentationDialog

        bench = self._workbench
        dialog = AugmentationDialog(bench.experiment.recipe, self._colors, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.preview_wanted.connect(lambda recipe: bench.preview(recipe, STEPS))
        bench.previewed.connect(dialog.show_preview)
        dialog.recipe_chosen.connect(lambda recipe: bench.set_experiment(replace(bench.experiment, recipe=recipe)))
        dialog.open()

    @Slot(object)
    def _train_sweep(self, sweep: Sweep) -> None:
        self.notice.clear()
        self.centre.setCurrentIndex(DEPTH)
        self._workbench.train_sweep(sweep)

    @Slot(object)
    def _show_experiment(self, experiment: Experiment) -> None:
        self.form.show_experiment(experiment)
        self.centre.show_experiment(experiment)
        architecture = experiment.architecture
        self.training.set_plain(architecture.shortcut is Shortcut.NONE or not architecture.blocks)

    @Slot(object)
    def _take_architecture(self, architecture: Architecture) -> None:
        self._workbench.set_experiment(replace(self._workbench.experiment, architecture=architecture))

    @Slot()
    def _copy_experiment(self) -> None:
        text = text_of(self._workbench.experiment)
        QGuiApplication.clipboard().setText(text)
        self.statusBar().showMessage(f"Copied: {text}", SAVED_MS)

    @Slot()
    def _paste_experiment(self) -> None:
        self.notice.clear()
        self._workbench.take_text(QGuiApplication.clipboard().text())

    @Slot(object)
    def show_examples(self, entries: tuple[Entry, ...]) -> None:
        """Begin with what depth does, if it is the examples alone that are compared; later calls do nothing."""
        self._workbench.shelf.ticks_changed.disconnect(self.show_examples)
        if all(entry.run.example for entry in entries):
            self.centre.setCurrentIndex(DEPTH)

    @Slot(object)
    def _show_begun(self, run: Run) -> None:
        self.runs.select(run.id)
        self._show_run(run)

    @Slot(object)
    def _show_run(self, run: Run) -> None:
        self.centre.run_changed(run.id)
        if run is self._workbench.active or self._workbench.active is None:
            self.training.show_run(run)
        if run.dataset:
            self._data.setText(f"{run.dataset} · {run.precision}")
        if run.state is State.DIVERGED:
            self.notice.show_notice(f"{self._workbench.shelf.entry(run.id).name} {run.message}.")
        self._show_engine()

    @Slot()
    def _show_engine(self) -> None:
        bench = self._workbench
        if bench.engine_problem:
            self._device.setText("No engine")
            self.training.set_ready(False, bench.engine_problem)
        elif not bench.device:
            self._device.setText("Engine starting…")
            self.training.set_ready(False, "The engine is starting.")
        else:
            self._device.setText(bench.device)
            self.training.set_ready(not self.form.invalid, self.form.invalid)

    @Slot(str, str)
    def _show_reader(self, name: str, origin: str) -> None:
        self.drawing.show_reader(name, origin)
        self.centre.show_reader(self._workbench.readers.reader)
        self.drawing.starter_button.setVisible(self._workbench.readers.reader != STARTER)

    @Slot()
    def _read_with_starter(self) -> None:
        self.runs.select("")  # so that the run there can be chosen again
        self._workbench.readers.read_with(STARTER)

    @Slot(object)
    def _show_reading(self, reading: Reading | None) -> None:
        if reading is None:
            self.drawing.show_nothing("Nothing to read yet")
        else:
            self.drawing.show_reading(reading)

    @Slot(int)
    def _keep_drawing(self, label: int) -> None:
        self.notice.clear()
        drawing = self.drawing.canvas.drawing
        self.my_digits.shelf.keep(label, drawing.strokes, drawing.pen)

    @Slot(object, int)
    def _show_kept(self, sample: Sample, count: int) -> None:
        """Say so, and make room for the next drawing, unless it is begun already."""
        self.statusBar().showMessage(f"Kept as {a_digit(sample.label)}; your digits: {count:,}", SAVED_MS)
        if sample.drawn_as(self.drawing.canvas.strokes):
            self.drawing.canvas.clear()

    @Slot(object)
    def _take_picture(self, source: Path | bytes) -> None:
        def look() -> Any:
            from resnet_gui.engine.pictures import cut_out

            return cut_out(source)

        self.notice.clear()
        self._workbench.shelf.errands.do(look, lambda cut: self.drawing.canvas.show_picture(cut.ink, cut.image))

    @Slot(str)
    def _offer_data(self, text: str) -> None:
        self.notice.show_notice(text, action="Choose a file…", act=self.file_actions.choose_data)

    @Slot(str)
    def _choose_run(self, run_id: str) -> None:
        self.runs.select(run_id)
        self.centre.select(run_id)
        self._workbench.readers.read_with(run_id)

    @Slot(str, object)
    def _offer_undo(self, text: str, restore: Callable[[], None]) -> None:
        def undo() -> None:
            restore()
            self.notice.clear()

        self.notice.show_notice(text, action="Undo", act=undo)

    @Slot(str)
    def _show_details(self, run_id: str) -> None:
        entry = self._workbench.shelf.entry(run_id)
        details = "\n".join(filter(None, (described(entry.run), entry.run.details)))
        self.notice.show_notice(f"{entry.name}: {entry.run.message}", details, opened=True)

    def _about(self) -> None:
        QMessageBox.about(
            self,
            "About ResNet Explorer",
            f"<h3>ResNet Explorer {__version__}</h3><p>Skip connections let very deep networks learn: see it.</p>"
            "<p>After K. He, X. Zhang, S. Ren and J. Sun, “Deep residual learning for image recognition” (2015).</p>",
        )

    def _restore(self) -> None:
        if not self.restoreGeometry(self._state("geometry")):
            room = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(min(1360, room.width()), min(820, room.height()))
        self.runs.restore(self._state("table"))
        with suppress(ExplorerError):  # another version's options, or none yet
            self.curves.set_options(CurveOptions.from_json(str(self._settings.value("curves") or "")))
        for splitter, key in ((self._columns, "columns"), (self._rows, "rows")):
            splitter.restoreState(self._state(key))

    def _state(self, key: str) -> QByteArray:
        """What was remembered under `key`; nothing if a damaged file holds something else there."""
        state = self._settings.value(key)
        return state if isinstance(state, QByteArray) else QByteArray()


def _only_scroll_down(area: QScrollArea) -> None:
    """Let `area` scroll vertically alone: it is never narrower than what it holds."""
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bar = area.verticalScrollBar().sizeHint().width()
    area.setMinimumWidth(area.widget().minimumSizeHint().width() + bar + 2 * area.frameWidth())
