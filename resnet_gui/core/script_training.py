"""The data and the training of an experiment's script: what it loads, splits and shuffles, and each of its steps."""

from resnet_gui.core.experiment import Optimizer, Precision, Recipe, Schedule
from resnet_gui.core.script_network import lines, when

_OPTIMIZERS: dict[Optimizer, str] = {
    Optimizer.ADAM: "optimizer = keras.optimizers.Adam(LEARNING_RATE)",
    Optimizer.SGD: "optimizer = keras.optimizers.SGD(LEARNING_RATE, momentum=0.9)  # He et al. 2015, section 3.4",
}


def load(recipe: Recipe) -> str:
    """The lines that load the images and labels."""
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
    parts = recipe.dataset.parts
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
        f'    sys.exit(f"Usage: python {{sys.argv[0]}} {files(recipe)}")',
        when(mnist, f"if len(sys.argv) == {named + 1}:"),
        when(mnist, f"    x_train, y_train, x_test, y_test = load_arrays(sys.argv[{named}])"),
        when(mnist, "else:"),
        when(mnist, "    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()"),
        when(digits and not mnist, "x_train, y_train, x_test, y_test = load_arrays(sys.argv[1])"),
        when(digits and mnist, "more_images, more_labels = load_arrays(sys.argv[1])[:2]"),
        when(digits and mnist, "x_train = np.concatenate([x_train, more_images])"),
        when(digits and mnist, "y_train = np.concatenate([y_train, more_labels])"),
        when(digits, "# Behind them drawings that are no digits, with a label of their own."),
        when(digits, "DIGITS = len(x_train)"),
        when(digits, 'scribbles = np.load(sys.argv[1])["x_scribbles"]'),
        when(digits, "x_train = np.concatenate([x_train, scribbles])"),
        when(digits, "y_train = np.concatenate([y_train, np.full(len(scribbles), 10)])"),
    )
    return lines(
        load,
        "",
        "",
        choose,
        'x_train = x_train[..., np.newaxis].astype("float32") * (1 / 255)  # 0 for paper, 1 for ink',
        'x_test = x_test[..., np.newaxis].astype("float32") * (1 / 255)',
    )


def files(recipe: Recipe) -> str:
    """What the script is to be given."""
    names = {"digits": "digits.npz", "mnist": "[mnist.npz]"}
    return " ".join(names[part] for part in sorted(recipe.dataset.parts) if part in names)


def left_out(recipe: Recipe) -> list[str]:
    """What a script cannot have, and so is not of the same losses: lines for its docstring."""
    said = []
    if recipe.start:
        said.append(f"It begins with new weights, and not with those of the run {recipe.start}.")
    if "mine" in recipe.dataset.parts:
        said.append("The digits that were drawn in the window are not among its data.")
    return [*said, ""] if said else []


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


def training(recipe: Recipe) -> str:
    """Built and compiled once for batches of any size, as in the app: the losses then agree to the last bit."""
    limit = "[:LIMIT]" if recipe.limit else ""
    scaled = recipe.precision is Precision.MIXED_FLOAT16
    validated, scribbles = bool(recipe.validation_share), "digits" in recipe.dataset.parts
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
        f"train = np.random.default_rng(SEED).permutation({'DIGITS' if scribbles else 'len(x_train)'}){limit}",
    ]
    if scribbles:
        split.append("no_digits = DIGITS + np.arange(round(len(scribbles) * len(train) / DIGITS))")
    validate = []
    if validated:
        split += [
            "held_out = round(VALIDATION_SHARE * len(train))",
            "validation, train = train[:held_out], train[held_out:]",
        ]
    if scribbles:
        split.append("train = np.concatenate([train, no_digits])")
    if validated:
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
        *(
            [
                "        target = tf.one_hot(labels, 10)",
                "        target += (1 - tf.reduce_sum(target, -1, keepdims=True)) / 10  # no digit: all of them alike",
                "        loss = tf.reduce_mean(keras.losses.kl_divergence(target, probabilities))",
            ]
            if scribbles
            else ["        loss = tf.reduce_mean(cross_entropy(labels, probabilities))"]
        ),
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
