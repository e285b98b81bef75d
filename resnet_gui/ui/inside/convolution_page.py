"""Convolution up close: the arithmetic of one value of one feature map, with real numbers."""

import html
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resnet_gui.core.blueprint import Blueprint
from resnet_gui.core.inside.question import Answered, Question
from resnet_gui.core.inside.signed import ends_text, largest, number_text
from resnet_gui.core.inside.unit import Unit, UnitQuestion, convolutions, layer_words
from resnet_gui.core.inside.unit_steps import DIGITS
from resnet_gui.ui.elided_label import ElidedLabel
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.pixel_map import PixelMap
from resnet_gui.ui.inside.products_picture import FEW, ProductsPicture
from resnet_gui.ui.theme import SPACING, Colors

PLAY_MS = 150  # from one pixel to the next
NARROW = 560  # pixels; below it, the maps stand above the arithmetic
MAPS_SHARE, MAPS_WIDEST = 0.28, 240  # of the page's width, and pixels
MAPS_HEIGHT = 150  # pixels, where they stand above


class ConvolutionPage(Page):
    """Which convolution, which channel, which pixel; and how its value comes about."""

    TITLE = "Convolution"
    TIP = "How one value is computed: window times kernel, summed up, normalised, added to the shortcut, activated."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = UnitQuestion()
        self._blueprint: Blueprint | None = None
        self._unit: Unit | None = None
        self._layer = QComboBox(self)
        self._layer.setObjectName("convolutionLayerCombo")
        self._layer.setAccessibleName("Convolution")
        self._layer.setToolTip("Which convolution to see up close.")
        self._layer.setMinimumContentsLength(12)
        self._layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._channel = QSpinBox(self)
        self._channel.setObjectName("convolutionChannelSpin")
        self._channel.setAccessibleName("Channel")
        self._channel.setToolTip("Which channel: each has a kernel of its own.")
        self._channel.setMinimum(1)
        self._play = QPushButton("Play", self)
        self._play.setObjectName("convolutionPlayButton")
        self._play.setCheckable(True)
        self._play.setToolTip("Slide the kernel across the picture.")
        self._message = QLabel(self)
        self._message.setObjectName("convolutionMessage")
        self._message.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._message.hide()
        self.output = PixelMap("convolutionOutput", "The feature map that is computed", self)
        self.output.setToolTip("Click a pixel, or move by the arrow keys, to see how its value comes about.")
        self._input = PixelMap("convolutionInput", "The input channel that matters most here", self)
        self._input.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._input.setToolTip("The input channel that adds most here, with the window that the kernel sees.")
        self._output_words = ElidedLabel("convolutionOutputWords", "The feature map", self)
        self._input_words = ElidedLabel("convolutionInputWords", "The input", self)
        self._body = QWidget(self)
        self._products = ProductsPicture()
        self._more = QPushButton()
        self._more.setObjectName("convolutionMoreButton")
        self._more.setCheckable(True)
        self._steps = QLabel()
        self._steps.setObjectName("convolutionSteps")
        self._steps.setAccessibleName("The arithmetic")
        self._steps.setTextFormat(Qt.TextFormat.RichText)
        self._steps.setWordWrap(True)
        self._steps.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._timer = QTimer(self, interval=PLAY_MS)
        self._timer.timeout.connect(self._step)
        self._layer.activated.connect(lambda _: self._ask(layer=self._layer.currentData()))
        self._channel.valueChanged.connect(lambda channel: self._ask(channel=channel - 1))
        self.output.picked.connect(lambda row, column: self._ask(row=row, column=column))
        self._play.toggled.connect(self._toggle)
        self._more.toggled.connect(lambda _: self._show_products())
        self.show_nothing()

    @property
    def question(self) -> UnitQuestion:
        """The value that is chosen."""
        return self._question

    def take_question(self, question: Question) -> bool:
        """Show this value."""
        if not isinstance(question, UnitQuestion):
            return False
        self._play.setChecked(False)
        self._question = question
        self.asked.emit()
        return True

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the arithmetic."""
        unit = answered.answer
        assert isinstance(unit, Unit)
        self._unit = unit
        # What this network has instead; nobody is to be asked again for that.
        self._question = UnitQuestion(unit.layer, unit.channel, unit.row, unit.column)
        self._fill(answered.blueprint)
        self._say("")
        self._body.show()
        outputs, incoming = unit.outputs, unit.inputs[:, :, unit.ranking[0]]
        limit = largest(outputs)
        self.output.show_map(outputs, limit, (unit.row, unit.column))
        self._output_words.say(f"{unit.result} {ends_text(limit)}", f"{unit.result} of channel {unit.channel + 1}")
        limit = largest(incoming)
        self._input.show_map(incoming, limit, window=(unit.top, unit.left, unit.size))
        self._input_words.say(f"Input channel {unit.ranking[0] + 1} {ends_text(limit)}", "It adds most to the value.")
        self._show_products()
        self._steps.setText(_steps_html(unit, self.colors))

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there is no arithmetic."""
        self.show_nothing()
        self._say(text)

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._unit = None
        self._play.setChecked(False)
        self._say("")
        self._body.hide()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        for widget in (self.output, self._input, self._products):
            widget.set_colors(colors)
        if self._unit is not None:
            self._steps.setText(_steps_html(self._unit, colors))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays where nobody sees it."""
        super().hideEvent(event)
        self._play.setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The maps stand beside the arithmetic, or above it."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for text, widget, stretch in (("Layer", self._layer, 1), ("Channel", self._channel, 0)):
            label = QLabel(text, self)
            label.setBuddy(widget)
            top.addWidget(label)
            top.addWidget(widget, stretch)
        top.addWidget(self._play)
        self._maps = QWidget(self._body)
        self._maps_layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._maps)
        self._maps_layout.setContentsMargins(0, 0, 0, 0)
        for words, picture in ((self._output_words, self.output), (self._input_words, self._input)):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(words)
            column.addWidget(picture, 1)
            self._maps_layout.addLayout(column, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self._products)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._steps)
        column.addStretch(1)
        scroll = QScrollArea(self._body)
        scroll.setObjectName("convolutionScroll")
        scroll.setAccessibleName("The arithmetic")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._body_layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self._body_layout.setContentsMargins(0, 0, 0, 0)
        self._body_layout.addWidget(self._maps)
        self._body_layout.addWidget(scroll, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self._message)
        layout.addWidget(self._body, 1)
        layout.addStretch(0)

    def _arrange(self) -> None:
        narrow = self.width() < NARROW
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body_layout.setDirection(down if narrow else across)
        self._maps_layout.setDirection(across if narrow else down)
        widest = 16_777_215  # Qt's own
        self._maps.setMaximumWidth(widest if narrow else round(min(MAPS_SHARE * self.width(), MAPS_WIDEST)))
        self._maps.setMaximumHeight(MAPS_HEIGHT if narrow else widest)

    def _fill(self, blueprint: Blueprint) -> None:
        """Offer what this network has."""
        if blueprint != self._blueprint:
            self._blueprint = blueprint
            self._layer.clear()
            for name in convolutions(blueprint):
                self._layer.addItem(layer_words(blueprint, name), name)
        self._layer.setCurrentIndex(self._layer.findData(self._question.layer))
        if self._unit is not None:
            with QSignalBlocker(self._channel):
                self._channel.setMaximum(self._unit.channels)
                self._channel.setSuffix(f" of {self._unit.channels}")
                self._channel.setValue(self._unit.channel + 1)

    def _ask(self, **changes: object) -> None:
        self._question = replace(self._question, **changes)
        self.asked.emit()

    def _toggle(self, playing: bool) -> None:
        self._play.setText("Pause" if playing else "Play")
        self._timer.start() if playing else self._timer.stop()

    def _step(self) -> None:
        unit = self._unit
        if unit is None or (unit.row, unit.column) != (self._question.row, self._question.column):
            return  # the last one is not answered yet
        height, width = unit.outputs.shape
        row, column = divmod((unit.row * width + unit.column + 1) % (height * width), width)
        self._ask(row=row, column=column)

    def _show_products(self) -> None:
        unit = self._unit
        if unit is None:
            return
        inputs = len(unit.contributions)
        self._more.setVisible(inputs > FEW)
        self._more.setText(f"The {FEW} that add most" if self._more.isChecked() else f"All {inputs} input channels")
        self._products.show_unit(unit, self._more.isChecked())

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))


def _steps_html(unit: Unit, colors: Colors) -> str:
    lines = [
        f"<p><b>{html.escape(step.title)}</b>"
        f"<span style='color:{colors.muted}'>{html.escape(f' · {step.name}' if step.name else '')}</span><br>"
        f"{html.escape(step.formula)} = <b>{number_text(step.value, DIGITS)}</b></p>"
        for step in unit.lines
    ]
    shown = number_text(float(unit.outputs[unit.row, unit.column]), DIGITS)
    end = f"<p>The feature map shows <b>{shown}</b> at {unit.place_words}.</p>"
    notes = f"<p><span style='color:{colors.muted}'>{unit.notes}</span></p>" if unit.notes else ""
    return notes + "".join(lines) + end
