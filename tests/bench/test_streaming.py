"""What the part `streaming` paints."""

import pytest

from resnet_gui.bench import streaming
from resnet_gui.ui.curve_lines import Line


@pytest.mark.parametrize("anew", [False, True])
def test_a_frame_lasts_until_what_grew_is_painted(qapp, anew):
    stage = streaming._Stage(qapp)
    stage.add(2, 1_000)
    assert stage.frame(anew) > 0
    assert stage._painted
    assert [run.step for run in stage._runs] == [1_000 + streaming.STEPS_PER_FRAME] * 2
    stage.close()


def test_a_curve_is_opened_when_it_is_painted(qapp, monkeypatch):
    monkeypatch.setattr(streaming, "MILLION", 2_000)
    painted = []
    paint = Line.paint_smooth
    monkeypatch.setattr(Line, "paint_smooth", lambda line, *rest: painted.append(line) or paint(line, *rest))
    assert streaming._open(qapp) > 0
    assert len(set(painted)) == 2


def test_runs_look_like_training():
    run = streaming._make_run(1, 10_000)
    assert run.history.loss.values[:100].mean() > 5 * run.history.loss.values[-100:].mean() > 0
    assert len(run.history.validation[0]) == 10
