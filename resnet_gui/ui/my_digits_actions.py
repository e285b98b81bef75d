"""The kept digits as the window has them: their shelf, and their own window once it is wanted."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from resnet_gui.core.my_digits import MyDigits
from resnet_gui.ui.my_digits import MyDigitsShelf
from resnet_gui.ui.theme import LIGHT, Colors
from resnet_gui.ui.workbench import Workbench


class MyDigitsActions(QObject):
    """Has the digits' `shelf`, and shows their window.

    Signal: `training_wanted(str)`: the network of the run with this id is to be trained on them.
    """

    training_wanted = Signal(str)

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._window = bench, window
        self._colors = LIGHT
        self.shelf = MyDigitsShelf(MyDigits(bench.shelf.library.folder), bench.shelf.errands, self)
        self.dialog: QWidget | None = None  # made by the first `show`

    @Slot()
    def show(self) -> None:
        """Show the digits in a window of their own."""
        if self.dialog is None:
            from resnet_gui.ui.my_digits_checks import MyDigitsChecks  # the window can be shown without them
            from resnet_gui.ui.my_digits_dialog import MyDigitsDialog

            self.dialog = MyDigitsDialog(self.shelf, MyDigitsChecks(self.shelf, self._bench, self), self._window)
            self.dialog.training_wanted.connect(self.training_wanted)
            self.dialog.set_colors(self._colors)
        self.shelf.refresh()
        self.dialog.show()
        self.dialog.activateWindow()

    def close(self) -> None:
        """Close that window."""
        if self.dialog is not None:
            self.dialog.close()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        if self.dialog is not None:
            self.dialog.set_colors(colors)
