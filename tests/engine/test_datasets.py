"""Finding, reading and splitting data sets. No test here reaches beyond this machine."""

import io
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_gui.core.errors import Cancelled, DatasetError, DatasetUnavailable
from resnet_gui.core.experiment import DatasetName, Recipe
from resnet_gui.core.handwriting import write
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.paths import assets_folder
from resnet_gui.engine import datasets
from resnet_gui.engine.datasets import fingerprint, load_dataset, mnist_at, read_arrays, split

REAL_DATA = os.environ.get("RESNET_GUI_DATA")


def make_arrays(train: int = 20, test: int = 5) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (train, 28, 28), np.uint8),
        "y_train": rng.integers(0, 10, train, np.uint8),
        "x_test": rng.integers(0, 256, (test, 28, 28), np.uint8),
        "y_test": rng.integers(0, 10, test, np.uint8),
    }


def save(path: Path, train: int = 20, **changed: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **(make_arrays(train) | changed))
    return path


def npy(array: np.ndarray[Any, Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def save_entries(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def entries() -> dict[str, bytes]:
    return {f"{key}.npy": npy(array) for key, array in make_arrays(2, 1).items()}


def refusal(path: Path) -> str:
    """The sentence with which `path` is refused; the file is as it was."""
    before = path.read_bytes() if os.path.isfile(path) else None
    with pytest.raises(DatasetError) as caught:
        datasets.read_dataset("mnist", "a file", path)
    assert before is None or path.read_bytes() == before
    sentence = str(caught.value)
    assert type(caught.value) is DatasetError
    assert sentence.isprintable()
    assert sentence.endswith(".")
    return sentence


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Every place where MNIST is looked for, in order and empty; nothing can be downloaded."""
    places = {
        "RESNET_GUI_DATA": tmp_path / "data",
        "KERAS_HOME": tmp_path / "keras",
        "RESNET_GUI_HOME": tmp_path / "home",
    }
    for name, folder in places.items():
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(datasets, "MNIST_URL", "http://127.0.0.1:1/mnist.npz")
    return {
        "data": places["RESNET_GUI_DATA"] / "mnist.npz",
        "keras": places["KERAS_HOME"] / "datasets" / "mnist.npz",
        "home": places["RESNET_GUI_HOME"] / "datasets" / "mnist.npz",
    }


# Finding


def test_first_place_that_holds_mnist_wins(places: dict[str, Path], tmp_path: Path) -> None:
    for place in ("home", "keras", "data"):
        save(places[place])
        dataset = load_dataset(DatasetName.MNIST)
        assert dataset.source == f"MNIST, from {places[place]}"
    chosen = save(tmp_path / "chosen" / "mnist.npz")
    assert load_dataset(DatasetName.MNIST, data_dir=chosen.parent).source == f"MNIST, from {chosen}"


def test_keras_home_is_in_the_users_home_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    path = save(tmp_path / ".keras" / "datasets" / "mnist.npz")
    assert datasets.find_mnist(None) == path


def test_what_lies_in_the_users_own_folder_is_told_shortly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert mnist_at(tmp_path / ".keras" / "mnist.npz") == "MNIST, from ~/.keras/mnist.npz"
    assert mnist_at(Path("/elsewhere/mnist.npz")) == "MNIST, from /elsewhere/mnist.npz"


def test_dataset_holds_what_the_file_holds(places: dict[str, Path]) -> None:
    save(places["data"])
    messages: list[str] = []
    dataset = load_dataset(DatasetName.MNIST, progress=lambda message, share: messages.append(message))
    for key, array in make_arrays().items():
        np.testing.assert_array_equal(getattr(dataset, key), array)
        assert getattr(dataset, key).dtype == np.uint8
    assert (dataset.name, dataset.input_shape, dataset.classes) == ("mnist", (28, 28, 1), 10)
    assert messages == ["reading mnist.npz"]


def test_data_dir_may_be_the_file_itself(tmp_path: Path) -> None:
    path = save(tmp_path / "another name.npz")
    assert len(load_dataset(DatasetName.MNIST, data_dir=path).y_train) == 20


@pytest.mark.parametrize("name", ["", "nowhere", "nowhere.npz", "nul\0", "line\nbreak"])
def test_data_dir_without_mnist_is_an_error_even_if_it_lies_elsewhere(
    places: dict[str, Path], tmp_path: Path, name: str
) -> None:
    save(places["keras"])
    with pytest.raises(DatasetError, match=r"There is no mnist.npz in .*; choose a folder that holds one\.$") as caught:
        load_dataset(DatasetName.MNIST, data_dir=tmp_path / name)
    assert str(caught.value).isprintable()
    assert str(tmp_path) in str(caught.value)


def test_offline_says_what_would_work() -> None:
    with pytest.raises(DatasetUnavailable) as caught:
        load_dataset(DatasetName.MNIST)
    sentence = str(caught.value)
    assert sentence.startswith("MNIST is not on this machine, and mnist.npz could not be downloaded from 127.0.0.1:1")
    assert sentence.endswith("choose mnist.npz with --data-dir or in the window, or take the bundled digits.")


def test_download_can_be_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "download_file", lambda *_: pytest.fail("asked the network"))
    with pytest.raises(DatasetUnavailable, match="was not to be downloaded"):
        load_dataset(DatasetName.MNIST, download=False)


def test_cancelled_download_is_not_an_error_of_the_data() -> None:
    with pytest.raises(Cancelled):
        load_dataset(DatasetName.MNIST, cancelled=lambda: True)


def test_download_lands_in_the_explorers_home(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "download_file", lambda url, path, *_: save(path))
    assert load_dataset(DatasetName.MNIST).source == f"MNIST, from {places['home']}"
    assert places["home"].is_file()


def test_digits_come_from_the_shipped_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "digits.npz")
    monkeypatch.setattr(datasets, "DIGITS_FILE", tmp_path / "digits.npz")
    dataset = load_dataset(DatasetName.DIGITS)
    assert (dataset.name, dataset.source, len(dataset.y_train)) == ("digits", "bundled digits", 20)


@pytest.mark.skipif(not (assets_folder() / "digits.npz").exists(), reason="the bundled digits are not made yet")
def test_shipped_digits_can_be_read() -> None:
    assert set(load_dataset(DatasetName.DIGITS).y_train) == set(range(10))


def test_every_name_has_a_loader() -> None:
    assert set(datasets.PARTS) == {part for name in DatasetName for part in name.parts}
    with pytest.raises(DatasetError, match="there are mnist, digits"):
        load_dataset("letters")  # type: ignore[arg-type]


@pytest.mark.skipif(
    not REAL_DATA or not Path(REAL_DATA, "mnist.npz").is_file(), reason="RESNET_GUI_DATA names no folder with mnist.npz"
)
def test_real_mnist() -> None:
    dataset = load_dataset(DatasetName.MNIST, data_dir=Path(str(REAL_DATA)))
    assert dataset.x_train.shape == (60000, 28, 28)
    assert dataset.x_train.mean() == pytest.approx(33.318, abs=0.001)
    assert dataset.y_test[:4].tolist() == [7, 2, 1, 0]


# Splitting


def test_split_is_decided_by_the_seed() -> None:
    one, same, other = (split(100, Recipe(seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train, same.train)
    np.testing.assert_array_equal(one.validation, same.validation)
    assert (one.train != other.train).any()


@pytest.mark.parametrize(("limit", "share", "train", "validation"), [
    (0, 0.0, 100, 0), (0, 0.1, 90, 10), (50, 0.1, 45, 5), (1, 0.5, 1, 0), (3, 0.5, 1, 2), (1000, 0.5, 50, 50),
])  # fmt: skip
def test_parts_have_the_sizes_asked_for(limit: int, share: float, train: int, validation: int) -> None:
    parts = split(100, Recipe(limit=limit, validation_share=share))
    assert (len(parts.train), len(parts.validation)) == (train, validation)
    assert parts.train.dtype == parts.validation.dtype == np.int32
    both = np.concatenate([parts.train, parts.validation])
    assert len(set(both.tolist())) == len(both)
    assert both.min() >= 0
    assert both.max() < 100


def test_nothing_to_train_on_is_an_error() -> None:
    with pytest.raises(DatasetError, match="none is left to train on"):
        split(0, Recipe())


# Reading


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    assert refusal(path) == f"{path} does not exist; choose an .npz file that does."


def test_folder(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    assert "is no ordinary file" in refusal(tmp_path / "pipe.npz")


def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = save(tmp_path / "mnist.npz")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(DatasetError, match="Permission denied"):
        read_arrays(path)


@pytest.mark.parametrize("name", ["nul\0.npz", "n" * 300, "line\nbreak.npz", "\udcff.npz"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    assert str(tmp_path) in refusal(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"PK", b"text", npy(np.zeros(3)), b"PK\5\6" + bytes(18)])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    assert str(path) in refusal(path)


@pytest.mark.parametrize(("changed", "words"), [
    ({"x_train": np.zeros((20, 28, 29), np.uint8)}, "(20, 28, 29); it must be uint8 (training images, 28, 28)"),
    ({"x_train": np.zeros((20, 784), np.uint8)}, "x_train as uint8 (20, 784)"),
    ({"x_test": np.zeros((5, 28, 28), np.float32)}, "x_test as float32 (5, 28, 28)"),
    ({"y_train": np.zeros(19, np.uint8)}, "y_train as uint8 (19,); it must be uint8 (20)"),
    ({"y_train": np.zeros((20, 10), np.uint8)}, "y_train as uint8 (20, 10)"),
    ({"y_train": np.zeros(20)}, "y_train as float64"),
    ({"y_train": np.full(20, 10, np.uint8)}, "has the label 10 in y_train; the labels must be 0 to 9"),
    ({"y_test": np.full(5, 255, np.uint8)}, "has the label 255 in y_test"),
    ({"x_test": np.zeros((0, 28, 28), np.uint8), "y_test": np.zeros(0, np.uint8)}, "x_test has the shape (0, 28, 28)"),
    ({"y_test": np.array([1, "a", None, 2, 3], object)}, "y_test as object"),
    ({"y_test": np.zeros(5, [("label", "u1")])}, "y_test as [('label', 'u1')]"),
    ({"y_test": np.uint8(3)}, "y_test as uint8 ()"),
])  # fmt: skip
def test_unfit_arrays(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    assert words in refusal(save(tmp_path / "mnist.npz", **changed))


def test_missing_array(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=make_arrays()["x_train"])
    assert refusal(path) == f"{path} has no array y_train; it needs x_train, y_train, x_test, y_test."


def test_arrays_in_column_order_are_read_right(tmp_path: Path) -> None:
    images = make_arrays()["x_train"]
    arrays = read_arrays(save(tmp_path / "mnist.npz", x_train=np.asfortranarray(images)))
    np.testing.assert_array_equal(arrays["x_train"], images)
    assert arrays["x_train"].flags.c_contiguous


def with_shape(content: bytes, shape: str) -> bytes:
    """The .npy file `content` with another shape in its header."""
    old = content[content.index(b"(") : content.index(b")") + 1]
    padding = len(shape) - len(old)
    return content.replace(old, shape.encode()).replace(b" " * padding + b"\n", b"\n", 1)


@pytest.mark.parametrize("shape", ["(99999999999999, 28, 28)", "(9" + "0" * 40 + ", 28, 28)", "(3, 28, 28)"])
def test_header_that_claims_more_than_there_is(tmp_path: Path, shape: str) -> None:
    changed = entries()
    changed["x_train.npy"] = with_shape(changed["x_train.npy"], shape)
    assert "x_train has not the size that it states" in refusal(save_entries(tmp_path / "mnist.npz", changed))


def test_negative_sides(tmp_path: Path) -> None:
    changed = entries()
    changed["x_train.npy"] = with_shape(changed["x_train.npy"], "(-2, -28, 28)")
    assert "x_train as uint8 (-2, -28, 28)" in refusal(save_entries(tmp_path / "mnist.npz", changed))


def with_stated_size(path: Path, name: str, size: int) -> None:
    """Change what the directory of the archive `path` says of the unpacked size of `name`."""
    content = bytearray(path.read_bytes())
    at = content.rindex(name.encode()) - 46 + 24  # the field in the entry of the central directory
    content[at : at + 4] = struct.pack("<I", size)
    path.write_bytes(content)


def test_archive_that_would_fill_the_memory(tmp_path: Path) -> None:
    path = save_entries(tmp_path / "mnist.npz", entries() | {"extra.npy": npy(np.zeros(3))})
    with_stated_size(path, "extra.npy", 2**31)
    assert "would unpack to more than 2 GiB" in refusal(path)


def test_entry_that_holds_more_than_its_stated_size(tmp_path: Path) -> None:
    changed = entries()
    honest = len(changed["y_test.npy"])
    changed["y_test.npy"] += bytes(10_000_000)
    path = save_entries(tmp_path / "mnist.npz", changed)
    with_stated_size(path, "y_test.npy", honest)
    assert "is damaged" in refusal(path)


def test_entry_that_holds_less_than_its_stated_size(tmp_path: Path) -> None:
    changed = entries()
    changed["x_train.npy"] = with_shape(changed["x_train.npy"], "(900000, 28, 28)")
    path = save_entries(tmp_path / "mnist.npz", changed)
    with_stated_size(path, "x_train.npy", 900_000 * 28 * 28 + 128)
    assert "is damaged" in refusal(path)


def test_encrypted_archive(tmp_path: Path) -> None:
    path = save_entries(tmp_path / "mnist.npz", entries())
    content = bytearray(path.read_bytes())
    content[content.rindex(b"x_train.npy") - 46 + 8] |= 1  # the flag in the central directory
    path.write_bytes(content)
    assert "is encrypted" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_unpack_without_bounds_are_refused(tmp_path: Path, method: int) -> None:
    assert "is packed in an unusual way" in refusal(save_entries(tmp_path / "mnist.npz", entries(), method))


@pytest.mark.parametrize("name", ["a\0b.npy", "../../x.npy", "\n.npy", "/", "x" * 1000])
def test_odd_entries_do_not_matter(tmp_path: Path, name: str) -> None:
    arrays = read_arrays(save_entries(tmp_path / "mnist.npz", {name: b"?"} | entries()))
    assert len(arrays["y_train"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mnist.npz"]


def read_or_refuse(path: Path) -> bool:
    """Whether `path` is a data set; anything but a DatasetError fails."""
    try:
        datasets.read_dataset("mnist", "a file", path)
    except DatasetError:
        return False
    return True


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damaged_archives_are_refused(tmp_path: Path, method: int) -> None:
    path = save_entries(tmp_path / "mnist.npz", entries(), method)
    whole = path.read_bytes()
    # Around the names lie the headers, where a change is worth more than in the pixels.
    headers = [at for at in range(len(whole)) if b".npy" in whole[max(0, at - 20) : at + 60]]
    rng = np.random.default_rng(0)
    for _ in range(600):
        content = bytearray(whole)
        for _ in range(rng.integers(1, 4)):
            at = int(rng.choice(headers)) if rng.random() < 0.8 else int(rng.integers(len(whole)))
            content[at] = rng.integers(256)
        path.write_bytes(content[: rng.integers(len(whole))] if rng.random() < 0.1 else content)
        read_or_refuse(path)
    for size in range(0, len(whole), 37):
        path.write_bytes(whole[:size])
        assert not read_or_refuse(path)


def test_damaged_headers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    rng = np.random.default_rng(0)
    characters = np.frombuffer(b"()[]{},:'\"0123456789-|<>uifOUVML \\\0\n\xff", np.uint8)
    for _ in range(600):
        changed = entries()
        content = bytearray(changed["x_train.npy"])
        for _ in range(rng.integers(1, 4)):
            content[rng.integers(80)] = rng.choice(characters)
        changed["x_train.npy"] = bytes(content)
        read_or_refuse(save_entries(path, changed, zipfile.ZIP_STORED))


# Digits that were drawn here


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MyDigits:
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    return MyDigits()


def test_drawn_digits_come_beside_the_data_set_and_are_not_tested(mine: MyDigits) -> None:
    for digit in (3, 8):
        mine.add(digit, write(digit, np.random.default_rng(digit)), 0.1)
    alone, mixed_in = load_dataset(DatasetName.DIGITS), load_dataset(DatasetName.DIGITS_MINE)
    assert mixed_in.y_mine.tolist() == [3, 8]
    np.testing.assert_array_equal(mixed_in.x_mine, mine.images()[0])
    for key in ("x_train", "y_train", "x_test", "y_test", "x_scribbles"):
        np.testing.assert_array_equal(getattr(mixed_in, key), getattr(alone, key))
    assert mixed_in.source == "bundled digits, mixed with 2 drawn digits"


def test_reading_drawn_digits_can_be_stopped(mine: MyDigits) -> None:
    mine.add(3, write(3, np.random.default_rng(3)), 0.1)
    with pytest.raises(Cancelled):
        load_dataset(DatasetName.DIGITS_MINE, cancelled=lambda: True)


@pytest.mark.parametrize(("drawn", "times"), [(2, 100), (1, 200), (500, 1), (30, 6)])
def test_all_drawn_digits_are_trained_on_several_times_and_never_validated(drawn: int, times: int) -> None:
    parts = split(5000, Recipe(limit=2000), scribbles=100, mine=drawn)
    counts = np.bincount(parts.train, minlength=5100 + drawn)
    assert counts[5100:].tolist() == [times] * drawn
    assert parts.validation.max() < 5000


def test_what_another_run_held_out_stays_held_out_when_its_network_is_trained_on() -> None:
    first, then = split(5000, Recipe(), scribbles=100), split(5000, Recipe(limit=2000), scribbles=100, mine=40)
    assert set(then.validation) <= set(first.validation)
    assert not set(then.validation) & set(first.train)


def test_without_drawn_digits_a_sentence_says_how_to_get_them(mine: MyDigits) -> None:
    with pytest.raises(DatasetError, match="draw one and press its key"):
        load_dataset(DatasetName.DIGITS_MINE)


def test_the_fingerprint_changes_with_each_drawn_digit(mine: MyDigits) -> None:
    before = fingerprint(DatasetName.DIGITS_MINE, None)
    assert before == fingerprint(DatasetName.DIGITS_MINE, None) != fingerprint(DatasetName.DIGITS, None)
    mine.add(3, write(3, np.random.default_rng(0)), 0.1)
    assert fingerprint(DatasetName.DIGITS_MINE, None) != before


def test_scribbles_are_trained_on_as_far_as_the_limit_goes_and_never_validated() -> None:
    parts = split(100, Recipe(limit=50, validation_share=0.1), scribbles=20)
    assert sorted(parts.train)[-10:] == list(range(100, 110))
    assert len(parts.train) == 55
    assert parts.validation.max() < 100
    assert split(100, Recipe(), 20).train.max() == 119
