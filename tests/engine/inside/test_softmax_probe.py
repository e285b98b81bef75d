"""The linear probe finds what is linearly there, and nothing else."""

import numpy as np
import pytest

from resnet_gui.engine.inside.softmax_probe import RIDGE, fit_probe

RNG = np.random.default_rng(0)
LABELS = (np.arange(400) % 10).astype(np.uint8)


def test_what_can_be_told_apart_is():
    features = (np.eye(10)[LABELS] * 4 + RNG.normal(size=(400, 10))).astype(np.float32)
    probe = fit_probe(features[:300], LABELS[:300])
    shares = probe.probabilities(features[300:])
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares.argmax(axis=1) == LABELS[300:]).mean() > 0.9


def test_noise_says_nothing():
    features = RNG.normal(size=(400, 5)).astype(np.float32)
    probe = fit_probe(features[:300], LABELS[:300])
    assert (probe.probabilities(features[300:]).argmax(axis=1) == LABELS[300:]).mean() < 0.3


def test_it_ends_where_the_slope_is_flat():
    features = (np.eye(10)[LABELS] + RNG.normal(size=(400, 10))).astype(np.float32)
    probe = fit_probe(features, LABELS)
    x = (features - probe.mean) / probe.scale
    slope = x.T @ (np.eye(10)[LABELS] - probe.probabilities(features)) / 400 - RIDGE * probe.weights[:-1]
    assert np.abs(slope).max() < 1e-3


@pytest.mark.parametrize("constant", [0.0, 1e-20, 7.0])
def test_features_that_never_change_do_no_harm(constant):
    features = np.full((400, 3), constant, np.float32)
    shares = fit_probe(features, LABELS).probabilities(features[:1])
    np.testing.assert_allclose(shares, 0.1, atol=1e-3)
