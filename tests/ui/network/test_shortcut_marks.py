"""Each shortcut type has a look of its own."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from resnet_gui.core.architecture import Architecture, Shortcut
from resnet_gui.ui.network.plan import make_plan
from resnet_gui.ui.network.shortcut_marks import LOOKS, SHORTCUT_NAMES, Mark, marks_of, paint_glyph
from resnet_gui.ui.theme import DARK, LIGHT


def test_every_mark_and_type_has_a_name():
    assert set(LOOKS) == set(Mark)
    assert set(SHORTCUT_NAMES) == set(Shortcut)
    assert all(look.sentence.endswith(".") for look in LOOKS.values())


def test_line_styles_differ():
    lines = [(look.dashes, look.double) for mark, look in LOOKS.items() if mark is not Mark.NONE]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_glyphs_differ(qtbot, colors):
    pictures = []
    for mark in Mark:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_glyph(painter, mark, QPointF(12, 12), colors)
        painter.end()
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize(
    ("shortcut", "same", "changed"),
    [
        ("none", (Mark.NONE,), (Mark.NONE,)),
        ("A", (Mark.IDENTITY,), (Mark.ZERO_PADDING,)),
        ("identity", (Mark.IDENTITY,), (Mark.PROJECTION,)),
        ("projection", (Mark.PROJECTION,), (Mark.PROJECTION,)),
        ("constant-scaling", (Mark.SCALING,), (Mark.PROJECTION, Mark.SCALING)),
        ("exclusive-gating", (Mark.EXCLUSIVE_GATE,), (Mark.PROJECTION, Mark.EXCLUSIVE_GATE)),
        ("shortcut-only-gating", (Mark.SHORTCUT_GATE,), (Mark.PROJECTION, Mark.SHORTCUT_GATE)),
        ("dropout", (Mark.DROPOUT,), (Mark.PROJECTION, Mark.DROPOUT)),
    ],
)
def test_marks_come_from_the_layers(shortcut, same, changed):
    plan = make_plan(Architecture(2, 2, 16, shortcut))
    assert marks_of(plan.block(1, 2)) == same
    assert marks_of(plan.block(2, 1)) == changed
