"""What can be told from chance, against values that are counted or integrated here."""

import math

import numpy as np
import pytest

from resnet_gui.core.statistics import (
    Interval,
    Z,
    beta_share,
    compare_accuracies,
    compare_answers,
    compare_seeds,
    spread,
    t_p,
    t_quantile,
    wilson_interval,
)


def answers(both, only_first, only_second, neither):
    first = [True] * (both + only_first) + [False] * (only_second + neither)
    second = [True] * both + [False] * only_first + [True] * only_second + [False] * neither
    return np.array(first), np.array(second)


@pytest.mark.parametrize(("right", "images"), [(0, 10), (1, 10), (81, 263), (9950, 10_000), (7, 7)])
def test_wilson_interval_ends_where_the_score_test_just_rejects(right, images):
    accuracy = right / images
    interval = wilson_interval(accuracy, images)
    assert 0 <= interval.low <= accuracy <= interval.high <= 1
    for end in (interval.low, interval.high):
        # Wilson's definition: shares p with |accuracy - p| = z sqrt(p (1 - p) / n).
        assert abs(accuracy - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / images), abs=1e-9)


def test_wilson_interval_has_the_published_values():
    interval = wilson_interval(81 / 263, 263)  # Newcombe 1998, table I
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    nothing_wrong = wilson_interval(1.0, 10_000)
    assert nothing_wrong.low == pytest.approx(0.999616, abs=1e-6)
    assert nothing_wrong.high == 1.0


@pytest.mark.parametrize(("accuracy", "images"), [(1.1, 10), (-0.1, 10), (math.nan, 10), (0.5, 0)])
def test_what_is_no_accuracy_is_refused(accuracy, images):
    with pytest.raises(ValueError, match="An accuracy"):
        wilson_interval(accuracy, images)
    with pytest.raises(ValueError, match="An accuracy"):
        compare_accuracies(0.5, accuracy, images)


def test_spread_is_mean_and_sample_standard_deviation():
    some = spread([2.0, 4.0, 9.0])
    assert (some.mean, some.deviation, some.count) == (5.0, pytest.approx(math.sqrt(13)), 3)
    assert spread([3.0]).deviation is None
    with pytest.raises(ValueError, match="at least one"):
        spread([])


def test_close_accuracies_are_no_difference_and_it_is_said_what_would_be():
    told = compare_accuracies(0.9955, 0.9950, 10_000)
    assert not told.shown
    assert told.p == pytest.approx(math.erfc(0.0005 / math.sqrt(2 * 0.99525 * 0.00475 / 10_000) / math.sqrt(2)))
    assert told.needed == pytest.approx(0.002, abs=0.0003)
    assert told.sentence == "No difference that 10,000 test images could show (0.05 points; about 0.21 would count)."


def test_the_smallest_difference_that_counts_is_just_that():
    told = compare_accuracies(0.995, 0.995, 10_000)
    assert told.p == 1
    assert compare_accuracies(0.995, 0.995 - told.needed, 10_000).shown
    assert not compare_accuracies(0.995, 0.995 - told.needed + 1e-4, 10_000).shown


def test_the_better_one_is_named_with_points_and_interval():
    told = compare_accuracies(0.97, 0.982, 10_000, ("plain", "identity"))
    assert told.shown
    assert told.difference == pytest.approx(-0.012)
    assert told.sentence == "identity is better by 1.2 points (95 %: 0.8 to 1.6)."
    mirrored = compare_accuracies(0.982, 0.97, 10_000, ("identity", "plain"))
    assert mirrored.sentence == told.sentence
    assert (mirrored.p, mirrored.interval.low) == pytest.approx((told.p, -told.interval.high))


def test_newcombes_interval_has_the_published_values():
    interval = compare_accuracies(0.56, 0.48, 100).interval
    a, b = wilson_interval(0.56, 100), wilson_interval(0.48, 100)
    assert interval.low == pytest.approx(0.08 - math.sqrt((0.56 - a.low) ** 2 + (b.high - 0.48) ** 2))
    ends = compare_accuracies(1.0, 0.0, 10).interval  # Newcombe 1998, table II, case (g): 10/10 against 0/10
    assert (ends.low, ends.high) == pytest.approx((0.6075, 1.0), abs=1e-4)


def test_perfect_and_few_answers_have_a_sentence():
    assert compare_accuracies(1.0, 1.0, 10_000).sentence.endswith("(0.00 points; about 0.05 would count).")
    assert compare_accuracies(1.0, 0.0, 1).sentence == (
        "No difference that 1 test image could show (100.0 points; so few can show none)."
    )


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 0), (1, 0), (5, 0), (6, 0), (3, 9), (10, 10), (2, 17)])
def test_paired_test_counts_coins(only_first, only_second):
    tosses = only_first + only_second
    likely = [math.comb(tosses, k) / 2**tosses for k in range(tosses + 1)]
    extreme = abs(only_first - only_second)
    expected = sum(p for k, p in enumerate(likely) if abs(2 * k - tosses) >= extreme)
    told = compare_answers(*answers(50, only_first, only_second, 10))
    assert told.p == pytest.approx(min(1.0, expected))
    assert told.difference == (only_first - only_second) / (60 + tosses)
    assert told.shown is (told.p < 0.05)


def test_paired_test_sees_what_the_unpaired_one_cannot():
    first, second = answers(9900, 30, 8, 62)
    paired = compare_answers(first, second)
    assert paired.shown
    assert not compare_accuracies(first.mean(), second.mean(), first.size).shown
    assert paired.sentence == "A is better by 0.22 points (95 %: 0.10 to 0.34)."


def test_paired_test_copes_with_thousands_of_disagreements():
    told = compare_answers(*answers(0, 5100, 4900, 0))
    z = (5100 - 4900 - 1) / math.sqrt(10_000)
    assert told.p == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-3)


def test_paired_test_says_what_would_count():
    none = compare_answers(*answers(990, 0, 0, 10))
    assert none.needed == 6 / 1000  # 2 / 2**6 < 0.05 < 2 / 2**5
    few = compare_answers(*answers(980, 7, 3, 10))
    assert few.needed == 8 / 1000  # 9 to 1: p 0.021; 8 to 2: 0.109
    assert few.sentence == "No difference that 1,000 test images could show (0.40 points; about 0.8 would count)."


def test_answers_to_other_images_are_refused():
    for second in (np.ones(4, bool), np.ones((3, 1), bool)):
        with pytest.raises(ValueError, match="answer for each image"):
            compare_answers(np.ones(3, bool), second)
    with pytest.raises(ValueError, match="answer for each image"):
        compare_answers([], [])


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5, 12.7, 1000.0])
def test_students_t_has_its_closed_forms(t):
    assert t_p(t, 1) == pytest.approx(1 - 2 / math.pi * math.atan(t), rel=1e-9, abs=1e-12)
    assert t_p(t, 2) == pytest.approx(1 - t / math.sqrt(2 + t * t), rel=1e-6, abs=1e-12)
    assert t_p(-t, 2) == t_p(t, 2)
    assert t_p(t, 1e9) == pytest.approx(math.erfc(t / math.sqrt(2)), abs=1e-6)


@pytest.mark.parametrize("freedom", [1.0, 2.7, 5.31, 40.0])
def test_students_t_is_the_integral_of_its_density(freedom):
    norm = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    x = np.linspace(-1.8, 1.8, 200_001)
    inside = np.trapezoid(norm * (1 + x * x / freedom) ** (-(freedom + 1) / 2), x)
    assert t_p(1.8, freedom) == pytest.approx(1 - inside, abs=1e-9)


@pytest.mark.parametrize(("freedom", "expected"), [(1, 12.706), (2, 4.303), (4, 2.776), (10, 2.228), (30, 2.042)])
def test_quantiles_are_those_of_the_tables(freedom, expected):
    assert t_quantile(freedom) == pytest.approx(expected, abs=5e-4)


def test_beta_share_is_a_sum_of_binomials_for_whole_numbers():
    for x in (0.0, 0.05, 0.4, 0.97, 1.0):
        for a, b in ((1, 1), (2, 5), (9, 3)):
            n = a + b - 1
            expected = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
            assert beta_share(x, a, b) == pytest.approx(expected, abs=1e-12)


def test_welch_compares_groups_of_seeds():
    first, second = [0.98, 0.982, 0.984], [0.970, 0.974]
    told = compare_seeds(first, second)
    va, vb = np.var(first, ddof=1) / 3, np.var(second, ddof=1) / 2
    freedom = (va + vb) ** 2 / (va**2 / 2 + vb**2 / 1)
    t = (np.mean(first) - np.mean(second)) / math.sqrt(va + vb)
    assert told.p == pytest.approx(t_p(t, freedom))
    half = t_quantile(freedom) * math.sqrt(va + vb)
    assert (told.interval.low, told.interval.high) == pytest.approx((0.01 - half, 0.01 + half))
    assert told.shown is (told.p < 0.05)


def test_seeds_that_overlap_are_no_difference():
    told = compare_seeds([0.98, 0.99, 0.985], [0.982, 0.988, 0.986, 0.979])
    assert not told.shown
    assert told.sentence.startswith("No difference that 3 and 4 seeds could show (0.12 points; about ")


def test_seeds_without_spread_differ_if_their_means_do():
    same = compare_seeds([0.9, 0.9], [0.9, 0.9, 0.9])
    assert (same.p, same.shown, same.interval) == (1.0, False, Interval(0.0, 0.0))
    other = compare_seeds([0.9, 0.9], [0.8, 0.8])
    assert other.shown
    assert other.sentence == "A is better by 10.0 points (95 %: 10.0 to 10.0)."
    assert compare_seeds([0.0, 0.0], [0.0, 0.0]).p == 1.0


def test_one_seed_is_no_group():
    with pytest.raises(ValueError, match="at least two seeds; got 1 and 3"):
        compare_seeds([0.9], [0.9, 0.8, 0.7])
