"""Stroke files: what is in them, how it is drawn, and what is refused."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_gui.core.errors import DatasetError, FileError
from resnet_gui.core.my_digits import MyDigits, Taken
from resnet_gui.core.sample import Sample
from resnet_gui.core.strokes import to_image
from resnet_gui.engine import stroke_files
from resnet_gui.engine.stroke_files import read_strokes, write_strokes

REAL_FILE = Path(os.environ.get("RESNET_GUI_DATA", "."), "unipen_dev.npz")


def needed() -> dict[str, Any]:
    """Two samples: a seven of one stroke and a bar, and a one."""
    return {
        "points": np.array([[0, 0], [9, 0], [3, 9], [2, 5], [7, 5], [5, 0], [5, 9]], np.float32),
        "stroke_offsets": np.array([0, 3, 5, 7], np.int32),
        "sample_offsets": np.array([0, 2, 3], np.int32),
        "labels": np.array([7, 1], np.uint8),
    }


def optional() -> dict[str, Any]:
    return {
        "points_per_mm": np.array([[1, 2], [4, 4]], np.float32),
        "donor": np.array([1, 0], np.uint8),
        "donor_names": np.array(["aga", "gmd"]),
        "writer": np.array([0, 1], np.int32),
        "writer_names": np.array(["gmd/Jürgen", "aga/x"]),
        "points_per_second": np.array([100, 100], np.float32),  # not of interest here
    }


def save(path: Path, arrays: dict[str, Any]) -> Path:
    np.savez_compressed(path, **arrays)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "strokes.npz"


def test_strokes_are_cut_as_the_offsets_say(path: Path) -> None:
    file = read_strokes(save(path, needed()))
    assert [[len(stroke) for stroke in sample] for sample in file.samples] == [[3, 2], [2]]
    assert file.samples[0][1].tolist() == [[2, 5], [7, 5]]
    assert file.samples[0][1].dtype == np.float32
    assert file.labels.tolist() == [7, 1]
    assert file.labels.dtype == np.uint8
    assert (file.groups, file.writers) == ((), ())


def test_points_are_divided_by_each_samples_resolution(path: Path) -> None:
    file = read_strokes(save(path, needed() | optional()))
    assert file.samples[0][0].tolist() == [[0, 0], [9, 0], [3, 4.5]]
    assert file.samples[1][0].tolist() == [[1.25, 0], [1.25, 2.25]]
    assert file.samples[1][0].dtype == np.float32


def test_groups_and_writers_are_names_for_each_sample(path: Path) -> None:
    file = read_strokes(save(path, needed() | optional()))
    assert file.groups == ("gmd", "aga")
    assert file.writers == ("gmd/Jürgen", "aga/x")


def test_numbers_without_names_name_themselves(path: Path) -> None:
    file = read_strokes(save(path, needed() | {"donor": np.array([3, 1], np.uint8)}))
    assert file.groups == ("3", "1")


def test_other_widths_of_numbers_are_welcome(path: Path) -> None:
    arrays = needed() | optional()
    file = read_strokes(save(path, {
        **arrays,
        "points": arrays["points"].astype(">f8"),
        "stroke_offsets": arrays["stroke_offsets"].astype(np.uint64),
        "labels": arrays["labels"].astype(np.int64),
        "writer_names": arrays["writer_names"].astype(">U10"),
    }))  # fmt: skip
    assert file.samples[0][0].dtype == np.float32
    assert file.samples[0][0].tolist() == [[0, 0], [9, 0], [3, 4.5]]
    assert file.labels.dtype == np.uint8
    assert file.writers[0] == "gmd/Jürgen"


def test_images_are_those_of_the_canvas(path: Path) -> None:
    file = read_strokes(save(path, needed()))
    images = file.images()
    assert images.shape == (2, 28, 28)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[0], to_image(file.samples[0]))
    np.testing.assert_array_equal(images[1], to_image(file.samples[1]))


def test_sample_without_ink_is_an_empty_image(path: Path) -> None:
    file = read_strokes(save(path, needed() | {"sample_offsets": np.array([0, 3, 3], np.int32)}))
    assert not file.images()[1].any()


@pytest.mark.parametrize(("changed", "words"), [
    ({"stroke_offsets": np.array([0, 5, 3, 7])}, "stroke_offsets that do not rise from 0 to 7"),
    ({"stroke_offsets": np.array([1, 3, 5, 7])}, "stroke_offsets"),
    ({"stroke_offsets": np.array([0, 3, 5, 8])}, "stroke_offsets"),
    ({"stroke_offsets": np.array([0, -3, 5, 7])}, "stroke_offsets"),
    ({"stroke_offsets": np.array([0, 2**64 - 1, 5, 7], np.uint64)}, "stroke_offsets"),
    ({"stroke_offsets": np.array([0.0, 3, 5, 7])}, "stroke_offsets as float64"),
    ({"sample_offsets": np.array([0, 2, 4])}, "sample_offsets that do not rise from 0 to 3"),
    ({"sample_offsets": np.array([0, 1, 2, 3])}, "has 3 samples and 2 labels"),
    ({"labels": np.array([7, 10])}, "has the label 10 in labels"),
    ({"labels": np.array([7, -1])}, "has the label -1 in labels"),
    ({"labels": np.array(["7", "1"])}, "labels as <U1"),
    ({"points": np.zeros((7, 3), np.float32)}, "points as float32 (7, 3)"),
    ({"points": np.zeros((0, 2), np.float32)}, "is empty: points has the shape (0, 2)"),
    ({"points": np.full((7, 2), np.nan, np.float32)}, "points that are not finite"),
    ({"points": np.full((7, 2), 1e300)}, "points that are not finite"),
    ({"points_per_mm": np.full((2, 2), 1e-45, np.float32)}, "points that are not finite"),
    ({"points_per_mm": np.zeros((2, 2), np.float32)}, "points_per_mm that are no positive numbers"),
    ({"points_per_mm": np.full((2, 2), np.inf)}, "points_per_mm that are no positive numbers"),
    ({"points_per_mm": np.full((2, 2), np.nan)}, "points_per_mm that are no positive numbers"),
    ({"points_per_mm": np.ones((3, 2))}, "points_per_mm as float64 (3, 2); it must be floating (2, 2)"),
    ({"donor": np.array([0, 2])}, "donor numbers that donor_names does not cover"),
    ({"donor": np.array([0, -1])}, "donor numbers"),
    ({"writer": np.array([0, 1, 1])}, "writer as int64 (3,)"),
    ({"writer_names": np.array(["a", None], object)}, "writer_names as object"),
    ({"writer_names": np.array(["a\nb", "c"])}, "writer_names that are not printable text"),
    ({"writer_names": np.array(["a\0b", "c"])}, "writer_names that are not printable text"),
    ({"writer_names": np.full(2, 0xFFFFFFFF, "<u4").view("<U1")}, "writer_names that are not printable text"),
    ({"writer_names": np.full(2, 0xD800, ">u4").view(">U1")}, "writer_names that are not printable text"),
])  # fmt: skip
def test_numbers_that_do_not_fit_together(path: Path, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_strokes(save(path, needed() | optional() | changed))
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert words in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("key", needed())
def test_needed_arrays_are_needed(path: Path, key: str) -> None:
    with pytest.raises(DatasetError, match=f"has no array {key}"):
        read_strokes(save(path, {name: array for name, array in needed().items() if name != key}))


def test_damaged_files_are_refused(path: Path) -> None:
    whole = save(path, needed() | optional()).read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(300):
        content = bytearray(whole)
        content[rng.integers(len(whole))] = rng.integers(256)
        path.write_bytes(content[: rng.integers(len(whole))] if rng.random() < 0.2 else content)
        with suppress(DatasetError):
            read_strokes(path)


def test_whatever_the_numbers_are_only_a_dataset_error_comes(path: Path) -> None:
    rng = np.random.default_rng(0)
    odd = [0, 1, -1, 2, 7, 10, 127]
    for _ in range(200):
        arrays = needed() | optional()
        for key in rng.choice(list(needed()) + list(optional())[:4], 2):
            if arrays[key].dtype.kind != "U":
                flat = arrays[key].reshape(-1)
                value = rng.choice(odd)
                flat[rng.integers(len(flat))] = value if flat.dtype.kind != "u" else abs(value)
        with suppress(DatasetError):
            read_strokes(save(path, arrays)).images()


def pressed() -> dict[str, Any]:
    return {
        "pressure": np.array([1, 1, 1, 0.5, 0.25, 1, 1], np.float32),
        "pen": np.array([0.1, 0.2]),
        "written": np.array([1000.5, 2000.25]),
    }


def test_pressure_pen_and_date_belong_to_the_strokes(path: Path) -> None:
    file = read_strokes(save(path, needed() | optional() | pressed()))
    first, second = file.digits()
    assert first.strokes[1].tolist() == [[2, 2.5, 0.5], [7, 2.5, 0.25]]  # points_per_mm do not divide the pressure
    assert (first.label, first.pen, first.written) == (7, 0.1, 1000.5)
    assert (second.label, second.pen, second.written) == (1, 0.2, 2000.25)


def test_images_are_drawn_with_the_pen_of_each_sample(path: Path) -> None:
    file = read_strokes(save(path, needed() | {"pen": np.array([0.1, 0.2])}))
    np.testing.assert_array_equal(file.images()[1], to_image(file.samples[1], 0.2))


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("pressure", np.full(7, 512, np.float32), "pressure that is not from 0 to 1"),
        ("pressure", np.full(7, np.nan, np.float32), "pressure that is not from 0 to 1"),
        ("pressure", np.ones(3, np.float32), "pressure"),
        ("pen", np.array([0.1, np.nan]), "pens that are not"),
        ("pen", np.array([0.1, 7.0]), "pens that are not"),
    ],
)
def test_pressure_and_pens_that_make_no_sense_are_refused(
    path: Path, key: str, values: np.ndarray[Any, Any], expected: str
) -> None:
    with pytest.raises(DatasetError, match=expected):
        read_strokes(save(path, needed() | {key: values}))


def test_only_so_many_strokes_are_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stroke_files, "MOST_STROKES", 2)
    with pytest.raises(DatasetError, match="has 3 strokes; at most 2 work"):
        read_strokes(save(path, needed()))


def told(samples: list[Sample]) -> list[Any]:
    """All but their ids."""
    return [(s.label, [stroke.tolist() for stroke in s.strokes], s.pen, s.written) for s in samples]


@pytest.mark.parametrize("more", [{}, pressed()])
def test_digits_that_are_written_and_taken_in_elsewhere_are_the_same(
    path: Path, tmp_path: Path, more: dict[str, Any]
) -> None:
    here, there = MyDigits(tmp_path / "here"), MyDigits(tmp_path / "there")
    here.take(read_strokes(save(tmp_path / "other.npz", needed() | more)).digits())
    write_strokes(path, here.all())
    assert there.take(read_strokes(path).digits()) == Taken(2, 0, 0)
    assert told(there.all()) == told(here.all())
    assert there.take(read_strokes(path).digits()) == Taken(0, 2, 0)
    np.testing.assert_array_equal([sample.mark for sample in there.all()], [sample.mark for sample in here.all()])


def test_nothing_is_written_without_digits(path: Path) -> None:
    with pytest.raises(DatasetError, match="no digits to write"):
        write_strokes(path, [])
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_an_error_in_a_sentence(tmp_path: Path) -> None:
    digits = [Sample(1, 7, (np.zeros((2, 2), np.float32),), 0.1, 5.0)]
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be written"):
        write_strokes(tmp_path / "file" / "x.npz", digits)
    with pytest.raises(FileError, match="no ordinary file"):
        write_strokes(tmp_path, digits)


def test_whatever_a_file_holds_it_is_taken_in_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    odd = [0, 1, -1, 0.5, 2, 127, 1e30, np.inf, np.nan]
    store = MyDigits(tmp_path / "home")
    for _ in range(200):
        arrays = needed() | {"points_per_mm": np.array([[1, 2], [4, 4]], np.float32)} | pressed()
        for key in rng.choice(list(arrays), 2):
            flat = arrays[key].reshape(-1)
            whole = flat.dtype.kind != "f"
            flat[rng.integers(len(flat))] = rng.choice([0, 1, 2, 7, 10, 127] if whole else odd)
        before = store.count()
        try:
            taken = store.take(read_strokes(save(path, arrays)).digits())
        except DatasetError:
            assert store.count() == before
        else:
            assert store.count() == before + taken.added
    assert len(store.images()[0]) == store.count()


@pytest.mark.skipif(not REAL_FILE.is_file(), reason="RESNET_GUI_DATA names no folder with unipen_dev.npz")
def test_real_strokes() -> None:
    file = read_strokes(REAL_FILE)
    assert len(file.samples) == len(file.labels) == len(file.groups) == len(file.writers) == 4390
    assert len(set(file.groups)) == 9
    assert len(set(file.writers)) == 126
