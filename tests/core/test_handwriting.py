"""Digits written by rule: what they are made of, that they come out the same again, and the file that is shipped."""

from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.handwriting import (
    ALLOGRAPHS,
    GREY_STEP,
    TEST_IMAGES,
    TRAINING_IMAGES,
    draw_digits,
    main,
    save_digits,
    write,
)
from resnet_gui.core.paths import assets_folder

MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def shipped() -> dict[str, np.ndarray]:
    with np.load(assets_folder() / "digits.npz", allow_pickle=False) as archive:
        return dict(archive)


def shapes(digit: int) -> list[list[np.ndarray]]:
    return [write(digit, np.random.default_rng(seed)) for seed in range(60)]


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_written_with_finite_points_about_one_high(digit: int) -> None:
    for strokes in shapes(digit):
        points = np.concatenate(strokes)
        assert all(stroke.dtype == np.float32 and stroke.ndim == 2 and stroke.shape[1] == 2 for stroke in strokes)
        assert all(len(stroke) > 1 for stroke in strokes)
        assert np.isfinite(points).all()
        assert 0.3 < np.ptp(points, axis=0).max() < 4


@pytest.mark.parametrize("digit", range(10))
def test_all_ways_to_write_a_digit_can_be_mixed(digit: int) -> None:
    assert len(ALLOGRAPHS[digit]) > 1
    for way in ALLOGRAPHS[digit]:
        outline = [corners.tolist() for corners in way.poses[0].corners]
        assert way.weight > 0
        for pose in way.poses:
            assert [len(stroke) for stroke in pose.strokes] == [len(corners) for corners in outline]
            assert [corners.tolist() for corners in pose.corners] == outline


@pytest.mark.parametrize("digit", [0, 1, 4, 5, 7, 8, 9])
def test_some_digits_are_written_in_one_stroke_and_in_two(digit: int) -> None:
    assert {len(strokes) for strokes in shapes(digit)} == {1, 2}


def test_the_same_seed_writes_the_same_strokes() -> None:
    first, again = (write(4, np.random.default_rng(7)) for _ in range(2))
    assert [stroke.tolist() for stroke in first] == [stroke.tolist() for stroke in again]


def test_different_seeds_write_differently() -> None:
    assert len({np.concatenate(strokes).tobytes() for strokes in shapes(8)}) == 60


@pytest.mark.parametrize("digit", [10, -1])
def test_only_digits_can_be_written(digit: int) -> None:
    with pytest.raises(ValueError, match=f"from 0 to 9; got {digit}"):
        write(digit, np.random.default_rng(0))


def test_a_sample_depends_on_its_number_alone() -> None:
    images, labels = draw_digits(0, 30)
    later_images, later_labels = draw_digits(17, 5)
    assert np.array_equal(images[17:22], later_images)
    assert np.array_equal(labels[17:22], later_labels)
    assert np.bincount(labels).tolist() == [3] * 10
    assert not np.array_equal(labels[:10], labels[10:20])


def test_the_shipped_digits_are_complete_balanced_and_small(shipped: dict[str, np.ndarray]) -> None:
    assert (assets_folder() / "digits.npz").stat().st_size <= MOST_BYTES
    assert set(shipped) == {"x_train", "y_train", "x_test", "y_test"}
    for part, count in (("train", TRAINING_IMAGES), ("test", TEST_IMAGES)):
        images, labels = shipped[f"x_{part}"], shipped[f"y_{part}"]
        assert images.dtype == labels.dtype == np.uint8
        assert images.shape == (count, 28, 28)
        assert np.bincount(labels).tolist() == [count // 10] * 10
        assert images.max(axis=(1, 2)).min() > 200


def test_the_shipped_digits_are_what_the_rules_write(shipped: dict[str, np.ndarray]) -> None:
    images = np.concatenate([shipped["x_train"], shipped["x_test"]])
    labels = np.concatenate([shipped["y_train"], shipped["y_test"]])
    numbers = np.random.default_rng(0).choice(len(images), 150, replace=False)
    for number in numbers:
        image, label = draw_digits(int(number), 1)
        assert label[0] == labels[number]
        # Another processor may add up in another order and tip a grey value that lies between two levels, but rarely.
        difference = np.abs(image[0].astype(int) - images[number])
        assert difference.max() <= GREY_STEP
        assert np.count_nonzero(difference) <= 1


def test_the_file_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    for name in ("first.npz", "again.npz"):
        save_digits(tmp_path / name, training=30, test=10)
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.npz", "first.npz"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name one .npz file to write, such as assets/digits.npz; got nothing."),
        (["a.npz", "b.npz"], "Name one .npz file to write, such as assets/digits.npz; got a.npz b.npz."),
        (["digits.txt"], "Name one .npz file to write, such as assets/digits.npz; got digits.txt."),
        (["nowhere/digits.npz"], "nowhere/digits.npz cannot be written (No such file or directory); "),
        (["folder.npz"], "folder.npz is a folder; name a file to write."),
    ],
)
def test_the_command_refuses_a_bad_target_with_a_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.npz").mkdir()
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(sentence)
    assert captured.err.count("\n") == 1
    assert not captured.out
    assert [path.name for path in tmp_path.iterdir()] == ["folder.npz"]
