"""How a verdict comes about from depth to depth, in words."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.inside.depth_reading import (
    Accuracies,
    DepthReading,
    depth_name,
    depth_words,
    settled_at,
    stages_of,
    stopping_words,
    sure_at,
    verdict_words,
)

TWO_STAGES = make_blueprint(Architecture(blocks=2, stages=2, width=4))


def rows(*said):
    """Probabilities: a digit and its share for each depth."""
    made = np.zeros((len(said), 10), np.float32)
    for row, (digit, share) in zip(made, said, strict=True):
        row[:] = (1 - share) / 9
        row[digit] = share
    return made


def test_where_a_verdict_settles_and_becomes_sure():
    path = rows((6, 0.3), (3, 0.5), (8, 0.4), (3, 0.6), (3, 0.95))
    assert settled_at(path) == 3
    assert sure_at(path) == 4
    assert verdict_words(path) == (
        "It begins with 6, changes its mind 3 times, says 3 from block 3 of 4 on, and is sure (90 % or more) after the "
        "last block."
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (((3, 0.95), (3, 0.99)), "It says 3 from the stem on, with 90 % or more at once."),
        (((3, 0.5), (3, 0.6)), "It says 3 from the stem on, but is never sure: 60 % at the end."),
        (((3, 0.97),), "It says 3 with 97 % right behind the stem."),
        (
            ((1, 0.9), (3, 0.99), (3, 0.99)),
            "It begins with 1, changes its mind once, says 3 from block 1 of 2 on, with 90 % or more at once.",
        ),
    ],
)
def test_a_verdict_in_words(path, words):
    assert verdict_words(rows(*path)) == words


def test_nothing_is_said_before_all_probes_are_fitted():
    path = rows((3, 0.5), (3, 0.6))
    path[1] = np.nan
    assert verdict_words(path) == ""


def test_depths_are_called_by_their_blocks():
    assert depth_name(TWO_STAGES, 0) == "the stem"
    assert depth_name(TWO_STAGES, 3) == "block 3 of 4 (block 1 of stage 2)"
    assert depth_name(make_blueprint(Architecture(blocks=3, width=4)), 3) == "block 3 of 3"
    assert stages_of(TWO_STAGES) == (3,)


def test_one_depth_in_words():
    stopped = rows(*[(3, 0.73)] * 5)
    unknown = np.full((5, 10), np.nan, np.float32)
    reading = DepthReading(stopped, unknown)
    assert depth_words(reading, TWO_STAGES, 0, False) == "After the stem: 3 with 73 %, then 0 with 3 %."
    assert depth_words(reading, TWO_STAGES, 0, True) == "After the stem: the probe is not fitted yet."
    shares = np.full(5, 0.5, np.float32)
    known = DepthReading(stopped, unknown, Accuracies(shares, shares, "images"))
    assert depth_words(known, TWO_STAGES, 1, False).endswith("; of images 50 % are read right here.")


def test_a_network_that_diverged_is_told():
    assert not DepthReading(np.full((2, 10), np.nan, np.float32), np.zeros((2, 10), np.float32)).finite


def test_what_stopping_means():
    def said(**settings):
        return stopping_words(make_blueprint(Architecture(**{"width": 4, **settings})))

    assert "shortcuts stay" in said()
    assert said(shortcut="none") == "To stop a plain network, later blocks are left out."
    assert "still run" in said(shortcut="none", stages=2)
    assert "no blocks" in said(blocks=0)
