"""The dialog that sets how training images are changed at random, and shows at once what that looks like."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.experiment import AUGMENTATIONS, Recipe
from resnet_gui.ui.experiment_fields import AUGMENTATION_FIELDS
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

STEPS = 7  # columns of the gallery beside the originals
GAP = 4  # pixels between its images
SMALLEST = 28  # pixels of an image in it
INTRODUCTION = (
    "Each step of the training sees every image a little changed, at random: so the network learns to read many hands, "
    "and not only those that wrote the data set."
)
# Amounts to begin with: a name, and what it is good for.
CHOICES: dict[str, tuple[str, dict[str, float]]] = {
    "None": ("The images as they are.", dict.fromkeys(AUGMENTATIONS, 0.0)),
    "Gentle": (
        "Small changes: a little more accuracy on the data set's own test images.",
        {"shift": 1.0, "rotation": 8.0, "scale": 0.1, "shear": 0.1, "elastic": 0.4, "pen": 0.2},
    ),
    "Hands": (
        "As the starter network was trained: for digits that people draw.",
        {"shift": 1.5, "rotation": 12.0, "scale": 0.15, "shear": 0.25, "elastic": 0.3, "pen": 0.15},
    ),
}


class AugmentationDialog(QDialog):
    """Sets the augmentation of a recipe. Show it with `open()`.

    Signals:
        preview_wanted(Recipe): what does this look like? The answer goes to `show_preview`.
        recipe_chosen(Recipe): the recipe with these amounts.
    """

    preview_wanted = Signal(object)
    recipe_chosen = Signal(object)

    def __init__(self, recipe: Recipe, colors: Colors = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("augmentationDialog")
        self.setWindowTitle("Augmentation: images changed at random")
        self._recipe = recipe
        self.shown: Recipe | None = None  # what the gallery is of
        self._asked: Recipe | None = None  # what it waits for
        introduction = QLabel(INTRODUCTION, self)
        introduction.setWordWrap(True)
        introduction.setProperty("role", "muted")
        self.spins = {name: self._spin(name) for name in AUGMENTATIONS}
        self.gallery = AugmentationGallery(self)
        self.gallery.set_colors(colors)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

        choices = QHBoxLayout()
        for name, (why, amounts) in CHOICES.items():
            choices.addWidget(self._choice(name, why, amounts))
        choices.addStretch(1)
        fields = QGridLayout()
        fields.setHorizontalSpacing(SPACING)
        fields.setVerticalSpacing(SPACING)
        for row, (name, spin) in enumerate(self.spins.items()):
            title, _, explanation = AUGMENTATION_FIELDS[name]
            label = QLabel(title, self)
            label.setBuddy(spin)
            label.setToolTip(explanation)
            fields.addWidget(label, row, 0)
            fields.addWidget(spin, row, 1)
        left = QVBoxLayout()
        left.addLayout(choices)
        left.addSpacing(SPACING)
        left.addLayout(fields)
        left.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(3 * SPACING)
        body.addLayout(left)
        body.addWidget(self.gallery, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(introduction)
        layout.addLayout(body, 1)
        layout.addWidget(buttons)
        self._show_amounts()

    @property
    def recipe(self) -> Recipe:
        """The recipe with the amounts in the fields."""
        amounts = {name: spin.value() / _factor(name) for name, spin in self.spins.items()}
        return replace(self._recipe, **{name: round(amount, 6) for name, amount in amounts.items()})

    def open(self) -> None:
        """Show the dialog, and ask for the first images."""
        super().open()
        self._ask()

    def show_preview(self, preview: Any) -> None:
        """Show an engine.preview.Preview; one of earlier amounts gives way to the next at once. None: it failed."""
        if preview is None:
            self._asked = None
            return
        self._asked, self.shown = None, preview.recipe
        self.gallery.show_images(preview.originals, preview.changed)
        if preview.recipe != self.recipe:
            self._ask()

    def accept(self) -> None:
        """Close, and tell the amounts."""
        self.recipe_chosen.emit(self.recipe)
        super().accept()

    def _ask(self) -> None:
        """Ask for what the fields say, unless an answer is still to come: images never lag behind by more than one."""
        if self._asked is None and self.isVisible():
            self._asked = self.recipe
            self.preview_wanted.emit(self._asked)

    def _show_amounts(self) -> None:
        for name, spin in self.spins.items():
            spin.setValue(getattr(self._recipe, name) * _factor(name))

    def _take(self, amounts: dict[str, float]) -> None:
        for name, amount in amounts.items():
            self.spins[name].setValue(amount * _factor(name))

    def _choice(self, name: str, why: str, amounts: dict[str, float]) -> QPushButton:
        button = QPushButton(name, self)
        button.setObjectName(f"augmentation{name}Button")
        button.setAccessibleName(f"Augmentation: {name.lower()}")
        button.setToolTip(why)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._take(amounts))
        return button

    def _spin(self, name: str) -> QDoubleSpinBox:
        title, unit, explanation = AUGMENTATION_FIELDS[name]
        most, factor = AUGMENTATIONS[name][0], _factor(name)
        spin = QDoubleSpinBox(self)
        spin.setObjectName(f"{name}Spin")
        spin.setAccessibleName(f"{title}: {explanation}")
        spin.setToolTip(explanation)
        spin.setDecimals(0 if factor > 1 else 2 if most <= 3 else 1)
        spin.setSuffix(f" {unit}" if unit != "°" else unit)
        spin.setRange(0.0, most * factor)
        spin.setSingleStep(5.0 if factor > 1 else 1.0 if most > 8 else 0.5 if most > 3 else 0.1)
        spin.setMinimumWidth(96)
        spin.lineEdit().setTextMargins(SPACING // 2, 0, 0, 0)
        spin.valueChanged.connect(lambda _: self._ask())
        return spin


def _factor(name: str) -> float:
    """What a field's number is multiplied by: shares are shown in percent."""
    return 100.0 if AUGMENTATION_FIELDS[name][1] == "%" else 1.0


class AugmentationGallery(QWidget):
    """Ten digits in rows: as they are on the left, and beside that as several steps of a training see them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("augmentationGallery")
        self.setAccessibleName("What the training would see")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._colors = LIGHT
        self._rows: list[list[QImage]] = []  # of each digit, the original first
        self.setAccessibleDescription("The images are being made.")

    @property
    def rows(self) -> list[list[QImage]]:
        """The images on show, of each digit the original and its changed ones; empty before they are made."""
        return self._rows

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors = colors
        self.update()

    def show_images(self, originals: NDArray[np.uint8], changed: NDArray[np.uint8]) -> None:
        """Show digits uint8 (n, 28, 28) and what became of them, (steps, n, 28, 28)."""
        self._rows = [[_image(original), *map(_image, changed[:, row])] for row, original in enumerate(originals)]
        count = len(originals)
        self.setAccessibleDescription(f"{count} digits, each as it is and as {len(changed)} steps would see it")
        self.update()

    def sizeHint(self) -> QSize:
        """Each image at twice its size."""
        return self._size(56)

    def minimumSizeHint(self) -> QSize:
        """Each image at its size."""
        return self._size(SMALLEST)

    def _size(self, side: int) -> QSize:
        return QSize((STEPS + 1) * (side + GAP) + 3 * GAP, 10 * (side + GAP) + self.fontMetrics().height() + GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headings, and the images by nearest neighbours, white on black as the network gets them."""
        painter = QPainter(self)
        painter.setPen(QColor(self._colors.muted))
        heading = self.fontMetrics().height() + GAP
        columns, rows = STEPS + 1, max(len(self._rows), 10)
        side = int(min((self.width() - 3 * GAP) / columns - GAP, (self.height() - heading) / rows - GAP))
        painter.drawText(0, self.fontMetrics().ascent(), "Data")
        painter.drawText(side + 4 * GAP, self.fontMetrics().ascent(), "In training, anew in each step")
        if not self._rows:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Making images…")
        for row, images in enumerate(self._rows):
            for column, image in enumerate(images):
                left = column * (side + GAP) + (3 * GAP if column else 0)  # the originals stand apart
                painter.drawImage(QRectF(left, heading + row * (side + GAP), side, side), image)
        painter.end()


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape
    # A QImage of foreign memory does not keep it alive: copy.
    return QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
