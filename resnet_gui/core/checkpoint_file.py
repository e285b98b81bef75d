"""The file of a run's weights, and of what its optimiser remembers while there is something left to train."""

from pathlib import Path

import numpy as np

from resnet_gui.core.checkpoint import Checkpoint, Weights
from resnet_gui.core.errors import LibraryError
from resnet_gui.core.run_file import read_arrays, write_arrays

_STATE = "state/"  # before the names of the optimiser's arrays
_POSITION = ("step", "epochs", "seconds", "steps_per_epoch")
_WORDS = ("precision", "data")


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Put `checkpoint` into the file `path`. Raises FileError if the disk refuses."""
    arrays = dict(checkpoint.weights)
    if checkpoint.state:
        arrays |= {f"{_STATE}{name}": values for name, values in checkpoint.state.items()}
        arrays |= {name: np.array(getattr(checkpoint, name)) for name in _POSITION}
        arrays |= {name: np.array(getattr(checkpoint, name)) for name in _WORDS}
    write_arrays(path, arrays)


def read_weights(path: Path) -> Weights:
    """The weights in a checkpoint's file. Raises LibraryError if it is missing or broken."""
    return {name: values for name, values in read_arrays(path).items() if not _is_position(name)}


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint in `path`; None if it holds weights alone, with which nothing can be trained on.

    Raises LibraryError if the file is missing or broken.
    """
    arrays = read_arrays(path)
    try:
        step, epochs, seconds, steps_per_epoch = (arrays[name].item() for name in _POSITION)
        precision, data = str(arrays["precision"]), str(arrays.get("data", ""))  # earlier ones had no digest
    except KeyError:
        return None
    except ValueError:
        raise LibraryError(f"{path} is damaged; train the run again.") from None
    weights = {name: values for name, values in arrays.items() if not _is_position(name)}
    state = {name.removeprefix(_STATE): values for name, values in arrays.items() if name.startswith(_STATE)}
    return Checkpoint(step, epochs, seconds, precision, weights, state, steps_per_epoch, data)


def _is_position(name: str) -> bool:
    return name.startswith(_STATE) or name in (*_POSITION, *_WORDS)
