"""Run files from elsewhere become saved runs: under which id, and when not."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.library import Library
from resnet_gui.core.run import Labels, Run
from resnet_gui.core.run_file import record_of, write_run
from resnet_gui.core.run_import import import_run
from resnet_gui.core.weights import weight_plans

ARCHITECTURE = Architecture(blocks=1, width=2, stem_stride=2, head="average-pooling")
WEIGHTS = {plan.name: np.ones(plan.shape, np.float32) for plan in weight_plans(make_blueprint(ARCHITECTURE))}


def ended(run_id="a1", last_loss=1.0, started=1e9):
    run = Run(run_id, Experiment(ARCHITECTURE), started=started)
    run.apply(StepsEnded(run_id, 0, np.array([2, last_loss], np.float32), np.array([0, 1], np.float32), 9.0, 0.0, 3.0))
    run.apply(EpochEnded(run_id, 0, 2, 1.5, 0.4))
    run.apply(RunEnded(run_id, Outcome.FINISHED, "finished", 2, 0.5, 0.9, 3.0, 9.0))
    return run


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "home")


@pytest.fixture
def path(tmp_path):
    write_run(tmp_path / "run.npz", ended(), WEIGHTS)
    return tmp_path / "run.npz"


def test_a_run_goes_from_one_library_to_another(library, path):
    imported = import_run(path, library)
    assert imported.added
    assert imported.sentence == "Imported ResNet-4 as run a1."
    run, weights = library.load("a1")
    assert record_of(run) == record_of(ended())
    assert all(np.array_equal(weights[name], WEIGHTS[name]) for name in WEIGHTS)


def test_the_same_file_again_changes_nothing(library, path):
    import_run(path, library)
    again = import_run(path, library)
    assert not again.added
    assert again.sentence == "ResNet-4 is saved already, as run a1."
    assert len(library.runs()) == 1


def test_a_run_that_was_renamed_meanwhile_is_still_the_same(library, path):
    library.save(replace(ended(), labels=Labels("Favourite")), WEIGHTS)
    assert not import_run(path, library).added
    assert library.find("a1").name == "Favourite"


@pytest.mark.parametrize("other", [ended(last_loss=0.5), ended(started=2e9), ended("A1", last_loss=0.5)])
def test_another_run_keeps_its_id(library, path, other):
    library.save(other, WEIGHTS)
    imported = import_run(path, library)
    assert imported.added
    assert imported.run.id not in ("a1", "A1")
    assert "its id a1 belongs to another run" in imported.sentence
    assert {run.id for run in library.runs()} == {other.id, imported.run.id}
    assert library.find(imported.run.id).history.epochs[0].run == imported.run.id


def test_what_was_imported_under_a_new_id_is_not_imported_twice(library, path):
    library.save(ended(last_loss=0.5), WEIGHTS)
    first = import_run(path, library)
    second = import_run(path, library)
    assert (second.added, second.run.id) == (False, first.run.id)


def test_a_run_from_elsewhere_is_no_example(library, tmp_path):
    write_run(tmp_path / "run.npz", replace(ended(), example=True), {})
    assert import_run(tmp_path / "run.npz", library).run.example is False
    assert library.load("a1")[1] == {}


def test_a_file_that_is_no_run_leaves_the_library_alone(library, tmp_path):
    (tmp_path / "run.npz").write_bytes(b"text")
    with pytest.raises(LibraryError, match=r"run\.npz is damaged, cut short or no run file"):
        import_run(tmp_path / "run.npz", library)
    assert not (tmp_path / "home").exists()
