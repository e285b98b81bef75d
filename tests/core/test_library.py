"""The saved runs in a real SQLite file."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import numpy as np
import pytest

from resnet_gui.core.checkpoint import Checkpoint
from resnet_gui.core.errors import FileError, LibraryError
from resnet_gui.core.events import Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import SCHEMA, STARTER, Library
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.core.run_file import record_of

WEIGHTS = {"stem/kernel": np.ones((3, 3), np.float32)}


def ended(run_id, steps=3):
    run = Run(run_id, Experiment())
    curve = np.linspace(2, 1, steps, dtype=np.float32)
    run.apply(StepsEnded(run_id, 0, curve, curve / 2, 50.0, 1.0))
    run.apply(RunEnded(run_id, Outcome.STOPPED, f"stopped after {steps} steps", steps))
    return run


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "home")


def test_looking_makes_nothing(library, tmp_path):
    assert library.runs() == []
    with pytest.raises(LibraryError, match="There is no saved run 'x'"):
        library.find("x")
    assert list(tmp_path.iterdir()) == []


def test_a_saved_run_comes_back_whole(library):
    run = ended("a")
    library.save(run, WEIGHTS)
    again, weights = library.load("a")
    assert record_of(again) == record_of(run)
    assert again.state is State.STOPPED
    np.testing.assert_array_equal(again.history.loss.values, run.history.loss.values)
    np.testing.assert_array_equal(again.history.accuracy.values, run.history.accuracy.values)
    np.testing.assert_array_equal(weights["stem/kernel"], WEIGHTS["stem/kernel"])


def test_it_holds_what_was_saved_and_the_starter(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    assert library.holds("a")
    assert library.holds("starter")
    assert not library.holds("b")
    library.save(ended("c"), WEIGHTS)
    (tmp_path / "home" / "weights" / "c.npz").unlink()
    assert not library.holds("c")
    (tmp_path / "home" / "runs.sqlite3").write_bytes(b"no store" * 200)
    assert not library.holds("a")


def test_runs_are_listed_in_the_order_of_saving(library):
    for name in ("b", "a", "c"):
        library.save(ended(name), WEIGHTS)
    assert [run.id for run in library.runs()] == ["b", "a", "c"]


def test_saving_again_replaces(library):
    library.save(ended("a", steps=3), WEIGHTS)
    library.save(ended("a", steps=5), WEIGHTS)
    (run,) = library.runs()
    assert run.step == 5


def test_a_deleted_run_is_gone_with_its_weights(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    library.save(ended("b"), WEIGHTS)
    library.delete("a")
    assert [run.id for run in library.runs()] == ["b"]
    assert [file.name for file in (tmp_path / "home" / "weights").iterdir()] == ["b.npz"]
    with pytest.raises(LibraryError, match="'a'"):
        library.delete("a")


def test_an_id_is_no_way_out_of_the_folder(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    (tmp_path / "other.npz").touch()
    with pytest.raises(LibraryError):
        library.delete("../../other")
    assert (tmp_path / "other.npz").exists()


def test_several_threads_may_save_at_once(library):
    def save(name):
        library.save(ended(name), WEIGHTS)

    threads = [threading.Thread(target=save, args=(f"run{i}",)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {run.id for run in library.runs()} == {f"run{i}" for i in range(12)}


def test_looking_while_the_first_run_is_saved_is_no_error(tmp_path):
    for attempt in range(20):
        library = Library(tmp_path / str(attempt))
        saving = threading.Thread(target=library.save, args=(ended("a"), WEIGHTS))
        saving.start()
        while saving.is_alive():
            assert len(library.runs()) <= 1
        saving.join()
        assert len(library.runs()) == 1


def test_weights_that_are_gone_are_missed_with_a_sentence(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    (tmp_path / "home" / "weights" / "a.npz").unlink()
    assert library.find("a").id == "a"
    with pytest.raises(LibraryError, match="missing"):
        library.load("a")


def test_a_broken_store_is_named_and_left_alone(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    store = tmp_path / "home" / "runs.sqlite3"
    for file in store.parent.glob("runs.sqlite3*"):
        file.unlink()
    store.write_bytes(b"this is no database, and long enough to be looked at as one" * 20)
    before = store.read_bytes()
    for act in (library.runs, lambda: library.load("a"), lambda: library.save(ended("b"), WEIGHTS)):
        with pytest.raises(LibraryError, match=r"runs\.sqlite3 cannot be used"):
            act()
    assert store.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    with sqlite3.connect(tmp_path / "home" / "runs.sqlite3") as store:
        store.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    store.close()
    with pytest.raises(LibraryError, match="newer version"):
        library.runs()


def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "home").touch()
    with pytest.raises(FileError):
        Library(tmp_path / "home").save(ended("a"), WEIGHTS)


def test_the_starter_comes_with_the_explorer(library):
    run, weights = library.load(STARTER)
    assert run.state is State.FINISHED
    assert run.test_accuracy >= 0.99
    assert run.dataset.startswith("MNIST")
    assert weights


def test_a_record_that_nobody_understands_hides_no_other_run(library, tmp_path):
    for name in ("good", "bad"):
        library.save(ended(name), WEIGHTS)
    with closing(sqlite3.connect(tmp_path / "home" / "runs.sqlite3")) as store:
        store.execute("UPDATE run SET record = '{}' WHERE id = 'bad'")
        store.commit()
    assert [run.id for run in library.runs()] == ["good"]
    assert library.survey()[1] == ["bad"]
    with pytest.raises(LibraryError, match=r"saved run bad cannot be understood.*delete bad"):
        library.find("bad")
    library.delete("bad")
    assert library.survey()[1] == []


def training(run_id, steps=3):
    """A run in the midst of its training."""
    run = Run(run_id, Experiment())
    curve = np.linspace(2, 1, steps, dtype=np.float32)
    run.apply(StepsEnded(run_id, 0, curve, curve / 2, 50.0, 1.0, 6.0))
    return run


def by_another(library, run_id, session):
    """Make a run one that another program writes."""
    with library._writing() as store:
        store.execute("UPDATE run SET session = ? WHERE id = ?", (session, run_id))


def checkpoint(step, epochs=0):
    return Checkpoint(step, epochs, 1.0, "float32", WEIGHTS, {"step": np.array(step)})


@pytest.fixture
def other_program():
    """The session of a program that runs beside this one, and how to end it."""
    code = "from resnet_gui.core.session import this_session; print(this_session(), flush=True); input()"
    program = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield program.stdout.readline().strip(), program
    program.kill()
    program.communicate()


def test_curves_are_put_down_piece_by_piece(library):
    run = training("a", 3)
    library.write(run)
    run.apply(StepsEnded("a", 3, np.full(2, 9, np.float32), np.zeros(2, np.float32), 50.0, 1.0, 10.0))
    library.write(run, since=3)
    again = library.find("a")
    np.testing.assert_array_equal(again.history.loss.values, run.history.loss.values)
    np.testing.assert_array_equal(again.history.seconds.values, [2, 4, 6, 8, 10])
    run.history.rewind(2, 0)
    library.write(run)
    assert library.find("a").step == 2


def test_a_run_whose_program_is_gone_was_interrupted(library, other_program):
    library.write(training("a"))
    session, program = other_program
    by_another(library, "a", session)
    assert library.find("a").state is State.TRAINING
    program.kill()
    program.wait()
    run = library.find("a")
    assert (run.state, run.message) == (State.INTERRUPTED, "interrupted after 3 steps")
    assert run.can_go_on


@pytest.mark.parametrize("session", ["", "elsewhere:1:1.0", "nonsense", "a:b:c"])
def test_a_run_of_no_program_here_was_interrupted(library, session):
    library.write(training("a"))
    by_another(library, "a", session)
    assert library.find("a").state is State.INTERRUPTED


def test_a_run_of_another_program_cannot_be_taken_up_or_deleted(library, other_program):
    library.write(training("a"))
    by_another(library, "a", other_program[0])
    for ask in (library.claim, library.delete):
        with pytest.raises(LibraryError, match="another window"):
            ask("a")
    assert library.find("a").state is State.TRAINING


def test_a_run_goes_on_from_its_last_checkpoint(library):
    library.write(training("a", 5))
    assert library.claim("a")[1] is None
    library.keep("a", checkpoint(4))
    run, found = library.claim("a")
    assert (found.step, found.epochs, found.precision) == (4, 0, "float32")
    assert (run.step, run.state) == (4, State.QUEUED)
    np.testing.assert_array_equal(found.weights["stem/kernel"], WEIGHTS["stem/kernel"])
    assert found.state["step"] == 4
    assert set(library.load("a")[1]) == set(WEIGHTS)  # the weights alone


def test_a_checkpoint_beyond_the_curve_is_no_place_to_go_on_from(library):
    library.write(training("a", 3))
    library.keep("a", checkpoint(4))
    assert library.claim("a")[1] is None
    library.keep("a", checkpoint(3, epochs=1))
    assert library.claim("a")[1] is None


def test_a_run_that_came_to_its_end_is_not_trained_on(library):
    run = ended("a")
    run.state = State.FINISHED
    library.save(run, WEIGHTS)
    with pytest.raises(LibraryError, match="is finished: it has come to its end"):
        library.claim("a")


def test_weights_alone_are_nothing_to_go_on_from_and_the_curve_stays(library):
    library.save(ended("a"), WEIGHTS)
    with pytest.raises(LibraryError, match="without what its optimiser remembers"):
        library.claim("a")
    assert (library.find("a").state, library.find("a").step) == (State.STOPPED, 3)


def test_only_one_program_can_take_a_run_up(library, tmp_path):
    library.write(training("a"))
    by_another(library, "a", "")
    code = (
        "import sys; from pathlib import Path; from resnet_gui.core.library import Library; "
        "Library(Path(sys.argv[1])).claim('a'); print('claimed', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "home")]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout.readline() == "claimed\n"
        for ask in (library.claim, library.delete, lambda run_id: library.discard([run_id])):
            with pytest.raises(LibraryError, match="another window"):
                ask("a")
    finally:
        program.kill()
        program.communicate()
    assert library.claim("a")[0].state is State.QUEUED


def test_what_killed_programs_left_behind_goes_with_the_time(library, tmp_path):
    library.save(ended("a"), WEIGHTS)
    part = tmp_path / "home" / "weights" / ".b.npz.0123abcd"
    part.write_bytes(b"half")
    library.purge()
    assert part.exists()  # somebody may be writing it
    os.utime(part, (1.0, 1.0))
    library.purge()
    assert not part.exists()
    assert library.holds("a")


def test_a_library_in_a_folder_that_cannot_be_written_is_read(library, tmp_path, monkeypatch):
    library.save(ended("a"), WEIGHTS)
    writable = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and writable(path, mode))
    assert [run.id for run in library.runs()] == ["a"]
    with pytest.raises(LibraryError, match=r"readonly.*allow writing"):
        library.save(ended("b"), WEIGHTS)


def test_labels_are_kept_beside_what_training_writes(library):
    run = training("a")
    library.write(run)
    labels = Labels("my net", ("deep", "plain"), "notes", 3)
    library.label("a", labels)
    library.write(run, since=3)
    assert library.find("a").labels == labels


def test_discarded_runs_come_back_or_are_forgotten_after_a_day(library, tmp_path, monkeypatch):
    for name in ("a", "b"):
        library.save(ended(name), WEIGHTS)
    library.discard(["a", "b"])
    assert library.runs() == []
    assert not library.holds("a")
    library.restore(["a"])
    library.purge()
    assert [run.id for run in library.runs()] == ["a"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 86_400)
    library.purge()
    library.restore(["b"])
    assert [run.id for run in library.runs()] == ["a"]
    assert [file.name for file in (tmp_path / "home" / "weights").iterdir()] == ["a.npz"]


def test_a_library_of_the_first_version_is_taken_over(library, tmp_path):
    run = ended("a", steps=4)
    record = record_of(run)
    for later in ("labels", "versions", "machine", "example"):
        del record[later]
    (tmp_path / "home").mkdir()
    with closing(sqlite3.connect(tmp_path / "home" / "runs.sqlite3")) as store:
        store.execute("CREATE TABLE run (id TEXT PRIMARY KEY, record TEXT, loss BLOB, accuracy BLOB) STRICT")
        curves = (run.history.loss.values.tobytes(), run.history.accuracy.values.tobytes())
        store.execute("INSERT INTO run VALUES ('a', ?, ?, ?)", (json.dumps({**record, "train_seconds": 8.0}), *curves))
        store.execute("PRAGMA user_version = 1")
        store.commit()
    again = library.find("a")
    np.testing.assert_array_equal(again.history.loss.values, run.history.loss.values)
    np.testing.assert_array_equal(again.history.seconds.values, [2, 4, 6, 8])
    assert again.labels == Labels()
    library.label("a", Labels("old"))
    assert library.find("a").name == "old"
    with closing(sqlite3.connect(tmp_path / "home" / "runs.sqlite3")) as store:
        assert store.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def recording(run_id, steps=3):
    """A run of two blocks in the midst of its training."""
    run = Run(run_id, Experiment())
    curve, norms = np.ones(steps, np.float32), np.arange(2 * steps, dtype=np.float32).reshape(steps, 2)
    run.apply(StepsEnded(run_id, 0, curve, curve, 50.0, 1.0, 6.0, gradients=norms))
    return run


def test_the_gradients_of_the_blocks_are_kept_and_go_with_the_run(library):
    run = recording("a")
    library.write(run)
    library.write(ended("b"))
    run.apply(StepsEnded("a", 3, np.ones(2), np.ones(2), 50.0, 1.0, 9.0, gradients=np.full((2, 2), 7, np.float32)))
    library.write(run, since=3)
    again = library.find("a").history.gradients
    np.testing.assert_array_equal(again.norms, run.history.gradients.norms)
    assert (again.norms.shape, again.stride) == ((5, 2), 1)
    assert not library.find("b").history.gradients.known
    run.history.rewind(0, 0)
    library.write(run)
    assert not library.find("a").history.gradients.known
    library.write(recording("a"))
    library.delete("a")
    library.write(ended("a"))
    assert not library.find("a").history.gradients.known


def test_gradients_of_a_long_run_are_few(library):
    library.write(recording("a", 5000))
    again = library.find("a").history.gradients
    assert (again.norms.shape, again.stride) == ((625, 2), 8)


def test_a_library_of_the_second_version_is_taken_over(library, tmp_path):
    library.write(ended("a"))
    with closing(sqlite3.connect(tmp_path / "home" / "runs.sqlite3")) as store:
        store.execute("DROP TABLE gradients")  # as it was before the third
        store.execute("PRAGMA user_version = 2")
        store.commit()
    assert library.find("a").step == 3
    library.write(recording("b"))
    assert library.find("b").history.gradients.known
    assert not library.find("a").history.gradients.known
