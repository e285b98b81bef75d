"""The command that looks inside a network while it reads a picture."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from resnet_gui.cli_options import Json, RunId
from resnet_gui.cli_output import print_json, print_table, refuse
from resnet_gui.core.inside.depth_reading import DepthQuestion, DepthReading
from resnet_gui.core.inside.lesion import block_name, lesion_words
from resnet_gui.core.inside.lesion_text import lesion_of
from resnet_gui.core.inside.maps import Maps
from resnet_gui.core.inside.signal import SignalQuestion, Signals
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.run_file import write_arrays


def inspect(
    image: Annotated[Path, typer.Option(help="A picture file of one digit.", show_default=False)],
    run: RunId = STARTER,
    label: Annotated[
        int | None,
        typer.Option(min=0, max=9, help="The digit that it shows, for the gradient; else the one that is read."),
    ] = None,
    off: Annotated[
        str | None, typer.Option(metavar="BLOCKS", help="Without these blocks, such as 3,5; counted from 1.")
    ] = None,
    swap: Annotated[str | None, typer.Option(metavar="PAIRS", help="With these exchanged, such as 2:4.")] = None,
    alpha: Annotated[str | None, typer.Option(metavar="ALPHAS", help="x + alpha F(x), such as 3=0.5.")] = None,
    maps: Annotated[
        Path | None, typer.Option(help="Write every block's x, F(x), h(x), sum and output to this .npz.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Tell what each block does with a picture: how strong x and F(x) are, the gradient there, and what is read there.

    Norms are L2 over all values of the block; the gradient is that of the loss for the digit. What is read here is what
    the network would say if it stopped after the block: later residual branches are off, their shortcuts stay.
    """
    if maps is not None and not _can_be_written(maps):
        refuse(f"--maps needs a file in a folder that exists, such as maps.npz; got {str(maps)!r}.")
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.inside.answers import answers
    from resnet_gui.engine.inside.maps import maps_of
    from resnet_gui.engine.inside.trace import Specimen
    from resnet_gui.engine.pictures import read_picture
    from resnet_gui.engine.prediction import load_reader

    choose_device()
    reader = load_reader(Library(), run)
    blueprint = reader.network.blueprint
    lesion = lesion_of(blueprint, off or "", swap or "", alpha or "")
    specimen = Specimen(reader.network, lesion, run)
    pixels = read_picture(image)
    reader.read(pixels)  # which refuses a network whose training diverged
    seen = maps_of(specimen, pixels)
    ((signals, _),) = answers(specimen, pixels, label, SignalQuestion())
    depths, _ = next(answers(specimen, pixels, label, DepthQuestion()))
    if maps is not None:
        write_arrays(maps, _arrays(seen))
    figures = _figures(seen, signals, depths)
    changed = lesion_words(lesion)
    if as_json:
        about = {"run": run, "network": reader.name, "image": str(image), "changed": changed}
        print_json(about | {"label": signals.label, "loss": signals.loss, "blocks": figures})
        return 0
    print(f"{reader.name}{f', changed: {changed}' if changed else ''}; the loss if this is a {signals.label}: ", end="")
    print(f"{signals.loss:.3g}")
    norms = ("|x|", "|α F(x)|", "|h(x)|", "|sum|", "|α F| / |h|", "gradient", "of its weights")
    heads = ("block", "alpha", *norms, "read here", "with")
    rows = [tuple(_text(value) for name, value in figure.items() if name != "shape") for figure in figures]
    print_table(heads, rows, numbers=len(heads) - 1)
    return 0


def _can_be_written(path: Path) -> bool:
    try:
        return path.suffix.lower() == ".npz" and not path.is_dir() and path.parent.is_dir()
    except OSError:  # such as a name that is too long
        return False


def _figures(maps: Maps, signals: Signals, depths: DepthReading) -> list[dict[str, Any]]:
    return [
        {
            "block": block_name(block.plan),
            "shape": block.plan.shape,
            "alpha": block.alpha,
            "x": _norm(block.x),
            "branch": signal.branch,
            "shortcut": None if block.shortcut is None else _norm(block.shortcut),
            "sum": _norm(block.total),
            "ratio": signal.ratio,
            "gradient": signal.output_gradient,
            "weight_gradient": signal.weight_gradient,
            "read": int(reading.argmax()),
            "probability": float(reading.max()),
        }
        for block, signal, reading in zip(maps.blocks, signals.blocks, depths.stopped[1:], strict=True)
    ]


def _arrays(maps: Maps) -> dict[str, Any]:
    """By names such as `stage1_block1/x`, each float32 (height, width, channels)."""
    return {
        f"{block.plan.name}/{name}": values
        for block in maps.blocks
        for name, values in (
            ("x", block.x),
            ("branch", block.branch),
            ("shortcut", block.shortcut),
            ("sum", block.total),
            ("output", block.output),
        )
        if values is not None
    }


def _norm(values: Any) -> float:
    return float(np.linalg.norm(values))


def _text(value: object) -> str:
    return "–" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)
