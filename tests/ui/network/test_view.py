"""The network to take apart, through real clicks and keys."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QToolButton, QWidget

from resnet_gui.core.architecture import MAX_BLOCKS, MAX_STAGES, Architecture, Block, Order, Shortcut
from resnet_gui.core.errors import ArchitectureError
from resnet_gui.ui.network.layout import FOLD, STEM
from resnet_gui.ui.network.view import NetworkView
from resnet_gui.ui.theme import DARK, LIGHT

RESNET20 = Architecture(3, 3, 16, batch_norm=True)
DEEPEST = Architecture(200, 5, 16, Shortcut.EXCLUSIVE_GATING, True, block="bottleneck")


@pytest.fixture
def view(qtbot):
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show_architecture(RESNET20)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def edits(view):
    edits = []
    view.architecture_edited.connect(edits.append)
    return edits


def find(view, name, kind=QWidget):
    return view.findChild(kind, name)


def item_at(view, stage, number, row=0):
    return next(
        item for item in view.diagram.diagram.rows[row] if item.stage == stage and item.first <= number <= item.last
    )


def click(qtbot, view, item):
    QApplication.processEvents()  # what was shown or hidden before has its place
    place = view.diagram.camera().box(item).center().toPoint()
    qtbot.mouseMove(view.diagram.viewport(), place)
    qtbot.mouseClick(view.diagram.viewport(), Qt.MouseButton.LeftButton, pos=place)


def press(qtbot, view, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    view.diagram.setFocus()
    for key in keys:
        qtbot.keyClick(view.diagram, key, modifier)


def color_count(view, color):
    image = view.diagram.grab().toImage()
    wanted = QColor(color).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))


def details_title(view):
    return find(view, "detailsTitle", QLabel).text()


def test_everything_has_a_name_and_an_explanation(view):
    assert (view.objectName(), view.accessibleName()) == ("networkView", "The network")
    for button in view.findChildren(QToolButton):
        assert button.objectName()
        assert button.accessibleName(), button.objectName()
        assert button.toolTip().endswith("."), button.objectName()


def test_the_size_of_the_network_is_told(view):
    assert find(view, "networkTitle", QLabel).text() == "ResNet-20"
    assert find(view, "networkFacts").text() == "9 blocks in 3 stages · 302,906 parameters · 31.1 M multiply-adds"


def test_a_click_on_a_block_shows_its_details(qtbot, view):
    click(qtbot, view, item_at(view, 2, 1))
    assert view.details.isVisible()
    assert details_title(view) == "Stage 2, block 1 of 3"
    assert find(view, "detailsFormula", QLabel).text() == "y = ReLU(F(x) + W x)"
    sentences = find(view, "detailsSentences", QLabel).text()
    assert "halves the resolution and doubles the channels: 28×28×16 → 14×14×32." in sentences
    assert "(option B)" in sentences
    assert "6.61 / 5.93 % error" in sentences
    table = find(view, "layersTable", QTableWidget)
    assert [table.item(0, column).text() for column in range(5)] == [
        "conv1",
        "conv 3×3, stride 2",
        "14×14×32",
        "4,608",
        "903 k",
    ]
    assert table.item(0, 4).toolTip() == "903,168"


def test_clicks_on_stem_and_head_show_theirs(qtbot, view):
    click(qtbot, view, view.diagram.diagram.rows[0][0])
    assert details_title(view) == "Stem"
    click(qtbot, view, view.diagram.diagram.rows[0][-1])
    assert details_title(view) == "Head"
    assert find(view, "detailsFormula", QLabel).isHidden()


def test_escape_and_the_button_close_the_details(qtbot, view):
    for close in (
        lambda: press(qtbot, view, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(find(view, "closeDetails"), Qt.MouseButton.LeftButton),
    ):
        click(qtbot, view, item_at(view, 1, 2))
        assert view.details.isVisible()
        close()
        assert not view.details.isVisible()
        assert view.diagram.selected is None


def test_details_stand_beside_a_low_diagram_and_below_a_high_one(qtbot, view):
    click(qtbot, view, item_at(view, 1, 1))
    QApplication.processEvents()
    assert view.details.mapTo(view, QPoint()).y() > view.diagram.height()
    view.resize(640, 300)
    QApplication.processEvents()
    assert view.details.mapTo(view, QPoint()).x() > view.diagram.width() - 20
    assert view.size().height() == 300


def test_handles_add_and_take_away_blocks_and_stages(qtbot, view, edits):
    for name in ("moreBlocks2", "fewerBlocks1", "moreStages", "fewerStages"):
        qtbot.mouseClick(find(view, name), Qt.MouseButton.LeftButton)
    assert edits == [
        replace(RESNET20, blocks=4),
        replace(RESNET20, blocks=2),
        replace(RESNET20, stages=4),
        replace(RESNET20, stages=2),
    ]
    assert view.architecture == RESNET20  # it reports; its owner decides


def test_keys_add_and_take_away_blocks_and_stages(qtbot, view, edits):
    press(qtbot, view, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_S)
    press(qtbot, view, Qt.Key.Key_S, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert [(edit.blocks, edit.stages) for edit in edits] == [(4, 3), (2, 3), (3, 4), (3, 2)]


@pytest.mark.parametrize(
    ("architecture", "name", "key", "reason"),
    [
        (Architecture(MAX_BLOCKS, 1), "moreBlocks1", Qt.Key.Key_Plus, "At most 200 blocks per stage work."),
        (Architecture(0, 1), "fewerBlocks1", Qt.Key.Key_Minus, "There is no block left to take away."),
        (Architecture(1, MAX_STAGES, 16), "moreStages", Qt.Key.Key_S, "At most 5 stages work"),
        (Architecture(1, 1, 300, block="bottleneck"), "moreStages", Qt.Key.Key_S, "at most 2048 work"),
        (Architecture(1, 1), "fewerStages", None, "A network keeps at least one stage."),
    ],
)
def test_a_handle_that_cannot_work_is_disabled_and_says_why(qtbot, view, edits, architecture, name, key, reason):
    view.show_architecture(architecture)
    handle = find(view, name)
    assert not handle.isEnabled()
    assert reason in handle.toolTip()
    qtbot.mouseClick(handle, Qt.MouseButton.LeftButton)
    if key:
        press(qtbot, view, key)
    assert edits == []


def test_arrows_walk_and_enter_opens(qtbot, view):
    press(qtbot, view, Qt.Key.Key_Home, Qt.Key.Key_Left)
    assert view.diagram.cursor_item.kind == STEM
    press(qtbot, view, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert view.diagram.accessibleDescription().startswith("Block 2 of stage 1: 28×28×16, identity shortcut.")
    assert not view.details.isVisible()
    press(qtbot, view, Qt.Key.Key_Return)
    assert details_title(view) == "Stage 1, block 2 of 3"
    press(qtbot, view, Qt.Key.Key_End, Qt.Key.Key_Space)
    assert details_title(view) == "Head"


def test_walking_scrolls_to_what_it_comes_to(qtbot, view):
    view.resize(500, 300)
    view.show_architecture(replace(RESNET20, stages=5))
    press(qtbot, view, Qt.Key.Key_End)
    area = view.diagram.camera().box(view.diagram.cursor_item)
    assert 0 < area.left() < area.right() < view.diagram.viewport().width()


def test_a_click_and_enter_unfold_a_stage_and_the_button_folds_again(qtbot, view):
    view.show_architecture(replace(RESNET20, blocks=54))
    fold = find(view, "foldButton")
    assert fold.text() == "Unfold all"
    click(qtbot, view, item_at(view, 1, 20))
    assert sum(item.stage == 1 for item in view.diagram.diagram.rows[0]) == 54
    assert not view.details.isVisible()
    press(qtbot, view, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert view.diagram.cursor_item.kind == FOLD
    press(qtbot, view, Qt.Key.Key_Return)
    assert sum(item.stage == 3 for item in view.diagram.diagram.rows[0]) == 54
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert fold.text() == "Fold"
    assert not view.diagram.diagram.folded
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert len(view.diagram.diagram.rows[0]) == 2 + 3 + 4 + 4


def test_nothing_to_fold_disables_the_button(view):
    assert not find(view, "foldButton").isEnabled()
    assert "no run" in find(view, "foldButton").toolTip()


def test_ctrl_and_wheel_zoom_where_the_mouse_is(qtbot, view):
    place = view.diagram.camera().box(item_at(view, 2, 2)).center()
    before = view.diagram.zoom
    wheel(view, place, 120, Qt.KeyboardModifier.ControlModifier)
    assert view.diagram.zoom == pytest.approx(1.25 * before)
    wheel(view, place, 120, Qt.KeyboardModifier.ControlModifier)
    after = view.diagram.camera().box(item_at(view, 2, 2)).center()
    assert abs(after.x() - place.x()) < 3
    assert find(view, "zoomLabel", QLabel).text() == f"{100 * view.diagram.zoom:.0f} %"


def test_buttons_and_keys_zoom_and_fit(qtbot, view):
    before = view.diagram.zoom
    qtbot.mouseClick(find(view, "zoomInButton"), Qt.MouseButton.LeftButton)
    press(qtbot, view, Qt.Key.Key_Plus, modifier=Qt.KeyboardModifier.ControlModifier)
    assert view.diagram.zoom > 1.5 * before
    qtbot.mouseClick(find(view, "zoomOutButton"), Qt.MouseButton.LeftButton)
    press(qtbot, view, Qt.Key.Key_Minus, modifier=Qt.KeyboardModifier.ControlModifier)
    assert view.diagram.zoom == pytest.approx(before)
    qtbot.mouseClick(find(view, "zoomInButton"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find(view, "fitButton"), Qt.MouseButton.LeftButton)
    assert view.diagram.zoom == pytest.approx(before)


@pytest.mark.parametrize("size", [(640, 300), (1000, 700), (1600, 900)])
def test_fit_shows_even_a_thousand_blocks(qtbot, view, size):
    view.resize(*size)
    view.show_architecture(DEEPEST)
    qtbot.mouseClick(find(view, "foldButton"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find(view, "fitButton"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    head = view.diagram.camera().box(view.diagram.diagram.rows[0][-1])
    assert head.right() < view.diagram.viewport().width()


def test_the_wheel_scrolls_along_and_a_drag_pans(qtbot, view):
    view.resize(600, 420)
    view.show_architecture(replace(RESNET20, stages=5))
    bar = view.diagram.horizontalScrollBar()
    assert bar.maximum() > 100
    wheel(view, QPointF(50, 50), -120)
    scrolled = bar.value()
    assert scrolled > 0
    viewport = view.diagram.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    QTest.mouseMove(viewport, QPoint(170, 100))
    QTest.mouseMove(viewport, QPoint(140, 100))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(140, 100))
    assert bar.value() == scrolled + 60
    assert not view.details.isVisible()  # a drag that ends on a block is no click


def wheel(view, place, steps, modifiers=Qt.KeyboardModifier.NoModifier):
    viewport = view.diagram.viewport()
    event = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_a_second_network_is_compared_in_words_and_marks(qtbot, view):
    view.compare_with(replace(RESNET20, blocks=5, shortcut="none"), "my plain one")
    missing = "6 blocks more, no shortcuts, "
    assert view.difference.startswith(f"Below, my plain one: {missing}")
    assert {"Differs", "Only in one", "No shortcut"} <= set(view.legend.texts)
    click(qtbot, view, item_at(view, 1, 5, row=1))
    assert details_title(view) == "my plain one · Stage 1, block 5 of 5"
    assert find(view, "detailsDifference", QLabel).text() == "Only this network has this block."
    press(qtbot, view, Qt.Key.Key_Up)
    assert view.diagram.cursor_item.row == 0
    assert view.diagram.accessibleDescription().startswith("ResNet-20: ")
    view.compare_with(None)
    assert view.difference == ""
    assert len(view.diagram.diagram.rows) == 1
    assert not view.details.isVisible()  # what it showed is gone


def test_layers_that_one_network_lacks_stand_out_in_the_table(qtbot, view):
    view.compare_with(replace(RESNET20, shortcut="projection"))
    click(qtbot, view, item_at(view, 1, 2, row=1))
    table = find(view, "layersTable", QTableWidget)
    alone = [table.item(row, 0).text() for row in range(table.rowCount()) if table.item(row, 0).font().bold()]
    alone += [
        table.item(row, 0).text()
        for row in range(table.rowCount())
        if "only this network" in table.item(row, 0).toolTip()
    ]
    assert {"projection", "projection bn"} == set(alone)


def test_the_details_follow_an_edit_of_the_network(qtbot, view):
    click(qtbot, view, item_at(view, 2, 3))
    view.show_architecture(replace(RESNET20, blocks=4, shortcut="none"))
    assert details_title(view) == "Stage 2, block 3 of 4"
    assert find(view, "detailsFormula", QLabel).text() == "y = ReLU(F(x))"
    view.show_architecture(replace(RESNET20, stages=1))
    assert not view.details.isVisible()


def test_shortcuts_alone_have_the_accent_colour(view):
    view.setFocus()
    assert color_count(view, LIGHT.accent) > 50
    view.show_architecture(replace(RESNET20, shortcut="none"))
    view.diagram.clearFocus()
    assert color_count(view, LIGHT.accent) == 0


def test_every_shortcut_type_looks_different(view):
    view.diagram.clearFocus()
    pictures = {}
    for shortcut in Shortcut:
        if shortcut is not Shortcut.CONV_1X1:  # the other name of the projection
            view.show_architecture(Architecture(2, 2, 16, shortcut))
            view.diagram.fit()
            pictures[shortcut] = bytes(view.diagram.grab().toImage().constBits())
    assert len(set(pictures.values())) == len(pictures)


@pytest.mark.parametrize("size", [(1, 1), (320, 240), (640, 300), (1000, 700)])
@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_paints_everything_at_any_size(view, colors, size):
    view.set_colors(colors)
    view.setMinimumSize(1, 1)
    view.resize(*size)
    for shortcut in Shortcut:
        for order in Order:
            for block in Block:
                try:
                    architecture = Architecture(7, 3, 16, shortcut, True, order=order, block=block)
                except ArchitectureError:
                    continue
                view.show_architecture(architecture)
        view.grab()
    for architecture in (Architecture(0, 3), Architecture(0, 1), DEEPEST, Architecture(1, 1, shortcut="none")):
        view.show_architecture(architecture)
        view.grab()


def test_colours_follow_the_scheme(view):
    view.set_colors(DARK)
    assert color_count(view, DARK.window) > color_count(view, LIGHT.window)


def test_a_thousand_blocks_do_not_stall_the_window(view):
    """CPU time of this thread, so that a busy machine does not matter; far above what is measured on an idle one."""
    start = time.thread_time()
    view.show_architecture(DEEPEST)
    view.grab()
    assert time.thread_time() - start < 0.25


def test_tooltips_explain_what_the_mouse_rests_on(qtbot, view):
    item = item_at(view, 2, 1)
    words = view.diagram.words(item)
    assert words.startswith("Block 1 of stage 2: 28×28×16 → 14×14×32, 1×1 projection shortcut.")
    place = view.diagram.camera().box(item).center().toPoint()
    qtbot.mouseMove(view.diagram.viewport(), place)
    assert view.diagram.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    QApplication.sendEvent(view.diagram.viewport(), QEvent(QEvent.Type.Leave))
    assert view.diagram.words(view.diagram.diagram.rows[0][0]).startswith("Stem: ")
    assert view.diagram.words(view.diagram.diagram.rows[0][-1]).startswith("Head: ")
