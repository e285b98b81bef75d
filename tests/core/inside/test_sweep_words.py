"""What is said of a sweep."""

from dataclasses import replace

import pytest

from resnet_gui.core.inside.sweep import Point, Score, Sweep, SweepKind
from resnet_gui.core.inside.sweep_words import (
    AXES,
    Outcome,
    fixed_words,
    guess_question,
    guess_words,
    images_words,
    outcome_of,
    places_of,
    point_words,
    sweep_sentence,
)


def sweep(kind, errors, downsampling=(), fixed=(), first=1):
    points = [Point(x, tuple(Score(1000 - wrong, 1000) for wrong in draws)) for x, draws in enumerate(errors, first)]
    return Sweep(kind, "MNIST, from there", Score(980, 1000), tuple(points), len(points), downsampling, fixed)


def test_every_kind_of_sweep_has_its_words():
    assert set(AXES) == set(SweepKind)
    assert guess_question("ResNet-20", SweepKind.EACH) == "What becomes of ResNet-20 without one block?"


@pytest.mark.parametrize(
    ("wrong", "outcome"), [(20, Outcome.HARDLY), (60, Outcome.HARDLY), (300, Outcome.WORSE), (880, Outcome.GUESSING)]
)
def test_the_outcome_is_told_by_the_error_that_comes_on_top(wrong, outcome):
    assert outcome_of(sweep(SweepKind.EACH, [[wrong]])) is outcome


def test_a_network_that_guessed_before_hardly_changes():
    hopeless = Sweep(SweepKind.EACH, "", Score(100, 1000), (Point(1, (Score(90, 1000),)),), 1)
    assert outcome_of(hopeless) is Outcome.HARDLY


def test_the_guess_stands_beside_what_was_measured():
    mild = sweep(SweepKind.EACH, [[30]])
    assert guess_words("A", Outcome.HARDLY, mild) == "A hardly changes: as you guessed."
    assert guess_words("A", Outcome.GUESSING, mild) == "A hardly changes: you guessed that it falls to guessing."
    assert "you guessed" in guess_words("A", Outcome.WORSE, sweep(SweepKind.EACH, []))


def test_the_sentence_tells_average_and_the_block_that_downsamples():
    said = sweep_sentence("A", sweep(SweepKind.EACH, [[30], [50], [900]], downsampling=(3,)))
    assert said == (
        "A without one block: 4.0 % error on average, 2.0 points more than whole; "
        "without block 3, which changes the shape, 90.0 %."
    )
    assert sweep_sentence("A", replace(sweep(SweepKind.RANDOM, [[10], [800]]), half=1)) == (
        "A without half of the blocks: 1.0 % error, 1.0 points less than whole."
    )
    assert sweep_sentence("A", sweep(SweepKind.EACH, [])) == ""


def test_where_blocks_are_counted_the_whole_network_stands_at_nought():
    assert [place.x for place in places_of(sweep(SweepKind.EACH, [[1], [2]], downsampling=(2,)))] == [1, 2]
    assert [place.hollow for place in places_of(sweep(SweepKind.EACH, [[1], [2]], downsampling=(2,)))] == [False, True]
    places = places_of(sweep(SweepKind.RANDOM, [[20], [40, 60]], first=0))
    assert [(place.x, place.error) for place in places] == [(0, pytest.approx(0.02)), (1, pytest.approx(0.05))]


def test_a_mark_is_told_in_words():
    each = sweep(SweepKind.EACH, [[100]], downsampling=(1,))
    said = "without block 1, which changes the shape: 10.0 % error (95 %: 8.3 to 12.0 %)"
    assert point_words(each, places_of(each)[0]) == said
    several = sweep(SweepKind.SHUFFLE, [[0], [100, 200], [5]], first=0)
    places = places_of(several)
    assert point_words(several, places[0]).startswith("as it was trained: 2.0 % error")
    assert point_words(several, places[1]) == "with 1 pair exchanged: 15.0 % error (2 draws: 10.0 to 20.0 %)"
    removed = sweep(SweepKind.RANDOM, [[0], [1], [2]], first=0)
    assert point_words(removed, places_of(removed)[2]).startswith("without 2 blocks: ")


def test_kept_blocks_and_images_are_told():
    plain = sweep(SweepKind.EACH, [[1]], downsampling=(2,), fixed=(2,))
    assert fixed_words("plain-10", plain).startswith("plain-10 keeps block 2: ")
    assert fixed_words("A", sweep(SweepKind.EACH, [[1]])) == ""
    assert images_words(plain).startswith("1,000 test images each (MNIST); bars: 95 % interval")
    assert "hollow" in images_words(plain)
    assert "draws" in images_words(sweep(SweepKind.RANDOM, [[1]]))
