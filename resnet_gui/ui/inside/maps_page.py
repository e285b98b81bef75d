"""Feature maps of every block, following the pen."""

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from resnet_gui.core.inside.maps import MapsQuestion, Scope, Sheet, scale_words, with_index
from resnet_gui.core.inside.question import Answered
from resnet_gui.core.inside.unit import UnitQuestion
from resnet_gui.ui.inside.channel_pane import ChannelPane
from resnet_gui.ui.inside.map_rows import MapRows, Spot
from resnet_gui.ui.inside.page import Page
from resnet_gui.ui.inside.signed_picture import SignedLegend
from resnet_gui.ui.inside.words import Words
from resnet_gui.ui.theme import SPACING, Colors

SETTLED_MS = 60  # after the last change of size or place, what is wanted is asked for
NARROW = 560  # pixels; below it, the enlarged map takes the place of the blocks
SCOPES = {
    Scope.PICTURE: "each picture",
    Scope.STAGE: "each stage",
    Scope.NETWORK: "the whole network",
}
NO_BLOCKS = "This network has no residual blocks: its stem and its head have nothing between them."
DIVERGED = "This network has diverged: what is grey is not a number any more. Look at another one, or train it again."


EXPLAINED = (
    "In every block x goes two ways: through convolutions, F(x), and past them by the shortcut; the sum goes on. "
    "Click a picture to enlarge it."
)


class MapsPage(Page):
    """A row for each block: x, F(x), their sum, and what leaves the block."""

    TITLE = "Maps"
    TIP = "What every block gets, adds and passes on, as pictures that follow the pen."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answered: Answered | None = None
        self._scope = QComboBox(self)
        self._scope.setObjectName("mapsScopeCombo")
        self._scope.setAccessibleName("What has a colour scale of its own")
        self._scope.setToolTip("A scale of its own shows faint pictures, a scale in common lets you compare them.")
        for scope, words in SCOPES.items():
            self._scope.addItem(words, scope)
        self._scope.setCurrentIndex(list(SCOPES).index(Scope.STAGE))
        self._legend = SignedLegend(self)
        self._message = QLabel(self)
        self._message.setObjectName("mapsMessage")
        self._message.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._message.hide()
        self.rows = MapRows()
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("mapsScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Or the pictures would be laid out anew when it comes and goes.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.rows)
        self.pane = ChannelPane(self)
        self.pane.hide()
        label = QLabel("One scale for", self)
        label.setBuddy(self._scope)
        top = QHBoxLayout()
        top.addWidget(label)
        top.addWidget(self._scope)
        top.addWidget(self._legend, 1)
        body = QHBoxLayout()
        body.addWidget(self._scroll, 5)
        body.addWidget(self.pane, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(Words("mapsExplained", self, "muted", EXPLAINED))
        layout.addLayout(top)
        layout.addWidget(self._message)
        layout.addLayout(body, 1)
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._ask)
        self._asked: MapsQuestion | None = None
        self._scope.activated.connect(lambda _: self._ask())
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._scroll.viewport().installEventFilter(self)
        self.rows.chosen.connect(self.enlarge)
        self.rows.moved.connect(self._follow)
        self.pane.closed.connect(lambda: self.enlarge(None))
        self.pane.opened.connect(lambda layer, channel: self.opened.emit(UnitQuestion(layer, channel)))

    @property
    def question(self) -> MapsQuestion:
        """The blocks that are to be seen."""
        self._asked = self._wanted()
        return self._asked

    def show_answer(self, answered: Answered, second: bool) -> None:
        """Show the maps."""
        before, sheet = self._answered, answered.answer
        assert isinstance(sheet, Sheet)
        self._answered = answered
        afresh = before is None or (before.subject, before.step) != (answered.subject, answered.step)
        self.rows.show_sheet(sheet, afresh or before is None or before.image is not answered.image)
        self._say(NO_BLOCKS if not sheet.blocks else "" if sheet.finite else DIVERGED)
        shared = sheet.scope is not Scope.PICTURE
        own = [("the largest magnitude of each picture, as written over it", None)]
        told = not shared or any(limit for _, limit in sheet.limits) or sheet.finite
        self._legend.setVisible(bool(sheet.blocks) and told)
        self._legend.show_limits(sheet.limits if shared else own, scale_words(sheet))
        self._show_large()
        if self._asked != self._wanted():
            self._settled.start()

    def show_problem(self, text: str, second: bool) -> None:
        """Say why there are none."""
        self.show_nothing()
        self._say(text)

    def show_nothing(self) -> None:
        """Forget what was shown."""
        self._answered = None
        self._say("")
        self._legend.hide()
        self.rows.show_nothing()
        self.pane.hide()
        self._scroll.show()

    def enlarge(self, spot: Spot | None) -> None:
        """Show this channel large; None ends it."""
        self.rows.show_large(spot)
        self._show_large()
        if spot is None:
            self.rows.setFocus()

    def set_colors(self, colors: Colors) -> None:
        """Paint in this scheme."""
        super().set_colors(colors)
        for widget in (self._legend, self.rows, self.pane):
            widget.set_colors(colors)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the enlargement."""
        if event.key() == Qt.Key.Key_Escape and self.pane.isVisibleTo(self):
            self.enlarge(None)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for both, or not."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:
        """Lay out what is seen for the room that there is."""
        if event.type() == QEvent.Type.Resize:
            self.rows.fit()
            self._settled.start()
        return False

    def _wanted(self) -> MapsQuestion:
        top = self._scroll.verticalScrollBar().value()
        visible = self.rows.visible(top, top + self._scroll.viewport().height())
        large = self.rows.large
        blocks = with_index(visible, None if large is None else large.block)
        return MapsQuestion(blocks, Scope(self._scope.currentData()), self.rows.room)

    def _ask(self) -> None:
        if self._asked is None or self._wanted() != self._asked:
            self.asked.emit()

    def _scrolled(self) -> None:
        top = self._scroll.verticalScrollBar().value()
        visible = self.rows.visible(top, top + self._scroll.viewport().height())
        if any(self.rows.row(index) is None for index in visible):
            self._ask()
        else:
            self._settled.start()  # so that they follow the pen

    def _follow(self, area: QRect) -> None:
        centre = area.center()
        self._scroll.ensureVisible(centre.x(), centre.y(), 0, area.height() // 2)

    def _show_large(self) -> None:
        spot = self.rows.large
        row = None if spot is None else self.rows.row(spot.block)
        there = row is not None and self.rows.place(spot) is not None
        if there:
            self.pane.show_channel(row, spot)
        if there or spot is None or self._answered is not None:
            self.pane.setVisible(there)
        self._arrange()

    def _arrange(self) -> None:
        self._scroll.setVisible(self.width() >= NARROW or not self.pane.isVisibleTo(self))

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))
