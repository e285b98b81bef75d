"""What a depth chart shows, in plain words: computed from the data, and no more than they can tell."""

from resnet_gui.core.architecture import Shortcut
from resnet_gui.core.depth_chart import DepthChart, Figure, Point, Series, XAxis, difference

MOST = 3  # lines that are told; the others are there to be seen
OTHER_DEPTHS = "Tick runs of other depths to see what depth does."
_SHORTCUTS = {
    Shortcut.OPTION_A: "option A shortcuts",
    Shortcut.CONV_1X1: "1×1 convolution shortcuts",
    Shortcut.CONSTANT_SCALING: "constant-scaling shortcuts",
    Shortcut.EXCLUSIVE_GATING: "exclusive gating",
    Shortcut.SHORTCUT_ONLY_GATING: "shortcut-only gating",
}


def summary(chart: DepthChart, axis: XAxis = XAxis.LAYERS) -> str:
    """One or two sentences about the chart's lines from their first to their last point; empty if it has no figures."""
    lines = [series for series in chart.series if series.measured]
    if not lines:
        return "No run got as far as a figure: all diverged." if chart.series else ""
    told = lines[:MOST]
    spans = {(line.measured[0].x(axis), line.measured[-1].x(axis)) for line in told}
    shared = spans.pop() if len(spans) == 1 else None
    clauses = [_clause(line, chart.figure, axis, index == 0, shared is None) for index, line in enumerate(told)]
    text = "; ".join(clauses)
    if shared is not None:
        low, high = shared
        text = f"At {_place(low, axis)} {text}" if low == high else f"From {low} to {_place(high, axis)} {text}"
    if len(lines) > MOST:
        more = len(lines) - MOST
        text += f"; {more} more {'line is' if more == 1 else 'lines are'} in the chart"
    at_one_depth = shared is not None and shared[0] == shared[1]
    sentences = [f"{text[0].upper()}{text[1:]}.", *_at_the_deepest(told, chart.figure, axis, not at_one_depth)]
    if all(len(line.measured) == 1 for line in lines):
        sentences.append(OTHER_DEPTHS)
    return " ".join(sentences)


def _clause(line: Series, figure: Figure, axis: XAxis, first: bool, places: bool) -> str:
    """What one line does, with the `places` of its ends if those were not told before."""
    variant = f" ({line.variant})" if line.variant else ""
    if line.shortcut is Shortcut.NONE:
        subject = f"the plain nets’ {figure.name}{variant}" if first else f"that of the plain nets{variant}"
    else:
        kind = f"with {_SHORTCUTS.get(line.shortcut, f'{line.shortcut} shortcuts')}{variant}"
        subject = f"the {figure.name} {kind}" if first else f"{kind} it"
    start, end = line.measured[0], line.measured[-1]
    before, after = _text(start, figure), _text(end, figure)
    if start is end:
        return f"{subject} is {before}{f' at {_place(start.x(axis), axis)}' if places else ''}"
    if places:
        before, after = f"{before} at {_place(start.x(axis), axis)}", f"{after} at {end.x(axis)}"
    told, doubt = difference(start, end, figure), ""
    if _text(start, figure) == _text(end, figure):
        verb = f"stays at {_text(start, figure)}"
        verb += f" from {start.x(axis)} to {_place(end.x(axis), axis)}" if places else ""
    elif told is not None and not told.shown:
        verb, doubt = f"goes from {before} to {after}", f", no difference that {told.evidence} could show"
    else:
        verb = f"{'rises' if _value(end) > _value(start) else 'falls'} from {before} to {after}"
    return f"{subject} {verb}{_detour(line, figure, axis)}{doubt}"


def _detour(line: Series, figure: Figure, axis: XAxis) -> str:
    """The point between the ends that lies farthest outside of what they span, if that is no accident."""
    start, *between, end = line.measured
    low, high = sorted((_value(start), _value(end)))
    if not between:
        return ""
    farthest = max(between, key=lambda point: max(low - _value(point), _value(point) - high))
    excess = max(low - _value(farthest), _value(farthest) - high)
    nearer = min((start, end), key=lambda point: abs(_value(point) - _value(farthest)))
    told = difference(farthest, nearer, figure)
    if excess <= 0 or not (excess > high - low if told is None else told.shown):
        return ""
    if _text(farthest, figure) == _text(nearer, figure):
        return ""
    return f" by way of {_text(farthest, figure)} at {_place(farthest.x(axis), axis)}"


def _at_the_deepest(lines: list[Series], figure: Figure, axis: XAxis, places: bool) -> list[str]:
    """Plain against residual at the largest depth that both have, if it is known what chance does there."""
    plain = next((line for line in lines if line.shortcut is Shortcut.NONE), None)
    residuals = [line for line in lines if line.shortcut is not Shortcut.NONE]
    # Networks that differ in other settings as well say nothing about the shortcut.
    residual = next((line for line in residuals if plain is not None and line.variant == plain.variant), None)
    if plain is None or residual is None or not figure.percent:
        return []
    theirs = {point.x(axis): point for point in residual.measured}
    pairs = [(point, theirs[point.x(axis)]) for point in plain.measured if point.x(axis) in theirs]
    if not pairs:
        return []
    told = difference(*pairs[-1], figure, ("the plain net", residual.label))
    if told is None:
        return []
    if not places:
        return [f"{told.sentence[0].upper()}{told.sentence[1:]}"]
    place = _place(pairs[-1][0].x(axis), axis)
    return [f"At {place}: {told.sentence[0].lower()}{told.sentence[1:]}"]


def _value(point: Point) -> float:
    return 0.0 if point.value is None else point.value


def _text(point: Point, figure: Figure) -> str:
    return figure.text(_value(point))


def _place(x: int, axis: XAxis) -> str:
    if axis is XAxis.LAYERS:
        return f"{x} layers"
    return f"{x} block{'' if x == 1 else 's'} per stage"
