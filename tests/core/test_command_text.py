"""The command of an experiment names its settings as the command line does."""

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.command_text import command_of
from resnet_gui.core.experiment import Experiment, Optimizer, Recipe


def test_the_command_of_the_defaults_is_bare():
    assert command_of(Experiment()) == "resnet-gui train"


def test_only_what_differs_from_the_defaults_is_said():
    experiment = Experiment(Architecture(batch_norm=True, head=Head.AVERAGE_POOLING), Recipe(learning_rate=0.1))
    assert command_of(experiment) == "resnet-gui train --bn --head average-pooling --lr 0.1"


def test_every_setting_has_an_option_of_the_command_line():
    architecture = Architecture(9, 2, 16, Shortcut.EXCLUSIVE_GATING, True, Head.AVERAGE_POOLING, 2,
                                Order.FULL_PRE_ACTIVATION, Block.BOTTLENECK, gate_bias=-3.0)  # fmt: skip
    recipe = Recipe("digits", 2, 32, Optimizer.SGD, 0.1, 7, "float32", 0.0, 100)
    assert command_of(Experiment(architecture, recipe)) == (
        "resnet-gui train --blocks 9 --stages 2 --width 16 --shortcut exclusive-gating --bn --head average-pooling "
        "--stem-stride 2 --order full-pre-activation --block bottleneck --gate-bias -3.0 --dataset digits --epochs 2 "
        "--batch-size 32 --optimizer sgd --lr 0.1 --seed 7 --precision float32 --validation 0.0 --limit 100"
    )
