"""Colours, spacing and the style sheet of the window, light and dark."""

from dataclasses import dataclass
from pathlib import Path

SPACING = 8  # pixels between neighbours; panels have twice that inside
RADIUS = 6  # pixels, of buttons and fields
ICONS = (Path(__file__).parent / "icons").as_posix()  # a style sheet draws arrows and check marks from files alone


@dataclass(frozen=True)
class Colors:
    """One scheme. All values are #rrggbb; `runs` are the colours of curves, told apart by colour-blind people too."""

    window: str
    surface: str  # panels, fields
    raised: str  # hovered buttons, headers
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    error: str
    caution: str  # what is not certain
    paper: str  # drawing canvas
    ink: str
    negative: str  # the ends of the scale of signed numbers, whose middle is `surface`
    positive: str
    runs: tuple[str, ...]


# Run colours: Okabe and Ito's palette ("Color Universal Design", 2008), lightened or darkened for contrast.
LIGHT = Colors(
    window="#f4f5f7",
    surface="#ffffff",
    raised="#eceff3",
    border="#d5dae1",
    text="#1b2430",
    muted="#5b6675",
    accent="#2563eb",
    accent_hover="#1d4fc4",
    on_accent="#ffffff",
    error="#b42318",
    caution="#a34a00",
    paper="#ffffff",
    ink="#1b2430",
    negative="#0b4f9e",
    positive="#b34700",
    runs=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#8c1d40", "#6b4fbb", "#7a5c3e"),
)
DARK = Colors(
    window="#14181f",
    surface="#1c222b",
    raised="#28303b",
    border="#39424f",
    text="#e8ecf2",
    muted="#9aa6b5",
    accent="#5b8def",
    accent_hover="#7aa5f5",
    on_accent="#0b1220",
    error="#ff8a7a",
    caution="#f0b342",
    paper="#10141a",
    ink="#f2f5f9",
    negative="#6cb8ff",
    positive="#ffa24d",
    runs=("#56b4e9", "#ff9248", "#2fc99a", "#e59ac6", "#f0c642", "#ff7f9f", "#b39cf0", "#c8a27c"),
)


def stylesheet(c: Colors) -> str:
    """The application's Qt style sheet in scheme `c`."""
    return f"""
QWidget {{ background: {c.window}; color: {c.text}; }}
QFrame#panel, QWidget#panel {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {RADIUS + 2}px; }}
QFrame#panel QLabel, QFrame#panel QCheckBox {{ background: transparent; }}
QLabel[role="title"] {{ font-weight: 600; background: transparent; }}
QLabel[role="muted"] {{ color: {c.muted}; background: transparent; }}
QLabel[role="error"] {{ color: {c.error}; background: transparent; }}
QPushButton, QToolButton {{
    background: {c.surface}; border: 1px solid {c.border}; border-radius: {RADIUS}px; padding: 5px 12px;
}}
QPushButton:hover, QToolButton:hover {{ background: {c.raised}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.border}; }}
QPushButton:checked {{ background: {c.raised}; border-color: {c.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.muted}; background: {c.window}; }}
QPushButton[role="primary"] {{
    background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600;
}}
QPushButton[role="primary"]:hover {{ background: {c.accent_hover}; border-color: {c.accent_hover}; }}
QPushButton[role="primary"]:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.border}; }}
QSpinBox, QDoubleSpinBox, QComboBox, QLineEdit {{
    background: {c.surface}; border: 1px solid {c.border}; border-radius: {RADIUS}px; padding: 3px 6px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {{ color: {c.muted}; background: {c.window}; }}
QPushButton:focus, QToolButton:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QLineEdit:focus,
QTableView:focus {{ border: 1px solid {c.accent}; }}
QCheckBox:focus {{ color: {c.accent}; }}
QCheckBox::indicator:focus {{ border-color: {c.accent}; }}
QComboBox QAbstractItemView {{
    background: {c.surface}; border: 1px solid {c.border};
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QSlider {{ background: transparent; min-height: 22px; }}
QSlider::groove:horizontal {{ background: {c.border}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
QSlider::sub-page:horizontal:disabled {{ background: {c.border}; }}
QSlider::handle:horizontal {{
    background: {c.surface}; border: 2px solid {c.accent}; width: 12px; margin: -6px 0; border-radius: 8px;
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {c.accent}; }}
QSlider::handle:horizontal:disabled {{ border-color: {c.border}; }}
QProgressBar {{
    background: {c.raised}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; text-align: center;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QTableView {{
    background: {c.surface}; alternate-background-color: {c.window}; border: 1px solid {c.border};
    border-radius: {RADIUS}px; gridline-color: {c.border};
    selection-background-color: {c.raised}; selection-color: {c.text};
}}
QHeaderView::section {{
    background: {c.surface}; color: {c.muted}; border: none; border-bottom: 1px solid {c.border}; padding: 4px 8px;
}}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; padding: 4px; }}
QScrollArea {{ border: none; }}
QSplitter::handle {{ background: transparent; }}
QFrame#noticeBar {{ background: {c.raised}; border: 1px solid {c.accent}; border-radius: {RADIUS}px; }}
QFrame#noticeBar QLabel {{ background: transparent; }}
QMenuBar {{ background: {c.window}; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.border}; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
    background: transparent; color: {c.muted}; padding: 5px 14px; border: none; border-bottom: 2px solid transparent;
}}
QTabBar#insideTabs::tab {{ padding: 5px 8px; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; font-weight: 600; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QStatusBar {{ color: {c.muted}; }}
QStatusBar::item {{ border: none; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
    subcontrol-origin: border; width: 20px; border: none; background: transparent;
}}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{ICONS}/chevron-up.svg"); width: 12px; height: 12px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QComboBox::down-arrow {{
    image: url("{ICONS}/chevron-down.svg"); width: 12px; height: 12px;
}}
QSpinBox QLineEdit, QDoubleSpinBox QLineEdit {{ background: transparent; border: none; }}
QComboBox::drop-down {{ subcontrol-origin: border; width: 20px; border: none; background: transparent; }}
QCheckBox {{ spacing: 6px; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 4px; background: {c.surface};
}}
QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:checked {{
    background: {c.accent}; border-color: {c.accent}; image: url("{ICONS}/check.svg");
}}
QCheckBox::indicator:disabled {{ border-color: {c.border}; background: {c.window}; }}
QTableView::indicator, QListView::indicator {{
    width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 4px; background: {c.surface};
}}
QTableView::indicator:checked, QListView::indicator:checked, QTableView::indicator:indeterminate {{
    background: {c.accent}; border-color: {c.accent}; image: url("{ICONS}/check.svg");
}}
QTableView::indicator:indeterminate {{ image: url("{ICONS}/minus.svg"); }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{
    subcontrol-origin: padding; subcontrol-position: top center; width: 9px; height: 9px;
}}
QHeaderView::up-arrow {{ image: url("{ICONS}/chevron-up.svg"); }}
QHeaderView::down-arrow {{ image: url("{ICONS}/chevron-down.svg"); }}
QTableView {{ outline: none; }}
QTableView::item {{ padding: 0 8px; border: none; }}
QTableView::item:selected {{ background: {c.raised}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {c.border}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
