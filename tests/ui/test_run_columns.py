"""The columns hold everything that one sets, and no two have the same name in a search."""

from dataclasses import fields, replace

import pytest

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.comparison import Entry
from resnet_gui.core.experiment import DatasetName, Experiment, Optimizer, Precision, Recipe, Schedule
from resnet_gui.core.run import Run
from resnet_gui.ui.run_columns import COLUMN_OF, COLUMNS, column_called
from resnet_gui.ui.run_rows import RunRow, differing

GATED = Architecture(shortcut=Shortcut.EXCLUSIVE_GATING, batch_norm=True)
SCALED = Architecture(shortcut=Shortcut.CONSTANT_SCALING, batch_norm=True)
DROPPED = Architecture(shortcut=Shortcut.DROPOUT, batch_norm=True)
OTHERS = {
    "blocks": 5,
    "stages": 2,
    "width": 16,
    "shortcut": Shortcut.NONE,
    "batch_norm": False,
    "head": Head.AVERAGE_POOLING,
    "stem_stride": 2,
    "order": Order.FULL_PRE_ACTIVATION,
    "block": Block.BOTTLENECK,
    "shortcut_scale": 0.7,
    "branch_scale": 0.5,
    "gate_bias": -3.0,
    "dropout_rate": 0.1,
    "dataset": DatasetName.DIGITS,
    "epochs": 7,
    "batch_size": 128,
    "optimizer": Optimizer.SGD,
    "learning_rate": 0.1,
    "seed": 5,
    "precision": Precision.FLOAT32,
    "validation_share": 0.2,
    "limit": 1000,
    "schedule": Schedule.COSINE,
    "start": "starter",
    "shift": 1.0,
    "rotation": 5.0,
    "scale": 0.1,
    "shear": 0.1,
    "elastic": 0.5,
    "pen": 0.2,
}
BEFORE = {"shortcut_scale": SCALED, "branch_scale": SCALED, "gate_bias": GATED, "dropout_rate": DROPPED}


@pytest.mark.parametrize("setting", [setting.name for part in (Architecture, Recipe) for setting in fields(part)])
def test_each_setting_is_marked_where_it_differs(setting):
    one = Experiment(BEFORE.get(setting, Architecture(batch_norm=True)), Recipe())
    part = "architecture" if hasattr(one.architecture, setting) else "recipe"
    other = replace(one, **{part: replace(getattr(one, part), **{setting: OTHERS[setting]})})
    rows = [RunRow(Entry(Run(str(number), each), "", 0)) for number, each in enumerate((one, other))]
    assert differing(rows)
    assert not differing([rows[0], rows[0]])


def test_columns_have_keys_of_their_own():
    assert len(COLUMN_OF) == len(COLUMNS)
    assert column_called("tag") == column_called("tags") == COLUMN_OF["tags"]
    assert column_called("block") == COLUMN_OF["block"] != column_called("blocks")
    assert column_called("nothing") is None
