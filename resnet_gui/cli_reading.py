"""The commands that read with a network: pictures, and how well it reads."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from resnet_gui.cli_options import Data, DataDir, Json, RunId
from resnet_gui.cli_output import complain, print_json, print_table, refuse
from resnet_gui.core.bundled import UNSEEN
from resnet_gui.core.confidence import BINS, expected_calibration_error
from resnet_gui.core.errors import DatasetError, PictureError
from resnet_gui.core.experiment import DatasetName
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.my_digits import MyDigits
from resnet_gui.core.scribbles import draw_scribbles

SCRIBBLES = 2_000  # the first ones of the series; networks are trained on later ones


def predict(
    images: Annotated[list[Path], typer.Argument(help="Picture files of one digit each.", show_default=False)],
    run: RunId = STARTER,
    as_json: Json = False,
) -> int:
    """Read the digit in each picture: any size, dark on light or light on dark."""
    from resnet_gui.engine.datasets import printable
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.pictures import read_picture
    from resnet_gui.engine.prediction import load_reader

    choose_device()
    reader = load_reader(Library(), run)
    readings, status = {}, 0
    for path in images:
        try:
            readings[path] = reader.read(read_picture(path))
        except PictureError as error:  # the others can still be read
            status = complain(str(error), 1)
    if not as_json and readings:
        print(f"Read by {reader.name}:")
        for path, reading in readings.items():
            share = f"{reading.probabilities.max():.1%}"
            said = f"unsure (perhaps {reading.digit}, {share})" if reading.unsure else f"{reading.digit} ({share})"
            print(f"{printable(path)}: {said}")
    if as_json:
        print_json(
            {
                "run": run,
                "network": reader.name,
                "predictions": [
                    {
                        "image": str(path),
                        "digit": reading.digit,
                        "unsure": reading.unsure,
                        "probabilities": reading.probabilities.tolist(),
                    }
                    for path, reading in readings.items()
                ],
            }
        )
    return status


def evaluate(
    run: RunId = STARTER,
    strokes: Annotated[
        Path | None, typer.Option(help="A file of pen strokes (see the README).", show_default=False)
    ] = None,
    dataset: Data = None,
    mine: Annotated[bool, typer.Option("--mine", help="The digits that you drew and kept.")] = False,
    data_dir: DataDir = None,
    scribbles: Annotated[
        bool, typer.Option("--scribbles", help=f"Measure of how many of {SCRIBBLES:,} drawn scribbles it is unsure.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Measure how well a network reads test images, a file of pen strokes or your own digits, and what it doubts."""
    sources = [strokes is not None, dataset is not None, mine].count(True)
    if sources > 1 or not (sources or scribbles):
        refuse(
            "Name what to evaluate on: one of --strokes FILE, --dataset NAME or --mine; or --scribbles, beside it too."
        )
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.prediction import load_reader

    choose_device()
    reader = load_reader(Library(), run)
    figures: dict[str, Any] = {
        "run": run,
        "temperature": reader.confidence.temperature,
        "calibrated": reader.confidence.fitted,
    }
    if sources:
        figures |= _measured(reader, *_samples(strokes, dataset, data_dir))
    if scribbles:
        images, kinds = draw_scribbles(0, SCRIBBLES)
        unsure, unseen = reader.judge(images)[1], np.isin(kinds, UNSEEN)
        figures |= {
            "scribbles": SCRIBBLES,
            "scribbles_refused": float(unsure.mean()),
            "unseen_scribbles_refused": float(unsure[unseen].mean()),
        }
    if as_json:
        print_json(figures)
    else:
        _print_figures(reader.name, figures)
    return 0


def _samples(
    strokes: Path | None, dataset: DatasetName | None, data_dir: Path | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[str, ...], str]:
    """Images (n, 28, 28), labels (n,), the group of each (or none), and where they come from; else one's own digits."""
    from resnet_gui.engine.datasets import load_dataset, printable
    from resnet_gui.engine.stroke_files import read_strokes

    if strokes is not None:
        file = read_strokes(strokes)
        return file.images(), file.labels, file.groups, printable(strokes)
    if dataset is None:
        images, labels = MyDigits().images()
        if not len(labels):
            raise DatasetError("You have kept no digits yet: draw one in the window and press its key, 0-9.")
        return images, labels, (), "my digits"
    data = load_dataset(dataset.test, data_dir=data_dir)
    return data.x_test, data.y_test, (), data.source


def _measured(
    reader: Any, images: NDArray[np.uint8], labels: NDArray[np.uint8], groups: tuple[str, ...], source: str
) -> dict[str, Any]:
    probabilities, unsure = reader.judge(images)
    right = probabilities.argmax(axis=1) == labels
    figures: dict[str, Any] = {
        "dataset": source,
        "images": len(labels),
        "accuracy": float(right.mean()),
        "expected_calibration_error": expected_calibration_error(probabilities, labels),
        "refused": float(unsure.mean()),
    }
    by_group = {group: float(right[[g == group for g in groups]].mean()) for group in sorted(set(groups))}
    if by_group:
        figures |= {"accuracy_by_group": by_group, "mean_over_groups": sum(by_group.values()) / len(by_group)}
    return figures


def _print_figures(name: str, figures: dict[str, Any]) -> None:
    if figures["calibrated"]:
        print(f"{name} is calibrated: temperature {figures['temperature']:.2f}")
    else:
        print(f"{name} is not calibrated: it was trained without validation images, or before there was calibration")
    if "accuracy" in figures:
        print(f"reads {figures['accuracy']:.2%} of {figures['images']:,} images ({figures['dataset']})")
        error = figures["expected_calibration_error"]
        print(f"expected calibration error {error:.2%} ({BINS} bins of equal width)")
        print(f"unsure of {figures['refused']:.2%} of these images")
    if "accuracy_by_group" in figures:
        rows = [(group, f"{share:.2%}") for group, share in figures["accuracy_by_group"].items()]
        print_table(("group", "accuracy"), rows, numbers=1)
        print(f"mean over groups {figures['mean_over_groups']:.2%}")
    if "scribbles_refused" in figures:
        unseen = f"{figures['unseen_scribbles_refused']:.2%} of those of {len(UNSEEN)} kinds that no network trains on"
        print(f"unsure of {figures['scribbles_refused']:.2%} of {figures['scribbles']:,} drawn scribbles, {unseen}")
