"""A network reads the test images of a data set, some at a time."""

from collections.abc import Generator
from pathlib import Path

import numpy as np

from resnet_gui.core.errors import DatasetUnavailable
from resnet_gui.core.examination import Exam, Examination
from resnet_gui.core.experiment import DatasetName
from resnet_gui.engine.datasets import (
    CLASSES,
    DATASET_LAYOUT,
    MNIST_FILE,
    dataset_file,
    fingerprint,
    mnist_at,
    read_arrays,
    require_digits,
)
from resnet_gui.engine.prediction import Reader

BATCH = 100  # images in one call: larger ones are hardly quicker, and take memory in deep networks
EXAM_LAYOUT = {name: DATASET_LAYOUT[name] for name in ("x_test", "y_test")}

_newest: dict[object, Exam] = {}  # one at most, so that the examinations of several runs share their images


def load_exam(name: DatasetName, data_dir: Path | None = None) -> Exam:
    """The test images of the data set `name`; from memory if its file is the last one's and has not changed since.

    Raises DatasetError for a file that is no data set, and DatasetUnavailable if MNIST is nowhere on this machine.
    """
    path = dataset_file(name.test, data_dir)
    if path is None:
        raise DatasetUnavailable(
            f"MNIST is not on this machine, so there are no test images to read; choose {MNIST_FILE} in the window."
        )
    key = fingerprint(name.test, data_dir)  # of the file as it was before it is read
    found = _newest.get(key)  # at once: another thread may clear it
    if key is not None and found is not None:
        return found
    arrays = read_arrays(path, EXAM_LAYOUT)
    require_digits(path, "y_test", arrays["y_test"])
    source = mnist_at(path) if name.test is DatasetName.MNIST else "bundled digits"
    exam = Exam(source, arrays["x_test"], arrays["y_test"], CLASSES)
    _newest.clear()
    if key is not None:
        _newest[key] = exam
    return exam


def load_test_exam(data_file: Path | None = None) -> Exam:
    """MNIST's test images, from `data_file` if it is given, or bundled ones where MNIST is not at hand.

    Raises DatasetError for files that are no data set.
    """
    try:
        return load_exam(DatasetName.MNIST, data_file)
    except DatasetUnavailable:
        return load_exam(DatasetName.DIGITS)


def examine_in_steps(reader: Reader, exam: Exam) -> Generator[float, None, Examination]:
    """The share that is done after each batch, and in the end the examination.

    Raises ReadingError if the network's training diverged.
    """
    answers = np.empty(len(exam.labels), np.uint8)
    certainties = np.empty(len(exam.labels), np.float32)
    for first in range(0, len(answers), BATCH):
        some = slice(first, first + BATCH)
        probabilities = reader.probabilities(exam.images[some])
        answers[some] = probabilities.argmax(axis=1)
        certainties[some] = probabilities.max(axis=1)
        yield min(1.0, (first + BATCH) / len(answers))
    return Examination(reader.run, exam, answers, certainties)


def examine(reader: Reader, exam: Exam) -> Examination:
    """The examination without a pause. Raises ReadingError if the network's training diverged."""
    steps = examine_in_steps(reader, exam)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            examination: Examination = end.value
            return examination
