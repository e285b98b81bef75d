"""An experiment as a standalone Keras script that a learner can read, run and change, without this package.

The script holds what its experiment needs and nothing else. With the same seed it draws the same initial weights as the
engine's network, splits and shuffles the images in the same way, and so comes to the same losses.
"""

from difflib import SequenceMatcher

from resnet_gui.core import script_augmentation
from resnet_gui.core.architecture import Block, Order, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.experiment import Experiment, Optimizer, Precision, Recipe, Schedule
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
_OPTIMIZERS: dict[Optimizer, str] = {
    Optimizer.ADAM: "optimizer = keras.optimizers.Adam(LEARNING_RATE)",
    Optimizer.SGD: "optimizer = keras.optimizers.SGD(LEARNING_RATE, momentum=0.9)  # He et al. 2015, section 3.4",
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
    parts = [top, *functions, *script_augmentation.functions(recipe), _load(recipe), _training(recipe)]
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
        "It needs numpy, keras and tensorflow, and is run with:",
        "",
        f"    python script.py {_files(recipe)}",
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


def _load(recipe: Recipe) -> str:
    load = lines(
        'ARRAYS = ["x_train", "y_train", "x_test", "y_test"]',
        "",
        "",
        "def load_arrays(path):",
        '    """Return images (n, 28, 28) of 0 to 255 and labels (n,) of 0 to 9, for training and test."""',
        "    try:",
        "        with np.load(path) as file:",
        "            return [file[name] for name in ARRAYS]",
        "    except Exception as error:",
        "        why = type(error).__name__",
        "        raise SystemExit(f\"{path} is no .npz file with {', '.join(ARRAYS)} ({why}).\") from error",
    )
    files, parts = _files(recipe), recipe.dataset.parts
    digits, mnist = "digits" in parts, "mnist" in parts
    wrong = (
        f"not {1 + digits} <= len(sys.argv) <= {1 + digits + mnist}"
        if digits and mnist
        else ("len(sys.argv) > 2" if mnist else "len(sys.argv) != 2")
    )
    named = 1 + digits  # where in sys.argv MNIST's file is
    choose = lines(
        when(digits, "# The bundled digits are the file assets/digits.npz of the package resnet_gui."),
        when(mnist, "# MNIST comes from the file that is named, or else is downloaded."),
        f"if {wrong}:",
        f'    sys.exit(f"Usage: python {{sys.argv[0]}} {files}")',
        when(mnist, f"if len(sys.argv) == {named + 1}:"),
        when(mnist, f"    x_train, y_train, x_test, y_test = load_arrays(sys.argv[{named}])"),
        when(mnist, "else:"),
        when(mnist, "    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()"),
        when(digits and not mnist, "x_train, y_train, x_test, y_test = load_arrays(sys.argv[1])"),
        when(digits and mnist, "more_images, more_labels = load_arrays(sys.argv[1])[:2]"),
        when(digits and mnist, "x_train = np.concatenate([x_train, more_images])"),
        when(digits and mnist, "y_train = np.concatenate([y_train, more_labels])"),
    )
    return lines(
        load,
        "",
        "",
        choose,
        'x_train = x_train[..., np.newaxis].astype("float32") * (1 / 255)  # 0 for paper, 1 for ink',
        'x_test = x_test[..., np.newaxis].astype("float32") * (1 / 255)',
    )


def _files(recipe: Recipe) -> str:
    """What the script is to be given."""
    return " ".join({"digits": "digits.npz", "mnist": "[mnist.npz]"}[part] for part in sorted(recipe.dataset.parts))


def _rates(recipe: Recipe) -> list[str]:
    """The lines that make the learning rate of every step, as core.schedule; none if it stays the same."""
    if recipe.schedule is Schedule.CONSTANT:
        return []
    share = "share = np.arange(steps) / steps  # of the training that is over"
    match recipe.schedule:
        case Schedule.STEPS:
            rates = ['rates = LEARNING_RATE * 0.1 ** np.searchsorted([1 / 2, 3 / 4], share, side="right")']
        case Schedule.COSINE:
            rates = ["rates = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * share))"]
        case Schedule.ONE_CYCLE:
            rates = [
                "rising = 0.04 + 0.96 * share / 0.25",
                "falling = 0.5 * (1 + np.cos(np.pi * (share - 0.25) / 0.75))",
                "rates = LEARNING_RATE * np.where(share < 0.25, rising, falling)",
            ]
    return [share, *rates, ""]


def _training(recipe: Recipe) -> str:
    """Built and compiled once for batches of any size, as in the app: the losses then agree to the last bit."""
    limit = "[:LIMIT]" if recipe.limit else ""
    scaled = recipe.precision is Precision.MIXED_FLOAT16
    validated = bool(recipe.validation_share)
    setup = [
        "network = build_network()",
        "parameters = sum(np.prod(weight.shape) for weight in network.trainable_variables)",
        "cross_entropy = keras.losses.sparse_categorical_crossentropy",
        _OPTIMIZERS[recipe.optimizer],
    ]
    if scaled:
        setup += [
            "# Small gradients would be zero in float16: scale the loss up, and the gradients down again.",
            "optimizer = keras.optimizers.LossScaleOptimizer(optimizer)",
        ]
    split = [
        "# Shuffle the images, and hold some of them out for validation." if validated else "# Shuffle the images.",
        f"train = np.random.default_rng(SEED).permutation(len(x_train)){limit}",
    ]
    validate = []
    if validated:
        split += [
            "held_out = round(VALIDATION_SHARE * len(train))",
            "validation, train = train[:held_out], train[held_out:]",
        ]
        validate = [
            "    loss, accuracy = evaluate(x_train[validation], y_train[validation])",
            '    print(f"epoch {epoch + 1}: validation loss {loss:.4f}, accuracy {accuracy:.2%}")',
        ]
    return lines(
        *setup,
        "",
        "",
        *(
            [
                "@tf.function(input_signature=[tf.TensorSpec([None], tf.int64), tf.TensorSpec([], tf.int64)])",
                "def train_step(batch, step):",
            ]
            if recipe.augmented
            else ["@tf.function(input_signature=[tf.TensorSpec([None], tf.int64)])", "def train_step(batch):"]
        ),
        '    """Update the weights once, by the training images with these numbers, and return the loss."""',
        "    images, labels = tf.gather(x_train, batch), tf.gather(y_train, batch)",
        when(recipe.augmented, "    images = augment(images, step)"),
        "    with tf.GradientTape() as tape:",
        "        probabilities = network(images, training=True)",
        "        loss = tf.reduce_mean(cross_entropy(labels, probabilities))",
        when(scaled, "        scaled = optimizer.scale_loss(loss)"),
        f"    gradients = tape.gradient({'scaled' if scaled else 'loss'}, network.trainable_variables)",
        "    optimizer.apply(gradients, network.trainable_variables)",
        "    return loss",
        "",
        "",
        "def evaluate(images, labels):",
        '    """Return the mean loss over these images, and the share that is read right."""',
        "    parts = [images[first : first + 100] for first in range(0, len(images), 100)]",
        "    probabilities = np.concatenate([network(part, training=False) for part in parts])",
        "    loss = np.mean(cross_entropy(labels, probabilities))",
        "    return loss, np.mean(np.argmax(probabilities, axis=-1) == labels)",
        "",
        "",
        *split,
        "steps = EPOCHS * -(-len(train) // BATCH_SIZE)  # the last batch of an epoch may be smaller",
        'print(f"{parameters:,} parameters, {len(train):,} training images, {steps:,} steps")',
        "",
        *_rates(recipe),
        "losses = []  # of every step",
        "for epoch in range(EPOCHS):",
        "    order = np.random.default_rng((SEED, epoch)).permutation(train)",
        "    for first in range(0, len(order), BATCH_SIZE):",
        when(recipe.schedule is not Schedule.CONSTANT, "        optimizer.learning_rate = rates[len(losses)]"),
        f"        loss = train_step(order[first : first + BATCH_SIZE]{', len(losses)' if recipe.augmented else ''})",
        "        losses.append(float(loss))",
        "        if len(losses) % REPORT_EVERY == 0:",
        '            print(f"step {len(losses):,} of {steps:,}: loss {loss:.4f}")',
        *validate,
        "",
        "loss, accuracy = evaluate(x_test, y_test)",
        'print(f"test loss {loss:.4f}, accuracy {accuracy:.2%}")',
        "",
        '# To keep the network, add: network.save("network.keras")',
    )
