"""The panel that starts, pauses and stops a run, and says how far it is."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from resnet_gui.core.run import Run, State, duration
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.theme import SPACING

TRAIN_KEYS, PAIR_KEYS, PAUSE_KEYS, STOP_KEYS = "Ctrl+Return", "Ctrl+Shift+Return", "Ctrl+P", "Ctrl+."
SKIP_KEYS, QUEUE_KEYS, SWEEP_KEYS = "Ctrl+Shift+.", "Ctrl+Shift+Q", "Ctrl+Shift+W"
IDLE_TEXT = "Ready to train."


def status_text(run: Run) -> str:
    """One line on where `run` stands."""
    match run.state:
        case State.PREPARING:
            percent = "" if run.share is None else f" {run.share:.0%}"
            return f"{run.message or 'preparing'}…{percent}"
        case State.TRAINING:
            # Other work between the steps, such as validation, has a message of its own.
            now = f"{duration(run.seconds_left)} left" if run.message in ("", "training") else f"{run.message}…"
            parts = [now, _steps(run)]
            if run.images_per_second > 0:
                parts.append(f"{run.images_per_second:,.0f} images/s")
            return " · ".join(parts)
        case State.PAUSED:
            return f"Paused · {_steps(run).lower()}"
        case State.FAILED:
            return f"Failed: {run.message}" if run.message else "Failed."
        case State.DIVERGED:
            return f"Diverged · {run.message}" if run.message else f"Diverged after {run.step:,} steps"
    parts = ["Finished" if run.state is State.FINISHED else "Stopped"]
    if run.best_accuracy is not None:  # first: the end of a line may be cut
        measured = "test" if run.test_accuracy is not None else "validation"
        parts.append(f"{measured} accuracy {run.best_accuracy:.1%}")
    parts.append(f"{run.step:,} steps")
    if run.train_seconds > 0:
        parts[-1] += f" in {duration(run.train_seconds)}"
    return " · ".join(parts)


def _steps(run: Run) -> str:
    return f"Step {run.step:,} of {run.total_steps:,}" if run.total_steps else f"Step {run.step:,}"


class TrainingPanel(QFrame):
    """Train, pause and stop, with progress. It asks; somebody else decides.

    Signals:
        train_requested: a new run is wanted.
        pair_requested: a new run is wanted, and after it one of its plain twin.
        queue_requested: a new run is wanted after those that were asked for before.
        sweep_requested: runs of several depths are wanted.
        pause_requested: the run is to wait.
        resume_requested: the waiting run is to go on.
        skip_requested: the run is to end, keeping what it learned; the next one in the queue follows.
        stop_requested: the run is to end, keeping what it learned, and nothing follows.
    """

    train_requested = Signal()
    pair_requested = Signal()
    queue_requested = Signal()
    sweep_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    skip_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._run: Run | None = None
        self._ready, self._why = True, ""
        self._stopping = ""  # the id of the run that was asked to stop
        self._waiting = 0  # runs in the queue
        self._plain = False  # whether the network of the form has no shortcuts to leave out

        self.train_button = self._button("trainButton", "Train", TRAIN_KEYS)
        self.train_button.setProperty("role", "primary")
        self.train_button.clicked.connect(self.train_requested)
        self.pause_button = self._button("pauseButton", "Pause", PAUSE_KEYS)
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.stop_button = self._button("stopButton", "Stop", STOP_KEYS)
        self.stop_button.clicked.connect(self._stop)
        self.skip_button = self._button("skipButton", "Skip", SKIP_KEYS)
        self.skip_button.setToolTip(f"End the run, keep what it has learned, train the next ({_native(SKIP_KEYS)})")
        self.skip_button.clicked.connect(self._skip)
        self.pair_button = self._button("trainPairButton", "Train it and its plain twin", PAIR_KEYS)
        self.pair_button.clicked.connect(self.pair_requested)
        self.queue_button = self._button("queueButton", "Add to queue", QUEUE_KEYS)
        self.queue_button.clicked.connect(self.queue_requested)
        self.sweep_button = self._button("sweepButton", "Sweep…", SWEEP_KEYS)
        self.sweep_button.clicked.connect(self.sweep_requested)
        self.progress_bar = QProgressBar(self)
        self.progress_bar.setObjectName("progressBar")
        self.progress_bar.setAccessibleName("Training progress in percent")
        self.progress_bar.setTextVisible(False)
        self.status = ElidedLabel("progressLabel", "Training status", self)

        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.train_button, 2)
        buttons.addWidget(self.pause_button, 1)
        buttons.addWidget(self.stop_button, 1)
        buttons.addWidget(self.skip_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addWidget(self.pair_button)
        queue = QHBoxLayout()
        queue.setSpacing(SPACING)
        queue.addWidget(self.queue_button, 1)
        queue.addWidget(self.sweep_button, 1)
        layout.addLayout(queue)
        layout.addWidget(self.progress_bar)
        layout.addWidget(self.status)
        self._show()

    def show_run(self, run: Run | None) -> None:
        """Show where `run` stands now; None if there is none. Call again whenever it changed."""
        self._run = run
        if run is None or not run.state.active or run.id != self._stopping:
            self._stopping = ""
        self._show()

    def set_ready(self, ready: bool, why: str = "") -> None:
        """Allow training, or refuse it and say why."""
        if (self._ready, self._why) != (ready, "" if ready else why):
            self._ready, self._why = ready, "" if ready else why
            self._show()

    def set_waiting(self, waiting: int) -> None:
        """Say how many runs wait for their turn."""
        if waiting != self._waiting:
            self._waiting = waiting
            self._show()

    def set_plain(self, plain: bool) -> None:
        """Say whether the network of the form is plain: it has no plain twin then."""
        self._plain = plain
        self._show()

    def _show(self) -> None:
        run = self._run
        active = run is not None and run.state.active
        paused = run is not None and run.state is State.PAUSED
        buttons = (self.train_button, self.pause_button, self.stop_button, self.skip_button)
        buttons += (self.pair_button, self.queue_button, self.sweep_button)
        focused = any(widget.hasFocus() for widget in (self, *buttons))
        busy = "A run is in training: stop it first, or add to the queue." if active else ""
        refused = self._why if not self._ready else busy
        self.train_button.setEnabled(self._ready and not active)
        self.train_button.setToolTip(refused or f"Train a new network with these settings ({_native(TRAIN_KEYS)})")
        self.pair_button.setEnabled(self._ready and not active and not self._plain)
        for button, tip in (
            (self.queue_button, f"Train these settings once all runs before it have ended ({_native(QUEUE_KEYS)})"),
            (self.sweep_button, f"Train plain and residual networks of several depths ({_native(SWEEP_KEYS)})"),
        ):
            button.setEnabled(self._ready)
            button.setToolTip(tip if self._ready else self._why)
        self.pair_button.setToolTip(
            refused
            or ("This network has no shortcuts: it is a plain twin itself." if self._plain else "")
            or f"Train this network and then the same one without shortcuts, to compare them ({_native(PAIR_KEYS)})"
        )
        self.pause_button.setEnabled(
            run is not None and run.state in (State.TRAINING, State.PAUSED) and not self._stopping
        )
        self._rename(self.pause_button, "Resume" if paused else "Pause", PAUSE_KEYS)
        self.pause_button.setToolTip(
            f"{'Go on where the run was held' if paused else 'Hold the run where it is'} ({_native(PAUSE_KEYS)})"
        )
        self.stop_button.setEnabled(active and not self._stopping)
        self.stop_button.setToolTip(
            f"End the run and keep what it has learned{self._and_queue()} ({_native(STOP_KEYS)})"
        )
        self.skip_button.setVisible(bool(self._waiting))
        self.skip_button.setEnabled(active and not self._stopping)
        if focused and not self.stop_button.hasFocus():
            # Else Qt moves the focus: to Stop, where the next press of the space bar would end what was just begun.
            next((button for button in buttons[:2] if button.isEnabled()), self).setFocus()
        self._show_progress(run)
        self._show_status(run, active)

    def _show_progress(self, run: Run | None) -> None:
        bar, maximum, value = self.progress_bar, 100, 0
        if run is not None and run.state is State.PREPARING:
            if run.share is None:
                maximum = 0  # a bar without a range is busy
            else:
                value = round(100 * run.share)
        elif run is not None and run.total_steps:
            value = min(100, 100 * run.step // run.total_steps)
        if bar.maximum() != maximum:
            bar.setRange(0, maximum)
        if bar.value() != value:  # painting it takes a millisecond
            bar.setValue(value)

    def _show_status(self, run: Run | None, active: bool) -> None:
        if self._stopping:
            self.status.say("stopping…")
        elif not active and not self._ready and self._why:
            self.status.say(self._why)
        elif run is None:
            self.status.say(IDLE_TEXT)
        else:
            bad = run.state in (State.FAILED, State.DIVERGED)
            waiting = f"{self._waiting} waiting · " if self._waiting else ""
            self.status.say(waiting + status_text(run), role="error" if bad else "muted")

    def _and_queue(self) -> str:
        return "; the runs that wait are taken off the queue" if self._waiting else ""

    def _pause_or_resume(self) -> None:
        if self._run is not None and self._run.state is State.PAUSED:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()

    def _stop(self) -> None:
        self._show_stopping()
        self.stop_requested.emit()

    def _skip(self) -> None:
        self._show_stopping()
        self.skip_requested.emit()

    def _show_stopping(self) -> None:
        self._stopping = self._run.id if self._run is not None else ""
        self._show()

    def _rename(self, button: QPushButton, text: str, keys: str) -> None:
        if button.text() != text:
            button.setText(text)
            button.setShortcut(QKeySequence(keys))  # setText forgets it

    def _button(self, name: str, text: str, keys: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setShortcut(QKeySequence(keys))
        return button


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
