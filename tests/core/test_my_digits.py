"""The kept digits in a real SQLite file."""

import os
import sqlite3
import threading
from contextlib import closing, suppress

import numpy as np
import pytest

from resnet_gui.core import my_digits
from resnet_gui.core.errors import DatasetError, LibraryError
from resnet_gui.core.my_digits import MyDigits, Taken
from resnet_gui.core.sample import LATEST, MOST_POINTS, Sample
from resnet_gui.core.strokes import PEN, to_image

LINE = np.array([[0.5, 0.1], [0.5, 0.9]], np.float32)
BAR = np.array([[0.2, 0.5], [0.8, 0.5]], np.float32)
PRESSED = np.array([[0.1, 0.1, 0.5], [0.4, 0.9, 1.0], [0.6, 0.2, 0.0]], np.float32)


@pytest.fixture
def store(tmp_path):
    return MyDigits(tmp_path / "home")


def sample(number, label=0, written=1000.0):
    return Sample(0, label, (LINE + np.float32(number),), PEN, written)


def told(digits):
    """What a test can compare."""
    return [
        (d.id, d.label, [(s.shape[1], s.tolist()) for s in d.strokes], d.pen, d.written)
        for d in (digits if isinstance(digits, list) else [digits])
    ]


def test_looking_makes_nothing(store, tmp_path):
    assert (store.all(), store.count(), store.version(), store.ids()) == ([], 0, "", set())
    images, labels = store.images()
    assert images.shape == (0, 28, 28)
    assert labels.shape == (0,)
    assert list(tmp_path.iterdir()) == []


def test_a_kept_digit_comes_back_whole(store):
    kept = store.add(7, [LINE, PRESSED, BAR[:1]], 0.2)
    (again,) = store.all()
    assert told(again) == told(kept)
    assert [stroke.dtype for stroke in again.strokes] == [np.float32] * 3
    assert [stroke.shape for stroke in again.strokes] == [(2, 2), (3, 3), (1, 2)]
    assert (again.label, again.pen) == (7, 0.2)
    assert store.count() == 1


def test_a_stroke_of_full_pressure_is_one_without(store):
    full = np.hstack([LINE, np.ones((2, 1), np.float32)])
    store.add(1, [full], PEN)
    assert store.all()[0].strokes[0].shape == (2, 2)
    assert store.all()[0].mark == store.add(1, [LINE], PEN).mark


def test_the_oldest_come_first(store):
    store.take([sample(1, written=30.0), sample(2, written=10.0), sample(3, written=20.0)])
    assert [digit.written for digit in store.all()] == [10.0, 20.0, 30.0]


def test_images_are_drawn_from_the_strokes_with_their_pen(store):
    store.add(1, [LINE], 0.1)
    store.add(4, [LINE, BAR], 0.2)
    images, labels = store.images()
    assert images.dtype == labels.dtype == np.uint8
    assert labels.tolist() == [1, 4]
    np.testing.assert_array_equal(images[0], to_image([LINE], 0.1))
    np.testing.assert_array_equal(images[1], to_image([LINE, BAR], 0.2))


def test_an_image_is_drawn_once_and_anew_with_another_pen(store, monkeypatch):
    drawn = []
    monkeypatch.setattr(my_digits, "to_image", lambda strokes, pen: drawn.append(pen) or to_image(strokes, pen))
    store.add(1, [LINE], 0.1)
    store.relabel([store.all()[0].id], 7)
    store.images()
    store.images()
    store.add(1, [LINE], 0.2)
    images, _ = store.images()
    assert drawn == [0.1, 0.2]
    np.testing.assert_array_equal(images[0], to_image([LINE], 0.2))


def test_only_so_many_images_are_held(store, monkeypatch):
    monkeypatch.setattr(my_digits, "IMAGES_KEPT", 3)
    store.take(sample(number) for number in range(5))
    assert len(store.images()[0]) == 5
    assert len(store._images) == 3


def test_the_same_strokes_are_one_digit_and_the_last_label_counts(store):
    first = store.add(7, [LINE], PEN)
    again = store.add(1, [LINE], PEN)
    assert again.id == first.id
    assert again.written == first.written
    assert [digit.label for digit in store.all()] == [1]


@pytest.mark.parametrize("change", ["add", "take", "relabel", "delete", "restore"])
def test_the_version_is_another_one_after_each_change(store, change):
    digit = store.add(7, [LINE], PEN)
    before = store.version()
    assert store.version() == before != ""
    {
        "add": lambda: store.add(7, [BAR], PEN),
        "take": lambda: store.take([sample(1)]),
        "relabel": lambda: store.relabel([digit.id], 1),
        "delete": lambda: store.delete([digit.id]),
        "restore": lambda: store.restore([digit]),
    }[change]()
    assert store.version() not in (before, "")


def test_digits_are_relabelled_and_deleted_and_made_what_they_were(store):
    store.take(sample(number, label=number) for number in range(6))
    former = store.all()
    store.relabel([former[0].id, former[1].id, 999], 9)
    store.delete([former[1].id, former[5].id, 999])
    assert [digit.label for digit in store.all()] == [9, 2, 3, 4]
    store.restore(former[:2] + former[5:])
    assert told(store.all()) == told(former)
    store.restore(former)
    assert store.count() == 6


def test_an_id_is_never_given_again(store):
    gone = store.add(1, [LINE], PEN)
    store.delete([gone.id])
    assert store.add(2, [BAR], PEN).id != gone.id
    store.restore([gone])
    assert {digit.label for digit in store.all()} == {1, 2}


def test_what_was_deleted_and_imported_again_is_not_there_twice(store):
    gone = store.add(1, [LINE], PEN)
    store.delete([gone.id])
    store.take([Sample(0, 7, (LINE,), PEN, 5.0)])
    store.restore([gone])
    assert [digit.label for digit in store.all()] == [7]


def test_known_digits_and_those_without_ink_are_left_out_and_counted(store):
    store.add(1, [LINE], PEN)
    empty = Sample(0, 3, (np.zeros((0, 2), np.float32),), PEN, 1.0)
    taken = store.take([Sample(0, 7, (LINE,), PEN, 1.0), sample(1), sample(1), empty, Sample(0, 3, (), PEN, 1.0)])
    assert taken == Taken(added=1, known=2, empty=2)
    assert taken.sentence == "Added 1 digit; 2 known already, left as they are; 2 without ink left out."
    assert [digit.label for digit in store.all()] == [0, 1]
    assert Taken(1200, 0, 0).sentence == "Added 1,200 digits."


def test_one_digit_that_does_not_fit_and_none_is_taken(store):
    with pytest.raises(DatasetError, match=r"Digit 3 of the file does not fit. A digit's label is from 0 to 9; got 10"):
        store.take([sample(1), sample(2), sample(3, label=10)])
    assert store.count() == 0


@pytest.mark.parametrize(
    ("label", "strokes", "pen", "expected"),
    [
        (10, [LINE], PEN, "from 0 to 9; got 10"),
        (-1, [LINE], PEN, "from 0 to 9; got -1"),
        (3, [], PEN, "from 1 to 100,000 points; got 0"),
        (3, [np.zeros((0, 2))], PEN, "got 0"),
        (3, [np.zeros((MOST_POINTS + 1, 2))], PEN, "got 100,001"),
        (3, [[[0, np.nan]]], PEN, "finite"),
        (3, [[[0, 1e300]]], PEN, "finite"),
        (3, [[[0, 0, 1.5]]], PEN, "from 0 to 1"),
        (3, [[[0, 0, np.nan]]], PEN, "finite"),
        (3, [np.zeros((2, 4))], PEN, r"\(2, 4\)"),
        (3, [np.zeros(4)], PEN, r"\(4,\)"),
        (3, [LINE], 0.0, "pen"),
        (3, [LINE], np.nan, "pen"),
        (3, [LINE], 2.0, "pen"),
    ],
)
def test_what_cannot_be_kept_is_refused(store, tmp_path, label, strokes, pen, expected):
    with pytest.raises(DatasetError, match=expected):
        store.add(label, strokes, pen)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", [-1.0, np.nan, np.inf, LATEST + 1])
def test_a_time_without_a_date_is_refused(store, written):
    with pytest.raises(DatasetError, match="since 1970"):
        store.take([sample(1, written=written)])


def test_a_label_that_is_no_digit_is_not_written(store):
    digit = store.add(1, [LINE], PEN)
    with pytest.raises(DatasetError, match="got 12"):
        store.relabel([digit.id], 12)


def test_there_is_room_for_so_many(store, monkeypatch):
    monkeypatch.setattr(my_digits, "MOST_DIGITS", 3)
    store.take([sample(1), sample(2)])
    with pytest.raises(DatasetError, match="There is room for 3 digits"):
        store.take([sample(3), sample(4)])
    assert store.count() == 2
    store.add(1, [LINE], PEN)
    with pytest.raises(DatasetError, match="There is room for 3 digits"):
        store.add(2, [BAR], PEN)
    assert store.count() == 3


def test_ten_thousand_points_are_kept(store):
    walk = np.random.default_rng(0).normal(size=(10_000, 2)).cumsum(axis=0)
    store.add(8, [walk], PEN)
    images, _ = store.images()
    assert images.max() > 0
    assert len(store.all()[0].strokes[0]) == 10_000


def test_several_threads_may_keep_at_once(tmp_path):
    stores = [MyDigits(tmp_path / "home") for _ in range(8)]  # as several windows would
    threads = [
        threading.Thread(target=lambda s=s, n=n: [s.add(n, [LINE + 10 * n + m], PEN) for m in range(5)])
        for n, s in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].count() == 40


def test_looking_while_the_first_digit_is_kept_is_no_error(tmp_path):
    for attempt in range(20):
        store = MyDigits(tmp_path / str(attempt))
        keeping = threading.Thread(target=store.add, args=(3, [LINE], PEN))
        keeping.start()
        while keeping.is_alive():
            assert len(store.all()) <= 1
        keeping.join()
        assert store.count() == 1


def test_a_file_that_is_something_else_is_said_to_be(store, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "digits.sqlite3").write_bytes(b"no store" * 200)
    for ask in (store.all, store.count, store.version, store.images, lambda: store.add(1, [LINE], PEN)):
        with pytest.raises(LibraryError, match=r"The drawn digits in .* cannot be used .*: move it away"):
            ask()


def test_a_folder_that_is_a_file_is_said_to_be(tmp_path):
    (tmp_path / "home").touch()
    with pytest.raises(LibraryError, match="The drawn digits in"):
        MyDigits(tmp_path / "home").count()


def test_a_newer_version_is_left_alone(store, tmp_path):
    store.add(1, [LINE], PEN)
    with closing(sqlite3.connect(tmp_path / "home" / "digits.sqlite3")) as file:
        file.execute("PRAGMA user_version = 2")
    for ask in (store.all, lambda: store.add(2, [BAR], PEN)):
        with pytest.raises(LibraryError, match="newer version"):
            ask()


def test_a_file_that_another_program_holds_is_waited_for_and_then_said_to_be(store, tmp_path, monkeypatch):
    monkeypatch.setattr("resnet_gui.core.store.BUSY_SECONDS", 0.01)
    store.add(1, [LINE], PEN)
    with closing(sqlite3.connect(tmp_path / "home" / "digits.sqlite3", isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="another program holds the file"):
            store.add(2, [BAR], PEN)
        assert store.count() == 1  # reading goes on
    store.add(2, [BAR], PEN)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_digits_in_a_folder_that_cannot_be_written_are_read(store, tmp_path):
    store.add(1, [LINE], PEN)
    (tmp_path / "home").chmod(0o500)
    try:
        assert store.count() == 1
        with pytest.raises(LibraryError, match="allow writing"):
            store.add(2, [BAR], PEN)
    finally:
        (tmp_path / "home").chmod(0o700)


@pytest.mark.parametrize(
    ("column", "value"), [("points", b"\0" * 12), ("lengths", b""), ("points", b"\xff" * 16), ("pressure", b"\0")]
)
def test_a_digit_that_cannot_be_understood_is_named_and_can_be_deleted(store, tmp_path, column, value):
    store.take([sample(1), sample(2)])
    with closing(sqlite3.connect(tmp_path / "home" / "digits.sqlite3")) as file:
        file.execute(f"UPDATE digit SET {column} = ? WHERE id = 2", (value,))
        file.commit()
    with pytest.raises(LibraryError, match=r"digit 2 cannot be understood .*`resnet-gui digits delete 2` forgets it"):
        store.all()
    assert store.ids() == {1, 2}
    store.delete([2])
    assert store.count() == len(store.all()) == 1


def test_damaged_files_end_in_a_sentence_or_in_digits(store, tmp_path):
    file = tmp_path / "home" / "digits.sqlite3"
    store.take(sample(number) for number in range(40))
    whole = file.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(150):
        content = bytearray(whole)
        for place in rng.integers(len(whole), size=20):
            content[place] = rng.integers(256)
        file.write_bytes(content[: rng.integers(len(whole))] if rng.random() < 0.2 else content)
        for ask in (store.count, store.version, store.images, lambda: store.add(1, [BAR], PEN)):
            with suppress(LibraryError):
                ask()
