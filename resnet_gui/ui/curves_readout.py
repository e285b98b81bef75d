"""What the curves say under the crosshair: a small table beside the pointer that never leaves the plots."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from resnet_gui.ui.theme import SPACING, Colors

MOST_ROWS = 10
NAME_WIDTH = 220  # pixels of a name
PADDING = 4  # pixels


@dataclass(frozen=True)
class Row:
    """What is said of one curve."""

    name: str
    color: str  # #rrggbb
    cells: tuple[str, ...]
    height: float  # where the curve is, upwards
    distance: float  # from the pointer


class CurvesReadout(QLabel):
    """Shows the rows nearest to the pointer, the uppermost curve first, and how many more there are."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("crosshairLabel")
        self.setAccessibleName("Values under the pointer")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        self.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            f"border-radius: 4px; padding: {PADDING}px;"
        )

    def show_rows(self, title: str, columns: Sequence[str], rows: Sequence[Row], pointer: QPoint) -> None:
        """Say `rows` under `title` beside `pointer`, in pixels of the parent."""
        metrics = QFontMetrics(self.font())
        room = self.parentWidget().size()
        fitting = (room.height() - 2 * PADDING) // (metrics.height() + 2) - 3  # title, columns and the last line
        most = max(1, min(MOST_ROWS, fitting))
        nearest = sorted(rows, key=lambda row: row.distance)[:most]
        lines = [_line("", "", columns)] if any(columns) else []
        width = min(NAME_WIDTH, room.width() // 3)
        for row in sorted(nearest, key=lambda row: -row.height):
            name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, width)
            lines.append(_line(row.color, name, row.cells))
        more = f"and {len(rows) - most:,} more" if len(rows) > most else ""
        self.setText(f"<b>{title}</b><table cellspacing='0'>{''.join(lines)}</table>{more}")
        self.adjustSize()
        self._place(pointer)
        self.show()

    def _place(self, pointer: QPoint) -> None:
        """Beside the pointer, on the side where there is room."""
        room = self.parentWidget().size()
        x = pointer.x() + 2 * SPACING
        if x + self.width() > room.width():
            x = pointer.x() - 2 * SPACING - self.width()
        y = pointer.y() - self.height() // 2
        self.move(max(0, min(x, room.width() - self.width())), max(0, min(y, room.height() - self.height())))


def _line(color: str, name: str, cells: Sequence[str]) -> str:
    swatch = f"<span style='color:{color}'>■</span>" if color else ""
    values = "".join(f"<td align='right'>&nbsp;&nbsp;{html.escape(cell)}</td>" for cell in cells)
    return f"<tr><td>{swatch}&nbsp;</td><td style='white-space:nowrap'>{html.escape(name)}</td>{values}</tr>"
