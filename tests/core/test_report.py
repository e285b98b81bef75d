"""A report says what differs, holds everything within itself, and takes what people wrote for text."""

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.command_text import command_of
from resnet_gui.core.comparison import Entry
from resnet_gui.core.events import EpochEnded, Outcome, RunEnded, StepsEnded
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.report import differing, report_of, summary
from resnet_gui.core.run import Labels, Run, State

NOW = datetime(2026, 11, 25, 23, 36, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
VOID = {"meta"}


def ended(run_id="a", accuracy=0.9, steps=50, outcome=Outcome.FINISHED, recipe=None, **architecture):
    run = Run(run_id, Experiment(Architecture(**architecture), recipe or Recipe()), started=1e9)
    curve = np.linspace(2, 1, steps, dtype=np.float32)
    run.apply(StepsEnded(run_id, 0, curve, 1 - curve / 2, 50.0, 1.0, 3.0))
    run.apply(EpochEnded(run_id, 0, steps, 0.7, 0.8))
    run.apply(RunEnded(run_id, outcome, str(outcome), steps, None if accuracy is None else 0.3, accuracy, 65.0, 50.0))
    run.versions, run.machine, run.dataset = {"tensorflow": "2.21.0"}, "Linux, 2 cores", "MNIST, from mnist.npz"
    return run


def entries(*runs):
    return [Entry(run, run.labels.name or f"{run.name} {run.id}", index) for index, run in enumerate(runs)]


class Page(HTMLParser):
    """The elements of a document, each of which must be closed in its turn, and the text in them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def tags(self):
        return {tag for tag, _ in self.elements}


def test_runs_of_several_depths_get_a_table_three_charts_and_their_commands():
    runs = [ended("a", 0.9), ended("b", 0.5, shortcut="none", blocks=9)]
    text = report_of(entries(*runs), NOW)
    page = Page(text)
    assert [tag for tag, _ in page.elements].count("svg") == 3
    for words in ("2 runs compared", "Test accuracy over depth", "Loss over training steps", "90.00\N{NO-BREAK SPACE}%",
                  "89.40\N{NO-BREAK SPACE}% to 90.57\N{NO-BREAK SPACE}%", "1 min 05 s", "tensorflow 2.21.0",
                  "Linux, 2 cores", "MNIST", "2001-09-09 01:46:40Z", "none (plain)",
                  *(command_of(run.experiment) for run in runs)):  # fmt: skip
        assert words in page.texts, words
    assert "2026-11-25 23:36 UTC" in text


def test_nothing_is_fetched_and_nothing_runs():
    text = report_of(entries(ended("a"), ended("b", blocks=9)), NOW)
    page = Page(text)
    assert not page.tags() & {"script", "img", "link", "iframe", "object", "a", "form"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "href", "style"}
    outside = text.replace("http://www.w3.org/2000/svg", "")  # the name of SVG, not a place
    assert "://" not in outside
    assert "url(" not in outside
    policies = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_what_people_wrote_is_text():
    labels = Labels(HOSTILE, (HOSTILE, "</style>"), f"one\n{HOSTILE}")
    hostile = [replace(ended(run_id, blocks=n), labels=labels, message=HOSTILE, dataset=HOSTILE, machine=HOSTILE,
                       device=HOSTILE, precision=HOSTILE, versions={HOSTILE: HOSTILE}, id=f"{run_id}{HOSTILE}")
               for run_id, n in (("a", 1), ("b", 2))]  # fmt: skip
    text = report_of(entries(*hostile), NOW)
    page = Page(text)
    assert not page.tags() & {"script", "img"}
    assert "<script" not in text
    assert HOSTILE in page.texts
    assert f"one\n{HOSTILE}" in page.texts


def test_light_and_dark_and_paper_have_their_colours():
    text = report_of(entries(ended()), NOW)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) <= set(re.findall(r"(--[\w-]+):", text))


def test_only_what_differs_is_named():
    runs = [ended("a", blocks=2), ended("b", blocks=8), ended("c", blocks=8, recipe=Recipe(seed=3))]
    assert differing(runs) == ("blocks", "seed")
    assert summary(entries(*runs))[0] == (
        "The runs differ in blocks per stage (2, 8) and seed (0, 3); all other settings are the same."
    )
    assert summary(entries(ended("a"), ended("b")))[0] == "The runs have the same settings."


def test_a_setting_that_one_shortcut_alone_has_is_left_out_elsewhere():
    runs = [ended("a", shortcut="dropout", dropout_rate=0.2), ended("b")]
    assert "dropout rate of the shortcut (0.2)" in summary(entries(*runs))[0]
    assert "gates" not in report_of(entries(*runs), NOW)


def test_a_difference_that_may_be_chance_is_said_to_be_so():
    close = summary(entries(ended("a", 0.990), ended("b", 0.991)))
    assert close[1].startswith("The best reader of the test images is ResNet-6 b with 99.10\N{NO-BREAK SPACE}%")
    assert "overlap: their difference may be chance" in close[2]
    assert len(summary(entries(ended("a", 0.95), ended("b", 0.99)))) == 2


@pytest.mark.parametrize(("outcome", "words"), [
    (Outcome.STOPPED, "ResNet-6 a was stopped: its figures are those of 50 steps."),
    (Outcome.DIVERGED, "ResNet-6 a diverged: its figures are those of 50 steps."),
])  # fmt: skip
def test_a_run_that_did_not_finish_is_named(outcome, words):
    assert words in summary(entries(ended("a", None, outcome=outcome), ended("b")))


@pytest.mark.parametrize("state", [state for state in State if state is not State.FINISHED])
def test_every_state_has_its_words(state):
    assert summary(entries(replace(ended(), state=state)))[-1].startswith("ResNet-6 a ")


def test_one_run_is_reported_too():
    page = Page(report_of(entries(ended()), NOW))
    assert "ResNet-6 a: a run" in page.texts
    assert [tag for tag, _ in page.elements].count("svg") == 2  # one depth tells nothing


def test_runs_without_steps_or_with_numbers_that_are_not_finite_are_reported():
    new = Run("new", Experiment(), started=1e9)
    broken = ended("b", None, outcome=Outcome.DIVERGED)
    broken.history.loss.values.flags.writeable = False
    broken.history.loss.cut(0)
    broken.history.loss.extend(np.full(50, np.nan, np.float32))
    broken.test_loss = math.inf
    text = report_of(entries(new, broken), NOW)
    assert "not finite" in Page(text).texts
    assert "nan" not in re.sub(r"<style>.*</style>", "", text, flags=re.DOTALL)
    assert "<svg" not in report_of(entries(new), NOW)


def test_curves_are_thinned():
    short, long = (len(report_of(entries(ended(steps=steps)), NOW)) for steps in (300, 30_000))
    assert long < 1.2 * short


def test_an_exploding_loss_does_not_flatten_the_others():
    wild = ended("wild")
    wild.history.loss.extend(np.full(50, 1e30, np.float32))
    wild.history.accuracy.extend(np.zeros(50, np.float32))
    wild.history.seconds.extend(np.full(50, 9, np.float32))
    assert "Losses above 3.45" in report_of(entries(ended("a"), wild), NOW)
