"""What the runs table's titles and cells are to Qt: texts, ticks, pictures, colours and tooltips, by role."""

from collections.abc import Set
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from resnet_gui.core.run import State
from resnet_gui.ui.run_columns import COLUMNS, COMPARED, NAME, STATE
from resnet_gui.ui.run_groups import GroupLine
from resnet_gui.ui.run_icons import state_icon, swatch
from resnet_gui.ui.run_rows import RunRow, tooltip
from resnet_gui.ui.theme import Colors

ID_ROLE = int(Qt.ItemDataRole.UserRole)
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
EDIT = int(Qt.ItemDataRole.EditRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
CHECK = int(Qt.ItemDataRole.CheckStateRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
BACKGROUND = int(Qt.ItemDataRole.BackgroundRole)
FONT = int(Qt.ItemDataRole.FontRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CHECKED, _PARTIALLY, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked
_GROUP = Qt.ItemFlag.ItemIsEnabled
_RUN = _GROUP | Qt.ItemFlag.ItemIsSelectable
# By column; None: any other.
RUN_FLAGS = {COMPARED: _RUN | Qt.ItemFlag.ItemIsUserCheckable, NAME: _RUN | Qt.ItemFlag.ItemIsEditable, None: _RUN}
GROUP_FLAGS = {COMPARED: _GROUP | Qt.ItemFlag.ItemIsUserCheckable, None: _GROUP}


def title_data(section: int, marked: bool, role: int) -> Any:
    """A column's title and its explanation; what differs between the ticked runs is bold and has a dot."""
    column = COLUMNS[section]
    if role == DISPLAY:
        return "" if section == COMPARED else f"{column.title} •" if marked else column.title
    if role == ACCESSIBLE:
        return column.title
    if role == TOOLTIP:
        return f"{column.tooltip}. Differs between the ticked runs" if marked else column.tooltip
    if role == ALIGNMENT:
        return _RIGHT if column.number else _LEFT
    if role == FONT and marked:
        return _font(bold=True)
    return None


def run_data(row: RunRow, column: int, role: int, ticked: Set[str], colors: Colors) -> Any:
    """A cell of a run."""
    if role == DISPLAY:
        return None if column == COMPARED else row.text(column)
    if role == ALIGNMENT:
        return _RIGHT if COLUMNS[column].number else _LEFT
    run = row.entry.run
    if role == ID_ROLE:
        return run.id
    if role == TOOLTIP:
        return tooltip(row.entry)
    if column == COMPARED:
        if role == CHECK:
            return _CHECKED if run.id in ticked else _UNCHECKED
        return f"Compare {row.entry.name}" if role == ACCESSIBLE else None
    if column == NAME:
        if role == DECORATION:
            return swatch(colors.runs[row.entry.color % len(colors.runs)])
        return row.entry.name if role == EDIT else None
    if column == STATE:
        color = _state_color(run.state, colors)
        if role == DECORATION:
            return state_icon(run.state, color)
        if role == FOREGROUND:
            return QColor(color)
        return _font(italic=True) if role == FONT and run.state is State.QUEUED else None
    return None


def group_data(line: GroupLine, column: int, role: int, ticked: Set[str], colors: Colors) -> Any:
    """A cell of a group's line."""
    if role == CHECK and column == COMPARED:
        count = sum(row.entry.run.id in ticked for row in line.rows)
        return _CHECKED if count == len(line.rows) else _PARTIALLY if count else _UNCHECKED
    if role == BACKGROUND:
        return QColor(colors.raised)
    if role in (DISPLAY, ACCESSIBLE) and column == NAME:
        return f"{line.title}: {line.summary}"
    if role == TOOLTIP:
        return f"{line.title}: {line.summary}. Click or press Return to {'open' if line.collapsed else 'close'} it"
    return None


def _font(bold: bool = False, italic: bool = False) -> QFont:
    font = QFont()
    font.setBold(bold)
    font.setItalic(italic)
    return font


def _state_color(state: State, colors: Colors) -> str:
    if state in (State.FAILED, State.DIVERGED):
        return colors.error
    if state is State.INTERRUPTED:
        return colors.text
    return colors.accent if state.active else colors.muted
