"""Small + and − buttons on the diagram: blocks at each stage's end, stages at the network's end."""

from dataclasses import replace

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from resnet_gui.core.architecture import MAX_BLOCKS, MAX_STAGES, Architecture
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.ui.network.camera import HEADER, Camera
from resnet_gui.ui.network.layout import HANDLES
from resnet_gui.ui.theme import LIGHT, RADIUS, Colors

SIDE = 19  # pixels


def edited(architecture: Architecture, **changes: int) -> tuple[Architecture | None, str]:
    """The architecture with `changes`, or None and why that cannot be."""
    if changes.get("blocks", 0) > MAX_BLOCKS:
        return None, f"At most {MAX_BLOCKS} blocks per stage work."
    if changes.get("blocks", 0) < 0:
        return None, "There is no block left to take away."
    if changes.get("stages", 1) > MAX_STAGES:
        return None, f"At most {MAX_STAGES} stages work: each halves the image, and more would leave nothing of it."
    if changes.get("stages", 1) < 1:
        return None, "A network keeps at least one stage."
    try:
        return replace(architecture, **changes), ""
    except ArchitectureError as error:
        return None, str(error)


class NetworkHandles(QObject):
    """The buttons, children of the diagram's viewport. Signals: `edited(Architecture)` after a click."""

    edited = Signal(object)

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._colors = LIGHT
        self._architecture = Architecture()
        self._blocks: list[tuple[QToolButton, QToolButton]] = []
        self._stages = (self._button("moreStages", 1, False), self._button("fewerStages", -1, False))
        self.show_architecture(self._architecture)

    def show_architecture(self, architecture: Architecture) -> None:
        """Offer what can be changed of `architecture`, and say why something cannot."""
        self._architecture = architecture
        while len(self._blocks) < architecture.stages:
            stage = len(self._blocks) + 1
            pair = (self._button(f"moreBlocks{stage}", 1, True), self._button(f"fewerBlocks{stage}", -1, True))
            self._blocks.append(pair)
        for pair in self._blocks[architecture.stages :]:
            for button in pair:
                button.hide()
        for pair in self._blocks[: architecture.stages]:
            self._offer(
                pair,
                "blocks",
                f"block in every stage: blocks per stage is one number, He's n, now {architecture.blocks} (key {{}})",
                "+−",
            )
        self._offer(
            self._stages,
            "stages",
            "stage: each one after the first halves the image and doubles the channels (key {})",
            ("S", "Shift+S"),
        )

    def change_blocks(self, step: int) -> None:
        """Add or take away one block in every stage, if that works."""
        self._change(blocks=self._architecture.blocks + step)

    def change_stages(self, step: int) -> None:
        """Add or take away a stage, if that works."""
        self._change(stages=self._architecture.stages + step)

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        for button in (*self._stages, *(button for pair in self._blocks for button in pair)):
            self._style(button)

    def place(self, camera: Camera) -> None:
        """Put the buttons where the camera sees the ends of stages and network."""
        stages = [stage for stage in camera.diagram.stages if stage.row == 0]
        top = (HEADER - 2 * SIDE) // 2 + 4
        for stage, pair in zip(stages, self._blocks, strict=False):
            area = camera.stage_rect(stage)
            for index, button in enumerate(pair):
                x = round(area.right()) - HANDLES + (HANDLES - SIDE) // 2 - 2
                self._put(button, x, round(area.top()) + top + index * (SIDE + 2))
        area = camera.slot_rect(0)
        for index, button in enumerate(self._stages):
            x = round(area.center().x()) + (1 if index == 0 else -SIDE - 1)
            self._put(button, x, round(area.top()) + HEADER // 2 + 2)

    def _put(self, button: QToolButton, x: int, y: int) -> None:
        area = QRect(x, y, SIDE, SIDE)
        button.setGeometry(area)
        button.setVisible(self._viewport.rect().intersects(area))

    def _change(self, **changes: int) -> None:
        architecture, _ = edited(self._architecture, **changes)
        if architecture is not None:
            self.edited.emit(architecture)

    def _offer(self, pair: tuple[QToolButton, QToolButton], name: str, words: str, keys: object) -> None:
        for button, step, verb, key in zip(pair, (1, -1), ("Add one", "Take away one"), keys, strict=True):
            result, reason = edited(self._architecture, **{name: getattr(self._architecture, name) + step})
            button.setEnabled(result is not None)
            button.setToolTip(reason or f"{verb} {words.format(key)}.")
            button.setAccessibleDescription(button.toolTip())

    def _button(self, name: str, step: int, blocks: bool) -> QToolButton:
        button = QToolButton(self._viewport)
        button.setObjectName(name)
        button.setText("+" if step > 0 else "−")
        noun = "block in every stage" if blocks else "stage"
        button.setAccessibleName(f"{'Add' if step > 0 else 'Take away'} one {noun}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the diagram's keys do the same
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: (self.change_blocks if blocks else self.change_stages)(step))
        button.hide()
        self._style(button)
        return button

    def _style(self, button: QToolButton) -> None:
        c = self._colors
        button.setStyleSheet(
            f"QToolButton {{ padding: 0; border-radius: {RADIUS - 2}px; background: {c.surface};"
            f" border: 1px solid {c.border}; color: {c.text}; }}"
            f"QToolButton:hover {{ background: {c.raised}; border-color: {c.accent}; }}"
            f"QToolButton:disabled {{ color: {c.border}; background: {c.window}; }}"
        )
