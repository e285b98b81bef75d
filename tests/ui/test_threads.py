"""The two threads and what they say, with the real engine behind them."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QObject

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.drawing import Drawing
from resnet_gui.core.errors import Cancelled
from resnet_gui.core.estimate import typical_calibration
from resnet_gui.core.events import Calibrated
from resnet_gui.core.experiment import Experiment, Precision, Recipe
from resnet_gui.core.library import STARTER, Library, example_runs
from resnet_gui.core.queue import Job
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run
from resnet_gui.ui.examining import ExaminationFailed, ExaminationProgressed, Examined
from resnet_gui.ui.reading import EngineFailed, EngineReady, NothingToRead, ReaderReady, ReadingFailed
from resnet_gui.ui.reading_beside import ReadBeside
from resnet_gui.ui.threads import Engine, SavingFailed

LONG = 120_000  # ms; a limit for what must not hang, not a measurement
ONE = Drawing((np.array([[0.5, 0.1], [0.5, 0.9]], np.float32),))
SEVEN = Drawing((np.array([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]], np.float32),))
SMALL = Experiment(
    Architecture(blocks=1, width=4, stem_stride=2), Recipe(batch_size=16, epochs=1000, precision="float32")
)


def train(engine, run_id, folder):
    engine.recorder.begin(Run(run_id, SMALL))
    engine.submit(Job(run_id, SMALL, Path(folder)))


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "home")


@pytest.fixture
def make(qtbot, library):
    """Engines with what they said, closed at the end."""
    made = []

    def make_one(device="cpu"):
        parent = QObject()
        engine, said = Engine(library, device, parent), []
        engine.reported.connect(said.append)
        engine.noticed.connect(lambda: said.extend(engine.poll()))
        made.append((engine, parent))
        return engine, said

    yield make_one
    for engine, parent in made:
        assert engine.close(LONG / 1000)
        parent.deleteLater()


def of(kind, said):
    return [event for event in said if isinstance(event, kind)]


def test_the_engine_says_when_it_is_ready_and_who_reads(make, qtbot):
    engine, said = make()
    engine.start()
    qtbot.waitUntil(lambda: len(said) == 2, timeout=LONG)
    assert isinstance(said[0], EngineReady)
    assert "CPU" in said[0].device
    assert said[1] == ReaderReady(STARTER, said[1].name)


def test_a_device_that_is_not_there_is_said_and_nothing_hangs(make, qtbot):
    engine, said = make("gpu")
    engine.start()
    qtbot.waitUntil(lambda: bool(of(EngineFailed, said)), timeout=LONG)
    assert "no GPU" in said[0].message


def test_of_many_drawings_the_newest_is_read(make, qtbot):
    engine, said = make()
    for _ in range(50):
        engine.read(SEVEN)
    engine.read(ONE)
    engine.start()
    qtbot.waitUntil(lambda: bool(of(Reading, said)), timeout=LONG)
    assert [reading.digit for reading in of(Reading, said)] == [1]


def test_without_ink_there_is_nothing_to_read(make, qtbot):
    engine, said = make()
    engine.start()
    engine.read(Drawing())
    qtbot.waitUntil(lambda: bool(of(NothingToRead, said)), timeout=LONG)
    assert not of(Reading, said)


def test_a_network_that_is_gone_is_said_and_others_still_read(make, qtbot):
    engine, said = make()
    engine.start()
    engine.read_with("nobody")
    qtbot.waitUntil(lambda: bool(of(ReadingFailed, said)), timeout=LONG)
    assert "nobody" in of(ReadingFailed, said)[0].message
    engine.read_with(STARTER)
    engine.read(ONE)
    qtbot.waitUntil(lambda: bool(of(Reading, said)), timeout=LONG)
    assert of(Reading, said)[-1].digit == 1


def test_closing_stops_the_run_and_saves_it(make, qtbot, library, bars_folder):
    engine, said = make()
    engine.start()
    train(engine, "a", bars_folder)
    qtbot.waitUntil(lambda: any(type(event).__name__ == "StepsEnded" for event in said), timeout=LONG)
    assert engine.close(LONG / 1000)
    assert library.find("a").state == "stopped"


def test_the_gui_thread_waits_a_millisecond_at_most_for_pythons_lock(make, monkeypatch):
    asked = []
    monkeypatch.setattr(sys, "setswitchinterval", asked.append)
    engine, _ = make()
    engine.start()
    assert asked == [0.001]


def test_closing_what_never_started_is_quick_and_clean(make):
    engine, said = make()
    assert engine.close(LONG / 1000)
    assert said == []


def test_a_failure_to_save_at_closing_is_said(make, qtbot, library, bars_folder, capsys, monkeypatch):
    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(library, "keep", no_memory)
    engine, said = make()
    engine.start()
    train(engine, "a", bars_folder)
    qtbot.waitUntil(lambda: any(type(event).__name__ == "StepsEnded" for event in said), timeout=LONG)
    assert engine.close(LONG / 1000)
    assert "could not be saved" in capsys.readouterr().err
    QCoreApplication.processEvents()
    assert of(SavingFailed, said)[0].run == "a"


def test_one_failed_reading_does_not_silence_the_network(make, qtbot, monkeypatch):
    from resnet_gui.engine.prediction import Reader

    read, failures = Reader.read, [True]

    def fail_once(reader, image):
        if failures:
            raise RuntimeError(failures.pop())
        return read(reader, image)

    monkeypatch.setattr(Reader, "read", fail_once)
    engine, said = make()
    engine.start()
    engine.read(ONE)
    qtbot.waitUntil(lambda: bool(of(ReadingFailed, said)), timeout=LONG)
    engine.read(ONE)
    qtbot.waitUntil(lambda: bool(of(Reading, said)), timeout=LONG)


def test_the_machine_is_measured_while_nothing_is_trained_and_never_in_the_way(make, qtbot, bars_folder, monkeypatch):
    from resnet_gui.engine import calibration

    asked = []

    def measure(device, precision, *, cancelled):
        asked.append(precision)
        while not cancelled() and len(asked) < 2:
            pass
        if cancelled():
            raise Cancelled("Stopped.")
        return typical_calibration()

    monkeypatch.setattr(calibration, "calibration_for", measure)
    engine, said = make()
    engine.start()
    engine.calibrate(Precision.AUTO)
    qtbot.waitUntil(lambda: bool(asked), timeout=LONG)
    train(engine, "a", bars_folder)  # the measurement gives way
    qtbot.waitUntil(lambda: any(type(event).__name__ == "StepsEnded" for event in said), timeout=LONG)
    assert not of(Calibrated, said)
    engine.cancel("a")
    engine.calibrate(Precision.FLOAT32)
    qtbot.waitUntil(lambda: bool(of(Calibrated, said)), timeout=LONG)
    assert of(Calibrated, said) == [Calibrated(Precision.FLOAT32, typical_calibration())]


def test_other_networks_read_the_same_drawing_after_the_first_one(make, qtbot):
    engine, said = make()
    examples = [run.id for run in example_runs()[:2]]
    engine.read_beside([*examples, "nobody"])
    engine.read(ONE)
    engine.start()
    qtbot.waitUntil(lambda: len(of(ReadBeside, said)) == 3, timeout=LONG)
    (first,) = of(Reading, said)
    assert said.index(first) < said.index(of(ReadBeside, said)[0])
    answers = {event.run: event for event in of(ReadBeside, said)}
    for run in examples:
        assert answers[run].reading.run == run
        assert answers[run].reading.image is first.image
    assert "nobody" in answers["nobody"].message


def test_a_reading_of_a_network_that_trains_says_after_how_many_steps(make, qtbot, bars_folder):
    engine, said = make()
    engine.read_beside(["a"])
    engine.start()
    train(engine, "a", bars_folder)
    qtbot.waitUntil(lambda: any(type(event).__name__ == "StepsEnded" for event in said), timeout=LONG)
    engine.read(ONE)

    def made():
        return [event.reading.step for event in of(ReadBeside, said) if event.reading is not None]

    qtbot.waitUntil(lambda: bool(made()), timeout=LONG)
    engine.cancel("a")
    qtbot.waitUntil(lambda: any(type(event).__name__ == "RunEnded" for event in said), timeout=LONG)
    engine.read_beside_again("a")
    count = len(made())
    qtbot.waitUntil(lambda: len(made()) > count, timeout=LONG)
    (ended,) = [event for event in said if type(event).__name__ == "RunEnded"]
    assert 0 < made()[0] <= made()[-1] == ended.step
    engine.read(ONE)
    qtbot.waitUntil(lambda: bool(of(Reading, said)), timeout=LONG)
    assert of(Reading, said)[-1].step is None  # the starter is not trained


ON_BARS = Run(STARTER, Experiment(recipe=Recipe(dataset="mnist")))
ON_DIGITS = Run(STARTER, Experiment(recipe=Recipe(dataset="digits")))


@pytest.fixture
def gate(monkeypatch):
    """Examinations stop after their first batch until this is set."""
    from resnet_gui.engine import examination

    gate, steps = threading.Event(), examination.examine_in_steps

    def stop_once(reader, exam):
        running = steps(reader, exam)
        yield next(running)
        gate.wait()
        return (yield from running)

    monkeypatch.setattr(examination, "examine_in_steps", stop_once)
    yield gate
    gate.set()


def test_a_network_reads_the_test_images_of_its_data(make, qtbot, bars_folder):
    engine, said = make()
    engine.examine([ON_DIGITS, ON_BARS], Path(bars_folder))
    qtbot.waitUntil(lambda: len(of(Examined, said)) == 2, timeout=LONG)
    digits, bars = [event.examination for event in of(Examined, said)]
    assert digits.run == bars.run == STARTER
    assert digits.exam.source == "bundled digits"
    assert digits.accuracy > 0.8
    assert len(bars.labels) == 100
    shares = [event.share for event in of(ExaminationProgressed, said)]
    assert shares[-2:] == [1.0, 1.0]  # of the digits' last batch, and of the bars' only one


def test_a_drawing_is_read_while_an_examination_is_under_way(make, qtbot, gate):
    engine, said = make()
    engine.start()
    engine.examine([ON_DIGITS], None)
    qtbot.waitUntil(lambda: bool(of(ExaminationProgressed, said)), timeout=LONG)
    engine.read(ONE)
    qtbot.waitUntil(lambda: bool(of(Reading, said)), timeout=LONG)
    assert not of(Examined, said)
    gate.set()
    qtbot.waitUntil(lambda: bool(of(Examined, said)), timeout=LONG)


def test_what_the_newest_request_leaves_out_is_dropped(make, qtbot, gate, bars_folder):
    engine, said = make()
    engine.examine([ON_DIGITS], None)
    qtbot.waitUntil(lambda: bool(of(ExaminationProgressed, said)), timeout=LONG)
    engine.examine([ON_BARS], Path(bars_folder))
    gate.set()
    qtbot.waitUntil(lambda: bool(of(Examined, said)), timeout=LONG)
    assert [len(event.examination.labels) for event in of(Examined, said)] == [100]


def test_what_the_newest_request_still_names_goes_on(make, qtbot, gate, bars_folder):
    engine, said = make()
    engine.examine([ON_DIGITS], Path(bars_folder))
    qtbot.waitUntil(lambda: bool(of(ExaminationProgressed, said)), timeout=LONG)
    engine.examine([ON_BARS, ON_DIGITS], Path(bars_folder))
    gate.set()
    qtbot.waitUntil(lambda: len(of(Examined, said)) == 2, timeout=LONG)
    assert [len(event.examination.labels) for event in of(Examined, said)] == [4000, 100]
    assert len([event for event in of(ExaminationProgressed, said) if event.share < 0.03]) == 1  # not begun anew


def test_what_cannot_be_examined_is_said_and_others_still_are(make, qtbot, bars_folder):
    engine, said = make()
    engine.examine([Run("nobody", ON_BARS.experiment), ON_BARS], Path(bars_folder))
    qtbot.waitUntil(lambda: bool(of(Examined, said)), timeout=LONG)
    (failed,) = of(ExaminationFailed, said)
    assert failed.run == "nobody"
    assert "no saved run 'nobody'" in failed.message


def test_a_data_file_that_is_gone_is_said(make, qtbot, tmp_path):
    engine, said = make()
    engine.examine([ON_BARS], tmp_path)
    qtbot.waitUntil(lambda: bool(of(ExaminationFailed, said)), timeout=LONG)
    assert "no mnist.npz" in of(ExaminationFailed, said)[0].message


def test_a_network_that_could_not_be_saved_is_examined_as_it_is(make, qtbot, library, bars_folder, monkeypatch):
    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(library, "keep", no_memory)
    engine, said = make()
    engine.start()
    run = Run("a", SMALL)
    train(engine, "a", bars_folder)
    qtbot.waitUntil(lambda: any(type(event).__name__ == "StepsEnded" for event in said), timeout=LONG)
    engine.cancel("a")
    qtbot.waitUntil(lambda: bool(of(SavingFailed, said)), timeout=LONG)
    engine.examine([run], Path(bars_folder))
    qtbot.waitUntil(lambda: bool(of(Examined, said)), timeout=LONG)
    assert of(Examined, said)[0].examination.run == "a"


def test_closing_drops_what_is_being_examined(make, qtbot, gate):
    engine, said = make()
    engine.examine([ON_DIGITS], None)
    qtbot.waitUntil(lambda: bool(of(ExaminationProgressed, said)), timeout=LONG)
    threading.Timer(0.05, gate.set).start()
    assert engine.close(LONG / 1000)
    QCoreApplication.processEvents()
    assert not of(Examined, said)
