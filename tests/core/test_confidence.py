"""How far answers can be trusted: calibrated probabilities, and what a network is unsure of."""

import json
from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.confidence import (
    REFUSED,
    UNCALIBRATED,
    Confidence,
    expected_calibration_error,
    fit_confidence,
)


def answers(count, seed=0, sharpness=1.0):
    """Logits of a network that is right as often as its softmax says, made `sharpness` times as large; and labels."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1, (count, 10))
    logits[np.arange(count), np.arange(count) % 10] += 6
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in shares])
    return (sharpness * logits).astype(np.float32), labels


@pytest.fixture(scope="module")
def fitted():
    return fit_confidence(*answers(4000))


@pytest.mark.parametrize("sharpness", [0.3, 1.0, 4.0])
def test_the_temperature_undoes_what_makes_a_network_too_sure_or_not_sure_enough(sharpness):
    confidence = fit_confidence(*answers(4000, sharpness=sharpness))
    assert confidence.temperature == pytest.approx(sharpness, rel=0.1)
    logits, labels = answers(4000, seed=1, sharpness=sharpness)
    assert expected_calibration_error(confidence.probabilities(logits), labels) < 0.01


def test_a_temperature_never_changes_the_digit(fitted):
    logits, _ = answers(500, seed=2, sharpness=3)
    probabilities = replace(fitted, temperature=7.0).probabilities(logits)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), logits.argmax(axis=1))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_about_as_many_digits_are_refused_as_may_be(fitted):
    logits, _ = answers(20_000, seed=3)
    assert fitted.unsure(logits).mean() == pytest.approx(REFUSED, abs=0.006)


@pytest.mark.parametrize(
    ("logits", "why"),
    [
        (np.zeros(10), "as likely as the others"),
        (np.eye(10)[3] * 100, "far from every digit"),
        (np.eye(10)[3] * 6 - 50, "hardly any energy"),
        (np.eye(10)[3] * 6 + 50, "far from every digit"),
    ],
)
def test_answers_unlike_those_to_digits_are_unsure(fitted, logits, why):
    assert fitted.unsure(logits[None].astype(np.float32)) == [True], why


def test_a_clear_digit_is_sure(fitted):
    assert fitted.unsure(6 * np.eye(10, dtype=np.float32)).tolist() == [False] * 10


def test_without_a_fit_only_a_digit_that_is_less_likely_than_not_is_unsure():
    assert not UNCALIBRATED.fitted
    logits = np.log(np.array([[0.49] + [0.51 / 9] * 9, [0.52] + [0.48 / 9] * 9]))
    assert UNCALIBRATED.unsure(logits).tolist() == [True, False]
    np.testing.assert_allclose(UNCALIBRATED.probabilities(logits), np.exp(logits), rtol=1e-5)


def test_few_images_fit_nothing():
    logits, labels = answers(4000)
    assert fit_confidence(logits[:100], labels[:100]) is UNCALIBRATED
    assert fit_confidence(logits[labels != 3], labels[labels != 3]) is UNCALIBRATED
    assert fit_confidence(logits[:0], labels[:0]) is UNCALIBRATED


def test_five_images_of_a_digit_are_enough_wherever_they_are():
    logits, labels = answers(2000)
    three = np.flatnonzero(labels == 3)
    kept = np.sort(np.concatenate([np.flatnonzero(labels != 3), three[:5]]))
    assert fit_confidence(logits[kept], labels[kept]).fitted


def test_logits_that_are_no_numbers_fit_nothing():
    logits, labels = answers(300)
    logits[7, 3] = np.nan
    assert fit_confidence(logits, labels) is UNCALIBRATED


def test_a_network_that_always_says_the_same_is_unsure_of_everything():
    labels = np.arange(300) % 10
    confidence = fit_confidence(np.zeros((300, 10), np.float32), labels)
    assert confidence.unsure(np.zeros((3, 10), np.float32)).all()


def test_it_comes_back_from_json_as_it_was(fitted):
    assert Confidence.from_dict(json.loads(json.dumps(fitted.to_dict()))) == fitted


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0},
        {"temperature": float("nan")},
        {"temperature": None},
        {"farthest": float("inf")},
        {"weakest": 10**400},
        {"centres": []},
        {"centres": [[1.0] * 10] * 9},
        {"precision": [[float("nan")] * 10] * 10},
        {"precision": [[10**400] * 10] * 10},
        {"precision": "text"},
    ],
)
def test_broken_values_are_refused(fitted, change):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        Confidence.from_dict(fitted.to_dict() | change)


def test_the_calibration_error_is_the_gap_between_shares_and_right_answers():
    probabilities = np.full((10, 10), 0.2 / 9)
    probabilities[:, 4] = 0.8
    labels = np.array([4] * 6 + [5] * 4)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.2)
    sure = np.eye(10)[[1, 2]]  # probabilities of 1 belong into the last bin
    assert expected_calibration_error(sure, np.array([1, 2])) == 0
    assert expected_calibration_error(sure, np.array([1, 3])) == pytest.approx(0.5)
