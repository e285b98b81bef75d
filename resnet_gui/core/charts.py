"""Charts as SVG text for documents: curves of runs, and what depth does. No Qt, no script, no request.

Colours are the style sheet's: variables --run-0 to --run-7, --text, --muted, --border and --surface, which `CSS` turns
into light and dark.
"""

import html
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WIDTH, PLOT_HEIGHT = 760, 300  # in the units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 64, 18, 14, 46  # margins of the plot
ROW = 20  # of the legend
LETTER = 6.4  # width of an average one
LONGEST_NAME = 46  # characters in a legend, where two such stand side by side
DASHES = ("", "7 3", "2 3", "9 3 2 3")  # tell runs apart whose colours are the same

# As in the window. Run colours: Okabe and Ito's palette ("Color Universal Design", 2008).
LIGHT_RUNS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#8c1d40", "#6b4fbb", "#7a5c3e")
DARK_RUNS = ("#56b4e9", "#ff9248", "#2fc99a", "#e59ac6", "#f0c642", "#ff7f9f", "#b39cf0", "#c8a27c")


def _run_variables(colors: Sequence[str]) -> str:
    return " ".join(f"--run-{index}: {color};" for index, color in enumerate(colors))


LIGHT = f"--surface: #ffffff; --text: #1b2430; --muted: #5b6675; --border: #d5dae1; {_run_variables(LIGHT_RUNS)}"
DARK = f"--surface: #1c222b; --text: #e8ecf2; --muted: #9aa6b5; --border: #39424f; {_run_variables(DARK_RUNS)}"
_RUN_RULES = "\n".join(
    f".run-{n} {{ stroke: var(--run-{n}); }} .fill-{n} {{ fill: var(--run-{n}); background: var(--run-{n}); }}"
    for n in range(len(LIGHT_RUNS))
)
CSS = f"""svg text {{ fill: var(--text); font: 12px system-ui, sans-serif; }}
svg .tick {{ fill: var(--muted); font-size: 11px; }}
svg .grid {{ stroke: var(--border); stroke-width: 1; }}
svg .line {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
svg .thread {{ fill: none; stroke: var(--muted); stroke-width: 1.2; }}
svg .mark {{ stroke: var(--surface); stroke-width: 1; }}
svg .whisker {{ stroke-width: 1.5; }}
{_RUN_RULES}"""


@dataclass(frozen=True, eq=False)
class Line:
    """A curve: `x` and `y` float (n,), and dots at `dots`, pairs of x and y. What is not finite is left out."""

    name: str
    color: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Point:
    """A run in the chart of depths: its share `y` from 0 to 1, with the interval that it lies in.

    Points of the same `kind` differ in depth and chance alone: a line joins them.
    """

    name: str
    color: int
    x: int
    y: float
    low: float
    high: float
    plain: bool
    kind: object


@dataclass(frozen=True)
class Axis:
    """A range of values on a stretch of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where `value` lies in the drawing."""
        return self.start + (value - self.low) / (self.high - self.low or 1) * (self.end - self.start)


def curve_chart(
    key: str, title: str, description: str, labels: tuple[str, str], lines: Sequence[Line], top: float, shares: bool
) -> str:
    """Curves over steps as one <svg>, `key` being part of the ids in it, from 0 to `top`; higher values are cut off.

    `labels` are those of the x and the y axis.
    """
    longest = max((float(line.x[-1]) for line in lines if len(line.x)), default=1.0)
    x = Axis(0, longest, LEFT, WIDTH - RIGHT)
    y = Axis(0, top, TOP + PLOT_HEIGHT, TOP)
    parts = [_frame(x, y, nice_ticks(0, longest, 8), nice_ticks(0, top, 5), labels, shares)]
    for line in lines:
        name = f"<title>{escaped(line.name)}</title>"
        path = _path((x.at(a), y.at(b)) for a, b in _below(top, line))
        parts.append(f'<path class="line {_stroke(line.color)}" {_dashes(line.color)}d="{path}">{name}</path>')
        for a, b in line.dots:
            if b <= top:  # not-a-number is not
                parts.append(f'<circle class="mark {_fill(line.color)}" cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="4"/>')
    legend, height = _legend([(line.name, _sample(line.color)) for line in lines])
    return _svg(key, title, description, [*parts, legend], height)


def depth_chart(key: str, title: str, description: str, y_label: str, points: Sequence[Point]) -> str:
    """Shares over depth as one <svg>: a mark for each run, round with shortcuts, a diamond for plain networks."""
    depths = sorted({point.x for point in points})
    room = max(1.0, (depths[-1] - depths[0]) * 0.06)
    x = Axis(depths[0] - room, depths[-1] + room, LEFT, WIDTH - RIGHT)
    low, high = min(point.low for point in points), max(point.high for point in points)
    ticks = nice_ticks(max(0.0, low - 0.02), min(1.0, high + 0.02), 5, outside=True)
    y = Axis(ticks[0], min(1.0, ticks[-1]), TOP + PLOT_HEIGHT, TOP)
    ticks = [tick for tick in ticks if tick <= 1.0 + 1e-9]
    parts = [_frame(x, y, _apart(depths, x), ticks, ("depth: weighted layers", y_label), shares=True)]
    kinds = list(dict.fromkeys(point.kind for point in points))
    for index, kind in enumerate(kinds):
        alike = [point for point in points if point.kind == kind]
        beside = min(10.0, 24 / len(kinds)) * (index - (len(kinds) - 1) / 2)  # kinds stand beside one another
        at = {depth: [point for point in alike if point.x == depth] for depth in sorted({point.x for point in alike})}
        means = [(x.at(depth) + beside, y.at(float(np.mean([p.y for p in there])))) for depth, there in at.items()]
        if len(at) > 1:
            dash = 'stroke-dasharray="5 4" ' if alike[0].plain else ""
            parts.append(f'<path class="thread" {dash}d="{_path(means)}"/>')
        for depth, there in at.items():
            for number, point in enumerate(there):
                parts.append(_mark(point, x.at(depth) + beside + 4 * (number - (len(there) - 1) / 2), y))
    signs = [(point.name, _sign(point.color, point.plain, 12, 0)) for point in points]
    legend, height = _legend(signs)
    return _svg(key, title, description, [*parts, legend], height)


def nice_ticks(low: float, high: float, about: int, outside: bool = False) -> list[float]:
    """Round numbers from `low` to `high`, some `about` of them; `outside`: the first and last enclose the range."""
    span = max(high - low, 1e-12)
    magnitude = 10.0 ** math.floor(math.log10(span / about))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor * about >= span * 0.999)
    first = math.floor(low / step + 1e-9) if outside else math.ceil(low / step - 1e-9)
    last = math.ceil(high / step - 1e-9) if outside else math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def percent(share: float, places: int = 2) -> str:
    """A share from 0 to 1 as people read it: `98.20 %`, on one line."""
    return f"{100 * share:.{places}f}\N{NO-BREAK SPACE}%"


def escaped(text: str) -> str:
    """`text` for HTML and SVG, as content and within quotes; characters that XML has no place for are replaced."""
    legal = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else "\ufffd" for c in text)
    return html.escape(legal)


def _svg(key: str, title: str, description: str, parts: Iterable[str], legend_height: float) -> str:
    height = TOP + PLOT_HEIGHT + BOTTOM + legend_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{key}-title {key}-text"><title id="{key}-title">{escaped(title)}</title>'
        f'<desc id="{key}-text">{escaped(description)}</desc>{"".join(parts)}</svg>'
    )


def _frame(
    x: Axis, y: Axis, x_ticks: Sequence[float], y_ticks: Sequence[float], labels: tuple[str, str], shares: bool
) -> str:
    parts = []
    for tick, text in zip(y_ticks, _tick_texts(y_ticks, shares), strict=True):
        at = y.at(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{text}</text>')
    floor = TOP + PLOT_HEIGHT
    for tick in x_ticks:
        at = x.at(tick)
        parts.append(f'<line class="grid" x1="{at:.1f}" y1="{floor}" x2="{at:.1f}" y2="{floor + 5}"/>')
        parts.append(f'<text class="tick" x="{at:.1f}" y="{floor + 18}" text-anchor="middle">{tick:,.0f}</text>')
    parts.append(f'<line class="grid" x1="{LEFT}" y1="{floor}" x2="{WIDTH - RIGHT}" y2="{floor}"/>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:g}" y="{floor + 36}" text-anchor="middle">{escaped(labels[0])}</text>')
    turned = f'transform="translate(16 {TOP + PLOT_HEIGHT / 2:g}) rotate(-90)" text-anchor="middle"'
    parts.append(f"<text {turned}>{escaped(labels[1])}</text>")
    return "".join(parts)


def _tick_texts(ticks: Sequence[float], shares: bool) -> list[str]:
    values = [100 * tick for tick in ticks] if shares else list(ticks)
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return [f"{value:.{places}f}{' %' if shares else ''}" for value in values]


def _apart(depths: Sequence[int], x: Axis) -> list[float]:
    """The depths whose numbers do not run into one another."""
    shown: list[float] = []
    for depth in depths:
        if not shown or x.at(depth) - x.at(shown[-1]) > 34:
            shown.append(depth)
    return shown


def _below(top: float, line: Line) -> Iterator[tuple[float, float]]:
    """The points of `line`, cut where it crosses `top`: what is above is not a number."""
    before: tuple[float, float] | None = None  # clip paths would do too, but not all that draw SVG know them
    for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
        if before is not None and (y > top) != (before[1] > top) and math.isfinite(y - before[1]):
            share = (top - before[1]) / (y - before[1])
            yield before[0] + share * (x - before[0]), top
        yield x, y if y <= top else math.nan
        before = x, y


def _path(places: Iterable[tuple[float, float]]) -> str:
    """The path through the places that are finite, with gaps at the others."""
    words, command = [], "M"
    for a, b in places:
        if math.isfinite(b):
            words.append(f"{command}{a:.1f} {b:.1f}")
            command = "L"
        else:
            command = "M"
    return " ".join(words)


def _mark(point: Point, place: float, y: Axis) -> str:
    low, high = y.at(max(point.low, y.low)), y.at(min(point.high, y.high))
    words = f"{point.name}: {percent(point.y)} ({percent(point.low)} to {percent(point.high)})"
    whisker = f'x1="{place:.1f}" y1="{low:.1f}" x2="{place:.1f}" y2="{high:.1f}"'
    return (
        f'<g><title>{escaped(words)}</title><line class="whisker {_stroke(point.color)}" {whisker}/>'
        f"{_sign(point.color, point.plain, place, y.at(point.y))}</g>"
    )


def _legend(entries: Sequence[tuple[str, str]]) -> tuple[str, float]:
    """Names behind samples, in as many columns as there is room for; and its height."""
    names = [_elided(name) for name, _ in entries]
    widest = 44 + LETTER * max((sum(_letters(c) for c in name) for name in names), default=0)
    columns = max(1, min(len(names), int((WIDTH - LEFT) // widest)))
    parts = []
    for index, (name, (_, sample)) in enumerate(zip(names, entries, strict=True)):
        left = LEFT + index % columns * widest
        middle = TOP + PLOT_HEIGHT + BOTTOM + ROW * (index // columns) + ROW / 2
        parts.append(f'<g transform="translate({left:.1f} {middle:g})">{sample}')
        parts.append(f'<text x="32" y="4">{escaped(name)}</text></g>')
    return "".join(parts), ROW * -(-len(names) // columns) + 4


def _elided(name: str) -> str:
    """`name` without its middle if it is long: its end may be what tells it from others."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 13]}…{name[-12:]}"


def _letters(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _sample(color: int) -> str:
    return f'<path class="line {_stroke(color)}" {_dashes(color)}d="M0 0 L24 0"/>'


def _sign(color: int, plain: bool, x: float, y: float) -> str:
    if plain:
        return f'<path class="mark {_fill(color)}" d="M{x:.1f} {y - 6:.1f} l6 6 l-6 6 l-6 -6 z"/>'
    return f'<circle class="mark {_fill(color)}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def _stroke(color: int) -> str:
    return f"run-{color % len(LIGHT_RUNS)}"


def _fill(color: int) -> str:
    return f"fill-{color % len(LIGHT_RUNS)}"


def _dashes(color: int) -> str:
    dashes = DASHES[color // len(LIGHT_RUNS) % len(DASHES)]
    return f'stroke-dasharray="{dashes}" ' if dashes else ""
