"""What the papers measured of depth, to compare one's own picture with: a small chart of its own, and words."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from resnet_gui.core.architecture import Shortcut
from resnet_gui.ui.depth_colors import color_of
from resnet_gui.ui.depth_plot import DepthPlot, Look, Mark, MarkedLine
from resnet_gui.ui.theme import LIGHT, RADIUS, SPACING, Colors

CHART = (230, 150)  # pixels
# Test error in percent on CIFAR-10, by weighted layers.
HE_RESIDUAL = {20: 8.75, 32: 7.51, 44: 7.17, 56: 6.97, 110: 6.43}  # He et al. 2015, table 6
LI_RESIDUAL = {20: 7.37, 56: 5.89, 110: 5.79}  # Li et al. 2018 (arXiv 1712.09913)
LI_PLAIN = {20: 8.18, 56: 13.31, 110: 16.44}  # the same networks without shortcuts
TEXT = """
<p style="margin-top:0"><b>The papers’ picture</b> (CIFAR-10, test error; not your runs)</p>
<p>He et al. 2015, table 6: <span style="color:{residual}">●</span> residual networks get better with depth, 8.75, 7.51,
7.17, 6.97 and 6.43&nbsp;% with 20, 32, 44, 56 and 110 layers. The error of their plain network of 110 layers is above
60&nbsp;% (figure 6), far beyond this chart. That is not overfitting: deeper plain networks have a higher training error
too.</p>
<p>Li et al. 2018 trained both kinds with 20, 56 and 110 layers: <span style="color:{plain}">■</span> plain 8.18, 13.31
and 16.44&nbsp;%, <span style="color:{residual}">■</span> residual 7.37, 5.89 and 5.79&nbsp;%.</p>
<p>Bars: one standard deviation to either side where there are several seeds; for the test figures of one run the
95&nbsp;% interval that follows from the number of test images (Wilson 1927).</p>
"""


class DepthHelp(QFrame):
    """The papers' curves beside a few sentences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("depthHelp")
        self.setAccessibleName("What the papers measured")
        self._view = pg.GraphicsLayoutWidget(self)
        self._view.setFixedSize(*CHART)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAccessibleName("Test error of the papers' networks over depth")
        self._view.ci.setContentsMargins(0, SPACING // 2, 2 * SPACING, 0)
        self._plot = DepthPlot(compact=True)
        self._view.addItem(self._plot)
        self._text = QLabel(self)
        self._text.setObjectName("depthHelpText")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        scroll = QScrollArea(self)  # of a narrow window the chart of one's own runs keeps its height
        scroll.setObjectName("depthHelpScroll")
        scroll.setAccessibleName("About the papers' curves")
        scroll.setWidgetResizable(True)
        scroll.setFixedHeight(CHART[1])
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setStyleSheet("background: transparent;")
        scroll.setWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self._view)
        layout.addWidget(scroll, 1)
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Draw in another colour scheme."""
        plain, residual = color_of(Shortcut.NONE, colors), color_of(Shortcut.IDENTITY, colors)
        self._view.setBackground(colors.surface)
        self._plot.set_colors(colors)
        curves = ((HE_RESIDUAL, residual, 0), (LI_RESIDUAL, residual, 1), (LI_PLAIN, plain, 1))
        self._plot.show_lines(
            [
                MarkedLine(
                    Look(color, variant, dotted=True), tuple(Mark(depth, error) for depth, error in curve.items())
                )
                for curve, color, variant in curves
            ]
        )
        self._text.setText(TEXT.format(plain=plain, residual=residual))
        self._text.setStyleSheet(f"background: transparent; color: {colors.text};")
        self.setStyleSheet(
            f"QFrame#depthHelp {{ background: {colors.surface}; border: 1px solid {colors.border};"
            f"border-radius: {RADIUS}px; }}"
        )
