"""Feature maps of real networks, and the sheets that are made of them."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.maps import MapsQuestion, Room, Scope, channel_words, scale_words
from resnet_gui.engine.inside.answers import answers
from resnet_gui.engine.inside.maps import maps_of
from resnet_gui.engine.inside.trace import Specimen
from resnet_gui.engine.network import Network

IMAGE = np.random.default_rng(5).integers(0, 256, (28, 28)).astype(np.uint8)


def specimen(lesion=None, **settings):
    return Specimen(Network(Architecture(**{"blocks": 2, "stages": 2, "width": 4} | settings)), lesion)


def sheet(specimen, **question):
    ((answer, share),) = answers(specimen, IMAGE, None, MapsQuestion(**question))
    assert share == 1
    return answer


def test_the_sum_is_shortcut_plus_alpha_times_branch():
    for block in maps_of(specimen(Lesion((1, 0.5, 0, 2), range(4))), IMAGE).blocks:
        assert block.total == pytest.approx(block.shortcut + block.alpha * block.branch, abs=1e-5)
        assert block.output == pytest.approx(np.maximum(block.total, 0))


def test_only_the_blocks_that_are_asked_for_are_pictured():
    asked = sheet(specimen(), blocks=(1, 3, 9))
    assert [row.index for row in asked.rows] == [1, 3]
    assert asked.blocks == 4
    assert [row.index for row in sheet(specimen()).rows] == [0, 1, 2, 3]


def test_a_scale_in_common_knows_the_blocks_that_are_not_pictured():
    network = specimen()
    every = sheet(network, scope=Scope.STAGE)
    last = sheet(network, blocks=(3,), scope=Scope.STAGE)
    assert [words for words, _ in every.limits] == ["stage 1", "stage 2"]
    assert last.limits == every.limits
    for row in every.rows:
        assert {mosaic.limit for mosaic in row.mosaics} == {every.limits[row.maps.plan.stage - 1][1]}
    ((words, limit),) = sheet(network, scope=Scope.NETWORK).limits
    assert (words, limit) == ("all blocks", max(limit for _, limit in every.limits))


def test_a_picture_with_a_scale_of_its_own_reaches_to_its_own_largest_value():
    own = sheet(specimen(), scope=Scope.PICTURE)
    assert own.limits == ()
    for row in own.rows:
        for part, mosaic in zip(row.parts, row.mosaics, strict=True):
            assert mosaic.limit == pytest.approx(np.abs(row.maps.of(part.term)).max())


def test_pictures_fit_into_the_room_of_a_row():
    room = Room(600, 50, 20)
    for row in sheet(specimen(shortcut="projection"), room=room).rows:
        widths = sum(mosaic.pixels.shape[1] for mosaic in row.mosaics)
        assert widths + (len(row.parts) - 1) * room.sign <= room.width
        assert all(mosaic.pixels.shape[0] <= room.height for mosaic in row.mosaics)


def test_a_network_without_blocks_has_an_empty_sheet():
    asked = sheet(specimen(blocks=0), blocks=(0, 1))
    assert (asked.rows, asked.blocks, asked.finite) == ((), 0, True)


@pytest.mark.parametrize("scope", Scope)
def test_a_network_that_diverged_is_told(scope):
    network = Network(Architecture(blocks=1, width=4, batch_norm=True))
    network.trained.assign(network.trained * np.nan)
    asked = sheet(Specimen(network), scope=scope)
    assert not asked.finite
    assert "not a number" in channel_words(asked.rows[0], 1, 0)


def test_words_tell_the_scale_and_the_channel():
    asked = sheet(specimen(), scope=Scope.STAGE)
    assert "(stage 1), ±" in scale_words(asked)
    assert channel_words(asked.rows[3], 1, 2).startswith("Block 2 of stage 2, F(x), channel 3 of 8: from ")
