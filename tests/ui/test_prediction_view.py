"""Bars, verdict and the network's image, read back from their pixels."""

from math import ceil

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from resnet_gui.core.reading import Reading
from resnet_gui.core.strokes import to_image
from resnet_gui.ui.prediction_view import EMPTY_TEXT, NO_NUMBER_TEXT, NetworkImageView, PredictionView, percent
from resnet_gui.ui.theme import DARK, LIGHT

SEVEN = to_image([np.array([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)])])


def reading(digit=7, share=0.98):
    probabilities = np.full(10, (1 - share) / 9, np.float32)
    probabilities[digit] = share
    return Reading("starter", "starter network", SEVEN, probabilities)


@pytest.fixture
def view(qtbot):
    widget = PredictionView()
    qtbot.addWidget(widget)
    widget.resize(300, 160)
    widget.show()
    return widget


@pytest.fixture
def image_view(qtbot):
    widget = NetworkImageView()
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    widget.show()
    return widget


def columns_in(view, color, row):
    """How many pixels of bar `row` have `color`."""
    image = view.grab().toImage()
    y, left = round((row + 0.5) * image.height() / 10), image.width() // 3
    found = sum(image.pixelColor(x, y) == QColor(color) for x in range(left, image.width()))
    return found / image.devicePixelRatio()


def test_starts_with_nothing(view):
    assert view.objectName() == "predictionView"
    assert view.accessibleName() == "Prediction"
    assert view.toolTip()
    assert view.verdict is None
    assert view.probabilities is None
    assert view.accessibleDescription() == EMPTY_TEXT


def test_a_reading_gives_a_verdict(view):
    view.show_reading(reading())
    assert view.verdict == 7
    assert view.probabilities.sum() == pytest.approx(1)
    assert view.accessibleDescription() == "Reads 7 with 98 %"


def test_the_winner_has_the_accent_colour_and_bars_are_as_long_as_probable(view):
    view.show_reading(reading(digit=3, share=0.82))
    assert columns_in(view, LIGHT.accent, 7) == 0
    half = reading(digit=3, share=0.41)
    long = columns_in(view, LIGHT.accent, 3)
    view.show_reading(half)
    assert columns_in(view, LIGHT.accent, 3) == pytest.approx(long / 2, abs=3)


def test_the_reading_is_copied(view):
    one = reading()
    view.show_reading(one)
    one.probabilities[:] = 0
    assert view.verdict == 7


def test_nothing_again_takes_the_verdict_away(view):
    view.show_reading(reading())
    view.show_nothing("The engine is starting.")
    assert view.verdict is None
    assert view.text == view.accessibleDescription() == "The engine is starting."
    assert all(columns_in(view, LIGHT.accent, row) == 0 for row in range(10))


def test_a_network_that_diverged_is_no_verdict(view):
    broken = reading()
    broken.probabilities[:] = np.nan
    view.show_reading(broken)
    assert view.verdict is None
    assert view.text == NO_NUMBER_TEXT
    view.grab()


@pytest.mark.parametrize("size", [(1, 1), (200, 140), (260, 60), (900, 700)])
def test_paints_at_any_size(view, size):
    view.setMinimumSize(0, 0)
    view.resize(*size)
    view.show_reading(reading())
    view.grab()
    view.show_nothing("A long sentence on why there is nothing to be read here at the moment, with reasons.")
    view.grab()


def test_colours_follow_the_scheme(view):
    view.set_colors(DARK)
    view.show_reading(reading())
    assert columns_in(view, DARK.accent, 7) > 50


def test_percent_is_whole():
    assert [percent(share) for share in (0.0, 0.004, 0.978, 1.0)] == ["0 %", "0 %", "98 %", "100 %"]


def seen_in(view, ratio):
    """The image read back from the middles of its pixels on a screen with `ratio`."""
    shot = QImage(QSize(1, 1) * round(100 * ratio), QImage.Format.Format_RGB32)
    shot.setDevicePixelRatio(ratio)
    view.render(shot)
    scale, corner = ceil(3 * ratio), ceil(ratio)
    places = [corner + scale * i + scale // 2 for i in range(28)]
    return [[shot.pixelColor(x, y).red() for x in places] for y in places]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_the_image_is_shown_pixel_by_pixel(image_view, monkeypatch, ratio):
    monkeypatch.setattr(image_view, "devicePixelRatioF", lambda: ratio, raising=False)
    image_view.resize(image_view.sizeHint())
    image_view.show_image(SEVEN)
    np.testing.assert_array_equal(seen_in(image_view, ratio), SEVEN)


def test_the_image_does_not_follow_later_changes_of_the_array(image_view):
    pixels = SEVEN.copy()
    image_view.show_image(pixels)
    pixels[:] = 0
    assert image_view.image.pixelColor(14, 5).red() == SEVEN[5, 14]


def test_the_image_can_be_taken_away(image_view):
    assert image_view.objectName() == "networkImage"
    assert image_view.accessibleName() == "What the network sees"
    image_view.show_image(SEVEN)
    assert image_view.accessibleDescription() == "28 x 28 pixels"
    image_view.show_nothing()
    assert image_view.image is None
    assert image_view.accessibleDescription() == "Empty"
    image_view.set_colors(DARK)
    assert image_view.grab().toImage().pixelColor(10, 10) == QColor(DARK.raised)
