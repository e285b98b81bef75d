"""What every view of the inside has in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.question import Answered, Question
from resnet_gui.core.run import Run
from resnet_gui.ui.theme import LIGHT, Colors


class Page(QWidget):
    """One view of the inside. It says what it wants to know by `question`, and shows the answers that it is given.

    Signals: `asked()`: its question is another one now; `lesion_edited(object)`: the first network is to be changed by
    this Lesion, in every view; `label_wanted(object)`: the digit, an int, that gradients and maps are to be about, or
    None for the one that the network reads; `opened(object)`: the view that asks such a Question is to be turned to,
    and is to ask this one.
    """

    TITLE = ""  # in the row of views
    TIP = ""  # what one sees here, in a sentence
    COMPARES = False  # whether it shows the second network too
    OF_PICTURE = True  # whether what it shows depends on the picture

    asked = Signal()
    lesion_edited = Signal(object)
    label_wanted = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colors = LIGHT
        self.lesion: Lesion | None = None  # what is changed inside the first network now

    @property
    def question(self) -> Question | None:
        """What is to be answered now; None for nothing."""
        raise NotImplementedError

    def show_run(self, run: Run | None, second: bool) -> None:
        """The network is that of `run`, which may have grown; None for none, or for one that is not compared."""

    def take_question(self, question: Question) -> bool:
        """Ask this from now on, if this view asks such questions; whether it does."""
        return False

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show what came; `second` says that it is of the second network."""
        raise NotImplementedError

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there is no answer."""
        raise NotImplementedError

    def show_nothing(self) -> None:
        """There is no picture: forget what was shown."""
        raise NotImplementedError

    def set_lesion(self, lesion: Lesion | None) -> None:
        """This is changed inside the first network now."""
        self.lesion = lesion

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self.colors = colors
        self.update()
