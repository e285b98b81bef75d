import numpy as np
import pytest

from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.history import FIRST_CAPACITY, Curve, History, smoothed


def test_curve_keeps_everything_it_was_given():
    curve, expected = Curve(), []
    for length in (1, 0, 7, FIRST_CAPACITY, 3, 5 * FIRST_CAPACITY):
        values = np.arange(len(expected), len(expected) + length, dtype=np.float32)
        curve.extend(values)
        expected.extend(values)
    np.testing.assert_array_equal(curve.values, expected)
    assert len(curve) == len(expected)


def test_a_view_taken_earlier_stays_true_and_cannot_be_written():
    curve = Curve()
    curve.extend(np.ones(10, np.float32))
    view = curve.values
    curve.extend(np.zeros(10 * FIRST_CAPACITY, np.float32))
    assert view.tolist() == [1.0] * 10
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2


def test_a_curve_begins_with_what_is_given_and_leaves_that_alone():
    given = np.ones(10, np.float32)
    given.flags.writeable = False
    curve = Curve(given)
    curve.extend(np.zeros(0, np.float32))
    curve.extend(np.zeros(2, np.float32))
    assert curve.values.tolist() == [1.0] * 10 + [0.0] * 2
    assert given.tolist() == [1.0] * 10
    with pytest.raises(ValueError, match="shape"):
        Curve(np.ones((2, 2), np.float32))


def test_history_marks_only_validated_epochs():
    history = History()
    history.extend(StepsEnded("r", 0, np.ones(4, np.float32), np.zeros(4, np.float32), 1.0, 1.0))
    history.end_epoch(EpochEnded("r", 0, 4, None, None))
    assert history.best_accuracy is None
    history.end_epoch(EpochEnded("r", 1, 8, 0.5, 0.75))
    history.end_epoch(EpochEnded("r", 2, 12, 0.6, 0.5))
    assert history.validation == ([8, 12], [0.5, 0.6], [0.75, 0.5])
    assert history.best_accuracy == 0.75


@pytest.mark.parametrize("length", [0, 1, 24, 25, 26, 1000])
def test_smoothing_is_the_mean_of_the_last_steps(length):
    values = np.random.default_rng(0).normal(size=length).astype(np.float32)
    expected = [values[max(0, i - 24) : i + 1].mean() for i in range(length)]
    np.testing.assert_allclose(smoothed(values, 25), expected, atol=1e-6)
    np.testing.assert_allclose(smoothed(values, 25, slice(3, None, 4)), expected[3::4], atol=1e-6)


def test_smoothing_leaves_out_what_is_not_finite():
    values = np.array([np.nan, 1e30, 1, 3, np.inf, 5], np.float32)
    assert np.isnan(smoothed(values, 2)[0])
    np.testing.assert_allclose(smoothed(values, 2)[2:], [5e29, 2, 3, 5])


def steps(first, losses, seconds):
    loss = np.array(losses, np.float32)
    return StepsEnded("a", first, loss, loss / 10, 50.0, 1.0, seconds)


def test_a_chunk_s_time_is_spread_over_its_steps():
    history = History()
    history.extend(steps(0, [3, 2], 1.0))
    history.extend(steps(2, [1, 1, 1, 1], 3.0))
    np.testing.assert_allclose(history.seconds.values, [0.5, 1.0, 1.5, 2.0, 2.5, 3.0])


def test_rewinding_forgets_what_came_after():
    history = History()
    history.extend(steps(0, [4, 3, 2, 1], 4.0))
    history.end_epoch(EpochEnded("a", 0, 2, 0.5, 0.5))
    history.end_epoch(EpochEnded("a", 1, 4, 0.4, 0.6))
    before = history.loss.values
    history.rewind(3, 1)
    history.extend(steps(3, [9], 5.0))
    assert history.loss.values.tolist() == [4, 3, 2, 9]
    assert before.tolist() == [4, 3, 2, 1]  # whoever still draws the old curve sees the old curve
    np.testing.assert_allclose(history.seconds.values, [1, 2, 3, 5])
    assert [epoch.epoch for epoch in history.epochs] == [0]


def test_gradients_grow_and_are_rewound_with_the_steps():
    history, figures = History(), np.ones(4, np.float32)
    history.extend(StepsEnded("a", 0, figures, figures, 1.0, 1.0, gradients=np.ones((4, 3), np.float32)))
    history.extend(StepsEnded("a", 4, figures, figures, 1.0, 1.0, gradients=np.full((4, 3), 2, np.float32)))
    assert history.gradients.norms[:, 0].tolist() == [1] * 4 + [2] * 4
    history.rewind(5, 0)
    assert history.gradients.norms.shape == (5, 3)
