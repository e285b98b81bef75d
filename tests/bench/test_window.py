"""The part `window`, by driving the real window in a process of its own."""

from resnet_gui.bench.child import run_script


def test_every_phase_is_heard_and_every_stroke_is_answered():
    script = """
from resnet_gui.bench.window import measure
figures = measure(True)
assert all(figure.value >= 0 for figure in figures), figures
print(*{figure.name.partition(",")[0].replace(" ", "_"): None for figure in figures})
"""
    late = [
        f"heartbeat_late_while_{phase}"
        for phase in (
            "nothing_happens",
            "compiling",
            "training",
            "evaluating",
            "saving",
            "loading_a_run",
            "closing",
        )
    ]
    assert run_script(script) == [*late, "stroke_to_bars_while_training"]
