"""What the papers say of an architecture: the formula of its block, and the error that they measured.

Figures: He et al. 2016 (arXiv 1603.05027), tables 1 and 2, test error in percent on CIFAR-10.
"""

from resnet_gui.core.architecture import Architecture, Order, Shortcut

FAILS = "fails (over 20 % error)"

# Table 1: ResNet-110 in the original order, median of five runs.
_SHORTCUT_ERRORS: dict[Shortcut, str] = {
    Shortcut.NONE: FAILS,
    Shortcut.CONV_1X1: "12.22 % error",
    Shortcut.PROJECTION: "12.22 % error",
}
_SCALING_ERRORS = {(0.5, 1.0): FAILS, (0.5, 0.5): "12.35 % error"}
_EXCLUSIVE_GATE_ERRORS = {-6.0: "8.70 % error", -7.0: "9.81 % error"} | {float(b): FAILS for b in range(-5, 1)}
_SHORTCUT_GATE_ERRORS = {0.0: "12.86 % error", -6.0: "6.91 % error"}

# Table 2: identity shortcuts; ResNet-110 and ResNet-164.
_ORDER_ERRORS: dict[Order, tuple[str, str]] = {
    Order.ORIGINAL: ("6.61", "5.93"),
    Order.BN_AFTER_ADDITION: ("8.17", "6.50"),
    Order.RELU_BEFORE_ADDITION: ("7.84", "6.14"),
    Order.RELU_ONLY_PRE_ACTIVATION: ("6.71", "5.91"),
    Order.FULL_PRE_ACTIVATION: ("6.37", "5.46"),
}

_SHORTCUT_TERMS: dict[Shortcut, str] = {
    Shortcut.OPTION_A: "x",
    Shortcut.IDENTITY: "x",
    Shortcut.PROJECTION: "W x",
    Shortcut.CONV_1X1: "W x",
    Shortcut.EXCLUSIVE_GATING: "(1 − g(x)) · x",
    Shortcut.SHORTCUT_ONLY_GATING: "(1 − g(x)) · x",
    Shortcut.DROPOUT: "dropout(x)",
}


def formula(architecture: Architecture) -> str:
    """What one block computes where its shape stays the same, such as `y = ReLU(F(x) + x)`."""
    branch = "F(x)"
    match architecture.shortcut:
        case Shortcut.NONE:
            return f"y = {branch}" if architecture.order.pre_activation else f"y = ReLU({branch})"
        case Shortcut.EXCLUSIVE_GATING:
            branch = f"g(x) · {branch}"
        case Shortcut.CONSTANT_SCALING if architecture.branch_scale != 1.0:
            branch = f"{architecture.branch_scale:g} · {branch}"
    term = _SHORTCUT_TERMS.get(architecture.shortcut, f"{architecture.shortcut_scale:g} · x")
    total = f"{branch} + {term}"
    match architecture.order:
        case Order.ORIGINAL:
            return f"y = ReLU({total})"
        case Order.BN_AFTER_ADDITION:
            return f"y = ReLU(BN({total}))"
    return f"y = {total}"


def changed_shape(architecture: Architecture, halved: bool = True) -> str:
    """What the shortcut does to x where a block changes the shape; empty if nothing of its own.

    `halved` says that the resolution changes too, and not the number of channels alone.
    """
    match architecture.shortcut:
        case Shortcut.NONE | Shortcut.PROJECTION | Shortcut.CONV_1X1:
            return ""
        case Shortcut.OPTION_A:
            kept = "every second pixel of x is kept and " if halved else ""
            return f"Where the shape changes, {kept}zeros fill the new channels (option A)."
    return "Where the shape changes, a 1×1 convolution brings x into the new shape (option B)."


def measured_error(architecture: Architecture) -> str:
    """The papers' test error for this kind of block on CIFAR-10, as one sentence; empty if they tell none.

    All networks of the papers have batch normalisation.
    """
    order, shortcut = architecture.order, architecture.shortcut
    if not architecture.batch_norm:
        return ""
    if order is Order.ORIGINAL and shortcut not in (Shortcut.IDENTITY, Shortcut.OPTION_A):
        error = _SHORTCUT_ERRORS.get(shortcut)
        match shortcut:
            case Shortcut.CONSTANT_SCALING:
                error = _SCALING_ERRORS.get((architecture.shortcut_scale, architecture.branch_scale))
            case Shortcut.EXCLUSIVE_GATING:
                error = _EXCLUSIVE_GATE_ERRORS.get(architecture.gate_bias)
            case Shortcut.SHORTCUT_ONLY_GATING:
                error = _SHORTCUT_GATE_ERRORS.get(architecture.gate_bias)
            case Shortcut.DROPOUT if architecture.dropout_rate == 0.5:
                error = FAILS
        return f"ResNet-110 on CIFAR-10: {error} (He et al. 2016, table 1)." if error else ""
    if shortcut in (Shortcut.IDENTITY, Shortcut.OPTION_A):
        shallow, deep = _ORDER_ERRORS[order]
        return f"ResNet-110 / ResNet-164 on CIFAR-10: {shallow} / {deep} % error (He et al. 2016, table 2)."
    return ""
