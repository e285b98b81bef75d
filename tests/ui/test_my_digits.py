"""The kept digits in the window, with a real store and real files behind them."""

import numpy as np
import pytest

from resnet_gui.core.errors import LibraryError
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.sample import Sample
from resnet_gui.core.strokes import PEN, to_image
from resnet_gui.ui.errands import Errands
from resnet_gui.ui.my_digits import DRAWN_AT_ONCE, MyDigitsShelf

LINE = np.array([[0.5, 0.1], [0.5, 0.9]], np.float32)
BAR = np.array([[0.2, 0.5], [0.8, 0.5]], np.float32)


@pytest.fixture
def store(tmp_path):
    return MyDigits(tmp_path / "home")


@pytest.fixture
def errands(qapp):
    errands = Errands()
    yield errands
    errands.finish()


@pytest.fixture
def shelf(store, errands):
    return MyDigitsShelf(store, errands)


@pytest.fixture
def heard(shelf, errands):
    """What the shelf says: (signal, values)."""
    found = []
    for name in ("kept", "told", "undoable", "refused"):
        getattr(shelf, name).connect(lambda *values, name=name: found.append((name, *values)))
    errands.failed.connect(lambda text, details: found.append(("failed", text)))
    return found


@pytest.fixture
def full(shelf, store, qtbot):
    store.take(Sample(0, label, (LINE + np.float32(label),), PEN, 100.0 + n) for n, label in enumerate((3, 1, 4)))
    with qtbot.waitSignal(shelf.changed):
        shelf.refresh()
    return shelf


def labels(shelf):
    return [sample.label for sample in shelf.samples]


def test_a_drawing_is_kept_and_counted(shelf, store, heard, qtbot):
    with qtbot.waitSignal(shelf.kept):
        shelf.keep(7, [LINE, BAR], 0.2)
    ((_, sample, count),) = heard
    assert (sample.label, sample.pen, count) == (7, 0.2, 1)
    assert not shelf.known  # nobody looks at the others
    with qtbot.waitSignal(shelf.changed):
        shelf.refresh()
    with qtbot.waitSignal(shelf.changed):
        shelf.keep(1, [LINE], PEN)
    assert labels(shelf) == [7, 1]


def test_what_cannot_be_kept_is_said_as_other_failures_are(shelf, errands, heard, monkeypatch, qtbot):
    with qtbot.waitSignal(errands.failed):
        shelf.keep(7, [], PEN)
    assert "at least" in heard[0][1] or "from 1 to" in heard[0][1]

    def refuse(*arguments):
        raise LibraryError("The disk is full.")

    monkeypatch.setattr(MyDigits, "add", refuse)
    with qtbot.waitSignal(errands.failed):
        shelf.keep(7, [LINE], PEN)
    assert [name for name, *_ in heard] == ["failed", "failed"]


def test_the_first_look_is_told_even_if_there_is_nothing(shelf, qtbot):
    with qtbot.waitSignal(shelf.changed):
        shelf.refresh()
    assert shelf.known
    assert shelf.samples == ()


def test_what_was_changed_elsewhere_is_taken_in_and_nothing_else_is_told(full, store, errands, qtbot):
    with qtbot.assertNotEmitted(full.changed):
        full.refresh()
        errands.finish()
        qtbot.wait(1)
    store.add(9, [BAR], PEN)
    with qtbot.waitSignal(full.changed):
        full.refresh()
    assert labels(full) == [3, 1, 4, 9]


def test_relabelled_and_deleted_digits_can_be_had_back(full, store, heard, qtbot):
    first, second, third = full.samples
    with qtbot.waitSignal(full.undoable):
        full.relabel([first.id, second.id], 1)  # the second is one already
    assert labels(full) == [1, 1, 4]
    with qtbot.waitSignal(full.undoable):
        full.delete([second.id, third.id])
    assert labels(full) == [1]
    assert [values[0] for _, *values in heard] == ["A 3 is a 1 now.", "2 digits were deleted."]
    for _, _, undo in reversed(heard):
        with qtbot.waitSignal(full.changed):
            undo()
    assert labels(full) == [3, 1, 4] == [sample.label for sample in store.all()]


def test_nothing_is_done_with_nothing(full, heard, errands, qtbot):
    full.delete([])
    full.relabel([full.samples[0].id, 999], 3)
    errands.finish()
    qtbot.wait(1)
    assert heard == []


def test_digits_go_to_a_file_and_come_from_it(full, store, heard, tmp_path, qtbot):
    with qtbot.waitSignal(full.told):
        full.write_out(tmp_path / "mine.npz")
    store.delete([sample.id for sample in full.samples[:2]])
    with qtbot.waitSignal(full.told):
        full.take_in(tmp_path / "mine.npz")
    assert heard[0] == ("told", f"Saved 3 digits as {tmp_path / 'mine.npz'}")
    assert heard[1] == ("told", "Added 2 digits; 1 known already, left as they are.")
    assert labels(full) == [3, 1, 4]


def test_what_goes_wrong_with_files_is_refused_in_a_sentence(full, heard, tmp_path, qtbot):
    (tmp_path / "odd.npz").write_text("no archive")
    with qtbot.waitSignal(full.refused):
        full.take_in(tmp_path / "odd.npz")
    with qtbot.waitSignal(full.refused):
        full.write_out(tmp_path)
    assert "no .npz archive" in heard[0][1]
    assert "no ordinary file" in heard[1][1]


def test_pictures_are_drawn_when_they_are_asked_for(full, qtbot):
    sample = full.samples[0]
    with qtbot.waitSignal(full.drawn):
        assert full.picture(sample) is None
        assert full.picture(full.samples[1]) is None
    np.testing.assert_array_equal(full.picture(sample), to_image(sample.strokes, PEN))
    assert full.picture(full.samples[1]) is not None


def test_an_exam_holds_all_digits(shelf, store, qtbot):
    count = 2 * DRAWN_AT_ONCE + 5
    store.take(Sample(0, n % 10, (LINE * np.float32(1 + n),), PEN, 100.0) for n in range(count))
    with qtbot.waitSignal(shelf.changed):
        shelf.refresh()
    made = []
    shelf.make_exam(lambda samples, exam: made.append((samples, exam)))
    qtbot.waitUntil(lambda: bool(made))
    samples, exam = made[0]
    assert samples == shelf.samples
    np.testing.assert_array_equal(exam.images, store.images()[0])
    np.testing.assert_array_equal(exam.labels, store.images()[1])
