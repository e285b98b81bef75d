"""Paths by length: exact binomials, what was measured, and what is said of it."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.paths import (
    EXPLAINED,
    Paths,
    coarse_to_fine,
    count_text,
    explained_paths,
    length_words,
    log_shares,
    measured_words,
    path_share,
    sampled_paths,
    share_text,
)


def paths(sums, counts=None, plain=False):
    counts = [1] * len(sums) if counts is None else counts
    return Paths(plain, 3, np.array(sums, float), np.array(counts))


def test_the_paths_of_54_blocks_are_distributed_as_in_the_paper():
    assert float(path_share(54, 19, 35)) == pytest.approx(0.980, abs=5e-4)
    assert 100 * float(path_share(54, 5, 17)) == pytest.approx(0.454, abs=5e-4)
    shares = np.exp(log_shares(54))
    assert shares.sum() == pytest.approx(1)
    assert (shares * np.arange(55)).sum() == pytest.approx(27)
    assert shares.argmax() == 27


def test_shares_of_a_thousand_blocks_are_still_numbers():
    assert np.isfinite(log_shares(1000)).all()
    assert path_share(1000, 0, 1000) == 1


def test_what_a_length_carries_is_its_number_times_its_norm():
    np.testing.assert_allclose(paths([8, 4, 2]).carried, np.array([8, 8, 2]) / 18)


def test_the_effective_range_is_the_shortest_that_carries_most():
    carried = paths([1000, 300, 1, 1, 1])
    assert carried.effective == (0, 1)
    assert carried.words.startswith(
        "Paths of lengths 0 to 1 carry 90 % of the gradient: they are 31.2 % of all 16 paths."
    )
    assert paths([0, 0, 1]).effective == (2, 2)


def test_norms_between_measured_lengths_are_interpolated_by_their_logarithm():
    np.testing.assert_allclose(paths([1, 0, 200], [1, 0, 2]).norms, [1, 10, 100])


def test_means_are_of_all_that_were_measured():
    np.testing.assert_allclose(paths([6, 2], [3, 1]).norms, [2, 2])


def test_a_plain_network_is_one_path():
    plain = paths([0] * 25, [0] * 25, plain=True)
    assert plain.effective == (24, 24)
    assert "one single path of length 24" in plain.words


def test_states_without_a_gradient_say_so():
    assert "without blocks" in paths([1]).words
    assert paths([0, 0], [0, 0]).words == "Measuring…"
    assert paths([0, 0]).words.startswith("No gradient arrives")
    assert "diverged" in paths([np.nan, 1]).words
    assert not paths([np.nan, 1]).finite


def test_few_paths_are_all_taken_and_many_are_sampled_the_same_each_time():
    np.testing.assert_array_equal(
        np.unique(sampled_paths(4, 2, 6), axis=0), np.unique(sampled_paths(4, 2, 100), axis=0)
    )
    assert len(sampled_paths(4, 2, 100)) == 6
    some = sampled_paths(54, 20, 24)
    assert some.shape == (24, 54)
    assert (some.sum(axis=1) == 20).all()
    np.testing.assert_array_equal(some, sampled_paths(54, 20, 24))
    assert len(np.unique(some, axis=0)) == 24


@pytest.mark.parametrize("count", [1, 2, 3, 10, 65])
def test_coarse_to_fine_names_each_place_once(count):
    order = coarse_to_fine(count)
    assert sorted(order) == list(range(count))
    assert order[: min(count, 2)] == [0, count - 1][: min(count, 2)]


def test_three_blocks_are_eight_paths_shortest_first():
    assert [sum(path) for path in explained_paths()] == [0, 1, 1, 1, 2, 2, 2, 3]
    assert len(set(explained_paths())) == 2**EXPLAINED


def test_a_length_is_told_in_words():
    words = length_words(paths([8, 4, 2]), 1)
    assert words == "Length 1: 2 paths, 50 % of all; each brings 4 of gradient, all together 44.4 % of it."
    assert length_words(paths([0, 0], [0, 0]), 0) == "Length 0: 1 path, 50 % of all."


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.00454, "0.45 %"), (0.5, "50 %"), (0.1234, "12.3 %"), (1e-9, "1.0e-07 %")],
)
def test_small_shares_keep_their_digits(share, text):
    assert share_text(share) == text


def test_numbers_of_paths():
    assert count_text(4) == "16"
    assert count_text(54) == "2^54"


def test_shortcuts_that_are_more_than_x_are_named():
    def said(shortcut, stages=1):
        return measured_words(make_blueprint(Architecture(blocks=1, stages=stages, width=4, shortcut=shortcut)))

    assert said("identity") == said("none", 2) == ""
    assert "1x1 convolution where the shape changes" in said("identity", 2)
    assert "subsampling" in said("A", 2)
    assert "1x1 convolution in every block" in said("projection")
    assert "gate" in said("exclusive-gating")
