"""Bars, verdict and the network's image, read back from their pixels."""

from math import ceil

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from resnet_gui.core.reading import Reading
from resnet_gui.core.strokes import to_image
from resnet_gui.ui import prediction_view
from resnet_gui.ui.prediction_view import EMPTY_TEXT, NO_NUMBER_TEXT, NetworkImageView, PredictionView
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


def doubt(first=3, second=8):
    probabilities = np.full(10, 0.21 / 8, np.float32)
    probabilities[first], probabilities[second] = 0.41, 0.38
    return Reading("starter", "starter network", SEVEN, probabilities, unsure=True)


def colours_left(view):
    """The colours in the verdict's place."""
    image = view.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width() // 4) for y in range(image.height())}


def test_unsure_stands_in_place_of_a_verdict_and_the_bars_stay(view):
    view.show_reading(doubt())
    assert view.unsure
    assert view.text == view.accessibleDescription() == "Unsure: perhaps 3 (41 %) or 8 (38 %)"
    assert LIGHT.caution in colours_left(view)
    assert LIGHT.accent not in colours_left(view)
    assert columns_in(view, LIGHT.caution, 3) > 20
    sure = doubt()
    view.show_reading(Reading(sure.run, sure.network, sure.image, sure.probabilities))
    assert not view.unsure
    assert LIGHT.accent in colours_left(view)
    assert columns_in(view, LIGHT.accent, 3) > 20


def test_the_tooltip_says_what_unsure_means(view):
    assert "no digit at all" in view.toolTip()
    assert "evaluate --scribbles" in view.toolTip()


def test_a_verdict_is_announced_once_it_stands(view, qtbot):
    with qtbot.waitSignal(view.announced) as told:
        view.show_reading(reading(digit=1))
        view.show_reading(reading(digit=7, share=0.6))
        view.show_reading(reading(digit=7))
    assert told.args == ["Reads 7 with 98 %"]
    with qtbot.waitSignal(view.announced) as told:
        view.show_reading(doubt())
    assert told.args == ["Unsure: perhaps 3 (41 %) or 8 (38 %)"]


def test_a_verdict_that_stays_is_not_announced_again_before_there_is_another_drawing(qtbot, monkeypatch):
    monkeypatch.setattr(prediction_view, "REST_MS", 0)
    view = PredictionView()
    qtbot.addWidget(view)
    told = []
    view.announced.connect(told.append)
    view.show_reading(reading())
    qtbot.waitUntil(lambda: len(told) == 1)
    view.show_reading(reading(share=0.97))
    view.show_nothing(EMPTY_TEXT)
    view.show_reading(reading())
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["Reads 7 with 98 %"] * 2


def test_a_drawing_that_is_wiped_away_is_not_announced(view, qtbot):
    view.show_reading(reading())
    view.show_nothing(EMPTY_TEXT)
    with qtbot.assertNotEmitted(view.announced, wait=2 * prediction_view.REST_MS):
        pass


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
