"""What the part `table` waits for."""

from resnet_gui.bench import table


def test_every_figure_of_a_small_table_is_measured(qapp, monkeypatch):
    monkeypatch.setattr(table, "RUNS", 60)
    figures = table.measure(quick=True)
    assert len(figures) == 4
    assert all(figure.value > 0 for figure in figures)
    assert [figure.at_most for figure in figures] == [None, 50, 50, 50]
