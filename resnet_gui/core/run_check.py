"""Whether what stands in a file from elsewhere makes a run: types, ranges, lengths of everything, and the weights."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.architecture import MAX_BLOCKS, MAX_STAGES
from resnet_gui.core.archive import Archive, Unfit
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.confidence import Confidence
from resnet_gui.core.experiment import Experiment
from resnet_gui.core.gradients import MOST_ROWS
from resnet_gui.core.history import History
from resnet_gui.core.run import State, new_run_id
from resnet_gui.core.weights import weight_plans

RECORD_BYTES = 4 * 2**20
MOST_STEPS = 2**25
WEIGHT = "weights/"  # before the names of the weights in a run file

LINE, PARAGRAPH, TRACEBACK = 1000, 20_000, 1_000_000  # characters
MOST_TAGS = 100
LATEST = 253_000_000_000  # seconds since 1970: in the year 9987, which calendars can still name

# Ids become names of files: no path, no device of Windows, nothing that the library or an option is called.
_PLAIN_ID = re.compile("(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|starter)$)[a-z0-9][a-z0-9-]{0,63}", re.IGNORECASE)

Check = Callable[[Any], Any]  # the value as it is kept; raises Unfit with what it must be


def read_record(archive: Archive, required: Collection[str]) -> dict[str, Any]:
    """The record in a run file, every field checked. Raises Unfit, or the experiment's own ExplorerError.

    Control characters, which could steer a terminal, are replaced; an id that is no plain one gives way to a new one;
    a run that was under way when it was written is interrupted.
    """
    try:
        record = json.loads(archive.read("record", np.uint8, None, RECORD_BYTES).tobytes())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unfit("its record is no JSON") from None
    if not isinstance(record, dict):
        raise Unfit("its record is no object")
    if missing := sorted(set(required) - record.keys()):
        raise Unfit(f"its record has no {missing[0]}")
    checked = {}
    for name, check in CHECKS.items():
        if name not in record:
            continue
        try:
            checked[name] = check(record[name])
        except Unfit as problem:
            raise Unfit(f"its {name} must be {problem}") from None
    if not _PLAIN_ID.fullmatch(checked["id"]):
        checked["id"] = new_run_id(Experiment.from_dict(checked["experiment"]))
    if State(checked["state"]) is State.QUEUED or State(checked["state"]).active:
        checked |= {"state": State.INTERRUPTED, "message": ""}
    return checked


def read_curves(archive: Archive) -> dict[str, NDArray[np.float32]]:
    """Loss, accuracy and, if they are there, seconds of each step, float32 (steps,). Raises Unfit.

    Losses may be any numbers, for training can diverge.
    """
    names = [name for name in ("loss", "accuracy", "seconds") if name != "seconds" or name in archive.names]
    curves = {name: archive.read(name, np.float32, None, MOST_STEPS) for name in names}
    lengths = {len(curve) for curve in curves.values()}
    if len(lengths) != 1:
        raise Unfit(f"its curves have different lengths ({', '.join(f'{len(c):,}' for c in curves.values())} steps)")
    accuracy, seconds = curves["accuracy"], curves.get("seconds", np.zeros(0, np.float32))
    if ((accuracy < 0) | (accuracy > 1)).any():
        raise Unfit("its accuracies must be from 0 to 1")
    if not np.isfinite(seconds).all() or (seconds < 0).any() or (np.diff(seconds) < 0).any():
        raise Unfit("its seconds must be numbers that grow from step to step")
    return curves


def read_gradients(archive: Archive) -> dict[str, Any]:
    """The gradient norms and which steps they are of, as `run_of` takes them, if the file holds any. Raises Unfit."""
    if "gradients" not in archive.names:
        return {}
    norms = archive.read("gradients", np.float32, None, MOST_ROWS * MAX_BLOCKS * MAX_STAGES)
    return {"norms": norms, "stride": archive.read("gradients_stride", np.int64, (), 1).item()}


def check_epochs(history: History) -> None:
    """Raises Unfit unless the epochs follow one another within the steps."""
    steps = [epoch.step for epoch in history.epochs]
    numbers = [epoch.epoch for epoch in history.epochs]
    if steps != sorted(steps) or numbers != sorted(set(numbers)) or (steps and steps[-1] > len(history.loss)):
        raise Unfit(f"its epochs do not follow one another within its {len(history.loss):,} steps")


def read_weights(archive: Archive, experiment: Experiment, diverged: bool) -> dict[str, NDArray[Any]]:
    """The weights in a run file: those of the experiment's network, all finite unless it diverged; or none at all.

    Raises Unfit for any others.
    """
    found = {name.removeprefix(WEIGHT) for name in archive.names if name.startswith(WEIGHT)}
    if not found:
        return {}
    plans = {plan.name: plan for plan in weight_plans(make_blueprint(experiment.architecture))}
    if odd := sorted(found ^ plans.keys()):
        raise Unfit(f"its weights are not those of {experiment.architecture.name}, see {odd[0][:80]!a}")
    weights = {}
    for name, plan in plans.items():
        weights[name] = archive.read(f"{WEIGHT}{name}", np.float32, plan.shape, plan.size)
        if not (diverged or np.isfinite(weights[name]).all()):
            raise Unfit(f"its weights {name} must be finite numbers")
    return weights


def _text(longest: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise Unfit(f"text of at most {longest:,} characters")
        return "".join(_harmless(c) for c in value) if not value.isprintable() else value

    return check


def _harmless(character: str) -> str:
    odd = unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
    return "\N{REPLACEMENT CHARACTER}" if odd else character


def _line(value: Any) -> str:
    return " ".join(str(_text(LINE)(value)).split("\n"))


def _whole(high: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
            raise Unfit(f"a whole number from 0 to {high:,}")
        return value

    return check


def _number(high: float) -> Check:
    def check(value: Any) -> float:
        # Not-a-number and infinity are in no range.
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
            raise Unfit(f"a number from 0 to {high:,}")
        return float(value)

    return check


def _loss(value: Any) -> float:
    """Any number, for training can diverge."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit("a number")
    try:
        return float(value)
    except OverflowError:
        raise Unfit("a number that a computer can hold") from None


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def _state(value: Any) -> str:
    if value not in list(State):
        raise Unfit(f"one of {', '.join(State)}")
    return str(value)


def _experiment(value: Any) -> dict[str, Any]:
    return Experiment.from_dict(value).to_dict()


def _labels(value: Any) -> dict[str, Any]:
    kinds: dict[str, Check] = {"name": _line, "notes": _text(PARAGRAPH), "tags": _tags, "color": _or_none(_whole(999))}
    if not isinstance(value, dict) or not value.keys() <= kinds.keys():
        raise Unfit(f"an object with the fields {', '.join(kinds)}")
    return {name: kinds[name](inner) for name, inner in value.items()}


def _tags(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_TAGS:
        raise Unfit(f"a list of at most {MOST_TAGS} tags")
    return [_line(tag) for tag in value]


def _versions(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_TAGS:
        raise Unfit("an object of program names and their versions")
    return {_line(name): _line(version) for name, version in value.items()}


def _confidence(value: Any) -> dict[str, Any]:
    try:
        return Confidence.from_dict(value).to_dict()
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Unfit("temperature, centres, precision, farthest and weakest, as they were fitted") from None


def _epochs(value: Any) -> list[list[Any]]:
    checks = (_whole(10**6), _whole(MOST_STEPS), _or_none(_loss), _or_none(_number(1)))
    if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == len(checks) for row in value):
        raise Unfit("rows of epoch, step, validation loss and validation accuracy")
    return [[check(cell) for check, cell in zip(checks, row, strict=True)] for row in value]


CHECKS: dict[str, Check] = {
    "id": _line,
    "experiment": _experiment,
    "labels": _labels,
    "started": _number(LATEST),
    "epochs": _epochs,
    "state": _state,
    "message": _text(PARAGRAPH),
    "details": _text(TRACEBACK),
    "dataset": _text(PARAGRAPH),
    "device": _line,
    "precision": _line,
    "machine": _line,
    "versions": _versions,
    "parameters": _whole(10**12),
    "total_steps": _whole(10**10),
    "images_per_second": _number(1e9),
    "train_seconds": _number(1e9),
    "test_images": _whole(10**9),
    "test_loss": _or_none(_loss),
    "test_accuracy": _or_none(_number(1)),
    "example": _flag,
    "confidence": _or_none(_confidence),
}
