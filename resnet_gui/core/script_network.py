"""The network of an experiment's script: its layers, one block and all of it as functions that a learner can read.

The layers that draw random numbers are made in the order in which the blueprint lists them: so they get the same seeds.
"""

from collections.abc import Iterable
from textwrap import indent, wrap

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut
from resnet_gui.core.blueprint import NO_PROJECTION_BN
from resnet_gui.core.papers import formula

LINE_LENGTH = 100
GATED = (Shortcut.EXCLUSIVE_GATING, Shortcut.SHORTCUT_ONLY_GATING)
PIXELS = "[:, ::stride, ::stride]"  # those that a 1x1 convolution with a stride would see
PROJECTED = (Shortcut.PROJECTION, Shortcut.CONV_1X1)  # in every block


def network_functions(architecture: Architecture, mixed: bool) -> list[str]:
    """The functions of a script that build the network; `mixed` says that most of it does not compute in float32."""
    functions = [_seeds(), _conv(architecture)]
    if architecture.batch_norm:
        functions.append(_batch_norm())
    if architecture.blocks and architecture.shortcut in GATED:
        functions.append(_gate())
    if architecture.blocks:
        functions.append(_block(architecture))
    return [*functions, _network(architecture, mixed)]


def lines(*given: str | None) -> str:
    """Lines of text, without those that are None."""
    return "\n".join(line for line in given if line is not None)


def when(condition: bool, line: str) -> str | None:
    """`line` on that condition, for `lines`."""
    return line if condition else None


def _comment(text: str) -> str:
    """`text` as comment lines that fit into the body of a function."""
    return "\n".join(f"# {line}" for line in wrap(text, LINE_LENGTH - len("    # ")))


def _function(head: str, doc: str, body: Iterable[str]) -> str:
    """A function of paragraphs `body` with blank lines in between."""
    return f"def {head}:\n" + indent(f'"""{doc}"""\n' + "\n\n".join(body), "    ")


def typed(text: str) -> str:
    """A formula as one types it."""
    return text.replace("·", "*").replace("−", "-").replace("×", "x")


def _block_name(architecture: Architecture) -> str:
    return "plain_block" if architecture.shortcut is Shortcut.NONE else "residual_block"


def _seeds() -> str:
    return lines(
        "seeds = np.random.SeedSequence(SEED)",
        "",
        "",
        "def next_seed():",
        '    """Return a new seed; each layer that draws random numbers gets one of its own."""',
        "    (child,) = seeds.spawn(1)",
        "    return int(child.generate_state(1)[0] >> 1)  # Keras wants 31 bits",
    )


def _conv(architecture: Architecture) -> str:
    without = "    # Without a bias: batch normalisation has an offset of its own."
    return lines(
        "def conv(x, filters, size, stride=1):",
        '    """Convolve x with He\'s initial weights; a stride of 2 halves height and width."""',
        when(architecture.batch_norm, without),
        "    layer = layers.Conv2D(",
        "        filters,",
        "        size,",
        "        strides=stride,",
        '        padding="same",',
        when(architecture.batch_norm, "        use_bias=False,"),
        "        kernel_initializer=keras.initializers.HeNormal(seed=next_seed()),",
        "    )",
        "    return layer(x)",
    )


def _batch_norm() -> str:
    return lines(
        "def batch_norm(x):",
        '    """Bring each channel to mean 0 and variance 1, then to a learned offset and scale (BN)."""',
        "    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)",
    )


def _gate() -> str:
    return lines(
        "def gate_of(x, filters):",
        '    """Return g(x) = sigmoid(W x + b), a gate from 0 to 1 for each value of the block."""',
        "    layer = layers.Conv2D(",
        "        filters,",
        "        1,",
        '        activation="sigmoid",',
        "        kernel_initializer=keras.initializers.HeNormal(seed=next_seed()),",
        "        bias_initializer=keras.initializers.Constant(GATE_BIAS),",
        "    )",
        "    return layer(x)",
    )


def _block(architecture: Architecture) -> str:
    """One block as a function: `x`, or `activated` behind a pre-activation, goes into the residual branch."""
    order, shortcut = architecture.order, architecture.shortcut
    paragraphs = []
    if architecture.block is Block.BOTTLENECK:
        paragraphs.append("channels = 4 * filters  # of what the block puts out")
    if order is Order.FULL_PRE_ACTIVATION:
        paragraphs.append(
            lines(
                _comment(
                    "Pre-activation: BN and ReLU stand before the convolutions. The first block needs none, "
                    "since the stem ends with them (He et al. 2016, appendix)."
                ),
                "activated = x if first else layers.ReLU()(batch_norm(x))",
            )
        )
    if order is Order.RELU_ONLY_PRE_ACTIVATION:
        paragraphs.append(
            lines("# Pre-activation: a ReLU stands before the convolutions.", "activated = layers.ReLU()(x)")
        )
    paragraphs.append(_branch(architecture))
    if shortcut is Shortcut.NONE:
        paragraphs.append("return layers.ReLU()(branch)" if order is Order.ORIGINAL else "return branch")
    else:
        paragraphs += [*_shortcut(architecture), _sum(order)]
    arguments = "x, filters, stride, first" if order is Order.FULL_PRE_ACTIVATION else "x, filters, stride"
    doc = f"Return {typed(formula(architecture))}."
    return _function(f"{_block_name(architecture)}({arguments})", doc, paragraphs)


def _branch(architecture: Architecture) -> str:
    order = architecture.order
    first = "activated" if order.pre_activation else "x"
    if architecture.block is Block.BOTTLENECK:
        comment = "The residual branch F(x): a 1x1 convolution to few channels, a 3x3, and a 1x1 to many."
        convolutions = [
            f"branch = conv({first}{PIXELS}, filters, size=1)",
            "branch = conv(branch, filters, size=3)",
            "branch = conv(branch, channels, size=1)",
        ]
    else:
        comment = "The residual branch F(x): two 3x3 convolutions."
        convolutions = [
            f"branch = conv({first}, filters, size=3, stride=stride)",
            "branch = conv(branch, filters, size=3)",
        ]
    bn, relu = "branch = batch_norm(branch)", "branch = layers.ReLU()(branch)"
    bare = order in (Order.BN_AFTER_ADDITION, Order.FULL_PRE_ACTIVATION)
    text = [f"# {comment}"]
    for convolution in convolutions:
        last = convolution is convolutions[-1]
        text.append(convolution)
        if architecture.batch_norm and not (last and bare):
            text.append(bn)
        if not last or order is Order.RELU_BEFORE_ADDITION:
            text.append(relu)
    return "\n".join(text)


def _shortcut(architecture: Architecture) -> list[str]:
    """What becomes of x on its way to the addition: paragraphs, the gate's first."""
    order, shortcut = architecture.order, architecture.shortcut
    into_branch = "activated" if order.pre_activation else "x"
    channels = "channels" if architecture.block is Block.BOTTLENECK else "filters"
    bn = architecture.batch_norm and order not in NO_PROJECTION_BN
    of = f"of {into_branch}"
    paragraphs = []
    if shortcut in GATED:
        closing = "It scales the shortcut by 1 - g(x), and F(x) by g(x)."
        if shortcut is Shortcut.SHORTCUT_ONLY_GATING:
            closing = "It scales the shortcut alone, by 1 - g(x)."
        paragraphs.append(lines(_comment(f"The gate. {closing}"), f"gate = gate_of({into_branch}{PIXELS}, {channels})"))
    if shortcut in PROJECTED:
        source, where = "x", ""
        if order.pre_activation:
            source, where = "shortcut", " Where the shape changes, it is one of activated."
        text = [
            _comment(f"The shortcut: a 1x1 convolution of x in every block (option C).{where}"),
            when(order.pre_activation, "shortcut = x if branch.shape == x.shape else activated"),
            f"shortcut = conv({source}{PIXELS}, {channels}, size=1)",
            when(bn, "shortcut = batch_norm(shortcut)"),
        ]
        return [*paragraphs, lines(*text)]
    if shortcut is Shortcut.OPTION_A:
        text = [
            _comment(
                "The shortcut: x itself. Where the shape changes, every second row and column "
                f"{of} and zeros for the new channels (option A)."
            ),
            "shortcut = x",
            "if branch.shape != x.shape:",
            f"    shortcut = {into_branch}{PIXELS}",
            f"    new = {channels} - x.shape[-1]",
            "    shortcut = keras.ops.pad(shortcut, [(0, 0), (0, 0), (0, 0), (0, new)])",
        ]
    else:
        text = [
            _comment(f"The shortcut: x itself. Where the shape changes, a 1x1 convolution {of} (option B)."),
            "shortcut = x",
            "if branch.shape != x.shape:",
            f"    shortcut = conv({into_branch}{PIXELS}, {channels}, size=1)",
            when(bn, "    shortcut = batch_norm(shortcut)"),
        ]
    match shortcut:
        case Shortcut.CONSTANT_SCALING:
            text.append("shortcut = SHORTCUT_SCALE * shortcut")
            text.append(when(architecture.branch_scale != 1.0, "branch = BRANCH_SCALE * branch"))
        case Shortcut.DROPOUT:
            text.append("shortcut = layers.Dropout(DROPOUT_RATE, seed=next_seed())(shortcut)")
        case Shortcut.EXCLUSIVE_GATING:
            text += ["shortcut = (1 - gate) * shortcut", "branch = gate * branch"]
        case Shortcut.SHORTCUT_ONLY_GATING:
            text.append("shortcut = (1 - gate) * shortcut")
    return [*paragraphs, lines(*text)]


def _sum(order: Order) -> str:
    match order:
        case Order.ORIGINAL:
            return lines("y = branch + shortcut", "return layers.ReLU()(y)")
        case Order.BN_AFTER_ADDITION:
            return lines("y = branch + shortcut", "y = batch_norm(y)", "return layers.ReLU()(y)")
    return "return branch + shortcut"


def _network(architecture: Architecture, mixed: bool) -> str:
    order = architecture.order
    norm = when(architecture.batch_norm, "x = batch_norm(x)")
    width = "WIDTHS[0]" if architecture.blocks else "WIDTH"
    stride = ", stride=2" if architecture.stem_stride == 2 else ""
    paragraphs = [
        lines(
            "# The stem.",
            "image = keras.Input((28, 28, 1))",
            f"x = conv(image, {width}, size=3{stride})",
            norm,
            "x = layers.ReLU()(x)",
        )
    ]
    if architecture.blocks:
        arguments = "x, filters, stride"
        if order is Order.FULL_PRE_ACTIVATION:
            arguments += ", first=(stage == block == 0)"
        paragraphs.append(
            lines(
                "# Each stage after the first halves the image in its first block.",
                "for stage, filters in enumerate(WIDTHS):",
                "    for block in range(BLOCKS):",
                "        stride = 2 if stage > 0 and block == 0 else 1",
                f"        x = {_block_name(architecture)}({arguments})",
            )
        )
    head: list[str | None] = [
        "# The head.",
        "x = layers.Flatten()(x)" if architecture.head is Head.FLATTEN else "x = layers.GlobalAveragePooling2D()(x)",
        "initial = keras.initializers.GlorotUniform(seed=next_seed())",
    ]
    dtype = ', dtype="float32"' if mixed else ""  # the line stays within 100 characters
    head += [
        when(mixed, "# Probabilities need all digits of float32."),
        f'classes = layers.Dense(10, activation="softmax", kernel_initializer=initial{dtype})',
        "return keras.Model(image, classes(x))",
    ]
    if architecture.blocks and order.pre_activation:
        activation = lines(
            "# The last block has no next one that would activate what it puts out.",
            when(order is Order.FULL_PRE_ACTIVATION, "x = batch_norm(x)"),
            "x = layers.ReLU()(x)",
        )
        paragraphs.append(activation)
    paragraphs.append(lines(*head))
    return _function("build_network()", f"Return {architecture.name}.", paragraphs)
