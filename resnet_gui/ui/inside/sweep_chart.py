"""The chart of sweeps: the test error over the block that is removed, or over how many are."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from resnet_gui.core.inside.sweep import Sweep, SweepKind
from resnet_gui.core.inside.sweep_words import AXES, CHANCE, Place, places_of, point_words
from resnet_gui.core.statistics import Interval
from resnet_gui.ui.depth_plot import DepthPlot, Look, Mark, MarkedLine
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

REACH = 14.0  # pixels from a mark within which it is meant
TOP = 107.0  # percent: room above 100 for a mark there
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


@dataclass(frozen=True)
class SweepLine:
    """A network's sweep, how it is called, and how its line looks."""

    name: str
    sweep: Sweep
    look: Look


class SweepChart(pg.GraphicsLayoutWidget):
    """Shows sweeps of one kind, and reads their points: pointer or arrow keys. Has no signals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sweepChart")
        self.setAccessibleName("Test error of the sweep: arrow keys go from point to point")
        self.ci.setContentsMargins(0, SPACING, 2 * SPACING, 0)
        self.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self.setMinimumSize(160, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lines: tuple[SweepLine, ...] = ()
        self._whole: list[pg.InfiniteLine] = []  # the error of each network as it was trained
        self._places: list[tuple[Place, ...]] = []
        self.plot = DepthPlot()
        self.addItem(self.plot)
        self.plot.setLabel("left", "Test error, %")
        self._chance = pg.InfiniteLine(
            100 * CHANCE, angle=0, label="guessing", labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 1)]}
        )
        self.plot.addItem(self._chance, ignoreBounds=True)
        self.readout = QLabel(self)
        self.readout.setObjectName("sweepReadout")
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.hide()
        self.viewport().installEventFilter(self)
        self.set_colors(LIGHT)

    def sizeHint(self) -> QSize:
        """High enough to be read; it takes more where there is more."""
        return QSize(400, 190)

    def show_sweeps(self, lines: Sequence[SweepLine]) -> None:
        """Draw these and no others; what is read is read on."""
        chosen = self.plot.marks.chosen
        self._lines = tuple(lines)
        self._places = [places_of(line.sweep) for line in lines]
        if lines:
            self.plot.setLabel("bottom", AXES[lines[0].sweep.kind].axis)
        self.plot.show_lines(
            [
                MarkedLine(line.look, tuple(_mark(place) for place in places))
                for line, places in zip(lines, self._places, strict=True)
            ]
        )
        self.plot.setYRange(0, TOP, padding=0)
        self._draw_whole()
        self._chance.setVisible(bool(lines))
        within = chosen is not None and chosen[0] < len(lines) and chosen[1] < len(self._places[chosen[0]])
        self._choose(chosen if within else None)

    def _draw_whole(self) -> None:
        errors = [
            (100 * line.sweep.intact.error, line.look.color)
            for line in self._lines
            if line.sweep.kind is SweepKind.EACH and line.sweep.intact.images
        ]
        while len(self._whole) > len(errors):
            self.plot.removeItem(self._whole.pop())
        while len(self._whole) < len(errors):
            self._whole.append(pg.InfiniteLine(angle=0))
            self.plot.addItem(self._whole[-1], ignoreBounds=True)
        for item, (error, color) in zip(self._whole, errors, strict=True):
            item.setValue(error)
            item.setPen(pg.mkPen(color, width=1))

    def set_colors(self, colors: Colors) -> None:
        """Draw all but the lines in another colour scheme; those come with the next sweeps."""
        self.setBackground(colors.surface)
        self.plot.set_colors(colors)
        self._chance.setPen(pg.mkPen(colors.muted, width=1, style=Qt.PenStyle.DotLine))
        self._chance.label.setColor(QColor(colors.muted))
        self.readout.setStyleSheet(
            f"background: {colors.raised}; color: {colors.text}; border: 1px solid {colors.border};"
            "border-radius: 4px; padding: 4px;"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer over the chart."""
        match event.type():
            case QEvent.Type.Resize | QEvent.Type.Leave:
                self._choose(None)
            case QEvent.Type.MouseMove:
                self._choose(self.plot.nearest(QPointF(self.mapToScene(event.position().toPoint())), REACH))
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QEvent) -> None:
        """What the keys chose is done with."""
        super().focusOutEvent(event)
        self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from point to point, Escape puts the readout away."""
        chosen = self.plot.marks.chosen
        if event.key() == Qt.Key.Key_Escape and chosen is not None:
            self._choose(None)
        elif event.key() in _STEPS and self._lines:
            up, right = _STEPS[event.key()]
            line, number = (0, -1 if right > 0 else 0) if chosen is None else chosen
            line = min(max(line + up, 0), len(self._lines) - 1)
            self._choose((line, min(max(number + right, 0), len(self._places[line]) - 1)))
        else:
            event.ignore()

    def _choose(self, chosen: tuple[int, int] | None) -> None:
        """Read this mark, or none."""
        self.plot.choose(chosen)
        if chosen is None:
            self.readout.hide()
            return
        line, number = chosen
        place = self._places[line][number]
        words = point_words(self._lines[line].sweep, place)
        self.readout.setText(f"<b>{escape(self._lines[line].name)}</b><br>{escape(words)}")
        self.readout.adjustSize()
        spot = self.mapFromScene(self.plot.spot(QPointF(place.x, 100 * place.error), line))
        gap, size = 2 * SPACING, self.readout.size()
        x = spot.x() + gap if spot.x() + gap + size.width() < self.width() else spot.x() - gap - size.width()
        y = max(0, min(spot.y() - size.height() // 2, self.height() - size.height()))
        self.readout.move(QPoint(max(0, x), y))
        self.readout.show()
        self.setAccessibleDescription(f"{self._lines[line].name}: {words}")


def _mark(place: Place) -> Mark:
    bar = Interval(100 * place.interval.low, 100 * place.interval.high)
    return Mark(place.x, 100 * place.error, bar, hollow=place.hollow)
