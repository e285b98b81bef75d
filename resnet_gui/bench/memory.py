"""The part `memory`: what stays in memory after many runs of different networks in one session of the window."""

from resnet_gui.bench.child import run_figures
from resnet_gui.bench.figure import Figure

FEW, MANY = 3, 30  # runs

_SESSION = """
import gc, sys
from dataclasses import replace
from pathlib import Path
from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe
from resnet_gui.core.run import State
from resnet_gui.pilot import rest, wait_until
from resnet_gui.ui.app import Explorer, make_application


def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1])


explorer = Explorer(make_application(), remember=False)
bench = explorer.workbench
explorer.start()
assert wait_until(lambda: bench.can_train, 120)
sizes = []
for number in range(int(sys.argv[2])):  # all different: 5 depths, 3 shortcuts, 2 widths
    shortcut = [Shortcut.IDENTITY, Shortcut.NONE, Shortcut.PROJECTION][number % 3]
    blocks, width = 1 + number // 3 % 5, 8 * (1 + number % 2)
    architecture = Architecture(blocks=blocks, width=width, shortcut=shortcut, batch_norm=True, stem_stride=2)
    recipe = Recipe(dataset=DatasetName.DIGITS, limit=256, precision="float32", seed=number)
    bench.set_experiment(Experiment(architecture, recipe))
    bench.train()
    run = bench.active
    assert wait_until(lambda: bench.can_train and run.state is State.FINISHED, 300), run
    rest(100)
    if number + 1 in (int(sys.argv[1]), int(sys.argv[2])):
        sizes.append(resident())
explorer.window.close()
bench.close(60)
print(*sizes)
"""


def measure(quick: bool) -> list[Figure]:
    """Resident memory after MANY runs against that after FEW; nothing where the system does not tell it."""
    few, many = (2, 4) if quick else (FEW, MANY)
    try:
        with open("/proc/self/statm", encoding="ascii"):
            pass
    except OSError:
        return []
    small, large = run_figures(_SESSION, str(few), str(many))
    goal = None if quick else 1.15
    return [
        Figure(f"resident memory after {few} runs", small * 4096 / 2**20, "MiB"),
        Figure(f"resident memory after {many} runs, times that", large / small, at_most=goal),
    ]
