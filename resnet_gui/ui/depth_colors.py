"""The colour of each shortcut type: plain networks are always warm, identity shortcuts always blue."""

from resnet_gui.core.architecture import Shortcut
from resnet_gui.ui.theme import Colors

_INDEX = {
    Shortcut.IDENTITY: 0,  # blue
    Shortcut.NONE: 1,  # orange
    Shortcut.OPTION_A: 2,
    Shortcut.PROJECTION: 3,
    Shortcut.CONV_1X1: 3,  # the same layers
    Shortcut.CONSTANT_SCALING: 4,
    Shortcut.EXCLUSIVE_GATING: 5,
    Shortcut.SHORTCUT_ONLY_GATING: 6,
    Shortcut.DROPOUT: 7,
}


def color_of(shortcut: Shortcut, colors: Colors) -> str:
    """#rrggbb of `shortcut` in this scheme."""
    return colors.runs[_INDEX[shortcut] % len(colors.runs)]
