"""What can be asked of a network about a picture, and what an answer comes in."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.lesion import Lesion


@dataclass(frozen=True)
class Question:
    """Base of all questions: frozen values, each with an answer of its own.

    `of_picture` says that the answer depends on the picture, and is to follow it; `of_label` that it depends on the
    digit that it is about.
    """

    of_picture: ClassVar[bool] = True
    of_label: ClassVar[bool] = False


@dataclass(frozen=True)
class Subject:
    """The network of run `run`, changed by `lesion`; None leaves it as it was trained."""

    run: str
    lesion: Lesion | None = None


@dataclass(frozen=True, eq=False)
class Look:
    """Ask `question` of each of `subjects` about a picture.

    `image`, uint8 (28, 28), ink 255 on paper 0, is that picture; None is what is drawn, again whenever that changes.
    `label` is the digit that it shows; None for the one that the network reads.
    """

    subjects: tuple[Subject, ...]
    question: Question
    image: NDArray[np.uint8] | None = None
    label: int | None = None


@dataclass(frozen=True, eq=False)
class Answered:
    """The answer of one subject: what the question's module in engine.inside says it is.

    A question that takes its time is answered several times; `share` says how much is done, and 1 is the last. `step`
    is the training step of the network, None if it does not train. `name` is what people call the network.
    """

    look: Look
    subject: Subject
    name: str
    blueprint: Blueprint
    image: NDArray[np.uint8]
    step: int | None
    answer: Any
    share: float = 1.0


@dataclass(frozen=True, eq=False)
class LookFailed:
    """One subject cannot be asked, for the reason in `message`."""

    look: Look
    subject: Subject
    message: str


@dataclass(frozen=True, eq=False)
class TestDigit:
    """A digit that no network was trained on: image uint8 (28, 28), what it shows, and words on where it is from."""

    __test__ = False  # pytest takes every name like this for its own

    number: int
    image: NDArray[np.uint8]
    label: int
    words: str
