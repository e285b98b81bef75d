"""What tells two networks apart: in words, and block by block."""

from resnet_gui.core.architecture import Architecture, Block, Head
from resnet_gui.core.blueprint import BlockPlan, LayerPlan
from resnet_gui.ui.network.plan import NetworkPlan, layer_text, shape_text
from resnet_gui.ui.network.shortcut_marks import SHORTCUT_NAMES

# What a setting is called where it differs; the shortcut's own settings are told by their values.
_SETTINGS = {
    "shortcut_scale": "x times {:g} instead of {:g}",
    "branch_scale": "F(x) times {:g} instead of {:g}",
    "gate_bias": "gate bias {:g} instead of {:g}",
    "dropout_rate": "dropout rate {:g} instead of {:g}",
    "width": "width {} instead of {}",
    "stem_stride": "stem stride {} instead of {}",
}


def difference_in_words(first: NetworkPlan, second: NetworkPlan) -> str:
    """How `second` differs from `first`, such as `8 blocks more, no shortcuts, 12,345 parameters fewer`."""
    one, other = first.architecture, second.architecture
    if one == other:
        return "the same network"
    words = [
        _more(other.stages - one.stages, "stage"),
        _more(other.stages * other.blocks - one.stages * one.blocks, "block"),
    ]
    if one.block is not other.block:
        words.append("bottleneck blocks" if other.block is Block.BOTTLENECK else "basic blocks")
    if one.shortcut is not other.shortcut:
        words.append(SHORTCUT_NAMES[other.shortcut])
    if one.order is not other.order:
        words.append(f"{order_name(other)} instead of {order_name(one)} order")
    if one.batch_norm != other.batch_norm:
        words.append("with batch normalisation" if other.batch_norm else "no batch normalisation")
    for name, words_for in _SETTINGS.items():
        ours, theirs = getattr(one, name), getattr(other, name)
        shared = one.shortcut is other.shortcut or name in ("width", "stem_stride")
        if shared and ours != theirs:
            words.append(words_for.format(theirs, ours))
    if one.head is not other.head:
        words.append("average pooling" if other.head is Head.AVERAGE_POOLING else "flatten instead of pooling")
    parameters = second.parameters - first.parameters
    words.append(_more(parameters, "parameter") or "as many parameters")
    return ", ".join(filter(None, words))


def order_name(architecture: Architecture) -> str:
    """The block order as the papers write it."""
    name = str(architecture.order).replace("-", " ")
    for was, term in (("bn", "BN"), ("relu", "ReLU"), ("only pre activation", "only pre-activation")):
        name = name.replace(was, term)
    return name.replace("full pre activation", "full pre-activation")


def layer_key(layer: LayerPlan) -> tuple[str, str, float]:
    """What makes layers of two networks the same one: the name within the block, and what it does."""
    return (layer.name.removeprefix(f"{layer.block}_"), layer.text, layer.bias_start)


def only_in(block: BlockPlan, other: BlockPlan | None) -> tuple[LayerPlan, ...]:
    """The layers of `block` that `other` lacks; all of them without an other."""
    theirs = {layer_key(layer) for layer in other.layers} if other else set()
    return tuple(layer for layer in block.layers if layer_key(layer) not in theirs)


def block_difference(plan: NetworkPlan, other: NetworkPlan, stage: int, number: int) -> str:
    """How a block of `plan` differs from the block at its place in `other`; empty if it does not."""
    theirs = other.architecture
    if stage > theirs.stages or number > theirs.blocks:
        return "Only this network has this block."
    ours, twin = plan.sample(stage, number), other.sample(stage, number)
    words = []
    for title, layers in (("Only here", only_in(ours, twin)), ("Only in the other network", only_in(twin, ours))):
        if layers:
            words.append(f"{title}: {', '.join(_layer_words(layer) for layer in layers)}.")
    if ours.shape != twin.shape:
        words.append(f"Puts out {shape_text(ours.shape)} instead of {shape_text(twin.shape)}.")
    return " ".join(words)


def chain_difference(layers: tuple[LayerPlan, ...], twins: tuple[LayerPlan, ...]) -> str:
    """How stem or head differ from the other network's; empty if they do not."""
    ours, theirs = ([layer_text(layer) for layer in chain] for chain in (layers, twins))
    words = []
    if ours != theirs:
        words.append(f"{', '.join(ours)} instead of {', '.join(theirs)}.")
    if layers[-1].shape != twins[-1].shape:
        words.append(f"Puts out {shape_text(layers[-1].shape)} instead of {shape_text(twins[-1].shape)}.")
    return " ".join(words)


def _layer_words(layer: LayerPlan) -> str:
    return f"{layer_key(layer)[0].replace('_', ' ')} ({layer_text(layer)})"


def _more(number: int, noun: str) -> str:
    """Such as `8 blocks more` or `1 stage fewer`; empty for none."""
    if not number:
        return ""
    return f"{abs(number):,} {noun}{'s' if abs(number) != 1 else ''} {'more' if number > 0 else 'fewer'}"
