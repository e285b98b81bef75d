"""The part `inside`, by drawing in the real window in a process of its own."""

from resnet_gui.bench.child import run_script


def test_every_stroke_is_followed_by_the_maps():
    script = """
from resnet_gui.bench import inside
from resnet_gui.core.architecture import Architecture
inside.MOVES_QUICK, inside.WARM_UP = 3, 1
inside.NETWORKS = {"9 blocks": Architecture(blocks=1, width=4)}
figures = inside.measure(True)
assert all(figure.value > 0 for figure in figures), figures
print(*(figure.name.replace(" ", "_") for figure in figures), *(figure.at_most for figure in figures), sep="|")
"""
    (told,) = run_script(script)
    names = told.replace("_", " ").split("|")
    assert names[1:3] == ["stroke to maps of 9 blocks, p95", "heartbeat late, maps of 9 blocks, p99"]
    assert names[4:] == ["None", "50", "16", "None"]
