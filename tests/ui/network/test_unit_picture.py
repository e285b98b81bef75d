"""The picture of one unit: what stands on its lines, and room for all of it."""

import pytest
from PySide6.QtGui import QColor

from resnet_gui.core.architecture import Architecture, Block, Order, Shortcut
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.ui.network.plan import make_plan
from resnet_gui.ui.network.unit_picture import SMALLEST, UnitPicture
from resnet_gui.ui.theme import DARK, LIGHT


@pytest.fixture
def picture(qtbot):
    picture = UnitPicture()
    qtbot.addWidget(picture)
    picture.show()
    return picture


def show(picture, shortcut="identity", stage=1, number=2, **settings):
    plan = make_plan(Architecture(2, 2, 16, shortcut, **{"batch_norm": True, **settings}))
    picture.show_block(plan.block(stage, number))
    return picture.words


def accents(picture):
    image = picture.grab().toImage()
    wanted = QColor(LIGHT.accent).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize(
    ("order", "branch", "total"),
    [
        ("original", "conv 3×3, 16, BN, ReLU, conv 3×3, 16, BN", "sum: addition, ReLU"),
        ("bn-after-addition", "conv 3×3, 16, BN, ReLU, conv 3×3, 16;", "sum: addition, BN, ReLU"),
        ("relu-before-addition", "conv 3×3, 16, BN, ReLU, conv 3×3, 16, BN, ReLU", "sum: addition;"),
        ("relu-only-pre-activation", "ReLU, conv 3×3, 16, BN, ReLU, conv 3×3, 16, BN", "sum: addition;"),
        ("full-pre-activation", "BN, ReLU, conv 3×3, 16, BN, ReLU, conv 3×3, 16", "sum: addition;"),
    ],
)
def test_the_five_orders_of_figure_4(picture, order, branch, total):
    words = show(picture, order=order)
    assert f"branch: {branch}" in words
    assert total in words


@pytest.mark.parametrize(
    ("shortcut", "said"),
    [
        ("projection", "shortcut: conv 1×1, 16, BN"),
        ("constant-scaling", "shortcut: × 0.5"),
        ("exclusive-gating", "gate: conv 1×1, 16, g: sigmoid, b = −6, 1 − g; shortcut: times the gate"),
        ("shortcut-only-gating", "gate: conv 1×1, 16, g: sigmoid, b = −6, 1 − g; shortcut: times the gate"),
        ("dropout", "shortcut: dropout 0.5"),
    ],
)
def test_the_shortcuts_of_figure_2(picture, shortcut, said):
    words = show(picture, shortcut)
    assert said in words
    assert ("BN, times the gate" in words) == (shortcut == "exclusive-gating")


def test_option_a_keeps_every_second_pixel_and_pads(picture):
    assert "shortcut: every 2nd pixel, zero-pad to 32" in show(picture, "A", 2, 1)
    assert "every 2nd" not in show(picture, "A", 2, 2)


def test_a_shared_pre_activation_stands_before_both(picture):
    assert "before both: BN, ReLU" in show(picture, "identity", 2, 1, order="full-pre-activation")


def test_plain_blocks_have_nothing_around_them(picture):
    words = show(picture, "none")
    assert "shortcut" not in words
    assert accents(picture) == 0
    show(picture, "identity")
    assert accents(picture) > 100


def test_every_block_has_room_and_is_painted(picture):
    for shortcut in Shortcut:
        for order in Order:
            for block in Block:
                for stage in (1, 2):
                    try:
                        show(picture, shortcut, stage, 1, order=order, block=block)
                    except ArchitectureError:
                        continue
                    assert picture.size() == picture.sizeHint() == picture.minimumSizeHint()
        picture.grab()


def test_stem_and_head_are_chains(picture):
    plan = make_plan(Architecture(1, 1, 16))
    picture.show_chain(plan.stem, "image  28×28×1")
    assert picture.words == "image  28×28×1; branch: conv 3×3, 16, ReLU; 28×28×16"
    picture.show_chain(plan.head, "28×28×16")
    assert "flatten, dense, 10, softmax" in picture.accessibleDescription()
    picture.grab()


def test_it_shrinks_as_far_as_it_can_be_read(picture):
    show(picture, "exclusive-gating", 2, 1)
    natural = picture.natural_size.width()
    picture.set_room(0.9 * natural)
    assert picture.sizeHint().width() == pytest.approx(0.9 * natural, abs=1)
    picture.set_room(10)
    assert picture.sizeHint().width() == pytest.approx(SMALLEST * natural, abs=1)


def test_colours_follow_the_scheme(picture):
    show(picture)
    light = picture.grab().toImage()
    picture.set_colors(DARK)
    assert picture.grab().toImage() != light
