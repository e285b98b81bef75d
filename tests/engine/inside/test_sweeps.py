"""Sweeps on small networks and images that are made here."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import LesionError
from resnet_gui.core.examination import Exam
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.sweep import SweepKind, SweepQuestion
from resnet_gui.engine.inside.chain import Chain
from resnet_gui.engine.inside.sweeps import answer, sweep
from resnet_gui.engine.inside.tally import BATCH, Tally, tally_of
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

RNG = np.random.default_rng(0)
EXAM = Exam("made here", RNG.integers(0, 256, (250, 28, 28)).astype(np.uint8), RNG.integers(0, 10, 250, np.uint8), 10)
SMALL = Architecture(blocks=3, width=4, batch_norm=True, stem_stride=2)


def whole(network, question, exam=EXAM):
    *_, (done, share) = sweep(network, question, exam)
    assert share == 1
    return done


@pytest.mark.parametrize("kind", SweepKind)
def test_sweeps_are_deterministic_and_follow_from_the_seed(kind):
    first = whole(Network(SMALL, seed=1), SweepQuestion(kind, 3, 7))
    assert whole(Network(SMALL, seed=1), SweepQuestion(kind, 3, 7)) == first
    assert first.images == len(EXAM.labels)


def test_each_point_of_a_sweep_is_the_error_of_its_lesion():
    network = Network(SMALL, seed=2)
    done = whole(network, SweepQuestion(images=100))
    assert [point.x for point in done.points] == [1, 2, 3]
    for point in done.points:
        ((_, logits),) = Chain(network).logits(EXAM.images[:100], [Lesion.none(3).with_alpha(point.x - 1, 0.0)])
        assert point.error == pytest.approx(np.mean(logits.argmax(axis=1) != EXAM.labels[:100]))


def test_a_sweep_grows_and_goes_on_where_it_was_left():
    network = Network(SMALL, seed=3)
    growing = sweep(network, SweepQuestion(), EXAM)
    shares = [next(growing)[1] for _ in range(6)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1] < 1
    growing.close()
    first, share = next(sweep(network, SweepQuestion(), EXAM))
    assert share > shares[-1]
    assert first.images >= BATCH
    whole(network, SweepQuestion())
    assert len(list(sweep(network, SweepQuestion(), EXAM))) == 1


def test_a_network_that_has_learned_is_counted_anew():
    network = Network(SMALL, seed=4)
    lesions = [Lesion.none(3)]
    tally = tally_of(network, lesions, EXAM)
    assert tally_of(network, lesions, EXAM) is tally
    network.trained.assign_add(np.full(network.trained.shape, 0.1, np.float32))
    assert tally_of(network, lesions, EXAM) is not tally


def test_values_that_are_not_numbers_are_no_right_answers():
    network = Network(SMALL, seed=5)
    network.trained.assign(np.full(network.trained.shape, np.nan, np.float32))
    nought = Exam("zeros", EXAM.images[:10], np.zeros(10, np.uint8), 10)
    tally = Tally(network, [Lesion.none(3)], nought)
    list(tally.grow(10))
    assert tally.scores[0].right == 0
    assert tally.scores[0].images == 10


def test_a_plain_network_keeps_the_blocks_that_change_the_shape():
    plain = Architecture(blocks=2, stages=2, width=4, shortcut="none", batch_norm=True, stem_stride=2)
    done = whole(Network(plain), SweepQuestion(images=50))
    assert [point.x for point in done.points] == [1, 2, 4]
    assert done.fixed == done.downsampling == (3,)


def test_what_cannot_be_swept_is_said():
    with pytest.raises(LesionError, match="no blocks"):
        next(sweep(Network(Architecture(blocks=0, width=4)), SweepQuestion(), EXAM))
    with pytest.raises(LesionError, match="alike"):
        next(sweep(Network(Architecture(blocks=1, width=4)), SweepQuestion(SweepKind.SHUFFLE), EXAM))


def test_the_answer_reads_the_test_images_of_the_chosen_file_and_leaves_lesions_aside(bars_folder):
    network = Network(SMALL)
    specimen = Specimen(network, Lesion.none(3).with_alpha(0, 0.0), data_file=bars_folder)
    *_, (done, _) = answer(specimen, EXAM.images[0], 0, SweepQuestion())
    assert done.images == 100
    assert str(bars_folder) in done.source
    *_, (other, _) = answer(Specimen(network, data_file=bars_folder), EXAM.images[0], 0, SweepQuestion())
    assert other == done
