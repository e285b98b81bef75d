"""Charts as pictures: light, sharp, with their axes and all names."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from resnet_gui.core.comparison import Entry
from resnet_gui.core.curve_options import CurveOptions
from resnet_gui.core.events import EpochEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run
from resnet_gui.ui.chart_picture import SCALE, png_bytes, svg_bytes
from resnet_gui.ui.curves_view import CurvesView
from resnet_gui.ui.theme import DARK, LIGHT


@pytest.fixture
def view(qtbot):
    view = CurvesView()
    qtbot.addWidget(view)
    view.set_colors(DARK)
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    return view


def make_run(name, level, seed=0, steps=2_000):
    run = Run(name, Experiment(recipe=Recipe(seed=seed)))
    loss = (level * np.exp(np.random.default_rng(seed).normal(0, 0.2, steps))).astype(np.float32)
    run.apply(StepsEnded(name, 0, loss, np.clip(1 - loss / 4, 0, 1), 1.0, 1.0, 9.0))
    for epoch in range(2):
        run.apply(EpochEnded(name, epoch, (epoch + 1) * steps // 2, level, 0.5))
    return run


def texts(svg):
    return re.findall(r">([^<>]+)</text>", svg.decode())


def colors_of(image, area=None):
    part = image if area is None else image.copy(area.toRect())
    small = part.convertToFormat(QImage.Format.Format_RGB32)
    return {small.pixelColor(x, y).name() for x in range(0, small.width(), 2) for y in range(0, small.height(), 2)}


@pytest.mark.parametrize(
    "options", [CurveOptions(), CurveOptions(smoothing=0, log_x=True, log_y=True), CurveOptions(spread="range")]
)
def test_an_svg_holds_labels_names_and_lines_but_no_pixels(view, options):
    view.set_options(options)
    runs = [make_run("a", 1.0, 1), make_run("b", 2.0, 2)]
    view.show_runs([Entry(run, f"<net & {run.id}>", color) for color, run in enumerate(runs)])
    svg = svg_bytes(view, "Curves")
    words = " ".join(texts(svg))
    for word in ("Training step", "Loss", "Accuracy (%)", "&lt;net &amp; a&gt;"):
        assert word in words
    assert b"<title>Curves</title>" in svg
    assert b"<image" not in svg
    assert b"clip" not in svg
    drawn = 1 if options.spread == "range" else 2  # curves in each of the two plots
    for color in LIGHT.runs[:drawn]:
        lines = re.findall(rf'stroke="{color}"[^>]*>\s*<(?:polyline|path)', svg.decode())
        assert len(lines) >= (2 if options.smoothing == 0 else 4)  # training and validation
    assert not any(color.encode() in svg for color in DARK.runs[:2])
    assert QSvgRenderer(svg).isValid()


def test_the_screen_stays_as_it_was(view):
    view.show_runs([Entry(make_run("a", 1.0), "a", 0)])
    view.select("a")
    before = view.grab().toImage()
    svg_bytes(view)
    png_bytes(view)
    assert view.colors is DARK
    assert view.grab().toImage() == before


def test_a_png_is_twice_as_large_light_and_shows_every_curve(view):
    view.show_runs([Entry(make_run("a", 1.0), "a", 0), Entry(make_run("b", 2.0), "b", 1)])
    image = QImage.fromData(png_bytes(view), "PNG")
    assert image.width() >= SCALE * view.canvas.width()
    assert image.pixelColor(2, 2).name() == LIGHT.surface
    assert set(LIGHT.runs[:2]) <= colors_of(image)
    assert DARK.surface not in colors_of(image)


def test_nothing_is_drawn_outside_of_the_plots(view):
    view.show_runs([Entry(make_run("a", 1.0), "a", 0)])
    view.set_options(CurveOptions(smoothing=0, plots="loss"))
    box = view.plots[0].getViewBox()
    box.sigRangeChangedManually.emit([True, True])
    box.setRange(xRange=(500, 1500), yRange=(0.95, 1.05), padding=0)
    view.redraw()
    renderer = QSvgRenderer(svg_bytes(view))
    size = renderer.viewBoxF().size().toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    inside = box.sceneBoundingRect().translated(16, size.height() - 16 - view.canvas.height())
    assert LIGHT.runs[0] in colors_of(image, inside)
    legend = inside.top() - 6  # below the names
    for outside in (
        QRectF(0, legend, inside.left() - 2, size.height() - legend),
        QRectF(inside.right() + 2, legend, size.width() - inside.right() - 2, size.height() - legend),
        QRectF(0, inside.bottom() + 2, size.width(), size.height() - inside.bottom() - 2),
    ):
        found = {name for name in colors_of(image, outside) if QColor(name).saturation() > 120}
        assert not found


def test_all_of_many_long_names_are_in_the_picture(view):
    runs = [make_run(str(number), 1.0, steps=50) for number in range(40)]
    view.show_runs([Entry(run, f"a long name of run {run.id}", 0) for run in runs])
    svg = svg_bytes(view)
    words = texts(svg)
    assert all(f"a long name of run {number}" in words for number in range(40))
    places = re.findall(r'<text[^>]* x="([\d.]+)"[^>]*>a long name', svg.decode().replace("\n", " "))
    assert max(map(float, places)) < view.canvas.width()


def test_an_empty_chart_can_be_saved_too(view):
    assert not QImage.fromData(png_bytes(view), "PNG").isNull()
