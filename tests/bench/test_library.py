"""What the part `library` opens."""

from resnet_gui.bench import library as module
from resnet_gui.core.library import Library


def test_a_library_is_filled_and_timed(tmp_path, monkeypatch):
    library = Library(tmp_path)
    for count in (2, 3):
        module._fill(library, count)
        assert module._seconds(library, count) > 0
    assert {run.step for run in library.runs()} == {module.STEPS}


def test_libraries_of_several_sizes_are_compared(monkeypatch):
    monkeypatch.setattr(module, "COUNTS", (2, 4, 8))
    names = [figure.name for figure in module.measure(quick=True)]
    assert names == ["library of 2 runs opened", "library of 4 runs opened", "a run among 4, times one among 2"]
