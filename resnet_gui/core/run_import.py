"""A run file from elsewhere becomes one of the saved runs."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from resnet_gui.core.library import Library, shipped_ids
from resnet_gui.core.run import Run, new_run_id
from resnet_gui.core.run_file import read_run


@dataclass(frozen=True)
class Imported:
    """What became of a file: the run as the library has it now."""

    run: Run
    added: bool  # False: the library had the very same run already, and was left as it was
    former_id: str  # in the file; another one than the run's if that was taken

    @property
    def sentence(self) -> str:
        """The outcome for people."""
        if not self.added:
            return f"{self.run.name} is saved already, as run {self.run.id}."
        renamed = f"; its id {self.former_id} belongs to another run" if self.former_id != self.run.id else ""
        return f"Imported {self.run.name} as run {self.run.id}{renamed}."


def import_run(path: Path, library: Library) -> Imported:
    """Save the run in the file `path`, under a new id if its own is another run's. Takes a moment: no GUI thread.

    Raises LibraryError if the file holds no run, and FileError if the library cannot be read or written.
    """
    run, weights = read_run(path)
    for known in library.runs():
        if _same(run, known):
            return Imported(known, added=False, former_id=run.id)
    former_id = run.id
    # Ids become names of files, and some file systems take a and A for the same.
    if former_id.lower() in {taken.lower() for taken in library.ids() | shipped_ids()}:
        run = replace(run, id=new_run_id(run.experiment))
        run.history.epochs[:] = [replace(epoch, run=run.id) for epoch in run.history.epochs]
    run.example = False  # only what ships with the explorer is one
    library.save(run, weights)
    return Imported(run, added=True, former_id=former_id)


def _same(one: Run, other: Run) -> bool:
    """Whether the two are one training, whatever people wrote on them."""
    return (
        one.experiment == other.experiment
        and one.started == other.started
        and np.array_equal(one.history.loss.values, other.history.loss.values, equal_nan=True)
        and np.array_equal(one.history.accuracy.values, other.history.accuracy.values, equal_nan=True)
    )
