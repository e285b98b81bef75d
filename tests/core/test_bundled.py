"""The bundled digits: that they are what the rules write, and the file that is shipped."""

from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.bundled import (
    FIRST_SCRIBBLE,
    GREY_STEP,
    SCRIBBLES,
    TEST_IMAGES,
    TRAINING_IMAGES,
    UNSEEN,
    draw_digits,
    main,
    save_digits,
    training_scribbles,
)
from resnet_gui.core.paths import assets_folder
from resnet_gui.core.scribbles import KINDS, draw_scribble

MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def shipped() -> dict[str, np.ndarray]:
    with np.load(assets_folder() / "digits.npz", allow_pickle=False) as archive:
        return dict(archive)


def test_a_sample_depends_on_its_number_alone() -> None:
    images, labels = draw_digits(0, 30)
    later_images, later_labels = draw_digits(17, 5)
    assert np.array_equal(images[17:22], later_images)
    assert np.array_equal(labels[17:22], later_labels)
    assert np.bincount(labels).tolist() == [3] * 10
    assert not np.array_equal(labels[:10], labels[10:20])


def test_the_shipped_digits_are_complete_balanced_and_small(shipped: dict[str, np.ndarray]) -> None:
    assert (assets_folder() / "digits.npz").stat().st_size <= MOST_BYTES
    assert set(shipped) == {"x_train", "y_train", "x_test", "y_test", "x_scribbles"}
    assert shipped["x_scribbles"].shape == (SCRIBBLES, 28, 28)
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


def test_scribbles_to_train_on_leave_out_some_kinds_and_all_low_numbers(shipped: dict[str, np.ndarray]) -> None:
    assert set(UNSEEN) < set(KINDS)
    drawn = [draw_scribble(FIRST_SCRIBBLE + number) for number in range(30)]
    expected = [image for image, kind in drawn if kind not in UNSEEN]
    assert len(expected) < 30
    for scribbles in (training_scribbles(10), shipped["x_scribbles"]):
        for image, wanted in zip(scribbles[:10], expected[:10], strict=True):
            assert np.abs(image.astype(int) - wanted).max() <= GREY_STEP


def test_the_file_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    for name in ("first.npz", "again.npz"):
        save_digits(tmp_path / name, training=30, test=10, scribbles=5)
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
