"""Both schemes can be read, and the style sheet is one that Qt understands."""

from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from resnet_gui.ui.theme import DARK, ICONS, LIGHT, stylesheet

SCHEMES = pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])


def luminance(color):
    def linear(share):
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(color).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(first, second):
    """The contrast ratio of WCAG 2.2."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@SCHEMES
@pytest.mark.parametrize("ink", ["text", "muted", "error"])
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
def test_text_stands_out_from_every_ground(colors, ink, ground):
    assert contrast(getattr(colors, ink), getattr(colors, ground)) >= 4.5


@SCHEMES
def test_text_on_the_accent_can_be_read(colors):
    assert contrast(colors.on_accent, colors.accent) >= 4.5
    assert contrast(colors.on_accent, colors.accent_hover) >= 4.5


@SCHEMES
def test_curves_and_ink_stand_out(colors):
    assert contrast(colors.ink, colors.paper) >= 7
    assert all(contrast(color, colors.surface) >= 2 for color in colors.runs)
    assert len(set(colors.runs)) == len(colors.runs)


def test_both_schemes_have_as_many_run_colours():
    assert len(LIGHT.runs) == len(DARK.runs)
    assert {field.name for field in fields(LIGHT)} == {field.name for field in fields(DARK)}


@SCHEMES
def test_the_style_sheet_is_understood(colors, qtbot):
    # Qt warns of what it cannot parse, and a warning fails the test.
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = QVBoxLayout(widget)
    for child in (QLabel("label"), QPushButton("button"), QSpinBox()):
        layout.addWidget(child)
    widget.setStyleSheet(stylesheet(colors))
    widget.show()
    assert widget.grab().toImage().pixelColor(1, 1) == QColor(colors.window)


def test_the_icons_are_there():
    names = {line.split(f"{ICONS}/")[1].split('"')[0] for line in stylesheet(LIGHT).splitlines() if ICONS in line}
    assert names == {path.name for path in Path(ICONS).iterdir()}
