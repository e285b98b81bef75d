"""Lesions by hand: the blocks, the strength of the chosen one, and what that changes."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.chips import chips_of, partners, swap_refusal, without_words
from resnet_gui.core.inside.effect import Effect, effect_words, images_words, score_words
from resnet_gui.core.inside.lesion import MOST_ALPHA, Lesion, removable
from resnet_gui.ui.inside.block_row import BlockRow
from resnet_gui.ui.inside.effect_bars import EffectBars
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

STEPS = 20  # of the slider for alpha 1
CAPTION = "Below each block: what is read without that block alone, and how surely."


class HandPanel(QScrollArea):
    """Shows a lesion and lets one edit it. Signals: `edited(object)` the Lesion that is wanted."""

    edited = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("handPanel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._colors = LIGHT
        self._blueprint: Blueprint | None = None
        self._lesion = Lesion()
        self._effect: Effect | None = None
        self._chosen = 0
        body = QWidget(self)
        self.row = BlockRow(body)
        self.caption = _label("lesionCaption", CAPTION, body)
        self.block_label = _label("lesionBlockLabel", "", body, wraps=False)
        self.slider = QSlider(Qt.Orientation.Horizontal, body)
        self.slider.setObjectName("alphaSlider")
        self.slider.setAccessibleName("Alpha: the strength of the chosen block's residual branch")
        self.slider.setToolTip(
            "The block computes x + α F(x): 1 as it was trained, 0 without its residual branch. In a plain network, "
            "which has no shortcut, it computes (1 - α) x + α F(x)."
        )
        self.slider.setRange(0, round(MOST_ALPHA * STEPS))
        self.slider.setPageStep(STEPS // 2)
        self.exchange_combo = QComboBox(body)
        self.exchange_combo.setObjectName("exchangeCombo")
        self.exchange_combo.setAccessibleName("Exchange the chosen block with another")
        self.exchange_combo.setMinimumContentsLength(13)
        self.exchange_combo.setToolTip("Blocks of the same layers and shapes can change places, with their weights.")
        self.notice = _label("lesionNotice", "", body)
        self.bars = EffectBars(body)
        self.verdict = _label("lesionVerdict", "", body)
        self.verdict.setProperty("role", "")
        self.singles = _label("lesionSingles", "", body)
        self.accuracies = [_label(f"lesionAccuracy{number}", "", body) for number in range(2)]
        self.images = _label("lesionImages", "", body)
        self._lay_out(body)
        self.setWidget(body)
        self.row.switched.connect(self._switch)
        self.row.chosen.connect(self._choose)
        self.row.exchanged.connect(self._exchange)
        self.slider.valueChanged.connect(lambda value: self._edit_alpha(value / STEPS))
        self.exchange_combo.activated.connect(self._exchange_with)
        self.show_nothing()

    def show_effect(self, blueprint: Blueprint, lesion: Lesion, effect: Effect) -> None:
        """Show what `lesion` does to this network."""
        if blueprint is not self._blueprint:
            self._blueprint, self._chosen = blueprint, 0
            self.notice.setText("")
        self._lesion, self._effect = lesion, effect
        words = effect_words(effect, lesion.touched)
        self.bars.show_readings(effect.before, effect.after if lesion.touched else None, words)
        self.verdict.setText(words)
        self.singles.setText(without_words(effect))
        self.accuracies[0].setText(score_words(effect.intact))
        self.accuracies[1].setText(score_words(effect.changed) if lesion.touched else "nothing is changed yet")
        self.images.setText(images_words(effect))
        self._refresh()

    def show_nothing(self, words: str = "") -> None:
        """There is no answer; `words` say why, if there is more to say."""
        self._blueprint, self._effect = None, None
        self.widget().setVisible(bool(words))
        for widget in self._contents:
            widget.setVisible(False)
        self.notice.setText(words)
        self.notice.setVisible(bool(words))

    def set_lesion(self, lesion: Lesion | None) -> None:
        """This is in force now, before there is an answer on it; None leaves the network as it was trained."""
        if self._blueprint is not None:
            self._lesion = lesion or Lesion.none(len(self._blueprint.blocks))
            self._refresh()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.bars.set_colors(colors)
        if self._blueprint is not None:
            self._refresh()

    def _refresh(self) -> None:
        blueprint, blocks = self._blueprint, len(self._lesion.alphas)
        if blueprint is None:
            return
        self.widget().setVisible(True)
        for widget in self._contents:
            widget.setVisible(True)
        for widget in self._of_blocks:
            widget.setVisible(bool(blocks))
        self.notice.setVisible(bool(self.notice.text()) or not blocks)
        if not blocks:
            self.notice.setText(f"{blueprint.architecture.name} has no blocks, so there is nothing to change.")
            return
        chosen = self._chosen
        self.row.show_chips(chips_of(blueprint, self._lesion, self._effect), chosen, self._colors)
        alpha, possible = self._lesion.alphas[chosen], removable(blueprint)[chosen]
        self.block_label.setText(f"Block {chosen + 1}:  α = {alpha:.2f}")
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(alpha * STEPS))
        self.slider.setEnabled(possible)
        others = partners(blueprint, chosen)
        texts = ["Exchange with…", *(f"block {other + 1}" for other in others)]
        if [self.exchange_combo.itemText(i) for i in range(self.exchange_combo.count())] != texts:
            self.exchange_combo.clear()
            self.exchange_combo.addItem(texts[0])
            for text, other in zip(texts[1:], others, strict=True):
                self.exchange_combo.addItem(text, other)
        self.exchange_combo.setCurrentIndex(0)
        self.exchange_combo.setEnabled(bool(others))

    def _edit(self, lesion: Lesion, notice: str = "") -> None:
        self.notice.setText(notice)
        self._lesion = lesion
        self._refresh()
        self.edited.emit(lesion)

    def _edit_alpha(self, alpha: float) -> None:
        if self._blueprint is not None:
            self._edit(self._lesion.with_alpha(self._chosen, alpha))

    def _switch(self, place: int) -> None:
        self._chosen = place
        if self._blueprint is not None and not removable(self._blueprint)[place]:
            self._refuse(
                f"Block {place + 1} changes the shape, and there is no shortcut: nothing could stand in for it."
            )
            return
        self._edit(self._lesion.with_alpha(place, 0.0 if self._lesion.alphas[place] else 1.0))

    def _choose(self, place: int) -> None:
        if place != self._chosen:
            self._chosen = place
            self._refresh()

    def _exchange_with(self, index: int) -> None:
        if (other := self.exchange_combo.itemData(index)) is not None:
            self._exchange(self._chosen, other)

    def _exchange(self, one: int, other: int) -> None:
        if self._blueprint is None:
            return
        if reason := swap_refusal(self._blueprint, one, other):
            self._refuse(reason)
            return
        self._chosen = other
        self._edit(self._lesion.swapped(one, other))

    def _refuse(self, reason: str) -> None:
        self.notice.setText(reason)
        self._refresh()

    def _lay_out(self, body: QWidget) -> None:
        controls = QHBoxLayout()
        controls.addWidget(self.block_label)
        controls.addWidget(self.slider, 1)
        controls.addWidget(self.exchange_combo)
        figures = QGridLayout()
        figures.setHorizontalSpacing(SPACING)
        titles = [_label("", text, body) for text in ("As it was trained", "Changed")]
        heading = _label("lesionAccuracyTitle", "Test digits that it reads", body)
        heading.setProperty("role", "title")
        figures.addWidget(heading, 0, 0, 1, 2)
        for row, (title, value) in enumerate(zip(titles, self.accuracies, strict=True), start=1):
            figures.addWidget(title, row, 0)
            figures.addWidget(value, row, 1)
            value.setProperty("role", "")
        figures.addWidget(self.images, 3, 0, 1, 2)
        figures.setColumnStretch(1, 1)
        figures.setVerticalSpacing(SPACING // 4)
        right = QVBoxLayout()
        right.setSpacing(SPACING // 2)
        right.addWidget(self.verdict)
        right.addWidget(self.singles)
        right.addLayout(figures)
        right.addStretch(1)
        bottom = QHBoxLayout()
        bottom.setSpacing(2 * SPACING)
        bottom.addWidget(self.bars, 1)
        bottom.addLayout(right, 1)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, SPACING, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.row)
        layout.addWidget(self.caption)
        layout.addLayout(controls)
        layout.addWidget(self.notice)
        layout.addLayout(bottom, 1)
        self._of_blocks: list[QWidget] = [self.row, self.caption, self.block_label, self.slider, self.exchange_combo]
        self._contents = [*self._of_blocks, self.bars, self.verdict, self.singles]
        self._contents += [heading, *titles, *self.accuracies, self.images]


def _label(name: str, text: str, parent: QWidget, wraps: bool = True) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setProperty("role", "muted")
    label.setWordWrap(wraps)
    if wraps:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
