"""What a block is made of: picture, formula, what the papers say of it, and a table of its layers."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core import papers
from resnet_gui.core.blueprint import BlockPlan, LayerPlan
from resnet_gui.ui.network.difference import block_difference, chain_difference, only_in
from resnet_gui.ui.network.plan import NetworkPlan, block_formula, count_text, layer_text, shape_text
from resnet_gui.ui.network.unit_picture import SMALLEST, UnitPicture
from resnet_gui.ui.theme import SPACING, Colors

COLUMNS = {
    "Layer": "The layer's name within the block.",
    "What": "What the layer does.",
    "Output": "The shape of what the layer puts out: height, width and channels.",
    "Parameters": "Numbers that the layer learns.",
    "Multiply-adds": "Multiplications with an addition that the layer needs for one image.",
}
WHAT, RIGHT_ALIGNED = 1, 3  # columns from here on hold numbers


class LayersTable(QTableWidget):
    """As wide as its texts; what room is left goes to the column that says what a layer does."""

    needed = 0  # pixels across

    def fit_columns(self) -> None:
        """Give each column what it needs."""
        self.resizeColumnsToContents()
        self.needed = self.horizontalHeader().length() + 2
        spare = self.viewport().width() - self.horizontalHeader().length()
        if spare > 0:
            self.setColumnWidth(WHAT, self.columnWidth(WHAT) + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The room may have changed."""
        super().resizeEvent(event)
        self.fit_columns()


class BlockDetails(QFrame):
    """Shows a block, the stem or the head. Signals: `closed()`, the user wants the panel away."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("Details of the block")
        self._title = self._label("title", "detailsTitle")
        self._facts = self._label("muted", "detailsFacts")
        self._formula = self._label("", "detailsFormula")
        self._formula.setToolTip(
            "What the block computes: F(x) is its branch of convolutions, x its input, y its output."
        )
        self._sentences = self._label("muted", "detailsSentences")
        self._difference = self._label("", "detailsDifference")
        self.picture = UnitPicture(self)
        self.table = self._make_table()
        self._close = QToolButton(self)
        self._close.setObjectName("closeDetails")
        self._close.setText("✕")
        self._close.setAccessibleName("Close the details")
        self._close.setToolTip("Close the details of the block (Esc).")
        self._close.setStyleSheet("QToolButton { padding: 2px 7px; }")
        self._close.clicked.connect(self.closed)
        self._lay_out()

    def show_block(self, plan: NetworkPlan, stage: int, number: int, other: NetworkPlan | None, name: str) -> None:
        """Show a block of `plan`, and how it differs from the block at its place in `other`."""
        block, architecture = plan.block(stage, number), plan.architecture
        self._show(f"{name}Stage {stage}, block {number} of {architecture.blocks}", block.input_shape, block)
        self._say(self._formula, block_formula(architecture, block))
        sentences = [_shape_sentence(block)]
        if block.changes_shape:
            sentences.append(papers.changed_shape(architecture, block.shape[:2] != block.input_shape[:2]))
        sentences.append(papers.measured_error(architecture))
        self._say(self._sentences, " ".join(filter(None, sentences)))
        self._say(self._difference, block_difference(plan, other, stage, number) if other else "")
        self.picture.show_block(block)
        architecture = other.architecture if other else None
        twin = None
        if architecture and stage <= architecture.stages and number <= architecture.blocks:
            twin = other.block(stage, number)
        self._fill(block.layers, only_in(block, twin) if twin else ())

    def show_stem(self, plan: NetworkPlan, other: NetworkPlan | None, name: str) -> None:
        """Show the layers before the first block."""
        self._show_ends(f"{name}Stem", plan.stem, plan.image)
        self._say(self._difference, chain_difference(plan.stem, other.stem) if other else "")
        self._say(self._sentences, "The stem is the first convolution: it turns the image into the first feature maps.")
        self.picture.show_chain(plan.stem, f"image  {shape_text(plan.image)}")

    def show_head(self, plan: NetworkPlan, other: NetworkPlan | None, name: str) -> None:
        """Show the layers behind the last block."""
        start = plan.stage_shape(plan.architecture.stages)
        self._show_ends(f"{name}Head", plan.head, start)
        self._say(self._difference, chain_difference(plan.head, other.head) if other else "")
        sentence = f"The head turns the last feature maps into one probability for each of {plan.classes} classes."
        self._say(self._sentences, sentence)
        self.picture.show_chain(plan.head, shape_text(start))

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        self.picture.set_colors(colors)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Picture and table side by side if there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() - 6 * SPACING
        table = self.table.needed + 2 * SPACING
        beside = room >= SMALLEST * self.picture.natural_size.width() + table
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._body.direction() != way:
            self._body.setDirection(way)
        self.picture.set_room(room - table if beside else room)

    def _show_ends(self, title: str, layers: tuple[LayerPlan, ...], start: tuple[int, ...]) -> None:
        self._show(title, start, layers)
        self._say(self._formula, "")
        self._fill(layers)

    def _show(self, title: str, start: tuple[int, ...], part: BlockPlan | tuple[LayerPlan, ...]) -> None:
        layers = part.layers if isinstance(part, BlockPlan) else part
        parameters = sum(layer.parameters for layer in layers)
        cost = sum(layer.multiply_adds for layer in layers)
        self._say(self._title, title)
        shapes = f"{shape_text(start)} → {shape_text(layers[-1].shape)}"
        self._say(self._facts, f"{shapes} · {parameters:,} parameters · {count_text(cost)} multiply-adds")
        self._scroll.verticalScrollBar().setValue(0)

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _fill(self, layers: tuple[LayerPlan, ...], alone: tuple[LayerPlan, ...] = ()) -> None:
        """List `layers`; those of `alone` stand out, as the other network lacks them."""
        table = self.table
        table.setRowCount(len(layers))
        for row, layer in enumerate(layers):
            name = layer.name.removeprefix(f"{layer.block}_").replace("_", " ")
            exact = (f"{layer.parameters:,}", f"{layer.multiply_adds:,}")
            shown = (layer.parameters and exact[0], layer.multiply_adds and count_text(layer.multiply_adds))
            texts = (name, layer_text(layer), shape_text(layer.shape), *(text or "–" for text in shown))
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                if column >= RIGHT_ALIGNED:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    cell.setToolTip(exact[column - RIGHT_ALIGNED])
                else:
                    cell.setToolTip(text)
                if layer in alone:
                    font = QFont(table.font())
                    font.setWeight(QFont.Weight.DemiBold)
                    cell.setFont(font)
                    cell.setToolTip(f"{text}: only this network has this layer.")
                cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
                table.setItem(row, column, cell)
        table.fit_columns()
        rows = table.verticalHeader().defaultSectionSize() * len(layers)
        table.setFixedHeight(table.horizontalHeader().sizeHint().height() + rows + 14)  # a scroll bar below
        self._arrange()

    def _make_table(self) -> LayersTable:
        table = LayersTable(0, len(COLUMNS), self)
        table.setObjectName("layersTable")
        table.setAccessibleName("Layers of the block")
        for column, (title, explanation) in enumerate(COLUMNS.items()):
            header = QTableWidgetItem(title)
            header.setToolTip(explanation)
            side = Qt.AlignmentFlag.AlignRight if column >= RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
            header.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(column, header)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        return table

    def _lay_out(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("detailsBody")
        inside.setStyleSheet("QWidget#detailsBody { background: transparent; }")
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(2 * SPACING)
        self._body.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._body.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACING, 0)
        column.setSpacing(SPACING)
        for label in (self._facts, self._formula, self._sentences, self._difference):
            column.addWidget(label)
        column.addLayout(self._body, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget { background: transparent; border: none; }")
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(top)
        layout.addWidget(self._scroll, 1)

    def _label(self, role: str, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label


def _shape_sentence(block: BlockPlan) -> str:
    """Where the block changes the shape, how."""
    if not block.changes_shape:
        return ""
    height, _, channels = block.shape
    words = []
    if height != block.input_shape[0]:
        words.append("halves the resolution")
    if channels != block.input_shape[2]:
        ratio = channels / block.input_shape[2]
        times = {2.0: "doubles the channels", 4.0: "quadruples the channels"}
        words.append(times.get(ratio, f"takes {block.input_shape[2]} channels to {channels}"))
    return f"This block {' and '.join(words)}: {shape_text(block.input_shape)} → {shape_text(block.shape)}."
