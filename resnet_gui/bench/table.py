"""The part `table`: how long the table of a thousand runs keeps the window waiting, whatever is done with it."""

import time
from collections.abc import Callable
from typing import Any

from resnet_gui.bench.figure import Figure
from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Labels, Run, State

RUNS = 1_000
SIZE = (1300, 400)  # pixels
SEARCH = "identity blocks:9"
STALL_MS = 50


def measure(quick: bool) -> list[Figure]:
    """The longest milliseconds from an event to the end of all painting that follows from it."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from resnet_gui.ui.app import make_application
    from resnet_gui.ui.runs_table import RunsTable

    application = make_application()
    table = RunsTable()
    table.resize(*SIZE)
    table.show()
    entries = [Entry(run, f"{run.name} {number}", number) for number, run in enumerate(_runs())]
    filled = _milliseconds(application, lambda: table.add_runs(entries))
    bar = table.view.verticalScrollBar()
    scrolled = [
        _milliseconds(application, lambda y=y: bar.setValue(y))
        for y in range(0, bar.maximum(), max(1, bar.maximum() // (20 if quick else 200)))
    ]
    typed = []
    for _ in range(1 if quick else 3):
        typed += [_milliseconds(application, lambda c=c: QTest.keyClicks(table.bar.search, c)) for c in SEARCH]
        typed += [
            _milliseconds(application, lambda: QTest.keyClick(table.bar.search, Qt.Key.Key_Backspace)) for _ in SEARCH
        ]
    changed = [_milliseconds(application, lambda i=i: table.run_changed(f"run-{i}")) for i in range(50)]
    table.close()
    table.deleteLater()
    return [
        Figure(f"table filled with {RUNS:,} runs", filled, "ms"),
        Figure("the same scrolled, longest wait", max(scrolled), "ms", at_most=STALL_MS),
        Figure("the same searched, longest wait for a letter", max(typed), "ms", at_most=STALL_MS),
        Figure("the same when a run changes, longest wait", max(changed), "ms", at_most=STALL_MS),
    ]


def _milliseconds(application: Any, act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    application.processEvents()
    return 1000 * (time.perf_counter() - began)


def _runs() -> list[Run]:
    kinds = (Shortcut.NONE, Shortcut.IDENTITY, Shortcut.PROJECTION)
    return [
        Run(
            f"run-{number}",
            Experiment(Architecture(blocks=1 + number % 40, shortcut=kinds[number % 3]), Recipe(seed=number % 7)),
            Labels(tags=(f"sweep {number // 12}",)),
            started=1.7e9 + 3600 * number,
            state=State.FINISHED,
            test_accuracy=0.9 + number / 20_000,
        )
        for number in range(RUNS)
    ]
