"""The part `reading`, by drawing in the real window in a process of its own."""

from resnet_gui.bench.child import run_script


def test_every_stroke_is_answered_while_idle_and_while_training():
    script = """
from resnet_gui.bench import reading
reading.MOVES_QUICK, reading.BESIDE = 3, 2
figures = reading.measure(True)
assert all(figure.value > 0 for figure in figures), figures
print(*(figure.name.replace(" ", "_") for figure in figures), sep="|")
"""
    (names,) = run_script(script)
    told = names.replace("_", " ").split("|")
    for name in ("empty drawing to bars", "stroke to bars", "2 networks read"):
        for phase in ("idle", "training"):
            assert {f"{name}, {phase}, p50", f"{name}, {phase}, p95"} <= set(told)
    assert "model.predict of the same network, idle, p50" in told
