"""A button that plays test films: the only one at once, of several the one that is picked."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.theme.icons import keep_icon


def set_up_play(button: QToolButton, text: str) -> None:
    """Makes ``button`` one that plays films."""
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(QMenu(button))
    keep_icon(button, "play")


def show_films(button: QToolButton, films: Sequence[tuple[str, Path]]) -> None:
    """Offers these, each a name and a file; without any there is no button."""
    menu = button.menu()
    menu.clear()
    for name, file in films:
        action = menu.addAction(name.replace("&", "&&"))
        action.triggered.connect(lambda _checked=False, file=file: open_with_system(file))
    button.setVisible(bool(films))
