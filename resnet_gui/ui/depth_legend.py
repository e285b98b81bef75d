"""The legend of the depth chart: each line's style and name, wrapped like words."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from resnet_gui.ui.depth_plot import Look, paint_mark
from resnet_gui.ui.flow import Flow
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

SAMPLE = 30  # pixels of a line's sample
WIDEST = 340  # pixels of an entry
MOST = 12  # entries; the others are counted


class LegendEntry(QWidget):
    """A sample of a line, and its name."""

    def __init__(self, look: Look, text: str, colors: Colors, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._colors = look, colors
        self.text = text
        self.setAccessibleName(text)
        self._height = self.fontMetrics().height() + 4
        room = WIDEST - SAMPLE - SPACING
        self._shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        if self._shown != text:
            self.setToolTip(text)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def sizeHint(self) -> QSize:
        """Room for the sample and the name."""
        return QSize(SAMPLE + SPACING + self.fontMetrics().horizontalAdvance(self._shown) + 2, self._height)

    def minimumSizeHint(self) -> QSize:
        """As it is."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(self._look.pen)
        painter.drawLine(QPointF(1, middle), QPointF(SAMPLE - 1, middle))
        paint_mark(painter, QPointF(SAMPLE / 2, middle), self._look, False, self._colors.surface)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect().adjusted(SAMPLE + SPACING, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._shown)
        painter.end()


class DepthLegend(QWidget):
    """Names the lines of the chart."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("depthLegend")
        self.setAccessibleName("Legend of the depth chart")
        self._flow = Flow()
        self.setLayout(self._flow)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lines: tuple[tuple[Look, str], ...] = ()
        self._colors = LIGHT

    @property
    def names(self) -> list[str]:
        """What stands in it."""
        return [text for _, text in self._lines]

    def show_lines(self, lines: Sequence[tuple[Look, str]], colors: Colors) -> None:
        """Name these lines and no others."""
        if tuple(lines) == self._lines and colors is self._colors:
            return
        self._lines, self._colors = tuple(lines), colors
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        widgets: list[QWidget] = [LegendEntry(look, text, colors, self) for look, text in self._lines[:MOST]]
        if more := self._lines[MOST:]:
            label = QLabel(f"and {len(more)} more", self)
            label.setProperty("role", "muted")
            label.setToolTip("\n".join(text for _, text in more))
            widgets.append(label)
        for widget in widgets:
            self._flow.addWidget(widget)
            widget.show()
        self.setVisible(bool(widgets))
        self.updateGeometry()
