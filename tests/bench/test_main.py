"""The command that measures."""

import json
import os

import pytest

from resnet_gui.bench import main as module
from resnet_gui.bench.figure import Figure
from resnet_gui.cli import run


@pytest.mark.parametrize("name", module.PARTS + module.BY_NAME)
def test_every_part_can_be_measured(name):
    assert callable(module.part(name))


def test_parts_are_measured_alone_and_told_as_table_and_object(monkeypatch, capsys):
    asked = []

    def part(name):
        asked.append(name)
        return lambda quick: [Figure(f"{name} speed", 2.0 + quick, at_least=2.5)]

    monkeypatch.setattr(module, "part", part)
    before = dict(os.environ)
    assert module.main(["window"], json=True, quick=True) == 0
    assert dict(os.environ) == before
    said = capsys.readouterr()
    assert asked == ["window"]
    assert json.loads(said.out.splitlines()[-1]) == {"window speed": 3.0}
    assert "goal at least 2.5: met" in said.err


def test_an_unknown_part_is_refused(capsys):
    assert run(["bench", "wash"]) == 2
    assert "start" in capsys.readouterr().err
