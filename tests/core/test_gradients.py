"""The norms of the blocks' gradients that a run keeps."""

import numpy as np
import pytest

from resnet_gui.core.gradients import MOST_ROWS, Gradients


def norms_of(first, count):
    """Of two blocks: each row says which step it is of."""
    steps = np.arange(first, first + count, dtype=np.float32)
    return np.stack([steps, steps / 2], axis=1)


def test_every_step_is_kept_while_there_are_few():
    kept = Gradients().extended(0, norms_of(0, 3)).extended(3, norms_of(3, 2))
    assert kept.norms.tolist() == norms_of(0, 5).tolist()
    assert kept.stride == 1
    assert kept.known


@pytest.mark.parametrize("chunk", [1, 7, 64, 5000])
def test_a_long_run_keeps_every_nth_step_and_few_rows(chunk):
    kept, steps = Gradients(), 5000
    for first in range(0, steps, chunk):
        kept = kept.extended(first, norms_of(first, min(chunk, steps - first)))
    assert kept.stride == 8
    assert MOST_ROWS / 2 < len(kept) <= MOST_ROWS
    np.testing.assert_array_equal(kept.norms, norms_of(0, steps)[::8])


def test_what_is_cut_is_recorded_again():
    whole = Gradients().extended(0, norms_of(0, 3000))
    again = whole.cut(1001).extended(1001, norms_of(1001, 1999))
    np.testing.assert_array_equal(again.norms, whole.norms)
    assert len(whole.cut(0)) == 0


def test_steps_before_the_recording_are_unknown():
    kept = Gradients().extended(10, norms_of(10, 2))
    assert np.isnan(kept.norms[:10]).all()
    assert kept.norms[10:].tolist() == norms_of(10, 2).tolist()
    assert len(Gradients().extended(10**6, norms_of(10**6, 5))) <= MOST_ROWS


def test_a_run_that_records_none_has_none():
    kept = Gradients().extended(0, np.zeros((0, 0), np.float32)).extended(0, np.zeros((4, 0), np.float32))
    assert len(kept) == 0
    assert not kept.known


@pytest.mark.parametrize(
    ("norms", "stride", "blocks", "steps"),
    [([1, 2, 3], 1, 2, 9), ([1, 2], 0, 2, 9), ([1, 2, 3], 2, 1, 4), ([1.0], 1, 0, 9), ([-1.0], 1, 1, 9)],
)
def test_rows_that_are_no_record_of_the_run_are_refused(norms, stride, blocks, steps):
    with pytest.raises(ValueError, match="norms"):
        Gradients.of(np.array(norms, np.float32), stride, blocks, steps)
