"""An experiment as a standalone Keras script that a learner can read, run and change, without this package.

The script holds what its experiment needs and nothing else. With the same seed it draws the same initial weights as the
engine's network, splits and shuffles the images in the same way, and so comes to the same losses.
"""

from difflib import SequenceMatcher

from resnet_gui.core import script_augmentation, script_training
from resnet_gui.core.architecture import Block, Order, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.experiment import Experiment, Precision, Schedule
from resnet_gui.core.papers import formula, measured_error
from resnet_gui.core.script_network import GATED, lines, network_functions, typed, when

MIXED = (Precision.MIXED_BFLOAT16, Precision.MIXED_FLOAT16)

_NAMES: dict[Shortcut, str] = {
    Shortcut.NONE: "no shortcut: the plain twin of a residual network",
    Shortcut.OPTION_A: "identity, zero-padded where the shape changes (option A, He et al. 2015, section 3.3)",
    Shortcut.IDENTITY: "identity, projected where the shape changes (option B, He et al. 2015, section 3.3)",
    Shortcut.PROJECTION: "projection in every block (option C, He et al. 2015, section 3.3)",
    Shortcut.CONV_1X1: "1x1 convolution in every block (He et al. 2016, section 3.1, figure 2e)",
    Shortcut.CONSTANT_SCALING: "constant scaling (He et al. 2016, section 3.1, figure 2b)",
    Shortcut.EXCLUSIVE_GATING: "exclusive gating (He et al. 2016, section 3.1, figure 2c)",
    Shortcut.SHORTCUT_ONLY_GATING: "shortcut-only gating (He et al. 2016, section 3.1, figure 2d)",
    Shortcut.DROPOUT: "dropout (He et al. 2016, section 3.1, figure 2f)",
}
_ORDERS: dict[Order, str] = {
    Order.ORIGINAL: "original (He et al. 2016, figure 4a)",
    Order.BN_AFTER_ADDITION: "BN after addition (He et al. 2016, figure 4b)",
    Order.RELU_BEFORE_ADDITION: "ReLU before addition (He et al. 2016, figure 4c)",
    Order.RELU_ONLY_PRE_ACTIVATION: "ReLU-only pre-activation (He et al. 2016, figure 4d)",
    Order.FULL_PRE_ACTIVATION: "full pre-activation (He et al. 2016, figure 4e)",
}
_BLOCKS: dict[Block, str] = {
    Block.BASIC: "two 3x3 convolutions (He et al. 2015, figure 5, left)",
    Block.BOTTLENECK: "1x1, 3x3 and 1x1 convolutions, a bottleneck (He et al. 2015, figure 5, right)",
}
_SCHEDULES: dict[Schedule, str] = {
    Schedule.CONSTANT: "",
    Schedule.STEPS: "  # a tenth of it after one half, a hundredth after three quarters",
    Schedule.COSINE: "  # at first; it falls to 0 along a cosine (Loshchilov and Hutter 2017)",
    Schedule.ONE_CYCLE: "  # at its highest: it rises for a quarter of the steps, then falls to 0",
}


def script_of(experiment: Experiment) -> str:
    """A Keras script for exactly this experiment: the same text for the same experiment."""
    architecture, recipe = experiment.architecture, experiment.recipe
    top = "\n\n".join([_docstring(experiment), _settings(experiment)])
    functions = network_functions(architecture, recipe.precision in MIXED)
    parts = [
        top,
        *functions,
        *script_augmentation.functions(recipe),
        script_training.load(recipe),
        script_training.training(recipe),
    ]
    return "\n\n\n".join(parts) + "\n"


def changed_lines(before: str, after: str) -> set[int]:
    """Numbers, from 0, of the lines of `after` that are new or not as they were in `before`."""
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    changes = [(first, end) for kind, _, _, first, end in matcher.get_opcodes() if kind != "equal"]
    return {line for first, end in changes for line in range(first, end)}


def _docstring(experiment: Experiment) -> str:
    architecture, recipe = experiment.architecture, experiment.recipe
    plain = architecture.shortcut is Shortcut.NONE
    kind = "plain" if plain else "residual"
    if not architecture.blocks:
        kind = "convolutional"
    about = [
        ("Problem", "image classification: a grey image of 28x28 pixels in, ten probabilities out"),
        ("Network", f"{architecture.depth} weighted layers, {make_blueprint(architecture).parameters:,} parameters"),
    ]
    if architecture.blocks:
        about += [
            ("Block", f"{typed(formula(architecture))}"),
            ("F(x)", _BLOCKS[architecture.block]),
            ("Shortcut", _NAMES[architecture.shortcut]),
            ("Order", _ORDERS[architecture.order]),
        ]
        if measured := measured_error(architecture):
            about.append(("Measured", measured.removesuffix(".")))
    return lines(
        f'"""{architecture.name} in Keras: a {kind} network that learns to read handwritten digits.',
        "",
        *(f"{title + ':':9} {text}" for title, text in about),
        "",
        'He et al. 2015: "Deep residual learning for image recognition", arXiv 1512.03385.',
        'He et al. 2016: "Identity mappings in deep residual networks", arXiv 1603.05027.',
        "",
        *script_training.left_out(recipe),
        "It needs numpy, keras and tensorflow, and is run with:",
        "",
        f"    python script.py {script_training.files(recipe)}",
        '"""',
    )


def _settings(experiment: Experiment) -> str:
    architecture, recipe = experiment.architecture, experiment.recipe
    blocks = bool(architecture.blocks)
    scaled = blocks and architecture.shortcut is Shortcut.CONSTANT_SCALING
    width = f"WIDTHS = {list(architecture.widths)}  # filters of the 3x3 convolutions, one entry for each stage"
    return lines(
        "import sys",
        "",
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "from keras import layers",
        "",
        when(blocks, f"BLOCKS = {architecture.blocks}  # in each stage"),
        width if blocks else f"WIDTH = {architecture.width}  # filters of the stem",
        when(scaled, f"SHORTCUT_SCALE = {architecture.shortcut_scale!r}  # of the shortcut"),
        when(
            scaled and architecture.branch_scale != 1.0,
            f"BRANCH_SCALE = {architecture.branch_scale!r}  # of the residual branch F(x)",
        ),
        when(
            blocks and architecture.shortcut in GATED,
            f"GATE_BIAS = {architecture.gate_bias!r}  # at first; below zero, the gates start out nearly closed"
            if architecture.gate_bias < 0
            else f"GATE_BIAS = {architecture.gate_bias!r}  # at first",
        ),
        when(
            blocks and architecture.shortcut is Shortcut.DROPOUT,
            f"DROPOUT_RATE = {architecture.dropout_rate!r}  # share of the shortcut's values that is left out",
        ),
        f"EPOCHS = {recipe.epochs}",
        f"BATCH_SIZE = {recipe.batch_size}",
        f"LEARNING_RATE = {recipe.learning_rate!r}{_SCHEDULES[recipe.schedule]}",
        when(bool(recipe.limit), f"LIMIT = {recipe.limit}  # take so many of the training images, after shuffling"),
        when(
            bool(recipe.validation_share),
            f"VALIDATION_SHARE = {recipe.validation_share!r}  # of the training images, held out",
        ),
        f"SEED = {recipe.seed}  # all random numbers follow from it",
        *script_augmentation.amounts(recipe),
        "REPORT_EVERY = 50  # steps",
        when(
            recipe.precision is Precision.AUTO,
            "\n# Computes in float32; the precision 'auto' takes the fastest format of the machine instead.",
        ),
        when(
            recipe.precision in MIXED,
            f"\n# Computes in {recipe.precision.removeprefix('mixed_')}, and keeps the weights in float32.\n"
            f'keras.config.set_dtype_policy("{recipe.precision}")',
        ),
    )
