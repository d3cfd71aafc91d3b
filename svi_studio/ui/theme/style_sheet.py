"""The one style sheet: Qt's plain widgets in our colours, with clear focus rings and calm edges."""

from collections.abc import Mapping

from svi_studio.resource_files import resource_path


def style_sheet(colours: Mapping[str, str]) -> str:
    """The style sheet of the whole program in these colours (name -> ``#rrggbb``)."""
    text = _SHEET
    for name in sorted(colours, key=len, reverse=True):
        text = text.replace(f"@{name};", f"{colours[name]};")
    scheme = "dark" if colours["text"] > colours["panel"] else "light"
    return text.replace("@icons", resource_path("icons").as_posix()).replace("@scheme", scheme)


_SHEET = """
* { outline: none; }
QMainWindow { background: @surface; }
QDialog { background: @panel; }
QMainWindow::separator { background: @surface; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: @accent-fill; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 5px 7px; }

QToolBar { background: @panel; border: none; border-bottom: 1px solid @surface; padding: 0; spacing: 0; }
QDockWidget { color: @text-dim; }
QDockWidget > QWidget { background: @panel; }

QMenuBar { background: @surface; color: @text; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; }
QMenu { background: @raised; color: @text; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 5px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: @accent-fill; color: @on-accent; }
QMenu::item:disabled { color: @text-disabled; background: transparent; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }

QPushButton { background: @raised; color: @text; border: 1px solid @border; border-radius: 6px; padding: 6px 14px; min-height: 18px; }
QPushButton:hover { background: @hover; border-color: @border-strong; }
QPushButton:pressed { background: @pressed; }
QPushButton:focus { border: 1px solid @focus; }
QPushButton:disabled { color: @text-disabled; background: @panel; border-color: @border; }
QPushButton:default, QPushButton[primary="true"] { background: @accent-fill; color: @on-accent; border-color: @accent-fill; }
QPushButton:default:hover, QPushButton[primary="true"]:hover { background: @accent-hover; border-color: @accent-hover; }
QPushButton:default:focus, QPushButton[primary="true"]:focus { border: 1px solid @text; }
QPushButton:default:disabled, QPushButton[primary="true"]:disabled { background: @panel; color: @text-disabled; border-color: @border; }
QPushButton[danger="true"] { background: @danger-fill; color: @on-accent; border-color: @danger-fill; }
QPushButton[segment="left"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QPushButton[segment="right"] { border-top-left-radius: 0; border-bottom-left-radius: 0; }
QPushButton[segment]:checked { background: @selection; border-color: @accent-fill; }
QPushButton[segment]:checked:disabled { color: @text-dim; border-color: @border-strong; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: @hover; }
QPushButton[flat="true"]:focus { border-color: @focus; }

QToolButton { background: transparent; color: @text; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @pressed; }
QToolButton:checked { background: @selection; border-color: @accent-fill; }
QToolButton:focus { border: 1px solid @focus; }
QToolButton:disabled { color: @text-disabled; }
QToolButton[role="inline"] { padding: 0; }
QToolButton[role="fold"], QToolButton[role="fold"]:checked { background: transparent; border-color: transparent; color: @text-dim; font-weight: 600; padding: 4px 2px; }
QToolButton[role="fold"]:hover { background: @hover; color: @text; }
QToolButton[role="fold"]:focus { border-color: @focus; }
QToolButton::menu-indicator { image: none; }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton::menu-button { border: none; width: 18px; }
QToolButton::menu-arrow { image: url("@icons/style/@scheme-down.svg"); width: 10px; height: 10px; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QKeySequenceEdit {
  background: @field; color: @text; border: 1px solid @border; border-radius: 6px; padding: 5px 8px;
  selection-background-color: @accent-fill; selection-color: @on-accent; placeholder-text-color: @text-dim; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @border-strong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 1px solid @focus; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @text-disabled; background: @panel; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { background: transparent; border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: url("@icons/style/@scheme-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("@icons/style/@scheme-down.svg"); width: 10px; height: 10px; }
QLineEdit[shut="true"], QPlainTextEdit[shut="true"], QAbstractSpinBox[shut="true"] { background: @panel; border-style: dotted; }
QPlainTextEdit[role="quiet"] { background: transparent; border: none; padding: 0; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("@icons/style/@scheme-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @border; padding: 4px;
  selection-background-color: @accent-fill; selection-color: @on-accent; }

QCheckBox, QRadioButton { color: @text; spacing: 8px; padding: 2px; }
QCheckBox:disabled, QRadioButton:disabled { color: @text-disabled; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid @border-strong; border-radius: 4px; background: @field; }
QCheckBox::indicator:checked { background: @accent-fill; border-color: @accent-fill; image: url("@icons/style/check.svg"); }
QCheckBox::indicator:indeterminate { background: @accent-fill; border-color: @accent-fill; image: url("@icons/style/dash.svg"); }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid @border-strong; border-radius: 9px; background: @field; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid @focus; width: 14px; height: 14px; }
QCheckBox::indicator:disabled { border-color: @border; background: @panel; }
QRadioButton::indicator:checked { background: @accent-fill; border-color: @accent-fill; image: url("@icons/style/dot.svg"); }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @border; }
QSlider::sub-page:horizontal { background: @accent-fill; border-radius: 2px; }
QSlider::handle:horizontal { background: @text; border: 2px solid @panel; width: 14px; height: 14px; margin: -7px 0; border-radius: 9px; }
QSlider::handle:horizontal:focus { border-color: @focus; }
QSlider:disabled { color: @text-disabled; }
QProgressBar { background: @border; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: @text; }
QProgressBar::chunk { background: @accent-fill; border-radius: 3px; }

QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @text-dim; padding: 7px 14px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @text; background: @hover; }
QTabBar::tab:focus { color: @accent; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }

QAbstractItemView { background: @field; color: @text; border: 1px solid @border; border-radius: 6px; alternate-background-color: @panel;
  selection-background-color: @selection; selection-color: @text; }
QAbstractItemView:focus { border-color: @focus; }
QAbstractItemView::item { padding: 4px 6px; }
QAbstractItemView::item:hover { background: @hover; }
QAbstractItemView::item:selected { background: @selection; color: @text; }
QListView[role="desk"], QListView[role="desk"]:focus { background: transparent; border: none; }
QListView[role="desk"]::item, QListView[role="desk"]::item:hover, QListView[role="desk"]::item:selected { background: transparent; padding: 0; }
QListWidget[role="nav"], QListWidget[role="nav"]:focus { background: transparent; border: none; }
QListWidget[role="nav"]::item { border-radius: 7px; padding: 4px 8px; }
QHeaderView { background: @panel; border: none; }
QHeaderView::section { background: @panel; color: @text-dim; border: none; border-bottom: 1px solid @border; padding: 6px 8px; font-weight: 600; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[transparent="true"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @pressed; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @border-strong; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; border: none; width: 0; height: 0; }

QStatusBar { background: @surface; color: @text-dim; border-top: 1px solid @border; }
QStatusBar::item { border: none; }
QSplitter::handle { background: @surface; }
QSplitter::handle:hover { background: @accent-fill; }
QGroupBox { border: 1px solid @border; border-radius: 8px; margin-top: 18px; padding: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 2px; padding: 0; color: @text-dim; font-weight: 600; }
QLabel { background: transparent; color: @text; }
QLabel:disabled { color: @text-disabled; }
QLabel[tone="dim"] { color: @text-dim; }
QLabel[tone="danger"] { color: @danger; }
QLabel[tone="warn"] { color: @warn; }
QLabel[tone="ok"] { color: @ok; }
QLabel[tone="accent"] { color: @accent; }
QLabel[role="title"] { font-size: 22px; font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="section"] { color: @text-dim; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QFrame[role="card"] { background: @raised; border: 1px solid @border; border-radius: 10px; }
QWidget#welcome { background: @surface; }
QFrame[role="side"] { background: @panel; border: none; border-right: 1px solid @border; }
QFrame[role="line"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
"""
