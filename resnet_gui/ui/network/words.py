"""What stands in the diagram, in words: for tooltips and for those who hear the window."""

from resnet_gui.ui.network.layout import FOLD, HEAD, STEM, Item
from resnet_gui.ui.network.plan import NetworkPlan, shape_text
from resnet_gui.ui.network.shortcut_marks import LOOKS


def item_words(item: Item, plan: NetworkPlan) -> str:
    """What `item` is, what it puts out, what its shortcut does, and what Enter or a click does with it."""
    difference = f" {item.difference}" if item.difference else ""
    if item.kind == STEM:
        what = f"Stem: the first convolution turns the image into {shape_text(plan.stem_shape)}."
        return f"{what} A click or Enter opens it.{difference}"
    if item.kind == HEAD:
        what = f"Head: turns the last maps into {plan.classes} class probabilities."
        return f"{what} A click or Enter opens it.{difference}"
    shortcut = " and ".join(LOOKS[mark].title.lower() for mark in item.figure.marks)
    if not item.figure.plain:
        shortcut += " on the shortcut" if len(item.figure.marks) > 1 else " shortcut"
    facts = f"{item.figure.change or item.figure.result}, {shortcut}."
    if item.kind == FOLD:
        run = f"Blocks {item.first} to {item.last} of stage {item.stage}, {item.count} equal ones"
        return f"{run}: {facts} A click or Enter unfolds them.{difference}"
    return f"Block {item.first} of stage {item.stage}: {facts} A click or Enter opens it.{difference}"
