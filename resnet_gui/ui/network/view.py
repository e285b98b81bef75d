"""The network as a picture to take apart: the diagram, its legend, and the details of what was chosen in it."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from resnet_gui.core.architecture import Architecture
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.network.block_details import BlockDetails
from resnet_gui.ui.network.canvas import ZOOM_STEP
from resnet_gui.ui.network.diagram import NetworkDiagram
from resnet_gui.ui.network.difference import difference_in_words
from resnet_gui.ui.network.layout import HEAD, STEM, Item
from resnet_gui.ui.network.legend import NetworkLegend
from resnet_gui.ui.network.plan import NetworkPlan, count_text, make_plan
from resnet_gui.ui.theme import LIGHT, SPACING, Colors

LOW = 520  # pixels of height below which the details stand beside the diagram


class NetworkView(QWidget):
    """Shows an architecture, alone or beside a second one.

    Signals:
        architecture_edited(Architecture): the user added or took away blocks or a stage on the diagram.
    """

    architecture_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkView")
        self.setAccessibleName("The network")
        self._plan = make_plan(Architecture())
        self._other: NetworkPlan | None = None
        self._other_name = ""
        self._title = QLabel(self)
        self._title.setObjectName("networkTitle")
        self._title.setProperty("role", "title")
        self._title.setToolTip("The network's name: its number counts the layers with weights, stem and head included.")
        self._facts = ElidedLabel("networkFacts", "Size of the network", self)
        self._difference = QLabel(self)
        self._difference.setObjectName("networkDifference")
        self._difference.setAccessibleName("How the networks differ")
        self._difference.setToolTip("How the network below differs from the one above.")
        self._difference.setWordWrap(True)
        self._difference.setTextFormat(Qt.TextFormat.PlainText)
        self.diagram = NetworkDiagram(self)
        self.legend = NetworkLegend(self)
        self.details = BlockDetails(self)
        self.details.setMinimumWidth(240)
        self.details.hide()
        self._fold = self._button("foldButton", "Unfold all", "Unfold all equal blocks", self._toggle_fold)
        self._less = self._button("zoomOutButton", "−", "Zoom out", lambda: self.diagram.zoom_by(1 / ZOOM_STEP))
        self._more = self._button("zoomInButton", "+", "Zoom in", lambda: self.diagram.zoom_by(ZOOM_STEP))
        self._fit = self._button("fitButton", "Fit", "Show the whole network", self.diagram.fit)
        self._less.setToolTip("Zoom out (Ctrl+−, or Ctrl and the mouse wheel).")
        self._more.setToolTip("Zoom in (Ctrl++, or Ctrl and the mouse wheel).")
        self._fit.setToolTip("Zoom so that the whole network can be seen (Ctrl+0).")
        self._lay_out()
        self.diagram.chosen.connect(self._show_details)
        self.diagram.architecture_edited.connect(self.architecture_edited)
        self.diagram.folding_changed.connect(self._show_folding)
        self.diagram.zoom_changed.connect(self._show_zoom)
        self.details.closed.connect(self.close_details)
        self._show()
        self.set_colors(LIGHT)

    @property
    def architecture(self) -> Architecture:
        """The architecture on show."""
        return self._plan.architecture

    @property
    def difference(self) -> str:
        """How the second network differs, in words; empty without one."""
        return self._difference.text()

    @Slot(object)
    def show_architecture(self, architecture: Architecture) -> None:
        """Show `architecture`."""
        if architecture != self._plan.architecture:
            self._plan = make_plan(architecture)
            self._show()

    def compare_with(self, architecture: Architecture | None, name: str = "") -> None:
        """Show a second network below the first, with what tells them apart; None takes it away."""
        self._other = None if architecture is None else make_plan(architecture)
        self._other_name = name or (architecture.name if architecture else "")
        self._show()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        for part in (self.diagram, self.legend, self.details):
            part.set_colors(colors)

    @Slot()
    def close_details(self) -> None:
        """Put the details away, and go back to the diagram."""
        self.details.hide()
        self.diagram.select(None)
        self.diagram.setFocus()

    def sizeHint(self) -> QSize:
        """Room for the diagram and details below it."""
        return QSize(760, 560)

    def minimumSizeHint(self) -> QSize:
        """Small, and it scrolls."""
        return QSize(super().minimumSizeHint().width(), 240)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the details."""
        if event.key() == Qt.Key.Key_Escape and self.details.isVisible():
            self.close_details()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Details below the diagram if there is height for both, else beside it."""
        super().resizeEvent(event)
        way = Qt.Orientation.Horizontal if self.height() < LOW else Qt.Orientation.Vertical
        if self._split.orientation() is not way:
            self._split.setOrientation(way)
            self._share()

    def _show(self) -> None:
        plan, other = self._plan, self._other
        architecture = plan.architecture
        self._title.setText(architecture.name)
        stages = f" in {architecture.stages} stages" if architecture.stages > 1 else ""
        blocks = architecture.blocks * architecture.stages
        facts = (
            f"{blocks:,} block{'s' if blocks != 1 else ''}{stages} · {plan.parameters:,} parameters · "
            f"{count_text(plan.multiply_adds)} multiply-adds"
        )
        self._facts.say(facts)
        self._difference.setVisible(other is not None)
        if other is None:
            self._difference.setText("")
        else:
            self._difference.setText(f"Below, {self._other_name}: {difference_in_words(plan, other)}.")
        plans = (plan,) if other is None else (plan, other)
        self.diagram.show_plans(plans, (architecture.name, self._other_name))
        self.legend.show_diagram(self.diagram.diagram)
        if self.details.isVisibleTo(self):
            if self.diagram.selected is None:
                self.details.hide()
            else:
                self._show_details(self.diagram.selected)

    @Slot(object)
    def _show_details(self, item: Item) -> None:
        plan, other = (self._plan, self._other) if item.row == 0 else (self._other, self._plan)
        name = "" if self._other is None else f"{(plan.architecture.name, self._other_name)[item.row]} · "
        if item.kind == STEM:
            self.details.show_stem(plan, other, name)
        elif item.kind == HEAD:
            self.details.show_head(plan, other, name)
        else:
            self.details.show_block(plan, item.stage, item.first, other, name)
        if not self.details.isVisibleTo(self):
            self.details.show()
            self._share()

    def _share(self) -> None:
        """Divide the room between diagram and details."""
        if self._split.orientation() is Qt.Orientation.Vertical:
            whole = self._split.height()
            first = max(
                self.diagram.minimumSizeHint().height(), min(round(0.55 * whole), self.diagram.sizeHint().height())
            )
        else:
            whole = self._split.width()
            first = round(0.5 * whole)
        self._split.setSizes([first, max(1, whole - first)])

    @Slot()
    def _toggle_fold(self) -> None:
        self.diagram.fold(not self.diagram.diagram.folded)
        self.legend.show_diagram(self.diagram.diagram)

    @Slot(bool)
    def _show_folding(self, folded: bool) -> None:
        """Offer what can be done now."""
        self._fold.setText("Unfold all" if folded else "Fold")
        self._fold.setAccessibleName("Unfold all equal blocks" if folded else "Fold equal blocks")
        self._fold.setEnabled(folded or self.diagram.can_fold)
        if folded:
            tip = "Show every block of a run of equal ones; a click on a run unfolds its stage alone."
        elif self._fold.isEnabled():
            tip = "Show runs of equal blocks as one box."
        else:
            tip = "There is no run of equal blocks that is long enough to fold."
        self._fold.setToolTip(tip)

    @Slot(float)
    def _show_zoom(self, zoom: float) -> None:
        self._percent.setText(f"{100 * zoom:.0f} %")

    def _button(self, name: str, text: str, accessible: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(accessible)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: slot())  # type: ignore[operator]
        return button

    def _lay_out(self) -> None:
        self._percent = QLabel("100 %", self)
        self._percent.setObjectName("zoomLabel")
        self._percent.setProperty("role", "muted")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("300 %"))
        self._percent.setToolTip("How large the diagram is drawn.")
        bar = QHBoxLayout()
        bar.setSpacing(SPACING)
        bar.addWidget(self._title)
        bar.addWidget(self._facts, 1)
        for widget in (self._fold, self._less, self._percent, self._more, self._fit):
            bar.addWidget(widget)
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.diagram, 1)
        column.addWidget(self.legend)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(upper)
        self._split.addWidget(self.details)
        self._split.setHandleWidth(SPACING)
        self._split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # minimumSizeHint knows better
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(bar)
        layout.addWidget(self._difference)
        layout.addWidget(self._split, 1)
