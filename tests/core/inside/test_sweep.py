"""Which lesions a sweep tries, and what is made of its scores."""

from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import LesionError
from resnet_gui.core.inside.lesion import Lesion, check_lesion
from resnet_gui.core.inside.sweep import (
    MOST_STEPS,
    Point,
    Score,
    Step,
    Sweep,
    SweepKind,
    SweepQuestion,
    half_of,
    kendall_tau,
    numbers,
    sweep_steps,
)

SMALL = make_blueprint(Architecture(blocks=3, stages=2, width=4))
PLAIN = make_blueprint(Architecture(blocks=3, stages=2, width=4, shortcut="none"))


def made(kind, errors, downsampling=(), images=100):
    points = tuple(
        Point(x, tuple(Score(images - wrong, images) for wrong in draws)) for x, draws in enumerate(errors, start=1)
    )
    return Sweep(kind, "made here", Score(98, 100), points, len(points), downsampling)


def test_each_block_is_removed_alone():
    steps = sweep_steps(SweepQuestion(), SMALL)
    assert [step.x for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [step.lesions[0].alphas.index(0.0) for step in steps] == [0, 1, 2, 3, 4, 5]
    assert all(sum(step.lesions[0].alphas) == 5 for step in steps)


def test_blocks_that_a_plain_network_cannot_lose_are_left_out():
    assert [step.x for step in sweep_steps(SweepQuestion(), PLAIN)] == [1, 2, 3, 5, 6]
    for step in sweep_steps(SweepQuestion(SweepKind.RANDOM), PLAIN):
        for lesion in step.lesions:
            check_lesion(lesion, PLAIN)
    none = make_blueprint(Architecture(blocks=1, stages=1, width=4, block="bottleneck", shortcut="none"))
    with pytest.raises(LesionError, match="No block of plain-5 can be removed"):
        sweep_steps(SweepQuestion(), none)


def test_ever_more_random_blocks_are_removed_and_draws_that_are_the_same_are_one():
    steps = sweep_steps(SweepQuestion(SweepKind.RANDOM, draws=4), SMALL)
    assert [step.x for step in steps] == [0, 1, 2, 3, 4, 5, 6]
    for step in steps:
        assert {lesion.alphas.count(0.0) for lesion in step.lesions} == {step.x}
        assert len(set(step.lesions)) == len(step.lesions) <= 4
    assert len(steps[-1].lesions) == 1


def test_exchanged_pairs_are_alike_and_have_no_block_in_common():
    steps = sweep_steps(SweepQuestion(SweepKind.SHUFFLE), SMALL)
    assert [step.x for step in steps] == [0, 1, 2]  # one of the three in stage 1, one of the two others in stage 2
    for step in steps:
        for lesion in step.lesions:
            check_lesion(lesion, SMALL)
            assert sum(place != index for place, index in enumerate(lesion.order)) == 2 * step.x


def test_the_seed_decides_what_is_drawn():
    question = SweepQuestion(SweepKind.RANDOM, seed=1)
    assert sweep_steps(question, SMALL) == sweep_steps(question, SMALL)
    assert sweep_steps(question, SMALL) != sweep_steps(SweepQuestion(SweepKind.RANDOM, seed=2), SMALL)


def test_deep_networks_are_swept_in_few_steps():
    assert numbers(3) == (1, 2, 3)
    assert len(numbers(200)) == MOST_STEPS
    assert numbers(200)[0] == 1
    assert numbers(200)[-1] == 200


@pytest.mark.parametrize("draws", [0, -1, 51])
def test_a_number_of_draws_that_makes_no_sense_is_refused(draws):
    with pytest.raises(LesionError, match="draws"):
        sweep_steps(SweepQuestion(SweepKind.RANDOM, draws), SMALL)


def test_kendalls_tau_is_one_for_the_same_order_and_minus_one_for_the_reverse():
    assert kendall_tau((0, 1, 2, 3)) == 1
    assert kendall_tau((3, 2, 1, 0)) == -1
    assert kendall_tau((1, 0, 2)) == pytest.approx(1 / 3)
    assert kendall_tau(()) == 1


def test_the_typical_error_leaves_blocks_out_that_change_the_shape():
    assert made(SweepKind.EACH, [[4], [6], [90]], downsampling=(3,)).typical == pytest.approx(0.05)
    assert made(SweepKind.EACH, [[90]], downsampling=(1,)).typical == pytest.approx(0.9)
    assert made(SweepKind.EACH, []).typical is None


def test_the_typical_error_of_many_is_that_with_half_of_them():
    whole = replace(made(SweepKind.RANDOM, [[10], [20, 40], [50], [80]]), half=2)
    assert whole.typical == pytest.approx(0.3)
    assert replace(whole, points=whole.points[:1]).typical is None  # it has not come so far
    assert made(SweepKind.SHUFFLE, [[10, 30]]).typical is None  # one pair is all, not half


def test_half_is_the_middle_one_of_what_is_touched():
    intact = Lesion.none(4)
    assert half_of([Step(x, (intact,)) for x in range(6)]) == 3
    assert half_of([Step(x, (intact,)) for x in (0, 1, 2)]) == 1
    assert half_of([Step(0, (intact,)), Step(1, (intact,))]) is None


def test_a_point_has_the_uncertainty_of_its_images_or_the_range_of_its_draws():
    (single,) = made(SweepKind.EACH, [[10]]).points
    assert single.interval == Score(90, 100).interval
    assert single.interval.low < 0.1 < single.interval.high
    (several,) = made(SweepKind.RANDOM, [[10, 30, 20]]).points
    assert (several.interval.low, several.error, several.interval.high) == pytest.approx((0.1, 0.2, 0.3))
