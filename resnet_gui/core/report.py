"""A comparison as one HTML file that needs nothing else: what differs, a table, charts, and how to repeat each run."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from resnet_gui import __version__
from resnet_gui.core.charts import CSS, DARK, LIGHT, LIGHT_RUNS, Line, Point, curve_chart, depth_chart, escaped, percent
from resnet_gui.core.command_text import command_of
from resnet_gui.core.comparison import Entry
from resnet_gui.core.export import LAST_STEPS, date_text, mean_of_last, settings_of, versions_text
from resnet_gui.core.history import smoothed
from resnet_gui.core.run import Run, State, duration
from resnet_gui.core.run_file import curves_of
from resnet_gui.core.statistics import wilson_interval

MOST_POINTS = 300  # of a curve in the document
SMOOTHED_STEPS = 25  # at least; of long runs a hundredth
HIGHEST_LOSS = 1.5 * math.log(10)  # what is higher learns less than guessing ten digits does

_WORDS = {
    "blocks": "blocks per stage",
    "width": "width of the first stage",
    "batch_norm": "batch normalisation",
    "stem_stride": "stride of the stem",
    "order": "order within the block",
    "block": "kind of block",
    "shortcut_scale": "factor of x",
    "branch_scale": "factor of F(x)",
    "gate_bias": "first bias of the gates",
    "dropout_rate": "dropout rate of the shortcut",
    "dataset": "data set",
    "optimizer": "optimiser",
    "validation_share": "share of images for validation",
    "limit": "limit of training images",
}

_UNFINISHED = {
    State.QUEUED: "has not begun",
    State.PREPARING: "is being prepared",
    State.TRAINING: "is still being trained",
    State.PAUSED: "is paused",
    State.STOPPED: "was stopped",
    State.DIVERGED: "diverged",
    State.FAILED: "failed",
    State.INTERRUPTED: "was interrupted",
}

_STYLE = f"""
:root {{ color-scheme: light dark; {LIGHT} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 1120px; padding: 24px; background: var(--surface); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }}
h1 {{ font-size: 26px; line-height: 1.25; margin: 0 0 4px; }} h2 {{ font-size: 19px; margin: 32px 0 8px; }}
h3 {{ font-size: 16px; margin: 20px 0 4px; }}
.muted, figcaption, th {{ color: var(--muted); }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-size: 14px; overflow-wrap: normal; }}
th, td {{ padding: 6px 12px 6px 0; border-bottom: 1px solid var(--border); text-align: left; vertical-align: top; }}
th {{ font-weight: 600; }} td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
td.name {{ min-width: 130px; max-width: 260px; overflow-wrap: anywhere; }} td.number {{ white-space: nowrap; }}
figure {{ margin: 8px 0 20px; }} figcaption {{ font-size: 13px; }} svg {{ display: block; width: 100%; height: auto; }}
.swatch {{ display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 6px; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 4px 0; font-size: 14px; }}
dt {{ color: var(--muted); }} dd {{ margin: 0; white-space: pre-wrap; }}
code {{ font: 13px ui-monospace, monospace; }}
@media (max-width: 560px) {{ body {{ padding: 14px; }} dl {{ grid-template-columns: 1fr; }} }}
@media print {{ body {{ max-width: none; padding: 0; }} figure, section, tr {{ break-inside: avoid; }}
  .table {{ overflow: visible; }} * {{ print-color-adjust: exact; }} }}
{CSS}"""

# Nothing may be fetched and nothing may run, whatever somebody wrote on a run.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_of(entries: Sequence[Entry], now: datetime) -> str:
    """The document about the runs of `entries`, one or more, made at `now`."""
    title = f"{entries[0].name}: a run" if len(entries) == 1 else f"{len(entries)} runs compared"
    different = differing([entry.run for entry in entries])
    made = f"Made with ResNet Explorer {__version__}, {now.strftime('%Y-%m-%d %H:%M %Z').strip()}"
    parts = [
        f"<h1>{escaped(title)}</h1>",
        f'<p class="muted">{escaped(made)}</p>',
        "".join(f"<p>{escaped(sentence)}</p>" for sentence in summary(entries)),
        f"<h2>Runs</h2>{_table(entries, different)}",
        *_charts(entries),
        *_shared(entries, different),
        "<h2>Each run</h2>",
        *(_details(entry) for entry in entries),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def differing(runs: Sequence[Run]) -> tuple[str, ...]:
    """The names of the settings that are not the same in all of `runs`."""
    first, *others = [settings_of(run.experiment) for run in runs]
    return tuple(name for name, value in first.items() if any(other[name] != value for other in others))


def summary(entries: Sequence[Entry]) -> list[str]:
    """What differs between the runs, what came of it and what to beware of, in plain sentences."""
    sentences = []
    if len(entries) > 1:
        sentences.append(_difference([entry.run for entry in entries]))
    tested = sorted(
        ((entry.run.test_accuracy, entry) for entry in entries if entry.run.test_accuracy is not None),
        key=lambda pair: -pair[0],
    )
    if len({entry.run.experiment.recipe.dataset.test for _, entry in tested}) > 1:
        sentences.append("The runs read the test images of different data sets: their accuracies cannot be compared.")
    elif len(tested) == 1:
        sentences.append(f"{tested[0][1].name} reads {_accuracy(tested[0][1].run)} of the test images.")
    elif tested:
        (_, best), (_, second), (_, worst) = tested[0], tested[1], tested[-1]
        sentences.append(
            f"The best reader of the test images is {best.name} with {_accuracy(best.run)}; "
            f"{'the worst' if len(tested) > 2 else 'the other'} is {worst.name} with {_accuracy(worst.run)}."
        )
        if _interval(best.run)[0] <= _interval(second.run)[1]:
            sentences.append(
                f"The intervals of {best.name} and {second.name} overlap: their difference may be chance. More seeds "
                "would tell."
            )
    for entry in entries:
        if entry.run.state is not State.FINISHED:
            steps = f"{entry.run.step:,} step{'' if entry.run.step == 1 else 's'}"
            sentences.append(f"{entry.name} {_UNFINISHED[entry.run.state]}: its figures are those of {steps}.")
    return sentences


def _difference(runs: Sequence[Run]) -> str:
    names = differing(runs)
    if not names:
        return "The runs have the same settings."
    settings = [settings_of(run.experiment) for run in runs]
    said = []
    for name in names:
        values = list(dict.fromkeys(_said(name, each[name]) for each in settings if each[name] is not None))
        said.append(f"{_words(name)} ({', '.join(values[:8])}{', …' if len(values) > 8 else ''})")
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"The runs differ in {listed}; all other settings are the same."


def _words(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


def _said(name: str, value: Any) -> str:
    """A setting as people read it."""
    match name, value:
        case _, None:
            return "–"
        case _, bool():
            return "yes" if value else "no"
        case "shortcut", "none":
            return "none (plain)"
        case "limit", int():
            return f"{value:,}" if value else "all"
        case _, float():
            return f"{value:g}"
    return str(value)


def _interval(run: Run) -> tuple[float, float]:
    interval = wilson_interval(run.test_accuracy or 0.0, run.tested_on)
    return interval.low, interval.high


def _accuracy(run: Run) -> str:
    low, high = _interval(run)
    return f"{percent(run.test_accuracy or 0.0)} (95\N{NO-BREAK SPACE}% interval {percent(low)} to {percent(high)})"


def _table(entries: Sequence[Entry], different: Sequence[str]) -> str:
    words = ["Run", *(_words(name).capitalize() for name in different)]
    numbers = ["Depth", "Parameters", "Steps", f"Loss of the last {LAST_STEPS} steps", "Test accuracy", "95 % interval"]
    numbers += ["Test loss", "Time"]
    head = [f'<th scope="col">{escaped(word)}</th>' for word in words]
    head += [f'<th scope="col" class="number">{escaped(number)}</th>' for number in numbers] + [
        '<th scope="col">Outcome</th>'
    ]
    rows = []
    for entry in entries:
        run, settings = entry.run, settings_of(entry.run.experiment)
        low, high = _interval(run)
        tested = run.test_accuracy is not None
        cells = [f'<td class="name">{_swatch(entry.color)}{escaped(entry.name)}</td>']
        cells += [f"<td>{escaped(_said(name, settings[name]))}</td>" for name in different]
        figures = [
            str(run.experiment.architecture.depth),
            f"{run.parameters:,}" if run.parameters else "–",
            f"{run.step:,}",
            _figure(mean_of_last(curves_of(run)["loss"])),
            percent(run.test_accuracy or 0.0) if tested else "–",
            f"{percent(low)} to {percent(high)}" if tested else "–",
            _figure(run.test_loss),
            duration(run.train_seconds),
        ]
        cells += [f'<td class="number">{escaped(figure)}</td>' for figure in figures]
        rows.append(f"<tr>{''.join(cells)}<td>{escaped(run.state)}</td></tr>")
    return (
        f'<div class="table"><table><thead><tr>{"".join(head)}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}" if math.isfinite(value) else "not finite"


def _swatch(color: int) -> str:
    return f'<span class="swatch fill-{color % len(LIGHT_RUNS)}"></span>'


def _charts(entries: Sequence[Entry]) -> list[str]:
    charts = []
    points = [_point(entry) for entry in entries if entry.run.test_accuracy is not None]
    if len({point.x for point in points}) > 1:
        told = "; ".join(f"{point.name}: {point.x} layers, {percent(point.y)}" for point in points)
        chart = depth_chart("depth", "Test accuracy over depth", told, "test accuracy", points)
        caption = (
            "Diamonds are plain networks, circles have shortcuts. Upright lines are 95 % intervals; the others join "
            "the means of runs that differ in blocks and seed alone."
        )
        charts.append(f"<h2>What depth does</h2>{_figured(chart, caption)}")
    stepped = [entry for entry in entries if entry.run.step]
    if not stepped:
        return charts
    losses = [_line(entry, "loss") for entry in stepped]
    highest = max((float(line.y[np.isfinite(line.y)].max(initial=0)) for line in losses), default=1.0)
    told = "; ".join(f"{line.name} ends at {_figure(float(line.y[-1]))}" for line in losses)
    labels = ("training step", "loss")
    top = min(max(highest, 1e-3), HIGHEST_LOSS)
    chart = curve_chart("loss", "Loss over training steps", f"Smoothed. {told}.", labels, losses, top, shares=False)
    caption = "Training loss, averaged over neighbouring steps; dots are validation."
    if highest > HIGHEST_LOSS:
        caption += f" Losses above {HIGHEST_LOSS:.2f}, half as much again as guessing has, are cut off."
    charts.append(f"<h2>Loss</h2>{_figured(chart, caption)}")
    accuracies = [_line(entry, "accuracy") for entry in stepped]
    told = "; ".join(f"{line.name} ends at {percent(line.y[-1], 1)}" for line in accuracies)
    labels = ("training step", "accuracy")
    chart = curve_chart(
        "accuracy", "Accuracy over training steps", f"Smoothed. {told}.", labels, accuracies, 1.0, shares=True
    )
    caption = "Accuracy on the training images, averaged over neighbouring steps; dots are validation."
    charts.append(f"<h2>Accuracy</h2>{_figured(chart, caption)}")
    return charts


def _figured(chart: str, caption: str) -> str:
    return f"<figure>{chart}<figcaption>{escaped(caption)}</figcaption></figure>"


def _point(entry: Entry) -> Point:
    architecture = entry.run.experiment.architecture
    kind = settings_of(entry.run.experiment) | {"blocks": 0, "seed": 0}
    low, high = _interval(entry.run)
    return Point(
        entry.name,
        entry.color,
        architecture.depth,
        entry.run.test_accuracy or 0.0,
        low,
        high,
        architecture.shortcut == architecture.plain_twin.shortcut,
        tuple(kind.items()),
    )


def _line(entry: Entry, name: str) -> Line:
    values = curves_of(entry.run)[name]
    apart = -(-len(values) // MOST_POINTS)
    kept = slice((len(values) - 1) % apart, None, apart)  # the last step is among them
    average = smoothed(values, max(SMOOTHED_STEPS, len(values) // 100), kept)
    x = np.arange(1, len(values) + 1, dtype=np.float64)[kept]
    steps, losses, accuracies = entry.run.history.validation
    dots = tuple(zip(map(float, steps), losses if name == "loss" else accuracies, strict=True))
    return Line(entry.name, entry.color, x, average.astype(np.float64), dots)


def _shared(entries: Sequence[Entry], different: Sequence[str]) -> list[str]:
    settings = settings_of(entries[0].run.experiment)
    same = [(_words(n), _said(n, v)) for n, v in settings.items() if n not in different and v is not None]
    heading = "Settings" if len(entries) == 1 else "Settings of all runs"
    return [f"<h2>{heading}</h2>{_list(same)}"] if same else []


def _details(entry: Entry) -> str:
    run = entry.run
    facts = [
        ("id", run.id),
        ("outcome", run.message if run.message and not run.state.active else str(run.state)),
        ("started", date_text(run)),
        ("tags", ", ".join(run.labels.tags)),
        ("notes", run.labels.notes),
        ("data", run.data),
        ("machine", run.machine),
        ("device", run.device),
        ("precision", run.precision),
        ("speed", f"{run.images_per_second:,.0f} images/s" if run.images_per_second else ""),
        ("versions", versions_text(run)),
    ]
    command = f"<dt>command</dt><dd><code>{escaped(command_of(run.experiment))}</code></dd>"
    shown = _list([(word, value) for word, value in facts if value], command)
    return f"<section><h3>{_swatch(entry.color)}{escaped(entry.name)}</h3>{shown}</section>"


def _list(facts: Iterable[tuple[str, str]], more: str = "") -> str:
    return f"<dl>{''.join(f'<dt>{escaped(a)}</dt><dd>{escaped(b)}</dd>' for a, b in facts)}{more}</dl>"
