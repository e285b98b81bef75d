"""The digits of a training step: which are read wrong, and what each costs."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_gui.core.inside.step import Phase, Step
from resnet_gui.ui.theme import LIGHT, Colors

ROW = 22.0  # pixels of a picture, unless there is no room for that
GAP, BAR = 3.0, 10.0  # pixels between pictures, and below them for the highest loss


class StepBatch(QWidget):
    """A row of small pictures, framed where the network reads another digit, with a bar for each one's loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepBatch")
        self.setAccessibleName("The digits of this step")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._colors, self._inks = LIGHT, _inks(LIGHT)
        self._step: Step | None = None
        self._phase = Phase.FORWARD

    def show_step(self, step: Step | None, phase: Phase) -> None:
        """Show the batch of this step; None for none yet, which keeps the room."""
        self._step, self._phase = step, phase
        words = "" if step is None else f"{step.right} of {len(step.images)} are read right"
        self.setAccessibleDescription(words)
        self.update()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self._colors, self._inks = colors, _inks(colors)
        self.update()

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(300, int(2 * (ROW + GAP + BAR)))

    def event(self, event: QEvent) -> bool:
        """Say what a digit is and what is read."""
        if event.type() == QEvent.Type.ToolTip and self._step is not None:
            assert isinstance(event, QHelpEvent)
            found = [n for n in range(len(self._step.images)) if self._place(n).contains(event.pos().toPointF())]
            step = self._step
            words = [f"A {step.labels[n]}, read as {step.readings[n]}; loss {step.losses[n]:.3g}" for n in found]
            QToolTip.showText(event.globalPos(), "".join(words), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures."""
        if self._step is None:
            return
        painter, step, colors = QPainter(self), self._step, self._colors
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        costs = np.nan_to_num(step.losses, posinf=0.0, neginf=0.0)
        highest = max(float(costs.max(initial=0.0)), 1e-9)
        for number, image in enumerate(step.images):
            place = self._place(number)
            pixels = np.ascontiguousarray(image)
            height, width = pixels.shape
            picture = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
            picture.setColorTable(self._inks)
            painter.drawImage(place, picture)
            wrong = step.readings[number] != step.labels[number]
            painter.setPen(QPen(QColor(colors.error if wrong else colors.border), 2 if wrong else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)
            if self._phase >= Phase.LOSS:
                long = (place.width()) * float(costs[number]) / highest
                bar = QRectF(place.left(), place.bottom() + 3, long, 4)
                painter.fillRect(bar, QColor(colors.error if wrong else colors.muted))

    def _place(self, number: int) -> QRectF:
        """Where the picture of this number is: in two rows, as large as there is room for."""
        count = len(self._step.images) if self._step is not None else 1
        across = -(-count // 2)
        high = self.height() / 2 - GAP - BAR
        size = min(high, self.width() / across - GAP)
        row, column = divmod(number, across)
        return QRectF(column * (size + GAP) + 1, row * self.height() / 2 + 1, size, size)


def _inks(colors: Colors) -> list[int]:
    """Colours of the values 0 to 255, from paper to ink, as QImage takes them."""
    paper, ink = (np.array(QColor(name).getRgb()[:3]) for name in (colors.paper, colors.ink))
    shades = (paper + np.linspace(0, 1, 256)[:, None] * (ink - paper)).round().astype(int)
    return [QColor(*shade).rgb() for shade in shades.tolist()]
