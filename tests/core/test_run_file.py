"""Runs in files of their own: what comes back, and what is refused."""

import io
import json
import os
import struct
import zipfile

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.confidence import UNCALIBRATED, Confidence
from resnet_gui.core.errors import FileError, LibraryError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.gradients import Gradients
from resnet_gui.core.run import Labels, Run, State
from resnet_gui.core.run_check import CHECKS
from resnet_gui.core.run_file import read_run, record_of, run_of, write_arrays, write_run
from resnet_gui.core.weights import weight_plans

ARCHITECTURE = Architecture(blocks=1, width=2, stem_stride=2, head="average-pooling")
WEIGHTS = {
    plan.name: np.linspace(-1, 1, plan.size, dtype=np.float32).reshape(plan.shape)
    for plan in weight_plans(make_blueprint(ARCHITECTURE))
}
NOTHING = np.zeros(0, np.float32)
MATRIX = [[float(row == column) for column in range(10)] for row in range(10)]
CONFIDENCE = {"temperature": 0.7, "centres": MATRIX, "precision": MATRIX, "farthest": 9.0, "weakest": -1.0}


@pytest.fixture
def run():
    made = Run("a1", Experiment(ARCHITECTURE), Labels("Mine", ("a", "b"), "two\nlines", 3), started=1e9)
    made.apply(StepsEnded("a1", 0, np.array([2, 1], np.float32), np.array([0.1, 0.5], np.float32), 50.0, 1.0))
    made.apply(EpochEnded("a1", 0, 2, 1.5, 0.4))
    made.versions, made.machine = {"tensorflow": "2.21"}, "Linux, 2 cores"
    made.apply(RunEnded("a1", Outcome.STOPPED, "stopped after 2 steps", 2, train_seconds=3.5))
    return made


def assert_same(first, second):
    assert record_of(first) == record_of(second)
    np.testing.assert_array_equal(first.history.loss.values, second.history.loss.values)
    np.testing.assert_array_equal(first.history.accuracy.values, second.history.accuracy.values)
    assert first.history.epochs == second.history.epochs


def test_a_record_is_json_and_comes_back(run):
    record = json.loads(json.dumps(record_of(run)))
    assert_same(run_of(record, run.history.loss.values, run.history.accuracy.values), run)


def test_a_run_comes_back_from_its_file_with_its_weights(run, tmp_path):
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    again, weights = read_run(tmp_path / "run.npz")
    assert_same(again, run)
    assert weights.keys() == WEIGHTS.keys()
    assert all(np.array_equal(weights[name], WEIGHTS[name]) for name in WEIGHTS)


def test_the_confidence_of_its_network_comes_back_too(run, tmp_path):
    run.confidence = Confidence.from_dict(CONFIDENCE)
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    assert read_run(tmp_path / "run.npz")[0].confidence == run.confidence
    record = json.loads(json.dumps(record_of(run)))
    assert run_of(record, run.history.loss.values, run.history.accuracy.values).confidence == run.confidence


def test_a_run_of_an_older_version_is_not_calibrated(run):
    record = record_of(run)
    del record["confidence"]
    assert run_of(record, run.history.loss.values, run.history.accuracy.values).confidence is UNCALIBRATED


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("state"),
        lambda record: record.update(confidence={"temperature": 1}),
        lambda record: record.update(confidence="sure"),
        lambda record: record.update(state="asleep"),
        lambda record: record.update(experiment={}),
        lambda record: record["experiment"]["architecture"].update(blocks=-1),
        lambda record: record.update(epochs=[1]),
    ],
)
def test_a_record_that_makes_no_run_is_refused(run, change):
    record = record_of(run)
    change(record)
    with pytest.raises(LibraryError, match="another version"):
        run_of(record, NOTHING, NOTHING)


@pytest.mark.parametrize("record", [None, [], "text", 7])
def test_a_record_that_is_no_object_is_refused(record):
    with pytest.raises(LibraryError):
        run_of(record, NOTHING, NOTHING)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"text"])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=r"run\.npz"):
        read_run(path)
    assert path.read_bytes() == content


def test_an_archive_of_something_else_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(LibraryError, match="is no run file: it has no array record"):
        read_run(tmp_path / "other.npz")


def test_pickled_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "hostile.npz", record=np.array([{"id": "x"}], object))
    with pytest.raises(LibraryError, match=r"hostile\.npz"):
        read_run(tmp_path / "hostile.npz")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LibraryError, match="missing"):
        read_run(tmp_path / "nowhere.npz")


@pytest.fixture
def file(run, tmp_path):
    """A run file, whose arrays, and fields of whose record, can be changed."""
    path = tmp_path / "run.npz"

    def changed(arrays=None, **record):
        write_run(path, run, WEIGHTS)
        with np.load(path) as archive:
            held = dict(archive) | (arrays or {})
        fields = json.loads(held["record"].tobytes()) | record
        held["record"] = np.frombuffer(json.dumps(fields).encode(), np.uint8)
        np.savez(path, **{name: values for name, values in held.items() if values is not None})
        return path

    return changed


def refusal(path):
    with pytest.raises(LibraryError) as caught:
        read_run(path)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_every_field_of_a_record_is_checked(run):
    assert CHECKS.keys() == record_of(run).keys()


@pytest.mark.parametrize(("field", "value", "words"), [
    ("id", 7, "its id must be text"),
    ("id", "x" * 2000, "at most 1,000 characters"),
    ("started", "today", "a number from 0"),
    ("started", 1e300, "a number from 0"),
    ("started", True, "a number from 0"),
    ("train_seconds", float("nan"), "its train_seconds must be a number from 0"),
    ("train_seconds", -1, "a number from 0"),
    ("images_per_second", float("inf"), "a number from 0"),
    ("parameters", 1.5, "a whole number"),
    ("parameters", -1, "a whole number"),
    ("total_steps", 10**400, "a whole number"),
    ("test_accuracy", 1.01, "a number from 0 to 1"),
    ("test_loss", "low", "its test_loss must be a number"),
    ("test_loss", 10**400, "a number that a computer can hold"),
    ("state", "asleep", "one of queued, preparing"),
    ("state", ["finished"], "one of queued"),
    ("example", 1, "true or false"),
    ("message", None, "text of at most"),
    ("versions", ["2.21"], "an object of program names"),
    ("versions", {"tensorflow": 2}, "its versions must be text"),
    ("labels", [], "an object with the fields name"),
    ("labels", {"shape": 1}, "an object with the fields name"),
    ("labels", {"tags": "abc"}, "a list of at most 100 tags"),
    ("labels", {"tags": ["x"] * 101}, "a list of at most 100 tags"),
    ("labels", {"color": -1}, "a whole number"),
    ("labels", {"notes": "x" * 20_001}, "at most 20,000 characters"),
    ("confidence", [], "its confidence must be temperature, centres"),
    ("confidence", {"temperature": 1}, "its confidence must be temperature, centres"),
    ("confidence", CONFIDENCE | {"temperature": -1}, "its confidence must be temperature, centres"),
    ("confidence", CONFIDENCE | {"centres": [[10**400] * 10] * 10}, "its confidence must be temperature, centres"),
    ("epochs", [[0, 3, None, None]], "its epochs do not follow one another within its 2 steps"),
    ("epochs", [[0, 2, None, None], [0, 2, None, None]], "its epochs do not follow"),
    ("epochs", [[0, 1, 0.5]], "rows of epoch, step"),
    ("epochs", [[0, 1, 0.5, 1.5]], "its epochs must be a number from 0 to 1"),
    ("experiment", {"architecture": {}}, "the two fields architecture and recipe"),
    ("experiment", {"architecture": {"blocks": -1}, "recipe": {}}, "got -1"),
    ("experiment", {"architecture": {"blocks": 1}, "recipe": {}}, "weights/stem/kernel is float32 (3, 3, 1, 2), not"),
])  # fmt: skip
def test_fields_that_make_no_run_are_refused(file, field, value, words):
    assert words in refusal(file(**{field: value}))


@pytest.mark.parametrize(("arrays", "words"), [
    ({"loss": None}, "it has no array loss"),
    ({"loss": np.zeros(3, np.float32)}, "its curves have different lengths (3, 2, 2 steps)"),
    ({"loss": np.zeros(2)}, "loss is float64 (2,), not float32 in a row"),
    ({"loss": np.zeros((2, 1), np.float32)}, "loss is float32 (2, 1)"),
    ({"loss": np.zeros(2, ">f4")}, "loss is >f4 (2,)"),
    ({"accuracy": np.array([0.5, 1.5], np.float32)}, "its accuracies must be from 0 to 1"),
    ({"seconds": np.array([2, 1], np.float32)}, "its seconds must be numbers that grow"),
    ({"seconds": np.array([1, np.nan], np.float32)}, "its seconds must be numbers that grow"),
    ({"record": np.frombuffer(b"[" * 100_000, np.uint8)}, "its record is no JSON"),
    ({"record": np.frombuffer(b"\xff", np.uint8)}, "its record is no JSON"),
    ({"record": np.frombuffer(b"[1]", np.uint8)}, "its record is no object"),
    ({"record": np.frombuffer(b"{}", np.uint8)}, "its record has no dataset"),
    ({"weights/stem/kernel": None}, "its weights are not those of ResNet-4, see 'stem/kernel'"),
    ({"weights/other/kernel": np.zeros(1, np.float32)}, "see 'other/kernel'"),
    ({"weights/stem/bias": np.zeros(3, np.float32)}, "weights/stem/bias is float32 (3,), not float32 (2,)"),
    ({"weights/stem/bias": np.array([0, np.inf], np.float32)}, "its weights stem/bias must be finite"),
])  # fmt: skip
def test_arrays_that_make_no_run_are_refused(file, arrays, words):
    if arrays.keys() == {"record"}:
        path = file()
        with np.load(path) as archive:
            np.savez(path, **(dict(archive) | arrays))
    else:
        path = file(arrays)
    assert words in refusal(path)


def test_a_file_without_weights_is_a_run_all_the_same(file):
    run, weights = read_run(file({f"weights/{name}": None for name in WEIGHTS}))
    assert (run.step, weights) == (2, {})


def test_a_diverged_run_may_have_numbers_that_are_not_finite(file):
    nan = np.full(2, np.nan, np.float32)
    run, weights = read_run(file({"loss": nan, "weights/stem/bias": nan}, state="diverged", test_loss=float("nan")))
    assert run.state is State.DIVERGED
    assert np.isnan(run.history.loss.values).all()
    assert np.isnan(weights["stem/bias"]).all()


@pytest.mark.parametrize("state", ["queued", "preparing", "training", "paused"])
def test_a_run_that_was_under_way_is_interrupted(file, state):
    assert read_run(file(state=state, message="training"))[0].state is State.INTERRUPTED


@pytest.mark.parametrize(
    "odd", ["", "../../x", "a/b", "a\\b", "a.b", "-a", "nul", "COM1", "starter", "x" * 65, "é", "a\n"]
)
def test_an_id_that_is_no_plain_one_gives_way_to_a_new_one(file, odd):
    run, _ = read_run(file(id=odd))
    assert run.id.startswith(run.experiment.digest)
    assert run.history.epochs[0].run == run.id


def test_what_could_steer_a_terminal_is_taken_out_of_texts(file):
    run, _ = read_run(file(labels={"name": "\x1b[2Jred\n", "notes": "one\n\ttwo\x07"}, device="CPU \ud800"))
    assert (run.labels.name, run.labels.notes, run.device) == ("\ufffd[2Jred ", "one\n\ttwo\ufffd", "CPU \ufffd")


def test_an_array_that_would_fill_the_memory_is_refused_unread(file):
    path = file()
    content = bytearray(path.read_bytes())
    at = content.rindex(b"loss.npy") - 46 + 24  # what the archive's directory says of its unpacked size
    content[at : at + 4] = struct.pack("<I", 2**31)
    path.write_bytes(content)
    assert "would unpack to more than 2 GiB" in refusal(path)


@pytest.mark.parametrize(("shape", "words"), [
    ("(99999999999,)", "loss has 99,999,999,999 values; at most"),
    ("(3,)", "loss has not the size that it states"),
    ("(-2,)", "loss has -2 values"),
])  # fmt: skip
def test_a_header_that_claims_another_size_is_refused(file, shape, words):
    path = file()
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    header = entries["loss.npy"]
    entries["loss.npy"] = header.replace(b"(2,), }".ljust(27), f"{shape}, }}".ljust(27).encode())
    assert entries["loss.npy"] != header
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert words in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_unpack_without_bounds_are_refused(file, method):
    path = file()
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert "packed in an unusual way" in refusal(path)


@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_file_is_a_run_or_refused_and_nothing_else(run, tmp_path, packed):
    path = tmp_path / "run.npz"
    write_run(path, run, WEIGHTS)
    if packed:
        with np.load(path) as archive:
            np.savez_compressed(path, **dict(archive))
    whole = path.read_bytes()
    rng = np.random.default_rng(0)

    def read_or_refuse():
        try:
            read_run(path)
        except LibraryError as error:
            return str(error)
        return ""

    assert read_or_refuse() == ""
    # Around the names and in the record a change is worth more than in the weights.
    telling = [at for at in range(len(whole)) if b".npy" in whole[max(0, at - 20) : at + 60]]
    start = whole.index(b"record.npy")
    telling += range(start, start + 1500)
    for _ in range(800):
        content = bytearray(whole)
        for _ in range(rng.integers(1, 4)):
            at = int(rng.choice(telling)) if rng.random() < 0.8 else int(rng.integers(len(whole)))
            content[at] = rng.integers(256)
        path.write_bytes(content)
        read_or_refuse()
    for size in range(0, len(whole), 41):
        path.write_bytes(whole[:size])
        assert read_or_refuse()


def test_a_record_of_changed_characters_is_a_run_or_refused(file):
    path = file()
    with np.load(path) as archive:
        arrays = dict(archive)
    whole = arrays["record"].tobytes()
    characters = np.frombuffer(b'{}[]",:0123456789-+.eENaIn\\u \xff', np.uint8)
    rng = np.random.default_rng(1)
    read = 0
    for _ in range(800):
        content = bytearray(whole)
        for _ in range(rng.integers(1, 3)):
            content[rng.integers(len(content))] = rng.choice(characters)
        changed = io.BytesIO()
        np.savez(changed, **(arrays | {"record": np.frombuffer(content, np.uint8)}))
        path.write_bytes(changed.getvalue())
        try:
            read_run(path)
            read += 1
        except LibraryError:
            pass
    assert 0 < read < 800  # or the changes would be of one kind


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")

    class Unwritable:
        def __array__(self, *_, **__):
            raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match="No space left"):
        write_arrays(path, {"x": Unwritable()})
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX's")
def test_a_pipe_is_not_replaced_by_a_file(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="no ordinary file"):
        write_run(tmp_path / "pipe", run, WEIGHTS)
    assert [path.is_fifo() for path in tmp_path.iterdir()] == [True]


def test_a_place_that_cannot_be_written_is_named(run, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be written"):
        write_run(tmp_path / "file" / "run.npz", run, WEIGHTS)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("MNIST, from /home/somebody/mnist.npz", "MNIST"),
        ("MNIST, from C:\\data, old\\mnist.npz, mixed with bundled digits", "MNIST, mixed with bundled digits"),
        ("MNIST, from /a, mixed with b/mnist.npz, mixed with bundled digits", "MNIST, mixed with bundled digits"),
        ("bundled digits, mixed with 2 drawn digits", None),
    ],
)
def test_a_file_does_not_tell_where_the_data_lay(run, tmp_path, source, told):
    run.dataset = source
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    assert read_run(tmp_path / "run.npz")[0].dataset == (told or source)
    assert run.dataset == source


def test_the_gradients_of_its_blocks_come_back(run, tmp_path):
    run.history.gradients = run.history.gradients.extended(0, np.array([[0.5], [np.inf]], np.float32))
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    again = read_run(tmp_path / "run.npz")[0].history.gradients
    assert (again.norms.tolist(), again.stride) == ([[0.5], [np.inf]], 1)


@pytest.mark.parametrize(("norms", "stride"), [([1.0, 1.0, 1.0], 1), ([-1.0], 1), ([1.0], 0)])
def test_gradients_that_are_not_of_the_run_are_refused(run, tmp_path, norms, stride):
    run.history.gradients = Gradients(np.array(norms, np.float32)[:, None], stride)
    write_run(tmp_path / "run.npz", run, WEIGHTS)
    with pytest.raises(LibraryError, match="gradient norms"):
        read_run(tmp_path / "run.npz")
