"""What a network looks at: Grad-CAM of every block over the drawing, and the gradient at its pixels."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.inside.depth_reading import NO_NUMBERS
from resnet_gui.core.inside.lesion import block_name
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.saliency import Saliency, SaliencyQuestion, cam_words, pixel_words
from resnet_gui.core.sample import a_digit
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.saliency_pictures import CamStrip, TintedPicture, tint_colors
from resnet_gui.ui.inside.words import Words
from resnet_gui.ui.theme import SPACING, Colors

AS_READ = 10  # id of the button, beside those of the digits


class SaliencyPage(Page):
    """Where the network sees what speaks for a digit."""

    TITLE = "Saliency"
    TIP = "Which parts of the picture speak for a digit, at every block (Grad-CAM) and for each pixel (gradient)."
    COMPARES = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = Flow()
        row.addWidget(title := QLabel("What speaks for", self))
        self.buttons = QButtonGroup(self)
        for digit in (AS_READ, *range(10)):
            row.addWidget(self._button(digit))
        self.buttons.button(AS_READ).setChecked(True)
        title.setMinimumHeight(self.buttons.button(AS_READ).sizeHint().height())
        self.buttons.idClicked.connect(lambda digit: self.label_wanted.emit(None if digit == AS_READ else digit))
        self._legend = Words("insideSaliencyLegend", self, "muted")
        self.panels = (_Panel("insideSaliency", self), _Panel("insideSaliencyBeside", self))
        inner = QWidget(self)
        column, both = QVBoxLayout(inner), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        both.setSpacing(2 * SPACING)
        for panel in self.panels:
            both.addWidget(panel, 1)
            panel.strip.chosen.connect(self._choose)
        column.addLayout(row)
        column.addWidget(self._legend)
        column.addLayout(both, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self.set_colors(self.colors)
        self.show_nothing()

    @property
    def question(self) -> SaliencyQuestion:
        """All blocks, by one way back."""
        return SaliencyQuestion()

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show what came."""
        self._scroll.show()
        self.panels[second].show_answer(answered)
        if not second:
            if answered.look.image is None:
                self.buttons.button(AS_READ).setText(f"as read: {answered.answer.read}")
            elif self.buttons.checkedId() == AS_READ:
                self.buttons.button(AS_READ).setText(f"as shown: {answered.answer.label}")
            else:
                self.buttons.button(AS_READ).setText("as shown")
            if len(answered.look.subjects) == 1:
                self.panels[1].clear()
        self._tell()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there is nothing."""
        self._scroll.show()
        self.panels[second].say(text)

    def show_nothing(self) -> None:
        """Forget what was shown."""
        for panel in self.panels:
            panel.clear()
        self._scroll.hide()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        for panel in self.panels:
            panel.set_colors(colors)
        for button in self.buttons.buttons():
            button.setStyleSheet(
                "QToolButton { padding: 3px 6px } "
                f"QToolButton:checked {{ border: 2px solid {colors.accent}; font-weight: 600 }}"
            )
        self._tell()

    def _tell(self) -> None:
        """Explain the colours."""
        more, less = tint_colors(self.colors)
        labels = {panel.label for panel in self.panels} - {None}
        digit = a_digit(labels.pop()) if len(labels) == 1 else "the digit"
        self._legend.setText(
            f'The stronger, the more, each map by its own largest value. <span style="color:{more}">■</span> speaks '
            f'for {digit}, or more ink would; <span style="color:{less}">■</span> more ink would speak against it.'
        )

    def _button(self, digit: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("insideSaliencyAsRead" if digit == AS_READ else f"insideSaliency{digit}")
        button.setText("as read" if digit == AS_READ else str(digit))
        button.setAccessibleName("The digit that is read or shown" if digit == AS_READ else f"Digit {digit}")
        button.setToolTip(
            "The digit that the first network reads, or that the test digit shows."
            if digit == AS_READ
            else f"Show what speaks for {a_digit(digit)}."
        )
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons.addButton(button, digit)
        return button

    def _choose(self, block: int) -> None:
        for panel in self.panels:
            panel.choose(block)


class _Panel(QWidget):
    """One network's maps."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._answered: Answered | None = None
        self._block: int | None = None  # None: the last one
        self._title = Words(f"{name}Title", self)
        self.cam = TintedPicture(f"{name}Cam", "Grad-CAM of the chosen block", self)
        self.pixels = TintedPicture(f"{name}Pixels", "Gradient at the pixels", self)
        self._cam_words = Words(f"{name}CamWords", self)
        self._pixel_words = Words(f"{name}PixelWords", self)
        self.strip = CamStrip(f"{name}Strip", self)
        self._strip_scroll = QScrollArea(self)
        self._strip_scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._strip_scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._strip_scroll.setWidget(self.strip)
        self._strip_scroll.setFixedHeight(74)
        self._strip_scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING // 2)
        grid.setHorizontalSpacing(SPACING)
        grid.addWidget(self._title, 0, 0, 1, 2)
        grid.addWidget(self._cam_words, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._pixel_words, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.cam, 2, 0)
        grid.addWidget(self.pixels, 2, 1)
        grid.addWidget(self._strip_scroll, 3, 0, 1, 2)
        grid.setRowStretch(2, 1000)
        grid.setRowStretch(4, 1)  # what the pictures do not take
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self._maps = (self.cam, self.pixels, self._cam_words, self._pixel_words, self._strip_scroll)

    def show_answer(self, answered: Answered) -> None:
        """Show this network's maps."""
        saliency: Saliency = answered.answer
        if not saliency.finite:
            self.say(NO_NUMBERS)
            return
        self._answered = answered
        step = "" if answered.step is None else f", step {answered.step:,}"
        self._title.setText(f"<b>{escape(answered.name)}{step}</b> reads {saliency.read}")
        self.show()
        for widget in self._maps:
            widget.show()
        self.pixels.show_tint(answered.image, saliency.pixels)
        self._pixel_words.setText(pixel_words(saliency))
        self.pixels.setAccessibleDescription(self._pixel_words.text())
        self.strip.show_cams(answered.image, saliency.cams)
        self._strip_scroll.setVisible(bool(saliency.cams))
        self._show_block()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen block stays in view."""
        super().resizeEvent(event)
        self._bring_into_view()

    @property
    def label(self) -> int | None:
        """The digit that the maps are about; None if there are none."""
        return None if self._answered is None else self._answered.answer.label

    def say(self, text: str) -> None:
        """There is nothing to show, for this reason."""
        self._answered = None
        self._title.setText(text)
        for widget in self._maps:
            widget.hide()
        self.setVisible(bool(text))

    def clear(self) -> None:
        """There is no network."""
        self.say("")

    def choose(self, block: int) -> None:
        """Show this block large, or the last one if there are fewer."""
        self._block = block
        self._show_block()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        for widget in (self.cam, self.pixels, self.strip):
            widget.set_colors(colors)

    def _show_block(self) -> None:
        if self._answered is None:
            return
        saliency, blocks = self._answered.answer, self._answered.blueprint.blocks
        if not blocks:
            self.cam.show_tint(self._answered.image, None)
            self._cam_words.setText("This network has no blocks.")
            return
        last = len(blocks) - 1
        block = last if self._block is None else min(self._block, last)
        self.cam.show_tint(self._answered.image, saliency.cams[block].astype("float32") / 255, smooth=True)
        words = f"{block_name(blocks[block])}. {cam_words(saliency, block)}"
        self._cam_words.setText(words)
        self.cam.setAccessibleDescription(words)
        self.strip.setAccessibleDescription(f"{block + 1} of {len(blocks)}: {words}")
        if block != self.strip.block:
            self.strip.choose(block)
            self._bring_into_view()

    def _bring_into_view(self) -> None:
        place = self.strip.place_of(self.strip.block)
        self._strip_scroll.ensureVisible(place.center().x(), place.center().y(), place.width(), 0)
