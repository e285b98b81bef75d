"""What can stand beside the blocks of a network, each in a row: shares of a sum, bars, and a map over the steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from resnet_gui.core.inside.decades import TONES
from resnet_gui.ui.theme import Colors

THICKEST = 14.0  # pixels of a bar
GAP = 1.0  # pixel between rows, where there is room for it


def branch_color(colors: Colors) -> str:
    """Of what comes through F(x)."""
    return colors.runs[1]


def shortcut_color(colors: Colors) -> str:
    """Of what comes through h(x): shortcuts have it in every diagram."""
    return colors.accent


def gradient_color(colors: Colors) -> str:
    """Of gradients."""
    return colors.runs[6]


def tones(colors: Colors) -> list[int]:
    """The colours of a map, as QImage takes them: from the paper through the gradient's to the ink; see Decades."""
    stops = [QColor(name) for name in (colors.surface, gradient_color(colors), colors.text)]
    places = np.linspace(0, 1, TONES)
    channels = [
        np.interp(places, [0.0, 0.7, 1.0], [stop.getRgb()[channel] for stop in stops]).round().astype(int)
        for channel in range(3)
    ]
    ramp = [QColor(int(r), int(g), int(b)).rgb() for r, g, b in zip(*channels, strict=True)]
    return [*ramp, QColor(colors.error).rgb(), QColor(colors.raised).rgb()]


@dataclass(frozen=True, eq=False)
class Shares:
    """Of each row's sum of two norms, how much each is. None has no share: the row is all the first's."""

    titles: tuple[str, ...]  # the first that has room is shown
    first: Sequence[float]
    second: Sequence[float | None]
    width: float = 1.0
    ends: tuple[str, str] = ("", "")

    def paint(self, painter: QPainter, area: QRectF, row: float, colors: Colors) -> None:
        """Two bars in one, as long as the column is wide."""
        for place, (first, second) in enumerate(zip(self.first, self.second, strict=True)):
            total = first + (second or 0.0)
            if not np.isfinite(total) or total <= 0:
                continue
            bar = _bar(area, place, row)
            split = bar.width() * first / total
            painter.fillRect(QRectF(bar.left(), bar.top(), split, bar.height()), QColor(branch_color(colors)))
            rest = QRectF(bar.left() + split, bar.top(), bar.width() - split, bar.height())
            painter.fillRect(rest, QColor(shortcut_color(colors)))


@dataclass(frozen=True, eq=False)
class Bars:
    """A bar for each row, and a thin one below it; lengths are shares of the column, NaN for what is not finite."""

    titles: tuple[str, ...]  # the first that has room is shown
    lengths: NDArray[np.float64]
    thin: NDArray[np.float64] | None = None
    width: float = 1.0
    ends: tuple[str, str] = ("", "")

    def paint(self, painter: QPainter, area: QRectF, row: float, colors: Colors) -> None:
        """The bars, on a faint ground that shows how long they could be."""
        for place, length in enumerate(self.lengths):
            bar = _bar(area, place, row)
            painter.fillRect(bar, QColor(colors.raised))
            thin = None if self.thin is None else self.thin[place]
            thick = bar.height() * (1.0 if thin is None else 0.62)
            if np.isfinite(length):
                color = QColor(gradient_color(colors))
                painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * length, thick), color)
            if thin is not None and np.isfinite(thin):
                below = QRectF(bar.left(), bar.top() + thick, bar.width() * thin, bar.height() - thick)
                painter.fillRect(below, QColor(colors.muted))


@dataclass(frozen=True, eq=False)
class StepMap:
    """Colours of each row from the first step on: `tones` is uint8 (steps, rows), and fills `filled` of the column.

    Without tones `note` says why there are none.
    """

    titles: tuple[str, ...]  # the first that has room is shown
    tones: NDArray[np.uint8] | None
    filled: float = 1.0
    note: str = ""
    width: float = 2.0
    ends: tuple[str, str] = ("", "")

    def paint(self, painter: QPainter, area: QRectF, row: float, colors: Colors) -> None:
        """The map, or the note."""
        painter.fillRect(area, QColor(colors.window))
        if self.tones is None or not self.tones.size:
            painter.setPen(QColor(colors.muted))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(area.adjusted(4, 2, -4, -2), flags, self.note)
            return
        pixels = np.ascontiguousarray(self.tones.T)
        rows, steps = pixels.shape
        image = QImage(pixels.data, steps, rows, steps, QImage.Format.Format_Indexed8)
        image.setColorTable(tones(colors))
        # Sharp edges: one block is not to be mixed with the next.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(area.left(), area.top(), area.width() * self.filled, rows * row), image)


Column = Shares | Bars | StepMap


def _bar(area: QRectF, place: int, row: float) -> QRectF:
    """Where the bar of the row at this place is."""
    high = min(THICKEST, row - (GAP if row > 3 else 0))
    return QRectF(area.left(), area.top() + place * row + (row - high) / 2, area.width(), high)
