"""How far a network's answers can be trusted: probabilities that hold, and the drawings that it is unsure of.

Its logits are divided by a temperature, so that of the digits that it holds 90 % likely about 90 % are right (Guo,
Pleiss, Sun and Weinberger 2017). It is unsure of an image whose digit it holds less likely than not; of one with less
energy than almost all real digits have (the log of the sum of the logits' exponentials: Liu, Wang, Owens and Li 2020);
and of one whose logits lie farther from those of every digit than almost all real digits' do (the Mahalanobis distance
of Lee, Lee, Lee and Shin 2018, taken between logits). Energy finds scribbles if a network has learned from some,
distance if it has not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

CLASSES = 10
BINS = 15  # of equal width, for the expected calibration error; as in Guo et al.
LEAST_SHARE = 0.5  # a digit that is held less likely is no answer
REFUSED = 0.018  # share of the validation digits that it is unsure of, so that of other digits it is about 2 % or less
LEAST_IMAGES = 200  # that a confidence can be fitted on, and
LEAST_OF_A_DIGIT = 5  # of each digit
FOLDS = 4  # parts of the images, each measured by what the others say
TEMPERATURES = (0.05, 20.0)
RIDGE = 1e-3  # of the mean variance, added to each: logits of a network that has learned nothing hardly vary
DIGITS_KEPT = 6  # significant ones

Logits = NDArray[np.floating[Any]]  # shape (images, 10)


@dataclass(frozen=True)
class Confidence:
    """What a network's logits say. Without `centres` it was not fitted: then temperature 1 and LEAST_SHARE alone count.

    `centres` are the mean logits of the images of each digit, 10 x 10; `precision` is the inverse of the covariance of
    the logits about them, 10 x 10. Of an image that it is sure of, `farthest` is the largest squared distance to the
    nearest centre, and `weakest` the smallest energy.
    """

    temperature: float = 1.0
    centres: tuple[tuple[float, ...], ...] = ()
    precision: tuple[tuple[float, ...], ...] = ()
    farthest: float = 0.0
    weakest: float = 0.0

    @property
    def fitted(self) -> bool:
        """Whether it was fitted on images that the network has not learned from."""
        return bool(self.centres)

    def probabilities(self, logits: Logits) -> NDArray[np.float32]:
        """How likely each digit is, float32 (n, 10)."""
        return _softmax(logits.astype(np.float64) / self.temperature).astype(np.float32)

    def unsure(self, logits: Logits) -> NDArray[np.bool_]:
        """Of which images the network is unsure, (n,)."""
        doubtful: NDArray[np.bool_] = self.probabilities(logits).max(axis=1) < LEAST_SHARE
        if not self.fitted:
            return doubtful
        return doubtful | (_energy(logits) < self.weakest) | (_nearest(logits, *self._arrays) > self.farthest)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers, ready for JSON."""
        return {
            "temperature": self.temperature,
            "centres": [list(row) for row in self.centres],
            "precision": [list(row) for row in self.precision],
            "farthest": self.farthest,
            "weakest": self.weakest,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` gave.

        Raises KeyError, TypeError, ValueError or OverflowError for what makes no fitted confidence.
        """
        centres, precision = (_square(values[name]) for name in ("centres", "precision"))
        temperature, farthest, weakest = (float(values[name]) for name in ("temperature", "farthest", "weakest"))
        if not (TEMPERATURES[0] <= temperature <= TEMPERATURES[1] and np.isfinite([farthest, weakest]).all()):
            raise ValueError(f"numbers of a confidence are needed; got {temperature}, {farthest} and {weakest}")
        return cls(temperature, centres, precision, farthest, weakest)

    @cached_property
    def _arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.array(self.centres), np.array(self.precision)


UNCALIBRATED = Confidence()


def fit_confidence(given: Logits, labels: NDArray[np.integer[Any]]) -> Confidence:
    """Fitted on images that the network has not learned from: float (n, 10) and their digits (n,).

    Not fitted if there are too few of them, or if the logits are no numbers.
    """
    counts = np.bincount(labels, minlength=CLASSES)
    if len(labels) < LEAST_IMAGES or counts.min() < LEAST_OF_A_DIGIT or not np.isfinite(given).all():
        return UNCALIBRATED
    logits = given.astype(np.float64)
    temperature = _temperature(logits, labels)
    # The images that made centres and precision lie too near to them: each is measured by those of the other folds.
    fold = np.empty(len(labels), int)
    fold[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % FOLDS  # all digits in each
    distances = np.empty(len(labels))
    for number in range(FOLDS):
        rest = fold != number
        distances[~rest] = _nearest(logits[~rest], *_spread(logits[rest], labels[rest]))
    likely = _softmax(logits / temperature).max(axis=1) >= LEAST_SHARE
    farthest, weakest = _limits(distances, _energy(logits), likely)
    centres, precision = _spread(logits, labels)
    return Confidence(_short(temperature), _rows(centres), _rows(precision), _short(farthest), _short(weakest))


def expected_calibration_error(probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> float:
    """How far the probabilities, (n, 10), are from the shares of right answers, over BINS bins of equal width."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, sure - right, BINS)
    return float(np.abs(gaps).sum() / len(labels))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _temperature(logits: NDArray[np.float64], labels: NDArray[np.integer[Any]]) -> float:
    """The temperature with the smallest cross-entropy: there the mean logit of the right digits is the expected one.

    It is sought by halving, for the slope over 1 / temperature only grows.
    """
    right = logits[np.arange(len(labels)), labels].mean()
    low, high = np.log(TEMPERATURES)
    for _ in range(30):
        middle = (low + high) / 2
        expected = (_softmax(logits / np.exp(middle)) * logits).sum(axis=1).mean()
        low, high = (middle, high) if expected > right else (low, middle)
    return float(np.exp((low + high) / 2))


def _spread(
    logits: NDArray[np.float64], labels: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres and precision, both (10, 10)."""
    centres = np.array([logits[labels == digit].mean(axis=0) for digit in range(CLASSES)])
    apart = logits - centres[labels]
    covariance = apart.T @ apart / len(labels)
    ridge = max(RIDGE * np.trace(covariance) / CLASSES, np.finfo(np.float32).tiny)
    return centres, np.linalg.inv(covariance + ridge * np.eye(CLASSES))


def _nearest(logits: Logits, centres: NDArray[np.float64], precision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distance to the nearest centre, (n,)."""
    apart = logits[:, None] - centres
    distances: NDArray[np.float64] = ((apart @ precision) * apart).sum(axis=2).min(axis=1)
    return distances


def _energy(logits: Logits) -> NDArray[np.float64]:
    """The log of the sum of the exponentials, (n,)."""
    most = logits.max(axis=1)
    energy: NDArray[np.float64] = most + np.log(np.exp(logits - most[:, None]).sum(axis=1))
    return energy


def _limits(
    distances: NDArray[np.float64], energies: NDArray[np.float64], likely: NDArray[np.bool_]
) -> tuple[float, float]:
    """The largest distance and the smallest energy of which a network is sure.

    Both refuse as many of the images, and together with those that have no `likely` digit about REFUSED of them.
    """
    low, high = 0.0, REFUSED  # shares that each limit refuses
    for _ in range(20):
        share = (low + high) / 2
        farthest, weakest = np.quantile(distances, 1 - share), np.quantile(energies, share)
        refused = ~likely | (distances > farthest) | (energies < weakest)
        low, high = (share, high) if refused.mean() < REFUSED else (low, share)
    return float(farthest), float(weakest)


def _short(number: Any) -> float:
    return float(f"{number:.{DIGITS_KEPT}g}")


def _rows(matrix: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(_short(number) for number in row) for row in matrix)


def _square(rows: ArrayLike) -> tuple[tuple[float, ...], ...]:
    matrix = np.array(rows, np.float64)
    if matrix.shape != (CLASSES, CLASSES) or not np.isfinite(matrix).all():
        raise ValueError(f"{CLASSES} rows of {CLASSES} numbers each are needed")
    return tuple(tuple(float(number) for number in row) for row in matrix)
