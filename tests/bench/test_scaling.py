"""The part `scaling`."""

from dataclasses import replace

from resnet_gui.bench import scaling


def test_a_network_is_timed_from_the_call_and_stopped():
    tiny = replace(scaling.FEW, architecture=replace(scaling.FEW.architecture, blocks=1, width=4, stem_stride=2))
    first, rate = scaling._train(tiny, seconds=0)
    assert first > 0
    assert rate > 0
