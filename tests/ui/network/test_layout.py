"""Where things stand, without a window."""

from dataclasses import replace
from itertools import pairwise

import pytest

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.ui.network.layout import BLOCK, FOLD, HEAD, STEM, lay_out
from resnet_gui.ui.network.plan import make_plan

DEEP = Architecture(200, 5, 16, batch_norm=True, order="full-pre-activation")


def kinds(diagram, row=0, stage=1):
    return [(item.kind, item.first, item.last) for item in diagram.rows[row] if item.stage == stage]


def test_few_blocks_are_all_shown():
    diagram = lay_out((make_plan(Architecture(3, 1)),))
    assert [item.kind for item in diagram.rows[0]] == [STEM, BLOCK, BLOCK, BLOCK, HEAD]
    assert not diagram.folded


def test_runs_of_equal_blocks_are_folded_between_their_first_and_last():
    diagram = lay_out((make_plan(Architecture(54, 2)),))
    assert kinds(diagram) == [(BLOCK, 1, 1), (FOLD, 2, 53), (BLOCK, 54, 54)]
    # The first block of a further stage changes the shape, so that it is no equal of the others.
    assert kinds(diagram, stage=2) == [(BLOCK, 1, 1), (BLOCK, 2, 2), (FOLD, 3, 53), (BLOCK, 54, 54)]


def test_a_first_block_that_is_activated_already_is_no_equal_of_the_others():
    diagram = lay_out((make_plan(DEEP),))
    assert kinds(diagram) == [(BLOCK, 1, 1), (BLOCK, 2, 2), (FOLD, 3, 199), (BLOCK, 200, 200)]


def test_unfolding_shows_every_block_of_a_stage():
    diagram = lay_out((make_plan(DEEP),), frozenset({2}))
    assert len(kinds(diagram, stage=2)) == 200
    assert len(kinds(diagram, stage=3)) == 4


@pytest.mark.parametrize("blocks", [0, 1, 2, 5, 200])
@pytest.mark.parametrize("block", Block)
def test_nothing_overlaps_and_stages_hold_their_blocks(block, blocks):
    for shortcut in Shortcut:
        for order in Order:
            try:
                plan = make_plan(Architecture(blocks, 3, 16, shortcut, True, order=order, block=block))
            except ArchitectureError:
                continue
            diagram = lay_out((plan,))
            items = diagram.rows[0]
            assert all(one.end <= next_one.x + 1e-9 for one, next_one in pairwise(items))
            for stage in diagram.stages:
                inside = [item for item in items if item.stage == stage.number]
                assert all(stage.x < item.x and item.end < stage.x + stage.width for item in inside)


def test_lower_resolution_is_lower_and_more_channels_are_wider():
    plan = make_plan(Architecture(2, 4, 16))
    figures = {item.stage: item.figure for item in lay_out((plan,)).rows[0] if item.kind == BLOCK}
    heights = [figures[stage].height for stage in (1, 2, 3, 4)]
    assert heights == sorted(heights, reverse=True)
    assert figures[4].width > figures[1].width


def test_compared_stages_stand_in_the_same_columns():
    plans = make_plan(Architecture(9, 3, 16)), make_plan(Architecture(2, 2, 16, "none"))
    diagram = lay_out(plans)
    places = {}
    for stage in diagram.stages:
        places.setdefault(stage.number, []).append((stage.x, stage.width))
    assert [len(set(there)) for there in places.values()] == [1, 1, 1]
    assert [len(there) for there in places.values()] == [2, 2, 1]


def test_a_fold_never_mixes_blocks_that_the_other_network_lacks():
    diagram = lay_out((make_plan(Architecture(54, 1)), make_plan(Architecture(20, 1))))
    assert kinds(diagram) == [
        (BLOCK, 1, 1),
        (BLOCK, 2, 2),
        (FOLD, 3, 19),
        (BLOCK, 20, 20),
        (BLOCK, 21, 21),
        (FOLD, 22, 53),
        (BLOCK, 54, 54),
    ]
    assert [item.difference for item in diagram.rows[0]][1:5] == [""] * 4
    assert all(item.difference.startswith("Only this") for item in diagram.rows[0][5:8])


def test_an_item_is_found_again_in_another_layout():
    folded, unfolded = (lay_out((make_plan(DEEP),), stages) for stages in (frozenset(), frozenset({1})))
    item = next(item for item in unfolded.rows[0] if item.first == 77)
    assert folded.counterpart(item).kind == FOLD
    assert unfolded.counterpart(folded.rows[0][0]).kind == STEM
    assert unfolded.counterpart(folded.rows[0][-1]).kind == HEAD
    shallow = lay_out((make_plan(replace(DEEP, blocks=2)),))
    assert shallow.counterpart(item) is None
