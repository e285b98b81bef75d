"""Makes and wires everything: application, settings, theme, workbench, window; last resort for errors."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTemporaryDir, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.paths import home_folder
from resnet_gui.core.presets import PRESETS
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.main_window import MainWindow
from resnet_gui.ui.shelf import Shelf
from resnet_gui.ui.theme import DARK, LIGHT, Colors, stylesheet
from resnet_gui.ui.threads import Engine
from resnet_gui.ui.workbench import Workbench

CLOSE_SECONDS = 15.0  # how long closing waits for a network that is being compiled
ASKED_MS = 100  # how often to look whether Ctrl+C was pressed
UNSEEN_MS = 1000  # how long the engine waits for the window to be painted: it may come up minimised


class Explorer(QObject):
    """Everything of one window. `window` and `workbench` are for those who drive it."""

    def __init__(
        self,
        app: QApplication,
        device: str = "auto",
        data_dir: Path | None = None,
        remember: bool = True,
        library: Library | None = None,
    ) -> None:
        """`remember` says whether forms and places come from the last time and are kept for the next."""
        super().__init__(app)
        self._app = app
        # QSettings puts a new file in the old one's place: a device such as /dev/null would be gone.
        self._forgotten = None if remember else QTemporaryDir()
        folder = home_folder() if self._forgotten is None else Path(self._forgotten.path())
        self._settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat, self)
        remembered = str(self._settings.value("data_file") or "")
        data_file = data_dir or (Path(remembered) if remembered else None)
        library = library or Library()
        self.errands = Errands(self)
        self.shelf = Shelf(library, self.errands, self)
        engine = Engine(library, device, self)
        self.workbench = Workbench(engine, self.shelf, _remembered_experiment(self._settings), data_file, self)
        self.errands.failed.connect(self.workbench.problem_found)
        self.window = MainWindow(self.workbench, self._settings)
        self.window.theme_wanted.connect(self.choose_theme)
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._apply_theme)
        self._apply_theme()
        sys.excepthook = self._show_exception
        self._load = QTimer(self, singleShot=True, interval=UNSEEN_MS)
        self._load.timeout.connect(self._load_all)

    def start(self) -> None:
        """Show the window; load the runs and the engine once it is on the screen."""
        self.window.installEventFilter(self)
        self._load.start()
        self.window.show()

    def _load_all(self) -> None:
        ticked = _remembered_ticks(self._settings)
        if ticked is None:
            self.shelf.ticks_changed.connect(self.window.show_examples)
        self.shelf.load(ticked, examples=self._settings.value("examples") != "hidden")
        self.workbench.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the engine load right after the window's first paint, and not before: painting loads libraries too."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            if self._load.isActive():
                self._load.start(0)
        return False

    def _apply_theme(self) -> None:
        wanted = str(self._settings.value("theme") or "system")
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark if wanted == "system" else wanted == "dark"
        colors = DARK if dark else LIGHT
        self._app.setPalette(_palette(colors))
        self._app.setStyleSheet(stylesheet(colors))
        self.window.set_colors(colors)

    def choose_theme(self, wanted: str) -> None:
        """Paint in the `system`'s, `light` or `dark` colours from now on."""
        self._settings.setValue("theme", wanted)
        self._apply_theme()

    def _show_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Last resort: an error that nobody caught is shown, and the window lives on."""
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        self.workbench.problem_found.emit(f"Something went wrong in the window: {kind.__name__}.", details)


def make_application() -> QApplication:
    """The QApplication with the project's name and style."""
    QApplication.setApplicationName("resnet-gui")
    QApplication.setApplicationDisplayName("ResNet Explorer")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setStyle("Fusion")  # the same everywhere, so that the style sheet looks the same everywhere
    return app


def main(
    device: str = "auto",
    data_dir: Path | None = None,
    experiment: Experiment | None = None,
    asked_to_end: Sequence[int] = (),
) -> int:
    """Open the window, with `experiment` or the last one; the exit status once it is closed.

    It closes itself once `asked_to_end` holds something.
    """
    app = make_application()
    explorer = Explorer(app, device, data_dir)
    if experiment is not None:
        explorer.workbench.set_experiment(experiment)
    watch = QTimer(explorer, interval=ASKED_MS)  # signal handlers run between Python's steps, this between Qt's events
    watch.timeout.connect(lambda: asked_to_end and explorer.window.close())
    watch.start()
    explorer.start()
    status = app.exec()
    explorer.errands.finish()
    if not explorer.workbench.close(CLOSE_SECONDS):
        # Compiling a very deep network cannot be interrupted, and there is nothing to save yet.
        sys.stdout.flush()
        os._exit(status)
    return status


def _remembered_experiment(settings: QSettings) -> Experiment:
    try:
        return Experiment.from_json(str(settings.value("experiment") or ""))
    except ExplorerError:  # the first start, or a file from another version
        return PRESETS["seed"].experiment


def _remembered_ticks(settings: QSettings) -> list[str] | None:
    """The ids of the runs that were compared last; None at the first start."""
    ticked = settings.value("ticked")
    return None if ticked is None else [str(run_id) for run_id in ticked] if isinstance(ticked, list) else [str(ticked)]


def _palette(c: Colors) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, color in {
        role.Window: c.window,
        role.Base: c.surface,
        role.AlternateBase: c.window,
        role.Button: c.surface,
        role.WindowText: c.text,
        role.Text: c.text,
        role.ButtonText: c.text,
        role.ToolTipBase: c.raised,
        role.ToolTipText: c.text,
        role.PlaceholderText: c.muted,
        role.Highlight: c.accent,
        role.HighlightedText: c.on_accent,
        role.Link: c.accent,
        role.Mid: c.border,
    }.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.muted))
    return palette
