"""The blocks of a network in rows along their shortcuts, to be switched and exchanged."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from resnet_gui.core.inside.chips import Chip
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.inside.block_chip import BlockChip
from resnet_gui.ui.theme import LIGHT, Colors


class BlockRow(QWidget):
    """A chip for each block, wrapped like words, with the stages between.

    Signals: `switched(int)`: the block at this place, from 0, is to be switched; `chosen(int)`: it is looked at;
    `exchanged(int, int)`: the blocks at these places are to change places.
    """

    switched = Signal(int)
    chosen = Signal(int)
    exchanged = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lesionBlocks")
        self.setAccessibleName("Blocks: Space switches one, arrow keys go on, with Shift they exchange it")
        self.chips: list[BlockChip] = []
        self._stages: tuple[int, ...] = ()
        self._colors = LIGHT
        self._flow = Flow()
        self._flow.gap = 0
        self.setLayout(self._flow)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Sequence[Chip], chosen: int, colors: Colors) -> None:
        """Show these, of which the one at `chosen` is looked at."""
        stages = tuple(chip.stage for chip in chips)
        if stages != self._stages:
            self._make(stages)
        for place, (widget, chip) in enumerate(zip(self.chips, chips, strict=True)):
            widget.show_chip(chip, place == chosen, colors)

    def _make(self, stages: tuple[int, ...]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self._stages, self.chips = stages, []
        for place, stage in enumerate(stages):
            if max(stages) > 1 and (not place or stages[place - 1] != stage):
                label = QLabel(f"Stage\n{stage}", self)
                label.setProperty("role", "muted")
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
                self._flow.addWidget(label)
                label.show()
            chip = BlockChip(self)
            chip.clicked.connect(lambda _=False, place=place: self.switched.emit(place))
            chip.focused.connect(lambda place=place: self.chosen.emit(place))
            chip.dragged.connect(lambda where, place=place: self._drop(place, where))
            chip.stepped.connect(lambda by, shift, place=place: self._step(place, by, shift))
            self._flow.addWidget(chip)
            self.chips.append(chip)
            chip.show()
        self.updateGeometry()

    def _drop(self, place: int, where: QPoint) -> None:
        target = self.childAt(self.mapFromGlobal(where))
        if target in self.chips and self.chips.index(target) != place:
            self.exchanged.emit(place, self.chips.index(target))

    def _step(self, place: int, by: int, shift: bool) -> None:
        other = place + by
        if 0 <= other < len(self.chips):
            if shift:
                self.exchanged.emit(place, other)
            self.chips[other].setFocus()
