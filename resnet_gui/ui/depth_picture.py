"""The depth chart as one can point at it: its lines, and a readout of the point under the pointer or the keys."""

from collections import Counter
from collections.abc import Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from resnet_gui.core.depth_chart import DepthChart, Figure, Point, Series, XAxis
from resnet_gui.ui.depth_colors import color_of
from resnet_gui.ui.depth_plot import DepthPlot, Look, Mark, MarkedLine
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REACH = 14.0  # pixels from a mark within which it is meant
STILL = 4  # pixels that the pointer may move between press and release of a click
MOST_RUNS = 6  # of a point, in its readout
LONGEST_NAME = 40  # characters
AXIS_TITLES = {XAxis.LAYERS: "Depth (weighted layers)", XAxis.BLOCKS: "Residual blocks per stage"}
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class DepthPicture(pg.GraphicsLayoutWidget):
    """Shows a chart and reads its points; arrow keys go from one to the next.

    Signals:
        point_clicked(Point): a point was clicked, or chosen with Return.
    """

    point_clicked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("depthPlot")
        self.setAccessibleName("Chart over depth: arrow keys go from point to point, Return selects the run")
        self.ci.setContentsMargins(0, SPACING, 2 * SPACING, 0)
        self.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self.setMinimumSize(160, 140)
        self._colors = LIGHT
        self._chart: DepthChart | None = None
        self._pressed: QPoint | None = None
        self.plot = DepthPlot()
        self.addItem(self.plot)
        self._readout = QLabel(self)
        self._readout.setObjectName("depthReadout")
        self._readout.setTextFormat(Qt.TextFormat.RichText)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._hint = QLabel(self)
        self._hint.setObjectName("depthHint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.viewport().installEventFilter(self)

    def looks(self, series: Sequence[Series]) -> list[Look]:
        """A colour for each shortcut type, and a style for each line of a colour."""
        used: Counter[str] = Counter()
        looks = []
        for each in series:
            color = color_of(each.shortcut, self._colors)
            looks.append(Look(color, used[color]))
            used[color] += 1
        return looks

    def show_chart(self, chart: DepthChart, axis: XAxis, log: bool, hint: str) -> None:
        """Draw `chart`; where it is empty `hint` says why. A point that is read is read on."""
        chosen = self._chosen()
        self._chart = chart
        lines = [
            MarkedLine(look, tuple(_mark(point, axis) for point in series.points))
            for look, series in zip(self.looks(chart.series), chart.series, strict=True)
        ]
        self.plot.setLabel("left", chart.figure.title)
        self.plot.setLabel("bottom", AXIS_TITLES[axis])
        self.plot.show_lines(lines, log, from_zero=not chart.figure.higher_is_better)
        self._hint.setText(hint)
        self._hint.setVisible(not chart.series)
        self._place_hint()
        self.plot.choose(None)
        self._choose(None if chosen is None else self._find(*chosen))

    def set_colors(self, colors: Colors) -> None:
        """Draw all but the lines in another colour scheme; those come with the next chart."""
        self._colors = colors
        self.setBackground(colors.surface)
        self.plot.set_colors(colors)
        self._readout.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 4px; padding: 4px;"
        )
        self._hint.setStyleSheet(f"background: transparent; color: {colors.muted}; font-size: 15px;")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer over the chart."""
        left = Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.Resize:
                self._choose(None)  # points move
                self._place_hint()
            case QEvent.Type.MouseMove:
                self._point_at(event.position().toPoint())
            case QEvent.Type.MouseButtonPress if event.button() is left:
                self._pressed = event.position().toPoint()
            case QEvent.Type.MouseButtonRelease if event.button() is left:
                self._release_at(event.position().toPoint())
            case QEvent.Type.Leave:
                self._choose(None)
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QEvent) -> None:
        """What the keys chose is done with."""
        super().focusOutEvent(event)
        self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from point to point, Return clicks, Escape puts the readout away."""
        key, chosen = event.key(), self.plot.marks.chosen
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and chosen is not None:
            self._click()
        elif key == Qt.Key.Key_Escape and chosen is not None:
            self._choose(None)
        elif key in _STEPS and self._chart is not None and self._chart.series:
            self._choose((0, 0) if chosen is None else self._beyond(chosen, *_STEPS[key]))
        else:
            event.ignore()

    def _beyond(self, chosen: tuple[int, int], lines: int, points: int) -> tuple[int, int]:
        """The next point of the line, or the one of the next line that is nearest in depth."""
        series = self._chart.series
        line = min(max(chosen[0] + lines, 0), len(series) - 1)
        if line == chosen[0]:
            return line, min(max(chosen[1] + points, 0), len(series[line].points) - 1)
        depth, others = series[chosen[0]].points[chosen[1]].layers, series[line].points
        return line, min(range(len(others)), key=lambda index: abs(others[index].layers - depth))

    def _chosen(self) -> tuple[Series, Point] | None:
        if self._chart is None or self.plot.marks.chosen is None:
            return None
        line, number = self.plot.marks.chosen
        return self._chart.series[line], self._chart.series[line].points[number]

    def _find(self, series: Series, point: Point) -> tuple[int, int] | None:
        """Where the chart has what an earlier one had there."""
        for line, other in enumerate(self._chart.series):
            for number, candidate in enumerate(other.points):
                if (other.label, candidate.blocks) == (series.label, point.blocks):
                    return line, number
        return None

    def _choose(self, chosen: tuple[int, int] | None) -> None:
        """Read this mark, or none."""
        if chosen == self.plot.marks.chosen and self._readout.isVisible() == (chosen is not None):
            return
        self.plot.choose(chosen)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if chosen is None else Qt.CursorShape.PointingHandCursor)
        if chosen is None:
            self._readout.hide()
            return
        self._readout.setText(_read(*self._chosen(), self._chart.figure, self._colors))
        self._readout.adjustSize()
        self._readout.move(self._beside(self.place_of(*chosen)))
        self._readout.show()

    def place_of(self, line: int, number: int) -> QPoint:
        """Where a mark stands, in this widget's pixels."""
        places = {(index, mark): place for index, mark, _, place in self.plot.marks.places()}
        return self.mapFromScene(self.plot.spot(places[line, number], line))

    def _beside(self, spot: QPoint) -> QPoint:
        """Where the readout goes: to the right of `spot`, to the left, or where there is no room below or above."""
        gap, size, room = 2 * SPACING, self._readout.size(), self.size()
        y = max(0, min(spot.y() - size.height() // 2, room.height() - size.height()))
        if spot.x() + gap + size.width() < room.width():
            return QPoint(spot.x() + gap, y)
        if spot.x() - gap - size.width() >= 0:
            return QPoint(spot.x() - gap - size.width(), y)
        below = spot.y() + gap + size.height() < room.height()
        x = max(0, min(spot.x() - size.width() // 2, room.width() - size.width()))
        return QPoint(x, spot.y() + gap if below else max(0, spot.y() - gap - size.height()))

    def _point_at(self, place: QPoint) -> None:
        self._choose(self.plot.nearest(QPointF(self.mapToScene(place)), REACH))

    def _release_at(self, place: QPoint) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (place - pressed).manhattanLength() <= STILL:
            self._point_at(place)
            self._click()

    def _click(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.point_clicked.emit(chosen[1])

    def _place_hint(self) -> None:
        """In the middle of the chart."""
        self._hint.setGeometry(self.rect().adjusted(2 * SPACING, 0, -2 * SPACING, 0))


def _mark(point: Point, axis: XAxis) -> Mark:
    return Mark(point.x(axis), point.value, point.bar, hollow=not point.finished, cross=bool(point.diverged))


def _read(series: Series, point: Point, figure: Figure, colors: Colors) -> str:
    """Depth, value, spread, seeds and runs of a point, as rich text."""
    blocks = f"{point.blocks} block{'' if point.blocks == 1 else 's'} per stage"
    lines = [f"<b>{escape(series.label)}: {point.layers} layers</b> ({blocks})"]
    if point.value is not None:
        line = f"{figure.name} {figure.text(point.value)}"
        if point.deviation is not None:
            line += f" ± {figure.text(point.deviation)}, {len(point.seeds)} seeds"
        elif point.bar is not None:
            line += f" (95 %: {figure.text(point.bar.low)} to {figure.text(point.bar.high)}), one seed"
        lines.append(line)
    runs = [*point.entries, *point.diverged]
    for number, entry in enumerate(runs[:MOST_RUNS]):
        value = figure.value(entry.run) if number < len(point.entries) else None
        said = str(entry.run.state) if value is None else figure.text(value)
        if value is not None and not point.finished:
            said += f", {entry.run.state}"
        name = entry.name if len(entry.name) <= LONGEST_NAME else f"{entry.name[: LONGEST_NAME - 1]}…"
        color = colors.runs[entry.color % len(colors.runs)]
        lines.append(f"<span style='color:{color}'>■</span> {escape(name)}: {said}")
    if len(runs) > MOST_RUNS:
        lines.append(f"and {len(runs) - MOST_RUNS} more")
    return "<br>".join(lines)
