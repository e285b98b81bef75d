"""The dialog that sets the augmentation, and its gallery."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QPushButton

from resnet_gui.core.experiment import AUGMENTATIONS, Recipe
from resnet_gui.ui.augmentation_dialog import CHOICES, STEPS, AugmentationDialog
from resnet_gui.ui.experiment_fields import AUGMENTATION_FIELDS

RECIPE = Recipe(shift=1.5, scale=0.25, epochs=3)


@pytest.fixture
def dialog(qtbot):
    dialog = AugmentationDialog(RECIPE)
    qtbot.addWidget(dialog)
    dialog.asked, dialog.chosen = [], []
    dialog.preview_wanted.connect(dialog.asked.append)
    dialog.recipe_chosen.connect(dialog.chosen.append)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def answer(dialog, gray=200):
    """Answer the dialog's newest question."""
    images = np.full((10, 28, 28), gray, np.uint8)
    dialog.show_preview(SimpleNamespace(recipe=dialog.asked[-1], originals=images, changed=np.stack([images] * STEPS)))


def press(dialog, name):
    QTest.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_it_begins_with_the_recipe_and_asks_what_that_looks_like(dialog):
    assert dialog.recipe == RECIPE
    assert dialog.spins["scale"].value() == 25
    assert dialog.asked == [RECIPE]
    assert not dialog.gallery.rows


def test_an_edit_is_shown_and_no_question_is_asked_twice(dialog):
    dialog.spins["rotation"].setValue(12.0)
    dialog.spins["rotation"].setValue(13.0)
    assert len(dialog.asked) == 1  # the first answer is still to come
    answer(dialog)
    assert [recipe.rotation for recipe in dialog.asked] == [0.0, 13.0]
    answer(dialog)
    assert len(dialog.asked) == 2


def test_the_gallery_shows_originals_and_what_became_of_them(dialog):
    before = dialog.gallery.grab().toImage()
    answer(dialog)
    assert [len(row) for row in dialog.gallery.rows] == [1 + STEPS] * 10
    assert dialog.gallery.grab().toImage() != before
    assert "10 digits" in dialog.gallery.accessibleDescription()


def test_ok_tells_the_recipe_with_everything_else_as_it_was(dialog):
    dialog.spins["pen"].setValue(0.3)
    QTest.mouseClick(
        dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton
    )
    assert dialog.chosen == [Recipe(shift=1.5, scale=0.25, pen=0.3, epochs=3)]


def test_cancel_tells_nothing(dialog):
    press(dialog, "augmentationHandsButton")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not dialog.chosen


@pytest.mark.parametrize("name", CHOICES)
def test_a_ready_choice_fills_all_fields(dialog, name):
    press(dialog, f"augmentation{name}Button")
    amounts = CHOICES[name][1]
    assert set(amounts) == set(AUGMENTATIONS)
    assert {key: getattr(dialog.recipe, key) for key in amounts} == amounts
    assert dialog.recipe.augmented is (name != "None")


def test_every_amount_can_be_set_up_to_its_limit_and_back(dialog):
    assert set(AUGMENTATION_FIELDS) == set(AUGMENTATIONS)
    for name, (most, _) in AUGMENTATIONS.items():
        dialog.spins[name].setValue(1e9)
        assert getattr(dialog.recipe, name) == pytest.approx(most)
        assert dialog.spins[name].accessibleName()
        dialog.spins[name].setValue(0)
        assert getattr(dialog.recipe, name) == 0.0


def test_after_a_failure_the_next_edit_asks_again(dialog):
    dialog.show_preview(None)
    dialog.spins["shift"].setValue(3.0)
    assert [recipe.shift for recipe in dialog.asked] == [1.5, 3.0]
