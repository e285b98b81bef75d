"""Ready experiments to start from, each with what it shows."""

from dataclasses import asdict, dataclass

from resnet_gui.core.architecture import Architecture, Head, Shortcut
from resnet_gui.core.experiment import Experiment, Recipe, Schedule


@dataclass(frozen=True)
class Preset:
    """A named experiment with the sentence that says what it shows."""

    title: str
    summary: str
    experiment: Experiment


# He et al. 2015, section 4.2: three stages of 16, 32 and 64 channels with batch norm and global average pooling.
_CIFAR_STYLE = Architecture(blocks=3, stages=3, width=16, batch_norm=True, head=Head.AVERAGE_POOLING)
_DEEP = Architecture(blocks=24, width=16, batch_norm=True, head=Head.AVERAGE_POOLING, stem_stride=2)

PRESETS: dict[str, Preset] = {
    "seed": Preset(
        "Small residual net",
        "Two blocks of 32 filters: after one epoch it reads 98 % and more of MNIST.",
        Experiment(),
    ),
    "quick": Preset(
        "Quick",
        "A strided stem, two narrow stages and one cycle of the learning rate: the fastest way to 99 % of MNIST.",
        Experiment(
            Architecture(blocks=1, stages=2, width=32, batch_norm=True, head=Head.AVERAGE_POOLING, stem_stride=2),
            Recipe(learning_rate=0.02, schedule=Schedule.ONE_CYCLE, validation_share=0.02),
        ),
    ),
    "lesson": Preset(
        "The lesson",
        "50 layers, less than a minute: train it and its plain twin, and see which of them learns.",
        Experiment(_DEEP, Recipe(limit=21_000, seed=1, validation_share=0.0)),
    ),
    "deep": Preset(
        "Deep residual net",
        "24 blocks with identity shortcuts: 50 layers deep, and it still learns.",
        Experiment(_DEEP),
    ),
    "deep-plain": Preset(
        "Deep plain net",
        "The plain twin of the deep residual net: the same layers without shortcuts hardly learn.",
        Experiment(Architecture(**{**asdict(_DEEP), "shortcut": Shortcut.NONE})),
    ),
    "resnet20": Preset(
        "ResNet-20",
        "The smallest network of He et al. 2015, section 4.2, on 28x28 images.",
        Experiment(_CIFAR_STYLE, Recipe(batch_size=128)),
    ),
}
