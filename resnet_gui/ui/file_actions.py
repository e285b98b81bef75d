"""The files that the user names: experiments, scripts, pictures of charts, and where MNIST lies."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from resnet_gui.core.experiment_text import text_of
from resnet_gui.core.files import read_text, write_file
from resnet_gui.ui.centre import Centre
from resnet_gui.ui.workbench import Workbench

LONGEST_TEXT = 100_000  # bytes of an experiment's file
TEXTS = "Text files (*.txt);;All files (*)"
PICTURES = {"PNG picture (*.png)": ".png", "SVG drawing (*.svg)": ".svg"}


class FileActions(QObject):
    """Asks for files, and has them read and written as errands; its `menu` is the window's.

    Signals: `told(str)` a sentence on what was done; `chosen()` a file was named; `data_chosen(str)` MNIST is here.
    """

    told = Signal(str)
    chosen = Signal()
    data_chosen = Signal(str)

    def __init__(self, bench: Workbench, centre: Centre, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._centre, self._window = bench, centre, window
        self._errands = bench.shelf.errands
        self.menu = QMenu("&File", window)
        self._action("Open experiment…", self._open_experiment, "Ctrl+O")
        self._action("Save experiment…", self._save_experiment, "Ctrl+S")
        self.menu.addSeparator()
        self._picture = self._action("Save chart as a picture…", self._save_chart, "Ctrl+Shift+S")
        self.menu.addSeparator()
        self._action("Choose MNIST file…", self.choose_data)
        self._action("Choose MNIST folder…", self._choose_data_folder)
        self.menu.addSeparator()
        self._action("Quit", window.close, "Ctrl+Q")
        centre.currentChanged.connect(lambda _: self._picture.setEnabled(centre.chart is not None))

    @Slot()
    def choose_data(self) -> None:
        """Let the user name the file that holds MNIST."""
        kinds = "NumPy archives (*.npz);;All files (*)"
        self._take_data(QFileDialog.getOpenFileName(self._window, "Choose mnist.npz", "", kinds)[0])

    @Slot(str)
    def save_script(self, script: str) -> None:
        """Let the user name the file for `script`."""
        name = f"{self._bench.experiment.architecture.name.lower().replace('-', '_')}.py"
        kinds = "Python files (*.py);;All files (*)"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save the script", name, kinds)
        if path:
            self._write(Path(path), script.encode())

    def save_chart(self, path: Path) -> None:
        """Save the chart that is looked at, as an SVG if the name of `path` ends so, else as a PNG."""
        from resnet_gui.ui.chart_picture import png_bytes, svg_bytes  # the window can be shown without them

        chart = self._centre.chart
        if chart is not None:
            self._centre.select("")  # on a slide no run stands out
            self._write(path, svg_bytes(chart, path.stem) if path.suffix.lower() == ".svg" else png_bytes(chart))

    def _save_chart(self) -> None:
        name = self._centre.tabText(self._centre.currentIndex()).lower()
        path, kind = QFileDialog.getSaveFileName(self._window, "Save the chart", f"{name}.png", ";;".join(PICTURES))
        if path:
            self.save_chart(Path(path) if Path(path).suffix else Path(f"{path}{PICTURES.get(kind, '.png')}"))

    def _open_experiment(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, "Open an experiment", "", TEXTS)
        if path:
            self.chosen.emit()
            self._errands.do(lambda: read_text(Path(path), LONGEST_TEXT), self._bench.take_text)

    def _save_experiment(self) -> None:
        name = f"{self._bench.experiment.architecture.name}.txt"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save the experiment", name, TEXTS)
        if path:
            self._write(Path(path), f"{text_of(self._bench.experiment)}\n".encode())

    def _choose_data_folder(self) -> None:
        self._take_data(QFileDialog.getExistingDirectory(self._window, "Choose a folder that holds mnist.npz"))

    def _take_data(self, path: str) -> None:
        if path:
            self.chosen.emit()
            self.data_chosen.emit(path)
            self._bench.choose_data(Path(path))

    def _write(self, path: Path, content: bytes) -> None:
        self._errands.do(lambda: write_file(path, content), lambda _: self.told.emit(f"Saved as {path}"))

    def _action(self, text: str, slot: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda: slot())
        if keys:
            action.setShortcut(QKeySequence(keys))
        self.menu.addAction(action)
        return action
