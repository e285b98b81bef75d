"""Answers in words."""

import numpy as np

from resnet_gui.core.reading import Reading, percent


def reading(unsure, **shares):
    probabilities = np.zeros(10, np.float32)
    for digit, share in shares.items():
        probabilities[int(digit[1:])] = share
    return Reading("a", "net", np.zeros((28, 28), np.uint8), probabilities, unsure=unsure)


def test_a_sure_answer_names_the_digit():
    assert reading(False, d7=0.98, d1=0.02).in_words == "Reads 7 with 98 %"


def test_an_unsure_answer_names_the_two_best_guesses():
    doubt = reading(True, d8=0.38, d3=0.41, d2=0.21)
    assert doubt.in_words == "Unsure: perhaps 3 (41 %) or 8 (38 %)"
    assert doubt.guesses == (3, 8)


def test_a_guess_that_is_hardly_likely_is_none():
    assert reading(True, d3=0.495, d8=0.005).in_words == "Unsure: perhaps 3 (50 %)"


def test_an_answer_that_is_likely_and_unsure_says_why():
    doubt = reading(True, d3=0.995, d8=0.005)
    assert doubt.unlike
    assert doubt.in_words == "Unsure: unlike the digits that it learned, perhaps 3"
    assert not reading(False, d3=0.995).unlike


def test_of_equally_likely_digits_the_guess_is_the_verdict():
    doubt = reading(True, d2=0.5, d5=0.5)
    assert doubt.guesses == (doubt.digit, 5)


def test_percent_is_whole():
    assert [percent(share) for share in (0.0, 0.004, 0.978, 1.0)] == ["0 %", "0 %", "98 %", "100 %"]
