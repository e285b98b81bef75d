"""Saving a chart as a picture that the user names."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from resnet_gui.ui.chart_picture import Chart, png_bytes, svg_bytes

KINDS = {"PNG picture (*.png)": ".png", "SVG drawing (*.svg)": ".svg"}


def ask_for_picture(parent: QWidget, name: str) -> Path | None:
    """The file that the user names for a picture, called `name` unless another is chosen; None to save none."""
    path, kind = QFileDialog.getSaveFileName(parent, "Save the chart", f"{name}.png", ";;".join(KINDS))
    if not path:
        return None
    return Path(path) if Path(path).suffix else Path(f"{path}{KINDS.get(kind, '.png')}")


def picture_of(chart: Chart, path: Path) -> bytes:
    """The chart as the bytes of a picture: an SVG if the name of `path` ends so, else a PNG. For the GUI thread."""
    return svg_bytes(chart, path.stem) if path.suffix.lower() == ".svg" else png_bytes(chart)
