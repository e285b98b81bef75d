"""Charts are well-formed SVG that says in words and shapes what it shows."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from resnet_gui.core import charts
from resnet_gui.core.charts import Line, Point, curve_chart, depth_chart, escaped, nice_ticks
from resnet_gui.ui.theme import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('1')</script> \"&\x00\ud800"


def line(name="ResNet-20", color=0, y=(2.0, 1.0, 0.5), dots=()):
    return Line(name, color, np.arange(1.0, len(y) + 1), np.array(y), tuple(dots))


def curves(*lines, top=2.0, shares=False):
    svg = curve_chart("loss", "Loss", "It falls.", ("training step", "loss"), lines, top, shares)
    return ElementTree.fromstring(svg)


def depths(*points):
    svg = depth_chart("depth", "Test accuracy over depth", "What depth does.", "test accuracy", points)
    return ElementTree.fromstring(svg)


def point(name="a", x=20, y=0.9, plain=False, kind="k", color=0):
    return Point(name, color, x, y, y - 0.01, y + 0.01, plain, kind)


def texts(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def paths(svg, kind="line"):
    return [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("class", "").split()[0] == kind]


def test_a_chart_is_named_and_described_for_those_who_do_not_see_it():
    svg = curves(line())
    assert svg.get("role") == "img"
    named = {element.get("id"): element.text for element in svg.iter()}
    assert [named[key] for key in svg.get("aria-labelledby").split()] == ["Loss", "It falls."]


def test_axes_and_legend_are_labelled():
    shown = texts(curves(line(), line("plain-20", 1)))
    assert {"training step", "loss", "ResNet-20", "plain-20", "0.0", "0.5", "2.0"} <= set(shown)
    assert {"0 %", "60 %", "100 %"} <= set(texts(curves(line(y=(0.5, 1)), top=1.0, shares=True)))


def test_a_curve_goes_where_its_values_are():
    drawn, legend = paths(curves(line(y=(2.0, 0.0))))
    assert legend == "M0 0 L24 0"
    places = [tuple(map(float, place.split())) for place in re.findall(r"[\d.]+ [\d.]+", drawn)]
    assert places == [
        (charts.LEFT + (charts.WIDTH - charts.LEFT - charts.RIGHT) / 2, charts.TOP),
        (charts.WIDTH - charts.RIGHT, charts.TOP + charts.PLOT_HEIGHT),
    ]


def test_what_is_not_finite_leaves_a_gap():
    drawn = paths(curves(line(y=(1, 1, math.nan, 1, 1))))[0]
    assert drawn.count("M") == 2
    assert paths(curves(line(y=(math.nan, math.inf))))[0] in (None, "")


def test_what_is_too_high_is_cut_where_it_leaves_the_plot():
    drawn = paths(curves(line(y=(1, 3, 1))))[0]
    heights = [float(height) for height in re.findall(r"[\d.]+ ([\d.]+)", drawn)]
    assert drawn.count("M") == 2
    assert heights == [164.0, charts.TOP, charts.TOP, 164.0]
    svg = curves(line(dots=[(1, 5.0), (2, math.nan), (3, 1.0)]))
    assert len(list(svg.iter(f"{SVG}circle"))) == 1


def test_runs_of_one_colour_differ_in_their_dashes():
    svg = curves(line(color=1), line("other", 9))
    first, second, *_ = svg.iter(f"{SVG}path")
    assert first.get("class") == second.get("class") == "line run-1"
    assert first.get("stroke-dasharray") is None
    assert second.get("stroke-dasharray")


def test_an_empty_curve_and_a_single_step_are_drawn():
    curves(line(y=()))
    curves(line(y=(1.0,)))


def test_a_mark_has_the_shape_of_its_kind_of_network():
    svg = depths(point(), point("plain", y=0.5, plain=True, kind="p"))
    assert len(list(svg.iter(f"{SVG}circle"))) == 2  # in the chart and in the legend
    assert len(paths(svg, "mark")) == 2
    whiskers = [element for element in svg.iter(f"{SVG}line") if "whisker" in element.get("class")]
    assert all(float(whisker.get("y1")) > float(whisker.get("y2")) for whisker in whiskers)


def test_lines_join_the_depths_of_one_kind():
    same = [point(x=20), point("b", x=20, y=0.8), point("c", x=56)]
    svg = depths(*same, point("d", x=56, plain=True, kind="p"))
    assert len(paths(svg, "thread")) == 1
    assert paths(svg, "thread")[0].count("L") == 1
    assert texts(svg).count("20") == texts(svg).count("56") == 1


def test_equal_figures_make_a_chart_too():
    depths(Point("a", 0, 2, 0.5, 0.5, 0.5, False, 1))
    depths(Point("a", 0, 2, 1.0, 1.0, 1.0, False, 1), Point("b", 1, 8, 0.0, 0.0, 0.0, True, 1))


@pytest.mark.parametrize("make", [lambda name: curves(line(name)), lambda name: depths(point(name))])
def test_a_name_is_text_whatever_is_in_it(make):
    svg = make(HOSTILE)
    assert not list(svg.iter(f"{SVG}script"))
    assert any("<script>alert('1')</script> \"&" in text for text in texts(svg))


def test_a_long_name_keeps_its_beginning_and_its_end():
    (shown,) = [text for text in texts(curves(line("long " * 30 + "(2)"))) if "…" in text]
    assert shown.startswith("long long")
    assert shown.endswith("(2)")
    assert len(shown) == charts.LONGEST_NAME


def test_escaped_text_is_safe_within_quotes():
    assert escaped("\"'<>&\x1b") == "&quot;&#x27;&lt;&gt;&amp;\ufffd"


@pytest.mark.parametrize(("low", "high", "about", "ticks"), [
    (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    (0, 3.45, 5, [0, 1, 2, 3]),
    (0, 329, 8, [0, 50, 100, 150, 200, 250, 300]),
    (0, 1, 8, [0, 0.2, 0.4, 0.6, 0.8, 1]),
])  # fmt: skip
def test_ticks_are_round_numbers(low, high, about, ticks):
    assert nice_ticks(low, high, about) == ticks


def test_ticks_can_enclose_what_they_measure():
    assert nice_ticks(0.973, 0.988, 5, outside=True) == pytest.approx([0.97, 0.975, 0.98, 0.985, 0.99])


def test_runs_have_the_colours_of_the_window():
    assert (LIGHT.runs, DARK.runs) == (charts.LIGHT_RUNS, charts.DARK_RUNS)
    for colors, variables in ((LIGHT, charts.LIGHT), (DARK, charts.DARK)):
        for name in ("surface", "text", "muted", "border"):
            assert f"--{name}: {getattr(colors, name)};" in variables
